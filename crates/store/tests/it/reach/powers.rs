//! What the program's role cannot do, whoever's token it holds.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::Office;
use testkit::office::{Persona, TODAY};

use super::scene::{OF_JINGHE, SEALED, Scene};

/// The code of the refusal, or `None` when the statement was carried out (and is rolled back).
pub(super) async fn refused(scene: &Scene, persona: Persona, statement: &str) -> Option<String> {
    let mut connection = scene.office.bare_connection(persona).await;
    let mut transaction = connection.begin().await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(&mut *transaction)
        .await;
    let error = done.err()?;
    let code = error.as_database_error().and_then(|e| e.code());
    Some(code.expect("the database's own refusal").into_owned())
}

/// What hangs on nobody: the policies alone refuse it, for no foreign key looks a second time.
const OF_NOBODY: &[&str] = &[
    "INSERT INTO registry_child (id, file_number, likeness, opened_on) VALUES (gen_random_uuid(), '370481-9', sha256('x'), '2021-01-01')",
    "INSERT INTO registry_guardian (id, child_id, name, from_day) VALUES (gen_random_uuid(), gen_random_uuid(), '虚构', '2021-01-01')",
    "INSERT INTO registry_span (id, child_id, category, from_day) VALUES (gen_random_uuid(), gen_random_uuid(), 'migrant', '2021-01-01')",
    "INSERT INTO registry_ledger_row (id, ledger_id, row_number, child_id, as_of, digest, content)
     VALUES (gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), '2021-01-01', sha256('x'), sha512('x'))",
    "UPDATE registry_guardian SET child_id = gen_random_uuid()",
];

#[tokio::test]
async fn nothing_is_entered_of_a_child_that_is_not_there_and_no_file_is_deleted() {
    let scene = Scene::set().await;
    for statement in OF_NOBODY {
        let answer = refused(&scene, Persona::TengzhouOfficer, statement).await;
        assert_eq!(answer.as_deref(), Some("42501"), "{statement}");
    }
    for statement in [
        "DELETE FROM registry_person",
        "DELETE FROM registry_child",
        "UPDATE registry_person SET id = gen_random_uuid()",
        "UPDATE registry_child SET id = gen_random_uuid()",
    ] {
        let done = sqlx::query(statement)
            .execute(&scene.office.database.owner)
            .await;
        let code = done
            .unwrap_err()
            .as_database_error()
            .and_then(|e| e.code().map(|code| code.into_owned()));
        assert_eq!(code.as_deref(), Some("23001"), "the owner: {statement}");
    }
    scene.office.close().await;
}

/// What lies above the role, and the code it is refused with.
const BEYOND: &[(&str, &str)] = &[
    ("CREATE TABLE mine (n int)", "42501"),
    ("CREATE TABLE auth.mine (n int)", "42501"),
    ("CREATE SCHEMA mine", "42501"),
    ("CREATE VIEW mine AS SELECT 1", "42501"),
    (
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "42501",
    ),
    ("SELECT * FROM auth.session", "42501"),
    ("SELECT * FROM auth.role", "42501"),
    (
        "INSERT INTO auth.session VALUES (sha256('x'), gen_random_uuid(), now(), now())",
        "42501",
    ),
    ("SELECT * FROM _sqlx_migrations", "42501"),
    ("SET ROLE hutong_owner", "42501"),
    ("SET SESSION AUTHORIZATION hutong_owner", "42501"),
    (
        "SET row_security = off; SELECT * FROM registry_person",
        "42501",
    ),
    (
        "SELECT set_config('row_security', 'off', true); DELETE FROM registry_name_key",
        "42501",
    ),
    ("SET session_replication_role = replica", "42501"),
    (
        "ALTER TABLE registry_person DISABLE ROW LEVEL SECURITY",
        "42501",
    ),
    ("DROP POLICY reach ON registry_person", "42501"),
    (
        "CREATE POLICY mine ON registry_person USING (true)",
        "42501",
    ),
    ("ALTER TABLE registry_span DISABLE TRIGGER ALL", "42501"),
    ("TRUNCATE registry_name_key", "42501"),
    ("COPY registry_person TO '/tmp/persons'", "42501"),
    ("COPY registry_person TO PROGRAM 'cat'", "42501"),
    ("COPY registry_person FROM STDIN", "0A000"),
    ("COPY registry_ledger_row FROM STDIN", "0A000"),
    ("SELECT pg_read_file('postgresql.conf')", "42501"),
    ("UPDATE journal_entry SET purpose = ''", "42501"),
    ("DELETE FROM journal_entry", "42501"),
    ("TRUNCATE journal_entry", "42501"),
    ("DELETE FROM registry_person", "42501"),
    ("DELETE FROM registry_span", "42501"),
    ("UPDATE installation SET kind = 'demo'", "42501"),
    ("SELECT * FROM demo_figures(date '2021-11-04')", "42501"),
    ("SELECT worker_hash FROM registry_job", "42501"),
    ("SELECT moved FROM registry_merge", "42501"),
    ("UPDATE registry_person SET merged_into = id", "42501"),
    ("UPDATE registry_job SET officer_id = officer_id", "42501"),
    ("UPDATE registry_revision SET fields = '{}'", "42501"),
    (
        "UPDATE registry_span SET category = 'scattered_orphan'",
        "42501",
    ),
];

#[tokio::test]
async fn the_programs_role_cannot_rise_above_the_policies() {
    let scene = Scene::set().await;
    let child = scene.child(OF_JINGHE);
    for (statement, code) in BEYOND {
        let answer = refused(&scene, Persona::TengzhouOfficer, statement).await;
        assert_eq!(answer.as_deref(), Some(*code), "{statement}");
    }
    let seen = "SELECT 1 FROM registry_person LIMIT 1";
    assert_eq!(
        refused(&scene, Persona::TengzhouOfficer, seen).await,
        None,
        "{child}"
    );
    scene.office.close().await;
}

#[tokio::test]
async fn nobody_names_himself_for_a_child_that_is_confided_to_another() {
    let scene = Scene::set().await;
    for persona in [
        Persona::TengzhouColleague,
        Persona::JingheSupervisor,
        Persona::CityOfficer,
        Persona::Admin,
    ] {
        for child in [scene.child(SEALED), scene.child(super::scene::HALF_SEALED)] {
            let name_himself =
                format!("INSERT INTO registry_named_officer VALUES ('{child}', auth.officer())");
            assert_eq!(
                refused(&scene, persona, &name_himself).await.as_deref(),
                Some("42501"),
                "{persona:?}"
            );
        }
    }
    let name_another = "INSERT INTO registry_named_officer SELECT gen_random_uuid(), id FROM organisation_officer WHERE id <> auth.officer()";
    assert_eq!(
        refused(&scene, Persona::TengzhouOfficer, name_another)
            .await
            .as_deref(),
        Some("42501")
    );
    scene.office.close().await;
}

#[tokio::test]
async fn a_unit_cannot_lengthen_the_grant_it_holds() {
    let scene = Scene::set().await;
    let (granted, town) = (
        scene.child(super::scene::GRANTED),
        scene.office.unit(Persona::JingheSupervisor),
    );
    for statement in [
        "UPDATE registry_grant SET until_day = '9999-12-31'".to_owned(),
        format!(
            "INSERT INTO registry_grant VALUES (gen_random_uuid(), '{granted}', '{town}', '续期', '9999-12-31')"
        ),
    ] {
        let answer = refused(&scene, Persona::JingheSupervisor, &statement).await;
        assert_eq!(answer.as_deref(), Some("42501"), "{statement}");
        assert_eq!(
            refused(&scene, Persona::ShantingOfficer, &statement).await,
            None,
            "{statement}"
        );
    }
    scene.office.close().await;
}

#[tokio::test]
async fn a_copy_out_holds_what_the_caller_sees_and_statistics_hold_nothing() {
    let scene = Scene::set().await;
    sqlx::raw_sql("ANALYZE")
        .execute(scene.owner())
        .await
        .unwrap();
    let options = scene.office.database.app_options();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    // CREATE TABLE AS and COPY TO are rewritten by the policies alike.
    let taken = "CREATE TEMPORARY TABLE taken AS TABLE registry_person";
    sqlx::raw_sql(taken).execute(&mut connection).await.unwrap();
    let taken: i64 = sqlx::query_scalar("SELECT count(*) FROM taken")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(taken, 0, "without a token nothing is copied");
    let statistics: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_stats WHERE tablename LIKE 'registry_%'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(
        statistics, 0,
        "the planner's samples of a table with policies are nobody's to read"
    );
    scene.office.close().await;
}

#[tokio::test]
async fn the_demos_figures_are_for_a_demo_alone() {
    let demo = Office::found_as(store::installation::Kind::Demo).await;
    assert!(store::demo::figures(demo.store.pool(), TODAY).await.is_ok());
    demo.close().await;
    let office = Office::found().await;
    assert!(
        store::demo::figures(office.store.pool(), TODAY)
            .await
            .is_err()
    );
    // Were it granted by mistake, the function itself would refuse.
    sqlx::raw_sql("GRANT EXECUTE ON FUNCTION demo_figures(date) TO hutong_app")
        .execute(&office.database.owner)
        .await
        .unwrap();
    assert!(
        store::demo::figures(office.store.pool(), TODAY)
            .await
            .is_err()
    );
    office.close().await;
}
