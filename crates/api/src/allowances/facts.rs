//! `/api/allowances/facts`: what an officer records of a child's allowance that its file does not say.

use domain::allowances::Struck;
use jiff::civil::Date;
use kernel::ids::ChildId;
use kernel::money::Money;
use kernel::month::Month;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::allowances::{AllowanceFact, FactOnRecord};
use utoipa::ToSchema;
use uuid::Uuid;

use super::pay_problem::pay_problem;
use super::problem::month;
use crate::operation::{Answer, At, Caller, Created, Once, Operation, Page, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("allowances.record_fact", "/api/allowances/facts")
            .needs(Action::PrepareMonth)
            .summary(
                "Record a stop with its reason, a revocation, a benefit, studies or a suspension",
            )
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(record),
        Operation::get("allowances.facts", "/api/allowances/children/{id}/facts")
            .needs(Action::ReviewMonth)
            .summary("List what is on record of a child's allowance beside its file")
            .handled_by(of_child),
    ]
}

/// A fact on record, with the fields of its kind.
#[derive(Serialize, ToSchema)]
struct AllowanceFactView {
    id: Uuid,
    /// `stopped revoked benefit study suspended moved`.
    kind: &'static str,
    on: Option<Date>,
    from: Option<String>,
    to: Option<String>,
    code: Option<String>,
    /// In yuan.
    monthly: Option<String>,
    /// Of a stop: the last month that this side pays.
    paid_through: Option<String>,
    /// When it became known.
    known: jiff::Timestamp,
    /// The officer's name; none where the file itself says it.
    by: Option<String>,
}

impl AllowanceFactView {
    fn of(record: FactOnRecord) -> Self {
        let mut view = Self {
            id: record.id.uuid(),
            kind: record.fact.kind(),
            on: None,
            from: None,
            to: None,
            code: None,
            monthly: None,
            paid_through: app::allowances::paid_through(&record.fact)
                .map(|month| month.to_string()),
            known: record.known,
            by: record.by,
        };
        let (on, months, code) = match record.fact {
            AllowanceFact::Stopped { on, reason } => (Some(on), None, Some(reason)),
            AllowanceFact::Revoked { of, on } => {
                let of = match of {
                    Struck::Recognised => "recognised",
                    Struck::Stopped => "stopped",
                };
                (Some(on), None, Some(of.to_owned()))
            }
            AllowanceFact::Benefit {
                benefit,
                monthly,
                from,
                to,
            } => {
                view.monthly = Some(monthly.to_string());
                (None, Some((from, to)), Some(benefit))
            }
            AllowanceFact::Study { from, to } | AllowanceFact::Suspended { from, to } => {
                (None, Some((from, to)), None)
            }
            AllowanceFact::Moved { on, .. } => (Some(on), None, None),
        };
        Self {
            on,
            from: months.map(|(from, _)| from.to_string()),
            to: months.and_then(|(_, to)| to).map(|to| to.to_string()),
            code,
            ..view
        }
    }
}

async fn of_child(
    caller: Caller,
    At(id): At<ChildId>,
) -> Result<Answer<Page<AllowanceFactView>>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::facts_of(&mut work, id).await;
    let found = found.map_err(pay_problem)?;
    work.commit().await?;
    let views = found.into_iter().map(AllowanceFactView::of);
    Ok(Answer(Page::whole(views)))
}

/// A fact, with the fields of its kind.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FactEntry {
    child: Uuid,
    /// `stopped revoked benefit study suspended`.
    kind: String,
    /// Of a stop and a revocation: the day.
    on: Option<Date>,
    /// Of the others: the first month, such as `2021-09`.
    from: Option<String>,
    /// And the last; left out, it is open.
    to: Option<String>,
    /// Why it is stopped; which benefit; what is revoked (`recognised stopped`).
    code: Option<String>,
    /// Of a benefit: what is drawn in a month, in yuan.
    monthly: Option<String>,
}

impl FactEntry {
    fn fact(&self) -> Result<AllowanceFact, Problem> {
        let invalid = |field: &'static str| Problem::from(Kind::Invalid).with("field", field);
        let on = || self.on.ok_or_else(|| invalid("on"));
        let code = || self.code.clone().ok_or_else(|| invalid("code"));
        let months = || -> Result<(Month, Option<Month>), Problem> {
            let from = self.from.as_deref().ok_or_else(|| invalid("from"))?;
            let to = self
                .to
                .as_deref()
                .map(|text| month(text, "to"))
                .transpose()?;
            Ok((month(from, "from")?, to))
        };
        match self.kind.as_str() {
            "stopped" => Ok(AllowanceFact::Stopped {
                on: on()?,
                reason: code()?,
            }),
            "revoked" => {
                let of = match self.code.as_deref() {
                    Some("recognised") => Struck::Recognised,
                    Some("stopped") => Struck::Stopped,
                    _ => return Err(invalid("code")),
                };
                Ok(AllowanceFact::Revoked { of, on: on()? })
            }
            "benefit" => {
                let (from, to) = months()?;
                let monthly = self.monthly.as_deref().and_then(|text| text.parse().ok());
                let monthly: Money = monthly.ok_or_else(|| invalid("monthly"))?;
                Ok(AllowanceFact::Benefit {
                    benefit: code()?,
                    monthly,
                    from,
                    to,
                })
            }
            "study" => months().map(|(from, to)| AllowanceFact::Study { from, to }),
            "suspended" => months().map(|(from, to)| AllowanceFact::Suspended { from, to }),
            _ => Err(invalid("kind")),
        }
    }
}

async fn record(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<FactEntry>,
) -> Result<Created, Problem> {
    let (child, fact) = (ChildId::from_uuid(sent.child), sent.fact()?);
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::allowances::record_fact(work, child, &fact).await;
        let id = id.map_err(pay_problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}
