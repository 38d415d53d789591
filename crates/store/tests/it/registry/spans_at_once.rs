//! Two connections write statuses of one child at once: what comes of it is what comes of one after the other, or the
//! other after the one.

use std::time::Duration;

use kernel::ids::ChildId;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona};
use tokio::task::JoinHandle;

/// What may stand before.
const BEFORE: [&[&str]; 3] = [
    &[],
    &["('scattered_orphan', '2021-03-01', NULL)"],
    &["('scattered_orphan', '2020-01-01', '2020-06-01'), ('left_behind', '2019-01-01', NULL)"],
];

/// What one of them does: a status from a day on, one with its end, one's end, and an end that is put off.
const WRITES: [&str; 9] = [
    "('de_facto_unattended', '2020-03-01', NULL)",
    "('de_facto_unattended', '2021-09-01', NULL)",
    "('key_hardship', '2020-05-01', '2021-01-01')",
    "('key_hardship', '2020-07-01', '2021-03-01')",
    "('key_hardship', '2021-06-01', '2021-08-01')",
    "('key_hardship', '2021-10-01', '2021-10-01')",
    "('migrant', '2021-01-01', '2021-02-01')",
    "END 2021-07-01",
    "END 2021-11-01",
];

fn statement(child: ChildId, write: &str) -> String {
    match write.strip_prefix("END ") {
        Some(day) => format!(
            "UPDATE registry_span SET to_day = '{day}'
             WHERE child_id = '{child}' AND status_group = 0 AND to_day IS NULL AND from_day <= '{day}'"
        ),
        None => format!(
            "INSERT INTO registry_span (id, child_id, category, from_day, to_day)
             SELECT gen_random_uuid(), '{child}', category, from_day::date, to_day::date
             FROM (VALUES {write}) AS w (category, from_day, to_day)"
        ),
    }
}

/// Whether it was done, or the rows it touched; anything but a collision is a fault of the schema.
async fn write(connection: &mut PgConnection, child: ChildId, what: &str) -> Result<u64, ()> {
    match sqlx::raw_sql(AssertSqlSafe(statement(child, what)))
        .execute(connection)
        .await
    {
        Ok(done) => Ok(done.rows_affected()),
        Err(error) => {
            let error = store::error::StoreError::from(error);
            assert!(error.is_collision(), "{what}: {error:?}");
            Err(())
        }
    }
}

/// What a child's statuses are, without ids.
async fn held(office: &Office, child: ChildId) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT concat_ws(' ', category, from_day, to_day) FROM registry_span WHERE child_id = $1 ORDER BY 1",
    )
    .bind(child.uuid())
    .fetch_all(&office.database.owner)
    .await
    .unwrap()
}

/// No two statuses of a group on one day, by the plain meaning of the words.
async fn overlaps(office: &Office) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM registry_span a JOIN registry_span b ON b.child_id = a.child_id AND b.id < a.id
         AND b.status_group = a.status_group AND daterange(a.from_day, a.to_day, '[)') && daterange(b.from_day, b.to_day, '[)')",
    )
    .fetch_one(&office.database.owner)
    .await
    .unwrap()
}

/// Waits until that write has either ended or waits for the other connection.
async fn settled(office: &Office, backend: i32, second: &JoinHandle<Result<u64, ()>>) {
    while !second.is_finished() {
        let waits: bool = sqlx::query_scalar("SELECT cardinality(pg_blocking_pids($1)) > 0")
            .bind(backend)
            .fetch_one(&office.database.owner)
            .await
            .unwrap();
        if waits {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn backend(connection: &mut PgConnection) -> i32 {
    sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(connection)
        .await
        .unwrap()
}

/// The second write begins when the first is done and not yet committed.
async fn at_once(
    office: &Office,
    (one, mut other): (&mut PgConnection, PgConnection),
    child: ChildId,
    (first, second): (&'static str, &'static str),
) -> (Result<u64, ()>, Result<u64, ()>, PgConnection) {
    let pid = backend(&mut other).await;
    let mut transaction = one.begin().await.unwrap();
    let done = write(&mut transaction, child, first).await;
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let writing = tokio::spawn(async move {
        let done = write(&mut other, child, second).await;
        let _ = sender.send(other);
        done
    });
    settled(office, pid, &writing).await;
    match done {
        Ok(_) => transaction.commit().await.unwrap(),
        Err(()) => transaction.rollback().await.unwrap(),
    }
    (done, writing.await.unwrap(), receiver.await.unwrap())
}

/// What came of two writes, the first named first, and what is held after them.
type Outcome = (Result<u64, ()>, Result<u64, ()>, Vec<String>);

#[tokio::test]
async fn two_writers_at_once_come_to_what_they_come_to_one_after_the_other() {
    let office = Office::found().await;
    let officer = Persona::TengzhouOfficer;
    let pairs: Vec<(&[&str], &'static str, &'static str)> = BEFORE
        .iter()
        .flat_map(|before| WRITES.iter().map(move |first| (*before, *first)))
        .flat_map(|(before, first)| WRITES.iter().map(move |second| (before, first, *second)))
        .collect();
    let children: Vec<Child> = (0..3 * pairs.len())
        .map(|_| Child::named("虚构甲", JINGHE_VILLAGE))
        .collect();
    let children = office.register(officer, &children).await;
    let mut one = office.bare_connection(officer).await;
    let mut other = office.bare_connection(Persona::TengzhouColleague).await;
    let mut refused = 0;
    for (&(before, first, second), child) in pairs.iter().zip(children.chunks_exact(3)) {
        for (&child, status) in child
            .iter()
            .flat_map(|c| before.iter().map(move |s| (c, s)))
        {
            write(&mut one, child, status).await.unwrap();
        }
        let &[child, forth, back] = child else {
            continue;
        };
        let done = write(&mut one, forth, first).await;
        let then = write(&mut one, forth, second).await;
        let forth: Outcome = (done, then, held(&office, forth).await);
        let then = write(&mut one, back, second).await;
        let done = write(&mut one, back, first).await;
        let back: Outcome = (done, then, held(&office, back).await);
        let (done, then, free) = at_once(&office, (&mut one, other), child, (first, second)).await;
        other = free;
        refused += i32::from(done.is_ok() && then.is_err());
        let outcome = (done, then, held(&office, child).await);
        assert!(
            outcome == forth || outcome == back,
            "{before:?}: {first}, then {second}: {outcome:?}, neither {forth:?} nor {back:?}"
        );
    }
    assert!(
        refused > 50,
        "only {refused} stood in each other's way: nothing was tried"
    );
    assert_eq!(overlaps(&office).await, 0);
    office.close().await;
}
