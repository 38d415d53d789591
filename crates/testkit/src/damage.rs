//! Installations as an accident, or another version of the program, leaves them.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions, Connection, PgConnection};
use store::cluster::{Cluster, DATABASE, Place, Server, Startup};

/// What the last migration made: without it the schema is the one before.
const LAST: [&str; 5] = [
    "DROP FUNCTION auth.caller(text)",
    "DROP FUNCTION auth.answer_once(text, bytea)",
    "DROP FUNCTION auth.answer_given(text, uuid, integer)",
    "DROP TABLE auth.answered",
    "DELETE FROM _sqlx_migrations WHERE version = 7",
];

/// Takes the database of this data folder back to the schema before the last.
pub async fn older_schema(data: &Path) {
    let place = Place::at(data).expect("a place");
    let cluster = Cluster::start(&place, Startup { allow_nobody: true })
        .await
        .expect("the cluster starts");
    let options = cluster.owner_options(DATABASE);
    let mut owner = options.connect().await.expect("the database answers");
    for statement in LAST {
        sqlx::query(statement)
            .execute(&mut owner)
            .await
            .expect("the last migration is undone");
    }
    owner.close().await.expect("the connection closes");
    cluster.stop().await;
}

/// A lock in the way of the last migration of a program that is starting, while it lives.
pub struct InTheWay {
    holder: PgConnection,
    watcher: PgConnection,
}

impl InTheWay {
    /// Joins the cluster that another program runs in this data folder, and bars the way. A dump passes.
    pub async fn of(data: &Path) -> Self {
        let place = Place::at(data).expect("a place");
        let server = Server::open_or_join(&place, Startup { allow_nobody: true })
            .await
            .expect("the cluster is joined");
        let options = server.owner_options().expect("the owner's address");
        let mut holder = options.connect().await.expect("the database answers");
        let watcher = options.connect().await.expect("the database answers");
        for statement in [
            "BEGIN",
            "LOCK TABLE organisation_appointment IN ROW EXCLUSIVE MODE",
        ] {
            sqlx::query(statement)
                .execute(&mut holder)
                .await
                .expect("the way is barred");
        }
        Self { holder, watcher }
    }

    /// Waits until a migration stands before it; whether one came within this time.
    pub async fn is_met_within(&mut self, time: Duration) -> bool {
        let began = Instant::now();
        while began.elapsed() < time {
            let waiting = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'organisation_appointment'::regclass)",
            )
            .fetch_one(&mut self.watcher)
            .await;
            // A program that gave up has stopped the server.
            let Ok(waiting) = waiting else {
                return false;
            };
            if waiting {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        false
    }

    /// Gives the way free.
    pub async fn gone(self) {
        // A server that was killed has closed both already.
        let _ = self.holder.close().await;
        let _ = self.watcher.close().await;
    }
}

/// Notes in the database of this data folder that a newer program has migrated it.
pub async fn newer_schema(data: &Path) {
    let place = Place::at(data).expect("a place");
    let cluster = Cluster::start(&place, Startup { allow_nobody: true })
        .await
        .expect("the cluster starts");
    let mut owner = cluster
        .owner_options(DATABASE)
        .connect()
        .await
        .expect("the database answers");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9000, 'from the future', true, '', 0)",
    )
    .execute(&mut owner)
    .await
    .expect("the note is made");
    owner.close().await.expect("the connection closes");
    cluster.stop().await;
}
