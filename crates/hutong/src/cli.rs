//! The command line: every verb people learn, and the options all of them share.

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use kernel::explain::Lang;

use crate::outcome::Fault;
use crate::usage::UsageError;
use crate::verbs::{
    allowance, backup, bench, check, config, decide, demo, divisions, import, init, keys,
    resident_id, restore, rules, serve, workdays,
};

#[derive(Debug, Parser)]
#[command(
    name = "hutong",
    arg_required_else_help = true,
    version,
    about = "护童：未成年人福利与保护业务系统 / child welfare and protection casework"
)]
struct Cli {
    /// Language of messages: zh or en (default: the locale's).
    #[arg(long, global = true, value_parser = parse_lang)]
    lang: Option<Lang>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Reckon what children are owed and paid, from histories in a file; needs no database.
    Allowance(allowance::Args),
    /// Back everything up into a sealed file; try a backup; make the keys for it.
    Backup(backup::Args),
    /// Measure speed and size beside raw limits, on invented data in a temporary folder.
    Bench(bench::Args),
    /// Find the faults in ledgers, cell by cell; needs no database.
    Check(check::Args),
    /// What the rules of a day and a place say of a child: the classes that hold, why, and what is missing.
    Decide(decide::Args),
    /// An invented city to look at: found it, print its figures, serve it.
    Demo(demo::Args),
    /// The configuration: what holds, and what is unknown or unsafe about it.
    Config(config::Args),
    /// Enter other places' divisions, and list what is entered.
    Divisions(divisions::Args),
    /// The keys that open what is sealed: show, rotate, escrow, restore.
    Keys(keys::Args),
    /// Take ledgers into the registry; a child is registered whatever is doubtful about the row.
    Import(import::Args),
    /// Make an empty office: configuration, keys, the root unit, its first officers' one-time codes.
    Init(init::Args),
    /// Verify resident identity numbers (GB 11643) read from standard input.
    ResidentId(resident_id::Args),
    /// Restore a backup into an empty place.
    Restore(restore::Args),
    /// Find what is wrong with a set of rules; print the schema of its files.
    Rules(rules::Args),
    /// Serve an office: over TLS, behind a trusted proxy, or to this machine alone.
    Serve(serve::Args),
    /// Count Chinese working days.
    Workdays(workdays::Args),
}

fn parse_lang(text: &str) -> Result<Lang, String> {
    match text {
        "zh" => Ok(Lang::Zh),
        "en" => Ok(Lang::En),
        other => Err(format!("unknown language {other:?}: use zh or en")),
    }
}

/// Parses the command line, runs the verb and answers the process's exit code.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(told) if !told.use_stderr() => {
            // Help and version: a reader that has gone has seen enough.
            let _ = told.print();
            return ExitCode::SUCCESS;
        }
        // Nothing asked for: all there is to ask for.
        Err(told) if told.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = told.print();
            return ExitCode::from(2);
        }
        Err(error) => return Fault::from(UsageError::of(&error)).report(asked_lang()),
    };
    let lang = cli.lang.unwrap_or_else(locale);
    let verdict = match cli.verb {
        Verb::Allowance(args) => allowance::run(&args, lang),
        Verb::Backup(args) => backup::run(&args, lang),
        Verb::Bench(args) => bench::run(&args, lang),
        Verb::Check(args) => check::run(&args, lang),
        Verb::Config(args) => config::run(&args, lang),
        Verb::Decide(args) => decide::run(&args, lang),
        Verb::Demo(args) => demo::run(&args, lang),
        Verb::Divisions(args) => divisions::run(&args, lang),
        Verb::Keys(args) => keys::run(&args, lang),
        Verb::Import(args) => import::run(&args, lang),
        Verb::Init(args) => init::run(&args, lang),
        Verb::ResidentId(args) => resident_id::run(&args, lang),
        Verb::Restore(args) => restore::run(&args, lang),
        Verb::Rules(args) => rules::run(&args, lang),
        Verb::Serve(args) => serve::run(&args, lang),
        Verb::Workdays(args) => workdays::run(&args, lang),
    };
    match verdict {
        Ok(outcome) => outcome.into(),
        Err(fault) => fault.report(lang),
    }
}

/// The language of the machine's locale.
fn locale() -> Lang {
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    Lang::from_locale(name.as_deref().unwrap_or_default())
}

/// The language asked for on a command line that cannot be parsed, or the locale's.
fn asked_lang() -> Lang {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let separate = arguments
        .windows(2)
        .find(|pair| pair[0] == "--lang")
        .map(|pair| pair[1].as_str());
    arguments
        .iter()
        .find_map(|argument| argument.strip_prefix("--lang="))
        .or(separate)
        .and_then(|name| parse_lang(name).ok())
        .unwrap_or_else(locale)
}
