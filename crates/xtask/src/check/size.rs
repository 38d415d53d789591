//! A file is a room one can look over.

use super::Violation;
use crate::workspace::Source;

/// The most lines a hand-written source file may have.
const LIMIT: usize = 600;

/// No hand-written source passes the limit; generated code lies in a folder `generated/`.
pub(super) fn hand_written_files_fit(source: &Source) -> Vec<Violation> {
    let code = [".rs", ".ts", ".vue", ".sql"]
        .iter()
        .any(|ending| source.path.ends_with(ending));
    let generated = source.path.split('/').any(|part| part == "generated");
    let count = source.text.lines().count();
    if !code || generated || count <= LIMIT {
        return Vec::new();
    }
    let advice =
        format!("{count} lines, more than {LIMIT}: find the second room in it and give it a name");
    vec![Violation::new(source, LIMIT + 1, "file-size", advice)]
}

#[cfg(test)]
mod tests {
    use super::super::{lines, source};
    use super::*;

    #[test]
    fn the_line_past_the_limit_is_found() {
        assert_eq!(
            lines(&hand_written_files_fit(&source(
                "crates/a/src/a.rs",
                &"x\n".repeat(601)
            ))),
            [601]
        );
        assert!(
            hand_written_files_fit(&source("crates/a/src/a.rs", &"x\n".repeat(600))).is_empty()
        );
    }

    #[test]
    fn generated_code_and_data_may_be_long() {
        assert!(
            hand_written_files_fit(&source("frontend/generated/a.ts", &"x\n".repeat(601)))
                .is_empty()
        );
        assert!(
            hand_written_files_fit(&source("crates/kernel/data/a.csv", &"x\n".repeat(601)))
                .is_empty()
        );
    }
}
