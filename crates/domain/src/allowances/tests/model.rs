//! Replay and model agree, to the fen, over invented histories and rules.

use kernel::month::Month;

use super::invented::{Chance, history, how_many, moment, rules};
use super::naive::{AsKnown, NaiveAnswer, NaiveDue, NaiveLine};
use crate::allowances::{Answer, Due, Payee, Replay, Run, due};

/// The answer in the model's terms.
pub(super) fn plain(answer: &Answer<'_>) -> NaiveAnswer {
    let line = |line: &crate::allowances::Line<'_>| NaiveLine {
        payee: line.payee.code(),
        for_month: line.for_month,
        kind: line.kind.code(),
        class: line.class,
        fen: line.amount.fen(),
    };
    let transfers = [
        (Payee::Guardian, Some(answer.guardian)),
        (Payee::Home, answer.home),
    ];
    let transfer = |(payee, transfer): (Payee, Option<crate::allowances::Transfer>)| {
        transfer.map(|it| (payee.code(), it.amount.fen(), it.owed.fen()))
    };
    NaiveAnswer {
        lines: answer.lines.iter().map(line).collect(),
        without_rate: answer.without_rate.clone(),
        transfers: transfers.into_iter().filter_map(transfer).collect(),
    }
}

const PER_RULES: u64 = 500;

#[test]
fn replay_and_model_agree_on_invented_histories() {
    let (mut lines, mut without, mut owed) = (0, 0, 0);
    for seed in 0..how_many(6_000).div_ceil(PER_RULES) {
        let mut chance = Chance(seed);
        let rules = rules(&mut chance);
        let known_at = moment(&mut chance);
        let month: Month =
            Month::of(kernel::clock::legal_day(known_at)).plus(chance.one_of(&[0, 0, 1, -3]));
        let run = Run::new(&rules, month, known_at).unwrap();
        let mut replay = Replay::new(&run);
        for _ in 0..PER_RULES {
            let history = history(&mut chance);
            let answer = plain(replay.child(&history).unwrap());
            let model = AsKnown::new(&history, &rules, known_at).run(month);
            assert_eq!(
                answer, model,
                "seed {seed}, {month} at {known_at}: {history:#?}"
            );
            lines += answer.lines.len();
            without += answer.without_rate.len();
            owed += usize::from(answer.transfers.iter().any(|(.., owed)| *owed > 0));
        }
    }
    // The histories are worth something only if they meet every kind of answer.
    assert!(
        lines > 3_000 && without > 500 && owed > 500,
        "{lines} {without} {owed}"
    );
}

#[test]
fn what_is_due_for_one_month_is_what_the_model_says() {
    for seed in 0..200 {
        let mut chance = Chance(seed ^ 0xd0e);
        let rules = rules(&mut chance);
        let known_at = moment(&mut chance);
        let known = policy::allowance::KnownRules::of(&rules, known_at);
        for _ in 0..4 {
            let history = history(&mut chance);
            let model = AsKnown::new(&history, &rules, known_at);
            for month in (0..40).map(|ahead| Month::new(2018, 11).unwrap().plus(ahead)) {
                let due = match due(&history, &known, month) {
                    Due::Nothing => NaiveDue::Nothing,
                    Due::NoRate(class) => NaiveDue::NoRate(class),
                    Due::Amount { class, amount, .. } => NaiveDue::Fen(class, amount.fen()),
                };
                assert_eq!(
                    due,
                    model.due(month),
                    "seed {seed}, {month} at {known_at}: {history:#?}"
                );
            }
        }
    }
}
