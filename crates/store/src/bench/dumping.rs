//! The raw limit of a backup and its restore: PostgreSQL's own dump, put into a database beside the first.

use std::path::Path;

use super::ground::Ground;
use crate::cluster::ClusterError;
use crate::installation::OpenError;

/// The database that takes what was dumped.
const BESIDE: &str = "bench_restored";

impl Ground {
    /// Whether PostgreSQL came with the programs that a bench compares with.
    #[must_use]
    pub fn has_programs(&self) -> bool {
        ["pgbench", "pg_dump", "pg_restore"]
            .iter()
            .all(|name| self.cluster.program(name).is_some())
    }

    /// Dumps the product's database with `pg_dump`.
    ///
    /// # Errors
    /// [`OpenError`] when it fails.
    pub async fn dump_bare(&self, to: &Path) -> Result<(), OpenError> {
        Ok(self.cluster.dump(to).await?)
    }

    /// Restores such a dump with `pg_restore` in one transaction, as our restore is one.
    ///
    /// # Errors
    /// [`OpenError`] when it fails.
    pub async fn restore_bare(&self, dump: &Path) -> Result<(), OpenError> {
        self.cluster.drop_database(BESIDE).await?;
        self.cluster
            .create_database(BESIDE, Some("template0"))
            .await?;
        let Some(program) = self.cluster.program("pg_restore") else {
            return Ok(());
        };
        let ended = tokio::process::Command::new(program)
            .args(["--single-transaction", "--dbname", BESIDE])
            .args(["--username", "postgres", "--host"])
            .arg(self.cluster.socket())
            .arg(dump)
            .env(
                "PGPASSWORD",
                self.cluster.password(crate::cluster::Role::Superuser),
            )
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|error| ClusterError::io(dump, error))?;
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stderr);
            let last = said.lines().last().unwrap_or_default().to_owned();
            return Err(ClusterError::Dump(last).into());
        }
        Ok(self.cluster.drop_database(BESIDE).await?)
    }
}
