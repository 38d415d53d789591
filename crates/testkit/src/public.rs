//! What tests of the public pages ask of a database, and do to it, beyond what the program can.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use store::applications::public::PublicStore;

use crate::database::TestDatabase;
use crate::office::Office;

/// What was done in the database: calls of each function of ours; rows written and looks into each table.
pub type Done = BTreeMap<String, i64>;

const DONE: &str = "SELECT funcname AS what, calls AS done FROM pg_stat_user_functions
    UNION ALL SELECT relname || '.' || k.what, k.done FROM pg_stat_user_tables,
        LATERAL (VALUES ('inserted', n_tup_ins), ('updated', n_tup_upd), ('deleted', n_tup_del), ('looks', coalesce(idx_scan, 0) + coalesce(seq_scan, 0)))
            AS k (what, done)
    WHERE relname IN ('ticket', 'ticket_photo', 'public_try', 'applications_application', 'applications_step', 'applications_decision')";

impl Office {
    /// The store of the public pages, over a connection of their own role: one, so that what it did is counted at once.
    pub async fn public_store(&self) -> PublicStore {
        let options = self.database.public_options();
        let pool = PgPoolOptions::new().max_connections(1);
        let pool = pool.connect_with(options).await.expect("the role connects");
        PublicStore::beside(&self.store, pool)
    }
}

impl TestDatabase {
    /// How many rows a table has.
    pub async fn rows_of(&self, table: &str) -> i64 {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let row = sqlx::query(count).fetch_one(&self.owner).await;
        row.expect("the table answers").get(0)
    }

    /// Ends the codes of all cases that are not submitted.
    pub async fn end_drafts(&self) {
        // A connection that stays open hands in what it did when it likes, one that is gone has.
        let options = self.owner.connect_options();
        let mut owner = PgConnection::connect_with(&options)
            .await
            .expect("the owner connects");
        sqlx::query(
            "UPDATE auth.ticket SET expires_at = '2020-01-01' WHERE application_id IS NULL",
        )
        .execute(&mut owner)
        .await
        .expect("the codes end");
        let pid = sqlx::query("SELECT pg_backend_pid()").fetch_one(&mut owner);
        let pid: i32 = pid.await.expect("the connection tells its number").get(0);
        owner.close().await.expect("the connection ends");
        self.gone(&format!("pid = {pid}")).await;
    }

    /// Has the database count the functions that the public pages' role calls.
    pub async fn count_public_calls(&self) {
        let mut superuser = PgConnection::connect_with(&self.superuser_options())
            .await
            .expect("the superuser connects");
        let database = self.name();
        let count =
            format!("ALTER ROLE hutong_public IN DATABASE {database} SET track_functions = 'pl'");
        sqlx::raw_sql(AssertSqlSafe(count))
            .execute(&mut superuser)
            .await
            .expect("functions are counted");
    }

    /// What has been done so far. Counts are handed in when a connection ends, so it waits until the role has none left.
    pub async fn done(&self) -> Done {
        self.gone("usename = 'hutong_public'").await;
        let rows = sqlx::query(DONE).fetch_all(&self.owner).await;
        let rows = rows.expect("the database counts");
        rows.iter()
            .map(|row| (row.get("what"), row.get("done")))
            .collect()
    }

    /// What was done since.
    pub async fn done_since(&self, before: &Done) -> Done {
        let earlier = |what: &String| before.get(what).copied().unwrap_or(0);
        let now = self.done().await.into_iter();
        now.map(|(what, done)| (what.clone(), done - earlier(&what)))
            .filter(|(_, done)| *done != 0)
            .collect()
    }

    /// Waits until the last of these connections has ended: what it did is handed in before it is gone.
    async fn gone(&self, these: &str) {
        let left = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {these}"
        );
        for _ in 0..1200 {
            let row = sqlx::query(AssertSqlSafe(left.clone()))
                .fetch_one(&self.owner)
                .await;
            let left: i64 = row.expect("the server tells who is there").get(0);
            if left == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("a connection stays open: {these}");
    }
}
