//! Nobody comes to see more by what he writes.

use app::registry::{CaseError, FileEdit, Hindrance, edit, place};
use kernel::division::Division;
use serde_json::{Map, json};
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona, SHANTING, SHANTING_VILLAGE, TODAY, division};

#[tokio::test]
async fn whoever_sees_a_file_by_a_placement_does_not_draw_the_child_into_his_own_divisions() {
    let office = Office::found().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE);
    let child = office.register(Persona::TengzhouOfficer, &[child]).await[0];
    let mut work = office.work(Persona::TengzhouOfficer).await;
    let unit = office.unit(Persona::ShantingOfficer);
    place(&mut work, child, unit, TODAY).await.unwrap();
    work.commit().await.unwrap();

    let move_to = |residence: Option<Division>| FileEdit {
        version: 1,
        fields: Map::new(),
        residence: Some(residence),
    };
    let mut work = office.work(Persona::ShantingOfficer).await;
    for near in [SHANTING_VILLAGE, SHANTING] {
        let drawn = edit(&mut work, child, &move_to(Some(division(near)))).await;
        let refused = matches!(drawn, Err(CaseError::Hindered(Hindrance::LeavesReach)));
        assert!(refused, "{near}: {drawn:?}");
    }
    let fields = json!({ "school": "虚构小学" });
    let school = FileEdit {
        version: 1,
        fields: fields.as_object().unwrap().clone(),
        residence: None,
    };
    assert_eq!(edit(&mut work, child, &school).await.unwrap(), 2);
    drop(work);
    office.close().await;
}
