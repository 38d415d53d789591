//! Every function and view the program's role may use, asked for children beyond reach.

use std::collections::BTreeSet;

use kernel::resident_id::ResidentId;
use sqlx::Row;
use store::registry::child_index;
use testkit::builders::resident_id;
use testkit::office::Persona;

use super::scene::{Caller, Known, Scene, run};

/// A function that says which of the digests handed to it are on file somewhere, and nothing else.
const TELLS_EXISTENCE: &str = "auth.known_elsewhere";

/// What a child would be known by in an answer.
struct Marks {
    facts: Vec<String>,
    digest: Option<String>,
}

async fn marks(scene: &Scene, child: &Known) -> Marks {
    let row = sqlx::query(
        "SELECT c.file_number, c.national_number, encode(p.resident_id_index, 'hex') AS digest
         FROM registry_person p JOIN registry_child c ON c.id = p.id WHERE p.id = $1",
    )
    .bind(child.id.uuid())
    .fetch_one(scene.owner())
    .await
    .unwrap();
    let facts = vec![
        child.id.to_string(),
        child.name.into(),
        row.get("file_number"),
        row.get("national_number"),
    ];
    Marks {
        facts,
        digest: row.get("digest"),
    }
}

/// A value of each type, as SQL, that reaches for this child.
fn arguments(types: &[String], child: &Known, digest: &str) -> Result<String, String> {
    let of = |kind: &String| match kind.as_str() {
        "uuid" => Ok(format!("'{}'::uuid", child.id)),
        "uuid[]" => Ok(format!("ARRAY['{}']::uuid[]", child.id)),
        "date" => Ok("date '2021-11-04'".into()),
        "bytea" => Ok(format!("'\\x{digest}'::bytea")),
        "bytea[]" => Ok(format!("ARRAY['\\x{digest}']::bytea[]")),
        "text" => Ok(format!("'{}'", child.name)),
        "bigint" => Ok("370481001001::bigint".into()),
        "bigint[]" => Ok("ARRAY[0, 999999999999]::bigint[]".into()),
        "integer" => Ok("1".into()),
        "timestamp with time zone" => Ok("now()".into()),
        "boolean" => Ok("true".into()),
        "int8multirange" => Ok("'{[0,999999999999]}'::int8multirange".into()),
        other => Err(format!("no argument of type {other} is known to this test")),
    };
    Ok(types
        .iter()
        .map(of)
        .collect::<Result<Vec<_>, _>>()?
        .join(", "))
}

/// The product's functions that the program's role may call (not those of extensions, which read no table).
async fn callable(scene: &Scene) -> Vec<(String, Vec<String>)> {
    let rows = sqlx::query(
        "SELECT n.nspname || '.' || p.proname AS name, ARRAY(SELECT t::regtype::text FROM unnest(p.proargtypes) AS t) AS types
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('public', 'auth') AND has_function_privilege('hutong_app', p.oid, 'EXECUTE')
           AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
         ORDER BY 1",
    )
    .fetch_all(scene.owner())
    .await
    .unwrap();
    rows.iter()
        .map(|row| (row.get("name"), row.get("types")))
        .collect()
}

async fn views(scene: &Scene) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'auth') AND c.relkind IN ('v', 'm') AND has_any_column_privilege('hutong_app', c.oid, 'SELECT')",
    )
    .fetch_all(scene.owner())
    .await
    .unwrap()
}

/// What functions and views tell the caller of children he may not see: one line each.
async fn tellings(scene: &Scene, caller: &Caller) -> Vec<String> {
    let mut found = Vec::new();
    for child in &scene.children {
        if scene.may_see(caller, child) {
            continue;
        }
        let marks = marks(scene, child).await;
        let digest = marks.digest.clone().unwrap_or_default();
        let mut statements = Vec::new();
        for (name, types) in callable(scene).await {
            match arguments(&types, child, &digest) {
                Ok(arguments) => statements.push((
                    format!("SELECT f::text FROM {name}({arguments}) AS f"),
                    name,
                )),
                Err(unknown) => found.push(format!("{name}: {unknown}")),
            }
        }
        statements.extend(
            views(scene)
                .await
                .into_iter()
                .map(|view| (format!("SELECT v::text FROM {view} AS v"), view)),
        );
        for (statement, name) in statements {
            // Being refused tells nothing.
            let answer = caller
                .ask(&statement)
                .await
                .unwrap_or_default()
                .into_iter()
                .flatten();
            for text in answer {
                let digest_told = name != TELLS_EXISTENCE
                    && marks
                        .digest
                        .as_ref()
                        .is_some_and(|digest| text.contains(digest));
                if digest_told || marks.facts.iter().any(|mark| text.contains(mark)) {
                    found.push(format!("{}: {name} tells of {}", caller.name, child.name));
                }
            }
        }
    }
    found
}

#[tokio::test]
async fn no_function_or_view_tells_of_a_child_beyond_reach() {
    let scene = Scene::set().await;
    let names: Vec<String> = callable(&scene)
        .await
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    for expected in ["auth.whoami", "auth.granted", TELLS_EXISTENCE] {
        assert!(
            names.iter().any(|name| name == expected),
            "{expected} is not among {names:?}"
        );
    }
    assert!(
        !names.contains(&"public.demo_figures".to_owned()),
        "an office counts within reach alone"
    );
    let mut found = Vec::new();
    for caller in scene.callers().await {
        found.extend(tellings(&scene, &caller).await);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    scene.office.close().await;
}

#[tokio::test]
async fn a_telling_function_and_a_view_above_the_policies_are_named() {
    let scene = Scene::set().await;
    run(scene.owner(), "CREATE FUNCTION whose_name(child uuid) RETURNS text LANGUAGE sql SECURITY DEFINER AS
        $$ SELECT name FROM registry_person WHERE id = child $$; GRANT EXECUTE ON FUNCTION whose_name(uuid) TO hutong_app;
        CREATE VIEW everybody AS SELECT id, name FROM registry_person; GRANT SELECT ON everybody TO hutong_app;
        CREATE FUNCTION odd(point) RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION odd(point) TO hutong_app".into()).await;
    let callers = scene.callers().await;
    let found = tellings(&scene, &callers[0]).await.join("\n");
    for name in [
        "public.whose_name tells",
        "public.everybody tells",
        "no argument of type point",
    ] {
        assert!(found.contains(name), "{name}: {found}");
    }
    scene.office.close().await;
}

#[tokio::test]
async fn an_office_learns_that_an_id_is_on_file_elsewhere_and_nothing_more() {
    let scene = Scene::set().await;
    let birth = jiff::civil::date(2012, 6, 5);
    let ids: Vec<ResidentId> = (1..=8).map(|serial| resident_id(birth, serial)).collect();
    for (persona, expected) in [
        // By serial: 1 荆, 2 龙, 3 密, 4 半, 5 山, 6 院, 7 授; nobody has 8.
        (Persona::TengzhouOfficer, vec![5, 6, 7]),
        (Persona::TengzhouColleague, vec![3, 5, 6, 7]),
        (Persona::ShantingOfficer, vec![1, 2, 3, 4]),
        (Persona::CityOfficer, vec![3]),
        (Persona::Admin, vec![1, 2, 3, 4, 5, 6, 7]),
    ] {
        let mut work = scene.office.work(persona).await;
        let indexes: Vec<_> = ids
            .iter()
            .map(|id| child_index(scene.office.store.sealer(), id.reveal()))
            .collect();
        let told: BTreeSet<_> = store::registry::known_elsewhere(&mut work, &indexes)
            .await
            .unwrap()
            .into_iter()
            .collect();
        let expected: BTreeSet<_> = expected
            .into_iter()
            .map(|serial: usize| indexes[serial - 1])
            .collect();
        assert_eq!(told, expected, "{persona:?}");
    }
    scene.office.close().await;
}
