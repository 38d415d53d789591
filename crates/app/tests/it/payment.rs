//! The month's money on its way: claimed, sent, returned, corrected, and paid once.

use std::collections::BTreeSet;

use app::allowances::{
    AccountAct, MonthError, PayError, account_acts, accounts_of, children_of_claim,
    confirm_recovery, due_accounts, facts_of, failures_of, list_bank_files, list_claims, reconcile,
    record_fact, recoveries_of, waiting_accounts,
};
use domain::allowances::{AccountError, BatchAct, Misfit};
use domain::registry::Hidden;
use kernel::ids::BatchId;
use kernel::money::Money;
use policy::allowance::AllowanceRules;
use store::allowances::{AccountOf, AllowanceFact, Claim, ClaimState, Recovery};
use store::session::SessionToken;

use crate::month_scene::month;
use crate::payment_scene::Paying;

async fn claims(paying: &Paying, batch: BatchId) -> Vec<Claim> {
    let mut work = paying.work(&paying.officer).await;
    list_claims(&mut work, Some(batch), None).await.unwrap()
}

async fn in_state(paying: &Paying, batch: BatchId, state: ClaimState) -> usize {
    let all = claims(paying, batch).await;
    all.iter().filter(|claim| claim.state == state).count()
}

/// The month after, in whose file the corrected ones are with both months, each once.
async fn next_month(paying: &Paying, unknown: &[&str]) -> BatchId {
    // Of the same account nothing is tried again; the next month's file has the corrected ones with its own, each once.
    let nothing = paying.make(&paying.finance, "general_csv").await;
    assert!(matches!(nothing, Err(PayError::Nothing)), "{nothing:?}");
    let february = paying.release("2021-02").await;
    for (at, number) in [(1, "6000000000000011"), (2, "6000000000000012")] {
        paying
            .account(AccountOf::Child(paying.children[at]), number)
            .await;
    }
    let second = paying.make(&paying.finance, "general_csv").await.unwrap();
    let lines = paying.lines(second).await;
    assert_eq!(lines.len(), 5 + 2);
    for number in ["6000000000000011", "6000000000000012"] {
        let amounts = lines.iter().filter(|(account, _)| account == number);
        assert_eq!(
            amounts
                .map(|(_, amount)| amount.as_str())
                .collect::<Vec<_>>(),
            ["1400.00", "1400.00"]
        );
    }
    assert!(
        unknown
            .iter()
            .all(|number| lines.iter().all(|(account, _)| account != number))
    );
    let answer = paying.answer(second, &[]).await;
    paying.enter(second, &answer).await.unwrap();
    february
}

#[tokio::test]
async fn two_that_the_bank_returns_are_corrected_and_paid_once_with_the_next_month() {
    let paying = Paying::scene().await;
    paying.accounts().await;
    let january = paying.release("2021-01").await;
    // Nothing is settled that the bank was not even sent.
    let early = paying
        .step(&paying.finance, january, BatchAct::Settle)
        .await;
    assert!(matches!(early, Err(MonthError::Unanswered(5))), "{early:?}");

    let first = paying.make(&paying.finance, "general_csv").await.unwrap();
    assert_eq!(
        paying.lines(first).await.len(),
        5,
        "four guardians and one home"
    );
    let unknown = ["6000000000000001", "6000000000000002"];
    let answer = paying.answer(first, &unknown).await;
    paying.enter(first, &answer).await.unwrap();
    assert_eq!(in_state(&paying, january, ClaimState::Paid).await, 3);
    let failed: Vec<Claim> = claims(&paying, january)
        .await
        .into_iter()
        .filter(|claim| claim.state == ClaimState::Returned)
        .collect();
    assert_eq!(failed.len(), 2);
    assert_eq!(failed[0].failure, Some(("E03".into(), "账号不存在".into())));
    // Finance reads what came back, and of nobody who it was for.
    let mut work = paying.work(&paying.finance).await;
    let back = failures_of(&mut work, first).await.unwrap();
    let reasons = back.iter().map(|one| one.failure.reason.as_str());
    assert_eq!(reasons.collect::<Vec<_>>(), ["账号不存在"; 2]);
    let file = &list_bank_files(&mut work).await.unwrap()[0];
    assert_eq!(
        (file.paid.count, file.returned.count, file.open()),
        (3, 2, 0)
    );
    let named = list_claims(&mut work, Some(january), None).await;
    assert!(matches!(named, Err(PayError::NotFound)), "{named:?}");
    drop(work);
    paying
        .step(&paying.finance, january, BatchAct::Settle)
        .await
        .unwrap();

    let february = next_month(&paying, &unknown).await;
    for batch in [january, february] {
        assert_eq!(in_state(&paying, batch, ClaimState::Paid).await, 5);
        let mut work = paying.work(&paying.finance).await;
        let reconciled = reconcile(&mut work, batch).await.unwrap();
        assert!(reconciled.adds_up);
        assert_eq!(
            reconciled.money.paid.amount,
            Money::from_yuan(4 * 1400 + 2 * 1760)
        );
        assert_eq!(reconciled.money.unanswered, 0);
    }
    paying.assert_sums().await;
    let again = paying.office.database.send_again().await;
    assert_eq!(
        again.as_deref(),
        Some("23505"),
        "the database itself refuses it"
    );
    paying.office.close().await;
}

#[tokio::test]
async fn an_account_of_one_hand_gets_no_money() {
    let paying = Paying::scene().await;
    let child = AccountOf::Child(paying.children[0]);
    let first = paying.account(child, "6000000000000001").await;
    let january = paying.release("2021-01").await;
    assert_eq!(in_state(&paying, january, ClaimState::Held).await, 4);

    // Another is proposed: whoever did so does not confirm it, whatever his posts, and the money goes where it went.
    let second = paying.propose(child, "6000000000000002").await;
    let me = paying
        .office
        .officer_of(crate::payment_scene::OFFICER)
        .await;
    let unit = paying.office.unit(crate::payment_scene::OFFICER);
    let both = paying
        .office
        .second_post(me, unit, kernel::roles::Role::CountyApprover)
        .await;
    let same = paying.confirm(&both, second).await;
    assert!(
        matches!(same, Err(PayError::Account(AccountError::SamePerson))),
        "{same:?}"
    );
    assert!(matches!(
        paying.confirm(&paying.finance, second).await,
        Err(PayError::NotFound)
    ));
    for (token, acts) in [
        (&both, vec![AccountAct::End]),
        (&paying.officer, vec![AccountAct::End]),
        (&paying.approver, vec![AccountAct::Confirm, AccountAct::End]),
    ] {
        let mut work = paying.work(token).await;
        let waiting = waiting_accounts(&mut work).await.unwrap();
        let found: Vec<_> = waiting.iter().map(|one| account_acts(&work, one)).collect();
        assert_eq!(found, [acts]);
        assert_eq!(waiting[0].names.payee, "虚构甲");
        assert!(waiting[0].names.proposed.is_some());
    }
    let file = paying.make(&paying.finance, "general_csv").await.unwrap();
    assert_eq!(
        paying.lines(file).await,
        [("6000000000000001".to_owned(), "1400.00".to_owned())]
    );

    // Confirmed by another it takes the place of the first, which stays on record.
    paying.confirm(&paying.approver, second).await.unwrap();
    let again = paying.confirm(&paying.approver, second).await;
    assert!(
        matches!(again, Err(PayError::Account(AccountError::Decided))),
        "{again:?}"
    );
    let mut work = paying.work(&paying.officer).await;
    let all = accounts_of(&mut work, child).await.unwrap();
    let found: Vec<_> = all
        .iter()
        .map(|account| (account.id, account.is_in_force()))
        .collect();
    assert_eq!(found, [(second, true), (first, false)]);
    assert_eq!(all[1].stated.number.reveal(), "6000000000000001");
    drop(work);
    paying.office.close().await;
}

#[tokio::test]
async fn two_in_finance_at_once_send_everything_once() {
    let paying = Paying::scene().await;
    paying.accounts().await;
    paying.release("2021-01").await;
    let (one, other) = tokio::join!(
        paying.make(&paying.finance, "fixed_txt"),
        paying.make(&paying.treasurer, "general_csv")
    );
    let made = [&one, &other]
        .into_iter()
        .filter(|made| made.is_ok())
        .count();
    let nothing = [&one, &other]
        .into_iter()
        .filter(|made| matches!(made, Err(PayError::Nothing)))
        .count();
    assert_eq!((made, nothing), (1, 1), "{one:?} {other:?}");
    let sums = paying.assert_sums().await;
    assert_eq!((sums.attempts, sums.files), (5, 1));
    paying.office.close().await;
}

#[tokio::test]
async fn an_answer_is_taken_whole_and_once() {
    let paying = Paying::scene().await;
    paying.accounts().await;
    paying.release("2021-01").await;
    let file = paying.make(&paying.finance, "general_csv").await.unwrap();
    let answer = paying.answer(file, &["6000000000000003"]).await;
    let text = String::from_utf8(answer.clone()).unwrap();
    let misfits = |entered: Result<_, PayError>| match entered {
        Err(PayError::Misfits(misfits)) => misfits
            .into_iter()
            .map(|(_, misfit)| misfit)
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    for (from, to, expected) in [
        ("\n2,", "\n9,", vec![Misfit::Unknown]),
        ("\n2,", "\n1,", vec![Misfit::Twice]),
        (
            "\n2,1400.00",
            "\n2,1400.01",
            vec![Misfit::Totals, Misfit::Amount],
        ),
        (",5,", ",6,", vec![Misfit::Totals]),
    ] {
        let wrong = text.replacen(from, to, 1);
        assert_ne!(wrong, text);
        assert_eq!(
            misfits(paying.enter(file, wrong.as_bytes()).await),
            expected,
            "{to}"
        );
    }
    let foreign = text.replacen("370481", "370406", 1);
    assert!(matches!(
        paying.enter(file, foreign.as_bytes()).await,
        Err(PayError::Foreign)
    ));
    assert_eq!(paying.assert_sums().await.answered, 0);

    let entered = paying.enter(file, &answer).await.unwrap();
    let again = paying.enter(file, &answer).await;
    assert!(
        matches!(again, Err(PayError::Again(before)) if before == entered),
        "{again:?}"
    );
    let other_bytes = text.clone() + "\n";
    assert_eq!(
        misfits(paying.enter(file, other_bytes.as_bytes()).await),
        [Misfit::Answered; 5]
    );
    assert_eq!(paying.assert_sums().await.returns, 1);
    paying.office.close().await;
}

#[tokio::test]
async fn orphans_of_a_home_are_one_transfer_with_its_list() {
    let paying = Paying::scene().await;
    let january = paying.release("2021-01").await;
    let all = claims(&paying, january).await;
    let home = &all[0];
    assert_eq!(
        (home.of, home.amount),
        (AccountOf::Home(paying.home), Money::from_yuan(2 * 1760))
    );
    assert_eq!(all.len(), 5);
    let mut work = paying.work(&paying.officer).await;
    let list = children_of_claim(&mut work, home.id).await.unwrap();
    let list: BTreeSet<_> = list
        .iter()
        .map(|child| (child.child, child.payable.fen()))
        .collect();
    let expected = paying.children[4..].iter().map(|child| (*child, 176_000));
    assert_eq!(list, expected.collect());
    drop(work);
    paying
        .account(AccountOf::Home(paying.home), "6000000000000009")
        .await;
    let file = paying.make(&paying.finance, "general_csv").await.unwrap();
    assert_eq!(
        paying.lines(file).await,
        [("6000000000000009".to_owned(), "3520.00".to_owned())]
    );
    paying.office.close().await;
}

pub(super) fn benefit(yuan: i32) -> AllowanceFact {
    AllowanceFact::Benefit {
        benefit: "minimum_living".into(),
        monthly: Money::from_yuan(yuan),
        from: month("2021-01"),
        to: None,
    }
}

/// Two children draw another benefit since January, and the office learns of it when January was released.
async fn draw_benefits(paying: &Paying) {
    let backwards = AllowanceFact::Study {
        from: month("2021-02"),
        to: Some(month("2021-01")),
    };
    let long_ago = AllowanceFact::Stopped {
        on: jiff::civil::date(1899, 12, 31),
        reason: "death".into(),
    };
    let mut work = paying.work(&paying.officer).await;
    for wrong in [backwards, long_ago] {
        let refused = record_fact(&mut work, paying.children[0], &wrong).await;
        assert!(matches!(refused, Err(PayError::Fact)), "{refused:?}");
    }
    drop(work);
    paying.record(paying.children[0], &benefit(580)).await;
    paying.record(paying.children[1], &benefit(500)).await;
}

/// What was set off of the claims of the first two children, and what is left.
fn offsets(paying: &Paying, claims: &[Claim]) -> [(Money, Money); 2] {
    [0, 1].map(|at| {
        let of = AccountOf::Child(paying.children[at]);
        let claim = claims.iter().find(|claim| claim.of == of).unwrap();
        (claim.offset, claim.amount)
    })
}

/// Whoever holds the token confirms a line with these words of the notice.
async fn confirm(
    paying: &Paying,
    token: &SessionToken,
    line: (BatchId, i32),
    notice: &str,
) -> Result<(), PayError> {
    let mut work = paying.work(token).await;
    let (reason, notice) = (Hidden::new("低保金应扣减"), Hidden::new(notice));
    confirm_recovery(&mut work, line, &reason, &notice).await?;
    work.commit().await.unwrap();
    Ok(())
}

fn yuan(amounts: [(i32, i32); 2]) -> [(Money, Money); 2] {
    amounts.map(|(offset, amount)| (Money::from_yuan(offset), Money::from_yuan(amount)))
}

#[tokio::test]
async fn what_is_to_be_recovered_is_set_off_once_an_officer_confirmed_it() {
    let paying = Paying::scene().await;
    paying.release("2021-01").await;
    draw_benefits(&paying).await;
    let february = paying.prepare("2021-02").await;
    let mut work = paying.work(&paying.officer).await;
    let proposed = recoveries_of(&mut work, february).await.unwrap();
    let on_record = facts_of(&mut work, paying.children[0]).await.unwrap();
    assert_eq!(on_record.len(), 1);
    assert_eq!(on_record[0].fact, benefit(580));
    assert!(on_record[0].by.is_some());
    drop(work);
    let [first, second] = [0, 1].map(|at| {
        let of = |recovery: &&Recovery| recovery.child == paying.children[at];
        proposed.iter().find(of).unwrap()
    });
    let amounts = (first.amount, second.amount);
    assert_eq!(amounts, (Money::from_yuan(580), Money::from_yuan(500)));
    let line = (february, first.number);
    let wordless = confirm(&paying, &paying.officer, line, " ").await;
    assert!(matches!(wordless, Err(PayError::Words)), "{wordless:?}");
    confirm(&paying, &paying.officer, line, "追回告知")
        .await
        .unwrap();
    let twice = confirm(&paying, &paying.approver, line, "追回告知").await;
    assert!(matches!(twice, Err(PayError::Confirmed)), "{twice:?}");

    // The one that is confirmed is set off with this release; the other is only owed.
    paying
        .step(&paying.finance, february, BatchAct::Release)
        .await
        .unwrap();
    let expected = yuan([(580, 240), (0, 900)]);
    assert_eq!(offsets(&paying, &claims(&paying, february).await), expected);
    let mut work = paying.work(&paying.finance).await;
    let found = reconcile(&mut work, february).await.unwrap();
    drop(work);
    assert!(found.adds_up);
    let sums = [
        found.money.recovered,
        found.money.confirmed,
        found.money.offset,
    ];
    assert_eq!(sums, [1080, 580, 580].map(Money::from_yuan));
    paying.assert_sums().await;

    // Confirmed afterwards it is set off with the next.
    let line = (february, second.number);
    confirm(&paying, &paying.approver, line, "追回告知")
        .await
        .unwrap();
    let march = paying.release("2021-03").await;
    let expected = yuan([(0, 820), (500, 400)]);
    assert_eq!(offsets(&paying, &claims(&paying, march).await), expected);
    paying.assert_sums().await;
    paying.office.close().await;
}

/// Rules in force that let no more than thirty per cent of what is paid be kept back.
fn thirty_per_cent() -> AllowanceRules {
    let share =
        "[[recovery_share]]\npercent = 30\nfrom = 2011-01-01\ncite = \"试验\"\nverified = false\n";
    policy::Rulebook::parse(share).unwrap().allowances().clone()
}

#[tokio::test]
async fn no_more_is_set_off_than_the_rules_in_force_let_be_kept_back() {
    let paying = Paying::scene().await;
    paying.release("2021-01").await;
    draw_benefits(&paying).await;
    let february = paying.prepare("2021-02").await;
    let mut work = paying.work(&paying.officer).await;
    let proposed = recoveries_of(&mut work, february).await.unwrap();
    drop(work);
    let of = |recovery: &&Recovery| recovery.child == paying.children[0];
    let number = proposed.iter().find(of).unwrap().number;
    let line = (february, number);
    confirm(&paying, &paying.officer, line, "追回告知")
        .await
        .unwrap();
    paying
        .step_by(
            &thirty_per_cent(),
            &paying.finance,
            february,
            BatchAct::Release,
        )
        .await
        .unwrap();
    // Of 820 yuan no more than 246 are kept back; 334 of the 580 stay owed.
    let expected = yuan([(246, 574), (0, 900)]);
    assert_eq!(offsets(&paying, &claims(&paying, february).await), expected);
    paying.assert_sums().await;
    paying.office.close().await;
}

/// How many accounts the bell counts for whoever holds the token.
async fn waiting_for(paying: &Paying, token: &SessionToken) -> Result<i64, PayError> {
    let mut work = paying.work(token).await;
    Ok(due_accounts(&mut work).await?.0)
}

#[tokio::test]
async fn the_bell_counts_accounts_for_whoever_may_confirm_them_and_did_not_propose_them() {
    let paying = Paying::scene().await;
    let child = AccountOf::Child(paying.children[0]);
    let account = paying.propose(child, "6000000000000001").await;
    let me = paying
        .office
        .officer_of(crate::payment_scene::OFFICER)
        .await;
    let unit = paying.office.unit(crate::payment_scene::OFFICER);
    let approver = kernel::roles::Role::CountyApprover;
    let both = paying.office.second_post(me, unit, approver).await;
    assert_eq!(waiting_for(&paying, &paying.approver).await.unwrap(), 1);
    assert_eq!(waiting_for(&paying, &both).await.unwrap(), 0);
    for token in [&paying.officer, &paying.finance] {
        let cannot = waiting_for(&paying, token).await;
        assert!(matches!(cannot, Err(PayError::NotFound)), "{cannot:?}");
    }
    paying.confirm(&paying.approver, account).await.unwrap();
    assert_eq!(waiting_for(&paying, &paying.approver).await.unwrap(), 0);
    paying.office.close().await;
}
