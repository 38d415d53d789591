//! What holding several posts, posts to come and posts that ended does to accounts, codes and confirmations.

use app::organisation::{
    Appointee, Appointing, AppointmentError, Confirmed, SignInError, confirm_appointment,
    end_appointment, invite, lock_account, open_invitation, propose_appointment, reauthenticate,
    reset_secrets,
};
use app::registry::journal;
use domain::organisation::appointing::{ConfirmError, ProposeError};
use jiff::civil::{Date, date};
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::roles::Role;
use store::accounts::{AppointmentFilter, AppointmentRow, appointments};
use store::journal::JournalFilter;
use testkit::office::TODAY;

use crate::organisation_scene::{Person, Scene, typed};

/// A first day that has not come yet by any clock.
const SOME_DAY: Date = date(2099, 1, 1);

impl Scene {
    /// The administrator proposes this, and this approver confirms it.
    async fn appoint_as(&self, appointing: &Appointing, by: &Person) -> Confirmed {
        let mut work = self.work(&self.admin).await;
        let taken = propose_appointment(&mut work, appointing).await.unwrap();
        work.commit().await.unwrap();
        self.confirm(by, taken.proposal).await
    }

    fn on_file(&self, officer: OfficerId, unit: UnitId, role: Role) -> Appointing {
        Appointing {
            appointee: Appointee::Officer(officer),
            ..self.appointing("", unit, role)
        }
    }

    async fn posts(&self, officer: OfficerId) -> Vec<AppointmentRow> {
        let mut work = self.work(&self.admin).await;
        let filter = AppointmentFilter {
            officer: Some(officer),
            ..AppointmentFilter::default()
        };
        appointments(&mut work, filter, None).await.unwrap()
    }

    async fn end(&self, post: AppointmentId, last_day: Date) -> Result<(), AppointmentError> {
        let mut work = self.work(&self.admin).await;
        end_appointment(&mut work, post, last_day).await?;
        work.commit().await.unwrap();
        Ok(())
    }
}

#[tokio::test]
async fn an_account_that_opens_a_post_above_is_no_matter_of_the_unit_below() {
    let scene = Scene::found().await;
    let (city, county) = (scene.city, scene.county);
    let approver = Role::CountyApprover;
    let below = scene
        .appoint("county.approver", county, approver, &scene.approver)
        .await;
    let colleague = scene
        .appoint("county.one", county, Role::CountyOfficer, &below)
        .await;
    let promoted = scene
        .appoint("county.two", county, Role::CountyOfficer, &below)
        .await;
    let post = scene.on_file(promoted.officer, city, Role::CityApprover);
    let confirmed = scene.appoint_as(&post, &scene.approver).await;
    assert!(confirmed.code.is_none(), "the account stays as it is");

    let mut work = scene.work(&colleague).await;
    let reset = reset_secrets(&mut work, promoted.officer).await;
    assert!(matches!(reset, Err(AppointmentError::NotFound)));
    drop(work);
    let mut work = scene.work(&scene.admin).await;
    let reset = reset_secrets(&mut work, promoted.officer).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work(&below).await;
    let taken = confirm_appointment(&mut work, reset).await;
    assert!(matches!(taken, Err(AppointmentError::NotFound)));
    drop(work);
    assert!(scene.confirm(&scene.approver, reset).await.code.is_some());
    scene.database.remove().await;
}

#[tokio::test]
async fn a_code_is_shown_only_to_a_unit_that_serves_every_post() {
    let scene = Scene::found().await;
    let (city, county) = (scene.city, scene.county);
    let below = scene
        .appoint(
            "county.approver",
            county,
            Role::CountyApprover,
            &scene.approver,
        )
        .await;
    let above = scene.appointing("新人（虚构）", city, Role::CityApprover);
    let officer = scene.appoint_as(&above, &scene.approver).await.officer;
    let post = scene.on_file(officer, county, Role::CountyOfficer);
    let confirmed = scene.appoint_as(&post, &below).await;
    assert!(confirmed.code.is_none(), "it would open the city's post");

    let mut work = scene.work(&scene.admin).await;
    let invited = invite(&mut work, officer).await.unwrap();
    work.commit().await.unwrap();
    assert!(scene.confirm(&scene.approver, invited).await.code.is_some());
    scene.database.remove().await;
}

#[tokio::test]
async fn whoever_begins_later_enrols_the_second_factor_with_the_first_code() {
    let scene = Scene::found().await;
    let mut later = scene.appointing("新人（虚构）", scene.county, Role::CountyApprover);
    later.term.from = SOME_DAY;
    let code = scene.appoint_as(&later, &scene.approver).await.code;
    let opened = open_invitation(&scene.store, &code.unwrap()).await;
    assert!(opened.unwrap().second_factor_needed);
    scene.database.remove().await;
}

#[tokio::test]
async fn what_has_not_begun_and_what_began_by_mistake_is_taken_back() {
    let scene = Scene::found().await;
    let mut later = scene.appointing("新人（虚构）", scene.county, Role::CountyOfficer);
    later.term.from = SOME_DAY;
    let future = scene.appoint_as(&later, &scene.approver).await.officer;
    let today = scene.appointing("新人（虚构）", scene.county, Role::CountyOfficer);
    let mistaken = scene.appoint_as(&today, &scene.approver).await.officer;
    let yesterday = TODAY.yesterday().unwrap();
    for (officer, last_day, ended) in [
        (future, TODAY, SOME_DAY.yesterday().unwrap()),
        (mistaken, yesterday, yesterday),
    ] {
        let post = scene.posts(officer).await[0].id;
        scene.end(post, last_day).await.unwrap();
        let post = scene.posts(officer).await.remove(0);
        assert_eq!(post.to, Some(ended));
        assert!(ended < post.from, "it holds on no day");
    }
    scene.database.remove().await;
}

#[tokio::test]
async fn the_uppermost_unit_keeps_somebody_who_confirms() {
    let scene = Scene::found().await;
    let mut posts = Vec::new();
    for person in [&scene.approver, &scene.second_approver] {
        posts.push(scene.posts(person.officer).await[0].id);
    }
    scene.end(posts[0], TODAY).await.unwrap();
    let last = scene.end(posts[1], TODAY).await;
    assert!(matches!(last, Err(AppointmentError::LastConfirmer)));
    let successor = scene.appointing("继任（虚构）", scene.city, Role::CityApprover);
    scene.appoint_as(&successor, &scene.second_approver).await;
    scene.end(posts[1], TODAY).await.unwrap();
    scene.database.remove().await;
}

#[tokio::test]
async fn an_approver_whose_account_is_locked_leaves_the_unit_without_a_second_person() {
    let scene = Scene::found().await;
    let county = scene.county;
    let below = scene
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
    let early = confirm_appointment(&mut work, proposal).await;
    let another = AppointmentError::Confirm(ConfirmError::AnotherUnit);
    assert_eq!(format!("{early:?}"), format!("Err({another:?})"));
    drop(work);
    let mut work = scene.work(&scene.admin).await;
    lock_account(&mut work, below.officer, true).await.unwrap();
    work.commit().await.unwrap();
    scene.confirm(&scene.approver, proposal).await;
    scene.database.remove().await;
}

#[tokio::test]
async fn a_deputy_holds_the_post_deputised_for() {
    let scene = Scene::found().await;
    let county = scene.county;
    let officer = scene
        .appoint("county.one", county, Role::CountyOfficer, &scene.approver)
        .await
        .officer;
    let post = scene.posts(officer).await[0].id;
    let unknown = AppointmentId::generate(jiff::Timestamp::UNIX_EPOCH, scene.store.entropy());
    let admins = scene.posts(scene.admin.officer).await[0].id;
    let mut work = scene.work(&scene.admin).await;
    let mut deputy = scene.appointing("代理（虚构）", county, Role::CountyOfficer);
    deputy.term.deputy_for = Some(unknown);
    let refused = propose_appointment(&mut work, &deputy).await;
    assert!(matches!(refused, Err(AppointmentError::NotFound)));
    deputy.term.deputy_for = Some(admins);
    let refused = propose_appointment(&mut work, &deputy).await;
    assert!(matches!(
        refused,
        Err(AppointmentError::Propose(ProposeError::NotThePost))
    ));
    deputy.term.deputy_for = Some(post);
    let himself = Appointing {
        appointee: Appointee::Officer(officer),
        ..deputy.clone()
    };
    let refused = propose_appointment(&mut work, &himself).await;
    assert!(matches!(
        refused,
        Err(AppointmentError::Propose(ProposeError::NotThePost))
    ));
    propose_appointment(&mut work, &deputy).await.unwrap();
    drop(work);
    scene.database.remove().await;
}

#[tokio::test]
async fn the_auditor_reads_who_signed_in_and_what_was_done_to_accounts_and_posts() {
    let scene = Scene::found().await;
    let (city, county) = (scene.city, scene.county);
    let auditor = scene
        .appoint("auditor.one", city, Role::Auditor, &scene.approver)
        .await;
    let officer = scene
        .appoint("county.one", county, Role::CountyOfficer, &scene.approver)
        .await;
    let token = scene.token(&officer).await;
    let wrong = reauthenticate(&scene.store, &token, typed("wrong"), None).await;
    assert!(matches!(wrong, Err(SignInError::Wrong)));
    let mut work = scene.work(&scene.admin).await;
    lock_account(&mut work, officer.officer, true)
        .await
        .unwrap();
    work.commit().await.unwrap();
    let post = scene.posts(officer.officer).await[0].id;
    scene.end(post, TODAY).await.unwrap();

    let mut work = scene.work(&auditor).await;
    let read = journal(&mut work, &JournalFilter::default(), None, 200).await;
    let read = read.unwrap();
    for (action, subject) in [
        ("organisation.signed_in", officer.officer.uuid()),
        ("organisation.sign_in_failed", officer.officer.uuid()),
        ("organisation.account_locked", officer.officer.uuid()),
        ("organisation.appointment_ended", post.uuid()),
    ] {
        assert!(
            read.iter()
                .any(|entry| entry.action == action && entry.subject == subject),
            "{action}"
        );
    }
    drop(work);
    scene.database.remove().await;
}

#[tokio::test]
async fn of_two_who_confirm_at_once_one_does() {
    let scene = Scene::found().await;
    let proposal = scene
        .propose("经办（虚构）", scene.county, Role::CountyOfficer)
        .await;
    let confirm = async |person: &Person| {
        let mut work = scene.work(person).await;
        let confirmed = confirm_appointment(&mut work, proposal).await;
        work.commit().await.unwrap();
        confirmed.is_ok()
    };
    let (one, other) = tokio::join!(confirm(&scene.approver), confirm(&scene.second_approver));
    assert!(one != other, "{one} {other}");
    scene.database.remove().await;
}

#[tokio::test]
async fn of_two_who_use_one_code_at_once_one_gets_in() {
    let scene = Scene::found().await;
    let digits = scene.digits(&scene.admin);
    let enter = async || {
        let admin = &scene.admin;
        let entered = scene.try_sign_in(admin, &admin.password, digits.clone());
        entered.await.is_ok()
    };
    let (one, other) = tokio::join!(enter(), enter());
    assert!(one != other, "{one} {other}");
    scene.database.remove().await;
}
