//! A module's name says what is in it, and its first line says what it is for.

use super::{Violation, code_lines, is_rulebook, is_rust};
use crate::workspace::Source;

/// Names that say nothing about what they hold.
const EMPTY: &[&str] = &[
    "util", "utils", "helper", "helpers", "manager", "common", "misc",
];

/// No module, file or folder is called by an empty name.
pub(super) fn modules_have_telling_names(source: &Source) -> Vec<Violation> {
    let code = [".rs", ".ts", ".vue", ".sql"]
        .iter()
        .any(|ending| source.path.ends_with(ending));
    if !code || is_rulebook(source) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let advice = |name: &str| {
        format!(
            "{name:?} says nothing: name it after what it holds, in the words of docs/glossary.md"
        )
    };
    let parts = source
        .path
        .split('/')
        .map(|part| part.split('.').next().unwrap_or_default());
    if let Some(name) = parts.into_iter().find(|part| EMPTY.contains(part)) {
        found.push(Violation::new(source, 0, "telling-names", advice(name)));
    }
    for (line, code) in code_lines(source) {
        let declared = code
            .split_once("mod ")
            .filter(|_| source.path.ends_with(".rs"))
            .map(|(_, rest)| rest);
        let name = declared
            .and_then(|rest| rest.split([' ', '{', ';']).next())
            .unwrap_or_default();
        // A declared file is reported once, at the file itself.
        if EMPTY.contains(&name) && code.contains('{') {
            found.push(Violation::new(source, line, "telling-names", advice(name)));
        }
    }
    found
}

/// Every Rust module opens with a `//!` line.
pub(super) fn modules_open_with_their_purpose(source: &Source) -> Vec<Violation> {
    let opening = source
        .text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    if !is_rust(source) || opening.starts_with("//! ") {
        return Vec::new();
    }
    vec![Violation::new(
        source,
        1,
        "opening-line",
        "open the module with one //! line that says what it is for",
    )]
}

#[cfg(test)]
mod tests {
    use super::super::{lines, source};
    use super::*;

    #[test]
    fn an_empty_name_is_found_in_path_and_code() {
        assert_eq!(
            lines(&modules_have_telling_names(&source(
                "crates/app/src/utils.rs",
                "//! x\n"
            ))),
            [0]
        );
        assert_eq!(
            lines(&modules_have_telling_names(&source(
                "crates/app/src/common/mod.rs",
                "//! x\n"
            ))),
            [0]
        );
        assert_eq!(
            lines(&modules_have_telling_names(&source(
                "crates/app/src/a.rs",
                "//! x\npub(crate) mod helpers {\n"
            ))),
            [2]
        );
    }

    #[test]
    fn telling_names_pass() {
        assert!(
            modules_have_telling_names(&source(
                "crates/app/src/commonwealth.rs",
                "//! x\nmod tests {\n"
            ))
            .is_empty()
        );
    }

    #[test]
    fn a_module_without_purpose_is_found() {
        assert_eq!(
            lines(&modules_open_with_their_purpose(&source(
                "crates/app/src/a.rs",
                "use x;\n//! late\n"
            ))),
            [1]
        );
        assert_eq!(
            lines(&modules_open_with_their_purpose(&source(
                "crates/app/src/a.rs",
                ""
            ))),
            [1]
        );
        assert!(
            modules_open_with_their_purpose(&source("crates/app/src/a.rs", "\n//! Pays.\n"))
                .is_empty()
        );
    }
}
