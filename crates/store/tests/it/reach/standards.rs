//! Who may write standards: the own unit's posts for the own places, and never twice.

use testkit::office::{Persona, SHANTING, TENGZHOU};

use super::powers::refused;
use super::scene::{Scene, run};

/// A proposal by this persona, of this unit, for this place.
fn proposal(officer: &str, unit: &str, place: i64) -> String {
    format!(
        "INSERT INTO allowances_standard (id, unit_id, class, place, monthly_fen, from_month, document_title, state, proposed_by, proposed_at)
         VALUES (gen_random_uuid(), '{unit}', 'key_hardship', {place}, 121000, '2022-01-01', '虚构', 'proposed', '{officer}', now())"
    )
}

#[tokio::test]
async fn a_standard_is_proposed_by_a_post_that_may_for_its_own_place_in_its_own_name() {
    let scene = Scene::set().await;
    let office = &scene.office;
    for (persona, place, expected) in [
        (Persona::TengzhouOfficer, TENGZHOU, None),
        (Persona::TengzhouOfficer, SHANTING, Some("42501")),
        (Persona::CityOfficer, SHANTING, None),
        (Persona::JingheSupervisor, TENGZHOU, Some("42501")),
        (Persona::Auditor, TENGZHOU, Some("42501")),
        (Persona::Admin, TENGZHOU, Some("42501")),
    ] {
        let officer = office.officer_of(persona).await.to_string();
        let unit = office.unit(persona).to_string();
        let answer = refused(&scene, persona, &proposal(&officer, &unit, place)).await;
        assert_eq!(answer.as_deref(), expected, "{persona:?} {place}");
    }
    let another = office.officer_of(Persona::TengzhouColleague).await;
    let unit = office.unit(Persona::TengzhouOfficer).to_string();
    let anothers = proposal(&another.to_string(), &unit, TENGZHOU);
    let answer = refused(&scene, Persona::TengzhouOfficer, &anothers).await;
    assert_eq!(answer.as_deref(), Some("42501"), "in another's name");
    let published =
        proposal(&another.to_string(), &unit, TENGZHOU).replace("'proposed'", "'published'");
    let answer = refused(&scene, Persona::TengzhouColleague, &published).await;
    assert!(answer.is_some(), "nothing begins as published");
    scene.office.close().await;
}

#[tokio::test]
async fn a_standard_is_published_by_another_and_never_changed() {
    let scene = Scene::set().await;
    let office = &scene.office;
    let officer = office.officer_of(Persona::TengzhouOfficer).await;
    let unit = office.unit(Persona::TengzhouOfficer);
    run(
        &office.database.owner,
        proposal(&officer.to_string(), &unit.to_string(), TENGZHOU),
    )
    .await;
    let publish = |by: &str| {
        format!(
            "SELECT auth.hold_months(); UPDATE allowances_standard SET state = 'published', decided_by = '{by}', decided_at = now() + interval '1 hour', verified = true"
        )
    };
    let colleague = office.officer_of(Persona::TengzhouColleague).await;
    for (persona, by) in [
        (Persona::TengzhouOfficer, officer),
        (Persona::TengzhouColleague, colleague),
        (Persona::TengzhouColleague, officer),
    ] {
        let answer = refused(&scene, persona, &publish(&by.to_string())).await;
        assert_eq!(answer.as_deref(), Some("42501"), "{persona:?}");
    }
    let amount = "UPDATE allowances_standard SET monthly_fen = 1";
    let removal = "DELETE FROM allowances_standard";
    for statement in [amount, removal] {
        let answer = refused(&scene, Persona::TengzhouOfficer, statement).await;
        assert_eq!(answer.as_deref(), Some("42501"), "{statement}");
    }
    // Not even the owner has one person do both, or undoes what was published.
    let owner = &office.database.owner;
    let disabled = "ALTER TABLE allowances_standard DISABLE TRIGGER guard_standard";
    let enabled = "ALTER TABLE allowances_standard ENABLE TRIGGER guard_standard";
    run(owner, disabled.into()).await;
    let own = publish(&officer.to_string());
    assert_eq!(code(&scene, &own).await.as_deref(), Some("23514"));
    run(owner, publish(&colleague.to_string())).await;
    run(owner, enabled.into()).await;
    for statement in [amount, removal] {
        assert_eq!(
            code(&scene, statement).await.as_deref(),
            Some("23001"),
            "{statement}"
        );
    }
    scene.office.close().await;
}

#[tokio::test]
async fn a_scan_is_added_by_the_proposer_alone_while_nobody_has_decided_and_read_by_everybody() {
    let scene = Scene::set().await;
    let (office, owner) = (&scene.office, scene.owner());
    let officer = office
        .officer_of(Persona::TengzhouOfficer)
        .await
        .to_string();
    let unit = office.unit(Persona::TengzhouOfficer).to_string();
    run(owner, proposal(&officer, &unit, TENGZHOU)).await;
    let scan = |by: &str| {
        format!(
            "INSERT INTO allowances_standard_scan
             SELECT id, 'image/png', 4, decode(repeat('5a', 48), 'hex'), '{by}', now() FROM allowances_standard"
        )
    };
    for persona in [
        Persona::TengzhouColleague,
        Persona::ShantingOfficer,
        Persona::CityOfficer,
        Persona::JingheSupervisor,
    ] {
        let own = office.officer_of(persona).await.to_string();
        for by in [&own, &officer] {
            let answer = refused(&scene, persona, &scan(by)).await;
            assert_eq!(answer.as_deref(), Some("42501"), "{persona:?}");
        }
    }
    let proposer = Persona::TengzhouOfficer;
    assert_eq!(refused(&scene, proposer, &scan(&officer)).await, None);
    run(owner, scan(&officer)).await;
    let again = refused(&scene, proposer, &scan(&officer)).await;
    assert_eq!(again.as_deref(), Some("23505"), "once");
    let read = "SELECT media_type FROM allowances_standard_scan";
    for caller in scene.callers().await {
        let seen = caller.ask(read).await.unwrap_or_default().len();
        assert_eq!(
            seen,
            usize::from(caller.persona.is_some()),
            "{}",
            caller.name
        );
    }
    // Not even the owner changes it, but to seal it anew.
    for statement in [
        "UPDATE allowances_standard_scan SET bytes = 1",
        "DELETE FROM allowances_standard_scan",
    ] {
        assert_eq!(code(&scene, statement).await.as_deref(), Some("23001"));
    }
    let anew = "UPDATE allowances_standard_scan SET content = content";
    assert_eq!(code(&scene, anew).await, None);
    let refused_anew = refused(&scene, proposer, anew).await;
    assert_eq!(refused_anew.as_deref(), Some("42501"));
    scene.office.close().await;
}

#[tokio::test]
async fn nothing_is_added_to_what_is_decided() {
    let scene = Scene::set().await;
    let office = &scene.office;
    let officer = office
        .officer_of(Persona::TengzhouOfficer)
        .await
        .to_string();
    let unit = office.unit(Persona::TengzhouOfficer).to_string();
    let withdrawn = format!(
        "{}; ALTER TABLE allowances_standard DISABLE TRIGGER guard_standard;
         UPDATE allowances_standard SET state = 'withdrawn', decided_by = proposed_by, decided_at = proposed_at",
        proposal(&officer, &unit, TENGZHOU)
    );
    run(scene.owner(), withdrawn).await;
    let scan = format!(
        "INSERT INTO allowances_standard_scan
         SELECT id, 'image/png', 4, decode(repeat('5a', 48), 'hex'), '{officer}', now() FROM allowances_standard"
    );
    let answer = refused(&scene, Persona::TengzhouOfficer, &scan).await;
    assert_eq!(answer.as_deref(), Some("23001"));
    scene.office.close().await;
}

/// The code with which the owner is refused.
async fn code(scene: &Scene, statement: &str) -> Option<String> {
    let statement = sqlx::AssertSqlSafe(statement.to_owned());
    let done = sqlx::raw_sql(statement).execute(scene.owner()).await;
    Some(done.err()?.as_database_error()?.code()?.into_owned())
}
