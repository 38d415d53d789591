//! Each line says which fact or which rate made it, and cites the document behind it.

use jiff::civil::date;
use kernel::category::Category::{DeFactoUnattended, InstitutionOrphan, ScatteredOrphan};
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::month::Month;

use super::scenes::{Tale, m};
use crate::allowances::{
    Because, Fact, History, Known, OtherBenefit, Reason, StopReason, Struck, Words,
};

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

fn orphan_in_fact() -> Tale {
    Tale::born(date(2012, 3, 4)).recognised(DeFactoUnattended, date(2021, 2, 10))
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
        "2021-09-03停发（被收养）；当月不应发放，已发1600.00元。"
    );
    assert_eq!(cite, "办法");
    let paid = orphan().paid(m("2021-03"), m("2021-10"), 1600);
    let (_, en, cite) = first(
        &paid.stopped(date(2021, 9, 3), "parent_found"),
        m("2021-10"),
    );
    assert_eq!(
        en,
        "Stopped on 2021-09-03 (parents found); nothing is due, 1600.00 was paid."
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
        "自2021-08起领取最低生活保障金每月580.00元；当月标准1600.00元，抵扣580.00元，应发1020.00元，已发0.00元。"
    );
    assert_eq!(
        en,
        "Draws the minimum living allowance of 580.00 a month from 2021-08 on; of the rate of 1600.00 other benefits take 580.00, so 1020.00 is due, 0.00 was paid."
    );
    assert_eq!(cite, "办法");
}

#[test]
fn what_was_found_to_have_ended_is_named() {
    let until = |to: Option<&str>| Fact::Benefit {
        benefit: "minimum_living".into(),
        monthly: kernel::money::Money::from_yuan(580),
        from: m("2021-01"),
        to: to.map(m),
    };
    let tale = orphan_in_fact()
        .fact(date(2021, 2, 10), until(None))
        .paid(m("2021-09"), m("2021-10"), 1020)
        .fact(date(2021, 11, 10), until(Some("2021-09")));
    assert!(
        first(&tale, m("2021-11"))
            .0
            .starts_with("2021-01至2021-09领取最低生活保障金每月580.00元；"),
        "{}",
        first(&tale, m("2021-11")).0
    );
    // Long after, the rate alone speaks.
    let open = orphan_in_fact()
        .fact(date(2021, 10, 10), until(Some("2021-09")))
        .paid(m("2021-03"), m("2021-09"), 1020)
        .paid(m("2021-10"), m("2021-10"), 1600);
    assert!(!first(&open, m("2021-11")).0.contains("最低生活保障金"));

    let studies = |to: &str| Fact::Study {
        from: m("2021-07"),
        to: Some(m(to)),
    };
    let tale = Tale::born(date(2003, 3, 9))
        .recognised(ScatteredOrphan, date(2021, 6, 10))
        .fact(date(2021, 7, 1), studies("2022-06"))
        .paid(m("2021-07"), m("2021-10"), 1600)
        .fact(date(2021, 11, 1), studies("2021-09"));
    assert!(
        first(&tale, m("2021-11"))
            .0
            .starts_with("2021-07至2021-09在读；")
    );
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
            .starts_with("2021-09-01迁至山东省枣庄市市中区；")
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

/// What a fact says as the reason of a line, in Chinese and in English.
fn said(fact: Fact) -> [String; 2] {
    let history = History {
        place: Division::COUNTRY,
        born: date(2012, 3, 4),
        facts: vec![Known {
            at: jiff::Timestamp::UNIX_EPOCH,
            fact,
        }],
    };
    [Lang::Zh, Lang::En].map(|lang| {
        let because = &Because::Fact(0);
        let history = &history;
        Reason {
            because,
            history,
            lang,
        }
        .to_string()
    })
}

fn stop(code: &str) -> Fact {
    let (on, reason) = (date(2021, 9, 3), code.into());
    Fact::Stopped { on, reason }
}

fn draw(code: &str) -> Fact {
    Fact::Benefit {
        benefit: code.into(),
        monthly: kernel::money::Money::from_yuan(580),
        from: m("2021-08"),
        to: None,
    }
}

/// Every fact that can be the reason of a line, with every code that it can carry.
fn every_reason() -> Vec<Fact> {
    let (on, from, to) = (date(2021, 9, 3), m("2021-08"), Some(m("2021-09")));
    let stops = StopReason::ALL.map(|reason| stop(reason.code()));
    let benefits = OtherBenefit::ALL.map(|drawn| draw(drawn.code()));
    let classes = kernel::category::Category::ALL.map(|class| Fact::Recognised { class, on });
    let struck = [Struck::Recognised, Struck::Stopped].map(|of| Fact::Revoked { of, on });
    // A village that the gazetteer does not know lies in a town that it knows.
    let places = ["370402", "370481001999"].map(|code| Division::parse(code).unwrap());
    let moves = places.map(|place| Fact::Moved { place, on });
    let others = [
        Fact::Study { from, to },
        Fact::Suspended { from, to },
        Fact::BornCorrected { born: on },
    ];
    let all = stops.into_iter().chain(benefits).chain(classes);
    all.chain(struck).chain(moves).chain(others).collect()
}

#[test]
fn no_reason_is_told_by_a_code() {
    for fact in every_reason() {
        let [zh, en] = said(fact.clone());
        let has_latin = zh.chars().any(|letter| letter.is_ascii_alphabetic());
        let has_code = zh.contains("370") || en.contains('_') || en.contains("370");
        assert!(
            !zh.is_empty() && !en.is_empty() && !has_latin && !has_code,
            "{fact:?}: {zh} / {en}"
        );
    }
}

#[test]
fn every_code_of_the_rules_has_words() {
    let rules = policy::Rulebook::builtin().allowances();
    for class in kernel::category::Category::ALL {
        let rule = rules.class(class, date(2026, 1, 1));
        for code in rule.iter().flat_map(|rule| &rule.value.deducts) {
            assert!(OtherBenefit::from_code(code).is_some(), "{code}");
        }
    }
    for reason in StopReason::ALL {
        assert_eq!(StopReason::from_code(reason.code()), Some(reason));
    }
    assert!(
        rules
            .ends_month_before(StopReason::ParentFound.code(), date(2021, 9, 3))
            .is_some()
    );
}

#[test]
fn a_code_of_an_offices_own_stands_behind_words() {
    let [zh, en] = said(stop("去向不明"));
    assert_eq!(zh, "2021-09-03停发（其他原因：去向不明）");
    assert_eq!(en, "Stopped on 2021-09-03 (another reason: 去向不明)");
    let [zh, en] = said(draw("临时救助"));
    assert_eq!(zh, "自2021-08起领取其他补贴（临时救助）每月580.00元");
    assert_eq!(
        en,
        "Draws another benefit (临时救助) of 580.00 a month from 2021-08 on"
    );
}
