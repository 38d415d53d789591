//! Search: however a supervisor types, within reach alone, and by the index.

use jiff::civil::date;
use kernel::category::Category::ScatteredOrphan;
use kernel::ids::ChildId;
use serde_json::Value;
use sqlx::{Connection, PgConnection, Row};
use store::registry::{SEARCH_LIMIT, files, search};
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE, TODAY};

async fn names(office: &Office, persona: Persona, text: &str) -> Vec<String> {
    let mut work = office.work(persona).await;
    let found = search(&mut work, text).await.unwrap();
    found.into_iter().map(|found| found.name).collect()
}

/// How a supervisor may type 曾小明.
const WAYS: [&str; 11] = [
    "曾",
    "曾小",
    "小明",
    "明",
    "zengxiaoming",
    "Zeng Xiao",
    "cengx",
    "xiaom",
    "zxm",
    "ZXM",
    "xm",
];

/// What finds nobody.
const NOTHING: [&str; 9] = [
    "",
    "  ",
    "%",
    "_",
    "曾%",
    "小小",
    "370481-9999999",
    "'; --",
    "\u{10FFFF}",
];

/// Two children: 曾小明 in 荆河街道, 吕芳 in another street.
async fn two() -> (Office, ChildId) {
    let office = Office::found().await;
    let children = [
        Child::named("曾小明", JINGHE_VILLAGE).with_id(1),
        Child::named("吕芳", LONGQUAN_VILLAGE).with_id(2),
    ];
    let ids = office.register(Persona::TengzhouOfficer, &children).await;
    (office, ids[0])
}

#[tokio::test]
async fn a_child_is_found_by_characters_pinyin_and_initials_within_reach() {
    let (office, _) = two().await;
    for text in WAYS {
        for (persona, expected) in [
            (Persona::TengzhouOfficer, &["曾小明"][..]),
            (Persona::JingheSupervisor, &["曾小明"]),
            (Persona::ShantingOfficer, &[]),
            (Persona::Auditor, &[]),
        ] {
            assert_eq!(
                names(&office, persona, text).await,
                expected,
                "{text} {persona:?}"
            );
        }
    }
    assert_eq!(
        names(&office, Persona::TengzhouOfficer, "lvf").await,
        ["吕芳"]
    );
    assert!(
        names(&office, Persona::JingheSupervisor, "lvf")
            .await
            .is_empty()
    );
    for nothing in NOTHING {
        let found = names(&office, Persona::TengzhouOfficer, nothing).await;
        assert!(found.is_empty(), "{nothing}");
    }
    office.close().await;
}

#[tokio::test]
async fn a_child_is_found_by_resident_id_and_by_file_number_within_reach() {
    let (office, child) = two().await;
    let mut work = office.work(Persona::TengzhouOfficer).await;
    let file = files(&mut work, &[child]).await.unwrap().remove(0);
    let id = resident_id(date(2012, 6, 5), 1);
    let spaced = format!(" {} ", id.reveal().to_lowercase());
    for text in [id.reveal(), &spaced, &file.file_number] {
        let found = search(&mut work, text).await.unwrap().remove(0);
        assert_eq!(found.child, child);
        assert_eq!(found.masked_id.as_deref(), Some(id.masked().as_str()));
        assert_eq!(found.file_number, file.file_number);
        for persona in [Persona::ShantingOfficer, Persona::HomeStaff, Persona::Admin] {
            assert!(
                names(&office, persona, text).await.is_empty(),
                "{persona:?}"
            );
        }
    }
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn placement_and_grant_bring_a_child_into_the_search_of_the_unit() {
    let office = Office::found().await;
    let child = Child::named("虚构院", SHANTING_VILLAGE).placed_in(office.unit(Persona::HomeStaff));
    let id = office.register(Persona::ShantingOfficer, &[child]).await[0];
    assert_eq!(names(&office, Persona::HomeStaff, "xgy").await, ["虚构院"]);
    assert!(
        names(&office, Persona::JingheSupervisor, "xgy")
            .await
            .is_empty()
    );
    let granted = sqlx::query(
        "INSERT INTO registry_grant VALUES (gen_random_uuid(), $1, $2, '异地受理', '2999-12-31')",
    );
    granted
        .bind(id.uuid())
        .bind(office.unit(Persona::JingheSupervisor).uuid())
        .execute(&office.database.owner)
        .await
        .unwrap();
    assert_eq!(
        names(&office, Persona::JingheSupervisor, "xgy").await,
        ["虚构院"]
    );
    office.close().await;
}

/// An office with so many children that a plan matters: 3,000 in 滕州.
async fn crowded() -> Office {
    let office = Office::found().await;
    let characters: Vec<char> = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
        .chars()
        .collect();
    let name = |n: usize| -> String {
        ["虚", "构"]
            .into_iter()
            .map(str::to_owned)
            .chain([n, n / 22, n / 484].map(|n| characters[n % 22].to_string()))
            .collect()
    };
    let children: Vec<Child> = (0..3000)
        .map(|n| {
            Child::named(&name(n), [JINGHE_VILLAGE, LONGQUAN_VILLAGE][n % 2])
                .status(ScatteredOrphan, TODAY)
        })
        .collect();
    office.register(Persona::TengzhouOfficer, &children).await;
    sqlx::raw_sql("ANALYZE")
        .execute(&office.database.owner)
        .await
        .unwrap();
    office
}

#[tokio::test]
async fn a_search_answers_a_page_at_most_and_no_child_twice() {
    let office = crowded().await;
    let mut work = office.work(Persona::TengzhouOfficer).await;
    for text in ["虚构", "x", "xg", "xugou", "甲"] {
        let found = search(&mut work, text).await.unwrap();
        let distinct: std::collections::BTreeSet<_> =
            found.iter().map(|found| found.child).collect();
        assert_eq!(distinct.len(), found.len(), "{text}");
        assert_eq!(i64::try_from(found.len()).unwrap(), SEARCH_LIMIT, "{text}");
    }
    drop(work);
    office.close().await;
}

/// The very query of the search.
const BY_NAME: &str = include_str!("../../queries/registry/search_by_name.sql");

async fn run_by_name(
    connection: &mut PgConnection,
    prefix: &'static str,
) -> Vec<sqlx::postgres::PgRow> {
    sqlx::query(prefix)
        .bind("xugoujia")
        .bind("xugoujia\u{10FFFF}")
        .bind("{[370481000000,370482000000)}")
        .bind(Vec::<uuid::Uuid>::new())
        .bind(SEARCH_LIMIT)
        .fetch_all(connection)
        .await
        .unwrap()
}

/// Every node of a plan.
fn nodes<'p>(plan: &'p Value, into: &mut Vec<&'p Value>) {
    into.push(plan);
    for child in plan["Plans"].as_array().into_iter().flatten() {
        nodes(child, into);
    }
}

#[tokio::test]
async fn the_policy_does_not_keep_the_search_from_its_index() {
    let office = crowded().await;
    let mut connection = office.bare_connection(Persona::TengzhouOfficer).await;
    let explain: &'static str =
        Box::leak(format!("EXPLAIN (FORMAT JSON) {BY_NAME}").into_boxed_str());
    let rows = run_by_name(&mut connection, explain).await;
    let plan: Value = rows[0].get(0);
    let mut all = Vec::new();
    nodes(&plan[0]["Plan"], &mut all);
    let keys: Vec<&&Value> = all
        .iter()
        .filter(|node| node["Relation Name"] == "registry_name_key")
        .collect();
    assert_eq!(keys.len(), 1, "{plan:#}");
    let condition = keys[0]["Index Cond"].as_str().unwrap_or_default();
    assert_eq!(keys[0]["Index Name"], "registry_name_key_pkey", "{plan:#}");
    assert!(
        condition.contains(">=") && condition.contains('<'),
        "the range of keys is an index condition: {condition}"
    );
    for table in ["registry_person", "registry_child"] {
        let by_id = |node: &&Value| {
            node["Relation Name"] == table && node["Index Name"] == format!("{table}_pkey")
        };
        assert!(all.iter().any(by_id), "{table}: {plan:#}");
    }
    office.close().await;
}

/// How often the database asked a function within this transaction.
async fn calls(connection: &mut PgConnection, function: &'static str) -> i64 {
    sqlx::query_scalar("SELECT coalesce(sum(calls), 0)::int8 FROM pg_stat_xact_user_functions WHERE schemaname = 'auth' AND funcname = $1")
        .bind(function)
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_reach_is_looked_up_once_a_query_and_not_once_a_row() {
    let office = crowded().await;
    let mut superuser = PgConnection::connect_with(&office.database.superuser_options())
        .await
        .unwrap();
    let track = format!(
        "ALTER DATABASE {} SET track_functions = 'all'",
        office.database.name()
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(track))
        .execute(&mut superuser)
        .await
        .unwrap();
    for (statement, children) in [
        ("SELECT id FROM registry_person", 3000),
        ("SELECT c.id FROM registry_child c", 3000),
        ("SELECT child_id FROM registry_span", 3000),
        (BY_NAME, 20),
    ] {
        let mut connection = office.bare_connection(Persona::TengzhouOfficer).await;
        let mut transaction = connection.begin().await.unwrap();
        let before = calls(&mut transaction, "reach").await;
        let found = match statement == BY_NAME {
            true => run_by_name(&mut transaction, BY_NAME).await.len(),
            false => sqlx::query(statement)
                .fetch_all(&mut *transaction)
                .await
                .unwrap()
                .len(),
        };
        assert_eq!(found, children, "{statement}");
        let asked = calls(&mut transaction, "reach").await - before;
        // A policy names it twice, for household and residence, and the search passes three policies.
        assert!((1..=6).contains(&asked), "{asked} times: {statement}");
        for function in ["whoami", "granted", "named"] {
            let asked = calls(&mut transaction, function).await;
            assert!(asked <= 20, "{function} {asked} times: {statement}");
        }
    }
    drop(superuser);
    office.close().await;
}
