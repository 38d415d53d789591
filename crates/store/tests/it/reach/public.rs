//! The public pages' role: no table at all, and of its functions none tells of anybody who is not asked for by code.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use super::scene::Scene;

/// Everything the role may call. A function that joins them is looked at first.
const CALLABLE: [&str; 15] = [
    "auth.public_begin",
    "auth.public_count",
    "auth.public_drop_photo",
    "auth.public_keep_photo",
    "auth.public_payments",
    "auth.public_peer",
    "auth.public_photos",
    "auth.public_places_afar",
    "auth.public_resume",
    "auth.public_save",
    "auth.public_submit",
    "auth.public_take_over",
    "auth.public_track",
    "auth.public_tries",
    "auth.public_units",
];

async fn connection(scene: &Scene) -> PgConnection {
    PgConnection::connect_with(&scene.office.database.public_options())
        .await
        .unwrap()
}

/// What the statement is refused with, or that it was not.
async fn refusal(connection: &mut PgConnection, statement: &str) -> Option<String> {
    let ran = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(connection)
        .await;
    let error = ran.err()?;
    let code = error.as_database_error().and_then(|error| error.code());
    Some(code.unwrap_or_default().into_owned())
}

#[tokio::test]
async fn bare_statements_of_the_public_pages_touch_no_table() {
    let scene = Scene::set().await;
    let mut public = connection(&scene).await;
    let tables: Vec<(String, String)> = sqlx::query(
        "SELECT n.nspname || '.' || c.relname AS name,
                (SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                 ORDER BY a.attnum LIMIT 1) AS col
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'auth') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
    )
    .fetch_all(scene.owner())
    .await
    .unwrap()
    .iter()
    .map(|row| (row.get("name"), row.get("col")))
    .collect();
    assert!(tables.len() > 30, "{tables:?}");
    for (table, column) in tables {
        for statement in [
            format!("SELECT 1 FROM {table}"),
            format!("INSERT INTO {table} DEFAULT VALUES"),
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
        ] {
            let refused = refusal(&mut public, &statement).await;
            assert_eq!(refused.as_deref(), Some("42501"), "{statement}");
        }
    }
    for power in [
        "SET ROLE hutong_app",
        "SET ROLE hutong_owner",
        "CREATE TABLE public.mine (n int)",
        "CREATE TABLE auth.mine (n int)",
        "CREATE TEMPORARY TABLE mine (n int)",
        "SELECT nextval('public.applications_number')",
        "SELECT auth.whoami()",
        "SELECT auth.ticket_of('\\x00', '\\x00', now())",
    ] {
        let refused = refusal(&mut public, power).await;
        assert_eq!(refused.as_deref(), Some("42501"), "{power}");
    }
    scene.office.close().await;
}

#[tokio::test]
async fn the_public_pages_may_call_what_is_listed_and_nothing_else() {
    let scene = Scene::set().await;
    let found: Vec<String> = sqlx::query_scalar(
        "SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = 'auth' AND has_function_privilege('hutong_public', p.oid, 'EXECUTE') ORDER BY 1",
    )
    .fetch_all(scene.owner())
    .await
    .unwrap();
    assert_eq!(found, CALLABLE);
    let schemas: Vec<String> = sqlx::query_scalar(
        "SELECT nspname::text FROM pg_namespace WHERE has_schema_privilege('hutong_public', oid, 'USAGE')
         AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'",
    )
    .fetch_all(scene.owner())
    .await
    .unwrap();
    assert_eq!(schemas, ["auth"]);
    scene.office.close().await;
}

/// Whoever has the connection and no code learns nothing of a child, whatever he calls.
#[tokio::test]
async fn no_function_of_the_public_pages_tells_of_a_child() {
    let scene = Scene::set().await;
    let mut public = connection(&scene).await;
    let digest = format!("'\\x{}'::bytea", "5a".repeat(32));
    for statement in [
        format!("SELECT t::text FROM auth.public_track({digest}, {digest}, now()) AS t"),
        format!("SELECT t::text FROM auth.public_payments({digest}, {digest}, now()) AS t"),
        format!("SELECT t::text FROM auth.public_resume({digest}, {digest}, now()) AS t"),
        format!("SELECT t::text FROM auth.public_photos({digest}, {digest}, true, now()) AS t"),
        "SELECT t::text FROM auth.public_units() AS t".to_owned(),
        "SELECT t::text FROM auth.public_places_afar() AS t".to_owned(),
        "SELECT coalesce(auth.public_peer(370481001001), '')".to_owned(),
    ] {
        let told: Vec<String> = sqlx::query_scalar(AssertSqlSafe(statement.clone()))
            .fetch_all(&mut public)
            .await
            .unwrap();
        for child in &scene.children {
            let tells = told
                .iter()
                .any(|line| line.contains(child.name) || line.contains(&child.id.to_string()));
            assert!(!tells, "{statement} tells of {}", child.name);
        }
    }
    // Nor does a known digest open a case without what belongs to it.
    let opened: Option<String> = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT auth.public_submit({digest}, {digest}, {digest}, now(), gen_random_uuid(), gen_random_uuid(), 'key_hardship',
             'within_county', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), false, 370481001001, '虚构', {digest},
             'accept', date '2021-11-04', 3, date '2021-11-09', false, '0', now())"
    )))
    .fetch_one(&mut public)
    .await
    .unwrap();
    assert_eq!(opened, None);
    scene.office.close().await;
}
