//! Two officers at one child's file at the same moment: the second decides from what the first has written.

use std::time::Duration;

use app::registry::{CaseError, Hindrance, NewGuardian, enter_guardian, enter_status, place};
use jiff::civil::date;
use kernel::category::Category::{DeFactoUnattended, ScatteredOrphan};
use kernel::ids::ChildId;
use store::registry::guardians;
use store::work::Work;
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona, TODAY};
use tokio::task::JoinHandle;

/// Time enough for a work that is not held up to end.
const A_WHILE: Duration = Duration::from_millis(300);

async fn one(office: &Office) -> ChildId {
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    office.register(Persona::TengzhouOfficer, &[child]).await[0]
}

/// Commits the first work a while after the second has begun; answers whether the second waited for it.
async fn second_waits<T>(first: Work, second: &JoinHandle<T>) -> bool {
    tokio::time::sleep(A_WHILE).await;
    let waits = !second.is_finished();
    first.commit().await.unwrap();
    waits
}

fn guardian(name: &str) -> NewGuardian {
    NewGuardian {
        name: name.into(),
        relation: Some("祖父母".into()),
        resident_id: None,
        phone: None,
        from: date(2021, 6, 1),
    }
}

#[tokio::test]
async fn of_two_guardians_entered_at_once_one_is_present() {
    let office = Office::found().await;
    let child = one(&office).await;
    let mut first = office.work(Persona::TengzhouOfficer).await;
    enter_guardian(&mut first, child, guardian("虚构祖父"))
        .await
        .unwrap();
    let mut work = office.work(Persona::JingheSupervisor).await;
    let second = tokio::spawn(async move {
        enter_guardian(&mut work, child, guardian("虚构祖母"))
            .await
            .unwrap();
        work.commit().await.unwrap();
    });
    assert!(second_waits(first, &second).await);
    second.await.unwrap();
    let mut work = office.work(Persona::TengzhouOfficer).await;
    let all = guardians(&mut work, child).await.unwrap();
    let present: Vec<_> = all.iter().filter(|g| g.to.is_none()).collect();
    assert_eq!(present.len(), 1);
    assert_eq!(present[0].name.as_deref(), Some("虚构祖母"));
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn of_two_placements_or_classes_entered_at_once_the_second_is_refused() {
    let office = Office::found().await;
    let child = one(&office).await;
    let home = office.unit(Persona::HomeStaff);
    let mut first = office.work(Persona::TengzhouOfficer).await;
    place(&mut first, child, home, TODAY).await.unwrap();
    let orphan = ScatteredOrphan;
    enter_status(&mut first, child, orphan, date(2021, 1, 1), None)
        .await
        .unwrap();
    let mut work = office.work(Persona::JingheSupervisor).await;
    let second = tokio::spawn(async move {
        let placed = place(&mut work, child, home, TODAY).await;
        let from = date(2021, 2, 1);
        let status = enter_status(&mut work, child, DeFactoUnattended, from, None).await;
        (placed, status)
    });
    assert!(second_waits(first, &second).await);
    let (placed, status) = second.await.unwrap();
    let clash = |error| matches!(error, CaseError::Hindered(Hindrance::StatusClash));
    assert!(placed.is_err_and(clash));
    assert!(status.is_err_and(clash));
    office.close().await;
}
