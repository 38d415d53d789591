//! What a file says, and what a month makes of it: households that move, stops that were taken back, doubles.

use app::allowances::{WhatIfOrder, facts_of, what_if};
use app::registry::{Doubles, end_status, merge};
use domain::allowances::{StandardDraft, Struck};
use jiff::civil::date;
use kernel::category::Category::{KeyHardship, ScatteredOrphan};
use kernel::money::Money;
use store::allowances::AllowanceFact;
use store::registry::spans;
use testkit::office::{
    CITY, JINGHE, JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE, division,
};

use crate::month_scene::{child, found, month, months, order, record, run, yuan};
use crate::standards_scene::{Bureau, begin, of_the_city};

const OFFICER: Persona = Persona::TengzhouOfficer;

/// Who moves away and back on one day has not moved, however often and in whatever order it was written down.
#[tokio::test]
async fn a_household_that_is_put_back_on_the_same_day_is_paid_as_before() {
    let office = found().await;
    let bureau = Bureau::of(&office).await;
    let in_the_town = StandardDraft {
        place: division(JINGHE),
        ..of_the_city(ScatteredOrphan, Money::from_yuan(1900))
    };
    let standard = bureau.propose(&office, &in_the_town).await.unwrap();
    bureau.publish(&office, standard).await.unwrap();
    // By chance one such pair comes in the right order: of nine pairs all do once in five hundred times.
    let of_2020 = date(2020, 12, 10);
    let children: Vec<_> = (0..9)
        .map(|_| child("虚构甲", JINGHE_VILLAGE, ScatteredOrphan, of_2020))
        .collect();
    let ids = office.register(OFFICER, &children).await;
    let officer = office.sign_in(OFFICER).await;
    let day = date(2020, 12, 31);
    for id in &ids {
        let moves = office.database.move_household(*id, LONGQUAN_VILLAGE, day);
        moves.await;
        let back = office.database.move_household(*id, JINGHE_VILLAGE, day);
        back.await;
    }
    run(&office, &officer, order("2021-01")).await.unwrap();
    for id in &ids {
        assert_eq!(yuan(&office, *id, 0).await, months(1, 1, 1900));
    }
    let mut work = begin(&office, &officer).await;
    let facts = facts_of(&mut work, ids[0]).await.unwrap();
    let moved = |fact: &AllowanceFact| matches!(fact, AllowanceFact::Moved { .. });
    assert_eq!(
        facts
            .iter()
            .filter(|on_record| moved(&on_record.fact))
            .count(),
        2
    );
    drop(work);
    let mut work = begin(&office, &bureau.proposer).await;
    let tried = WhatIfOrder {
        place: division(CITY),
        from: month("2021-02"),
        rates: vec![(ScatteredOrphan, Money::from_yuan(1500))],
    };
    what_if(&mut work, &tried).await.unwrap();
    drop(work);
    office.close().await;
}

/// Who moves to a county that pays here for a shorter time brings along the months that the first county paid, and those that
/// it had still to pay; what the second had not begun to pay here was settled elsewhere.
#[tokio::test]
async fn what_the_first_county_paid_is_put_right_by_the_second() {
    let office = found().await;
    let of_2020 = date(2020, 12, 10);
    let three = ["虚构甲", "虚构乙", "虚构丙"];
    let children = three.map(|name| child(name, JINGHE_VILLAGE, ScatteredOrphan, of_2020));
    let ids = office.register(OFFICER, &children).await;
    let there = [child("虚构丁", SHANTING_VILLAGE, KeyHardship, of_2020)];
    office.register(Persona::ShantingOfficer, &there).await;
    let tengzhou = office.sign_in(OFFICER).await;
    let shanting = office.sign_in(Persona::ShantingOfficer).await;
    for of_month in ["2021-01", "2021-02", "2021-03"] {
        run(&office, &tengzhou, order(of_month)).await.unwrap();
    }
    let spring = office
        .database
        .move_household(ids[1], SHANTING_VILLAGE, date(2021, 4, 10));
    spring.await;
    for of_month in ["2021-04", "2021-05"] {
        run(&office, &tengzhou, order(of_month)).await.unwrap();
    }
    let summer = office
        .database
        .move_household(ids[0], SHANTING_VILLAGE, date(2021, 6, 10));
    summer.await;
    for of_month in ["2021-06", "2021-07", "2021-08"] {
        run(&office, &shanting, order(of_month)).await.unwrap();
    }
    assert_eq!(yuan(&office, ids[0], 0).await, months(1, 8, 1400));
    // On 1 April the second child was still in the first county, whose run of that month came after it had left.
    let but_may = |yuan| [months(1, 4, yuan), months(6, 8, yuan)].concat();
    assert_eq!(yuan(&office, ids[1], 0).await, but_may(1400));
    // At the end of August rates were raised from January on.
    run(&office, &shanting, order("2021-09")).await.unwrap();
    run(&office, &tengzhou, order("2021-09")).await.unwrap();
    let raised = [but_may(1600), months(9, 9, 1600)].concat();
    assert_eq!(yuan(&office, ids[1], 0).await, raised);
    for id in [ids[0], ids[2]] {
        assert_eq!(yuan(&office, id, 0).await, months(1, 9, 1600));
    }
    assert_eq!(office.database.doubled_lines().await, 0);
    office.close().await;
}

/// Who was stopped by mistake, and whose status ended on that very day after all, is paid no more.
#[tokio::test]
async fn a_stop_that_was_taken_back_does_not_outlast_the_end_of_the_status() {
    let office = found().await;
    let of_2020 = date(2020, 12, 10);
    let children =
        ["虚构甲", "虚构乙"].map(|name| child(name, JINGHE_VILLAGE, ScatteredOrphan, of_2020));
    let ids = office.register(OFFICER, &children).await;
    let officer = office.sign_in(OFFICER).await;
    run(&office, &officer, order("2021-01")).await.unwrap();
    let on = date(2021, 2, 15);
    let stop = AllowanceFact::Stopped {
        on,
        reason: "adopted".into(),
    };
    let taken_back = AllowanceFact::Revoked {
        of: Struck::Stopped,
        on,
    };
    office.clock.set_day(date(2021, 2, 16));
    for id in &ids[..2] {
        record(&office, *id, &stop).await;
    }
    office.clock.set_day(date(2021, 2, 17));
    record(&office, ids[0], &taken_back).await;
    office.clock.set_day(date(2021, 2, 18));
    for id in &ids[..2] {
        let mut work = begin(&office, &officer).await;
        let status = spans(&mut work, *id).await.unwrap()[0].id;
        end_status(&mut work, *id, status, on).await.unwrap();
        work.commit().await.unwrap();
    }
    // The third child is paid on, so that there is a run in March.
    for of_month in ["2021-02", "2021-03"] {
        run(&office, &officer, order(of_month)).await.unwrap();
    }
    for id in &ids[..2] {
        assert_eq!(yuan(&office, *id, 0).await, months(1, 2, 1400));
    }
    office.close().await;
}

/// Who finds a child on file twice stops the double and joins it to the other file: the child is paid on, once.
#[tokio::test]
async fn a_double_that_was_stopped_does_not_stop_the_child() {
    let office = found().await;
    let of_2020 = date(2020, 12, 10);
    let children =
        ["虚构甲", "虚构假"].map(|name| child(name, JINGHE_VILLAGE, ScatteredOrphan, of_2020));
    let ids = office.register(OFFICER, &children).await;
    let officer = office.sign_in(OFFICER).await;
    run(&office, &officer, order("2021-01")).await.unwrap();
    office.clock.set_day(date(2021, 2, 2));
    let stop = AllowanceFact::Stopped {
        on: date(2021, 1, 31),
        reason: "other".into(),
    };
    record(&office, ids[1], &stop).await;
    let mut work = begin(&office, &officer).await;
    let doubles = Doubles {
        kept: ids[0],
        kept_version: 1,
        doubled: ids[1],
        doubled_version: 1,
    };
    merge(&mut work, doubles).await.unwrap();
    work.commit().await.unwrap();
    for of_month in ["2021-02", "2021-03"] {
        run(&office, &officer, order(of_month)).await.unwrap();
    }
    // January was paid twice; what the double had is taken back from the file that is kept.
    assert_eq!(yuan(&office, ids[0], 0).await, months(2, 3, 1400));
    assert_eq!(yuan(&office, ids[1], 0).await, months(1, 1, 1400));
    office.close().await;
}
