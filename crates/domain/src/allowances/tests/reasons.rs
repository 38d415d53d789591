//! Each line says which fact or which rate made it, and cites the document behind it.

use jiff::civil::date;
use kernel::category::Category::{DeFactoUnattended, InstitutionOrphan, ScatteredOrphan};
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::month::Month;

use super::scenes::{Tale, m};
use crate::allowances::{Fact, Struck, Words};

/// The words of the first line of a month's run, in both languages, and its citation.
fn first(tale: &Tale, pay_month: Month) -> (String, String, String) {
    tale.run(pay_month, |answer| {
        let line = &answer.lines[0];
        let words = |lang| {
            let history = &tale.0;
            Words {
                line,
                history,
                lang,
            }
            .to_string()
        };
        (words(Lang::Zh), words(Lang::En), line.cite.to_owned())
    })
}

fn orphan() -> Tale {
    Tale::born(date(2012, 3, 4)).recognised(ScatteredOrphan, date(2021, 2, 10))
}

#[test]
fn a_raise_is_named_with_the_day_it_was_announced() {
    let tale = orphan().paid(m("2021-03"), m("2021-08"), 1400);
    let (zh, en, cite) = first(&tale, m("2021-09"));
    assert_eq!(
        zh,
        "2021-01-01起每月1600.00元的标准（2021-08-25公布）；当月应发1600.00元，已发1400.00元。"
    );
    assert_eq!(
        en,
        "Rate of 1600.00 a month from 2021-01-01, announced on 2021-08-25; 1600.00 is due, 1400.00 was paid."
    );
    assert_eq!(cite, "标准");
}

#[test]
fn a_stop_is_named_with_its_reason() {
    let paid = orphan().paid(m("2021-03"), m("2021-10"), 1600);
    let (zh, _, cite) = first(&paid.stopped(date(2021, 9, 3), "adopted"), m("2021-10"));
    assert_eq!(
        zh,
        "2021-09-03停发（adopted）；当月不应发放，已发1600.00元。"
    );
    assert_eq!(cite, "办法");
    let paid = orphan().paid(m("2021-03"), m("2021-10"), 1600);
    let (_, en, cite) = first(
        &paid.stopped(date(2021, 9, 3), "parent_found"),
        m("2021-10"),
    );
    assert_eq!(
        en,
        "Stopped on 2021-09-03 (parent_found); nothing is due, 1600.00 was paid."
    );
    assert_eq!(cite, "停发规定");
}

#[test]
fn a_revocation_is_named_and_not_what_it_struck_out() {
    let on = date(2021, 2, 10);
    let of = Struck::Recognised;
    let tale = orphan()
        .paid(m("2021-03"), m("2021-03"), 1600)
        .fact(date(2021, 9, 1), Fact::Revoked { of, on });
    let (zh, ..) = first(&tale, m("2021-09"));
    assert_eq!(zh, "2021-02-10的认定已撤销；当月不应发放，已发1600.00元。");

    let of = Struck::Stopped;
    let on = date(2021, 6, 3);
    let tale = orphan()
        .paid(m("2021-03"), m("2021-06"), 1600)
        .stopped(on, "adopted")
        .fact(date(2021, 9, 1), Fact::Revoked { of, on });
    let (zh, _, cite) = first(&tale, m("2021-09"));
    assert_eq!(
        zh,
        "2021-06-03的停发已撤销；当月应发1600.00元，已发0.00元。"
    );
    assert_eq!(cite, "标准");
}

#[test]
fn a_benefit_is_named_with_what_it_takes_off() {
    let tale = Tale::born(date(2012, 3, 4))
        .recognised(DeFactoUnattended, date(2021, 7, 10))
        .benefit("minimum_living", 580, m("2021-08"), None);
    let (zh, en, cite) = first(&tale, m("2021-08"));
    assert_eq!(
        zh,
        "自2021-08起领取minimum_living每月580.00元；当月标准1600.00元，抵扣580.00元，应发1020.00元，已发0.00元。"
    );
    assert_eq!(
        en,
        "Draws minimum_living of 580.00 a month from 2021-08 on; of the rate of 1600.00 other benefits take 580.00, so 1020.00 is due, 0.00 was paid."
    );
    assert_eq!(cite, "办法");
}

#[test]
fn age_study_and_a_corrected_birth_are_named() {
    let grown = || Tale::born(date(2003, 7, 9)).recognised(ScatteredOrphan, date(2021, 5, 10));
    let paid = grown().paid(m("2021-06"), m("2021-08"), 1600);
    let last = |tale: &Tale| {
        tale.run(m("2021-09"), |answer| {
            let line = answer.lines.last().unwrap();
            let (history, lang) = (&tale.0, Lang::Zh);
            Words {
                line,
                history,
                lang,
            }
            .to_string()
        })
    };
    assert_eq!(
        last(&paid),
        "按年龄发至2021-07为止；当月不应发放，已发1600.00元。"
    );
    let study = Fact::Study {
        from: m("2021-08"),
        to: Some(m("2022-06")),
    };
    let studying = grown().fact(date(2021, 9, 1), study);
    assert_eq!(
        last(&studying),
        "2021-08至2022-06在读；当月应发1600.00元，已发0.00元。"
    );
    let corrected = grown().fact(
        date(2021, 9, 2),
        Fact::BornCorrected {
            born: date(2003, 9, 9),
        },
    );
    assert_eq!(
        last(&corrected),
        "出生日期更正为2003-09-09；当月应发1600.00元，已发0.00元。"
    );
}

#[test]
fn a_move_a_suspension_and_a_change_of_class_are_named() {
    let place = Division::parse("370402").unwrap();
    let on = date(2021, 9, 1);
    let moved = orphan()
        .paid(m("2021-03"), m("2021-08"), 1600)
        .fact(on, Fact::Moved { place, on });
    assert!(
        first(&moved, m("2021-09"))
            .0
            .starts_with("2021-09-01迁至370402000000；")
    );

    let suspended = Fact::Suspended {
        from: m("2021-03"),
        to: Some(m("2021-09")),
    };
    let withheld = orphan().fact(date(2021, 9, 1), suspended);
    assert!(
        first(&withheld, m("2021-10"))
            .1
            .starts_with("The suspension from 2021-03 to 2021-09 is over;")
    );

    let home = orphan()
        .paid(m("2021-03"), m("2021-09"), 1600)
        .recognised(InstitutionOrphan, date(2021, 8, 30));
    let (zh, ..) = first(&home, m("2021-09"));
    assert_eq!(
        zh,
        "2021-08-30认定为机构养育孤儿；当月不应发放，已发1600.00元。"
    );
}

#[test]
fn what_nothing_entitles_to_says_so() {
    let tale = Tale::born(date(2012, 3, 4)).paid(m("2021-03"), m("2021-03"), 1600);
    let (zh, _, cite) = first(&tale, m("2021-03"));
    assert_eq!(zh, "没有可据以发放的认定；当月不应发放，已发1600.00元。");
    assert_eq!(cite, "追回规定");
}
