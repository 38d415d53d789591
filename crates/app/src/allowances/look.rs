//! Looking at the month: batches, what one comes to and why it differs from the one before, and a child's statement.

use kernel::ids::{BatchId, ChildId};
use kernel::journal::Subject;
use kernel::month::{Month, Quarter};
use kernel::roles::{Action, can};
use policy::Rulebook;
use store::allowances::{
    Batch, BatchPart, Differing, NamedException, StatementLine, StatementRead, batch,
    batch_differences, batch_exceptions, batch_parts, batches, statement, unconfirmed_in,
};
use store::registry::files;
use store::work::Work;

use super::error::{MonthError, REFUSED, allowed, subject};
use super::funding::{Funded, funded};

/// A batch and what it comes to.
#[derive(Debug, Clone)]
pub struct BatchLook {
    /// The batch.
    pub batch: Batch,
    /// By town, class, kind and payee.
    pub parts: Vec<BatchPart>,
    /// The unit's batch before it, of the same seal.
    pub former: Option<Batch>,
    /// What makes the two differ; the parts add up.
    pub differences: Vec<Differing>,
    /// What nothing could be said about, of children within reach.
    pub exceptions: Vec<NamedException>,
    /// What it comes to by the levels of government that pay it; none where the rules do not say.
    pub funding: Option<Funded>,
    /// 本季未确认: how many of its children nobody has confirmed for the quarter of its month, for whoever reviews it.
    pub unconfirmed: Option<i64>,
}

/// The batches within reach of a month, or of all months, the latest first.
///
/// # Errors
/// [`MonthError::NotFound`] for a role that sees no money.
pub async fn months(work: &mut Work, month: Option<Month>) -> Result<Vec<Batch>, MonthError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ViewMonth, unit).await?;
    Ok(batches(work, month).await?)
}

/// A batch within reach, in parts.
///
/// # Errors
/// [`MonthError::NotFound`].
pub async fn look(work: &mut Work, id: BatchId) -> Result<BatchLook, MonthError> {
    allowed(work, Action::ViewMonth, subject(id)).await?;
    let Some(batch) = batch(work, id).await? else {
        work.refuse(REFUSED, subject(id)).await?;
        return Err(MonthError::NotFound);
    };
    let is_former = |other: &Batch| {
        let same = other.unit == batch.unit && other.sealed == batch.sealed;
        same && other.month < batch.month
    };
    let former = batches(work, None).await?.into_iter().find(is_former);
    let differences = match former {
        Some(_) => batch_differences(work, id).await?,
        None => Vec::new(),
    };
    let total = batch.paid.checked_add(batch.recovered)?;
    let funding = funded(work, batch.unit, batch.month, total).await?;
    let unconfirmed = unconfirmed(work, &batch).await?;
    Ok(BatchLook {
        funding,
        unconfirmed,
        parts: batch_parts(work, id).await?,
        former,
        differences,
        exceptions: batch_exceptions(work, id).await?,
        batch,
    })
}

/// How many of a batch's children nobody has confirmed for the quarter of its month, for whoever reviews it and where a rule
/// asks for it.
async fn unconfirmed(work: &mut Work, batch: &Batch) -> Result<Option<i64>, MonthError> {
    let first = batch.month.first();
    let rules = Rulebook::builtin().allowances();
    if rules.quarterly_review(first).is_none() || !can(work.role(), Action::ReviewMonth) {
        return Ok(None);
    }
    let count = unconfirmed_in(work, batch.id, Quarter::of(first)).await?;
    Ok(Some(count))
}

/// The statement of a child within reach, whose reader is journalled.
///
/// # Errors
/// [`MonthError::NotFound`].
pub async fn read_statement(
    work: &mut Work,
    child: ChildId,
) -> Result<Vec<StatementLine>, MonthError> {
    let about = Subject::new("child", child.uuid());
    if !can(work.role(), Action::OpenChild) {
        work.refuse(REFUSED, about).await?;
        return Err(MonthError::NotFound);
    }
    let Some(file) = files(work, &[child]).await?.pop() else {
        work.refuse(REFUSED, about).await?;
        return Err(MonthError::NotFound);
    };
    let lines = statement(work, child).await?;
    work.apply(&StatementRead(&file)).await?;
    Ok(lines)
}
