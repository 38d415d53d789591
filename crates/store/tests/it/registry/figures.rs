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

#[tokio::test]
async fn each_counts_what_is_in_reach_and_the_sealed_child_is_in_nobodys_figures() {
    let office = Office::found().await;
    let (march, october) = (date(2021, 3, 1), date(2021, 10, 1));
    let child = |village| Child::named("虚构甲", village);
    let of_tengzhou = [
        child(JINGHE_VILLAGE)
            .status(ScatteredOrphan, march)
            .status(LeftBehind, march),
        child(LONGQUAN_VILLAGE).status(ScatteredOrphan, october),
        child(LONGQUAN_VILLAGE).ended_status(DeFactoUnattended, march, october),
        child(JINGHE_VILLAGE).status(AidsAffected, march),
    ];
    office
        .register(Persona::TengzhouOfficer, &of_tengzhou)
        .await;
    let home = office.unit(Persona::HomeStaff);
    let of_shanting = [
        child(SHANTING_VILLAGE)
            .status(ScatteredOrphan, march)
            .placed_in(home),
        child(SHANTING_VILLAGE).status(DeFactoUnattended, march),
    ];
    office
        .register(Persona::ShantingOfficer, &of_shanting)
        .await;
    for (persona, on, expected) in [
        (
            Persona::TengzhouOfficer,
            TODAY,
            vec![(AidsAffected, 1), (LeftBehind, 1), (ScatteredOrphan, 2)],
        ),
        (
            Persona::TengzhouColleague,
            TODAY,
            vec![(LeftBehind, 1), (ScatteredOrphan, 2)],
        ),
        (
            Persona::TengzhouColleague,
            date(2021, 9, 30),
            vec![
                (DeFactoUnattended, 1),
                (LeftBehind, 1),
                (ScatteredOrphan, 1),
            ],
        ),
        (
            Persona::TengzhouColleague,
            october,
            vec![(LeftBehind, 1), (ScatteredOrphan, 2)],
        ),
        (Persona::TengzhouColleague, date(2021, 2, 28), vec![]),
        (
            Persona::JingheSupervisor,
            TODAY,
            vec![(LeftBehind, 1), (ScatteredOrphan, 1)],
        ),
        (
            Persona::ShantingOfficer,
            TODAY,
            vec![(DeFactoUnattended, 1), (ScatteredOrphan, 1)],
        ),
        (
            Persona::CityOfficer,
            TODAY,
            vec![
                (DeFactoUnattended, 1),
                (LeftBehind, 1),
                (ScatteredOrphan, 3),
            ],
        ),
        (Persona::HomeStaff, TODAY, vec![(ScatteredOrphan, 1)]),
        (Persona::Auditor, TODAY, vec![]),
        (Persona::Admin, TODAY, vec![]),
    ] {
        assert_eq!(
            figures(&office, persona, on).await,
            expected,
            "{persona:?} on {on}"
        );
    }
    office.close().await;
}
