//! `cargo xtask check`: the architecture's rules, each a small pure function over a file's path and text.
//!
//! **Invariant**: every rule reports all it finds, with file, line and what to do; nothing stops at the first.

mod chance;
mod freshness;
mod layers;
mod licences;
mod naming;
mod provenance;
mod size;
mod sql;
mod unfinished;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::workspace::{self, Source};

/// One breach of one rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    path: String,
    /// 1 for the first line; 0 where the whole file is meant.
    line: usize,
    rule: &'static str,
    /// What is wrong and what to do.
    advice: String,
}

impl Violation {
    fn new(source: &Source, line: usize, rule: &'static str, advice: impl Into<String>) -> Self {
        Self {
            path: source.path.clone(),
            line,
            rule,
            advice: advice.into(),
        }
    }
}

/// The rules that look at one file at a time.
const RULES: &[fn(&Source) -> Vec<Violation>] = &[
    chance::clock_and_chance_are_injected,
    naming::modules_have_telling_names,
    naming::modules_open_with_their_purpose,
    provenance::no_place_of_origin,
    size::hand_written_files_fit,
    sql::sql_lies_in_the_store,
    unfinished::nothing_is_left_unfinished,
];

/// Checks every file, the crates' dependencies and the committed generated files; exit code 1 for violations.
pub(crate) fn run() -> Result<ExitCode> {
    let root = workspace::root()?;
    let sources = workspace::sources(&root)?;
    let mut violations: Vec<Violation> = RULES
        .iter()
        .flat_map(|rule| sources.iter().flat_map(rule))
        .collect();
    violations.extend(layers::check(&root)?);
    violations.extend(licences::check(&root)?);
    violations.extend(check_freshness(&root, &sources)?);
    violations.extend(freshness::types_are_fresh(&sources));
    violations.sort_by(|one, other| {
        (&one.path, one.line, one.rule).cmp(&(&other.path, other.line, other.rule))
    });
    for Violation {
        path,
        line,
        rule,
        advice,
    } in &violations
    {
        eprintln!("{path}:{line}: [{rule}] {advice}");
    }
    if violations.is_empty() {
        println!("architecture: {} files, nothing amiss", sources.len());
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "architecture: {} violations in {} files",
        violations.len(),
        sources.len()
    );
    Ok(ExitCode::from(1))
}

fn check_freshness(root: &Path, sources: &[Source]) -> Result<Vec<Violation>> {
    if !root.join(crate::migrations::FOLDER).is_dir() {
        return Ok(Vec::new());
    }
    Ok(freshness::query_data_is_fresh(
        sources,
        &crate::migrations::record(root)?,
    ))
}

/// The lines of a source with their numbers from 1, comments left out: rules about code look at these.
fn code_lines(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let marker = if source.path.ends_with(".sql") {
        "--"
    } else {
        "//"
    };
    source.text.lines().enumerate().map(move |(index, line)| {
        let code = match line.trim_start().starts_with(marker) {
            true => "",
            false => line
                .split_once(&format!(" {marker} "))
                .map_or(line, |(code, _)| code),
        };
        (index + 1, code)
    })
}

/// Whether the file belongs to these rules, which name what they forbid.
fn is_rulebook(source: &Source) -> bool {
    source.path.starts_with("crates/xtask/src/check/")
}

/// Whether the path is a Rust source of ours.
fn is_rust(source: &Source) -> bool {
    source.path.starts_with("crates/") && source.path.ends_with(".rs")
}

#[cfg(test)]
fn source(path: &str, text: &str) -> Source {
    Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

#[cfg(test)]
fn lines(violations: &[Violation]) -> Vec<usize> {
    violations.iter().map(|violation| violation.line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_no_code() {
        let rust = source(
            "crates/a/src/a.rs",
            "//! about\nlet a = 1; // why\nlet url = \"http://x\";\n",
        );
        let code: Vec<(usize, &str)> = code_lines(&rust).collect();
        assert_eq!(
            code,
            [(1, ""), (2, "let a = 1;"), (3, "let url = \"http://x\";")]
        );
        let sql = source("a.sql", "-- about\nSELECT 1 -- one\n");
        assert_eq!(
            code_lines(&sql).collect::<Vec<_>>(),
            [(1, ""), (2, "SELECT 1")]
        );
    }
}
