//! Nights in which children reach a limit.

use app::allowances::record_fact;
use app::applications::{
    ApplicationError, InboxBox, Obstacle, limits, next_round, note_limits, settle_limit,
};
use domain::applications::{Act, LimitKind};
use jiff::civil::{Date, date};
use kernel::calendar::{Revision, WorkCalendar};
use kernel::category::Category;
use kernel::ids::ChildId;
use kernel::month::Month;
use store::allowances::AllowanceFact;
use store::registry::spans;
use store::work::Work;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona};

use crate::applications_scene::{Bureau, numbers};

/// Nearly eighteen on the day of the scene.
fn nearly_grown() -> Child {
    Child::named("虚构小成", JINGHE_VILLAGE)
        .born(date(2003, 11, 20))
        .status(Category::ScatteredOrphan, date(2015, 1, 1))
}

async fn listed(work: &mut Work) -> Vec<(ChildId, LimitKind, Date, String)> {
    let all = limits(work, None, 50).await.unwrap();
    let short = all.into_iter();
    short
        .map(|one| one.limit)
        .map(|limit| (limit.child, limit.kind, limit.on, limit.rule))
        .collect()
}

#[tokio::test]
async fn an_eighteenth_birthday_is_on_the_list_with_its_rule_and_nobody_is_stopped() {
    let bureau = Bureau::open().await;
    let child = bureau
        .office
        .register(Persona::TengzhouOfficer, &[nearly_grown()])
        .await[0];
    let mut work = bureau.officer().await;
    assert_eq!(note_limits(&mut work).await.unwrap(), 1);
    assert_eq!(
        note_limits(&mut work).await.unwrap(),
        0,
        "a second run makes nothing twice"
    );
    let found = listed(&mut work).await;
    assert_eq!(
        (found[0].0, found[0].1, found[0].2),
        (child, LimitKind::Age, date(2021, 11, 20))
    );
    assert!(
        found[0].3.starts_with("age_limit.scattered_orphan@"),
        "{found:?}"
    );
    let held = spans(&mut work, child).await.unwrap();
    assert_eq!(held[0].to, None, "the status is as it was");
    work.commit().await.unwrap();
    let mut work = bureau.office.work(Persona::ShantingOfficer).await;
    assert!(
        listed(&mut work).await.is_empty(),
        "another county's officer sees none of it"
    );
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn the_end_of_a_study_on_record_is_noted_before_the_money_stops() {
    let bureau = Bureau::open().await;
    let grown = Child::named("虚构小学", JINGHE_VILLAGE)
        .born(date(2003, 2, 1))
        .status(Category::ScatteredOrphan, date(2015, 1, 1));
    let child = bureau
        .office
        .register(Persona::TengzhouOfficer, &[grown])
        .await[0];
    let mut work = bureau.officer().await;
    let month = |text: &str| text.parse::<Month>().unwrap();
    let study = AllowanceFact::Study {
        from: month("2021-03"),
        to: Some(month("2021-11")),
    };
    record_fact(&mut work, child, &study).await.unwrap();
    assert_eq!(
        note_limits(&mut work).await.unwrap(),
        2,
        "the birthday as well"
    );
    let found = listed(&mut work).await;
    let end = found.iter().find(|one| one.1 == LimitKind::StudyEnd);
    assert_eq!(end.map(|one| one.2), Some(date(2021, 12, 1)));
    assert_eq!(note_limits(&mut work).await.unwrap(), 0, "once");
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn the_end_of_a_mothers_term_is_noted_by_the_facts_of_the_decision() {
    let bureau = Bureau::open().await;
    let (id, child) = bureau.proposed().await;
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    let mut work = bureau.officer().await;
    assert_eq!(
        note_limits(&mut work).await.unwrap(),
        0,
        "it ends in a year"
    );
    drop(work);
    bureau.office.clock.set_day(date(2022, 7, 10));
    let mut work = bureau.officer().await;
    assert_eq!(note_limits(&mut work).await.unwrap(), 1);
    let found = listed(&mut work).await;
    assert_eq!(
        (found[0].0, found[0].1, found[0].2),
        (child, LimitKind::MotherTerm, date(2022, 8, 1))
    );
    assert!(found[0].3.starts_with("situation.imprisoned@"), "{found:?}");
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn every_mandate_has_its_round_once_a_day_and_what_was_noted_is_not_noted_again() {
    let bureau = Bureau::open().await;
    bureau
        .office
        .register(Persona::TengzhouOfficer, &[nearly_grown()])
        .await;
    let store = &bureau.office.store;
    let rounds = async || {
        let (mut made, mut noted) = (0, 0);
        while let Some(round) = next_round(store, &WorkCalendar::builtin()).await.unwrap() {
            made += 1;
            noted += round.noted;
        }
        (made, noted)
    };
    let (mandates, noted) = rounds().await;
    assert!(mandates >= 3, "two of 滕州, one of 山亭");
    assert_eq!(noted, 1);
    assert_eq!(rounds().await, (0, 0), "the night is done");
    bureau.office.clock.set_day(date(2021, 11, 5));
    assert_eq!(rounds().await, (mandates, 0));
    bureau.office.close().await;
}

#[tokio::test]
async fn an_officer_says_what_was_found_and_the_limit_is_off_the_list() {
    let bureau = Bureau::open().await;
    bureau
        .office
        .register(Persona::TengzhouOfficer, &[nearly_grown()])
        .await;
    let mut work = bureau.officer().await;
    note_limits(&mut work).await.unwrap();
    work.commit().await.unwrap();
    let mut work = bureau.window(bureau.jinghe).await;
    let limit = limits(&mut work, None, 50).await.unwrap().remove(0).limit;
    let without = settle_limit(&mut work, limit.id, "  ").await;
    assert!(matches!(
        without,
        Err(ApplicationError::Hindered(Obstacle::Reason))
    ));
    settle_limit(&mut work, limit.id, "在读全日制高中，已交就读证明")
        .await
        .unwrap();
    assert!(listed(&mut work).await.is_empty());
    let again = settle_limit(&mut work, limit.id, "再次").await;
    assert!(matches!(
        again,
        Err(ApplicationError::Hindered(Obstacle::LimitSettled))
    ));
    assert_eq!(
        note_limits(&mut work).await.unwrap(),
        0,
        "settled stays settled"
    );
    work.commit().await.unwrap();
    let mut work = bureau.office.work(Persona::ShantingOfficer).await;
    let beyond = settle_limit(&mut work, limit.id, "外区").await;
    assert!(
        matches!(beyond, Err(ApplicationError::NotFound)),
        "{beyond:?}"
    );
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn a_sealed_childs_limit_is_known_to_its_named_officer_alone() {
    let bureau = Bureau::open().await;
    let sealed = Child::named("虚构小密", JINGHE_VILLAGE)
        .born(date(2003, 11, 20))
        .status(Category::AidsAffected, date(2015, 1, 1));
    bureau
        .office
        .register(Persona::TengzhouOfficer, &[sealed])
        .await;
    let calendar = WorkCalendar::builtin();
    while next_round(&bureau.office.store, &calendar)
        .await
        .unwrap()
        .is_some()
    {}
    let mut named = bureau.office.work(Persona::TengzhouOfficer).await;
    assert_eq!(
        listed(&mut named).await.len(),
        1,
        "noted under the named officer's mandate"
    );
    for other in [Persona::TengzhouColleague, Persona::JingheSupervisor] {
        let mut work = bureau.office.work(other).await;
        assert!(listed(&mut work).await.is_empty(), "{other:?}");
    }
    drop(named);
    bureau.office.close().await;
}

#[tokio::test]
async fn a_due_day_beyond_the_calendar_is_settled_in_the_night_after_that_came_out() {
    let bureau = Bureau::open().await;
    bureau.office.clock.set_day(date(2026, 12, 21));
    bureau.accepted(bureau.jinghe).await;
    let recounted = async |calendar: &WorkCalendar| {
        let mut recounted = 0;
        while let Some(round) = next_round(&bureau.office.store, calendar).await.unwrap() {
            recounted += round.recounted;
        }
        recounted
    };
    assert_eq!(recounted(&WorkCalendar::builtin()).await, 0);
    let mut work = bureau.officer().await;
    assert_eq!(numbers(&mut work, InboxBox::Provisional).await.len(), 1);
    drop(work);
    bureau.office.clock.set_day(date(2026, 12, 22));
    let published = WorkCalendar::builtin().revised(Revision {
        announced: date(2026, 11, 30),
        days_off: vec![date(2027, 1, 1), date(2027, 10, 1)],
        workdays: Vec::new(),
        note: "虚构的2027年放假安排".into(),
    });
    assert_eq!(recounted(&published).await, 1);
    let mut work = bureau.officer().await;
    assert!(numbers(&mut work, InboxBox::Provisional).await.is_empty());
    drop(work);
    bureau.office.close().await;
}
