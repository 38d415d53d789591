//! Ways an application takes that are not a town's own: the home's, from another province, and with a doubled file.

use app::applications::{ForChild, NewApplication, draft};
use app::registry::{Doubles, merge, undo_merge};
use domain::applications::{Act, Applicant, Capacity, Leg, Matter, Path, Stage};
use jiff::civil::date;
use kernel::category::Category;
use kernel::ids::{ApplicationId, ChildId};
use kernel::roles::Role;
use serde_json::json;
use store::registry::spans;
use store::session::SessionToken;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona, TODAY};

use crate::applications_scene::{Bureau, family, opened};

/// A town of 昆山 in 江苏, which this installation serves as well.
const KUNSHAN_TOWN: i64 = 320_583_100_000;

/// The way down to that town.
const DOWN_TO_KUNSHAN: [(i64, &str, &str); 4] = [
    (320_000_000_000, "江苏省", "province"),
    (320_500_000_000, "苏州市", "city"),
    (320_583_000_000, "昆山市", "county"),
    (KUNSHAN_TOWN, "玉山镇", "town"),
];

/// A supervisor of the town in 昆山.
async fn in_kunshan(bureau: &Bureau) -> SessionToken {
    bureau.office.enter_divisions(&DOWN_TO_KUNSHAN).await;
    let town = bureau
        .office
        .found_unit(KUNSHAN_TOWN, "玉山镇（虚构）")
        .await;
    let crowd = bureau.office.crowd(&[(town, KUNSHAN_TOWN)]).await;
    let mut crowd = crowd.into_iter();
    let supervisor = crowd.find(|member| member.role == Role::ChildSupervisor);
    supervisor.unwrap().token
}

fn recognition(category: Category, child: ChildId, applicant: &str) -> NewApplication {
    let facts = json!({
        "father": { "situation": "dead" },
        "mother": { "situation": "dead" },
        "child": { "in_institution": category == Category::InstitutionOrphan },
    });
    NewApplication {
        matter: Matter::Recognition(category),
        child: ForChild::OnFile(child),
        applicant: Applicant {
            name: applicant.into(),
            capacity: Capacity::Home,
            relation: None,
            phone: None,
        },
        facts: facts.as_object().unwrap().clone(),
    }
}

impl Bureau {
    async fn take_as(&self, token: &SessionToken, id: ApplicationId, acts: &[Act]) {
        for act in acts {
            let work = self.work_as(token).await;
            self.take(work, id, *act).await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_home_applies_for_its_orphan_and_the_county_of_the_household_decides() {
    let bureau = Bureau::open().await;
    let home = bureau.office.unit(Persona::HomeStaff);
    let resident = Child::named("虚构小院", JINGHE_VILLAGE)
        .born(date(2014, 5, 1))
        .placed_in(home);
    let child = bureau
        .office
        .register(Persona::TengzhouOfficer, &[resident])
        .await[0];
    let staff = bureau.office.sign_in(Persona::HomeStaff).await;
    let mut work = bureau.work_as(&staff).await;
    let wanted = recognition(Category::InstitutionOrphan, child, "虚构福利院");
    let id = draft(&mut work, &wanted).await.unwrap();
    work.commit().await.unwrap();
    bureau
        .take_as(&staff, id, &[Act::Submit, Act::Accept, Act::Forward])
        .await;
    let officer = bureau
        .member(bureau.tengzhou, Role::CountyOfficer)
        .token
        .clone();
    bureau.take_as(&officer, id, &[Act::Verify]).await;
    let colleague = bureau.office.sign_in(Persona::TengzhouColleague).await;
    bureau.take_as(&colleague, id, &[Act::Propose]).await;
    let approver = bureau
        .member(bureau.tengzhou, Role::CountyApprover)
        .token
        .clone();
    bureau.take_as(&approver, id, &[Act::Confirm]).await;
    bureau.take_as(&staff, id, &[Act::Tell, Act::Close]).await;
    let mut work = bureau.work_as(&staff).await;
    let found = opened(&mut work, id).await;
    assert_eq!(
        (found.application.path, found.application.case.stage),
        (Path::Home, Stage::Closed)
    );
    let held = spans(&mut work, child).await.unwrap();
    assert_eq!(
        (held[0].category, held[0].from),
        (Category::InstitutionOrphan, TODAY)
    );
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn a_town_of_another_province_takes_in_and_four_legs_run_over_three_bodies() {
    let bureau = Bureau::open().await;
    let window = &in_kunshan(&bureau).await;
    let mut work = bureau.work_as(window).await;
    let id = draft(&mut work, &family(Category::DeFactoUnattended))
        .await
        .unwrap();
    work.commit().await.unwrap();
    bureau.take_as(window, id, &[Act::Submit]).await;
    let mut work = bureau.work_as(window).await;
    let found = opened(&mut work, id).await;
    let days = |leg| {
        found
            .terms
            .iter()
            .find(|(of, _)| *of == leg)
            .map(|(_, term)| term.days)
    };
    assert_eq!(found.application.path, Path::Nationwide);
    assert_eq!(
        [Leg::Accept, Leg::Verify, Leg::Confirm, Leg::Tell].map(days),
        [Some(3), Some(15), Some(15), Some(3)]
    );
    drop(work);
    bureau
        .take_as(window, id, &[Act::Accept, Act::Forward])
        .await;
    let child = bureau.verified(id).await;
    bureau.office.database.lengthen_grants().await;
    let work = bureau.officer().await;
    bureau.take(work, id, Act::Propose).await.unwrap();
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    let mut work = bureau.work_as(window).await;
    assert!(
        app::registry::open(&mut work, child).await.is_ok(),
        "by its grant"
    );
    let letter = opened(&mut work, id)
        .await
        .decisions
        .remove(0)
        .grounds
        .letter;
    let letter = letter.unwrap().lines().join("\n");
    assert!(letter.contains("已由玉山镇（虚构）受理"), "{letter}");
    drop(work);
    bureau.take_as(window, id, &[Act::Tell, Act::Close]).await;
    let mut work = bureau.work_as(window).await;
    assert!(
        app::registry::open(&mut work, child).await.is_err(),
        "it ends with the case"
    );
    drop(work);
    bureau.office.close().await;
}

#[tokio::test]
async fn applications_of_two_files_that_are_joined_hang_on_the_one_that_is_kept_and_come_back() {
    let bureau = Bureau::open().await;
    let pair = [
        Child::named("虚构小双", JINGHE_VILLAGE).born(date(2014, 5, 1)),
        Child::named("虚构小双", JINGHE_VILLAGE).born(date(2014, 5, 1)),
    ];
    let pair = bureau
        .office
        .register(Persona::TengzhouOfficer, &pair)
        .await;
    let (kept, doubled) = (pair[0], pair[1]);
    let mut ids = Vec::new();
    for child in [kept, doubled] {
        let mut work = bureau.window(bureau.jinghe).await;
        let wanted = recognition(Category::ScatteredOrphan, child, "虚构外祖母");
        ids.push(draft(&mut work, &wanted).await.unwrap());
        work.commit().await.unwrap();
    }
    let mut work = bureau.office.work(Persona::TengzhouOfficer).await;
    let joined = Doubles {
        kept,
        kept_version: 1,
        doubled,
        doubled_version: 1,
    };
    let merged = merge(&mut work, joined).await.unwrap();
    work.commit().await.unwrap();
    let mut work = bureau.window(bureau.jinghe).await;
    for id in &ids {
        let found = opened(&mut work, *id).await.application;
        assert_eq!(
            (found.child, found.case.stage),
            (Some(kept), Stage::Draft),
            "both stay open, on one child"
        );
    }
    drop(work);
    let mut work = bureau.office.work(Persona::TengzhouOfficer).await;
    undo_merge(&mut work, merged).await.unwrap();
    work.commit().await.unwrap();
    let mut work = bureau.window(bureau.jinghe).await;
    let found = [
        opened(&mut work, ids[0]).await.application.child,
        opened(&mut work, ids[1]).await.application.child,
    ];
    assert_eq!(
        found,
        [Some(kept), Some(doubled)],
        "each with its own file again"
    );
    drop(work);
    bureau.office.close().await;
}
