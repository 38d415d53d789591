//! A batch moved on: reviewed, approved, released, settled, closed.

use domain::allowances::BatchAct;
use kernel::ids::BatchId;
use policy::Rulebook;
use policy::allowance::AllowanceRules;
use store::allowances::{BatchClaimed, BatchMoved, batch, batch_money, lines_hash};
use store::work::Work;

use super::error::{MonthError, REFUSED, allowed, subject};
use super::rates::rates_with;

/// As [`move_on_by`], by the rules that are built in.
///
/// # Errors
/// As [`move_on_by`].
pub async fn move_on(
    work: &mut Work,
    id: BatchId,
    act: BatchAct,
    version: i32,
) -> Result<(), MonthError> {
    move_on_by(work, Rulebook::builtin().allowances(), id, act, version).await
}

/// Moves a batch on in the officer's own name. What is approved and what is released is what was prepared, to the fen; with
/// the release it is claimed for its payees, no more set off than these rules and what is published allow, and it is settled
/// once the bank has said something of every claim it was sent.
///
/// # Errors
/// [`MonthError::Batch`], [`MonthError::Changed`], [`MonthError::Unanswered`], [`MonthError::Stale`]; refusals are journalled.
pub async fn move_on_by(
    work: &mut Work,
    rules: &AllowanceRules,
    id: BatchId,
    act: BatchAct,
    version: i32,
) -> Result<(), MonthError> {
    allowed(work, act.needs(), subject(id)).await?;
    let found = batch(work, id).await?;
    let Some(batch) = found.filter(|batch| batch.unit == work.unit()) else {
        work.refuse(REFUSED, subject(id)).await?;
        return Err(MonthError::NotFound);
    };
    let to = match act.by(work.officer(), work.role(), batch.stage, batch.hands) {
        Ok(to) => to,
        Err(error) => {
            work.refuse(REFUSED, subject(id)).await?;
            return Err(error.into());
        }
    };
    if batch.version != version {
        return Err(MonthError::Stale);
    }
    let signs = matches!(act, BatchAct::Approve | BatchAct::Release);
    if signs && lines_hash(work, id).await?.as_ref() != Some(&batch.hash) {
        work.refuse(REFUSED, subject(id)).await?;
        return Err(MonthError::Changed);
    }
    if act == BatchAct::Settle {
        let money = batch_money(work, id).await?;
        let money = money.ok_or(MonthError::NotFound)?;
        if money.unanswered > 0 {
            return Err(MonthError::Unanswered(money.unanswered));
        }
    }
    let moved = BatchMoved {
        batch: &batch,
        act,
        to,
    };
    work.apply(&moved).await?;
    if act == BatchAct::Release {
        let now = work.now();
        let in_force = rates_with(work, rules, "", now).await?.rules;
        let share = in_force.recovery_share(batch.month)?.value;
        let batch = &batch;
        work.apply(&BatchClaimed { batch, share }).await?;
    }
    Ok(())
}
