//! 动态管理: the quarter in which every child who draws an allowance is confirmed, by whoever answers for it.

use app::allowances::{
    ReviewError, confirm_quarter, paid_through, quarter_children, quarter_review, record_fact,
};
use app::registry::{Doubles, merge, undo_merge};
use domain::allowances::ConfirmationError;
use domain::registry::Standing;
use jiff::civil::{Date, date};
use kernel::category::Category::{AidsAffected, LeftBehind, ScatteredOrphan};
use kernel::ids::ChildId;
use store::allowances::AllowanceFact;
use store::work::Work;
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE, TODAY};

const SINCE: Date = date(2021, 1, 1);

fn child(name: &str, village: i64) -> Child {
    Child::named(name, village)
}

async fn waiting(work: &mut Work) -> Vec<String> {
    let found = quarter_children(work, false, None, 50).await.unwrap();
    let mut names: Vec<String> = found.into_iter().map(|one| one.name).collect();
    names.sort();
    names
}

async fn waiting_for(office: &Office, persona: Persona) -> Vec<String> {
    let mut work = office.work(persona).await;
    waiting(&mut work).await
}

#[tokio::test]
async fn a_town_confirms_several_at_once_and_each_once_in_the_quarter() {
    let office = Office::found().await;
    let ids = office
        .register(
            Persona::TengzhouOfficer,
            &[
                child("虚构甲", JINGHE_VILLAGE).status(ScatteredOrphan, SINCE),
                child("虚构乙", JINGHE_VILLAGE).status(ScatteredOrphan, SINCE),
                child("虚构丙", LONGQUAN_VILLAGE).status(ScatteredOrphan, SINCE),
                // Looked at when it was recognised, this very quarter; and one that draws nothing.
                child("虚构新", JINGHE_VILLAGE).status(ScatteredOrphan, date(2021, 10, 8)),
                child("虚构留", JINGHE_VILLAGE).status(LeftBehind, SINCE),
            ],
        )
        .await;
    let mut work = office.work(Persona::JingheSupervisor).await;
    let review = quarter_review(&mut work).await.unwrap();
    assert_eq!(review.quarter.to_string(), "2021Q4");
    assert_eq!(
        (review.due, review.standing),
        (date(2021, 12, 31), Standing::Coming)
    );
    assert_eq!((review.children, review.confirmed), (2, 0));
    assert_eq!(review.rule.map(|(_, verified)| verified), Some(false));
    assert_eq!(waiting(&mut work).await, ["虚构乙", "虚构甲"]);
    let both = [ids[0], ids[1]];
    let confirmed = confirm_quarter(&mut work, &both, "入户见到本人").await;
    assert_eq!(confirmed.unwrap(), 2);
    assert_eq!(
        confirm_quarter(&mut work, &both, "").await.unwrap(),
        0,
        "once"
    );
    assert_eq!(waiting(&mut work).await, [""; 0]);
    work.commit().await.unwrap();
    // The county sees who did it, and what its other town has left to do.
    let mut work = office.work(Persona::TengzhouColleague).await;
    let done = quarter_children(&mut work, true, None, 50).await.unwrap();
    assert!(
        done.iter()
            .all(|one| one.confirmed.as_ref().unwrap().1.is_some())
    );
    assert_eq!(waiting(&mut work).await, ["虚构丙"]);
    drop(work);
    let entries = office.journal_of(ids[0].uuid()).await;
    assert!(
        entries.contains(&"allowances.quarter_confirmed".to_owned()),
        "{entries:?}"
    );
    // A new quarter asks anew, for whoever was recognised in the one before as well.
    office.clock.set_day(date(2022, 1, 4));
    assert_eq!(
        waiting_for(&office, Persona::JingheSupervisor).await,
        ["虚构乙", "虚构新", "虚构甲"]
    );
    office.close().await;
}

#[tokio::test]
async fn nobody_confirms_a_child_that_is_not_theirs_to_answer_for() {
    let office = Office::found().await;
    let home = office.unit(Persona::HomeStaff);
    let shanting = office
        .register(
            Persona::ShantingOfficer,
            &[
                child("虚构山", SHANTING_VILLAGE).status(ScatteredOrphan, SINCE),
                child("虚构院", SHANTING_VILLAGE)
                    .status(ScatteredOrphan, SINCE)
                    .placed_in(home),
            ],
        )
        .await;
    for persona in [
        Persona::JingheSupervisor,
        Persona::TengzhouOfficer,
        Persona::CityOfficer,
    ] {
        let mut work = office.work(persona).await;
        let refused = confirm_quarter(&mut work, &shanting[..1], "").await;
        assert!(matches!(refused, Err(ReviewError::NotFound)), "{persona:?}");
    }
    // The home answers for the child that lives there, and for no other.
    assert_eq!(waiting_for(&office, Persona::HomeStaff).await, ["虚构院"]);
    let mut work = office.work(Persona::HomeStaff).await;
    let both = confirm_quarter(&mut work, &shanting, "").await;
    assert!(matches!(both, Err(ReviewError::NotFound)), "all or nobody");
    assert_eq!(
        confirm_quarter(&mut work, &shanting[1..], "")
            .await
            .unwrap(),
        1
    );
    work.commit().await.unwrap();
    let mut work = office.work(Persona::CityOfficer).await;
    let review = quarter_review(&mut work).await.unwrap();
    assert_eq!(
        (review.children, review.confirmed, review.confirms),
        (2, 1, false)
    );
    for (chosen, note, expected) in [
        (&[][..], "", ConfirmationError::Nobody),
        (&shanting[..1], "电话13800000001", ConfirmationError::Note),
    ] {
        let mut work = office.work(Persona::ShantingOfficer).await;
        let refused = confirm_quarter(&mut work, chosen, note).await;
        assert!(matches!(refused, Err(ReviewError::Confirmation(error)) if error == expected));
    }
    office.close().await;
}

#[tokio::test]
async fn who_draws_under_seal_is_confirmed_by_the_named_officer_and_told_to_nobody() {
    let office = Office::found().await;
    let ids = office
        .register(
            Persona::TengzhouOfficer,
            &[
                child("虚构密", JINGHE_VILLAGE).status(AidsAffected, SINCE),
                child("虚构半", JINGHE_VILLAGE)
                    .status(AidsAffected, SINCE)
                    .status(LeftBehind, SINCE),
            ],
        )
        .await;
    let others = [
        Persona::TengzhouColleague,
        Persona::JingheSupervisor,
        Persona::CityOfficer,
    ];
    for persona in others {
        assert_eq!(waiting_for(&office, persona).await, [""; 0], "{persona:?}");
        let mut work = office.work(persona).await;
        let refused = confirm_quarter(&mut work, &ids[1..], "").await;
        assert!(matches!(refused, Err(ReviewError::NotFound)), "{persona:?}");
    }
    let mut work = office.work(Persona::TengzhouOfficer).await;
    assert_eq!(confirm_quarter(&mut work, &ids, "").await.unwrap(), 2);
    work.commit().await.unwrap();
    for persona in others {
        let mut work = office.work(persona).await;
        let review = quarter_review(&mut work).await.unwrap();
        assert_eq!((review.children, review.confirmed), (0, 0), "{persona:?}");
    }
    office.close().await;
}

#[tokio::test]
async fn a_file_that_is_joined_to_another_is_confirmed_anew_and_parted_each_is_as_before() {
    let office = Office::found().await;
    let officer = Persona::TengzhouOfficer;
    let both = [
        child("虚构甲", JINGHE_VILLAGE).status(ScatteredOrphan, date(2021, 6, 1)),
        child("虚构假", JINGHE_VILLAGE).status(ScatteredOrphan, SINCE),
    ];
    let ids = office.register(officer, &both).await;
    let confirm = async |children: &[ChildId]| {
        let mut work = office.work(officer).await;
        let confirmed = confirm_quarter(&mut work, children, "").await.unwrap();
        work.commit().await.unwrap();
        confirmed
    };
    let confirmed = async || {
        let review = quarter_review(&mut office.work(officer).await).await;
        let review = review.unwrap();
        (review.children, review.confirmed)
    };
    assert_eq!((confirm(&ids).await, confirmed().await), (2, (2, 2)));
    let mut work = office.work(officer).await;
    let doubles = Doubles {
        kept: ids[0],
        kept_version: 1,
        doubled: ids[1],
        doubled_version: 1,
    };
    let merged = merge(&mut work, doubles).await.unwrap();
    work.commit().await.unwrap();
    // Nobody confirmed what the joined file says, neither by the one nor by the other.
    assert_eq!(confirmed().await, (1, 0));
    assert_eq!(waiting_for(&office, officer).await, ["虚构甲"]);
    assert_eq!((confirm(&ids[..1]).await, confirmed().await), (1, (1, 1)));
    assert_eq!(confirm(&ids[..1]).await, 0, "once");
    let mut work = office.work(officer).await;
    undo_merge(&mut work, merged).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(confirmed().await, (2, 2));
    office.close().await;
}

#[tokio::test]
async fn a_stop_on_record_takes_a_child_off_the_list_until_it_is_struck_out() {
    let office = Office::found().await;
    let gone = [child("虚构走", JINGHE_VILLAGE).status(ScatteredOrphan, SINCE)];
    let id: ChildId = office.register(Persona::TengzhouOfficer, &gone).await[0];
    let record = async |fact: AllowanceFact| {
        let mut work = office.work(Persona::TengzhouOfficer).await;
        record_fact(&mut work, id, &fact).await.unwrap();
        work.commit().await.unwrap();
    };
    let on = date(2021, 10, 20);
    record(AllowanceFact::Stopped {
        on,
        reason: "moved_out".into(),
    })
    .await;
    assert_eq!(
        waiting_for(&office, Persona::JingheSupervisor).await,
        [""; 0]
    );
    office.clock.set_day(TODAY.tomorrow().unwrap());
    record(AllowanceFact::Revoked {
        of: domain::allowances::Struck::Stopped,
        on,
    })
    .await;
    assert_eq!(
        waiting_for(&office, Persona::JingheSupervisor).await,
        ["虚构走"]
    );
    office.close().await;
}

#[test]
fn a_stop_says_through_which_month_this_side_pays() {
    let stopped = |reason: &str| {
        let fact = AllowanceFact::Stopped {
            on: date(2021, 10, 20),
            reason: reason.into(),
        };
        paid_through(&fact).map(|month| month.to_string())
    };
    assert_eq!(stopped("moved_out").as_deref(), Some("2021-10"));
    assert_eq!(stopped("deceased").as_deref(), Some("2021-10"));
    assert_eq!(stopped("parent_found").as_deref(), Some("2021-09"));
    let study = AllowanceFact::Study {
        from: "2021-09".parse().unwrap(),
        to: None,
    };
    assert_eq!(paid_through(&study), None);
}
