//! Connections of a run beside the one its work holds: of their own, so that runs which wait for the months cannot take
//! them all.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::error::StoreError;
use crate::session::SessionToken;

/// How the connections of a run are made.
#[derive(Clone)]
pub(crate) struct Connecting {
    pub(crate) options: PgConnectOptions,
    pub(crate) token: SessionToken,
}

impl Connecting {
    /// A connection in a transaction that acts for the run's officer. What it commits nobody sees before the run's own
    /// transaction makes it part of the month, and that one's commit, later in the log, waits for the disk for all of them.
    pub(super) async fn working(&self) -> Result<PgConnection, StoreError> {
        let mut conn = PgConnection::connect_with(&self.options).await?;
        sqlx::raw_sql("BEGIN; SET LOCAL synchronous_commit = off")
            .execute(&mut conn)
            .await?;
        self.sign_in(&mut conn).await?;
        Ok(conn)
    }

    /// A connection that reads what another one sees.
    pub(super) async fn reading(&self, snapshot: &str) -> Result<PgConnection, StoreError> {
        let mut conn = PgConnection::connect_with(&self.options).await?;
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{snapshot}'"
        );
        sqlx::raw_sql(AssertSqlSafe(begin))
            .execute(&mut conn)
            .await?;
        self.sign_in(&mut conn).await?;
        Ok(conn)
    }

    async fn sign_in(&self, conn: &mut PgConnection) -> Result<(), StoreError> {
        sqlx::query!(
            "SELECT set_config('hutong.token', $1, true)",
            self.token.hex()
        )
        .fetch_one(conn)
        .await?;
        Ok(())
    }
}
