//! The raise of 2021 in the office: proposed, weighed, published at the end of August, and paid back to January with
//! September's run.

use app::allowances::{MonthOrder, Weighing, weigh_with};
use domain::allowances::Cell;
use jiff::civil::date;
use kernel::category::Category::{
    self, AidsAffected, DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan,
};
use kernel::money::Money;
use policy::allowance::AllowanceRules;
use store::session::SessionToken;
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona, TENGZHOU, division};
use testkit::raise::{raised_rates, rules_of_2020};

use crate::month_scene::{child, found, month, order, run_by};
use crate::standards_scene::{Bureau, begin, of_the_city};

/// The city's children by class, of whom one is sealed.
const CITY: [(Category, usize); 4] = [
    (InstitutionOrphan, 60),
    (ScatteredOrphan, 474),
    (DeFactoUnattended, 1199),
    (KeyHardship, 1264),
];

/// Registers the city's children in December 2020, and answers the session of whoever prepares their months.
async fn with_the_city(office: &Office) -> SessionToken {
    let officer = Persona::TengzhouOfficer;
    let of_2020 = date(2020, 12, 10);
    let mut children: Vec<Child> = CITY
        .iter()
        .flat_map(|(class, heads)| {
            std::iter::repeat_n(child("虚构", JINGHE_VILLAGE, *class, of_2020), *heads)
        })
        .collect();
    children.push(child("虚构密", JINGHE_VILLAGE, AidsAffected, of_2020));
    assert_eq!(children.len(), 2998);
    office.register(officer, &children).await;
    office.sign_in(officer).await
}

/// The city's officer proposes the raise on 25 August and sees what it brings; another person publishes it.
async fn publish_the_raise(office: &Office, rules: &AllowanceRules) -> Vec<(Category, Weighing)> {
    office.clock.set_day(date(2021, 8, 25));
    let bureau = Bureau::of(office).await;
    let mut weighed = Vec::new();
    for (class, monthly) in raised_rates() {
        let id = bureau.propose(office, &of_the_city(class, monthly)).await;
        let id = id.unwrap();
        let mut work = begin(office, &bureau.proposer).await;
        weighed.push((class, weigh_with(&mut work, rules, id).await.unwrap()));
        drop(work);
        bureau.publish(office, id).await.unwrap();
    }
    weighed
}

/// What the raise was said to bring, by hand: eight months back to January, September, and September through December.
///
/// In an institution 60 children from 1760 to 2000: 240 more each, 60 × 240 = 14 400 a month, 8 × 14 400 = 115 200 back,
/// 4 × 14 400 = 57 600 to the year's end; 240 ÷ 1760 = 13.6 %. In key hardship 1264 from 980 to 1100: 120 more each,
/// 1264 × 120 = 151 680 a month, 8 × 151 680 = 1 213 440 back, 4 × 151 680 = 606 720 to the year's end; 120 ÷ 980 = 12.2 %.
/// The sealed child is in none of the figures.
fn was_told(weighed: &[(Category, Weighing)]) {
    let of = |wanted: Category| {
        let found = weighed.iter().find(|(class, _)| *class == wanted);
        &found.unwrap().1
    };
    for (class, tenths, heads, before, arrears, monthly, to_year_end) in [
        (
            InstitutionOrphan,
            136,
            60,
            60 * 1760,
            115_200,
            14_400,
            57_600,
        ),
        (
            KeyHardship,
            122,
            1264,
            1264 * 980,
            1_213_440,
            151_680,
            606_720,
        ),
        (AidsAffected, 143, 0, 0, 0, 0, 0),
    ] {
        let weighing = of(class);
        assert_eq!(weighing.pay_month, month("2021-09"));
        assert_eq!(weighing.rates[0].rise().unwrap().tenths(), Some(tenths));
        let told = Cell {
            heads,
            cost: Money::from_yuan(before),
            arrears: Money::from_yuan(arrears),
            monthly: Money::from_yuan(monthly),
            to_year_end: Money::from_yuan(to_year_end),
        };
        assert_eq!(weighing.total, told, "{class}");
        let county = (division(TENGZHOU), class);
        let cell = weighing.effect.cells.get(&county).copied();
        assert_eq!(cell, (heads > 0).then_some(told));
    }
    let heads: u64 = weighed
        .iter()
        .map(|(_, weighing)| weighing.total.heads)
        .sum();
    assert_eq!(heads, 2997);
}

/// The totals, by hand.
///
/// A month at the rates of 2020: 60 × 1760 = 105 600; 475 × 1400 = 665 000; 1199 × 1400 = 1 678 600;
/// 1264 × 980 = 1 238 720. Together 3 687 920 yuan, of which the sealed child has 1400.
/// A month at those of 2021: 60 × 2000 = 120 000; 475 × 1600 = 760 000; 1199 × 1600 = 1 918 400;
/// 1264 × 1100 = 1 390 400. Together 4 188 800 yuan, of which the sealed child has 1600.
/// The difference of a month: 60 × 240 = 14 400; 475 × 200 = 95 000; 1199 × 200 = 239 800; 1264 × 120 = 151 680.
/// Together 500 880 yuan, and for the eight months from January to August 8 × 500 880 = 4 007 040 yuan, of which the
/// sealed child has 8 × 200 = 1600. September pays 4 188 800 + 4 007 040 = 8 195 840 yuan.
#[tokio::test]
async fn septembers_run_pays_eight_months_arrears_to_each_of_the_citys_2998_children() {
    let (office, rules) = (found().await, rules_of_2020());
    let token = with_the_city(&office).await;
    let both = |text: &str| {
        [false, true].map(|sealed| MonthOrder {
            sealed,
            ..order(text)
        })
    };
    for number in 1..=8 {
        let text = format!("2021-{number:02}");
        let mut paid = Money::ZERO;
        for order in both(&text) {
            let batch = run_by(&office, &token, &rules, order).await.unwrap().batch;
            paid = paid.checked_add(batch.paid).unwrap();
            assert_eq!(batch.recovered, Money::ZERO);
        }
        assert_eq!(paid, Money::from_yuan(3_687_920), "{text}");
    }
    was_told(&publish_the_raise(&office, &rules).await);
    let [open, sealed] = both("2021-09");
    let open = run_by(&office, &token, &rules, open).await.unwrap().batch;
    let sealed = run_by(&office, &token, &rules, sealed).await.unwrap().batch;
    assert_eq!((open.lines, open.children), (2997 * 9, 2997));
    assert_eq!(sealed.paid, Money::from_yuan(1600 + 1600));
    let both_paid = open.paid.checked_add(sealed.paid).unwrap();
    assert_eq!(both_paid, Money::from_yuan(4_188_800 + 4_007_040));
    let october = run_by(&office, &token, &rules, order("2021-10")).await;
    let october = october.unwrap().batch;
    assert_eq!(
        (october.lines, october.paid),
        (2997, Money::from_yuan(4_188_800 - 1600))
    );
    office.close().await;
}
