//! Installations as an accident, or another version of the program, leaves them.

use std::path::Path;

use sqlx::{ConnectOptions, Connection};
use store::cluster::{Cluster, DATABASE, Place, Startup};

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
