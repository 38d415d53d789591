//! Preparing a month: everything that is due by now less everything that was committed, as lines of one batch.

use domain::allowances::{Digest, Run};
use kernel::clock::legal_day;
use kernel::ids::BatchId;
use kernel::journal::Subject;
use kernel::month::Month;
use kernel::roles::Action;
use policy::Rulebook;
use policy::allowance::AllowanceRules;
use store::allowances::{
    Batch, BatchPrepared, Reading, SeriesEnd, SeriesState, Sorted, Stage, SumRecord, batches,
    clear_stages, hold_months, read, read_sums, series_state,
};
use store::work::Work;

use super::error::{MonthError, allowed};
use super::rates::rates_with;
use super::walk::{Plan, Totals, Walk, digest_of_levels, digest_of_sums};

/// Which batch is to be prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthOrder {
    /// The pay month.
    pub month: Month,
    /// Whether it is the unit's sealed batch.
    pub sealed: bool,
    /// With the unit's first batch: from which month on this installation pays. Left out, from the pay month on; what lies
    /// before was settled elsewhere.
    pub begins: Option<Month>,
}

/// A batch that is there now.
#[derive(Debug, Clone)]
pub struct PreparedMonth {
    /// The batch.
    pub batch: Batch,
    /// Whether this work prepared it; otherwise it was there already, and nothing was written.
    pub is_new: bool,
    /// What dead runs had left, and is removed.
    pub removed: Vec<String>,
    /// Whether the levels did not add up, so that what is committed was read from the lines.
    pub from_lines: bool,
}

/// Prepares the batch of the work's unit for a month, by these rules and the rates that the office published. One that is
/// there already is answered as it is: a run that is made again writes nothing. Runs of whatever month wait for one another.
///
/// # Errors
/// [`MonthError`].
pub async fn prepare(
    work: &mut Work,
    rules: &AllowanceRules,
    rulebook: &str,
    order: MonthOrder,
) -> Result<PreparedMonth, MonthError> {
    allowed(
        work,
        Action::PrepareMonth,
        Subject::new("unit", work.unit().uuid()),
    )
    .await?;
    hold_months(work).await?;
    let state = series_state(work, order.month, order.sealed).await?;
    let state = state.ok_or(MonthError::NotFound)?;
    if let Some(batch) = existing(work, order).await? {
        return Ok(PreparedMonth {
            batch,
            is_new: false,
            removed: Vec::new(),
            from_lines: false,
        });
    }
    let from = first_month(work, &state, order)?;
    let removed = clear_stages(work).await?;
    let known_at = work.now();
    let rates = rates_with(work, rules, rulebook, known_at).await?;
    let run = Run::new(&rates.rules, order.month, known_at)?;
    let id = BatchId::generate(work.now(), work.store().entropy());
    let made = Made {
        order,
        state,
        from,
        rulebook: &rates.version,
        id,
        removed: &removed,
    };
    let from_lines = made.work_out(work, &run).await?;
    let batch = existing(work, order).await?;
    Ok(PreparedMonth {
        batch: batch.ok_or(MonthError::NotFound)?,
        is_new: true,
        removed,
        from_lines,
    })
}

/// As [`prepare`], by the rules that are built in.
///
/// # Errors
/// As [`prepare`].
pub async fn prepare_month(
    work: &mut Work,
    order: MonthOrder,
) -> Result<PreparedMonth, MonthError> {
    let rulebook = Rulebook::builtin();
    prepare(work, rulebook.allowances(), rulebook.version(), order).await
}

/// The unit's batch of this month and seal.
async fn existing(work: &mut Work, order: MonthOrder) -> Result<Option<Batch>, MonthError> {
    let unit = work.unit();
    let all = batches(work, Some(order.month)).await?;
    let is_it = |batch: &Batch| batch.unit == unit && batch.sealed == order.sealed;
    Ok(all.into_iter().find(is_it))
}

/// From which month on the series pays; an error where the order does not fit it.
fn first_month(work: &Work, state: &SeriesState, order: MonthOrder) -> Result<Month, MonthError> {
    if state.hidden {
        return Err(MonthError::Hidden);
    }
    if let Some((last, _)) = state.last.filter(|(last, _)| *last >= order.month) {
        return Err(MonthError::Follows(last));
    }
    if order.month > Month::of(legal_day(work.now())).next() {
        return Err(MonthError::Ahead);
    }
    match (state.from, order.begins) {
        (Some(from), None) => Ok(from),
        (Some(_), Some(_)) => Err(MonthError::Begins),
        (None, begins) => {
            let from = begins.unwrap_or(order.month);
            (from <= order.month)
                .then_some(from)
                .ok_or(MonthError::Begins)
        }
    }
}

/// A batch in the making.
struct Made<'a> {
    order: MonthOrder,
    state: SeriesState,
    from: Month,
    rulebook: &'a str,
    id: BatchId,
    removed: &'a [String],
}

impl Made<'_> {
    /// Answers whether what is committed had to be read from the lines.
    async fn work_out(&self, work: &mut Work, run: &Run<'_>) -> Result<bool, MonthError> {
        let MonthOrder { month, sealed, .. } = self.order;
        let reading = read(work, sealed).await?;
        let (series, unit) = (reading.series.clone(), work.unit());
        let own = |series: &SeriesEnd| series.unit == unit && series.sealed == sealed;
        let own = series
            .iter()
            .position(own)
            .and_then(|at| u16::try_from(at).ok());
        let digest = Digest::through(month);
        let plan = Plan {
            from: self.from,
            month,
            series: &series,
            own,
            digest: &digest,
        };
        let sums = self.sums(work, &reading, &plan).await?;
        let from_lines = sums.is_some();
        let first = self.state.lines_of_month + 1;
        let mut stage = Stage::open(work, self.id, month, sealed, first);
        let mut walk = Walk::new(&plan, run, &mut stage);
        walk.through(reading, sums).await?;
        let totals = walk.totals;
        if totals.lines + totals.levels == 0 && totals.exceptions.is_empty() {
            return Err(MonthError::Nobody);
        }
        let hash = stage.finish().await?.hash;
        self.commit(work, &totals, hash).await?;
        Ok(from_lines)
    }

    /// The sums of the lines, where the levels do not add up to what was committed; `None` where they do.
    async fn sums(
        &self,
        work: &mut Work,
        reading: &Reading,
        plan: &Plan<'_>,
    ) -> Result<Option<Sorted<SumRecord>>, MonthError> {
        let expected = self.state.last.map_or(0, |(_, digest)| digest);
        if digest_of_levels(reading, plan) == expected {
            return Ok(None);
        }
        tracing::warn!(month = %self.order.month, "the levels do not add up, so what is committed is read from the lines");
        let sums = read_sums(work, self.order.sealed).await?;
        match digest_of_sums(&sums, plan.digest) == expected {
            true => Ok(Some(sums)),
            false => Err(MonthError::Unsound),
        }
    }

    async fn commit(
        &self,
        work: &mut Work,
        totals: &Totals<'_>,
        hash: [u8; 32],
    ) -> Result<(), MonthError> {
        let before = self.state.last.map_or(0, |(_, digest)| digest);
        let prepared = BatchPrepared {
            id: self.id,
            month: self.order.month,
            unit: work.unit(),
            sealed: self.order.sealed,
            begins: self.state.from.is_none().then_some(self.from),
            known_at: work.now(),
            rulebook: self.rulebook,
            lines: (self.state.lines_of_month + 1, totals.lines),
            children: totals.children,
            sums: (totals.paid, totals.recovered),
            hash,
            digest: before.wrapping_add(totals.digest),
            reasons: totals.reasons.texts(),
            exceptions: &totals.exceptions,
            removed: self.removed,
        };
        Ok(work.apply(&prepared).await?)
    }
}
