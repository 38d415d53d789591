//! `hutong resident-id`: verifies resident identity numbers, one a line.

use jiff::civil::Date;
use kernel::explain::Lang;
use kernel::resident_id::{ResidentId, ResidentIdError, Sex};
use serde::Serialize;

use crate::lines::{answer_stdin, write_json};
use crate::outcome::{Outcome, Verdict};

/// Numbers come on standard input, one a line; answers go to standard output, one JSON object a line.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Answers are JSON with or without it.
    #[arg(long = "json")]
    _json: bool,
}

/// What is said of one number, in the order of the fields.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    number: &'a str,
    valid: bool,
    code: Option<&'static str>,
    birth: Option<Date>,
    sex: Option<Sex>,
    division: Option<i32>,
}

/// Answers every line; finds something where a number is not sound.
pub(crate) fn run(_: &Args, _: Lang) -> Verdict {
    let mut outcome = Outcome::Done;
    answer_stdin(|line, output| {
        let answer = answer(line);
        if !answer.valid {
            outcome = Outcome::Findings;
        }
        write_json(output, &answer)
    })?;
    Ok(outcome)
}

fn answer(number: &str) -> Answer<'_> {
    let parsed = ResidentId::parse(number);
    let id = parsed.as_ref().ok();
    Answer {
        number,
        valid: id.is_some(),
        code: parsed
            .as_ref()
            .err()
            .map(|fault: &ResidentIdError| fault.code()),
        birth: id.map(ResidentId::birth),
        sex: id.map(ResidentId::sex),
        division: id.map(ResidentId::place),
    }
}
