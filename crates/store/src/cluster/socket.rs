//! The folder of the Unix socket: short, private, verified.

use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::account::Account;
use super::error::ClusterError;
use super::place::Place;

/// The longest path a Unix socket can have on Linux: `sun_path` less the closing zero.
const LONGEST: usize = 107;
/// PostgreSQL's name for the socket of its usual port, which we keep.
const NAME: &str = ".s.PGSQL.5432";

/// Prepares the socket's folder and answers its path.
///
/// It is `run` in the data folder where that is short enough, else a folder of this installation's own
/// under `/run`, `$XDG_RUNTIME_DIR` or `/tmp`.
pub(super) fn prepare(place: &Place, account: &Account) -> Result<PathBuf, ClusterError> {
    let inside = place.data().join("run");
    if fits(&inside) {
        return private(inside, account);
    }
    let mark = mark(place.data());
    let name = format!("hutong-{}-{mark}", account.uid());
    let runtime = std::env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|_| !account.is_other());
    let bases = account
        .is_other()
        .then(|| PathBuf::from("/run"))
        .into_iter()
        .chain(runtime)
        .chain([PathBuf::from("/tmp")]);
    let folder = bases
        .filter(|base| base.is_dir())
        .map(|base| base.join(&name))
        .find(|folder| fits(folder));
    private(folder.ok_or(ClusterError::PathTooLong(inside))?, account)
}

/// PostgreSQL's lock file beside the socket in this folder.
pub(super) fn lock_file(folder: &Path) -> PathBuf {
    folder.join(format!("{NAME}.lock"))
}

fn fits(folder: &Path) -> bool {
    folder.join(NAME).as_os_str().as_bytes().len() <= LONGEST
}

/// A short name for this data folder, the same at every start.
fn mark(data: &Path) -> String {
    Sha256::digest(data.as_os_str().as_bytes())
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Makes the folder, or accepts an existing one that nobody else can have prepared for us.
fn private(folder: PathBuf, account: &Account) -> Result<PathBuf, ClusterError> {
    match DirBuilder::new().mode(0o700).create(&folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let found =
                fs::symlink_metadata(&folder).map_err(|error| ClusterError::io(&folder, error))?;
            if !is_private(&found, account) {
                return Err(ClusterError::SocketFolder(folder));
            }
        }
        Err(error) => return Err(ClusterError::io(&folder, error)),
    }
    account.give(&folder)?;
    Ok(folder)
}

fn is_private(found: &Metadata, account: &Account) -> bool {
    // A folder still owned by root is one this program made and was killed before giving it away.
    let owned = found.uid() == account.uid() || (account.is_other() && found.uid() == 0);
    found.is_dir() && owned && found.mode() & 0o077 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_sockets_own() {
        let longest = "/".to_owned() + &"x".repeat(LONGEST - NAME.len() - 2);
        assert!(fits(Path::new(&longest)));
        assert!(!fits(Path::new(&(longest + "x"))));
    }

    #[test]
    fn refuses_a_link_and_an_open_folder() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let account = Account::choose(true).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let made = private(scratch.path().join("run"), &account).unwrap();
        assert!(
            private(made.clone(), &account).is_ok(),
            "an existing private folder is accepted"
        );

        let link = scratch.path().join("link");
        symlink(&made, &link).unwrap();
        assert!(matches!(
            private(link, &account),
            Err(ClusterError::SocketFolder(_))
        ));

        fs::set_permissions(&made, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(
            private(made, &account),
            Err(ClusterError::SocketFolder(_))
        ));
    }
}
