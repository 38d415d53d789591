//! What can go wrong with the database server.

use std::io;
use std::path::{Path, PathBuf};

/// Why the database server could not be started, reached or stopped.
///
/// No variant carries a password, a key or a value from the database.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No PostgreSQL of a supported version was found on this machine.
    #[error("no PostgreSQL 15 to 18 found")]
    NoPostgres,
    /// `HUTONG_PG_BIN` names a folder that holds no supported PostgreSQL.
    #[error("HUTONG_PG_BIN names {0}, which holds no PostgreSQL 15 to 18")]
    PgBin(PathBuf),
    /// The program runs as root and the account PostgreSQL should run as does not exist.
    #[error("no system user to run PostgreSQL as")]
    NoAccount,
    /// Neither `--data` nor a home folder says where the data lies.
    #[error("no home folder and no data folder given")]
    NoHome,
    /// The account PostgreSQL runs as may not pass through a folder above the data or the binaries.
    #[error("{account} may not enter {path}")]
    Unreachable {
        /// The folder it may not enter.
        path: PathBuf,
        /// The account's name.
        account: String,
    },
    /// The data folder belongs to another user.
    #[error("{0} belongs to another user")]
    NotOwner(PathBuf),
    /// The folder cannot be written to.
    #[error("{0} cannot be written")]
    Unwritable(PathBuf),
    /// The disk under this folder is full.
    #[error("no space left under {0}")]
    DiskFull(PathBuf),
    /// The path is longer than the system or a Unix socket allows.
    #[error("path too long: {0}")]
    PathTooLong(PathBuf),
    /// The folder for the socket is not a private folder of the right account.
    #[error("{0} is not a private folder of the database account")]
    SocketFolder(PathBuf),
    /// A living program uses this data folder.
    #[error("{path} is in use by process {pid:?}")]
    InUse {
        /// The data folder.
        path: PathBuf,
        /// The other program's process id, where it could be read.
        pid: Option<u32>,
    },
    /// A database process of an earlier, killed program does not end.
    #[error("process {0} of an earlier run does not end")]
    Orphan(u32),
    /// The data folder is damaged or is not a PostgreSQL data folder.
    #[error("{path} is damaged: {detail}")]
    Broken {
        /// The cluster's folder.
        path: PathBuf,
        /// What was found, in the words of the file or of PostgreSQL.
        detail: String,
    },
    /// The data folder was written by a newer PostgreSQL than any installed here.
    #[error("{path} was written by PostgreSQL {found}, newer than any here")]
    Newer {
        /// The cluster's folder.
        path: PathBuf,
        /// The major version that wrote it.
        found: u32,
    },
    /// The data folder was written by an older PostgreSQL that is not installed here.
    #[error("{path} was written by PostgreSQL {found}, which is not installed")]
    Older {
        /// The cluster's folder.
        path: PathBuf,
        /// The major version that wrote it.
        found: u32,
    },
    /// A password file of the database's roles is missing, malformed or does not fit.
    #[error("password file {0} is missing or does not fit the database")]
    Secrets(PathBuf),
    /// PostgreSQL ended before it was ready.
    #[error("PostgreSQL did not start: {tail}")]
    Start {
        /// Where PostgreSQL writes its log.
        log: PathBuf,
        /// Its last words.
        tail: String,
    },
    /// There is no cluster at this place, and what was asked makes none.
    #[error("no cluster in {0}")]
    None(PathBuf),
    /// This PostgreSQL came without `pg_dump`.
    #[error("no pg_dump of PostgreSQL {0}")]
    NoDumpProgram(u32),
    /// `pg_dump` failed.
    #[error("pg_dump failed: {0}")]
    Dump(String),
    /// `initdb` failed.
    #[error("initdb failed: {0}")]
    Initialise(String),
    /// The supervisor gave up after restarting PostgreSQL too often.
    #[error("PostgreSQL ended too often")]
    Down,
    /// The server does not accept a connection.
    #[error("cannot connect to the database")]
    Connect(#[source] sqlx::Error),
    /// The server refused a statement that sets up roles or databases.
    #[error("the database refused a set-up statement")]
    Sql(#[source] sqlx::Error),
    /// The external server is not PostgreSQL 15 to 18.
    #[error("the server runs PostgreSQL {0}")]
    ServerVersion(u32),
    /// `DATABASE_URL` or `HUTONG_OWNER_URL` cannot be read as an address.
    #[error("{0} is not a PostgreSQL address")]
    Url(&'static str),
    /// `HUTONG_OWNER_URL` is needed for this and is not set.
    #[error("HUTONG_OWNER_URL is not set")]
    NoOwnerUrl,
    /// `DATABASE_URL` is set, but the public pages' role was not named.
    #[error("HUTONG_PUBLIC_URL is not set")]
    NoPublicUrl,
    /// The name cannot be a database's: lower-case letters, digits and `_`, up to 63, not beginning with a digit.
    #[error("not a database name")]
    Name,
    /// Any other failure of the file system or of a process.
    #[error("{path}: {source}")]
    Io {
        /// What was being worked on.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl ClusterError {
    /// Sorts an I/O error by what a person can do about it.
    pub(crate) fn io(path: impl AsRef<Path>, source: io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(path),
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotADirectory => Self::Unwritable(path),
            io::ErrorKind::InvalidFilename => Self::PathTooLong(path),
            _ => Self::Io { path, source },
        }
    }
}
