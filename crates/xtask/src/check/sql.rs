//! All SQL lies in the store: no other crate speaks to the database.

use super::{Violation, code_lines, is_rust};
use crate::workspace::Source;

/// The store itself; testkit, which makes and drops the tests' databases; and this tool, which does so for
/// development and names what it looks for.
const EXEMPT: &[&str] = &["crates/store/", "crates/testkit/", "crates/xtask/"];

/// The driver, and statements as they stand in strings.
const SIGNS: &[&str] = &[
    "sqlx::",
    "INSERT INTO ",
    "DELETE FROM ",
    "TRUNCATE ",
    "MERGE INTO ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "DROP TABLE ",
];

/// No driver and no statement outside `crates/store`, tests and benches included.
pub(super) fn sql_lies_in_the_store(source: &Source) -> Vec<Violation> {
    if !is_rust(source) || EXEMPT.iter().any(|folder| source.path.starts_with(folder)) {
        return Vec::new();
    }
    code_lines(source)
        .filter(|(_, code)| speaks_sql(code))
        .map(|(line, _)| {
            Violation::new(
                source,
                line,
                "sql-in-store",
                "SQL outside the store: add a function to crates/store and call it",
            )
        })
        .collect()
}

fn speaks_sql(code: &str) -> bool {
    let pairs = [
        ("SELECT ", " FROM "),
        ("UPDATE ", " SET "),
        ("COPY ", " FROM "),
        ("COPY ", " TO "),
    ];
    SIGNS.iter().any(|sign| code.contains(sign))
        || pairs.iter().any(|(verb, word)| {
            code.split_once(verb)
                .is_some_and(|(_, rest)| rest.contains(word))
        })
}

#[cfg(test)]
mod tests {
    use super::super::{lines, source};
    use super::*;

    #[test]
    fn statements_and_the_driver_are_found() {
        let text = "//! x\nuse sqlx::query;\nquery(\"UPDATE child SET name = $1\");\n\"SELECT count(*) FROM child\";\n// DELETE FROM child\n";
        assert_eq!(
            lines(&sql_lies_in_the_store(&source("crates/app/src/a.rs", text))),
            [2, 3, 4]
        );
        assert_eq!(
            lines(&sql_lies_in_the_store(&source(
                "crates/hutong/benches/a.rs",
                text
            ))),
            [2, 3, 4]
        );
    }

    #[test]
    fn the_store_may_and_words_are_no_statements() {
        assert!(
            sql_lies_in_the_store(&source(
                "crates/store/src/a.rs",
                "//! x\nuse sqlx::query;\n"
            ))
            .is_empty()
        );
        assert!(
            sql_lies_in_the_store(&source(
                "crates/app/src/a.rs",
                "//! x\n\"UPDATE your password\";\n"
            ))
            .is_empty()
        );
    }
}
