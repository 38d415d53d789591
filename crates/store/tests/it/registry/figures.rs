//! Figures: children by class on a day, within the reach of whoever asks.

use jiff::civil::{Date, date};
use kernel::category::Category::{
    self, AidsAffected, DeFactoUnattended, LeftBehind, ScatteredOrphan,
};
use store::registry::count_by_category;
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE, TODAY};

async fn figures(office: &Office, persona: Persona, on: Date) -> Vec<(Category, i64)> {
    let mut work = office.work(persona).await;
    let counts = count_by_category(&mut work, on).await.unwrap();
    counts
        .into_iter()
        .map(|count| (count.category, count.children))
        .collect()
}

const MARCH: Date = date(2021, 3, 1);
const OCTOBER: Date = date(2021, 10, 1);

/// Three children in 滕州 and one sealed, two in 山亭 of whom one lives in the home.
async fn peopled() -> Office {
    let office = Office::found().await;
    let child = |village| Child::named("虚构甲", village);
    let of_tengzhou = [
        child(JINGHE_VILLAGE)
            .status(ScatteredOrphan, MARCH)
            .status(LeftBehind, MARCH),
        child(LONGQUAN_VILLAGE).status(ScatteredOrphan, OCTOBER),
        child(LONGQUAN_VILLAGE).ended_status(DeFactoUnattended, MARCH, OCTOBER),
        child(JINGHE_VILLAGE).status(AidsAffected, MARCH),
    ];
    office
        .register(Persona::TengzhouOfficer, &of_tengzhou)
        .await;
    let home = office.unit(Persona::HomeStaff);
    let of_shanting = [
        child(SHANTING_VILLAGE)
            .status(ScatteredOrphan, MARCH)
            .placed_in(home),
        child(SHANTING_VILLAGE).status(DeFactoUnattended, MARCH),
    ];
    office
        .register(Persona::ShantingOfficer, &of_shanting)
        .await;
    office
}

/// Who counts what today.
const TODAYS: &[(Persona, &[(Category, i64)])] = &[
    (
        Persona::TengzhouOfficer,
        &[(AidsAffected, 1), (LeftBehind, 1), (ScatteredOrphan, 2)],
    ),
    (
        Persona::TengzhouColleague,
        &[(LeftBehind, 1), (ScatteredOrphan, 2)],
    ),
    (
        Persona::JingheSupervisor,
        &[(LeftBehind, 1), (ScatteredOrphan, 1)],
    ),
    (
        Persona::ShantingOfficer,
        &[(DeFactoUnattended, 1), (ScatteredOrphan, 1)],
    ),
    (
        Persona::CityOfficer,
        &[
            (DeFactoUnattended, 1),
            (LeftBehind, 1),
            (ScatteredOrphan, 3),
        ],
    ),
    (Persona::HomeStaff, &[(ScatteredOrphan, 1)]),
    (Persona::Auditor, &[]),
    (Persona::Admin, &[]),
];

#[tokio::test]
async fn each_counts_what_is_in_reach_and_the_sealed_child_is_in_nobodys_figures() {
    let office = peopled().await;
    for (persona, expected) in TODAYS {
        assert_eq!(
            figures(&office, *persona, TODAY).await,
            *expected,
            "{persona:?}"
        );
    }
    office.close().await;
}

#[tokio::test]
async fn a_figure_is_of_its_day_and_the_last_day_of_a_status_is_the_one_before_its_end() {
    let office = peopled().await;
    for (on, expected) in [
        (date(2021, 2, 28), &[][..]),
        (
            date(2021, 9, 30),
            &[
                (DeFactoUnattended, 1),
                (LeftBehind, 1),
                (ScatteredOrphan, 1),
            ],
        ),
        (OCTOBER, &[(LeftBehind, 1), (ScatteredOrphan, 2)]),
    ] {
        let counted = figures(&office, Persona::TengzhouColleague, on).await;
        assert_eq!(counted, expected, "{on}");
    }
    office.close().await;
}
