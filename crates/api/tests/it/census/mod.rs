//! The authorisation census: every operation × role × unit × place × state against `table.toml`.
//!
//! **Invariant.** A cell is refused exactly as what does not exist is, byte for byte but for the request's id; and what
//! changes something is refused to everybody's browser on a page of another site.

mod scene;
mod table;
mod things;
mod walk;

use std::collections::BTreeSet;

use api::ApiState;
use api::operation::{Access, Answer, At, Caller, Operation};
use api::problem::Problem;
use kernel::ids::ChildId;

use scene::Scene;
use table::{Row, Table};
use walk::Walk;

/// So many operations are walked before the planner is told anew how long the tables are.
const UNTOLD: usize = 10;

/// So many wrong cells end the walk.
const TOO_MUCH: usize = 100;

fn walk(scene: &Scene, operations: Vec<Operation>) -> Walk {
    // Thousands of calls, none of which is about type: without a font each answers at once that it cannot print.
    let press = press::Press::new("/nowhere", "/nowhere");
    let state = ApiState::over("9.9.9", scene.office.store.clone()).with_press(press);
    Walk::new(api::router_of(state, operations))
}

#[test]
fn the_table_names_every_operation_and_no_other() {
    let declared: BTreeSet<&str> = api::operations().iter().map(Operation::id).collect();
    let table = Table::read();
    let listed: BTreeSet<&str> = table.operation.iter().map(|row| row.id.as_str()).collect();
    let missing: Vec<_> = declared.difference(&listed).collect();
    let surplus: Vec<_> = listed.difference(&declared).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "census/table.toml: {missing:?} missing, {surplus:?} not declared"
    );
    assert_eq!(listed.len(), table.operation.len(), "an operation twice");
}

#[test]
fn what_is_public_in_the_table_is_public_and_nothing_else() {
    let table = Table::read();
    for operation in api::operations() {
        let public = table.row(operation.id()).is_public();
        let id = operation.id();
        assert_eq!(operation.access() == Access::Public, public, "{id}");
    }
}

#[test]
fn who_is_let_through_is_not_told_that_there_is_nothing() {
    for row in Table::read().operation {
        let statuses = row.allowed.iter().chain(row.elsewhere.iter().flatten());
        let told: Vec<u16> = statuses.copied().collect();
        assert!(!told.contains(&404), "{}: {told:?}", row.id);
        assert!(row.is_public() || !told.is_empty(), "{}", row.id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_answers_as_the_table_says() {
    let scene = Scene::set().await;
    let table = Table::read();
    let walk = walk(&scene, api::operations());
    let mut operations = api::operations();
    // The one brings back a file that nobody sees, the other ends the session it is asked with.
    let last = ["registry.undo_merge", "organisation.sign_out"];
    operations.sort_by_key(|operation| last.iter().position(|id| *id == operation.id()));
    for (count, operation) in operations.into_iter().enumerate() {
        // Every operation adds to the tables, and many pass before autovacuum comes round.
        if count.is_multiple_of(UNTOLD) {
            scene.office.database.refresh_statistics().await;
        }
        let row = table.row(operation.id());
        walk.operation(&scene, &table, row, &operation).await;
        // A guard that is gone lets so much through that the rest of the way would tell nothing new.
        if walk.report().wrong.len() > TOO_MUCH {
            break;
        }
    }
    let report = walk.report();
    println!("census: {} cells", report.cells);
    assert!(
        report.wrong.is_empty(),
        "{} of {} cells:\n{}",
        report.wrong.len(),
        report.cells,
        report.first(20)
    );
    scene.office.close().await;
}

async fn reach_forgotten(caller: Caller, At(_): At<ChildId>) -> Result<Answer<bool>, Problem> {
    caller.work().await?.commit().await?;
    Ok(Answer(true))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_forgets_its_role_or_its_reach_is_noticed() {
    let scene = Scene::set().await;
    let table = Table::read();
    let path = "/api/registry/children/{id}";
    for careless in [
        Operation::get("registry.open", path)
            .any_signed_in()
            .handled_by(reach_forgotten),
        Operation::get("registry.open", path)
            .needs(kernel::roles::Action::OpenChild)
            .handled_by(reach_forgotten),
    ] {
        let row: &Row = table.row("registry.open");
        let again = Operation::get("registry.open", path).public();
        let walk = walk(&scene, vec![careless]);
        walk.operation(&scene, &table, row, &again.handled_by(nothing))
            .await;
        assert!(!walk.report().wrong.is_empty());
    }
    scene.office.close().await;
}

async fn nothing() -> Answer<bool> {
    Answer(true)
}
