//! The table of transitions as a page to read: a diagram and the rows it is drawn from.

use std::fmt::Write;

use super::act::Duty;
use super::afar::{Afar, heard};
use super::path::Route;
use super::stage::Stage;
use super::transition::{Running, TRANSITIONS, Transition};

const HEAD: &str = "# The stages of an application

Written by `cargo xtask codegen` from `domain::applications::TRANSITIONS`; a test fails when it is stale.

At every stage but the last two one unit deals with the application. Withdrawing is left out of the diagram: the
accepting unit records it at any stage up to a decision, and while an objection is looked into.

";

const AFAR: &str = "
## Shared by two installations

Where the household is another installation's, the application is forwarded to it by package and walks the same table at
both: its accepting unit here, the verifying and the deciding unit there. Each side reports its steps. What the other
reports is taken over where it follows, however many reports were lost between; a decision taken before a withdrawal
arrived stands.

| at | the household's side may report | the accepting side may report |
|---|---|---|
";

/// The page `docs/states/applications.md`.
///
/// ```
/// assert!(domain::applications::diagram().contains("proposed --> confirmed : confirm"));
/// ```
#[must_use]
pub fn diagram() -> String {
    let mut page = String::from(HEAD);
    page.push_str("```mermaid\nstateDiagram-v2\n    [*] --> draft\n");
    let drawn = TRANSITIONS
        .iter()
        .filter(|row| row.act != super::Act::Withdraw);
    for row in drawn {
        line(&mut page, format_args!("    {}", arrow(row)));
    }
    page.push_str("    closed --> [*]\n    withdrawn --> [*]\n```\n\n");
    page.push_str("| stage | 中文 | with |\n|---|---|---|\n");
    for stage in Stage::ALL {
        let with = stage.owner().map_or("nobody: at its end", |body| body.en());
        line(
            &mut page,
            format_args!("| `{}` | {} | {with} |", stage.code(), stage.zh()),
        );
    }
    page.push_str(
        "\n| from | act | 中文 | to | by | who | clock |\n|---|---|---|---|---|---|---|\n",
    );
    for row in &TRANSITIONS {
        let (from, to, by) = (row.from.code(), row.to.code(), row.by.en());
        let (act, zh) = (row.act.code(), row.act.zh());
        let (who, clock) = (who(row.duty), clock(row.running));
        line(
            &mut page,
            format_args!(
                "| `{from}` | `{act}`{} | {zh} | `{to}` | {by} | {who} | {clock} |",
                on(row)
            ),
        );
    }
    page.push_str(AFAR);
    let unshared = [
        Stage::Draft,
        Stage::Submitted,
        Stage::Noticed,
        Stage::Resubmitted,
        Stage::Accepted,
    ];
    for from in Stage::ALL.into_iter().filter(|at| !unshared.contains(at)) {
        let [there, here] = [Afar::Deciding, Afar::Accepting].map(|afar| reports(afar, from));
        if !(there.is_empty() && here.is_empty()) {
            line(
                &mut page,
                format_args!("| `{}` | {there} | {here} |", from.code()),
            );
        }
    }
    page
}

/// The stages that the side which has this part may report of an application at `from`.
fn reports(afar: Afar, from: Stage) -> String {
    let stages = Stage::ALL.into_iter();
    let heard = stages.filter(|to| *to != from && heard(afar, from, *to).is_some());
    let codes: Vec<String> = heard.map(|to| format!("`{}`", to.code())).collect();
    codes.join(" ")
}

/// A text takes every line there is.
fn line(page: &mut String, words: std::fmt::Arguments<'_>) {
    _ = writeln!(page, "{words}");
}

fn arrow(row: &Transition) -> String {
    let (from, to, act) = (row.from.code(), row.to.code(), row.act.code());
    format!("{from} --> {to} : {act}{}", on(row))
}

const fn on(row: &Transition) -> &'static str {
    match row.route {
        None => "",
        Some(Route::Here) => " (here)",
        Some(Route::Elsewhere) => " (elsewhere)",
    }
}

const fn who(duty: Duty) -> &'static str {
    match duty {
        Duty::Handles => "the window",
        Duty::Proposes => "the officer",
        Duty::Decides => "the approver",
    }
}

fn clock(running: Running) -> String {
    match running {
        Running::Starts(leg) => format!("starts `{}`", leg.code()),
        Running::Continues => "runs on".to_owned(),
        Running::Stops => "stops".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_page_is_that_of_the_table() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/states/applications.md"
        );
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == diagram(),
            "docs/states/applications.md is stale: run cargo xtask codegen and commit what it writes"
        );
    }
}
