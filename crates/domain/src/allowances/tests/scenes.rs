//! Scenes: each sentence of the rule, told of one child.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use kernel::category::Category;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;
use policy::Rulebook;
use policy::allowance::AllowanceRules;

use crate::allowances::{Answer, Fact, History, Known, Payee, Replay, Run, Struck};

/// The rules of the scenes: the brief's rates, and a few that make a difference.
pub(super) fn rules() -> AllowanceRules {
    let rate = |class: &str, place: &str, monthly: &str, days: &str| {
        format!(
            "[[allowance_rate]]\nclass = \"{class}\"\nplace = \"{place}\"\nmonthly = \"{monthly}\"\n{days}\ncite = \"标准\"\nverified = false\n"
        )
    };
    let class = |class: &str, deducts: &str, study: bool, extra: u8| {
        format!(
            "[[allowance_class]]\nclass = \"{class}\"\nstart_months_after = 1\ndeducts = [{deducts}]\nstudy_extends = {study}\nextra_months = {extra}\nfrom = 2011-01-01\ncite = \"办法\"\nverified = false\n"
        )
    };
    let toml = [
        rate("scattered_orphan", "3704", "1400.00", "from = 2020-01-01"),
        rate(
            "scattered_orphan",
            "3704",
            "1600.00",
            "from = 2021-01-01\nannounced = 2021-08-25T00:00:00+08:00",
        ),
        rate("institution_orphan", "3704", "2000.00", "from = 2020-01-01"),
        rate("de_facto_unattended", "3704", "1600.00", "from = 2020-01-01"),
        rate("key_hardship", "3704", "1100.00", "from = 2020-01-01"),
        rate("key_hardship", "370405", "1332.00", "from = 2021-07-01\nuntil = 2021-09-30"),
        class("scattered_orphan", "", true, 0),
        class("institution_orphan", "", true, 0),
        class("de_facto_unattended", "\"minimum_living\", \"destitute\"", false, 0),
        class("key_hardship", "\"minimum_living\"", true, 6),
        "[[allowance_stop]]\nends_month_before = [\"parent_found\"]\nfrom = 2011-01-01\ncite = \"停发规定\"\nverified = false\n".to_owned(),
        "[[recovery_share]]\npercent = 50\nfrom = 2011-01-01\ncite = \"追回规定\"\nverified = false\n".to_owned(),
    ];
    Rulebook::parse(&toml.concat())
        .unwrap()
        .allowances()
        .clone()
}

/// A child's file, written fact by fact; each is known at nine in the morning of a day.
pub(super) struct Tale(pub(super) History);

impl Tale {
    /// A child of Tengzhou, born on a day.
    pub(super) fn born(day: Date) -> Self {
        Self(History {
            place: Division::parse("370481").unwrap(),
            born: day,
            facts: Vec::new(),
        })
    }

    pub(super) fn fact(mut self, known: Date, fact: Fact) -> Self {
        self.0.facts.push(Known {
            at: morning(known),
            fact,
        });
        self
    }

    /// Recognised, and known the same day.
    pub(super) fn recognised(self, class: Category, on: Date) -> Self {
        self.fact(on, Fact::Recognised { class, on })
    }

    pub(super) fn stopped(self, on: Date, reason: &str) -> Self {
        let reason = reason.into();
        self.fact(on, Fact::Stopped { on, reason })
    }

    /// Paid to the guardian by each month's run, from one month through another.
    pub(super) fn paid(self, from: Month, through: Month, yuan: i32) -> Self {
        let fact = Fact::Committed {
            from,
            through,
            payee: Payee::Guardian,
            amount: Money::from_yuan(yuan),
        };
        self.fact(date(2021, 1, 1), fact)
    }

    pub(super) fn benefit(self, name: &str, yuan: i32, from: Month, to: Option<Month>) -> Self {
        let fact = Fact::Benefit {
            benefit: name.into(),
            monthly: Money::from_yuan(yuan),
            from,
            to,
        };
        self.fact(from.first(), fact)
    }

    /// The lines of a month's run on its 20th, each as `2021-03 guardian arrears 1600.00`.
    pub(super) fn lines(&self, pay_month: Month) -> Vec<String> {
        let of = |answer: &Answer<'_>| {
            let line = |line: &crate::allowances::Line<'_>| {
                let (payee, kind) = (line.payee.code(), line.kind.code());
                format!("{} {payee} {kind} {}", line.for_month, line.amount)
            };
            answer.lines.iter().map(line).collect()
        };
        self.run(pay_month, of)
    }

    pub(super) fn run<T>(&self, pay_month: Month, of: impl Fn(&Answer<'_>) -> T) -> T {
        let rules = rules();
        let known_at = morning(pay_month.first().saturating_add(jiff::Span::new().days(19)));
        let run = Run::new(&rules, pay_month, known_at).unwrap();
        of(Replay::new(&run).child(&self.0).unwrap())
    }
}

pub(super) fn morning(day: Date) -> Timestamp {
    format!("{day}T09:00:00+08:00").parse().unwrap()
}

pub(super) fn m(text: &str) -> Month {
    text.parse().unwrap()
}

const CHILD: Date = date(2012, 3, 4);
use Category::{DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan};

#[test]
fn the_first_month_is_the_one_after_the_decision() {
    let tale = Tale::born(CHILD).recognised(ScatteredOrphan, date(2021, 9, 1));
    assert_eq!(tale.lines(m("2021-09")), [""; 0]);
    assert_eq!(
        tale.lines(m("2021-10")),
        ["2021-10 guardian regular 1600.00"]
    );
    assert_eq!(
        tale.lines(m("2021-11")),
        [
            "2021-10 guardian arrears 1600.00",
            "2021-11 guardian regular 1600.00"
        ]
    );
}

#[test]
fn a_decision_known_later_is_paid_back() {
    let on = date(2021, 8, 10);
    let fact = Fact::Recognised {
        class: ScatteredOrphan,
        on,
    };
    let tale = Tale::born(CHILD).fact(date(2021, 10, 25), fact);
    assert_eq!(tale.lines(m("2021-10")), [""; 0]);
    assert_eq!(tale.lines(m("2021-11")).len(), 3);
}

#[test]
fn a_stop_leaves_its_month_and_a_found_parent_the_month_before() {
    let tale = || {
        Tale::born(CHILD)
            .recognised(ScatteredOrphan, date(2021, 6, 10))
            .paid(m("2021-07"), m("2021-10"), 1600)
    };
    let adopted = tale().stopped(date(2021, 9, 1), "adopted");
    assert_eq!(
        adopted.lines(m("2021-11")),
        ["2021-10 guardian recovery -1600.00"]
    );
    let found = tale().stopped(date(2021, 9, 30), "parent_found");
    assert_eq!(
        found.lines(m("2021-11")),
        [
            "2021-09 guardian recovery -1600.00",
            "2021-10 guardian recovery -1600.00"
        ]
    );
}

#[test]
fn a_revocation_strikes_out_what_was_known_before_it_and_no_more() {
    let (on, class) = (date(2021, 8, 10), ScatteredOrphan);
    let revoked = |known| {
        let fact = Fact::Revoked {
            of: Struck::Recognised,
            on,
        };
        Tale::born(CHILD).recognised(class, on).fact(known, fact)
    };
    assert_eq!(revoked(date(2021, 9, 1)).lines(m("2021-09")), [""; 0]);
    // Known at the same moment, it strikes nothing.
    assert_eq!(revoked(on).lines(m("2021-09")).len(), 1);
    // Recognised again for the same day later, the child is entitled again.
    let again = revoked(date(2021, 9, 1)).fact(date(2021, 9, 2), Fact::Recognised { class, on });
    assert_eq!(again.lines(m("2021-09")).len(), 1);
}

#[test]
fn age_ends_with_the_month_of_the_eighteenth_birthday() {
    let tale = |born, class| {
        Tale::born(born)
            .recognised(class, date(2021, 1, 10))
            .paid(m("2021-02"), m("2021-10"), 1600)
    };
    let last = |tale: Tale| {
        let recovered = tale.lines(m("2021-10"));
        recovered
            .iter()
            .filter(|line| line.contains("recovery"))
            .count()
    };
    assert_eq!(last(tale(date(2003, 9, 30), ScatteredOrphan)), 1);
    assert_eq!(last(tale(date(2003, 9, 1), ScatteredOrphan)), 1);
    assert_eq!(last(tale(date(2003, 8, 31), ScatteredOrphan)), 2);
    // A leap day's birthday is in February.
    let leap = Tale::born(date(2004, 2, 29)).recognised(ScatteredOrphan, date(2021, 12, 1));
    assert_eq!(leap.lines(m("2022-02")).len(), 2);
    assert_eq!(leap.lines(m("2022-03")).len(), 2);
    // The class in key hardship has six months more here.
    let hardship = Tale::born(date(2003, 4, 4)).recognised(KeyHardship, date(2021, 8, 10));
    assert_eq!(
        hardship.lines(m("2021-12")),
        [
            "2021-09 guardian arrears 1100.00",
            "2021-10 guardian arrears 1100.00"
        ]
    );
}

#[test]
fn study_carries_on_where_the_class_allows_it() {
    let study = Fact::Study {
        from: m("2021-09"),
        to: Some(m("2021-10")),
    };
    let tale = |class| {
        let tale = Tale::born(date(2003, 1, 1)).recognised(class, date(2021, 7, 10));
        tale.fact(date(2021, 7, 11), study.clone())
    };
    assert_eq!(
        tale(ScatteredOrphan).lines(m("2021-11")),
        [
            "2021-09 guardian arrears 1600.00",
            "2021-10 guardian arrears 1600.00"
        ]
    );
    assert_eq!(tale(DeFactoUnattended).lines(m("2021-11")), [""; 0]);
}

#[test]
fn the_most_specific_place_of_the_first_of_the_month_sets_the_rate() {
    let tale = Tale::born(CHILD).recognised(KeyHardship, date(2021, 5, 10));
    let moved = |on| {
        let place = Division::parse("370405002").unwrap();
        Tale(tale.0.clone()).fact(on, Fact::Moved { place, on })
    };
    let first = moved(date(2021, 8, 1)).lines(m("2021-10"));
    let amounts: Vec<_> = first
        .iter()
        .map(|line| line.rsplit(' ').next().unwrap())
        .collect();
    // June, July in Tengzhou; August, September in Taierzhuang; its own rate ends in September.
    assert_eq!(
        amounts,
        ["1100.00", "1100.00", "1332.00", "1332.00", "1100.00"]
    );
    let second = moved(date(2021, 8, 2)).lines(m("2021-08"));
    assert_eq!(second[2], "2021-08 guardian regular 1100.00");
}

#[test]
fn benefits_are_taken_off_and_never_below_zero() {
    let tale = Tale::born(CHILD)
        .recognised(DeFactoUnattended, date(2021, 5, 10))
        .benefit("minimum_living", 580, m("2021-07"), None)
        .benefit("minimum_living", 600, m("2021-09"), Some(m("2021-09")))
        .benefit("destitute", 1500, m("2021-08"), Some(m("2021-08")))
        .benefit("severe_disability", 200, m("2021-06"), None);
    assert_eq!(
        tale.lines(m("2021-10")),
        [
            "2021-06 guardian arrears 1600.00",
            "2021-07 guardian arrears 1020.00",
            "2021-09 guardian arrears 1000.00",
            // Past the end of the latest fact nothing is drawn, whatever an earlier one says.
            "2021-10 guardian regular 1600.00",
        ]
    );
}

#[test]
fn without_a_rate_a_month_has_no_line_at_all_but_an_exception() {
    let tale = Tale::born(CHILD)
        .recognised(ScatteredOrphan, date(2019, 10, 10))
        .paid(m("2019-11"), m("2020-01"), 1400);
    let answered = |answer: &Answer<'_>| {
        let first = answer.lines.first().map(|line| line.for_month);
        (answer.without_rate.clone(), first)
    };
    // What was paid for them is not recovered.
    assert_eq!(
        tale.run(m("2021-02"), answered),
        (vec![m("2019-11"), m("2019-12")], Some(m("2020-02")))
    );
    // A class that the rules say nothing about has no rate either.
    let unknown = Tale::born(CHILD).recognised(Category::AidsAffected, date(2021, 9, 10));
    assert_eq!(
        unknown.run(m("2021-10"), answered),
        (vec![m("2021-10")], None)
    );
}

#[test]
fn a_suspension_withholds_payments_until_it_has_passed_and_no_recoveries() {
    let suspended = |to| Fact::Suspended {
        from: m("2021-08"),
        to,
    };
    let tale = Tale::born(CHILD)
        .recognised(ScatteredOrphan, date(2021, 6, 10))
        .paid(m("2021-07"), m("2021-07"), 1600)
        .paid(m("2021-08"), m("2021-08"), 1700)
        .fact(date(2021, 8, 5), suspended(None));
    assert_eq!(
        tale.lines(m("2021-10")),
        ["2021-08 guardian recovery -100.00"]
    );
    let closed = tale.fact(date(2021, 10, 5), suspended(Some(m("2021-10"))));
    assert_eq!(
        closed.lines(m("2021-10")),
        ["2021-08 guardian recovery -100.00"]
    );
    assert_eq!(
        closed.lines(m("2021-11")),
        [
            "2021-08 guardian recovery -100.00",
            "2021-09 guardian arrears 1600.00",
            "2021-10 guardian arrears 1600.00",
            "2021-11 guardian regular 1600.00",
        ]
    );
}

#[test]
fn when_the_payee_changes_the_old_amount_comes_back_and_the_full_one_goes_out() {
    let on = date(2021, 7, 10);
    let class = InstitutionOrphan;
    let tale = Tale::born(CHILD)
        .recognised(ScatteredOrphan, date(2021, 6, 10))
        .paid(m("2021-07"), m("2021-09"), 1600)
        .fact(date(2021, 10, 1), Fact::Recognised { class, on });
    assert_eq!(
        tale.lines(m("2021-09")),
        [""; 0],
        "nobody knew of the home yet"
    );
    assert_eq!(
        tale.lines(m("2021-10")),
        [
            "2021-08 guardian recovery -1600.00",
            "2021-08 home arrears 2000.00",
            "2021-09 guardian recovery -1600.00",
            "2021-09 home arrears 2000.00",
            "2021-10 home regular 2000.00",
        ]
    );
    // Offsets never cross payees: the guardian owes, the home gets all.
    let transfers = tale.run(m("2021-10"), |answer| (answer.guardian, answer.home));
    let yuan = Money::from_yuan;
    assert_eq!(
        (transfers.0.amount, transfers.0.owed),
        (yuan(0), yuan(3200))
    );
    assert_eq!(
        transfers.1.map(|home| (home.amount, home.owed)),
        Some((yuan(6000), yuan(0)))
    );
}

#[test]
fn a_debt_is_set_off_by_the_share_and_the_rest_is_carried() {
    let owed = |yuan| Fact::Owed {
        payee: Payee::Guardian,
        amount: Money::from_yuan(yuan),
    };
    let tale = Tale::born(CHILD)
        .recognised(ScatteredOrphan, date(2021, 9, 10))
        .fact(date(2021, 9, 20), owed(5000))
        .fact(date(2021, 9, 21), owed(1000));
    // Half of 1600 may be kept back.
    let guardian = tale.run(m("2021-10"), |answer| (answer.guardian, answer.home));
    let yuan = Money::from_yuan;
    assert_eq!((guardian.0.amount, guardian.0.owed), (yuan(800), yuan(200)));
    assert_eq!(guardian.1, None);
}

#[test]
fn a_corrected_birth_pays_back_exactly_the_months_it_touches() {
    let tale = Tale::born(date(2003, 7, 9))
        .recognised(ScatteredOrphan, date(2021, 5, 10))
        .paid(m("2021-06"), m("2021-07"), 1600)
        .fact(
            date(2021, 11, 2),
            Fact::BornCorrected {
                born: date(2003, 9, 7),
            },
        );
    assert_eq!(tale.lines(m("2021-10")), [""; 0]);
    assert_eq!(
        tale.lines(m("2021-11")),
        [
            "2021-08 guardian arrears 1600.00",
            "2021-09 guardian arrears 1600.00"
        ]
    );
}
