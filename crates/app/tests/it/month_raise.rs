//! The raise of 2021 in the office: paid back to January with September's run.

use app::allowances::MonthOrder;
use jiff::civil::date;
use kernel::category::Category::{
    self, AidsAffected, DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan,
};
use kernel::money::Money;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona};

use crate::month_scene::{child, found, order, run};

/// The city's children by class, of whom one is sealed.
const CITY: [(Category, usize); 4] = [
    (InstitutionOrphan, 60),
    (ScatteredOrphan, 474),
    (DeFactoUnattended, 1199),
    (KeyHardship, 1264),
];

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
    let office = found().await;
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
    let token = office.sign_in(officer).await;
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
            let batch = run(&office, &token, order).await.unwrap().batch;
            paid = paid.checked_add(batch.paid).unwrap();
            assert_eq!(batch.recovered, Money::ZERO);
        }
        assert_eq!(paid, Money::from_yuan(3_687_920), "{text}");
    }
    let [open, sealed] = both("2021-09");
    let open = run(&office, &token, open).await.unwrap().batch;
    let sealed = run(&office, &token, sealed).await.unwrap().batch;
    assert_eq!((open.lines, open.children), (2997 * 9, 2997));
    assert_eq!(sealed.paid, Money::from_yuan(1600 + 1600));
    let both_paid = open.paid.checked_add(sealed.paid).unwrap();
    assert_eq!(both_paid, Money::from_yuan(4_188_800 + 4_007_040));
    let october = run(&office, &token, order("2021-10")).await.unwrap().batch;
    assert_eq!(
        (october.lines, october.paid),
        (2997, Money::from_yuan(4_188_800 - 1600))
    );
    office.close().await;
}
