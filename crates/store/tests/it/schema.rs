//! Migrations on a database that is in use, and what the schema and the program must agree on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::organisation::appointing::is_guarded;
use domain::registry::name_order;
use kernel::roles::{Action, Role, can};
use sqlx::migrate::{Migration, Migrator};
use sqlx::{AssertSqlSafe, PgPool, Row};
use store::error::StoreError;
use store::schema::{MIGRATIONS, migrate, newest};
use store::seal::{SEALED_COLUMNS, SealedColumn};
use testkit::TestDatabase;

/// The rows of every table of the product, by schema and name.
async fn contents(owner: &PgPool) -> BTreeMap<String, i64> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'auth') AND c.relkind IN ('r', 'p') AND c.relname <> '_sqlx_migrations'",
    )
    .fetch_all(owner)
    .await
    .unwrap();
    let mut contents = BTreeMap::new();
    for table in tables {
        let count = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(owner)
            .await
            .unwrap();
        contents.insert(table, count);
    }
    contents
}

/// Rows for the tables that a migration made: `tests/it/populated/NNNN.sql`.
fn populated(migration: &Migration) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join(format!("tests/it/populated/{:04}.sql", migration.version));
    std::fs::read_to_string(&file).unwrap_or_else(|_| {
        panic!(
            "migration {} needs rows to stand on: {}",
            migration.version,
            file.display()
        )
    })
}

#[tokio::test]
async fn each_migration_applies_to_a_populated_database_and_loses_no_row() {
    let database = TestDatabase::bare().await;
    let mut applied = Vec::new();
    for migration in MIGRATIONS.iter() {
        applied.push(migration.clone());
        let before = contents(&database.owner).await;
        Migrator::with_migrations(applied.clone())
            .run(&database.owner)
            .await
            .unwrap();
        let after = contents(&database.owner).await;
        for (table, rows) in before {
            assert!(
                after.get(&table).is_some_and(|now| *now >= rows),
                "{} loses rows of {table}",
                migration.version
            );
        }
        sqlx::raw_sql(AssertSqlSafe(populated(migration)))
            .execute(&database.owner)
            .await
            .unwrap();
        let empty: Vec<String> = contents(&database.owner)
            .await
            .into_iter()
            .filter(|(_, rows)| *rows == 0)
            .map(|(table, _)| table)
            .collect();
        assert!(
            empty.is_empty(),
            "the next migration would find nothing in {empty:?}"
        );
    }
    migrate(&database.owner)
        .await
        .expect("what was applied one by one is what the program knows");
    let names: Vec<(String, String)> =
        sqlx::query_as("SELECT name, name_order FROM registry_person")
            .fetch_all(&database.owner)
            .await
            .unwrap();
    for (name, order) in names {
        assert_eq!(
            order,
            name_order(&name),
            "who was on file before has its place in lists"
        );
    }
    assert_eq!(reasons_in_words(&database).await, 2);
    database.remove().await;
}

/// How many reasons that were told by a code are told in words since.
async fn reasons_in_words(database: &TestDatabase) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM allowances_reason WHERE (zh, en) IN (('2021-09-03停发（被收养）', 'Stopped on 2021-09-03 (adopted)'),
             ('自2021-08起领取特困人员救助供养金每月580.00元', 'Draws the support of the destitute of 580.00 a month from 2021-08 on'))",
    )
    .fetch_one(&database.owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn migrating_twice_changes_nothing_and_a_newer_schema_is_refused() {
    let database = TestDatabase::bare().await;
    migrate(&database.owner).await.unwrap();
    migrate(&database.owner).await.unwrap();
    let newer = newest() + 1;
    sqlx::query("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES ($1, 'from the future', true, '', 0)")
        .bind(newer)
        .execute(&database.owner)
        .await
        .unwrap();
    let refused = migrate(&database.owner).await;
    assert!(
        matches!(refused, Err(StoreError::NewerSchema { found, known }) if found == newer && known == newest()),
        "{refused:?}"
    );
    database.remove().await;
}

#[tokio::test]
async fn the_roles_of_the_database_are_those_of_the_program() {
    let database = TestDatabase::new().await;
    let rows = sqlx::query("SELECT * FROM auth.role")
        .fetch_all(&database.owner)
        .await
        .unwrap();
    let mut codes = BTreeSet::new();
    for row in &rows {
        let code: &str = row.get("code");
        let role: Role = code.parse().unwrap();
        for (column, action) in [
            ("sees_children", Action::OpenChild),
            ("sees_sealed", Action::SeeSealed),
            ("sees_journal", Action::ReadJournal),
            ("keeps_accounts", Action::ManageAccounts),
            ("proposes", Action::Appoint),
            ("confirms", Action::ConfirmAppointment),
            ("sees_money", Action::ViewMonth),
            ("prepares", Action::PrepareMonth),
            ("approves", Action::ApproveMonth),
            ("releases", Action::ReleaseMonth),
            ("weighs", Action::WeighStandard),
            ("proposes_standards", Action::ProposeStandard),
            ("publishes_standards", Action::PublishStandard),
        ] {
            assert_eq!(
                row.get::<bool, _>(column),
                can(role, action),
                "{code} {column}"
            );
        }
        assert_eq!(
            row.get::<bool, _>("guarded"),
            is_guarded(role),
            "{code} guarded"
        );
        codes.insert(code.to_owned());
    }
    assert_eq!(codes, Role::ALL.map(|role| role.code().to_owned()).into());
    for role in Role::ALL {
        let children = Action::ALL
            .into_iter()
            .filter(|action| action.touches_children());
        assert!(
            can(role, Action::OpenChild) || !children.into_iter().any(|action| can(role, action)),
            "{role}: acts on children it does not see"
        );
    }
    database.remove().await;
}

fn qualified(table: &str) -> String {
    match table.contains('.') {
        true => table.to_owned(),
        false => format!("public.{table}"),
    }
}

#[tokio::test]
async fn every_sealed_column_is_sealed_anew_when_keys_change() {
    let database = TestDatabase::new().await;
    let rows = sqlx::query(
        "SELECT table_schema || '.' || table_name AS name, column_name::text AS column FROM information_schema.columns
         WHERE domain_schema = 'public' AND domain_name = 'sealed'",
    )
    .fetch_all(&database.owner)
    .await
    .unwrap();
    let of_catalogue: BTreeSet<(String, String)> = rows
        .iter()
        .map(|row| (row.get("name"), row.get("column")))
        .collect();
    let listed: BTreeSet<(String, String)> = SEALED_COLUMNS
        .iter()
        .map(|column| (qualified(column.table), column.column.to_owned()))
        .collect();
    assert_eq!(listed, of_catalogue);
    assert_eq!(
        listed.len(),
        SEALED_COLUMNS.len(),
        "a column is listed twice"
    );
    // What keeps rows as they are lets them be sealed anew.
    for SealedColumn { table, column, .. } in SEALED_COLUMNS {
        let statement = format!("UPDATE {table} SET {column} = {column} WHERE false");
        let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&database.owner);
        let done = done.await;
        assert!(done.is_ok(), "{table}.{column}: {done:?}");
    }
    database.remove().await;
}
