//! Accounts as bare SQL of the program's role meets them: what an injected statement could do.

use sqlx::{AssertSqlSafe, Connection, PgPool};
use testkit::Office;
use testkit::office::Persona;

/// The code of the refusal, or `None` when the statement was carried out (and is rolled back).
async fn refused(office: &Office, persona: Persona, statement: &str) -> Option<String> {
    let mut connection = office.bare_connection(persona).await;
    let mut transaction = connection.begin().await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(&mut *transaction)
        .await;
    let error = done.err()?;
    let code = error.as_database_error().and_then(|e| e.code());
    Some(code.expect("the database's own refusal").into_owned())
}

/// What a function that changes something answers this persona.
async fn answer(office: &Office, persona: Persona, call: &str) -> bool {
    let mut connection = office.bare_connection(persona).await;
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT {call}")))
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

async fn run(owner: &PgPool, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(owner)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_programs_role_reads_no_secret_and_enters_no_appointment() {
    let office = Office::found().await;
    for statement in [
        "SELECT * FROM auth.account",
        "SELECT * FROM auth.invitation",
        "SELECT * FROM auth.try",
        "UPDATE auth.account SET locked = false",
        "SELECT auth.end_sessions(gen_random_uuid())",
        "SELECT auth.upwards(gen_random_uuid())",
        "UPDATE organisation_appointment SET to_day = NULL",
        "UPDATE organisation_proposal SET state = 'confirmed'",
        "DELETE FROM organisation_proposal",
        "INSERT INTO organisation_appointment (id, officer_id, unit_id, role, from_day)
         SELECT gen_random_uuid(), officer_id, unit_id, 'city_officer', '2021-01-01' FROM organisation_appointment WHERE role <> 'admin' LIMIT 1",
        "INSERT INTO organisation_proposal (id, matter, officer_id, name, unit_id, role, from_day, proposed_by, proposed_at)
         SELECT gen_random_uuid(), 'appoint', auth.officer(), '本人', unit_id, 'city_officer', '2021-01-01', auth.officer(), now() FROM auth.whoami()",
    ] {
        assert_eq!(
            refused(&office, Persona::Admin, statement).await.as_deref(),
            Some("42501"),
            "{statement}"
        );
    }
    office.close().await;
}

/// One officer proposes, nobody present may confirm; each function is asked by everybody.
#[tokio::test]
async fn the_functions_ask_again_what_the_program_decides() {
    let office = Office::found().await;
    let (admin, target) = (
        office.appointment(Persona::Admin),
        office.appointment(Persona::TengzhouOfficer),
    );
    run(
        &office.database.owner,
        &format!(
            "INSERT INTO organisation_proposal (id, matter, officer_id, name, unit_id, role, from_day, proposed_by, proposed_at)
             SELECT '00000000-0000-7000-8000-000000000001', 'appoint', t.officer_id, '虚构', t.unit_id, 'county_approver', '2021-01-01', a.officer_id, now()
             FROM organisation_appointment t, organisation_appointment a WHERE t.id = '{target}' AND a.id = '{admin}'"
        ),
    )
    .await;
    let confirm = "auth.confirm_proposal('00000000-0000-7000-8000-000000000001', gen_random_uuid(), gen_random_uuid(), sha256('x'), 7, now())";
    for persona in [
        Persona::Admin,
        Persona::CityOfficer,
        Persona::TengzhouOfficer,
        Persona::TengzhouColleague,
        Persona::ShantingOfficer,
        Persona::Auditor,
    ] {
        assert!(!answer(&office, persona, confirm).await, "{persona:?}");
    }
    let end = format!("auth.end_appointment('{target}', '2021-12-31')");
    let own = format!("auth.end_appointment('{admin}', '2021-12-31')");
    assert!(
        !answer(&office, Persona::ShantingOfficer, &end).await,
        "beyond reach"
    );
    assert!(
        !answer(&office, Persona::TengzhouOfficer, &end).await,
        "one's own"
    );
    assert!(!answer(&office, Persona::Admin, &own).await, "one's own");
    assert!(answer(&office, Persona::TengzhouColleague, &end).await);
    let refuse = "auth.refuse_proposal('00000000-0000-7000-8000-000000000001', now())";
    assert!(!answer(&office, Persona::CityOfficer, refuse).await);
    assert!(answer(&office, Persona::Admin, refuse).await, "withdrawn");
    office.close().await;
}

#[tokio::test]
async fn whatever_ends_a_session_ends_it_everywhere() {
    let office = Office::found().await;
    for ended in [
        "revoked_at = now()",
        "expires_at = now()",
        "idle_minutes = 30, last_seen_at = now() - interval '30 minutes'",
    ] {
        let token = office.sign_in(Persona::TengzhouOfficer).await;
        assert!(office.store.begin(&token, "测试").await.is_ok());
        run(
            &office.database.owner,
            &format!("UPDATE auth.session SET {ended}"),
        )
        .await;
        assert!(office.store.begin(&token, "测试").await.is_err(), "{ended}");
        assert!(office.store.signed_in(&token).await.is_err(), "{ended}");
    }
    office.close().await;
}

#[tokio::test]
async fn a_session_in_use_is_noted_and_one_that_is_over_is_not_revived() {
    let office = Office::found().await;
    let owner = &office.database.owner;
    let seen = "SELECT last_seen_at > now() - interval '1 minute' FROM auth.session LIMIT 1";
    let set = |minutes: u32| {
        format!(
            "UPDATE auth.session SET idle_minutes = 30, last_seen_at = now() - interval '{minutes} minutes'"
        )
    };
    run(owner, "DELETE FROM auth.session").await;
    let token = office.sign_in(Persona::TengzhouOfficer).await;
    for (minutes, open) in [(20, true), (31, false)] {
        run(owner, &set(minutes)).await;
        assert_eq!(office.store.signed_in(&token).await.is_ok(), open);
        let noted: bool = sqlx::query_scalar(seen).fetch_one(owner).await.unwrap();
        assert_eq!(noted, open);
    }
    office.close().await;
}
