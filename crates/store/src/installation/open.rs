//! Opening an installation: the server, the schema, the keys, and the store over them.
//!
//! **Invariant.** A database that exists opens with its own key file or not at all; keys are made only for a database
//! that is new.

use std::sync::Arc;

use kernel::clock::{Clock, Entropy};
use kernel::explain::{Explain, Lang};
use kernel::gazetteer::Gazetteer;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::record::{Installation, Kind, found, read};
use crate::cluster::{ClusterError, Place, Server, Startup};
use crate::entropy::OsEntropy;
use crate::error::StoreError;
use crate::keys::{KeyError, KeyFile};
use crate::organisation::load_divisions;
use crate::schema::migrate;
use crate::seal::Sealer;
use crate::work::Store;

/// Why an installation did not open. Nothing was changed in it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The server.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Explain for OpenError {
    fn code(&self) -> &'static str {
        match self {
            Self::Cluster(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match self {
            Self::Cluster(error) => error.explain(lang),
            Self::Keys(error) => error.explain(lang),
            Self::Store(error) => error.explain(lang),
        }
    }
}

/// An installation that is open.
pub struct Opened {
    /// The server it runs on.
    pub server: Server,
    /// Connections of the role that owns everything: for founding and maintenance.
    pub owner: PgPool,
    /// The store as the program's role sees it.
    pub store: Store,
    /// What the database is.
    pub installation: Installation,
    /// Whether this opening founded it.
    pub is_new: bool,
}

/// Connections of the program's role: what two cores can use.
const APP_CONNECTIONS: u32 = 10;
/// Connections of the owner.
const OWNER_CONNECTIONS: u32 = 2;

impl Opened {
    /// Opens the installation of this place. Where there is none it is founded as `kind`; one that is there must be of
    /// that kind.
    ///
    /// # Errors
    /// [`OpenError`]: the server does not start, the keys are not this database's, or the database is not as wanted.
    pub async fn open(
        place: &Place,
        startup: Startup,
        clock: Arc<dyn Clock>,
        kind: Option<Kind>,
    ) -> Result<Self, OpenError> {
        let server = Server::open(place, startup).await?;
        match Self::over(&server, place, clock, kind).await {
            Ok((owner, store, installation, is_new)) => Ok(Self {
                server,
                owner,
                store,
                installation,
                is_new,
            }),
            Err(error) => {
                server.stop().await;
                Err(error)
            }
        }
    }

    async fn over(
        server: &Server,
        place: &Place,
        clock: Arc<dyn Clock>,
        kind: Option<Kind>,
    ) -> Result<(PgPool, Store, Installation, bool), OpenError> {
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let owner = PgPoolOptions::new()
            .max_connections(OWNER_CONNECTIONS)
            .connect_with(server.owner_options()?)
            .await?;
        migrate(&owner).await?;
        let recorded = read(&owner).await?;
        let is_new = recorded.is_none();
        let installation = match (recorded, kind) {
            (Some(installation), Some(wanted)) if installation.kind != wanted => {
                return Err(not_founded(wanted).into());
            }
            (Some(installation), _) => installation,
            (None, Some(kind)) => establish(&owner, place, kind, &*clock, &*entropy).await?,
            (None, None) => return Err(not_founded(Kind::Office).into()),
        };
        KeyFile::open(&place.key_file())?.belongs_to(&installation.keys)?;
        let sealer = Arc::new(Sealer::open_file(&place.key_file(), Arc::clone(&entropy))?);
        let pool = PgPoolOptions::new()
            .max_connections(APP_CONNECTIONS)
            .connect_with(server.app_options())
            .await?;
        Ok((
            owner,
            Store::new(pool, sealer, clock, entropy),
            installation,
            is_new,
        ))
    }

    /// Closes every connection and stops the private cluster.
    pub async fn close(self) {
        self.store.pool().close().await;
        self.owner.close().await;
        self.server.stop().await;
    }
}

fn not_founded(kind: Kind) -> StoreError {
    StoreError::NotFounded {
        expected: match kind {
            Kind::Demo => "a demo",
            Kind::Office => "an installation",
        },
    }
}

/// Makes the keys (or takes those that an interrupted founding left), enters the divisions, and notes what this is.
async fn establish(
    owner: &PgPool,
    place: &Place,
    kind: Kind,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Installation, OpenError> {
    let keys = match KeyFile::open(&place.key_file()) {
        Err(KeyError::Missing(_)) => KeyFile::create(&place.key_file(), clock, entropy)?,
        other => other?,
    };
    load_divisions(owner, Gazetteer::builtin()).await?;
    let installation = Installation {
        id: keys.installation(),
        kind,
        keys: keys.fingerprint(),
    };
    found(owner, &installation, clock.now()).await?;
    Ok(installation)
}
