//! Applications whose child is another than it seems, moves, or holds what ends on a day to come.

use app::applications::{
    ApplicationError, ForChild, Linking, NewApplication, Obstacle, Restatement, draft, link,
    restate, step,
};
use app::registry::{CaseError, FileEdit, Hindrance, edit, end_status, enter_status, grant};
use domain::applications::{Act, Matter, Stage};
use jiff::civil::date;
use kernel::category::Category::{AidsAffected, DeFactoUnattended, KeyHardship};
use kernel::ids::ChildId;
use serde_json::{Map, json};
use store::registry::{files, spans};
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, TODAY};

use crate::applications_scene::{Bureau, asked, family, opened, version};

fn obstacle<T: std::fmt::Debug>(told: Result<T, ApplicationError>) -> Obstacle {
    match told {
        Err(ApplicationError::Hindered(obstacle)) => obstacle,
        other => panic!("{other:?}"),
    }
}

/// A slip of the mouse would give one child's class and money to another.
#[tokio::test]
async fn an_application_is_linked_to_the_file_of_its_own_child_alone() {
    let bureau = Bureau::open().await;
    let another = Child::named("虚构小荆", JINGHE_VILLAGE).with_id(2);
    let another = bureau
        .office
        .register(Persona::TengzhouOfficer, &[another])
        .await[0];
    let id = bureau.accepted(bureau.jinghe).await;
    let mut work = bureau.window(bureau.jinghe).await;
    let at = version(&mut work, id).await;
    let wrong = link(&mut work, id, at, Linking::File(another)).await;
    assert_eq!(obstacle(wrong), Obstacle::AnotherChild);
    drop(work);
    bureau.verified(id).await;

    // Nor is it turned into another's afterwards.
    let mut work = bureau.window(bureau.jinghe).await;
    let found = opened(&mut work, id).await.application;
    drop(work);
    assert_eq!(found.case.stage, Stage::Verified);
    let mut work = bureau.officer().await;
    let fields = json!({ "name": "虚构小龙", "resident_id": null, "birth": "2014-01-01" });
    let next = Restatement {
        fields: fields.as_object().unwrap().clone(),
        ..Restatement::default()
    };
    let at = restate(&mut work, id, found.version, &next).await.unwrap();
    let proposed = step(&mut work, id, &asked(Act::Propose, at)).await;
    assert_eq!(obstacle(proposed), Obstacle::AnotherChild);
    drop(work);
    bureau.office.close().await;
}

/// A town's case that is linked to a sealed file would be out of its sight, and nobody would tell the family.
#[tokio::test]
async fn an_ordinary_application_is_not_linked_to_a_sealed_file() {
    let bureau = Bureau::open().await;
    let NewApplication {
        child: ForChild::Stated { name, .. },
        ..
    } = family(DeFactoUnattended)
    else {
        panic!("the family states who the child is");
    };
    let sealed = Child::named(&name, JINGHE_VILLAGE).born(date(2013, 6, 18));
    let sealed = sealed.status(AidsAffected, date(2021, 5, 1));
    let officer = Persona::TengzhouOfficer;
    let sealed = bureau.office.register(officer, &[sealed]).await[0];
    let id = bureau.drafted(bureau.jinghe).await;
    for act in [Act::Submit, Act::Accept, Act::Verify] {
        let work = bureau.window(bureau.jinghe).await;
        bureau.take(work, id, act).await.unwrap();
    }
    let mut work = bureau.office.work(officer).await;
    let at = version(&mut work, id).await;
    let linked = link(&mut work, id, at, Linking::File(sealed)).await;
    assert_eq!(obstacle(linked), Obstacle::SealedFile);
    drop(work);
    let work = bureau.window(bureau.jinghe).await;
    assert_eq!(bureau.stage(work, id).await, Stage::Verified);
    bureau.office.close().await;
}

/// Of an infection a town may neither ask nor write.
#[tokio::test]
async fn what_named_officers_alone_may_know_is_not_stated_at_a_town() {
    let bureau = Bureau::open().await;
    let mut work = bureau.window(bureau.jinghe).await;
    let ordinary = family(DeFactoUnattended);
    let facts = json!({ "child": { "hiv_infected": true } });
    let facts = facts.as_object().unwrap();
    let infected = NewApplication {
        facts: facts.clone(),
        ..family(DeFactoUnattended)
    };
    assert_eq!(
        obstacle(draft(&mut work, &infected).await),
        Obstacle::CountyAlone
    );
    let id = draft(&mut work, &ordinary).await.unwrap();
    let next = Restatement {
        facts: Some(facts.clone()),
        ..Restatement::default()
    };
    let at = version(&mut work, id).await;
    let restated = restate(&mut work, id, at, &next).await;
    assert_eq!(obstacle(restated), Obstacle::CountyAlone);
    drop(work);
    bureau.office.close().await;
}

/// The household moves to another town while the first deals with the application: it goes on there to its end.
#[tokio::test]
async fn a_child_that_moves_leaves_no_application_in_a_drawer() {
    let bureau = Bureau::open().await;
    let id = bureau.accepted(bureau.jinghe).await;
    let mut work = bureau.window(bureau.jinghe).await;
    let at = version(&mut work, id).await;
    let child = link(&mut work, id, at, Linking::New).await.unwrap();
    work.commit().await.unwrap();
    let mut work = bureau.officer().await;
    let moved = FileEdit {
        version: 1,
        fields: fields(&json!({ "household": LONGQUAN_VILLAGE })),
        residence: None,
    };
    edit(&mut work, child, &moved).await.unwrap();
    work.commit().await.unwrap();
    // The file is beyond the town, the case is not.
    let mut work = bureau.window(bureau.jinghe).await;
    assert!(files(&mut work, &[child]).await.unwrap().is_empty());
    drop(work);
    let work = bureau.window(bureau.jinghe).await;
    bureau.take(work, id, Act::Verify).await.unwrap();
    let work = bureau.officer().await;
    bureau.take(work, id, Act::Propose).await.unwrap();
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    for act in [Act::Tell, Act::Close] {
        let work = bureau.window(bureau.jinghe).await;
        bureau.take(work, id, act).await.unwrap();
    }
    let work = bureau.window(bureau.jinghe).await;
    assert_eq!(bureau.stage(work, id).await, Stage::Closed);
    bureau.office.close().await;
}

fn fields(value: &serde_json::Value) -> Map<String, serde_json::Value> {
    value.as_object().unwrap().clone()
}

async fn on_file(bureau: &Bureau) -> ChildId {
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(3);
    let child = child.status(DeFactoUnattended, date(2021, 5, 1));
    let office = &bureau.office;
    office.register(Persona::TengzhouOfficer, &[child]).await[0]
}

/// A grant is a look: a town elsewhere changes nothing by it, least of all what is paid.
#[tokio::test]
async fn whoever_has_a_look_at_a_file_changes_nothing_in_it() {
    let bureau = Bureau::open().await;
    let child = on_file(&bureau).await;
    let mut work = bureau.officer().await;
    grant(&mut work, child, bureau.far, "异地受理", TODAY)
        .await
        .unwrap();
    work.commit().await.unwrap();
    bureau.office.database.lengthen_grants().await;
    let mut work = bureau.window(bureau.far).await;
    let status = spans(&mut work, child).await.unwrap()[0].id;
    let refused = [
        end_status(&mut work, child, status, TODAY).await,
        enter_status(&mut work, child, KeyHardship, TODAY, None)
            .await
            .map(drop),
        edit(
            &mut work,
            child,
            &FileEdit {
                version: 1,
                fields: fields(&json!({ "school": "虚构小学" })),
                residence: None,
            },
        )
        .await
        .map(drop),
    ];
    for refused in refused {
        let hindered = matches!(refused, Err(CaseError::Hindered(Hindrance::NotAnswerable)));
        assert!(hindered, "{refused:?}");
    }
    drop(work);
    bureau.office.close().await;
}

/// An end on a day to come, typed a year too late, is put right; and until it comes the class is held.
#[tokio::test]
async fn an_end_that_is_yet_to_come_is_none_so_far() {
    let bureau = Bureau::open().await;
    let child = on_file(&bureau).await;
    let mut work = bureau.officer().await;
    let status = spans(&mut work, child).await.unwrap()[0].id;
    end_status(&mut work, child, status, date(2022, 11, 4))
        .await
        .unwrap();
    end_status(&mut work, child, status, date(2022, 10, 1))
        .await
        .unwrap();
    work.commit().await.unwrap();
    let mut work = bureau.window(bureau.jinghe).await;
    let ends = NewApplication {
        matter: Matter::Termination {
            category: DeFactoUnattended,
            on: TODAY,
        },
        child: ForChild::OnFile(child),
        ..family(DeFactoUnattended)
    };
    let id = draft(&mut work, &ends).await.unwrap();
    work.commit().await.unwrap();
    for act in [Act::Submit, Act::Accept, Act::Verify] {
        let work = bureau.window(bureau.jinghe).await;
        bureau.take(work, id, act).await.unwrap();
    }
    // What ends a class is an event: it is told.
    let mut work = bureau.officer().await;
    let at = version(&mut work, id).await;
    let mut wordless = asked(Act::Propose, at);
    wordless.reason = None;
    let refused = step(&mut work, id, &wordless).await;
    assert_eq!(obstacle(refused), Obstacle::Reason);
    drop(work);
    let work = bureau.officer().await;
    bureau.take(work, id, Act::Propose).await.unwrap();
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();
    let mut work = bureau.officer().await;
    let held = spans(&mut work, child).await.unwrap();
    assert_eq!((held.len(), held[0].to), (1, Some(TODAY)));
    // What has ended stays so.
    let again = end_status(&mut work, child, status, TODAY).await;
    let ended = matches!(again, Err(CaseError::Hindered(Hindrance::Ended)));
    assert!(ended, "{again:?}");
    drop(work);
    bureau.office.close().await;
}
