//! What tests of casework ask of the database itself.

use sqlx::{AssertSqlSafe, Row};

use crate::office::Office;

/// The tables of children's files, and the columns that are new at every writing.
const FILES: [(&str, &str); 6] = [
    ("registry_person", "{resident_id}"),
    ("registry_child", "{version,address,bank_account,note}"),
    ("registry_name_key", "{}"),
    ("registry_guardian", "{}"),
    ("registry_relative", "{}"),
    ("registry_span", "{}"),
];

impl Office {
    /// Every readable row of every child's file, without versions and ciphertexts.
    pub async fn file_rows(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (table, less) in FILES {
            let statement = format!(
                "SELECT '{table} ' || (to_jsonb(t) - '{less}'::text[])::text AS line FROM {table} t ORDER BY 1"
            );
            let found = sqlx::query(AssertSqlSafe(statement))
                .fetch_all(&self.database.owner)
                .await
                .expect("the rows are read");
            all.extend(found.iter().map(|row| row.get::<String, _>("line")));
        }
        all
    }

    /// What the journal keeps of an action, wherever it was done.
    pub async fn journalled_as(&self, action: &str) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT coalesce(after::text, '') FROM journal_entry WHERE action = $1 ORDER BY seq",
        )
        .bind(action)
        .fetch_all(&self.database.owner)
        .await
        .expect("the journal answers")
    }

    /// Lets the time pass after which a silent worker counts as dead.
    pub async fn let_workers_die(&self) {
        sqlx::query("UPDATE registry_job SET leased_until = now() - interval '1 second'")
            .execute(&self.database.owner)
            .await
            .expect("the leases end");
    }
}
