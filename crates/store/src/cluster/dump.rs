//! A dump of the private cluster's database by PostgreSQL's own `pg_dump`.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use secrecy::ExposeSecret;

use super::binaries::Binaries;
use super::error::ClusterError;
use super::place::Place;
use super::roles::{DATABASE, Role};
use super::running::Cluster;
use super::secret::Passwords;

impl Cluster {
    /// Writes the whole database into a new file (custom format, for `pg_restore`), readable by this account alone.
    /// A dump that does not succeed leaves nothing.
    ///
    /// # Errors
    /// [`ClusterError::NoDumpProgram`] where PostgreSQL came without `pg_dump`, [`ClusterError::Dump`] when it failed.
    pub async fn dump(&self, to: &Path) -> Result<(), ClusterError> {
        let (place, socket) = (self.place().clone(), self.socket().to_path_buf());
        let (major, to) = (self.major(), to.to_path_buf());
        let path = to.clone();
        let dumped = tokio::task::spawn_blocking(move || dump(&place, &socket, major, &to)).await;
        dumped.map_err(|error| ClusterError::io(path, std::io::Error::other(error)))?
    }
}

fn dump(place: &Place, socket: &Path, major: u32, to: &Path) -> Result<(), ClusterError> {
    let program = Binaries::dump_program(major).ok_or(ClusterError::NoDumpProgram(major))?;
    let passwords = Passwords::read(place)?;
    let part = to.with_extension("part");
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&part)
        .map_err(|error| ClusterError::io(&part, error))?;
    let output = Command::new(program)
        .args(["--format=custom", "--username", Role::Superuser.name()])
        .args(["--dbname", DATABASE, "--host"])
        .arg(socket)
        .env("PGPASSWORD", passwords.of(Role::Superuser).expose_secret())
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(
            file.try_clone()
                .map_err(|error| ClusterError::io(&part, error))?,
        )
        .stderr(Stdio::piped())
        .output();
    let ended = output
        .map_err(|error| ClusterError::io(&part, error))
        .and_then(|output| match output.status.success() {
            true => Ok(()),
            false => Err(ClusterError::Dump(last_words(&output.stderr))),
        })
        .and_then(|()| {
            file.sync_all()
                .map_err(|error| ClusterError::io(&part, error))
        })
        .and_then(|()| fs::rename(&part, to).map_err(|error| ClusterError::io(to, error)));
    if ended.is_err() {
        // What cannot be removed is overwritten by the next dump.
        let _ = fs::remove_file(&part);
    }
    ended
}

fn last_words(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    said.lines().last().unwrap_or_default().to_owned()
}
