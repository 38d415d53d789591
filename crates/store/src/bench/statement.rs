//! Statements as PostgreSQL's log tells them, and as `pgbench` takes them.

use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::error::StoreError;

/// A statement with the values it was run with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Logged {
    pub(super) text: String,
    /// In order; `None` is NULL.
    pub(super) values: Vec<Option<String>>,
}

/// What of a logged statement belongs to that request alone, and the variable that stands for it in others.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) value: String,
    pub(super) variable: &'static str,
    /// Looked for as a value of its own, not within others; where the variable is empty, the value is NULL.
    pub(super) is_whole: bool,
}

/// The statements of a log, in the order in which they were run.
pub(super) fn statements(log: &str) -> Vec<Logged> {
    let mut found: Vec<Logged> = Vec::new();
    let mut told = false;
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let Some(last) = found.last_mut().filter(|_| told) {
                last.text.push('\n');
                last.text.push_str(more);
            }
            continue;
        }
        told = false;
        if let Some((_, entry)) = line.split_once("LOG:  ") {
            let text = match entry.strip_prefix("statement: ") {
                Some(simple) => Some(simple),
                None => entry
                    .strip_prefix("execute ")
                    .and_then(|rest| Some(rest.split_once(": ")?.1)),
            };
            if let Some(text) = text {
                told = true;
                found.push(Logged {
                    text: text.to_owned(),
                    values: Vec::new(),
                });
            }
        } else if let (Some((_, given)), Some(last)) =
            (line.split_once("arameters: "), found.last_mut())
        {
            last.values = values(given);
        }
    }
    for statement in &mut found {
        let text = statement.text.lines();
        let said: Vec<&str> = text
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect();
        statement.text = said.join("\n");
    }
    found
}

/// `$1 = 'it''s', $2 = NULL` as values.
fn values(given: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = given;
    while let Some((_, from)) = rest.split_once(" = ") {
        let Some(quoted) = from.strip_prefix('\'') else {
            values.push(None);
            rest = from.strip_prefix("NULL").unwrap_or(from);
            continue;
        };
        let mut value = String::new();
        let mut remaining = quoted;
        while let Some((part, after)) = remaining.split_once('\'') {
            value.push_str(part);
            remaining = after;
            match after.strip_prefix('\'') {
                Some(after) => {
                    value.push('\'');
                    remaining = after;
                }
                None => break,
            }
        }
        values.push(Some(value));
        rest = remaining;
    }
    values
}

impl Logged {
    /// The statement with its values written into it, those that are marked as variables.
    pub(super) async fn for_pgbench(
        &self,
        conn: &mut PgConnection,
        marks: &[Mark],
    ) -> Result<String, StoreError> {
        let types = types(conn, self).await?;
        let mut text = self.text.clone();
        // From the last, so that $1 is not found in $11.
        for (at, (value, kind)) in self.values.iter().zip(&types).enumerate().rev() {
            let written = value.as_deref().map_or_else(
                || format!("NULL::{kind}"),
                |value| format!("({})::{kind}", expression(value, marks)),
            );
            text = text.replace(&format!("${}", at + 1), &written);
        }
        Ok(text)
    }
}

/// The types of a statement's parameters, as the database understands it.
async fn types(conn: &mut PgConnection, statement: &Logged) -> Result<Vec<String>, StoreError> {
    if statement.values.is_empty() {
        return Ok(Vec::new());
    }
    let prepare = format!("PREPARE bench_types AS {}", statement.text);
    conn.execute(AssertSqlSafe(prepare)).await?;
    let types = sqlx::query_scalar(
        "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'bench_types'",
    )
    .fetch_one(&mut *conn)
    .await?;
    conn.execute("DEALLOCATE bench_types").await?;
    Ok(types)
}

/// A value as text: literals, and variables where it is marked.
fn expression(value: &str, marks: &[Mark]) -> String {
    if let Some(mark) = marks
        .iter()
        .find(|mark| mark.is_whole && mark.value == value)
    {
        return format!("nullif((:{})::text, '')", mark.variable);
    }
    let first = marks
        .iter()
        .filter(|mark| !mark.is_whole)
        .filter_map(|mark| Some((value.find(&mark.value)?, mark)))
        .min_by_key(|(at, _)| *at);
    match first {
        None => literal(value),
        Some((0, mark)) if value == mark.value => format!("(:{})::text", mark.variable),
        Some((at, mark)) => format!(
            "{} || (:{})::text || {}",
            literal(&value[..at]),
            mark.variable,
            expression(&value[at + mark.value.len()..], marks)
        ),
    }
}

/// A literal in which `pgbench` finds no variable of its own.
fn literal(value: &str) -> String {
    let mut text = String::from("E'");
    for letter in value.chars() {
        match letter {
            '\'' => text.push_str("''"),
            '\\' => text.push_str("\\\\"),
            ':' => text.push_str("\\x3A"),
            _ => text.push(letter),
        }
    }
    text.push('\'');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_statement_by_statement() {
        let log = "2026-01-01 [7] LOG:  statement: BEGIN\n\
                   2026-01-01 [7] LOG:  execute sqlx_s_1: -- the people\n\
                   \tSELECT name\n\
                   \tFROM person WHERE id = $1\n\
                   2026-01-01 [7] DETAIL:  parameters: $1 = 'it''s, $2', $2 = NULL, $3 = ''\n\
                   2026-01-01 [7] LOG:  statement: COMMIT\n";
        let told = statements(log);
        assert_eq!(told.len(), 3);
        assert_eq!(told[1].text, "SELECT name\nFROM person WHERE id = $1");
        let values = [Some("it's, $2".to_owned()), None, Some(String::new())];
        assert_eq!(told[1].values, values);
    }

    #[test]
    fn what_is_marked_becomes_a_variable() {
        let marks = [Mark {
            value: "abc".into(),
            variable: "child",
            is_whole: false,
        }];
        let written = ["abc", "{abc}", "12:30"].map(|value| expression(value, &marks));
        assert_eq!(
            written,
            [
                "(:child)::text",
                "E'{' || (:child)::text || E'}'",
                "E'12\\x3A30'"
            ]
        );
    }
}
