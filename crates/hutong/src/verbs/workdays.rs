//! `hutong workdays`: counts Chinese working days, make-up days included.

use std::io::{self, Write};

use clap::Subcommand;
use jiff::civil::Date;
use kernel::calendar::{CalendarError, WorkCalendar};
use kernel::explain::{Explain, Lang};
use serde::Serialize;

use crate::arguments;
use crate::lines::{StreamFault, answer_stdin, write_json};
use crate::outcome::{Outcome, Verdict};
use crate::output;

/// `add DATE N` answers the day on which the Nth working day after DATE falls; `between A B` how many
/// working days there are after A up to and with B.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    question: Option<Question>,
    /// Answer as JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Read questions from standard input, one a line (`DATE N`, or `A B` for between), and answer each
    /// with one line of JSON. Without add or between the lines are taken as for add.
    #[arg(long, global = true)]
    stdin: bool,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// The day that lies N working days after DATE, which is not counted itself.
    Add {
        /// The starting day, such as 2021-11-04.
        date: Option<String>,
        /// How many working days.
        #[arg(allow_negative_numbers = true)]
        days: Option<String>,
    },
    /// How many working days there are after A, up to and with B.
    Between {
        /// The day before the first that may count, such as 2021-11-04.
        after: Option<String>,
        /// The last day that may count.
        until: Option<String>,
    },
}

/// Why a question has no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum WorkdaysError {
    #[error("not a date")]
    Date,
    #[error("not a number of days")]
    Days,
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error("wrong arguments")]
    Usage,
}

impl Explain for WorkdaysError {
    fn code(&self) -> &'static str {
        match self {
            Self::Date => "date.unreadable",
            Self::Days => "days.invalid",
            Self::Calendar(error) => error.code(),
            Self::Usage => "usage.arguments",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Calendar(error), lang) => return error.explain(lang),
            (Self::Date, Lang::Zh) => "日期无法识别，请按 2021-11-04 的形式填写。",
            (Self::Date, Lang::En) => "The date cannot be read. Write it as 2021-11-04.",
            (Self::Days, Lang::Zh) => "天数无法识别，请填写不小于0的整数。",
            (Self::Days, Lang::En) => "The number of days cannot be read. Give a whole number, 0 or more.",
            (Self::Usage, Lang::Zh) => {
                "用法：hutong workdays add 日期 天数，或 between 起日 止日，或加 --stdin 从标准输入逐行读取。"
            }
            (Self::Usage, Lang::En) => {
                "Say: hutong workdays add DATE N, or between A B, or one of them with --stdin and no days."
            }
        }
        .to_owned()
    }
}

/// The answer to `add`.
#[derive(Debug, Serialize)]
struct Added {
    from: Date,
    days: u32,
    due: Date,
}

/// The answer to `between`.
#[derive(Debug, Serialize)]
struct Counted {
    from: Date,
    to: Date,
    days: u32,
}

/// The answer to a line that has none.
#[derive(Debug, Serialize)]
struct Unanswered {
    error: &'static str,
}

/// Answers one question from the arguments, or each line of standard input.
pub(crate) fn run(args: &Args, _: Lang) -> Verdict {
    let calendar = WorkCalendar::builtin();
    let given = |first: &Option<String>, second: &Option<String>| match (first, second, args.stdin)
    {
        (Some(first), Some(second), false) => Ok(Some((first.clone(), second.clone()))),
        (None, None, true) => Ok(None),
        _ => Err(WorkdaysError::Usage),
    };
    match &args.question {
        Some(Question::Add { date, days }) => match given(date, days)? {
            Some((date, days)) => print(args.json, &add(&calendar, &date, &days)?, |added| {
                added.due.to_string()
            })?,
            None => answer_each(|first, second| add(&calendar, first, second))?,
        },
        Some(Question::Between { after, until }) => match given(after, until)? {
            Some((after, until)) => {
                print(args.json, &between(&calendar, &after, &until)?, |counted| {
                    counted.days.to_string()
                })?;
            }
            None => answer_each(|first, second| between(&calendar, first, second))?,
        },
        None if args.stdin => answer_each(|first, second| add(&calendar, first, second))?,
        None => return Err(WorkdaysError::Usage.into()),
    }
    Ok(Outcome::Done)
}

fn add(calendar: &WorkCalendar, date: &str, days: &str) -> Result<Added, WorkdaysError> {
    let (from, days) = (day(date)?, count(days)?);
    let due = calendar.add(from, days)?.on;
    Ok(Added { from, days, due })
}

fn between(calendar: &WorkCalendar, after: &str, until: &str) -> Result<Counted, WorkdaysError> {
    let (from, to) = (day(after)?, day(until)?);
    let days = calendar.between(from, to)?;
    Ok(Counted { from, to, days })
}

fn day(text: &str) -> Result<Date, WorkdaysError> {
    arguments::day(text).ok_or(WorkdaysError::Date)
}

/// A number too large for 32 bits is a number all the same: the calendar will say that it ends before.
fn count(text: &str) -> Result<u32, WorkdaysError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WorkdaysError::Days);
    }
    Ok(text.parse().unwrap_or(u32::MAX))
}

fn print<A: Serialize>(
    json: bool,
    answer: &A,
    plain: impl Fn(&A) -> String,
) -> Result<(), StreamFault> {
    let mut output = io::stdout().lock();
    let written = if json {
        write_json(&mut output, answer)
    } else {
        writeln!(output, "{}", plain(answer))
    };
    output::written(written)
}

/// Answers each line by its two words; a word too many spoils the second.
fn answer_each<A: Serialize>(
    answer: impl Fn(&str, &str) -> Result<A, WorkdaysError>,
) -> Result<(), StreamFault> {
    answer_stdin(|line, output| {
        let (first, second) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match answer(first, second.trim_start()) {
            Ok(answer) => write_json(output, &answer),
            Err(error) => write_json(
                output,
                &Unanswered {
                    error: error.code(),
                },
            ),
        }
    })
}
