//! What lies in a database, counted and described by its owner: for tests that compare before and after.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool, Row};
use store::cluster::{Cluster, DATABASE, Place, Startup};

/// A database as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Census {
    /// The rows of every table.
    pub rows: BTreeMap<String, i64>,
    /// The journal's entries by action.
    pub journal: BTreeMap<String, i64>,
    /// The work items by code.
    pub work_items: BTreeMap<String, i64>,
    /// The ledgers by file name, in the order of their import.
    pub ledgers: Vec<String>,
    /// One line for each child: all that is readable about it. Ids, times and ciphertexts are left out, so that two
    /// databases that hold the same children have the same lines.
    pub children: Vec<String>,
    /// What the journal says and the tables do not, or the other way round.
    pub contradictions: Vec<String>,
}

impl Census {
    /// Of this database.
    pub async fn take(owner: &PgPool) -> Self {
        let mut rows = BTreeMap::new();
        for table in tables(owner).await {
            let counted = format!(
                "SELECT count(*), (SELECT reltuples FROM pg_class WHERE oid = '{table}'::regclass) FROM {table}"
            );
            let (count, believed): (i64, f32) = sqlx::query_as(AssertSqlSafe(counted))
                .fetch_one(owner)
                .await
                .expect("the rows are counted");
            // A database just filled has no statistics yet, and without them the queries below take minutes.
            if count as f32 != believed {
                sqlx::query(AssertSqlSafe(format!("ANALYZE {table}")))
                    .execute(owner)
                    .await
                    .expect("the statistics are made");
            }
            rows.insert(table, count);
        }
        Self {
            rows,
            journal: tally(
                owner,
                "SELECT action, count(*) FROM journal_entry GROUP BY 1",
            )
            .await,
            work_items: tally(
                owner,
                "SELECT code, count(*) FROM registry_work_item GROUP BY 1",
            )
            .await,
            ledgers: lines(
                owner,
                "SELECT file_name FROM registry_ledger ORDER BY imported_at, id",
            )
            .await,
            children: lines(owner, CHILDREN).await,
            contradictions: contradictions(owner).await,
        }
    }

    /// Of the private cluster in this data folder, which is started as any program would start it, and stopped.
    pub async fn of_folder(data: &Path) -> Self {
        let place = Place::at(data).expect("a place");
        let cluster = Cluster::start(&place, Startup { allow_nobody: true })
            .await
            .expect("the cluster starts");
        let owner = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(cluster.owner_options(DATABASE))
            .await
            .expect("the database answers");
        let census = Self::take(&owner).await;
        owner.close().await;
        cluster.stop().await;
        census
    }

    /// The children on file.
    pub fn count(&self) -> i64 {
        self.rows.get("public.registry_child").copied().unwrap_or(0)
    }
}

async fn tables(owner: &PgPool) -> Vec<String> {
    lines(
        owner,
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'auth') ORDER BY 1",
    )
    .await
}

async fn lines(owner: &PgPool, statement: &'static str) -> Vec<String> {
    sqlx::query_scalar(statement)
        .fetch_all(owner)
        .await
        .expect("the database answers")
}

async fn tally(owner: &PgPool, statement: &'static str) -> BTreeMap<String, i64> {
    let rows = sqlx::query(statement)
        .fetch_all(owner)
        .await
        .expect("the database answers");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

const CHILDREN: &str = "
SELECT concat_ws('|', p.name, p.sex, p.birth, p.resident_id IS NOT NULL, p.household_division, p.residence_division,
    p.sealed, c.national_number, c.ethnicity, c.address IS NOT NULL, c.school_stage,
    c.boarding, c.health, c.disability_kind, c.disability_level, c.illness, c.bank_name, c.bank_account IS NOT NULL,
    c.note IS NOT NULL, c.opened_on, c.version,
    held.statuses,
    (SELECT string_agg(concat_ws(' ', g.name, g.relation, g.phone IS NOT NULL, g.from_day, g.to_day), ','
            ORDER BY g.from_day, g.name, g.relation)
     FROM registry_guardian g WHERE g.child_id = c.id),
    (SELECT string_agg(concat_ws(' ', r.relation, r.name, r.phone IS NOT NULL, r.works_at), ',' ORDER BY r.relation)
     FROM registry_relative r WHERE r.child_id = c.id),
    (SELECT count(*) FROM registry_placement l WHERE l.child_id = c.id),
    filed.keys)
FROM registry_child c JOIN registry_person p USING (id) LEFT JOIN
    (SELECT child_id, string_agg(concat_ws(' ', category, from_day, to_day), ',' ORDER BY category, from_day) AS statuses
     FROM registry_span GROUP BY 1) held ON held.child_id = c.id LEFT JOIN
    (SELECT person_id, string_agg(key, ',' ORDER BY key COLLATE \"C\") AS keys
     FROM registry_name_key GROUP BY 1) filed ON filed.person_id = c.id
ORDER BY 1";

/// What must agree, and the query that finds where it does not.
const AGREEMENTS: [(&str, &str); 14] = [
    (
        "a person without a child's file",
        "SELECT id FROM registry_person EXCEPT SELECT id FROM registry_child",
    ),
    (
        "a file or a ledger's row of nobody",
        "(SELECT id FROM registry_child UNION ALL SELECT child_id FROM registry_ledger_row) EXCEPT SELECT id FROM registry_person",
    ),
    (
        "a guardian or a status of nobody",
        "(SELECT child_id FROM registry_guardian UNION ALL SELECT child_id FROM registry_span) EXCEPT SELECT id FROM registry_child",
    ),
    (
        "a child that was not registered exactly once",
        "SELECT c.id FROM registry_child c WHERE 1 <> (SELECT count(*) FROM journal_entry j
             WHERE j.subject_id = c.id AND j.action = 'registry.child_registered')",
    ),
    (
        "an entry about a child that is not there",
        "SELECT j.subject_id FROM journal_entry j WHERE j.subject_kind = 'child' AND NOT j.refused
             AND NOT EXISTS (SELECT 1 FROM registry_child c WHERE c.id = j.subject_id)",
    ),
    (
        "a child changed more or less often than journalled",
        "SELECT c.id FROM registry_child c WHERE c.version <> 1 + (SELECT count(*) FROM journal_entry j
             WHERE j.subject_id = c.id AND j.action = 'registry.child_amended')",
    ),
    (
        "a child with more or fewer statuses than journalled",
        "WITH held AS (SELECT child_id, count(*) AS n FROM registry_span GROUP BY 1),
              told AS (SELECT subject_id, sum(CASE WHEN action IN ('registry.status_changed', 'registry.status_entered') THEN 1
                           WHEN action = 'registry.child_registered' THEN jsonb_array_length(after -> 'statuses') ELSE 0 END) AS n
                       FROM journal_entry GROUP BY 1)
         SELECT c.id FROM registry_child c LEFT JOIN held ON held.child_id = c.id LEFT JOIN told ON told.subject_id = c.id
         WHERE coalesce(held.n, 0) <> coalesce(told.n, 0)",
    ),
    (
        "a name without its search keys",
        "SELECT p.id FROM registry_person p WHERE NOT EXISTS (SELECT 1 FROM registry_name_key k WHERE k.person_id = p.id)",
    ),
    (
        "search keys of nobody",
        "SELECT person_id FROM registry_name_key EXCEPT SELECT id FROM registry_person",
    ),
    (
        "a row of a ledger that is not in",
        "SELECT r.id FROM registry_ledger_row r WHERE NOT EXISTS (SELECT 1 FROM registry_ledger l WHERE l.id = r.ledger_id)",
    ),
    (
        "a ledger with more rows taken in than it has",
        "SELECT l.id FROM registry_ledger l WHERE l.rows < l.left_out
             + (SELECT count(*) FROM registry_ledger_row r WHERE r.ledger_id = l.id)",
    ),
    (
        "a ledger that was not journalled exactly once",
        "SELECT l.id FROM registry_ledger l WHERE 1 <> (SELECT count(*) FROM journal_entry j
             WHERE j.subject_id = l.id AND j.action = 'registry.ledger_imported')",
    ),
    (
        "a work item that was not journalled exactly once",
        "SELECT w.id FROM registry_work_item w WHERE 1 <> (SELECT count(*) FROM journal_entry j
             WHERE j.subject_id = w.id AND j.action = 'registry.work_item_opened')",
    ),
    (
        "an entry about a ledger or work item that is not there",
        "SELECT j.subject_id FROM journal_entry j WHERE j.subject_kind IN ('ledger', 'work_item') AND NOT j.refused
             AND j.subject_id NOT IN (SELECT id FROM registry_ledger UNION ALL SELECT id FROM registry_work_item)",
    ),
];

async fn contradictions(owner: &PgPool) -> Vec<String> {
    let mut found = Vec::new();
    for (what, statement) in AGREEMENTS {
        let ids = sqlx::query(statement)
            .fetch_all(owner)
            .await
            .expect("the database answers");
        if !ids.is_empty() {
            found.push(format!("{what}: {} of them", ids.len()));
        }
    }
    found
}
