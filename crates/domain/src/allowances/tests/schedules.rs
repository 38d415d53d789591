//! Whatever the schedule of runs, the money comes out the same.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::clock::legal_day;
use kernel::money::Money;
use kernel::month::Month;
use policy::allowance::AllowanceRules;

use super::invented::{Chance, facts, how_many, moment, rules};
use super::naive::{AsKnown, NaiveDue};
use crate::allowances::{Fact, History, Known, Payee, Replay, Run};

/// What runs committed for each month and payee, and what they transferred to each payee.
#[derive(Default)]
struct Books {
    committed: BTreeMap<(Month, Payee), i64>,
    transferred: BTreeMap<Payee, i64>,
    owed: BTreeMap<Payee, i64>,
}

/// Runs `month` at `at`, and enters its lines and debts among the facts.
fn run(
    rules: &AllowanceRules,
    month: Month,
    at: Timestamp,
    history: &mut History,
    books: &mut Books,
) {
    let run = Run::new(rules, month, at).unwrap();
    let answer = Replay::new(&run).child(history).unwrap().clone();
    let mut lines: BTreeMap<Payee, i64> = BTreeMap::new();
    for line in &answer.lines {
        *books
            .committed
            .entry((line.for_month, line.payee))
            .or_default() += line.amount.fen();
        *lines.entry(line.payee).or_default() += line.amount.fen();
        let fact = Fact::Committed {
            from: line.for_month,
            through: line.for_month,
            payee: line.payee,
            amount: line.amount,
        };
        history.facts.push(Known { at, fact });
    }
    for (payee, transfer) in [
        (Payee::Guardian, Some(answer.guardian)),
        (Payee::Home, answer.home),
    ] {
        let Some(transfer) = transfer else { continue };
        let before = books.owed.get(&payee).copied().unwrap_or_default();
        // A transfer is never negative, and equals the lines plus the debt carried.
        assert!(transfer.amount >= Money::ZERO && transfer.owed >= Money::ZERO);
        let carried = transfer.owed.fen() - before;
        let of_lines = lines.remove(&payee).unwrap_or_default();
        assert_eq!(transfer.amount.fen(), of_lines + carried, "{history:#?}");
        *books.transferred.entry(payee).or_default() += transfer.amount.fen();
        books.owed.insert(payee, transfer.owed.fen());
        let fact = Fact::Owed {
            payee,
            amount: transfer.owed,
        };
        history.facts.push(Known { at, fact });
    }
    assert!(lines.is_empty(), "every line belongs to a transfer");
}

/// A schedule: moments ascending, each with a pay month that never goes back.
fn schedule(chance: &mut Chance) -> Vec<(Month, Timestamp)> {
    let mut moments: Vec<Timestamp> = (0..=chance.below(8)).map(|_| moment(chance)).collect();
    moments.sort_unstable();
    let mut month = Month::MIN;
    let pay_month = |at: Timestamp| {
        let ahead = i32::from(chance.once_in(4));
        month = month.max(Month::of(legal_day(at)).plus(ahead));
        (month, at)
    };
    moments.into_iter().map(pay_month).collect()
}

#[test]
fn any_schedule_of_runs_ends_where_one_full_run_ends() {
    let mut compared = 0;
    for seed in 0..how_many(2_000).div_ceil(100) {
        let mut chance = Chance(seed ^ 0x5c4e_d01e);
        let rules = rules(&mut chance);
        for _ in 0..100 {
            let told = facts(&mut chance);
            let schedule = schedule(&mut chance);
            let (mut history, mut books) = (told.clone(), Books::default());
            for (month, at) in &schedule {
                run(&rules, *month, *at, &mut history, &mut books);
            }
            let (last, at) = schedule[schedule.len() - 1];
            let mut once = Books::default();
            run(&rules, last, at, &mut told.clone(), &mut once);
            compared += compare(&AsKnown::new(&told, &rules, at), last, &books, &once);
            for payee in Payee::ALL {
                let lines = books.committed.iter().filter(|((_, to), _)| *to == payee);
                let lines: i64 = lines.map(|(_, fen)| fen).sum();
                let of =
                    |book: &BTreeMap<Payee, i64>| book.get(&payee).copied().unwrap_or_default();
                assert_eq!(of(&books.transferred), lines + of(&books.owed));
            }
        }
    }
    assert!(compared > 2_000, "{compared}");
}

/// Outside suspensions and months without a rate, each month's lines add up to what is due for it, in many runs as in
/// one.
fn compare(model: &AsKnown<'_>, last: Month, many: &Books, once: &Books) -> usize {
    let mut compared = 0;
    let mut month = Month::new(2018, 12).unwrap();
    while month <= last {
        let due = model.due(month);
        for payee in Payee::ALL {
            let is_home = payee == Payee::Home;
            let expected = match due {
                NaiveDue::NoRate(_) => continue,
                NaiveDue::Fen(class, fen) if (Payee::of(class) == Payee::Home) == is_home => fen,
                _ => 0,
            };
            if model.is_withheld(month, last) {
                continue;
            }
            for books in [many, once] {
                let lines = books
                    .committed
                    .get(&(month, payee))
                    .copied()
                    .unwrap_or_default();
                assert_eq!(lines, expected, "{month} {payee:?}");
            }
            compared += usize::from(expected > 0);
        }
        month = month.next();
    }
    compared
}

#[test]
fn a_run_repeated_writes_nothing() {
    for seed in 0..400 {
        let mut chance = Chance(seed ^ 0x2e9e);
        let rules = rules(&mut chance);
        let (mut history, at) = (facts(&mut chance), moment(&mut chance));
        let month = Month::of(legal_day(at));
        let mut books = Books::default();
        run(&rules, month, at, &mut history, &mut books);
        let facts = history
            .facts
            .iter()
            .filter(|known| matches!(known.fact, Fact::Committed { .. }));
        let before = facts.count();
        run(&rules, month, at, &mut history, &mut books);
        let facts = history
            .facts
            .iter()
            .filter(|known| matches!(known.fact, Fact::Committed { .. }));
        assert_eq!(facts.count(), before, "seed {seed}");
    }
}
