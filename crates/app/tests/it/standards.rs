//! Standards in an office: two people publish, what is decided stays, and a month knows what was published before it.

use app::allowances::{
    GrowthOrder, StandardsError, WhatIfOrder, grow_rate, list_standards, prepare_month,
    propose_standard, publish_standard, rates_with, refuse_standard, weigh_standard, what_if,
    withdraw_standard,
};
use domain::allowances::{StandardAct, StandardError, StandardState};
use jiff::civil::date;
use kernel::category::Category::{InstitutionOrphan, KeyHardship, ScatteredOrphan};
use kernel::money::Money;
use kernel::roles::Role;
use testkit::Office;
use testkit::office::{CITY, JINGHE_VILLAGE, Persona, SHANTING, TENGZHOU, division};
use testkit::raise::rules_of_2020;

use crate::month_scene::{child, found, month, order, run_by};
use crate::standards_scene::{Bureau, begin, of_the_city};

const RAISED: Money = Money::from_yuan(1600);

fn error(done: Result<impl std::fmt::Debug, StandardsError>) -> StandardError {
    match done.unwrap_err() {
        StandardsError::Standard(error) => error,
        other => panic!("{other}"),
    }
}

/// An office in December 2020 with one child, and its city bureau.
async fn scene() -> (Office, Bureau) {
    let office = found().await;
    let of_2020 = date(2020, 12, 10);
    let one = child("虚构甲", JINGHE_VILLAGE, ScatteredOrphan, of_2020);
    office.register(Persona::TengzhouOfficer, &[one]).await;
    let bureau = Bureau::of(&office).await;
    (office, bureau)
}

#[tokio::test]
async fn a_standard_waits_once_and_is_published_by_another_person_alone() {
    let (office, bureau) = scene().await;
    let draft = of_the_city(ScatteredOrphan, RAISED);
    let id = bureau.propose(&office, &draft).await.unwrap();
    assert_eq!(
        error(bureau.propose(&office, &draft).await),
        StandardError::Waiting
    );

    // Through another post the proposer is the same person.
    let proposer = office.officer_of(Persona::CityOfficer).await;
    let own = office
        .second_post(proposer, office.root, Role::CityApprover)
        .await;
    let mut work = begin(&office, &own).await;
    assert_eq!(
        error(publish_standard(&mut work, id, true).await),
        StandardError::SamePerson
    );
    assert_eq!(
        error(refuse_standard(&mut work, id, "不同意").await),
        StandardError::SamePerson
    );
    drop(work);
    let look = list_standards(&mut begin(&office, &bureau.publisher).await)
        .await
        .unwrap();
    assert_eq!(
        look.office[0].acts,
        [StandardAct::Publish, StandardAct::Refuse]
    );
    assert!(!look.office[0].in_force);

    bureau.publish(&office, id).await.unwrap();
    assert_eq!(
        error(bureau.publish(&office, id).await),
        StandardError::Decided(StandardState::Published)
    );
    let look = list_standards(&mut begin(&office, &bureau.proposer).await)
        .await
        .unwrap();
    assert_eq!(
        (look.office[0].acts.len(), look.office[0].standard.verified),
        (0, false)
    );
    let refused = "allowances.refused_to_officer (refused)";
    assert_eq!(
        office.journal_of(id.uuid()).await,
        [
            "allowances.standard_proposed",
            refused,
            refused,
            "allowances.standard_published",
            refused
        ]
    );
    office.close().await;
}

#[tokio::test]
async fn what_was_withdrawn_or_refused_is_not_published_and_may_be_proposed_anew() {
    let (office, bureau) = scene().await;
    let draft = of_the_city(ScatteredOrphan, RAISED);
    let first = bureau.propose(&office, &draft).await.unwrap();
    let mut work = begin(&office, &bureau.proposer).await;
    withdraw_standard(&mut work, first).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        error(bureau.publish(&office, first).await),
        StandardError::Decided(StandardState::Withdrawn)
    );
    let second = bureau.propose(&office, &draft).await.unwrap();
    let mut work = begin(&office, &bureau.publisher).await;
    assert_eq!(
        error(refuse_standard(&mut work, second, "  ").await),
        StandardError::Words
    );
    refuse_standard(&mut work, second, "金额与文件不符")
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        error(bureau.publish(&office, second).await),
        StandardError::Decided(StandardState::Refused)
    );
    assert_eq!(
        error(weigh_standard(&mut begin(&office, &bureau.proposer).await, second).await),
        StandardError::Decided(StandardState::Refused)
    );
    bureau.propose(&office, &draft).await.unwrap();
    office.close().await;
}

#[tokio::test]
async fn published_twice_at_once_it_is_published_once() {
    let (office, bureau) = scene().await;
    let draft = of_the_city(ScatteredOrphan, RAISED);
    let id = bureau.propose(&office, &draft).await.unwrap();
    let (one, other) = tokio::join!(bureau.publish(&office, id), bureau.publish(&office, id));
    let failed = [one, other].into_iter().filter_map(Result::err);
    let failed: Vec<StandardError> = failed.map(|e| error(Err::<(), _>(e))).collect();
    assert_eq!(failed, [StandardError::Decided(StandardState::Published)]);
    office.close().await;
}

#[tokio::test]
async fn a_month_knows_what_was_published_before_it_and_can_be_made_again() {
    let (office, bureau) = scene().await;
    let (rules, token) = (
        rules_of_2020(),
        office.sign_in(Persona::TengzhouOfficer).await,
    );
    let january = run_by(&office, &token, &rules, order("2021-01"))
        .await
        .unwrap()
        .batch;
    assert_eq!(
        (january.paid, january.rulebook.as_str()),
        (Money::from_yuan(1400), "试验")
    );

    // Whoever publishes as of an earlier moment would tell January's run what it did not know.
    let draft = of_the_city(ScatteredOrphan, RAISED);
    office.clock.set_day(date(2021, 1, 19));
    let id = bureau.propose(&office, &draft).await.unwrap();
    assert_eq!(
        error(bureau.publish(&office, id).await),
        StandardError::Meanwhile
    );

    office.clock.set_day(date(2021, 2, 1));
    bureau.publish(&office, id).await.unwrap();
    let february = run_by(&office, &token, &rules, order("2021-02"))
        .await
        .unwrap()
        .batch;
    // The new rate, and what January lacked.
    assert_eq!(
        (february.lines, february.paid),
        (2, Money::from_yuan(1600 + 200))
    );
    assert!(
        february.rulebook.starts_with("试验+1."),
        "{}",
        february.rulebook
    );

    // A later rate changes nothing about what either knew.
    let later = of_the_city(ScatteredOrphan, Money::from_yuan(1700));
    office.clock.set_day(date(2021, 2, 21));
    let later = bureau.propose(&office, &later).await.unwrap();
    bureau.publish(&office, later).await.unwrap();
    let mut work = begin(&office, &token).await;
    for batch in [january, february] {
        let again = rates_with(&mut work, &rules, "试验", batch.known_at)
            .await
            .unwrap();
        assert_eq!(again.version, batch.rulebook);
        let rate = again.rules.rate(
            ScatteredOrphan,
            division(TENGZHOU),
            batch.month,
            batch.known_at,
        );
        let known = if batch.month == month("2021-01") {
            1400
        } else {
            1600
        };
        assert_eq!(rate.unwrap().monthly, Money::from_yuan(known));
    }
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn a_proposal_that_touches_nobody_says_so() {
    let (office, bureau) = scene().await;
    office.clock.set_day(date(2021, 11, 4));
    // Nobody is in this class; and the rate of the county goes before the city's.
    let mut of_the_county = of_the_city(ScatteredOrphan, Money::from_yuan(1650));
    of_the_county.place = division(TENGZHOU);
    for draft in [
        of_the_city(InstitutionOrphan, Money::from_yuan(2500)),
        of_the_county,
    ] {
        let id = bureau.propose(&office, &draft).await.unwrap();
        let mut work = begin(&office, &bureau.proposer).await;
        let weighing = weigh_standard(&mut work, id).await.unwrap();
        let touched = u64::from(draft.class == ScatteredOrphan);
        assert_eq!(
            (weighing.total.heads, weighing.effect.cells.len() as u64),
            (touched, touched)
        );
        drop(work);
        bureau.publish(&office, id).await.unwrap();
    }
    let id = bureau
        .propose(
            &office,
            &of_the_city(ScatteredOrphan, Money::from_yuan(1700)),
        )
        .await;
    let mut work = begin(&office, &bureau.proposer).await;
    let weighing = weigh_standard(&mut work, id.unwrap()).await.unwrap();
    assert_eq!(weighing.total.heads, 0, "the county's own rate stands");
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn a_county_proposes_for_itself_alone_and_another_does_not_publish_it() {
    let (office, bureau) = scene().await;
    let tengzhou = office.sign_in(Persona::TengzhouOfficer).await;
    let mut draft = of_the_city(KeyHardship, Money::from_yuan(1210));
    for place in [CITY, SHANTING, 370_481_999_999] {
        draft.place = division(place);
        let mut work = begin(&office, &tengzhou).await;
        assert_eq!(
            error(propose_standard(&mut work, &draft).await),
            StandardError::Place
        );
    }
    draft.place = division(TENGZHOU);
    let mut work = begin(&office, &tengzhou).await;
    let id = propose_standard(&mut work, &draft).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        error(bureau.publish(&office, id).await),
        StandardError::Role
    );
    let supervisor = office.sign_in(Persona::JingheSupervisor).await;
    let mut work = begin(&office, &supervisor).await;
    let answers = propose_standard(&mut work, &draft).await;
    assert!(
        matches!(answers, Err(StandardsError::NotFound)),
        "{answers:?}"
    );
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn growth_proposes_a_rate_and_writes_none() {
    let (office, bureau) = scene().await;
    office.clock.set_day(date(2021, 11, 4));
    let yuan = Money::from_yuan;
    let order = GrowthOrder {
        class: KeyHardship,
        place: division(CITY),
        from: month("2022-01"),
        before: yuan(20_000),
        after: yuan(21_000),
    };
    let mut work = begin(&office, &bureau.proposer).await;
    let grown = grow_rate(&mut work, order).await.unwrap();
    // 1100 × 21 000 ÷ 20 000 = 1155, up to the next ten.
    assert_eq!(
        (grown.current.monthly, grown.next),
        (yuan(1100), yuan(1160))
    );
    assert!(!grown.rule.verified);
    let without = GrowthOrder {
        before: Money::ZERO,
        ..order
    };
    assert_eq!(
        error(grow_rate(&mut work, without).await),
        StandardError::Index
    );
    assert!(list_standards(&mut work).await.unwrap().office.is_empty());
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn the_rulebooks_own_month_knows_what_was_published() {
    let (office, bureau) = scene().await;
    office.clock.set_day(date(2021, 11, 4));
    let raised = of_the_city(ScatteredOrphan, Money::from_yuan(1700));
    let id = bureau.propose(&office, &raised).await.unwrap();
    bureau.publish(&office, id).await.unwrap();
    let mut work = office.work(Persona::TengzhouOfficer).await;
    let batch = prepare_month(&mut work, order("2021-11"))
        .await
        .unwrap()
        .batch;
    assert_eq!(batch.paid, Money::from_yuan(1700));
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn rates_are_tried_out_by_finance_too_and_nothing_is_written() {
    let (office, _) = scene().await;
    office.clock.set_day(date(2021, 11, 4));
    let officer = office.officer_of(Persona::ShantingOfficer).await;
    let unit = office.unit(Persona::TengzhouOfficer);
    let post = Role::FinanceOfficer;
    let finance = office.second_post(officer, unit, post).await;
    let tried = |place, yuan| WhatIfOrder {
        place: division(place),
        from: month("2021-12"),
        rates: vec![(ScatteredOrphan, Money::from_yuan(yuan))],
    };
    let mut work = begin(&office, &finance).await;
    let weighing = what_if(&mut work, &tried(TENGZHOU, 1700)).await.unwrap();
    // One child at 1600 yuan, and December alone is left of the year.
    let months = &weighing.effect.outlook.months;
    assert_eq!((months.len(), weighing.effect.outlook.heads), (1, 1));
    let spent = (months[0].before, months[0].after);
    assert_eq!(spent, (Money::from_yuan(1600), Money::from_yuan(1700)));
    assert_eq!(weighing.total.to_year_end, Money::from_yuan(100));
    assert_eq!(
        error(what_if(&mut work, &tried(SHANTING, 1700)).await),
        StandardError::Place
    );
    assert_eq!(
        error(what_if(&mut work, &tried(TENGZHOU, 0)).await),
        StandardError::Amount
    );
    work.commit().await.unwrap();
    let mut work = begin(&office, &finance).await;
    let nothing = list_standards(&mut work).await.unwrap().office;
    assert!(nothing.is_empty(), "{nothing:?}");
    drop(work);
    let supervisor = office.sign_in(Persona::JingheSupervisor).await;
    let mut work = begin(&office, &supervisor).await;
    let refused = what_if(&mut work, &tried(TENGZHOU, 1700)).await;
    assert!(
        matches!(refused, Err(StandardsError::NotFound)),
        "{refused:?}"
    );
    drop(work);
    office.close().await;
}
