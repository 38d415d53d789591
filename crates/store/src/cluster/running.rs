//! The private cluster as the rest of the program sees it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;

use super::access::Access;
use super::account::Account;
use super::binaries::Binaries;
use super::error::ClusterError;
use super::lock::Lock;
use super::place::Place;
use super::postmaster::Recipe;
use super::roles::{self, Role};
use super::secret::Passwords;
use super::supervisor::{Health, Supervisor};
use super::{data_folder, embedded, initialise, socket};

/// How a cluster is started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Startup {
    /// As root, borrow the account `nobody` where there is no system user `hutong`. For demonstrations and tests.
    pub allow_nobody: bool,
}

/// A running private cluster. Dropping it stops PostgreSQL; [`Cluster::stop`] does so without blocking the runtime.
#[derive(Debug)]
pub struct Cluster {
    // Declared first, so that PostgreSQL has stopped before the lock is released.
    supervisor: Arc<Supervisor>,
    access: Access,
    major: u32,
    _lock: Lock,
}

impl Cluster {
    /// Starts the cluster of this place, making it first where there is none, and waits until it accepts
    /// connections. An orphan of a killed program is stopped and its cluster taken over.
    ///
    /// # Errors
    /// Every [`ClusterError`]; nothing half-made is left, and existing data is never touched.
    pub async fn start(place: &Place, startup: Startup) -> Result<Self, ClusterError> {
        let place = place.clone();
        let data = place.data().to_path_buf();
        let started = tokio::task::spawn_blocking(move || Self::launch(place, startup)).await;
        let cluster =
            started.map_err(|error| ClusterError::io(data, std::io::Error::other(error)))??;
        roles::ensure(&cluster.access).await?;
        Ok(cluster)
    }

    fn launch(place: Place, startup: Startup) -> Result<Self, ClusterError> {
        let mut account = Account::choose(startup.allow_nobody)?;
        data_folder::make(&place, &account)?;
        let lock = Lock::take(&place)?;
        let exists = data_folder::has_cluster(&place)?;
        if exists {
            account = account.for_cluster(&place.cluster(), startup.allow_nobody)?;
        }
        let binaries = if exists {
            data_folder::binaries_for(&place)?
        } else {
            Binaries::find()?
        };
        let binaries = embedded::within_reach(binaries, &account, &place)?;
        let passwords = Passwords::load(&place, exists)?;
        data_folder::private(&place.log(), &account)?;
        if !exists {
            initialise::initialise(&place, &binaries, &account, passwords.of(Role::Superuser))?;
        }
        let socket = socket::prepare(&place, &account)?;
        let major = binaries.major();
        let recipe = Recipe {
            place: place.clone(),
            binaries,
            account,
            socket: socket.clone(),
        };
        let child = recipe.launch()?;
        let supervisor = Arc::new(Supervisor::watch(recipe, child)?);
        Ok(Self {
            supervisor,
            access: Access {
                place,
                socket,
                passwords,
            },
            major,
            _lock: lock,
        })
    }

    /// Stops PostgreSQL (open transactions roll back) and releases the data folder.
    pub async fn stop(self) {
        let supervisor = Arc::clone(&self.supervisor);
        if let Err(error) = tokio::task::spawn_blocking(move || supervisor.stop()).await {
            tracing::error!(%error, "stopping the database was interrupted");
        }
    }

    /// How the database is now.
    #[must_use]
    pub fn health(&self) -> Health {
        self.supervisor.health()
    }

    /// The postmaster's process id, while it runs.
    #[must_use]
    pub fn postmaster(&self) -> Option<u32> {
        self.supervisor.postmaster()
    }

    /// PostgreSQL's major version.
    #[must_use]
    pub fn major(&self) -> u32 {
        self.major
    }

    /// Where the installation's files lie.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.access.place()
    }

    /// The folder of the Unix socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        self.access.socket()
    }

    /// How the superuser connects; for making roles and databases, and for tests.
    #[must_use]
    pub fn superuser_options(&self, database: &str) -> PgConnectOptions {
        self.access.options(Role::Superuser, database)
    }

    /// How the owner of all objects connects; for migrations and maintenance.
    #[must_use]
    pub fn owner_options(&self, database: &str) -> PgConnectOptions {
        self.access.options(Role::Owner, database)
    }

    /// How the program connects for its daily work.
    #[must_use]
    pub fn app_options(&self, database: &str) -> PgConnectOptions {
        self.access.options(Role::App, database)
    }

    /// How the public pages connect.
    #[must_use]
    pub fn public_options(&self, database: &str) -> PgConnectOptions {
        self.access.options(Role::Public, database)
    }

    /// The path of one of PostgreSQL's own programs, if it came with it.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        let binaries = data_folder::binaries_for(self.place()).ok()?;
        Some(binaries.program(name)).filter(|path| path.is_file())
    }

    /// What a role says at the door, for PostgreSQL's own programs.
    pub(crate) fn password(&self, role: Role) -> &str {
        self.access.passwords.of(role).expose_secret()
    }

    /// Creates a database, empty or as a copy of `template` (to which nobody may be connected).
    ///
    /// # Errors
    /// [`ClusterError::Name`] for a name that needs quoting, [`ClusterError::Sql`] when PostgreSQL refuses.
    pub async fn create_database(
        &self,
        name: &str,
        template: Option<&str>,
    ) -> Result<(), ClusterError> {
        roles::create_database(&self.access, name, template).await
    }

    /// Drops a database if it exists, ending whatever is connected to it.
    ///
    /// # Errors
    /// [`ClusterError::Name`] for a name that needs quoting, [`ClusterError::Sql`] when PostgreSQL refuses.
    pub async fn drop_database(&self, name: &str) -> Result<(), ClusterError> {
        roles::drop_database(&self.access, name).await
    }
}
