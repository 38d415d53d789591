//! Sealing anew after a rotation, on a real table, while others write.

use std::path::Path;
use std::sync::Arc;

use kernel::clock::SystemClock;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use store::cluster::{Cluster, DATABASE};
use store::entropy::OsEntropy;
use store::keys::KeyFile;
use store::seal::{SealedAt, SealedColumn, Sealer, keys_in_use, reseal};
use uuid::Uuid;

use crate::cluster::{Scratch, execute, owner};

const COLUMN: SealedColumn = SealedColumn {
    table: "cell",
    column: "phone",
    under: "id",
    id: "id",
    batch: 100,
};

fn at(row: Uuid) -> SealedAt {
    SealedAt {
        table: COLUMN.table,
        column: COLUMN.column,
        row,
    }
}

async fn fill(pool: &PgPool, sealer: &Sealer, rows: u128) {
    let ids: Vec<Uuid> = (1..=rows).map(Uuid::from_u128).collect();
    let sealed: Vec<Vec<u8>> = ids
        .iter()
        .map(|id| sealer.seal(at(*id), id.as_bytes()))
        .collect();
    sqlx::query("INSERT INTO cell SELECT * FROM UNNEST($1::uuid[], $2::bytea[])")
        .bind(ids)
        .bind(sealed)
        .execute(pool)
        .await
        .unwrap();
}

async fn table(cluster: &Cluster) -> PgPool {
    let statement =
        "CREATE DOMAIN sealed AS bytea; CREATE TABLE cell (id uuid PRIMARY KEY, phone sealed)";
    execute(&mut owner(cluster).await, statement).await;
    let options = cluster.owner_options(DATABASE);
    PgPoolOptions::new()
        .max_connections(3)
        .connect_with(options)
        .await
        .unwrap()
}

fn first_keys(path: &Path) -> Sealer {
    KeyFile::create(path, &SystemClock, &OsEntropy).unwrap();
    Sealer::open_file(path, Arc::new(OsEntropy)).unwrap()
}

async fn in_use(pool: &PgPool) -> Vec<u32> {
    keys_in_use(pool, &[COLUMN])
        .await
        .unwrap()
        .into_iter()
        .collect()
}

#[tokio::test]
async fn everything_comes_under_the_new_key_while_others_write() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    let pool = table(&cluster).await;
    let path = scratch.place().key_file();
    let old = first_keys(&path);
    fill(&pool, &old, 950).await;
    execute(
        &mut owner(&cluster).await,
        "INSERT INTO cell VALUES (gen_random_uuid(), NULL)",
    )
    .await;

    KeyFile::rotate(&path, &SystemClock, &OsEntropy).unwrap();
    let new = Sealer::open_file(&path, Arc::new(OsEntropy)).unwrap();
    assert_eq!(in_use(&pool).await, [1]);

    // While the first batch is under way somebody writes a row of a later batch anew, still with the old key.
    let (busy, late) = (Uuid::from_u128(900), pool.clone());
    let written = old.seal(at(busy), b"changed meanwhile");
    let writer = tokio::spawn(async move {
        sqlx::query("UPDATE cell SET phone = $2 WHERE id = $1")
            .bind(busy)
            .bind(written)
            .execute(&late)
            .await
            .unwrap();
    });
    let mut steps = 0;
    let done = reseal(&pool, &new, &[COLUMN], |_| steps += 1)
        .await
        .unwrap();
    writer.await.unwrap();
    let rest = reseal(&pool, &new, &[COLUMN], |_| {}).await.unwrap();
    assert!(done.done + rest.done >= 950, "{done:?} {rest:?}");
    assert_eq!((rest.left, rest.unreadable), (0, 0));
    assert!(steps >= 10);
    assert_eq!(in_use(&pool).await, [2]);

    let rows: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as("SELECT id, phone::bytea FROM cell WHERE phone IS NOT NULL")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(rows.len(), 950);
    for (row, sealed) in rows {
        let plain = new.open(at(row), &sealed).unwrap();
        let expected: &[u8] = if row == busy {
            b"changed meanwhile"
        } else {
            row.as_bytes()
        };
        assert_eq!(plain.as_slice(), expected);
    }
    assert_eq!(
        reseal(&pool, &new, &[COLUMN], |_| {}).await.unwrap().done,
        0,
        "a second run finds nothing to do"
    );
}

#[tokio::test]
async fn a_value_that_does_not_open_is_counted_and_left_alone() {
    let scratch = Scratch::new();
    let cluster = scratch.start().await.unwrap();
    let pool = table(&cluster).await;
    let path = scratch.place().key_file();
    fill(&pool, &first_keys(&path), 3).await;
    execute(&mut owner(&cluster).await, "UPDATE cell SET phone = set_byte(phone, 20, 255 - get_byte(phone, 20)) WHERE id = '00000000-0000-0000-0000-000000000002'").await;
    KeyFile::rotate(&path, &SystemClock, &OsEntropy).unwrap();
    let new = Sealer::open_file(&path, Arc::new(OsEntropy)).unwrap();
    let done = reseal(&pool, &new, &[COLUMN], |_| {}).await.unwrap();
    assert_eq!((done.done, done.left, done.unreadable), (2, 0, 1));
    assert_eq!(in_use(&pool).await, [1, 2]);
}
