//! Statuses: one cash class and one care status at a time, and never two of a kind.

use domain::registry::StatusDecision;
use jiff::civil::date;
use kernel::category::Category::{
    self, DeFactoUnattended, KeyHardship, LeftBehind, Migrant, ScatteredOrphan,
};
use store::error::StoreError;
use store::registry::{Amended, ChildFile, Registered};
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona, TODAY};

use super::file;

const OFFICER: Persona = Persona::TengzhouOfficer;

fn child() -> Child {
    Child::named("虚构甲", JINGHE_VILLAGE)
}

#[tokio::test]
async fn statuses_of_one_group_may_not_overlap_but_cash_and_care_may() {
    let office = Office::found().await;
    let (spring, summer, autumn) = (date(2021, 3, 1), date(2021, 6, 1), date(2021, 9, 1));
    let allowed = [
        child()
            .status(ScatteredOrphan, spring)
            .status(LeftBehind, spring),
        child()
            .ended_status(ScatteredOrphan, spring, summer)
            .status(DeFactoUnattended, summer),
        child()
            .ended_status(LeftBehind, spring, summer)
            .ended_status(Migrant, summer, autumn)
            .status(KeyHardship, summer),
    ];
    let refused = [
        child()
            .status(ScatteredOrphan, spring)
            .status(DeFactoUnattended, summer),
        child()
            .ended_status(ScatteredOrphan, spring, autumn)
            .status(KeyHardship, summer),
        child().status(LeftBehind, spring).status(Migrant, autumn),
        child()
            .status(LeftBehind, spring)
            .status(LeftBehind, spring),
        child()
            .ended_status(ScatteredOrphan, spring, summer)
            .ended_status(KeyHardship, spring, autumn),
    ];
    office.register(OFFICER, &allowed).await;
    for child in refused {
        let mut work = office.work(OFFICER).await;
        let batch = [child.registration(&office.store)];
        let error = work.apply(&Registered(&batch)).await.unwrap_err();
        assert!(error.is_collision(), "{error:?}");
    }
    office.close().await;
}

/// The class a ledger of today puts a child in.
fn placed(file: &ChildFile, category: Category, decision: StatusDecision) -> Amended<'_> {
    Amended {
        file,
        amendment: None,
        status: Some((category, decision)),
        on: TODAY,
        row: None,
    }
}

/// All spans on file: class, first day, end.
async fn spans(office: &Office) -> Vec<(String, String, Option<String>)> {
    sqlx::query_as(
        "SELECT category, from_day::text, to_day::text FROM registry_span ORDER BY category",
    )
    .fetch_all(&office.database.owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_status_follows_another_on_its_day() {
    let office = Office::found().await;
    let from = date(2021, 3, 1);
    let child = child()
        .status(ScatteredOrphan, from)
        .status(LeftBehind, from);
    let id = office.register(OFFICER, &[child]).await[0];
    let before = file(&office, OFFICER, id).await.unwrap();

    let mut work = office.work(OFFICER).await;
    let beside = placed(&before, DeFactoUnattended, StatusDecision::Open);
    assert!(
        work.apply(&beside).await.is_err(),
        "a second cash class beside the first"
    );
    drop(work);

    let mut work = office.work(OFFICER).await;
    let decision = StatusDecision::Replace(ScatteredOrphan);
    work.apply(&placed(&before, DeFactoUnattended, decision))
        .await
        .unwrap();
    work.commit().await.unwrap();
    let after = file(&office, OFFICER, id).await.unwrap();
    let open: Vec<_> = after
        .statuses
        .iter()
        .map(|status| (status.category, status.from))
        .collect();
    assert_eq!(open, [(LeftBehind, from), (DeFactoUnattended, TODAY)]);
    let span = |category: &str, from: &str, to: Option<&str>| {
        (category.to_owned(), from.to_owned(), to.map(str::to_owned))
    };
    let expected = [
        span("de_facto_unattended", "2021-11-04", None),
        span("left_behind", "2021-03-01", None),
        span("scattered_orphan", "2021-03-01", Some("2021-11-04")),
    ];
    assert_eq!(spans(&office).await, expected);

    let mut work = office.work(OFFICER).await;
    let late = placed(&before, KeyHardship, decision);
    assert!(
        matches!(work.apply(&late).await, Err(StoreError::Stale)),
        "that status has ended meanwhile"
    );
    drop(work);
    office.close().await;
}
