//! A child on file twice, found while its money is on the way.

use app::allowances::{confirm_recovery, list_claims, reconcile, recoveries_of};
use app::registry::{Doubles, merge};
use domain::allowances::BatchAct;
use domain::registry::Hidden;
use kernel::ids::{BatchId, ChildId};
use kernel::money::Money;
use store::allowances::{AccountOf, Recovery, statement};
use store::registry::files;

use crate::payment::benefit;
use crate::payment_scene::Paying;

async fn join(paying: &Paying, kept: ChildId, doubled: ChildId) {
    let mut work = paying.work(&paying.officer).await;
    let of = files(&mut work, &[kept, doubled]).await.unwrap();
    let version = |child| of.iter().find(|file| file.child == child).unwrap().version;
    let doubles = Doubles {
        kept,
        kept_version: version(kept),
        doubled,
        doubled_version: version(doubled),
    };
    merge(&mut work, doubles).await.unwrap();
    work.commit().await.unwrap();
}

async fn of(paying: &Paying, batch: BatchId, child: ChildId) -> Recovery {
    let mut work = paying.work(&paying.officer).await;
    let all = recoveries_of(&mut work, batch).await.unwrap();
    let of_child = all.iter().find(|one| one.child == child).cloned();
    of_child.unwrap_or_else(|| panic!("{child} owes nothing: {all:?}"))
}

async fn confirm(paying: &Paying, recovery: &Recovery) {
    let mut work = paying.work(&paying.officer).await;
    let (reason, notice) = (Hidden::new("低保金应扣减"), Hidden::new("追回告知"));
    let line = (recovery.batch, recovery.number);
    confirm_recovery(&mut work, line, &reason, &notice)
        .await
        .unwrap();
    work.commit().await.unwrap();
}

/// One recovery is confirmed before the files are joined, the other afterwards: both are set off with the kept file's money.
#[tokio::test]
async fn what_is_owed_of_a_double_is_set_off_from_the_kept_file() {
    let paying = Paying::scene().await;
    paying.accounts().await;
    let january = paying.release("2021-01").await;
    let [first, one_double, second, other_double] = paying.children[..4] else {
        panic!("four children are with their guardian");
    };
    for double in [one_double, other_double] {
        paying.record(double, &benefit(500)).await;
    }
    let february = paying.prepare("2021-02").await;
    let before = of(&paying, february, one_double).await;
    confirm(&paying, &before).await;
    join(&paying, first, one_double).await;
    join(&paying, second, other_double).await;
    let after = of(&paying, february, second).await;
    assert_eq!(after.amount, Money::from_yuan(500));
    confirm(&paying, &after).await;
    paying
        .step(&paying.finance, february, BatchAct::Release)
        .await
        .unwrap();

    let mut work = paying.work(&paying.officer).await;
    for kept in [first, second] {
        let in_february = list_claims(&mut work, Some(february), None).await.unwrap();
        let claim = in_february
            .iter()
            .find(|claim| claim.of == AccountOf::Child(kept));
        let claim = claim.unwrap();
        let amounts = [claim.payable, claim.offset, claim.amount];
        assert_eq!(amounts, [1400 + 900, 500, 1800].map(Money::from_yuan));
        // January's claims are both the child's now, and both its account takes.
        let in_january = list_claims(&mut work, Some(january), None).await.unwrap();
        let of_kept = in_january
            .iter()
            .filter(|claim| claim.of == AccountOf::Child(kept));
        let accounts: Vec<_> = of_kept.map(|claim| claim.account).collect();
        assert_eq!(accounts.len(), 2);
        assert!(accounts[0].is_some() && accounts[0] == accounts[1]);
        // The statement tells January of both, February of both, and what the double had too much.
        assert_eq!(statement(&mut work, kept).await.unwrap().len(), 5);
    }
    drop(work);
    let mut work = paying.work(&paying.finance).await;
    assert!(reconcile(&mut work, february).await.unwrap().adds_up);
    drop(work);
    paying.assert_sums().await;
    paying.office.close().await;
}
