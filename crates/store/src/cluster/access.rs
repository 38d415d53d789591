//! The way in to a running private cluster: its socket and the passwords of its roles.

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection};

use super::account::Account;
use super::error::ClusterError;
use super::place::Place;
use super::roles::{DATABASE, Role};
use super::secret::Passwords;
use super::{data_folder, socket};

/// The way in to a running private cluster, whoever runs it.
#[derive(Debug, Clone)]
pub struct Access {
    pub(super) place: Place,
    pub(super) socket: PathBuf,
    pub(super) passwords: Passwords,
}

impl Access {
    /// The way in to a cluster that another program of this machine and user runs, for work beside it such as
    /// sealing anew. It ends when that program stops.
    ///
    /// # Errors
    /// [`ClusterError::NotOwner`] or [`ClusterError::Secrets`] when this user may not, [`ClusterError::Connect`]
    /// when it does not answer.
    pub async fn join(place: &Place, allow_nobody: bool) -> Result<Self, ClusterError> {
        let mut account = Account::choose(allow_nobody)?;
        let exists = data_folder::has_cluster(place)?;
        if exists {
            account = account.for_cluster(&place.cluster(), allow_nobody)?;
        }
        let passwords = Passwords::read(place)?;
        let socket = socket::prepare(place, &account)?;
        let access = Self {
            place: place.clone(),
            socket,
            passwords,
        };
        let connection = access
            .options(Role::App, DATABASE)
            .connect()
            .await
            .map_err(ClusterError::Connect)?;
        connection.close().await.map_err(ClusterError::Connect)?;
        Ok(access)
    }

    /// How a role connects to a database, with statement logging off: statements may carry personal data.
    #[must_use]
    pub fn options(&self, role: Role, database: &str) -> PgConnectOptions {
        ours(
            PgConnectOptions::new_without_pgpass()
                .socket(&self.socket)
                .port(5432)
                .ssl_mode(PgSslMode::Disable)
                .username(role.name())
                .password(self.passwords.of(role).expose_secret())
                .database(database),
        )
    }

    /// Where the installation's files lie.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The folder of the Unix socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }
}

/// What every connection of the program has in common.
///
/// No query is compiled before it runs: policies make a list of fifty children look dear to the planner, and compiling
/// it took a hundred times as long as reading it.
pub(super) fn ours(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name("hutong")
        .options([("jit", "off")])
        .disable_statement_logging()
}
