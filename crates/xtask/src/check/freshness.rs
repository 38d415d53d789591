//! The committed query data is that of these migrations and these queries, the types those of the document.

use super::Violation;
use crate::codegen;
use crate::migrations;
use crate::prepare::RECORD;
use crate::workspace::Source;

/// `.sqlx` was made from the migrations as they are (`record`), and holds no query the store no longer asks.
///
/// A query that is missing from it does not compile, so this need not look for it.
pub(super) fn query_data_is_fresh(sources: &[Source], record: &str) -> Vec<Violation> {
    let asked: String = sources
        .iter()
        .filter(|source| source.path.starts_with("crates/store/") && asks(source))
        .map(|source| bare(&source.text))
        .collect();
    let mut found = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.path.starts_with(".sqlx/query-"))
    {
        let data: serde_json::Value = serde_json::from_str(&source.text).unwrap_or_default();
        let query = data["query"].as_str().unwrap_or_default();
        if query.is_empty() || !asked.contains(&bare(query)) {
            found.push(Violation::new(
                source,
                0,
                "query-data",
                "no query of the store: run make prepare and commit .sqlx",
            ));
        }
    }
    let path = format!(".sqlx/{RECORD}");
    let recorded = sources.iter().find(|source| source.path == path);
    if recorded.map(|source| source.text.as_str()) != Some(record) {
        let advice = format!(
            "not made from {} as they are: run make prepare and commit .sqlx",
            migrations::FOLDER
        );
        found.push(Violation {
            path,
            line: 0,
            rule: "query-data",
            advice,
        });
    }
    found
}

/// The front end's types were made from `openapi.json` as it is.
pub(super) fn types_are_fresh(sources: &[Source]) -> Vec<Violation> {
    let find = |path: &str| sources.iter().find(|source| source.path == path);
    let (document, types) = (find(codegen::DOCUMENT), find(codegen::TYPES));
    let fresh = match (document, types) {
        (None, None) => true,
        (Some(document), Some(types)) => {
            types.text.lines().next() == Some(codegen::seal(&document.text).as_str())
        }
        _ => false,
    };
    if fresh {
        return Vec::new();
    }
    vec![Violation {
        path: codegen::TYPES.to_owned(),
        line: 1,
        rule: "types",
        advice:
            "not made from openapi.json as it is: run cargo xtask codegen and commit what it writes"
                .to_owned(),
    }]
}

fn asks(source: &Source) -> bool {
    source.path.ends_with(".rs") || source.path.ends_with(".sql")
}

/// The text without what quoting and layout add to it.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && !['\\', '"', '+'].contains(letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn data(query: &str) -> Source {
        source(
            ".sqlx/query-1.json",
            &serde_json::json!({ "query": query }).to_string(),
        )
    }

    #[test]
    fn a_query_nobody_asks_is_found() {
        let sources = [
            source("crates/store/src/a.rs", "query!(\"SELECT 1\")"),
            data("SELECT 2"),
            source(".sqlx/migrations.txt", "a\n"),
        ];
        let found = query_data_is_fresh(&sources, "a\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].path, ".sqlx/query-1.json");
    }

    #[test]
    fn a_changed_migration_is_found() {
        assert_eq!(
            query_data_is_fresh(&[source(".sqlx/migrations.txt", "a\n")], "b\n").len(),
            1
        );
        assert_eq!(query_data_is_fresh(&[], "b\n").len(), 1);
    }

    #[test]
    fn layout_and_quoting_do_not_matter() {
        let text = "query!(\n    \"SELECT 'a' \\\n     AS \\\"b\\\"\",\n)";
        let sources = [
            source("crates/store/src/a.rs", text),
            data("SELECT 'a' AS \"b\""),
            source(".sqlx/migrations.txt", "a\n"),
        ];
        assert_eq!(query_data_is_fresh(&sources, "a\n"), []);
    }

    #[test]
    fn types_of_another_document_are_found() {
        let document = source(codegen::DOCUMENT, "{}");
        let types = |text: &str| {
            source(
                codegen::TYPES,
                &format!("{}\nexport {{}};\n", codegen::seal(text)),
            )
        };
        assert_eq!(types_are_fresh(&[document, types("{}")]), []);
        for stale in [
            vec![source(codegen::DOCUMENT, "{}"), types("{ }")],
            vec![source(codegen::DOCUMENT, "{}")],
            vec![types("{}")],
        ] {
            assert_eq!(types_are_fresh(&stale).len(), 1);
        }
    }
}
