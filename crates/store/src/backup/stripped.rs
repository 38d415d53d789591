//! Tables without what slows their filling: indexes, constraints and triggers, taken off and put back as they were.
//!
//! Building an index once is several times quicker than extending it row by row, and what is checked once for the whole
//! table is checked no less.

use sqlx::{AssertSqlSafe, PgConnection};

use super::catalogue::Table;
use crate::error::StoreError;

/// What was taken off, as the statements that put it back, in their order.
pub(super) struct Stripped {
    put_back: Vec<String>,
}

impl Stripped {
    /// Takes everything off these tables. It belongs into the transaction that puts it back.
    pub(super) async fn of(conn: &mut PgConnection, tables: &[Table]) -> Result<Self, StoreError> {
        let constraints = constraints(conn).await?;
        let indexes = indexes(conn).await?;
        let mut put_back = Vec::new();
        // Foreign keys stand on unique ones: they come off first and go back last.
        for (table, name, _) in &constraints {
            run(conn, format!("ALTER TABLE {table} DROP CONSTRAINT {name}")).await?;
        }
        for (name, definition) in indexes {
            run(conn, format!("DROP INDEX {name}")).await?;
            put_back.push(definition);
        }
        for (table, name, definition) in constraints.into_iter().rev() {
            put_back.push(format!(
                "ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
            ));
        }
        for Table { name, .. } in tables {
            run(conn, format!("ALTER TABLE {name} DISABLE TRIGGER USER")).await?;
            put_back.push(format!("ALTER TABLE {name} ENABLE TRIGGER USER"));
        }
        Ok(Self { put_back })
    }

    /// Puts everything back; what breaks a constraint is an error here.
    pub(super) async fn put_back(self, conn: &mut PgConnection) -> Result<(), StoreError> {
        for statement in self.put_back {
            run(conn, statement).await?;
        }
        Ok(())
    }
}

async fn run(conn: &mut PgConnection, statement: String) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(conn)
        .await?;
    Ok(())
}

/// Table, name and definition of every constraint with an index and every foreign key, these first.
async fn constraints(conn: &mut PgConnection) -> Result<Vec<(String, String, String)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "table!", quote_ident(k.conname) AS "name!",
                  pg_get_constraintdef(k.oid) AS "definition!"
           FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname IN ('public', 'auth') AND k.contype IN ('f', 'p', 'u', 'x') AND k.conparentid = 0
             AND c.relname NOT IN ('_sqlx_migrations', 'restore_unfinished')
           ORDER BY k.contype = 'f' DESC, 1, 2"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.table, row.name, row.definition))
        .collect())
}

/// Name and definition of every index that belongs to no constraint.
async fn indexes(conn: &mut PgConnection) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT quote_ident(n.nspname) || '.' || quote_ident(x.relname) AS "name!", pg_get_indexdef(x.oid) AS "definition!"
           FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
           JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname IN ('public', 'auth') AND NOT x.relispartition
             AND c.relname NOT IN ('_sqlx_migrations', 'restore_unfinished')
             AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
           ORDER BY 1"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.name, row.definition))
        .collect())
}
