//! `/api/allowances/standards/{id}/…`: a standard proposed, published, refused or withdrawn.

use domain::allowances::{StandardDocument, StandardDraft};
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::StandardId;
use kernel::money::Money;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::month;
use super::standards::standard_problem;
use crate::operation::{At, Caller, Created, Done, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("allowances.propose_standard", "/api/allowances/standards")
            .needs(Action::ProposeStandard)
            .summary("Propose a dated rate for a place of the own unit; somebody else publishes it")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(propose),
        Operation::post(
            "allowances.publish_standard",
            "/api/allowances/standards/{id}/publication",
        )
        .needs(Action::PublishStandard)
        .summary("Publish a rate that somebody else proposed: months are paid by it from now on")
        .answers_problems(&[Kind::Conflict, Kind::Reauthenticate])
        .handled_by(publish),
        Operation::post(
            "allowances.refuse_standard",
            "/api/allowances/standards/{id}/refusal",
        )
        .needs(Action::PublishStandard)
        .summary("Refuse a rate that somebody else proposed, with a reason")
        .answers_problems(&[Kind::Conflict])
        .handled_by(refuse),
        Operation::post(
            "allowances.withdraw_standard",
            "/api/allowances/standards/{id}/withdrawal",
        )
        .needs(Action::ProposeStandard)
        .summary("Take a rate back that nobody published")
        .answers_problems(&[Kind::Conflict])
        .handled_by(withdraw),
    ]
}

/// A rate to be proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StandardEntry {
    /// The class's code.
    class: String,
    /// The place, as its division's code.
    place: i64,
    /// In yuan, such as `1600.00`.
    #[schema(max_length = 20)]
    monthly: String,
    /// The first month, such as `2021-01`; past months are paid back.
    from: String,
    /// The number of the document that sets it, where it is known.
    #[schema(max_length = 100)]
    document_number: Option<String>,
    /// The document's title.
    #[schema(max_length = 400)]
    document_title: String,
    /// The day that the document bears.
    document_day: Option<Date>,
}

impl StandardEntry {
    fn draft(self) -> Result<StandardDraft, Problem> {
        Ok(StandardDraft {
            class: class(&self.class)?,
            place: place(self.place)?,
            monthly: yuan(&self.monthly, "monthly")?,
            from: month(&self.from, "from")?,
            document: StandardDocument {
                number: self.document_number,
                title: self.document_title,
                on: self.document_day,
            },
        })
    }
}

fn invalid(field: &'static str) -> Problem {
    Problem::from(Kind::Invalid).with("field", field)
}

pub(super) fn class(code: &str) -> Result<Category, Problem> {
    code.parse().map_err(|_| invalid("class"))
}

pub(super) fn place(code: i64) -> Result<Division, Problem> {
    Division::new(code).map_err(|_| invalid("place"))
}

pub(super) fn yuan(text: &str, field: &'static str) -> Result<Money, Problem> {
    text.trim().parse().map_err(|_| invalid(field))
}

async fn propose(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<StandardEntry>,
) -> Result<Created, Problem> {
    let draft = sent.draft()?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::allowances::propose_standard(work, &draft).await;
        let id = id.map_err(standard_problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

/// The second person's word.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicationEntry {
    /// Whether amount and document were compared with each other.
    verified: bool,
}

async fn publish(
    caller: Caller,
    At(id): At<StandardId>,
    Sent(sent): Sent<PublicationEntry>,
) -> Result<Done, Problem> {
    let mut work = caller.proved(caller.work().await?).await?;
    let published = app::allowances::publish_standard(&mut work, id, sent.verified).await;
    published.map_err(standard_problem)?;
    work.commit().await?;
    Ok(Done)
}

/// Why a rate is not published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StandardRefusal {
    #[schema(max_length = 400)]
    reason: String,
}

async fn refuse(
    caller: Caller,
    At(id): At<StandardId>,
    Sent(sent): Sent<StandardRefusal>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let refused = app::allowances::refuse_standard(&mut work, id, &sent.reason).await;
    refused.map_err(standard_problem)?;
    work.commit().await?;
    Ok(Done)
}

async fn withdraw(caller: Caller, At(id): At<StandardId>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let withdrawn = app::allowances::withdraw_standard(&mut work, id).await;
    withdrawn.map_err(standard_problem)?;
    work.commit().await?;
    Ok(Done)
}
