//! Where the database runs makes no difference above this line: the private cluster, or a server of the office's own.

use std::env;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::access::{Access, ours};
use super::binaries::Majors;
use super::data_folder;
use super::error::ClusterError;
use super::place::Place;
use super::roles::{DATABASE, Role};
use super::running::{Cluster, Startup};

/// The variable that names an external server, with the program's role `hutong_app`.
const APP_URL: &str = "DATABASE_URL";
/// The variable with the address of the public pages' role `hutong_public` on the same server.
const PUBLIC_URL: &str = "HUTONG_PUBLIC_URL";
/// The variable with the address of the owner's role `hutong_owner` on the same server.
const OWNER_URL: &str = "HUTONG_OWNER_URL";

/// The database server in use.
#[derive(Debug)]
pub enum Server {
    /// The private cluster this program runs.
    Private(Box<Cluster>),
    /// The private cluster that another program, still running, runs.
    Joined(Access),
    /// A server named by `DATABASE_URL`.
    External(Box<External>),
}

impl Server {
    /// The server named by `DATABASE_URL`, or else the private cluster of this place, started.
    ///
    /// # Errors
    /// See [`External::from_env`] and [`Cluster::start`].
    pub async fn open(place: &Place, startup: Startup) -> Result<Self, ClusterError> {
        match External::from_env()? {
            Some(external) => {
                external.check().await?;
                Ok(Self::External(Box::new(external)))
            }
            None => Cluster::start(place, startup)
                .await
                .map(Box::new)
                .map(Self::Private),
        }
    }

    /// As [`Server::open`], but a cluster that is not there is not made.
    ///
    /// # Errors
    /// [`ClusterError::None`] when there is no cluster; see [`Server::open`].
    pub async fn open_standing(place: &Place, startup: Startup) -> Result<Self, ClusterError> {
        if External::from_env()?.is_none() && !data_folder::has_cluster(place)? {
            return Err(ClusterError::None(place.data().to_path_buf()));
        }
        Self::open(place, startup).await
    }

    /// For maintenance: as [`Server::open`], but beside a program that is already running its private cluster,
    /// through that; and a cluster that is not there is not made.
    ///
    /// # Errors
    /// [`ClusterError::None`] when there is no cluster; see [`Server::open`] and [`Access::join`].
    pub async fn open_or_join(place: &Place, startup: Startup) -> Result<Self, ClusterError> {
        if External::from_env()?.is_none() && !data_folder::has_cluster(place)? {
            return Err(ClusterError::None(place.data().to_path_buf()));
        }
        match Self::open(place, startup).await {
            Err(ClusterError::InUse { .. }) => Access::join(place, startup.allow_nobody)
                .await
                .map(Self::Joined),
            opened => opened,
        }
    }

    /// How the program connects for its daily work.
    #[must_use]
    pub fn app_options(&self) -> PgConnectOptions {
        match self {
            Self::Private(cluster) => cluster.app_options(DATABASE),
            Self::Joined(access) => access.options(Role::App, DATABASE),
            Self::External(external) => external.app.clone(),
        }
    }

    /// How the public pages connect.
    ///
    /// # Errors
    /// [`ClusterError::NoPublicUrl`] for an external server where their role was not named.
    pub fn public_options(&self) -> Result<PgConnectOptions, ClusterError> {
        match self {
            Self::Private(cluster) => Ok(cluster.public_options(DATABASE)),
            Self::Joined(access) => Ok(access.options(Role::Public, DATABASE)),
            Self::External(external) => external.public.clone().ok_or(ClusterError::NoPublicUrl),
        }
    }

    /// How the owner of all objects connects; for migrations and maintenance.
    ///
    /// # Errors
    /// [`ClusterError::NoOwnerUrl`] for an external server whose owner was not named.
    pub fn owner_options(&self) -> Result<PgConnectOptions, ClusterError> {
        match self {
            Self::Private(cluster) => Ok(cluster.owner_options(DATABASE)),
            Self::Joined(access) => Ok(access.options(Role::Owner, DATABASE)),
            Self::External(external) => external.owner.clone().ok_or(ClusterError::NoOwnerUrl),
        }
    }

    /// Stops the private cluster this program runs; any other server is left alone.
    pub async fn stop(self) {
        if let Self::Private(cluster) = self {
            cluster.stop().await;
        }
    }
}

/// An external server: PostgreSQL 15 to 18 with the roles and the database the private cluster would have,
/// `hutong_owner` owning the database, `hutong_app` with CONNECT and TEMPORARY on it, and `hutong_public` with CONNECT.
#[derive(Debug, Clone)]
pub struct External {
    app: PgConnectOptions,
    owner: Option<PgConnectOptions>,
    public: Option<PgConnectOptions>,
}

impl External {
    /// Reads `DATABASE_URL` (the role `hutong_app`), `HUTONG_OWNER_URL` (the role `hutong_owner`, needed for migrations) and
    /// `HUTONG_PUBLIC_URL` (the role `hutong_public`, needed for public pages).
    ///
    /// # Errors
    /// [`ClusterError::Url`] when one of them is no PostgreSQL address.
    pub fn from_env() -> Result<Option<Self>, ClusterError> {
        let named = |name| env::var(name).ok().filter(|url| !url.trim().is_empty());
        let (owner, public) = (named(OWNER_URL), named(PUBLIC_URL));
        named(APP_URL)
            .map(|app| Self::at(&app, owner.as_deref(), public.as_deref()))
            .transpose()
    }

    /// The server at these addresses.
    ///
    /// # Errors
    /// [`ClusterError::Url`] when one of them is no PostgreSQL address.
    pub fn at(app: &str, owner: Option<&str>, public: Option<&str>) -> Result<Self, ClusterError> {
        let read = |name, url: &str| {
            PgConnectOptions::from_str(url.trim())
                .map(ours)
                .map_err(|_| ClusterError::Url(name))
        };
        Ok(Self {
            app: read(APP_URL, app)?,
            owner: owner.map(|owner| read(OWNER_URL, owner)).transpose()?,
            public: public.map(|public| read(PUBLIC_URL, public)).transpose()?,
        })
    }

    /// Connects once and checks the server's version.
    ///
    /// # Errors
    /// [`ClusterError::Connect`] when there is no answer, [`ClusterError::ServerVersion`] for an unsupported version.
    pub async fn check(&self) -> Result<(), ClusterError> {
        let mut connection = self.app.connect().await.map_err(ClusterError::Connect)?;
        let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::int4")
            .fetch_one(&mut connection)
            .await
            .map_err(ClusterError::Connect)?;
        connection.close().await.map_err(ClusterError::Connect)?;
        let major = version.unsigned_abs() / 10_000;
        if Majors::SUPPORTED.contains(&major) {
            Ok(())
        } else {
            Err(ClusterError::ServerVersion(major))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_and_names_the_faulty_variable() {
        let both = External::at(
            "postgres://hutong_app:x@db:5432/hutong",
            Some("postgresql://hutong_owner:y@db/hutong"),
            Some("postgresql://hutong_public:z@db/hutong"),
        )
        .unwrap();
        assert_eq!(both.app.get_username(), "hutong_app");
        assert!(both.owner.is_some());
        assert!(matches!(
            External::at("not an address", None, None),
            Err(ClusterError::Url("DATABASE_URL"))
        ));
        assert!(matches!(
            External::at("postgres://a@b/c", Some("mysql://x"), None),
            Err(ClusterError::Url("HUTONG_OWNER_URL")) | Ok(_)
        ));
    }

    #[test]
    fn migrations_need_the_owners_address_and_public_pages_their_own() {
        let server = Server::External(Box::new(
            External::at("postgres://hutong_app:x@db/hutong", None, None).unwrap(),
        ));
        assert!(matches!(
            server.public_options(),
            Err(ClusterError::NoPublicUrl)
        ));
        assert!(matches!(
            server.owner_options(),
            Err(ClusterError::NoOwnerUrl)
        ));
    }
}
