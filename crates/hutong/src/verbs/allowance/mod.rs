//! `hutong allowance`: what children are owed and paid, reckoned from histories in a file, without a database.

mod answer;
mod compute;
mod fault;
mod histories;
mod history;
mod progress;
mod texts;
mod what_if;

use std::path::PathBuf;

use jiff::Timestamp;
use kernel::explain::Lang;
use kernel::month::Month;

use crate::outcome::Verdict;
use crate::rules::OwnRules;

/// Arguments of `allowance`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// The lines that a month's run writes for histories in a file, one child a line (JSON Lines; see docs/allowances.md).
    Compute(Question),
    /// What proposed rates would bring for the children of such a file: heads, arrears, cost, by county and class.
    WhatIf(what_if::Args),
}

/// What is asked: about whom, for which month, by what was known when.
#[derive(Debug, clap::Args)]
pub(crate) struct Question {
    /// The histories, one child a line (JSON Lines); - reads standard input.
    #[arg(value_name = "HISTORIES.jsonl")]
    histories: PathBuf,
    /// The pay month, e.g. 2021-11.
    #[arg(long, value_name = "MONTH", value_parser = month)]
    month: Month,
    /// The moment up to which facts and rates are known, e.g. 2021-11-20T00:00:00+08:00.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    known_at: Timestamp,
    #[command(flatten)]
    rules: OwnRules,
}

fn month(text: &str) -> Result<Month, String> {
    text.parse().map_err(|_| "not a month".to_owned())
}

fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "not a moment".to_owned())
}

/// Reckons.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    match &args.deed {
        Deed::Compute(question) => compute::run(question, lang),
        Deed::WhatIf(args) => what_if::run(args, lang),
    }
}
