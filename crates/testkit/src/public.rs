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
        // A connection that stays open hands in what it did when it likes.
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
        owner.close().await.expect("the connection ends");
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

    /// What has been done so far, by connections that have ended.
    pub async fn done(&self) -> Done {
        let rows = sqlx::query(DONE).fetch_all(&self.owner).await;
        let rows = rows.expect("the database counts");
        rows.iter()
            .map(|row| (row.get("what"), row.get("done")))
            .collect()
    }

    /// Waits until nobody hands in counts any more of what was done before.
    pub async fn settle_counts(&self) {
        let mut before = self.done().await;
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let now = self.done().await;
            if now == before {
                return;
            }
            before = now;
        }
    }

    /// What was done since, once the connections that did it have ended: counts are handed in at a connection's end.
    pub async fn done_since(&self, before: &Done) -> Done {
        // A function that was called for the first time stands there with nought until its count is handed in.
        let tries = |done: &Done| done.get("public_tries").copied().unwrap_or(0);
        let mut now = self.done().await;
        for _ in 0..400 {
            if tries(&now) > tries(before) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
            now = self.done().await;
        }
        now.into_iter()
            .map(|(what, done)| {
                let earlier = before.get(&what).copied().unwrap_or(0);
                (what, done - earlier)
            })
            .filter(|(_, done)| *done != 0)
            .collect()
    }
}
