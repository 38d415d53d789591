//! Signing in and everything that keeps others from doing so.

use app::organisation::{
    Acceptance, InvitationError, SecondFactor, SignIn, SignInError, accept_invitation, devices,
    lock_account, open_invitation, reauthenticate, revoke_device, sign_in, sign_out,
};
use jiff::SignedDuration;
use kernel::roles::Role;
use store::accounts::{InvitationCode, proved_recently};
use store::error::StoreError;

use crate::organisation_scene::{Scene, typed};

#[tokio::test]
async fn a_code_makes_one_account_once() {
    let scene = Scene::found().await;
    let proposal = scene
        .propose("经办（虚构）", scene.county, Role::CountyOfficer)
        .await;
    let code = scene.confirm(&scene.approver, proposal).await.code.unwrap();
    let with = |code: &InvitationCode, login: &'static str, password: &str| Acceptance {
        code: code.clone(),
        login,
        password: typed(password),
        second_factor: None,
    };
    let good = "荆河的柳树又发芽了呢";
    let cases = [
        (with(&code, "x", "荆河的柳树又发芽了呢对吧"), "login.form"),
        (with(&code, "county.one", good), "password.short"),
        (
            with(&code, "county.one", "password2021"),
            "password.tried_first",
        ),
        (
            with(&code, "admin.one", "荆河的柳树又发芽了呢对吧"),
            "login.taken",
        ),
        (
            with(
                &InvitationCode::typed("0000-0000"),
                "county.one",
                "荆河的柳树又发芽了呢对吧",
            ),
            "invitation.invalid",
        ),
    ];
    for (acceptance, expected) in cases {
        let error = accept_invitation(&scene.store, acceptance)
            .await
            .unwrap_err();
        assert_eq!(kernel::explain::Explain::code(&error), expected);
    }
    let untidy = InvitationCode::typed(&code.reveal().to_lowercase().replace('-', " "));
    let accepted = accept_invitation(
        &scene.store,
        with(&untidy, "county.one", "荆河的柳树又发芽了呢对吧"),
    )
    .await;
    assert!(
        accepted.unwrap().recovery_codes.is_empty(),
        "no second factor, no recovery"
    );
    let again = open_invitation(&scene.store, &code).await;
    assert!(matches!(again, Err(InvitationError::Invalid)));
    scene.database.remove().await;
}

#[tokio::test]
async fn a_code_is_void_after_a_week() {
    let scene = Scene::found().await;
    let proposal = scene
        .propose("经办（虚构）", scene.county, Role::CountyOfficer)
        .await;
    let code = scene.confirm(&scene.approver, proposal).await.code.unwrap();
    scene.clock.advance(SignedDuration::from_hours(7 * 24));
    let late = open_invitation(&scene.store, &code).await;
    assert!(matches!(late, Err(InvitationError::Invalid)));
    scene.database.remove().await;
}

#[tokio::test]
async fn the_second_factor_is_needed_and_counts_once() {
    let scene = Scene::found().await;
    let admin = &scene.admin;
    let missing = scene.try_sign_in(admin, &admin.password, None).await;
    assert!(matches!(missing, Err(SignInError::SecondFactorNeeded)));
    let digits = scene.digits(admin);
    let first = scene
        .try_sign_in(admin, &admin.password, digits.clone())
        .await;
    assert_eq!(first.unwrap().post.role, Role::Admin);
    let replayed = scene.try_sign_in(admin, &admin.password, digits).await;
    assert!(matches!(replayed, Err(SignInError::Wrong)));
    let recovery = Some(SecondFactor::Recovery(admin.recovery[0].clone()));
    assert!(
        scene
            .try_sign_in(admin, &admin.password, recovery.clone())
            .await
            .is_ok()
    );
    let twice = scene.try_sign_in(admin, &admin.password, recovery).await;
    assert!(matches!(twice, Err(SignInError::Wrong)));
    let journal = scene.database.journal_of(admin.officer.uuid()).await;
    assert_eq!(
        journal
            .iter()
            .filter(|action| *action == "organisation.sign_in_failed")
            .count(),
        2
    );
    assert!(journal.contains(&"organisation.signed_in".to_owned()));
    scene.database.remove().await;
}

#[tokio::test]
async fn guessing_is_slowed_then_locked_out_alike_for_names_that_exist_and_that_do_not() {
    let scene = Scene::found().await;
    let mut stranger = scene.approver.clone();
    stranger.login = "nobody.here".into();
    let mut answers = Vec::new();
    for person in [&scene.approver, &stranger] {
        let mut heard = Vec::new();
        while heard.len() < 20 {
            match scene
                .try_sign_in(person, "wrong wrong wrong", None)
                .await
                .unwrap_err()
            {
                SignInError::Wrong => heard.push("wrong".to_owned()),
                SignInError::Wait {
                    locked_out: true, ..
                } => break,
                SignInError::Wait { until, .. } => {
                    let wait = until.duration_since(kernel::clock::Clock::now(&*scene.clock));
                    heard.push(format!("{} s", wait.as_secs()));
                    scene.clock.advance(wait);
                }
                other => panic!("{other}"),
            }
        }
        answers.push(heard);
    }
    assert_eq!(answers[0], answers[1]);
    let waits: Vec<_> = answers[0].iter().filter(|one| *one != "wrong").collect();
    assert_eq!(
        waits,
        ["5 s", "10 s", "20 s", "40 s", "80 s", "160 s", "320 s"]
    );
    let digits = scene.digits(&scene.approver);
    let right = scene
        .try_sign_in(&scene.approver, &scene.approver.password, digits)
        .await;
    assert!(matches!(
        right,
        Err(SignInError::Wait {
            locked_out: true,
            ..
        })
    ));
    let journal = scene
        .database
        .journal_of(scene.approver.officer.uuid())
        .await;
    assert_eq!(journal.last().unwrap(), "organisation.account_locked_out");
    let mut work = scene.work(&scene.admin).await;
    lock_account(&mut work, scene.approver.officer, false)
        .await
        .unwrap();
    work.commit().await.unwrap();
    scene.token(&scene.approver).await;
    scene.database.remove().await;
}

#[tokio::test]
async fn guesses_sent_all_at_once_wait_for_one_another() {
    let scene = Scene::found().await;
    let guesses = (0..40).map(|_| scene.try_sign_in(&scene.approver, "wrong wrong wrong", None));
    let mut judged = 0;
    let mut running = Vec::new();
    for guess in guesses {
        running.push(Box::pin(guess));
    }
    for answer in join_all(running).await {
        judged += usize::from(matches!(answer, Err(SignInError::Wrong)));
    }
    assert_eq!(judged, 3, "the fourth has to wait");
    scene.database.remove().await;
}

/// Runs futures side by side on this task.
async fn join_all<F: Future + Unpin>(mut futures: Vec<F>) -> Vec<F::Output> {
    let mut answers: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, answer) in futures.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let std::task::Poll::Ready(ready) = std::pin::Pin::new(future).poll(context)
            {
                *answer = Some(ready);
            }
        }
        match answers.iter().all(Option::is_some) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    answers.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_hundred_sign_ins_at_once_stay_small() {
    let scene = Scene::found().await;
    let logins: Vec<String> = (0..100).map(|number| format!("nobody{number}")).collect();
    let asked = logins.iter().map(|login| {
        let asked = SignIn {
            login,
            password: typed("荆河的柳树又发芽了呢对吧"),
            second: None,
            address: login,
            device: "",
            appointment: None,
        };
        Box::pin(sign_in(&scene.store, asked))
    });
    for answer in join_all(asked.collect()).await {
        assert!(matches!(answer, Err(SignInError::Wrong)));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kibibytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kibibytes < 512 * 1024, "{kibibytes} KiB at the peak");
    scene.database.remove().await;
}

#[tokio::test]
async fn a_locked_account_has_no_session_and_opens_none() {
    let scene = Scene::found().await;
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
    lock_account(&mut work, person.officer, true).await.unwrap();
    assert!(
        lock_account(&mut work, scene.admin.officer, true)
            .await
            .is_err(),
        "never one's own"
    );
    work.commit().await.unwrap();
    let ended = scene.store.begin(&token, "测试").await;
    assert!(matches!(ended.err(), Some(StoreError::NoSession)));
    let refused = scene.try_sign_in(&person, &person.password, None).await;
    assert!(matches!(refused, Err(SignInError::Locked)));
    scene.database.remove().await;
}

#[tokio::test]
async fn sessions_are_listed_revoked_and_end_by_themselves() {
    let scene = Scene::found().await;
    let (here, there) = (
        scene.token(&scene.admin).await,
        scene.token(&scene.admin).await,
    );
    let mut work = scene.store.begin(&here, "测试").await.unwrap();
    let other = devices(&mut work)
        .await
        .unwrap()
        .into_iter()
        .find(|device| !device.this)
        .unwrap();
    assert_eq!(other.device, "虚构浏览器");
    revoke_device(&mut work, other.id).await.unwrap();
    assert!(revoke_device(&mut work, other.id).await.is_err(), "once");
    work.commit().await.unwrap();
    assert!(scene.store.begin(&there, "测试").await.is_err());
    let foreign = scene.token(&scene.approver).await;
    let mut work = scene.store.begin(&foreign, "测试").await.unwrap();
    let own = devices(&mut work).await.unwrap();
    assert_eq!(own.len(), 1, "nobody sees another's devices");
    sign_out(&mut work).await.unwrap();
    work.commit().await.unwrap();
    assert!(scene.store.begin(&foreign, "测试").await.is_err());
    scene.database.age_sessions(31, 0).await;
    let idle = scene.store.begin(&here, "测试").await;
    assert!(matches!(idle.err(), Some(StoreError::NoSession)));
    scene.database.remove().await;
}

#[tokio::test]
async fn the_password_given_again_counts_for_ten_minutes() {
    let scene = Scene::found().await;
    let token = scene.token(&scene.admin).await;
    scene.database.age_sessions(0, 11).await;
    let proved = async || {
        let mut work = scene.store.begin(&token, "测试").await.unwrap();
        proved_recently(&mut work).await.unwrap()
    };
    assert!(!proved().await);
    let second = scene.digits(&scene.admin);
    let wrong = reauthenticate(&scene.store, &token, typed("wrong wrong wrong"), second).await;
    assert!(matches!(wrong, Err(SignInError::Wrong)));
    let second = scene.digits(&scene.admin);
    let password = typed(&scene.admin.password);
    reauthenticate(&scene.store, &token, password, second)
        .await
        .unwrap();
    assert!(proved().await);
    scene.database.remove().await;
}
