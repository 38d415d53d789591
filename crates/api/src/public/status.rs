//! `POST /api/public/status`: where an application stands, by its code and the end of the child's id.

use app::applications::Weighed;
use app::applications::public::{Standing, track};
use axum::extract::State;
use domain::document::{Block, Cell, Document};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::applications::public::PaymentSeen;
use utoipa::ToSchema;

use super::entitlement::PublicRule;
use super::problem::{code, problem, store};
use crate::operation::{Answer, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::session::Whence;
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::post("public.status", "/api/public/status")
        .public()
        .summary(
            "Where an application stands and what its child is paid, by its code and the last four signs of the child's id",
        )
        .answers_problems(&[Kind::NotFound, Kind::TooMany])
        .handled_by(handle)
}

/// What an application is known by.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatusQuestion {
    #[schema(max_length = 64)]
    code: String,
    /// The last four signs of the child's resident id.
    #[schema(max_length = 8)]
    id_end: String,
}

/// A decision.
#[derive(Serialize, ToSchema)]
struct StatusDecision {
    /// `grant refuse`.
    outcome: String,
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// The officers' reasons.
    reasons: Vec<String>,
    /// The rules it rests on.
    rules: Vec<PublicRule>,
    /// The letter, as it was written; none for a decision from before letters.
    letter: Option<StatusLetter>,
}

/// The letter on a decision.
#[derive(Serialize, ToSchema)]
struct StatusLetter {
    title: String,
    /// Its number (文号).
    number: Option<String>,
    /// What it says, from top to bottom.
    parts: Vec<LetterPart>,
}

/// A part of a letter.
#[derive(Serialize, ToSchema)]
struct LetterPart {
    /// `heading line paragraph signature`.
    kind: String,
    text: String,
}

impl StatusLetter {
    fn of(letter: Document) -> Self {
        let part = |kind: &str, text| LetterPart {
            kind: kind.to_owned(),
            text,
        };
        let parts = letter.blocks.into_iter().flat_map(|block| match block {
            Block::Heading(text) => vec![part("heading", text)],
            Block::Line(text) => vec![part("line", text)],
            Block::Paragraph(text) => vec![part("paragraph", text)],
            Block::Table(rows) => {
                let row = |row: Vec<Cell>| {
                    let cells: Vec<&str> = row.iter().map(Cell::text).collect();
                    part("line", cells.join("  "))
                };
                rows.into_iter().map(row).collect()
            }
            Block::Seal { office, day } => vec![part("signature", office), part("signature", day)],
        });
        Self {
            title: letter.title,
            number: letter.number,
            parts: parts.collect(),
        }
    }
}

/// Where an application stands.
#[derive(Serialize, ToSchema)]
struct StandingView {
    number: String,
    category_zh: String,
    category_en: String,
    /// The stage's code.
    stage: String,
    /// The running leg's code.
    leg: Option<String>,
    /// Its last day in time.
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    /// Counted beyond the last published calendar.
    provisional: bool,
    /// The units that take it in, verify it and decide on it.
    accepting: String,
    verifying: String,
    deciding: String,
    #[schema(value_type = String, format = DateTime)]
    submitted_at: Timestamp,
    /// Until when the code holds.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Which papers are asked for.
    notice: Option<String>,
    decision: Option<StatusDecision>,
    /// What the guardian was and is to be paid for the child, the latest first.
    payments: Vec<StatusPayment>,
}

/// A line that is paid to the guardian, or set off.
#[derive(Serialize, ToSchema)]
struct StatusPayment {
    /// The month it is paid with: `2021-12`.
    pay_month: String,
    /// The month it is for.
    for_month: String,
    /// `regular arrears recovery`.
    kind: String,
    /// Yuan, with two decimals; negative where it is set off.
    amount: String,
    /// How far the transfer has come: `nothing held ready sent paid returned`; none where nothing is transferred.
    state: Option<String>,
}

impl StatusPayment {
    fn of(seen: PaymentSeen) -> Self {
        Self {
            pay_month: seen.pay_month.to_string(),
            for_month: seen.for_month.to_string(),
            kind: seen.kind.code().to_owned(),
            amount: seen.amount.to_string(),
            state: seen.state.map(|state| state.code().to_owned()),
        }
    }
}

impl StandingView {
    fn of(standing: Standing) -> Self {
        let payments = standing.payments.into_iter().map(StatusPayment::of);
        let found = standing.application;
        let [accepting, verifying, deciding] = found.units;
        let (leg, due, provisional) = match found.due {
            Some((leg, due, provisional)) => (Some(leg.code().to_owned()), Some(due), provisional),
            None => (None, None, false),
        };
        let decision = found.decision.map(|(outcome, on, grounds)| {
            let weighed = serde_json::from_value::<Weighed>(grounds.weighed);
            let rules = weighed.map(|weighed| weighed.rules).unwrap_or_default();
            StatusDecision {
                outcome: outcome.code().to_owned(),
                on,
                reasons: grounds.reasons,
                rules: rules.into_iter().map(PublicRule::of).collect(),
                letter: grounds.letter.map(StatusLetter::of),
            }
        });
        Self {
            number: found.number,
            category_zh: found.category.zh().to_owned(),
            category_en: found.category.en().to_owned(),
            stage: found.stage.code().to_owned(),
            leg,
            due,
            provisional,
            accepting,
            verifying,
            deciding,
            submitted_at: found.opened_at,
            until: found.until,
            notice: found.notice,
            decision,
            payments: payments.collect(),
        }
    }
}

async fn handle(
    State(state): State<ApiState>,
    whence: Whence,
    Sent(sent): Sent<StatusQuestion>,
) -> Result<Answer<StandingView>, Problem> {
    let store = store(&state)?;
    let found = track(store, &whence.address, &code(&sent.code), &sent.id_end).await;
    let found = found.map_err(|error| problem(state.now(), error))?;
    Ok(Answer(StandingView::of(found)))
}
