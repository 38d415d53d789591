//! The backup of every night: kept in generations, its failures noted, and its money summed.

use std::num::NonZeroU32;
use std::path::Path;

use jiff::SignedDuration;
use jiff::civil::time;
use kernel::clock::SeededEntropy;
use store::backup::{Identity, Nightly, back_up_now, last};
use store::installation::epoch;
use testkit::Office;

fn plan(folder: &Path) -> Nightly {
    Nightly {
        folder: folder.to_path_buf(),
        at: time(2, 30, 0, 0),
        keep: NonZeroU32::new(2).unwrap(),
        recipient: Identity::make(&SeededEntropy::new(6)).recipient(),
    }
}

#[tokio::test]
async fn two_generations_stay_and_a_failure_is_noted() {
    let office = Office::found().await;
    let folder = tempfile::tempdir().unwrap();
    let (owner, entropy) = (&office.database.owner, SeededEntropy::new(7));
    assert_eq!(last(&office.database.app).await.unwrap(), None);
    // Money that a later migration may keep is summed.
    sqlx::raw_sql(
        "CREATE TABLE paid (id int8 PRIMARY KEY, paid_fen int8); INSERT INTO paid VALUES (1, 120000), (2, -20000)",
    )
    .execute(owner)
    .await
    .unwrap();
    for _ in 0..3 {
        office.clock.advance(SignedDuration::from_hours(24));
        let made = back_up_now(owner, &plan(folder.path()), &*office.clock, &entropy).await;
        let taken = made.unwrap().unwrap();
        assert!(taken.path.exists());
        let table = |t: &&store::backup::TableTotals| t.table == "public.paid";
        let paid = taken.manifest.tables.iter().find(table).unwrap();
        assert_eq!((paid.rows, &*paid.sums["paid_fen"]), (2, "100000"));
        let noted = last(&office.database.app).await.unwrap().unwrap();
        assert_eq!(noted.outcome, Ok(i64::try_from(taken.bytes).unwrap()));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);

    office.clock.advance(SignedDuration::from_hours(24));
    let gone = folder.path().join("gone");
    let refused = back_up_now(owner, &plan(&gone), &*office.clock, &entropy).await;
    assert!(refused.is_err());
    let noted = last(&office.database.app).await.unwrap().unwrap();
    assert_eq!(noted.outcome, Err("backup.no_folder".to_owned()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    assert_eq!(epoch(&office.database.app).await.unwrap().number, 1);
    office.close().await;
}

#[tokio::test]
async fn while_one_program_makes_it_another_does_not() {
    let office = Office::found().await;
    let folder = tempfile::tempdir().unwrap();
    let (owner, entropy) = (&office.database.owner, SeededEntropy::new(8));
    let mut other = owner.acquire().await.unwrap();
    sqlx::raw_sql("SELECT pg_advisory_lock(7040006)")
        .execute(&mut *other)
        .await
        .unwrap();
    let made = back_up_now(owner, &plan(folder.path()), &*office.clock, &entropy).await;
    assert_eq!(made.unwrap(), None);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    drop(other.detach());
    office.close().await;
}
