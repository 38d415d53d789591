//! Opening an installation: the server, the schema, the keys, and the store over them.
//!
//! **Invariant.** A database that exists opens with its own key file or not at all; keys are made only for a database
//! that is new.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::clock::{Clock, Entropy, ShiftedClock, SystemClock};
use kernel::explain::{Explain, Lang};
use kernel::gazetteer::Gazetteer;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::founding;
use super::record::{Installation, Kind, found, is_whole, read, shift_clock};
use super::upgrade;
use crate::applications::public::PublicStore;
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

impl OpenError {
    /// A server that broke off for want of space only closes the connection: where there is none, that is why.
    fn beside(self, place: &Place) -> Self {
        match self {
            Self::Store(StoreError::Database(_) | StoreError::Migration(_))
                if place.is_nearly_full() =>
            {
                StoreError::DiskFull.into()
            }
            other => other,
        }
    }
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
/// Connections of the public pages: few, so that a crowd there leaves the officers theirs.
const PUBLIC_CONNECTIONS: u32 = 5;

/// What is to be opened, and founded where nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A demo whose today is this day.
    Demo(Date),
    /// Whatever is there, to work in it; nothing is founded.
    Any,
    /// A new office, where nothing is: see [`Opened::found`].
    NewOffice,
    /// An office that stands, to serve it; nothing is founded.
    Office {
        /// The person has a dump of the database, so that none is made before its schema changes.
        dumped: bool,
    },
}

impl Opened {
    /// Opens the installation of this place, or founds it where that is wanted.
    ///
    /// # Errors
    /// [`OpenError`]: the server does not start, the keys are not this database's, a demo was wanted of an office, or
    /// nothing is there and nothing was to be founded.
    pub async fn open(place: &Place, startup: Startup, wanted: Wanted) -> Result<Self, OpenError> {
        let server = match wanted {
            Wanted::Any | Wanted::Office { .. } => Server::open_standing(place, startup).await?,
            Wanted::Demo(_) | Wanted::NewOffice => Server::open(place, startup).await?,
        };
        match Self::over(&server, place, wanted).await {
            Ok((owner, store, installation, is_new)) => Ok(Self {
                server,
                owner,
                store,
                installation,
                is_new,
            }),
            Err(error) => {
                let error = match server {
                    Server::Private(_) | Server::Joined(_) => error.beside(place),
                    Server::External(_) => error,
                };
                server.stop().await;
                Err(error)
            }
        }
    }

    async fn over(
        server: &Server,
        place: &Place,
        wanted: Wanted,
    ) -> Result<(PgPool, Store, Installation, bool), OpenError> {
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let owner = PgPoolOptions::new()
            .max_connections(OWNER_CONNECTIONS)
            .connect_with(server.owner_options()?)
            .await?;
        is_whole(&owner).await?;
        match wanted {
            Wanted::Office { dumped } => {
                upgrade::refuse_demo(&owner).await?;
                upgrade::prepare(&owner, server, place, dumped).await?;
            }
            Wanted::Any => upgrade::prepare(&owner, server, place, false).await?,
            Wanted::NewOffice => founding::begin(&owner, place).await?,
            Wanted::Demo(_) => {}
        }
        migrate(&owner).await?;
        let recorded = read(&owner).await?;
        let is_new = recorded.is_none();
        let mut installation = match recorded {
            Some(installation) => installation,
            None => establish(&owner, place, wanted, &*entropy).await?,
        };
        if let Wanted::Demo(today) = wanted {
            if installation.kind != Kind::Demo {
                return Err(StoreError::NotADemo.into());
            }
            installation.shift_days = days_ahead(today);
            shift_clock(&owner, installation.shift_days).await?;
        }
        KeyFile::open(&place.key_file())?.belongs_to(&installation.keys)?;
        let sealer = Arc::new(Sealer::open_file(&place.key_file(), Arc::clone(&entropy))?);
        let pool = PgPoolOptions::new()
            .max_connections(APP_CONNECTIONS)
            .connect_with(server.app_options())
            .await?;
        let store = Store::new(pool, sealer, clock(&installation), entropy);
        Ok((owner, store, installation, is_new))
    }

    /// The store of the public pages, over connections of their own role, made when they are needed.
    ///
    /// # Errors
    /// [`ClusterError::NoPublicUrl`] for an external server where that role was not named.
    pub fn public(&self) -> Result<PublicStore, OpenError> {
        let pool = PgPoolOptions::new()
            .max_connections(PUBLIC_CONNECTIONS)
            .connect_lazy_with(self.server.public_options()?);
        Ok(PublicStore::beside(&self.store, pool))
    }

    /// Throws a demo's data away, such as a founding that was interrupted, and founds it anew.
    ///
    /// # Errors
    /// As [`Opened::open`]; [`StoreError::NotADemo`] for an office or a server that is not this program's own.
    pub async fn again(
        self,
        place: &Place,
        startup: Startup,
        today: Date,
    ) -> Result<Self, OpenError> {
        let removable =
            matches!(self.server, Server::Private(_)) && self.installation.kind == Kind::Demo;
        self.close().await;
        if !removable {
            return Err(StoreError::NotADemo.into());
        }
        std::fs::remove_dir_all(place.cluster())
            .map_err(|cause| ClusterError::io(place.cluster(), cause))?;
        Self::open(place, startup, Wanted::Demo(today)).await
    }

    /// Closes every connection and stops the private cluster.
    pub async fn close(self) {
        self.store.pool().close().await;
        self.owner.close().await;
        self.server.stop().await;
    }
}

/// The clock an installation goes by: the machine's, or in a demo one shifted by whole days.
fn clock(installation: &Installation) -> Arc<dyn Clock> {
    match installation.kind {
        Kind::Office => Arc::new(SystemClock),
        Kind::Demo => {
            let today = SystemClock
                .today()
                .saturating_add(installation.shift_days.days());
            Arc::new(ShiftedClock::starts_on(today, SystemClock.now()))
        }
    }
}

fn days_ahead(today: Date) -> i32 {
    today
        .since(SystemClock.today())
        .map_or(0, |span| span.get_days())
}

/// Makes the keys (or takes those that an interrupted founding left), enters the divisions, and notes what this is.
async fn establish(
    owner: &PgPool,
    place: &Place,
    wanted: Wanted,
    entropy: &dyn Entropy,
) -> Result<Installation, OpenError> {
    let (kind, shift_days) = match wanted {
        Wanted::Demo(today) => (Kind::Demo, days_ahead(today)),
        Wanted::Any | Wanted::NewOffice | Wanted::Office { .. } => (Kind::Office, 0),
    };
    let keys = match KeyFile::open(&place.key_file()) {
        Err(KeyError::Missing(_)) => KeyFile::create(&place.key_file(), &SystemClock, entropy)?,
        other => other?,
    };
    load_divisions(owner, Gazetteer::builtin()).await?;
    let installation = Installation {
        id: keys.installation(),
        kind,
        keys: keys.fingerprint(),
        shift_days,
    };
    found(owner, &installation, SystemClock.now()).await?;
    Ok(installation)
}
