//! Time and chance are injected: the wall clock and the system's randomness are asked in one place each.

use super::{Violation, code_lines, is_rulebook, is_rust};
use crate::workspace::Source;

/// Where the machine's clock and randomness may be asked.
const DOORS: &[&str] = &["crates/kernel/src/clock.rs", "crates/store/src/entropy.rs"];

/// Ways to read the clock or draw a random number.
const CALLS: &[&str] = &[
    "Timestamp::now(",
    "Zoned::now(",
    "SystemTime::now(",
    "getrandom::",
    "rand::",
    "thread_rng(",
    "OsRng",
    "Uuid::new_v4(",
    "Uuid::now_v7(",
];

/// Wall clock and randomness only behind `kernel::clock` and `store::entropy`.
pub(super) fn clock_and_chance_are_injected(source: &Source) -> Vec<Violation> {
    if !is_rust(source) || DOORS.contains(&source.path.as_str()) || is_rulebook(source) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (line, code) in code_lines(source) {
        if let Some(call) = CALLS.iter().find(|call| calls(code, call)) {
            found.push(Violation::new(
                source,
                line,
                "clock-and-chance",
                format!("{call} asks the machine: take the time or the bytes from the Clock or Entropy you are given"),
            ));
        }
    }
    found
}

/// Whether `code` holds `call` as a whole word: `rand::` is not in `brand::`.
fn calls(code: &str, call: &str) -> bool {
    code.match_indices(call).any(|(at, _)| {
        !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::super::{lines, source};
    use super::*;

    #[test]
    fn a_look_at_the_clock_is_found() {
        let text = "//! x\nlet now = Timestamp::now();\nlet id = uuid::Uuid::now_v7();\n// Zoned::now() is forbidden\nbrand::new();\n";
        assert_eq!(
            lines(&clock_and_chance_are_injected(&source(
                "crates/app/src/a.rs",
                text
            ))),
            [2, 3]
        );
    }

    #[test]
    fn the_two_doors_may() {
        let text = "//! x\nlet now = Timestamp::now();\n";
        assert!(
            clock_and_chance_are_injected(&source("crates/kernel/src/clock.rs", text)).is_empty()
        );
        assert!(clock_and_chance_are_injected(&source("docs/a.md", text)).is_empty());
    }
}
