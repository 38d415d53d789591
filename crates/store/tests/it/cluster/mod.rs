//! The private cluster on a real PostgreSQL: start and stop, kills, takeover, limits.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say where"
)]

mod damage;
mod kills;
mod life;
mod limits;

use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};
use store::cluster::{Cluster, ClusterError, DATABASE, Place, Startup};
use tempfile::TempDir;

/// A data folder of its own for one test, where also `nobody` may enter.
pub(crate) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("hut").tempdir().unwrap();
        open_to_all(folder.path());
        Self { folder }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn place(&self) -> Place {
        Place::at(self.data()).unwrap()
    }

    pub(crate) async fn start(&self) -> Result<Cluster, ClusterError> {
        start(&self.place()).await
    }
}

async fn start(place: &Place) -> Result<Cluster, ClusterError> {
    Cluster::start(place, Startup { allow_nobody: true }).await
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

async fn connect(options: PgConnectOptions) -> PgConnection {
    options.connect().await.unwrap()
}

pub(crate) async fn execute(connection: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(connection)
        .await
        .unwrap();
}

pub(crate) async fn owner(cluster: &Cluster) -> PgConnection {
    connect(cluster.owner_options(DATABASE)).await
}

async fn count(connection: &mut PgConnection, table: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
        .fetch_one(connection)
        .await
        .unwrap()
}
