//! An application carried to the household's installation and back.

use app::applications::{
    ApplicationError, InboxBox, Obstacle, Restatement, read_paper, restate, step,
};
use app::exchange::{packages, receive, renew};
use domain::applications::{Act, Afar, Leg, Outcome, Stage, StepError};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use kernel::category::Category;
use kernel::explain::Explain;
use kernel::ids::PackageId;
use kernel::roles::Role;
use store::exchange::Outgoing;
use store::registry::spans;
use testkit::office::TODAY;

use crate::applications_scene::{Bureau, asked, numbers, opened};
use crate::exchange_scene::{SCAN, Two, carried};

fn after_days(days: i32) -> Date {
    TODAY.saturating_add(days.days())
}

#[tokio::test]
async fn a_grandmother_applies_in_another_province_and_reads_there_what_her_county_decided() {
    let two = Two::open().await;
    let (away, home) = (&two.away, &two.home);
    let id = two.forwarded().await;
    assert_eq!(carried(away, home).await, 1);
    let there = two.there().await;
    let mut work = home.window(home.jinghe).await;
    let found = opened(&mut work, there).await;
    let case = &found.application.case;
    assert_eq!(
        (case.stage, case.afar),
        (Stage::Forwarded, Some(Afar::Accepting))
    );
    assert_eq!(case.owner(), Some(home.jinghe));
    assert_eq!(found.stated.child.name, "虚构小荆");
    assert_eq!(found.stated.applicant.name, "虚构祖母");
    assert_eq!(found.papers[0].code, "household_register");
    let scan = read_paper(&mut work, there, found.papers[0].id).await;
    assert_eq!(scan.unwrap(), ("application/pdf".to_owned(), SCAN.to_vec()));
    let number = found.application.number;
    assert_eq!(numbers(&mut work, InboxBox::Mine).await, [number]);
    drop(work);

    let child = two.proposed(there).await;
    home.take(home.approver().await, there, Act::Confirm)
        .await
        .unwrap();
    assert_eq!(carried(home, away).await, 3);
    let mut work = home.officer().await;
    let held = spans(&mut work, child).await.unwrap();
    assert_eq!(
        (held[0].category, held[0].from),
        (Category::DeFactoUnattended, TODAY)
    );
    let told_there = opened(&mut work, there).await.decisions[0].clone();
    drop(work);

    let mut work = away.window(away.jinghe).await;
    let found = opened(&mut work, id).await;
    assert_eq!(found.application.case.stage, Stage::Confirmed);
    assert_eq!(found.application.case.owner(), Some(away.jinghe));
    let decision = &found.decisions[0];
    assert_eq!((decision.outcome, decision.on), (Outcome::Grant, TODAY));
    assert_eq!(decision.number, told_there.number);
    assert_eq!(decision.grounds, told_there.grounds);
    assert!(decision.grounds.letter.is_some());
    assert_eq!(found.may, [Act::Tell]);
    drop(work);
    for act in [Act::Tell, Act::Close] {
        away.take(away.window(away.jinghe).await, id, act)
            .await
            .unwrap();
    }
    assert_eq!(carried(away, home).await, 2);
    assert_eq!(home.stage(home.officer().await, there).await, Stage::Closed);
    let journal = home.office.journal_of(there.uuid()).await;
    assert_eq!(journal[0], "applications.taken_from_afar");
    assert!(journal.contains(&"applications.heard".to_owned()));
    two.close().await;
}

#[tokio::test]
async fn a_package_brought_twice_is_answered_with_the_same_receipt_and_taken_once() {
    let two = Two::open().await;
    two.forwarded().await;
    let package = &two.away.office.packages_waiting().await[0];
    let store = &two.home.office.store;
    // The answer to the first was lost on the way.
    let lost = receive(store, package).await.unwrap();
    let (one, other) = tokio::join!(receive(store, package), receive(store, package));
    assert_eq!((one.unwrap(), other.unwrap()), (lost.clone(), lost.clone()));
    assert_eq!(two.home.office.applications_there().await, 1);
    assert_eq!(
        two.home.office.packages_taken().await,
        ["application applied"]
    );
    // Its time is over, and the sender still has no receipt: what was taken stays taken.
    two.home.office.clock.set_day(after_days(40));
    assert_eq!(receive(store, package).await.unwrap(), lost);
    two.close().await;
}

#[tokio::test]
async fn two_at_once_bring_the_first_copy_and_it_is_taken_once() {
    let two = Two::open().await;
    two.forwarded().await;
    let package = &two.away.office.packages_waiting().await[0];
    let store = &two.home.office.store;
    let (one, other) = tokio::join!(receive(store, package), receive(store, package));
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(two.home.office.applications_there().await, 1);
    two.close().await;
}

#[tokio::test]
async fn reports_out_of_order_end_where_in_order_they_would() {
    let two = Two::open().await;
    let id = two.forwarded().await;
    carried(&two.away, &two.home).await;
    let there = two.there().await;
    two.proposed(there).await;
    let home = &two.home;
    home.take(home.approver().await, there, Act::Confirm)
        .await
        .unwrap();
    let reports = home.office.packages_waiting().await;
    let store = &two.away.office.store;
    for at in [2, 0, 2, 1] {
        receive(store, &reports[at]).await.unwrap();
    }
    let taken = two.away.office.packages_taken().await;
    assert_eq!(taken, ["status applied", "status older", "status older"]);
    let mut work = two.away.window(two.away.jinghe).await;
    let found = opened(&mut work, id).await;
    assert_eq!(found.application.case.stage, Stage::Confirmed);
    assert_eq!(found.decisions.len(), 1);
    let clock = found.application.case.clock.unwrap();
    assert_eq!((clock.leg, clock.began), (Leg::Tell, TODAY));
    drop(work);
    two.close().await;
}

#[tokio::test]
async fn a_report_that_overtakes_its_application_waits_for_it() {
    let two = Two::open().await;
    let id = two.forwarded().await;
    let away = &two.away;
    away.take(away.window(away.jinghe).await, id, Act::Withdraw)
        .await
        .unwrap();
    let [application, withdrawn] = &away.office.packages_waiting().await[..] else {
        panic!("an application and a report");
    };
    let store = &two.home.office.store;
    let early = receive(store, withdrawn).await.unwrap_err();
    assert_eq!(early.code(), "exchange.unknown_case");
    receive(store, application).await.unwrap();
    receive(store, withdrawn).await.unwrap();
    let there = two.there().await;
    assert_eq!(
        two.home.stage(two.home.officer().await, there).await,
        Stage::Withdrawn
    );
    two.close().await;
}

#[tokio::test]
async fn a_decision_that_crossed_with_a_withdrawal_stands_and_is_told() {
    let two = Two::open().await;
    let (away, home) = (&two.away, &two.home);
    let id = two.forwarded().await;
    carried(away, home).await;
    let there = two.there().await;
    two.proposed(there).await;
    home.take(home.approver().await, there, Act::Confirm)
        .await
        .unwrap();
    away.take(away.window(away.jinghe).await, id, Act::Withdraw)
        .await
        .unwrap();
    carried(away, home).await;
    assert_eq!(
        home.stage(home.officer().await, there).await,
        Stage::Confirmed
    );
    carried(home, away).await;
    let work = away.window(away.jinghe).await;
    assert_eq!(away.stage(work, id).await, Stage::Confirmed);
    two.close().await;
}

#[tokio::test]
async fn the_applicants_objection_goes_there_with_her_words_and_comes_back_decided_anew() {
    let two = Two::open().await;
    let (away, home) = (&two.away, &two.home);
    let id = two.forwarded().await;
    carried(away, home).await;
    let there = two.there().await;
    two.proposed(there).await;
    home.take(home.approver().await, there, Act::Refuse)
        .await
        .unwrap();
    carried(home, away).await;
    for act in [Act::Tell, Act::Object] {
        away.take(away.window(away.jinghe).await, id, act)
            .await
            .unwrap();
    }
    carried(away, home).await;
    let mut work = home.officer().await;
    let found = opened(&mut work, there).await;
    let case = &found.application.case;
    assert_eq!(
        (case.stage, case.owner()),
        (Stage::Objected, Some(home.tengzhou))
    );
    assert_eq!(case.clock.as_ref().unwrap().leg, Leg::Review);
    let mut steps = found.steps.iter();
    let objection = steps.find(|step| step.act == Act::Object).unwrap();
    assert_eq!(objection.reason.as_deref(), Some("虚构的理由"));
    assert_eq!(
        (objection.officer.as_deref(), &*objection.unit),
        (None, "枣庄市民政局")
    );
    work.commit().await.unwrap();
    home.office.clock.advance(SignedDuration::from_mins(1));
    away.office.clock.advance(SignedDuration::from_mins(1));
    home.take(home.officer().await, there, Act::Propose)
        .await
        .unwrap();
    home.take(home.approver().await, there, Act::Confirm)
        .await
        .unwrap();
    carried(home, away).await;
    let mut work = away.window(away.jinghe).await;
    let found = opened(&mut work, id).await;
    let outcomes: Vec<_> = found
        .decisions
        .iter()
        .map(|decision| decision.outcome)
        .collect();
    assert_eq!(
        (found.application.case.stage, outcomes.len()),
        (Stage::Confirmed, 2)
    );
    drop(work);
    two.close().await;
}

#[tokio::test]
async fn while_it_is_afar_the_town_owns_it_on_the_clock_and_changes_nothing() {
    let two = Two::open().await;
    let away = &two.away;
    let id = two.forwarded().await;
    let mut work = away.window(away.jinghe).await;
    let found = opened(&mut work, id).await;
    let case = &found.application.case;
    assert_eq!(
        (case.owner(), found.may.as_slice()),
        (Some(away.jinghe), &[Act::Withdraw][..])
    );
    assert_eq!(case.clock.as_ref().unwrap().leg, Leg::Verify);
    let verified = step(
        &mut work,
        id,
        &asked(Act::Verify, found.application.version),
    )
    .await;
    assert!(
        matches!(verified, Err(ApplicationError::Step(StepError::Afar))),
        "{verified:?}"
    );
    let restated = restate(
        &mut work,
        id,
        found.application.version,
        &Restatement::default(),
    )
    .await;
    assert!(matches!(
        restated,
        Err(ApplicationError::Hindered(Obstacle::Fixed))
    ));
    drop(work);
    // What is late there shows at the unit above the town, which has nothing of that household in reach.
    away.office.clock.set_day(after_days(40));
    let above = away.member(away.office.root, Role::CityOfficer);
    let mut work = away.work_as(&above.token).await;
    let late = numbers(&mut work, InboxBox::Escalated).await;
    assert_eq!(late, [found.application.number]);
    drop(work);
    two.close().await;
}

#[tokio::test]
async fn a_package_that_ran_out_is_written_anew_and_taken_once() {
    let two = Two::open().await;
    let (away, home) = (&two.away, &two.home);
    two.forwarded().await;
    let late = away.office.packages_waiting().await.remove(0);
    let first = listed(away).await.remove(0);
    assert_eq!(
        anew(away, first.id).await.unwrap_err(),
        "exchange.still_good"
    );
    for office in [&away.office, &home.office] {
        office.clock.set_day(after_days(31));
    }
    assert!(receive(&home.office.store, &late).await.is_err());
    let second = anew(away, first.id).await.unwrap();
    assert_eq!(anew(away, first.id).await.unwrap_err(), "exchange.no_such");
    assert_eq!(carried(away, home).await, 1);
    assert_eq!(home.office.packages_taken().await, ["application applied"]);
    assert_eq!(anew(away, second).await.unwrap_err(), "exchange.received");
    let application = first.application.uuid();
    let journal = away.office.journal_of(application).await;
    assert_eq!(journal.last().unwrap(), "exchange.packed_anew");

    // What came of it there runs out as well: the last report says all that those before it said.
    let there = two.there().await;
    two.proposed(there).await;
    home.office.clock.advance(SignedDuration::from_secs(1));
    home.take(home.approver().await, there, Act::Confirm)
        .await
        .unwrap();
    for office in [&away.office, &home.office] {
        office.clock.set_day(after_days(70));
    }
    let newest = listed(home).await.remove(0);
    anew(home, newest.id).await.unwrap();
    let report = home.office.packages_waiting().await.pop().unwrap();
    receive(&away.office.store, &report).await.unwrap();
    let mut work = away.window(away.jinghe).await;
    let found = opened(&mut work, first.application).await;
    assert_eq!(found.application.case.stage, Stage::Confirmed);
    assert_eq!(found.decisions[0].on, after_days(31));
    drop(work);
    two.close().await;
}

/// The packages as the town has them in its list.
async fn listed(bureau: &Bureau) -> Vec<Outgoing> {
    let mut work = bureau.window(bureau.jinghe).await;
    packages(&mut work).await.unwrap()
}

/// The town has a package written anew; answers the code of what stands against it.
async fn anew(bureau: &Bureau, id: PackageId) -> Result<PackageId, &'static str> {
    let mut work = bureau.window(bureau.jinghe).await;
    let renewed = renew(&mut work, id).await.map_err(|error| error.code())?;
    work.commit().await.unwrap();
    Ok(renewed)
}
