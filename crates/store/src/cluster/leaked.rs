//! Files that no table owns: what a crash leaves of tables whose transaction never committed.
//!
//! PostgreSQL never removes them. They do no harm but take the disk's space, so they are found and told.

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use super::error::ClusterError;
use super::running::Cluster;

/// Files of a database that belong to no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leaked {
    /// How many.
    pub files: i64,
    /// Their sizes together.
    pub bytes: i64,
}

impl Cluster {
    /// Looks for files that no table of this database owns. A transaction that makes a table at this moment has such
    /// files too, so it is asked before the work begins.
    ///
    /// # Errors
    /// [`ClusterError::Connect`] and [`ClusterError::Sql`] when the server does not answer.
    pub async fn leaked_files(&self, database: &str) -> Result<Leaked, ClusterError> {
        leaked(self.superuser_options(database)).await
    }
}

async fn leaked(options: PgConnectOptions) -> Result<Leaked, ClusterError> {
    let mut superuser = options.connect().await.map_err(ClusterError::Connect)?;
    // Of a dropped table an empty file stays until the next checkpoint.
    // Not checked when compiled: the owner, whom that asks, may not look into folders.
    let (files, bytes) = sqlx::query_as(
        r"WITH own AS (SELECT 'base/' || oid AS folder FROM pg_database WHERE datname = current_database()),
                found AS (
                    SELECT substring(f.name FROM '^[0-9]+')::bigint AS node, (pg_stat_file(own.folder || '/' || f.name, true)).size AS size
                    FROM own, pg_ls_dir(own.folder) AS f (name) WHERE f.name ~ '^[0-9]+(_[a-z]+)?(\.[0-9]+)?$')
           SELECT count(*), coalesce(sum(size), 0)::bigint FROM found
           WHERE size > 0 AND node NOT IN (SELECT pg_relation_filenode(oid)::bigint FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL)"
    )
    .fetch_one(&mut superuser)
    .await
    .map_err(ClusterError::Sql)?;
    Ok(Leaked { files, bytes })
}
