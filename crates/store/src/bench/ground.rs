//! A private cluster of one run, its offices, and the raw limits of import and search.

use std::path::Path;
use std::sync::Arc;

use domain::registry::query_key;
use jiff::Timestamp;
use kernel::clock::{Clock, SystemClock};
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;
use kernel::reach::Reach;
use kernel::resident_id::ResidentId;
use kernel::roles::Role;
use sqlx::postgres::{PgPoolCopyExt, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};

use crate::cluster::{Cluster, DATABASE, Place, Startup};
use crate::entropy::OsEntropy;
use crate::error::StoreError;
use crate::installation::{Installation, Kind, OpenError, found};
use crate::keys::KeyFile;
use crate::organisation::{Founder, load_divisions, operator};
use crate::registry::{child_index, rows_by_digest, rows_by_key};
use crate::schema::migrate;
use crate::seal::Sealer;
use crate::session::{self, SessionToken};
use crate::work::Store;

/// A private cluster of one run. Dropping it stops its PostgreSQL; the folder is the caller's to remove.
pub struct Ground {
    pub(super) cluster: Cluster,
    keys: KeyFile,
    sealer: Arc<Sealer>,
}

impl Ground {
    /// Makes a cluster and its keys in this folder and starts it.
    ///
    /// # Errors
    /// [`OpenError`] when no PostgreSQL is to be had, or the disk is full.
    pub async fn make(folder: &Path) -> Result<Self, OpenError> {
        let place = Place::at(folder)?;
        let cluster = Cluster::start(&place, Startup { allow_nobody: true }).await?;
        KeyFile::create(&place.key_file(), &SystemClock, &OsEntropy)?;
        Self::with_keys(cluster, &place)
    }

    /// Starts the cluster that was made in this folder before, and that nobody runs now.
    ///
    /// # Errors
    /// [`OpenError`] when it does not start.
    pub async fn again(folder: &Path) -> Result<Self, OpenError> {
        let place = Place::at(folder)?;
        let cluster = Cluster::start(&place, Startup { allow_nobody: true }).await?;
        Self::with_keys(cluster, &place)
    }

    fn with_keys(cluster: Cluster, place: &Place) -> Result<Self, OpenError> {
        Ok(Self {
            cluster,
            keys: KeyFile::open(&place.key_file())?,
            sealer: Arc::new(Sealer::open_file(&place.key_file(), Arc::new(OsEntropy))?),
        })
    }

    /// PostgreSQL's major version.
    #[must_use]
    pub fn postgresql(&self) -> u32 {
        self.cluster.major()
    }

    /// Founds an empty office in a database of its own, or in the product's, where the program will find it.
    ///
    /// # Errors
    /// [`OpenError`] when the database refuses.
    pub async fn office(&self, name: &str) -> Result<Office, OpenError> {
        if name != DATABASE {
            self.cluster.create_database(name, None).await?;
        }
        let office = self.standing(name).await?;
        let owner = &office.owner;
        migrate(owner).await?;
        load_divisions(owner, Gazetteer::builtin()).await?;
        let installation = Installation {
            id: self.keys.installation(),
            kind: Kind::Office,
            keys: self.keys.fingerprint(),
            shift_days: 0,
        };
        found(owner, &installation, SystemClock.now()).await?;
        Ok(office)
    }

    /// The office that was founded in this database.
    ///
    /// # Errors
    /// [`OpenError`] when the database refuses.
    pub async fn standing(&self, name: &str) -> Result<Office, OpenError> {
        let owner = PgPoolOptions::new()
            .max_connections(2)
            .connect_with(self.cluster.owner_options(name))
            .await?;
        let app = PgPoolOptions::new()
            .max_connections(4)
            .connect_with(self.cluster.app_options(name))
            .await?;
        let store = Store::new(
            app,
            Arc::clone(&self.sealer),
            Arc::new(SystemClock),
            Arc::new(OsEntropy),
        );
        Ok(Office {
            name: name.to_owned(),
            owner,
            store,
        })
    }

    /// Brings the planner's statistics up to date and writes every changed page down, as the server does by itself within
    /// minutes of a large import.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle(&self, office: &Office) -> Result<(), StoreError> {
        sqlx::raw_sql("VACUUM ANALYZE")
            .execute(&office.owner)
            .await?;
        self.rest().await
    }

    /// Writes every changed page down, so that what is measured next pays for its own alone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rest(&self) -> Result<(), StoreError> {
        let options = self.cluster.superuser_options(DATABASE);
        let mut superuser = PgConnection::connect_with(&options).await?;
        sqlx::raw_sql("CHECKPOINT").execute(&mut superuser).await?;
        Ok(superuser.close().await?)
    }

    /// Removes an office with its database.
    ///
    /// # Errors
    /// [`OpenError`] when the database refuses.
    pub async fn remove(&self, office: Office) -> Result<(), OpenError> {
        office.owner.close().await;
        office.store.pool().close().await;
        Ok(self.cluster.drop_database(&office.name).await?)
    }

    /// Stops PostgreSQL.
    pub async fn stop(self) {
        self.cluster.stop().await;
    }
}

/// An office to measure in.
pub struct Office {
    name: String,
    pub(super) owner: PgPool,
    /// The store as the program's role sees it.
    pub store: Store,
}

impl Office {
    /// A session of an officer in the unit of this division, founded where there is none.
    ///
    /// # Errors
    /// When the division is unknown or the database does not answer.
    pub async fn session(&self, place: Division, role: Role) -> Result<SessionToken, StoreError> {
        let now: Timestamp = SystemClock.now();
        let founder = Founder {
            owner: &self.owner,
            entropy: &OsEntropy,
            now,
        };
        let appointment = operator(&founder, place, role).await?;
        session::open(&self.owner, appointment, &OsEntropy).await
    }

    /// The raw limit of an import or a bank's answer: these comma-separated rows of so many texts, copied into a table
    /// without index, policy or constraint, and committed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn copy_bare(&self, csv: &[u8], columns: usize) -> Result<u64, StoreError> {
        let columns: Vec<String> = (1..=columns).map(|at| format!("c{at} text")).collect();
        let create = format!("CREATE TABLE bench_bare ({})", columns.join(", "));
        sqlx::raw_sql(sqlx::AssertSqlSafe(create))
            .execute(&self.owner)
            .await?;
        let mut copy = self
            .owner
            .copy_in_raw("COPY bench_bare FROM STDIN (FORMAT csv)")
            .await?;
        copy.send(csv).await?;
        Ok(copy.finish().await?)
    }

    /// Removes the table of [`Office::copy_bare`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drop_bare(&self) -> Result<(), StoreError> {
        sqlx::raw_sql("DROP TABLE bench_bare")
            .execute(&self.owner)
            .await?;
        Ok(())
    }

    /// The raw limit of a search: the same statement by the tables' owner, whom no policy asks, nothing opened.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search_bare(&self, text: &str, reach: &Reach) -> Result<usize, StoreError> {
        let mut conn = self.owner.acquire().await?;
        let rows = match ResidentId::parse(text) {
            Ok(id) => {
                rows_by_digest(&mut conn, &child_index(self.store.sealer(), id.reveal())).await?
            }
            Err(_) => rows_by_key(&mut conn, &query_key(text), &reach.to_string(), &[]).await?,
        };
        Ok(rows.len())
    }
}
