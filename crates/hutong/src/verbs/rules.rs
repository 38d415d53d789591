//! `hutong rules`: what is wrong with a set of rules, and the schema of its files.

use std::path::PathBuf;

use kernel::explain::{Explain, Lang};
use policy::{Checked, Rulebook};
use serde_json::json;

use crate::outcome::{Outcome, Verdict};
use crate::output::say;
use crate::rules::RulesFiles;

/// Arguments of `rules`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Find gaps, overlaps, unknown keys and missing citations, each with its file and line.
    Check {
        /// The folder of rules (*.toml); the built-in rules where none is named.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of a rules file.
    Schema,
}

/// Checks rules, or prints their schema.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    match &args.deed {
        Deed::Check { folder, json } => {
            let checked = match folder {
                Some(folder) => Rulebook::check(&RulesFiles::read(folder)?.sources()),
                None => Rulebook::check(Rulebook::builtin_files()),
            };
            tell(&checked, *json, lang)
        }
        Deed::Schema => {
            say(&format!("{:#}", policy::rules_schema()))?;
            Ok(Outcome::Done)
        }
    }
}

fn tell(checked: &Checked, as_json: bool, lang: Lang) -> Verdict {
    let Checked {
        findings,
        entries,
        unverified,
    } = checked;
    if as_json {
        let list: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!({
                    "file": &*finding.at.file, "line": finding.at.line, "code": finding.code(),
                    "message": finding.explain(lang),
                })
            })
            .collect();
        let report = json!({ "findings": list, "entries": entries, "unverified": unverified });
        say(&report.to_string())?;
    } else {
        for finding in findings {
            say(&format!("{} [{}]", finding.explain(lang), finding.code()))?;
        }
        let found = findings.len();
        say(&match lang {
            Lang::Zh => format!("{entries} 条规则，{found} 处问题；其中 {unverified} 条依据待核实"),
            Lang::En => format!("{entries} rules, {found} faults; {unverified} not verified"),
        })?;
    }
    Ok(if findings.is_empty() {
        Outcome::Done
    } else {
        Outcome::Findings
    })
}
