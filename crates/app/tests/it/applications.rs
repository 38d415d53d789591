//! Applications from the window to the child's file.

use std::time::Duration;

use app::applications::{
    ApplicationError, InboxBox, Linking, Obstacle, Restatement, doubles, draft, link, recount,
    restate, step, tally,
};
use domain::applications::{Act, Outcome, PathError, Stage, StepError};
use jiff::civil::date;
use kernel::calendar::{Revision, WorkCalendar};
use kernel::category::Category;
use kernel::roles::Role;
use serde_json::json;
use store::registry::spans;
use testkit::office::{Persona, TENGZHOU, TODAY};

use crate::applications_scene::{Bureau, asked, family, numbers, opened, version};

fn why(error: Result<(), ApplicationError>) -> StepError {
    match error {
        Err(ApplicationError::Step(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_grandmother_applies_at_her_own_town_and_the_file_has_the_status() {
    let bureau = Bureau::open().await;
    let (id, child) = bureau.proposed().await;
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    let mut work = bureau.officer().await;
    let held = spans(&mut work, child).await.unwrap();
    assert_eq!(
        (held[0].category, held[0].from, held[0].to),
        (Category::DeFactoUnattended, TODAY, None)
    );
    let found = opened(&mut work, id).await;
    let decision = &found.decisions[0];
    assert_eq!((decision.outcome, decision.on), (Outcome::Grant, TODAY));
    assert_eq!(decision.grounds.reasons, ["虚构的理由", "虚构的理由"]);
    assert_eq!(decision.grounds.facts["father"]["situation"], "dead");
    let weighed = &decision.grounds.weighed;
    assert!(
        weighed["rules"][0]["cite"]
            .as_str()
            .unwrap()
            .contains("62号"),
        "{weighed}"
    );
    assert_eq!(weighed["met"][1]["code"], "mother.imprisoned");
    assert_eq!(
        bureau.office.decision_of(held[0].id).await,
        Some(decision.id),
        "the status names its decision"
    );
    work.commit().await.unwrap();
    for act in [Act::Tell, Act::Close] {
        let work = bureau.window(bureau.jinghe).await;
        bureau.take(work, id, act).await.unwrap();
    }
    let work = bureau.officer().await;
    assert_eq!(bureau.stage(work, id).await, Stage::Closed);
    let journal = bureau.office.journal_of(id.uuid()).await;
    for done in [
        "drafted",
        "accepted",
        "linked",
        "verified",
        "proposed",
        "decided",
        "confirmed",
        "told",
        "closed",
    ] {
        assert!(
            journal.contains(&format!("applications.{done}")),
            "{done}: {journal:?}"
        );
    }
    bureau.office.close().await;
}

#[tokio::test]
async fn whoever_proposed_or_verified_does_not_decide_even_in_another_post() {
    let bureau = Bureau::open().await;
    let (id, child) = bureau.proposed().await;
    for (unit, role, expected) in [
        (bureau.tengzhou, Role::CountyOfficer, StepError::Proposed),
        (bureau.jinghe, Role::ChildSupervisor, StepError::Verified),
    ] {
        let officer = bureau.member(unit, role).officer;
        let post = bureau
            .office
            .second_post(officer, bureau.tengzhou, Role::CountyApprover);
        let work = bureau.work_as(&post.await).await;
        assert_eq!(why(bureau.take(work, id, Act::Confirm).await), expected);
    }
    let refused = "applications.refused_to_officer (refused)";
    let journal = bureau.office.journal_of(id.uuid()).await;
    assert_eq!(journal.iter().filter(|entry| *entry == refused).count(), 2);
    // The officer's own role has no decision at all.
    let mut work = bureau.officer().await;
    let at = version(&mut work, id).await;
    let tried = step(&mut work, id, &asked(Act::Confirm, at)).await;
    assert!(
        matches!(tried, Err(ApplicationError::NotFound)),
        "{tried:?}"
    );
    assert!(spans(&mut work, child).await.unwrap().is_empty());
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn of_two_approvers_who_confirm_at_once_one_decides() {
    let bureau = Bureau::open().await;
    let (id, child) = bureau.proposed().await;
    let colleague = bureau
        .office
        .hire(bureau.tengzhou, TENGZHOU, Role::CountyApprover)
        .await;
    let colleague = bureau
        .office
        .second_post(colleague, bureau.tengzhou, Role::CountyApprover);
    let mut second = bureau.work_as(&colleague.await).await;
    let mut first = bureau.approver().await;
    let at = version(&mut first, id).await;
    step(&mut first, id, &asked(Act::Confirm, at))
        .await
        .unwrap();
    let waiting = tokio::spawn(async move {
        let told = step(&mut second, id, &asked(Act::Confirm, at)).await;
        drop(second);
        told
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "the second waits for the first");
    first.commit().await.unwrap();
    let stage = Stage::Confirmed;
    let act = Act::Confirm;
    assert_eq!(
        why(waiting.await.unwrap()),
        StepError::NotNow { stage, act }
    );
    let mut work = bureau.officer().await;
    assert_eq!(spans(&mut work, child).await.unwrap().len(), 1);
    assert_eq!(opened(&mut work, id).await.decisions.len(), 1);
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn what_was_withdrawn_is_not_confirmed_and_what_changed_is_read_again() {
    let bureau = Bureau::open().await;
    let (id, child) = bureau.proposed().await;
    let mut work = bureau.approver().await;
    let at = version(&mut work, id).await;
    let stale = step(&mut work, id, &asked(Act::Confirm, at - 1)).await;
    assert!(matches!(stale, Err(ApplicationError::Stale)), "{stale:?}");
    drop(work);
    let work = bureau.window(bureau.jinghe).await;
    bureau.take(work, id, Act::Withdraw).await.unwrap();
    let mut work = bureau.approver().await;
    let stage = Stage::Withdrawn;
    let act = Act::Confirm;
    let late = step(&mut work, id, &asked(act, at)).await;
    assert_eq!(why(late), StepError::NotNow { stage, act });
    assert!(spans(&mut work, child).await.unwrap().is_empty());
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn a_town_elsewhere_forwards_and_sees_the_file_until_the_case_is_closed() {
    let bureau = Bureau::open().await;
    let id = bureau.drafted(bureau.far).await;
    for act in [Act::Submit, Act::Accept, Act::Forward] {
        let work = bureau.window(bureau.far).await;
        bureau.take(work, id, act).await.unwrap();
    }
    let mut work = bureau.window(bureau.jinghe).await;
    assert_eq!(numbers(&mut work, InboxBox::Mine).await.len(), 1);
    let waiting = tally(&mut work).await.unwrap();
    assert_eq!((waiting.all, waiting.late), (1, 0));
    drop(work);
    let child = bureau.verified(id).await;
    bureau.office.database.lengthen_grants().await;
    let mut work = bureau.window(bureau.far).await;
    assert!(app::registry::open(&mut work, child).await.is_ok());
    assert_eq!(opened(&mut work, id).await.application.child, Some(child));
    drop(work);
    let work = bureau.officer().await;
    bureau.take(work, id, Act::Propose).await.unwrap();
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    for act in [Act::Tell, Act::Close] {
        let work = bureau.window(bureau.far).await;
        bureau.take(work, id, act).await.unwrap();
    }
    let mut work = bureau.window(bureau.far).await;
    assert!(app::registry::open(&mut work, child).await.is_err());
    // Its own case it can still answer for.
    assert_eq!(numbers(&mut work, InboxBox::All).await.len(), 1);
    drop(work);
    let work = bureau.officer().await;
    assert_eq!(bureau.stage(work, id).await, Stage::Closed);
    bureau.office.close().await;
}

#[tokio::test]
async fn the_child_is_found_in_the_registry_and_not_doubled() {
    let bureau = Bureau::open().await;
    let (first, child) = bureau.proposed().await;
    let id = bureau.drafted(bureau.jinghe).await;
    let mut work = bureau.window(bureau.jinghe).await;
    let found = doubles(&mut work, id).await.unwrap();
    assert_eq!(
        found
            .files
            .iter()
            .map(|file| file.child)
            .collect::<Vec<_>>(),
        [child]
    );
    let at = version(&mut work, id).await;
    let hindered = |told: Result<_, ApplicationError>| match told {
        Err(ApplicationError::Hindered(obstacle)) => obstacle,
        other => panic!("{other:?}"),
    };
    let anew = link(&mut work, id, at, Linking::New).await;
    assert_eq!(hindered(anew), Obstacle::IdTaken);
    let beside = link(&mut work, id, at, Linking::File(child)).await;
    assert_eq!(hindered(beside), Obstacle::OpenAlready);
    drop(work);
    let work = bureau.window(bureau.jinghe).await;
    bureau.take(work, first, Act::Withdraw).await.unwrap();
    let mut work = bureau.window(bureau.jinghe).await;
    assert_eq!(
        link(&mut work, id, at, Linking::File(child)).await.unwrap(),
        child
    );
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn a_fact_that_is_missing_holds_a_grant_up_and_a_proposed_fact_stays_as_it_is() {
    let bureau = Bureau::open().await;
    let id = bureau.drafted(bureau.jinghe).await;
    let mut work = bureau.window(bureau.jinghe).await;
    let at = version(&mut work, id).await;
    let without_birth = Restatement {
        fields: json!({ "birth": null, "resident_id": null })
            .as_object()
            .unwrap()
            .clone(),
        ..Restatement::default()
    };
    restate(&mut work, id, at, &without_birth).await.unwrap();
    work.commit().await.unwrap();
    for act in [Act::Submit, Act::Accept] {
        let work = bureau.window(bureau.jinghe).await;
        bureau.take(work, id, act).await.unwrap();
    }
    bureau.verified(id).await;
    let mut work = bureau.officer().await;
    let found = opened(&mut work, id).await;
    assert_eq!(found.weighed.missing[0].code, "child.born");
    assert_eq!(found.weighed.unmet, [], "what is not known is not unmet");
    let at = found.application.version;
    let tried = step(&mut work, id, &asked(Act::Propose, at)).await;
    assert!(matches!(
        tried,
        Err(ApplicationError::Hindered(Obstacle::NotByRules))
    ));
    let refusing = app::applications::Asked {
        outcome: Some(Outcome::Refuse),
        ..asked(Act::Propose, at)
    };
    step(&mut work, id, &refusing).await.unwrap();
    let late = restate(&mut work, id, at + 1, &Restatement::default()).await;
    assert!(matches!(
        late,
        Err(ApplicationError::Hindered(Obstacle::Fixed))
    ));
    work.commit().await.unwrap();
    let work = bureau.approver().await;
    let confirmed = bureau.take(work, id, Act::Confirm).await;
    assert_eq!(why(confirmed), StepError::ProposedOtherwise);
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Refuse).await.unwrap();
    let work = bureau.window(bureau.jinghe).await;
    bureau.take(work, id, Act::Tell).await.unwrap();
    let work = bureau.window(bureau.jinghe).await;
    let closed = bureau.take(work, id, Act::Close).await;
    assert!(matches!(why(closed), StepError::StillTime { .. }));
    let work = bureau.window(bureau.jinghe).await;
    bureau.take(work, id, Act::Object).await.unwrap();
    let work = bureau.officer().await;
    assert_eq!(bureau.stage(work, id).await, Stage::Objected);
    bureau.office.close().await;
}

#[tokio::test]
async fn a_clock_into_an_unpublished_year_is_provisional_and_counted_once_more() {
    let bureau = Bureau::open().await;
    bureau.office.clock.set_day(date(2026, 12, 21));
    let id = bureau.accepted(bureau.jinghe).await;
    let mut work = bureau.window(bureau.jinghe).await;
    let clock = opened(&mut work, id).await.application.case.clock.unwrap();
    assert_eq!((clock.due, clock.provisional), (date(2027, 1, 11), true));
    let published = WorkCalendar::builtin().revised(Revision {
        announced: date(2026, 11, 30),
        days_off: vec![date(2027, 1, 1), date(2027, 10, 1)],
        workdays: Vec::new(),
        note: "虚构的2027年放假安排".into(),
    });
    assert_eq!(recount(&mut work, &published).await.unwrap(), 1);
    assert_eq!(recount(&mut work, &published).await.unwrap(), 0);
    let clock = opened(&mut work, id).await.application.case.clock.unwrap();
    assert_eq!((clock.due, clock.provisional), (date(2027, 1, 12), false));
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn what_is_late_is_on_the_list_of_the_unit_above() {
    let bureau = Bureau::open().await;
    bureau.accepted(bureau.jinghe).await;
    let above = bureau
        .member(bureau.office.root, Role::CityOfficer)
        .token
        .clone();
    let mut work = bureau.work_as(&above).await;
    assert!(numbers(&mut work, InboxBox::Escalated).await.is_empty());
    drop(work);
    bureau.office.clock.set_day(date(2021, 11, 26));
    let mut work = bureau.work_as(&above).await;
    assert_eq!(numbers(&mut work, InboxBox::Escalated).await.len(), 1);
    drop(work);
    let mut work = bureau.window(bureau.jinghe).await;
    assert_eq!(tally(&mut work).await.unwrap().late, 1);
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn the_database_itself_wants_three_people_and_each_in_his_own_name() {
    let bureau = Bureau::open().await;
    let (id, _) = bureau.proposed().await;
    let tried = bureau
        .office
        .try_decide(id, Persona::TengzhouColleague)
        .await;
    assert_eq!(tried.as_deref(), Some("42501"), "in another's name");
    assert_eq!(
        bureau.office.try_propose_and_decide(id).await.as_deref(),
        Some("23514")
    );
    bureau.office.close().await;
}

#[tokio::test]
async fn the_sealed_class_is_filed_with_the_county_and_known_to_three_people() {
    let bureau = Bureau::open().await;
    let mut work = bureau.window(bureau.jinghe).await;
    let at_town = draft(&mut work, &family(Category::AidsAffected)).await;
    assert!(matches!(
        at_town,
        Err(ApplicationError::Path(PathError::CountyOnly))
    ));
    drop(work);

    let mut work = bureau.officer().await;
    let id = draft(&mut work, &family(Category::AidsAffected))
        .await
        .unwrap();
    work.commit().await.unwrap();
    for act in [Act::Submit, Act::Accept, Act::Verify] {
        let work = bureau.officer().await;
        bureau.take(work, id, act).await.unwrap();
    }
    let proposer = bureau.office.sign_in(Persona::TengzhouColleague).await;
    let approver = bureau
        .member(bureau.tengzhou, Role::CountyApprover)
        .token
        .clone();
    for token in [&proposer, &approver] {
        let mut work = bureau.work_as(token).await;
        assert!(numbers(&mut work, InboxBox::All).await.is_empty());
        assert!(app::applications::open(&mut work, id).await.is_err());
        let officer = work.officer();
        drop(work);
        let mut work = bureau.officer().await;
        app::applications::confide(&mut work, id, officer)
            .await
            .unwrap();
        work.commit().await.unwrap();
    }
    let mut work = bureau.officer().await;
    let supervisor = bureau.member(bureau.jinghe, Role::ChildSupervisor).officer;
    let told = app::applications::confide(&mut work, id, supervisor).await;
    assert!(matches!(
        told,
        Err(ApplicationError::Hindered(Obstacle::NotAColleague))
    ));
    let work = bureau.work_as(&proposer).await;
    bureau.take(work, id, Act::Propose).await.unwrap();
    let work = bureau.work_as(&approver).await;
    bureau.take(work, id, Act::Confirm).await.unwrap();

    let mut work = bureau.officer().await;
    let child = opened(&mut work, id).await.application.child.unwrap();
    let held = spans(&mut work, child).await.unwrap();
    assert_eq!(held[0].category, Category::AidsAffected);
    let mut work = bureau.window(bureau.jinghe).await;
    assert!(
        app::registry::search(&mut work, "虚构小荆")
            .await
            .unwrap()
            .is_empty()
    );
    assert!(numbers(&mut work, InboxBox::All).await.is_empty());
    drop(work);
    bureau.office.close().await;
}
