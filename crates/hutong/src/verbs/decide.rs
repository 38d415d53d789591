//! `hutong decide`: what the rules of a day and a place say of the facts of a child, without any database.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use policy::{Decision, Facts, Not, Point, Undecided};

use crate::arguments::{DATE, date};
use crate::lines::write_json;
use crate::outcome::{Outcome, Verdict};
use crate::output::{say, written};
use crate::rules::OwnRules;

/// Facts are JSON, one child or several one after the other, each answered in its turn. docs/decide.md says
/// what they are and what the answer means.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The facts of a child (JSON); - for standard input.
    #[arg(value_name = "FACTS", required_unless_present = "schema")]
    facts: Option<PathBuf>,
    /// The division that decides, that of the child's household, e.g. 370481.
    #[arg(long, value_name = "CODE", required_unless_present = "schema")]
    place: Option<String>,
    /// The day of the decision, e.g. 2021-11-04.
    #[arg(long, value_name = DATE, value_parser = date, required_unless_present = "schema")]
    on: Option<Date>,
    #[command(flatten)]
    rules: OwnRules,
    /// Answer as JSON, one line for each child.
    #[arg(long)]
    json: bool,
    /// Print the JSON Schema of facts, and decide nothing.
    #[arg(long)]
    schema: bool,
}

/// Facts that cannot be decided on.
#[derive(Debug, thiserror::Error)]
enum DecideError {
    #[error("{} cannot be read", path.display())]
    Unread { path: PathBuf, cause: io::Error },
    #[error("no facts")]
    Empty,
    #[error("line {line}, column {column}: {reason}")]
    Unreadable {
        line: usize,
        column: usize,
        /// Which fact, such as `father.months`, after a space; empty for the whole.
        fact: String,
        reason: String,
    },
    #[error("child {nth}: {error}")]
    Undecided { nth: usize, error: Undecided },
}

impl Explain for DecideError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unread { .. } => "facts.unread",
            Self::Empty => "facts.empty",
            Self::Unreadable { .. } => "facts.unreadable",
            Self::Undecided { error, .. } => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Self::Unread { path, cause } if zh => format!(
                "{} 无法读取，请检查路径、权限和编码（应为 UTF-8）：{cause}",
                path.display()
            ),
            Self::Unread { path, cause } => format!(
                "{} cannot be read; check path, permissions and encoding (UTF-8): {cause}",
                path.display()
            ),
            Self::Empty if zh => "没有事实可供认定，请提供一名儿童的 JSON。".to_owned(),
            Self::Empty => "There are no facts; give the JSON of a child.".to_owned(),
            Self::Unreadable {
                line,
                column,
                fact,
                reason,
            } if zh => {
                format!(
                    "第{line}行第{column}列：事实{fact} 无法识别，请对照 hutong decide --schema 改正：{reason}"
                )
            }
            Self::Unreadable {
                line,
                column,
                fact,
                reason,
            } => format!(
                "Line {line}, column {column}: the fact{fact} cannot be read; correct it by hutong decide --schema: {reason}"
            ),
            Self::Undecided { nth, error } if zh => {
                format!("第{nth}名儿童：{}", error.explain(lang))
            }
            Self::Undecided { nth, error } => format!("Child {nth}: {}", error.explain(lang)),
        }
    }
}

/// Decides on each child in turn; ends at the first whose facts cannot be read or decided on.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    if args.schema {
        say(&format!("{:#}", policy::facts_schema()))?;
        return Ok(Outcome::Done);
    }
    let (Some(path), Some(place), Some(on)) = (&args.facts, &args.place, args.on) else {
        return Ok(Outcome::Done);
    };
    let place = Division::parse(place)?;
    let rules = args.rules.rulebook()?;
    let text = read(path)?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut children = serde_json::Deserializer::from_str(&text).into_iter::<Facts>();
    let mut nth = 0;
    loop {
        let begins = children.byte_offset();
        let decided = match children.next() {
            None if nth == 0 => Err(DecideError::Empty),
            None => break,
            Some(Err(error)) => Err(unreadable(&text[begins..], &error)),
            Some(Ok(facts)) => {
                rules
                    .decide(&facts, on, place)
                    .map_err(|error| DecideError::Undecided {
                        nth: nth + 1,
                        error,
                    })
            }
        };
        nth += 1;
        let answered = decided.map(|decision| answer(&mut output, &decision, args.json, lang));
        match answered {
            Ok(answered) => written(answered)?,
            Err(error) => {
                written(output.flush())?;
                return Err(error.into());
            }
        }
    }
    let flushed = output.flush();
    // What could not be written is not tried again when the buffer goes.
    let _ = output.into_parts();
    Ok(written(flushed).map(|()| Outcome::Done)?)
}

fn read(path: &Path) -> Result<String, DecideError> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = read.map_err(|cause| DecideError::Unread {
        path: path.to_owned(),
        cause,
    })?;
    // Files saved on Windows begin with a byte order mark, which is no part of JSON.
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// What is wrong with the facts that begin here, and with which of them.
fn unreadable(rest: &str, error: &serde_json::Error) -> DecideError {
    let mut again = serde_json::Deserializer::from_str(rest);
    let fact = serde_path_to_error::deserialize::<_, Facts>(&mut again)
        .err()
        .map(|error| error.path().to_string())
        .filter(|path| path != "." && path != "?")
        .map(|path| format!(" {path}"))
        .unwrap_or_default();
    let place = format!(" at line {} column {}", error.line(), error.column());
    DecideError::Unreadable {
        line: error.line(),
        column: error.column(),
        fact,
        reason: error.to_string().replace(&place, ""),
    }
}

fn answer(
    output: &mut impl Write,
    decision: &Decision<'_>,
    as_json: bool,
    lang: Lang,
) -> io::Result<()> {
    if as_json {
        write_json(output, decision)
    } else {
        writeln!(output, "{}", in_words(decision, lang))
    }
}

fn in_words(decision: &Decision<'_>, lang: Lang) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = match lang {
        Lang::Zh => in_chinese(&mut text, decision),
        Lang::En => in_english(&mut text, decision),
    };
    text
}

fn in_chinese(text: &mut String, decision: &Decision<'_>) -> std::fmt::Result {
    if decision.why.is_empty() {
        writeln!(text, "按现有事实，不能认定为任何一类。")?;
    }
    for why in &decision.why {
        let doubt = if why.verified { "" } else { "（待核实）" };
        writeln!(text, "认定为{}{doubt}", why.category.zh())?;
        writeln!(text, "  事实：{}", list(&why.facts, "；", Lang::Zh))?;
        writeln!(text, "  依据：{}", why.cite)?;
    }
    for not in &decision.not {
        let class = not.category.zh();
        match reason(not) {
            Reason::Excluded(by) => {
                writeln!(text, "{class}：不重复享受，按{}保障", by.zh())?;
            }
            Reason::Missing => writeln!(
                text,
                "{class}：尚不能认定，缺少事实：{}",
                list(&not.missing, "；", Lang::Zh)
            )?,
            Reason::Lacks => writeln!(
                text,
                "{class}：不符合，所需条件：{}",
                list(&not.lacks, "；", Lang::Zh)
            )?,
        }
    }
    Ok(())
}

fn in_english(text: &mut String, decision: &Decision<'_>) -> std::fmt::Result {
    if decision.why.is_empty() {
        writeln!(text, "By these facts the child is of no class.")?;
    }
    for why in &decision.why {
        let doubt = if why.verified { "" } else { " (not verified)" };
        writeln!(text, "{}{doubt}", why.category.en())?;
        writeln!(text, "  facts: {}", list(&why.facts, "; ", Lang::En))?;
        writeln!(text, "  by:    {}", why.cite)?;
    }
    for not in &decision.not {
        let class = not.category.en();
        match reason(not) {
            Reason::Excluded(by) => writeln!(text, "not {class}: {} comes first", by.en())?,
            Reason::Missing => writeln!(
                text,
                "perhaps {class}; missing: {}",
                list(&not.missing, "; ", Lang::En)
            )?,
            Reason::Lacks => writeln!(
                text,
                "not {class}; it would need: {}",
                list(&not.lacks, "; ", Lang::En)
            )?,
        }
    }
    Ok(())
}

enum Reason {
    Excluded(kernel::category::Category),
    Missing,
    Lacks,
}

fn reason(not: &Not<'_>) -> Reason {
    match not.excluded_by {
        Some(by) => Reason::Excluded(by),
        None if not.missing.is_empty() => Reason::Lacks,
        None => Reason::Missing,
    }
}

fn list(points: &[Point], between: &str, lang: Lang) -> String {
    let names: Vec<_> = points.iter().map(|point| point.name(lang)).collect();
    names.join(between)
}
