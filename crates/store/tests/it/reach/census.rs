//! Every table asked for every row: nobody gets one that is not within reach.
//!
//! The statements come from the catalogue, so a new table is covered by itself; one that this test cannot place, or that
//! has no rows in the scene, fails it.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Row};
use testkit::office::Persona;

use super::catalogue::{Table, Whose, tables, unguarded};
use super::scene::{Caller, Known, SEALED, Scene, run, sees};

/// What a row belongs to, and the row.
#[derive(Debug, Clone)]
pub(super) struct Owned {
    whose: String,
    row: String,
}

/// The rows of a table, each with its child, place or unit, as the owner sees them.
async fn rows(scene: &Scene, table: &Table, whose: &Whose) -> Vec<Owned> {
    let (name, column) = (&table.name, whose.column());
    let statement = format!(
        "SELECT t.{column}::text AS whose, to_jsonb(t)::text AS row FROM {name} t WHERE t.{column} IS NOT NULL"
    );
    let rows = sqlx::query(AssertSqlSafe(statement))
        .fetch_all(scene.owner())
        .await
        .unwrap();
    rows.iter()
        .map(|row| Owned {
            whose: row.get("whose"),
            row: row.get("row"),
        })
        .collect()
}

/// The children, places or units whose rows the caller must not touch.
async fn forbidden(scene: &Scene, caller: &Caller, whose: &Whose) -> BTreeSet<String> {
    match whose {
        Whose::Child(_) => {
            let hidden = |known: &&Known| !scene.may_see(caller, known);
            scene
                .children
                .iter()
                .filter(hidden)
                .map(|known| known.id.to_string())
                .collect()
        }
        Whose::Place(_) | Whose::Unit(_) => {
            let reach = match caller.persona {
                Some(persona) => {
                    let serves = "SELECT auth.unit_serves($1)::text";
                    sqlx::query_scalar(serves)
                        .bind(scene.office.unit(persona).uuid())
                        .fetch_one(scene.owner())
                        .await
                        .unwrap()
                }
                None => "{}".to_owned(),
            };
            // A home stands where it is, but reaches no place.
            let sees_children = caller.persona.is_some_and(|p| !sees(p).is_empty());
            let statement = match whose {
                Whose::Unit(_) => {
                    "SELECT id::text FROM organisation_unit WHERE NOT auth.unit_serves(id) <@ $1::int8multirange"
                }
                _ if sees_children => {
                    "SELECT code::text FROM organisation_division WHERE NOT code <@ $1::int8multirange"
                }
                _ => "SELECT code::text FROM organisation_division WHERE $1 IS NOT NULL",
            };
            let found = sqlx::query_scalar(statement).bind(reach);
            found
                .fetch_all(scene.owner())
                .await
                .unwrap()
                .into_iter()
                .collect()
        }
    }
}

/// Codes of refusals: no privilege or against a policy; and a token that is not even one.
const REFUSALS: [&str; 2] = ["42501", "22023"];

fn touched(
    caller: &Caller,
    statement: &str,
    answer: Result<Vec<Option<String>>, String>,
) -> BTreeSet<String> {
    match answer {
        Ok(touched) => touched.into_iter().flatten().collect(),
        Err(code) if REFUSALS.contains(&code.as_str()) => BTreeSet::new(),
        Err(code) => panic!("{}: {statement}: {code}", caller.name),
    }
}

/// What a caller gets of a table that he must not: one line each.
async fn trespasses(scene: &Scene, caller: &Caller, table: &Table) -> Vec<String> {
    let Some(whose) = table.whose() else {
        return vec![format!("{}: nothing tells whose its rows are", table.name)];
    };
    let (name, column) = (&table.name, whose.column());
    let forbidden = forbidden(scene, caller, &whose).await;
    let mut found = Vec::new();
    let mut statements = Vec::new();
    if table.may_select {
        statements.push(format!("SELECT {column}::text FROM {name}"));
    }
    if !table.updatable.is_empty() {
        let same: Vec<String> = table
            .updatable
            .iter()
            .map(|column| format!("{column} = {column}"))
            .collect();
        statements.push(format!(
            "UPDATE {name} SET {} RETURNING {column}::text",
            same.join(", ")
        ));
    }
    if table.may_delete {
        statements.push(format!("DELETE FROM {name} RETURNING {column}::text"));
    }
    for statement in statements {
        let rows = touched(caller, &statement, caller.ask(&statement).await);
        let nobody = caller.persona.is_none() && !rows.is_empty();
        let beyond =
            |row: &&String| forbidden.contains(*row) && !reads_journal(scene, caller, table, row);
        if nobody || rows.iter().any(|row| beyond(&row)) {
            found.push(format!("{}: {statement}", caller.name));
        }
    }
    let mut theirs = rows(scene, table, &whose).await;
    theirs.retain(|row| forbidden.contains(&row.whose));
    // One of each will do.
    theirs.sort_by(|a, b| a.whose.cmp(&b.whose));
    theirs.dedup_by(|a, b| a.whose == b.whose);
    found.extend(intrusions(caller, table, column, &theirs).await);
    found
}

/// The auditor reads what was done to children he does not see, but nothing of a sealed one.
fn reads_journal(scene: &Scene, caller: &Caller, table: &Table, child: &str) -> bool {
    caller.persona == Some(Persona::Auditor)
        && table.name == "public.journal_entry"
        && child != scene.child(SEALED).to_string()
}

/// What a caller manages to enter for somebody beyond reach: copies of their rows, and rows of his own pushed over to them.
async fn intrusions(caller: &Caller, table: &Table, column: &str, theirs: &[Owned]) -> Vec<String> {
    let mut statements = Vec::new();
    for Owned { whose, row } in theirs {
        if table.may_insert {
            let (name, columns) = (&table.name, table.columns.join(", "));
            let fresh = match table.columns.iter().any(|c| c == "id") && column != "id" {
                true => " || jsonb_build_object('id', gen_random_uuid())",
                false => "",
            };
            let row = row.replace('\'', "''");
            statements.push(format!(
                "INSERT INTO {name} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{name}, '{row}'::jsonb{fresh}) RETURNING '{whose}'"
            ));
        }
        if table.updatable.iter().any(|c| c == column) {
            statements.push(format!(
                "UPDATE {} SET {column} = '{whose}' RETURNING {column}::text",
                table.name
            ));
        }
    }
    let mut found = Vec::new();
    for statement in statements {
        let refused = match caller.ask(&statement).await {
            Ok(rows) => rows.is_empty(),
            // Whoever is pushed over to another's key, reference or span meets that first.
            Err(code) if statement.starts_with("UPDATE") => {
                REFUSALS.contains(&code.as_str()) || code.starts_with("23")
            }
            Err(code) => REFUSALS.contains(&code.as_str()),
        };
        if !refused {
            found.push(format!("{}: {statement}", caller.name));
        }
    }
    found
}

#[tokio::test]
async fn no_row_beyond_reach_is_read_changed_removed_or_added() {
    let scene = Scene::set().await;
    let tables = tables(scene.owner()).await;
    assert_eq!(unguarded(&tables), Vec::<String>::new());
    let mut found = Vec::new();
    for caller in scene.callers().await {
        for table in tables.iter().filter(|table| !table.is_open_to_all()) {
            found.extend(trespasses(&scene, &caller, table).await);
        }
        let persons = "SELECT id::text FROM registry_person";
        let seen = touched(&caller, persons, caller.ask(persons).await);
        let expected: BTreeSet<String> = scene
            .children
            .iter()
            .filter(|known| scene.may_see(&caller, known))
            .map(|known| known.id.to_string())
            .collect();
        assert_eq!(seen, expected, "{}", caller.name);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    scene.office.close().await;
}

/// Without foreign rows to find, the census would prove nothing.
#[tokio::test]
async fn the_scene_has_rows_of_everybody_in_every_table() {
    let scene = Scene::set().await;
    let callers = scene.callers().await;
    let foreign = callers
        .iter()
        .find(|caller| caller.persona == Some(Persona::ShantingOfficer))
        .unwrap();
    for table in tables(scene.owner()).await {
        if table.is_open_to_all() {
            continue;
        }
        let whose = table
            .whose()
            .unwrap_or_else(|| panic!("{}: nothing tells whose its rows are", table.name));
        if table.is_view && !table.may_select {
            // The ground of other views, which the program cannot ask.
            continue;
        }
        if table.is_view {
            // It shows what its session may see, and its owner has none.
            let statement = format!("SELECT {}::text FROM {}", whose.column(), table.name);
            let shown = foreign.ask(&statement).await.unwrap();
            assert!(!shown.is_empty(), "{} shows nobody anything", table.name);
            continue;
        }
        let forbidden = forbidden(&scene, foreign, &whose).await;
        let held: BTreeSet<String> = rows(&scene, &table, &whose)
            .await
            .into_iter()
            .map(|row| row.whose)
            .collect();
        assert!(
            held.intersection(&forbidden).next().is_some(),
            "{} has no foreign row",
            table.name
        );
        let sealed = scene.child(SEALED).to_string();
        let of_children = matches!(whose, Whose::Child(_));
        assert!(
            !of_children || held.contains(&sealed),
            "{} has no row of the sealed child",
            table.name
        );
    }
    scene.office.close().await;
}

#[tokio::test]
async fn a_table_without_a_policy_is_named() {
    let scene = Scene::set().await;
    let owner = scene.owner();
    run(owner, "CREATE TABLE visits_visit (id uuid PRIMARY KEY, child_id uuid); GRANT SELECT ON visits_visit TO hutong_app".into()).await;
    let named = unguarded(&tables(owner).await);
    assert_eq!(named, ["public.visits_visit has no policy"]);
    run(
        owner,
        "ALTER TABLE visits_visit ENABLE ROW LEVEL SECURITY".into(),
    )
    .await;
    assert_eq!(
        unguarded(&tables(owner).await),
        ["public.visits_visit has no policy"]
    );

    run(owner, "CREATE POLICY all_of_it ON visits_visit USING (true); INSERT INTO visits_visit SELECT gen_random_uuid(), id FROM registry_person".into()).await;
    let tables = tables(owner).await;
    assert!(
        unguarded(&tables).is_empty(),
        "a policy is there, if a bad one"
    );
    let table = tables
        .iter()
        .find(|table| table.name == "public.visits_visit")
        .unwrap();
    for caller in scene.callers().await {
        let all = caller.persona.is_some_and(|p| sees(p).len() == 7);
        let found = trespasses(&scene, &caller, table).await;
        assert!(all || !found.is_empty(), "{}", caller.name);
    }
    scene.office.close().await;
}
