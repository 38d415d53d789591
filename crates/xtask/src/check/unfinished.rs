//! What is committed is done: no reminders, no stubs, no test switched off.

use super::{Violation, is_rulebook};
use crate::workspace::Source;

/// What marks unfinished work in Rust, TypeScript and SQL.
const MARKS: &[(&str, &str)] = &[
    (
        "#[ignore",
        "a test that cannot run here prints why and returns; none is switched off",
    ),
    ("todo!(", "finish it or leave it out"),
    ("unimplemented!(", "finish it or leave it out"),
    ("dbg!(", "remove the debugging print"),
    (
        "TODO",
        "finish it now, or write down what is wanted where work is planned",
    ),
    (
        "FIXME",
        "repair it now, or write down what is wanted where work is planned",
    ),
    ("it.skip(", "no test is switched off"),
    ("it.only(", "no other test is switched off"),
    ("describe.skip(", "no test is switched off"),
    ("describe.only(", "no other test is switched off"),
];

/// No reminder, stub or switched-off test in any source.
pub(super) fn nothing_is_left_unfinished(source: &Source) -> Vec<Violation> {
    let code = [".rs", ".ts", ".vue", ".sql", ".sh"]
        .iter()
        .any(|ending| source.path.ends_with(ending));
    if !code || is_rulebook(source) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        if let Some((mark, advice)) = MARKS.iter().find(|(mark, _)| line.contains(mark)) {
            found.push(Violation::new(
                source,
                index + 1,
                "unfinished",
                format!("{mark}: {advice}"),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{lines, source};
    use super::*;

    #[test]
    fn every_mark_is_found() {
        for (mark, _) in MARKS {
            let text = format!("//! x\n    {mark}\n");
            assert_eq!(
                lines(&nothing_is_left_unfinished(&source(
                    "crates/app/src/a.rs",
                    &text
                ))),
                [2],
                "{mark}"
            );
        }
    }

    #[test]
    fn finished_work_passes() {
        assert!(
            nothing_is_left_unfinished(&source(
                "crates/app/src/a.rs",
                "//! x\n#[test]\nfn pays() {}\n"
            ))
            .is_empty()
        );
        assert!(nothing_is_left_unfinished(&source("docs/a.md", "TODO\n")).is_empty());
    }
}
