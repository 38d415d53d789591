//! The raise of 2021: rates from 1 January, announced at the end of August, paid back with September's run.

use jiff::Timestamp;
use jiff::civil::date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;
use policy::Rulebook;
use policy::allowance::AllowanceRules;

use crate::allowances::{Fact, History, Known, LineKind, Payee, Replay, Run};

/// The city's children by class.
const CITY: [(Category, usize); 5] = [
    (Category::InstitutionOrphan, 60),
    (Category::ScatteredOrphan, 474),
    (Category::AidsAffected, 1),
    (Category::DeFactoUnattended, 1199),
    (Category::KeyHardship, 1264),
];

/// Those that the tests of the office go by.
fn rules() -> AllowanceRules {
    let of_2020 = include_str!("../../../../testkit/rules/of_2020.toml");
    let raise = include_str!("../../../../testkit/rules/raise_of_2021.toml");
    let rulebook = Rulebook::parse(&[of_2020, raise].concat()).unwrap();
    rulebook.allowances().clone()
}

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

/// A child who entered in December 2020 and whose account each month's run of 2021 fills.
fn child(class: Category) -> History {
    let recognised = Fact::Recognised {
        class,
        on: date(2020, 12, 10),
    };
    History {
        place: Division::parse("370404").unwrap(),
        born: date(2012, 3, 4),
        facts: vec![Known {
            at: at("2020-12-10T10:00:00+08:00"),
            fact: recognised,
        }],
    }
}

/// Runs a month for every child and commits its lines; answers the sums of regular lines and arrears.
fn run(
    rules: &AllowanceRules,
    month: Month,
    known_at: Timestamp,
    children: &mut [History],
) -> [Money; 2] {
    let run = Run::new(rules, month, known_at).unwrap();
    let mut replay = Replay::new(&run);
    let mut sums = [Money::ZERO; 2];
    for child in children {
        let answer = replay.child(child).unwrap();
        assert!(answer.without_rate.is_empty());
        for line in &answer.lines {
            let sum = match line.kind {
                LineKind::Regular => 0,
                LineKind::Arrears => 1,
                LineKind::Recovery => panic!("nothing is recovered: {line:?}"),
            };
            sums[sum] = sums[sum].checked_add(line.amount).unwrap();
            let fact = Fact::Committed {
                from: line.for_month,
                through: line.for_month,
                payee: line.payee,
                amount: line.amount,
            };
            child.facts.push(Known { at: known_at, fact });
        }
    }
    sums
}

/// The totals, by hand.
///
/// A month at the rates of 2020: 60 × 1760 = 105 600; 475 × 1400 = 665 000; 1199 × 1400 = 1 678 600;
/// 1264 × 980 = 1 238 720. Together 3 687 920 yuan.
/// A month at those of 2021: 60 × 2000 = 120 000; 475 × 1600 = 760 000; 1199 × 1600 = 1 918 400;
/// 1264 × 1100 = 1 390 400. Together 4 188 800 yuan.
/// The difference of a month: 60 × 240 = 14 400; 475 × 200 = 95 000; 1199 × 200 = 239 800; 1264 × 120 = 151 680.
/// Together 500 880 yuan, and for the eight months from January to August 8 × 500 880 = 4 007 040 yuan.
#[test]
fn septembers_run_pays_the_arrears_of_eight_months_to_each_of_2998_children() {
    let rules = rules();
    let mut children: Vec<History> = CITY
        .iter()
        .flat_map(|(class, heads)| std::iter::repeat_n(child(*class), *heads))
        .collect();
    assert_eq!(children.len(), 2998);

    let month = |number| Month::new(2021, number).unwrap();
    for number in 1..=8 {
        let known_at = at(&format!("2021-{number:02}-20T09:00:00+08:00"));
        let sums = run(&rules, month(number), known_at, &mut children);
        assert_eq!(sums, [Money::from_yuan(3_687_920), Money::ZERO], "{number}");
    }

    let known_at = at("2021-09-20T09:00:00+08:00");
    let september = Run::new(&rules, month(9), known_at).unwrap();
    let mut replay = Replay::new(&september);
    for child in &children {
        let answer = replay.child(child).unwrap();
        let months: Vec<_> = answer
            .lines
            .iter()
            .map(|line| (line.for_month, line.kind))
            .collect();
        let arrears = (1..=8).map(|number| (month(number), LineKind::Arrears));
        let expected: Vec<_> = arrears.chain([(month(9), LineKind::Regular)]).collect();
        assert_eq!(months, expected);
        let payee = Payee::of(answer.lines[0].class.unwrap());
        assert!(answer.lines.iter().all(|line| line.payee == payee));
    }
    let sums = run(&rules, month(9), known_at, &mut children);
    assert_eq!(
        sums,
        [Money::from_yuan(4_188_800), Money::from_yuan(4_007_040)]
    );

    // Once: October pays October alone.
    let sums = run(
        &rules,
        month(10),
        at("2021-10-20T09:00:00+08:00"),
        &mut children,
    );
    assert_eq!(sums, [Money::from_yuan(4_188_800), Money::ZERO]);
}
