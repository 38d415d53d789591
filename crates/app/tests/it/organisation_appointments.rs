//! Appointments that two people make, and the ways around that do not exist.

use app::organisation::{
    Appointee, AppointmentError, SignInError, confirm_appointment, end_appointment, invite,
    lock_account, propose_appointment, refuse_appointment, reset_secrets,
};
use domain::organisation::appointing::{ConfirmError, ProposeError};
use kernel::clock::{Entropy, SeededEntropy};
use kernel::ids::OfficerId;
use kernel::roles::{Action, Role, can};
use store::accounts::{AppointmentFilter, appointments, open_proposals};
use store::work::Work;
use testkit::office::TODAY;

use crate::organisation_scene::{Person, Scene, accept};

fn of(officer: OfficerId) -> AppointmentFilter {
    AppointmentFilter {
        officer: Some(officer),
        ..AppointmentFilter::default()
    }
}

#[tokio::test]
async fn an_officer_works_once_a_second_person_confirmed() {
    let scene = Scene::found().await;
    let proposal = scene
        .propose("经办（虚构）", scene.county, Role::CountyOfficer)
        .await;
    let mut work = scene.work(&scene.admin).await;
    let own = confirm_appointment(&mut work, proposal).await;
    assert!(
        matches!(own, Err(AppointmentError::NotFound)),
        "the administrator confirms nothing"
    );
    assert!(
        appointments(&mut work, AppointmentFilter::default(), None)
            .await
            .unwrap()
            .iter()
            .all(|row| row.role != Role::CountyOfficer)
    );
    drop(work);
    let confirmed = scene.confirm(&scene.approver, proposal).await;
    let person = accept(
        &scene.store,
        confirmed.officer,
        &confirmed.code.unwrap(),
        "county.one",
    )
    .await;
    let work = scene.work(&person).await;
    assert_eq!(
        (work.role(), work.unit()),
        (Role::CountyOfficer, scene.county)
    );
    assert!(can(work.role(), Action::ImportLedger));
    drop(work);
    let mut work = scene.work(&scene.approver).await;
    let again = confirm_appointment(&mut work, proposal).await;
    assert!(matches!(again, Err(AppointmentError::NotFound)), "once");
    scene.database.remove().await;
}

#[tokio::test]
async fn the_unit_itself_confirms_and_the_unit_above_where_it_has_no_second_person() {
    let scene = Scene::found().await;
    let county = scene.county;
    let approver = scene
        .appoint(
            "county.approver",
            county,
            Role::CountyApprover,
            &scene.approver,
        )
        .await;
    let proposal = scene
        .propose("经办（虚构）", county, Role::CountyOfficer)
        .await;
    let mut work = scene.work(&scene.approver).await;
    let above = confirm_appointment(&mut work, proposal).await;
    assert!(matches!(
        above,
        Err(AppointmentError::Confirm(ConfirmError::AnotherUnit))
    ));
    drop(work);
    scene.confirm(&approver, proposal).await;
    let mut work = scene.work(&scene.admin).await;
    let reset = reset_secrets(&mut work, approver.officer).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work(&approver).await;
    let herself = confirm_appointment(&mut work, reset).await;
    assert!(matches!(
        herself,
        Err(AppointmentError::Confirm(ConfirmError::Appointee))
    ));
    drop(work);
    scene.confirm(&scene.second_approver, reset).await;
    scene.database.remove().await;
}

#[tokio::test]
async fn nobody_appoints_himself_or_beyond_his_reach() {
    let scene = Scene::found().await;
    let mut work = scene.work(&scene.admin).await;
    let mut himself = scene.appointing("", scene.county, Role::CountyOfficer);
    himself.appointee = Appointee::Officer(scene.admin.officer);
    let refused = propose_appointment(&mut work, &himself).await;
    assert!(matches!(
        refused,
        Err(AppointmentError::Propose(ProposeError::Oneself))
    ));
    let misplaced = scene.appointing("某（虚构）", scene.county, Role::CityApprover);
    let refused = propose_appointment(&mut work, &misplaced).await;
    assert!(matches!(
        refused,
        Err(AppointmentError::Propose(ProposeError::NotInThisUnit))
    ));
    let partner = scene.appointing("学校（虚构）", scene.county, Role::Partner);
    let taken = propose_appointment(&mut work, &partner).await.unwrap();
    assert!(
        taken.in_effect.is_some(),
        "a role that may do nothing needs nobody else"
    );
    drop(work);
    let officer = scene
        .appoint(
            "county.one",
            scene.county,
            Role::CountyOfficer,
            &scene.approver,
        )
        .await;
    let mut work = scene.work(&officer).await;
    let above = scene.appointing("某（虚构）", scene.city, Role::CityOfficer);
    let refused = propose_appointment(&mut work, &above).await;
    assert!(matches!(refused, Err(AppointmentError::NotFound)));
    scene.database.remove().await;
}

#[tokio::test]
async fn a_reset_ends_the_old_secrets_and_hands_the_code_to_the_confirmer() {
    let scene = Scene::found().await;
    let old = scene.approver.clone();
    let session = scene.token(&old).await;
    let mut work = scene.work(&scene.admin).await;
    assert!(matches!(
        invite(&mut work, old.officer).await,
        Err(AppointmentError::Account)
    ));
    let reset = reset_secrets(&mut work, old.officer).await.unwrap();
    work.commit().await.unwrap();
    scene.token(&old).await;
    let code = scene
        .confirm(&scene.second_approver, reset)
        .await
        .code
        .unwrap();
    assert!(scene.store.begin(&session, "测试").await.is_err());
    let digits = scene.digits(&old);
    let dead = scene.try_sign_in(&old, &old.password, digits).await;
    assert!(matches!(dead, Err(SignInError::Wrong)));
    let new = accept(&scene.store, old.officer, &code, &old.login).await;
    scene.token(&new).await;
    scene.database.remove().await;
}

#[tokio::test]
async fn a_refused_proposal_and_an_ended_appointment_have_no_effect() {
    let scene = Scene::found().await;
    let proposal = scene
        .propose("经办（虚构）", scene.county, Role::CountyOfficer)
        .await;
    let mut work = scene.work(&scene.approver).await;
    refuse_appointment(&mut work, proposal).await.unwrap();
    assert!(confirm_appointment(&mut work, proposal).await.is_err());
    work.commit().await.unwrap();
    let person = scene
        .appoint(
            "county.one",
            scene.county,
            Role::CountyOfficer,
            &scene.approver,
        )
        .await;
    let token = scene.token(&person).await;
    let mut work = scene.work(&scene.admin).await;
    let held = appointments(&mut work, of(person.officer), None)
        .await
        .unwrap();
    end_appointment(&mut work, held[0].id, TODAY).await.unwrap();
    assert!(
        end_appointment(&mut work, held[0].id, TODAY).await.is_err(),
        "never lengthened"
    );
    work.commit().await.unwrap();
    assert!(scene.store.begin(&token, "测试").await.is_err());
    scene.database.remove().await;
}

/// One call of the administrator, chosen by a number; what it answers with a code is a breach.
async fn call(scene: &Scene, work: &mut Work, people: &[OfficerId], choice: usize) -> bool {
    let who = people[choice / 16 % people.len()];
    let unit = [scene.city, scene.county][choice / 256 % 2];
    match choice % 16 {
        0..=11 => {
            let mut appointing = scene.appointing("", unit, Role::ALL[choice % 16]);
            appointing.appointee = Appointee::Officer(who);
            propose_appointment(work, &appointing).await.is_ok()
        }
        12 => invite(work, who).await.is_ok(),
        13 => reset_secrets(work, who).await.is_ok(),
        14 => lock_account(work, who, choice % 32 == 14).await.is_ok(),
        _ => {
            for proposed in open_proposals(work, None).await.unwrap() {
                assert!(confirm_appointment(work, proposed.id).await.is_err());
                assert!(!scene.database.confirms_for_nobody(proposed.id).await);
            }
            false
        }
    }
}

/// The pure search over all sequences is domain::organisation's; this replays a sample of them with the database's word.
#[tokio::test]
async fn sampled_calls_of_an_administrator_lead_nowhere_in_the_database_either() {
    let scene = Scene::found().await;
    let county = scene
        .appoint(
            "county.one",
            scene.county,
            Role::CountyOfficer,
            &scene.approver,
        )
        .await;
    let people: Vec<OfficerId> = [
        &scene.admin,
        &scene.approver,
        &scene.second_approver,
        &county,
    ]
    .map(|person: &Person| person.officer)
    .into();
    let token = scene.token(&scene.admin).await;
    let chance = SeededEntropy::new(4);
    let mut effective = 0;
    for _ in 0..150 {
        let mut work = scene.store.begin(&token, "测试").await.unwrap();
        let mut bytes = [0; 8];
        chance.fill(&mut bytes);
        for pair in bytes.chunks(2) {
            let choice = usize::from(pair[0]) | usize::from(pair[1]) << 8;
            effective += usize::from(call(&scene, &mut work, &people, choice).await);
        }
        assert_eq!(work.role(), Role::Admin);
        assert!(work.reach().is_empty());
        let held = appointments(&mut work, of(scene.admin.officer), None)
            .await
            .unwrap();
        assert_eq!(
            held.iter().map(|row| row.role).collect::<Vec<_>>(),
            [Role::Admin]
        );
        work.commit().await.unwrap();
    }
    assert!(effective > 100, "only {effective} calls had an effect");
    scene.database.remove().await;
}
