//! The bank's answer to a file, matched with what was sent.
//!
//! **Invariant.** An answer is taken whole or not at all: one line that does not fit, and nothing of it is entered.

use std::ops::RangeInclusive;

use kernel::money::{Money, MoneyError};

/// What was sent under a serial of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The serial, from 1 on.
    pub serial: i32,
    /// The amount.
    pub amount: Money,
    /// Whether the bank answered it before.
    pub answered: bool,
}

/// What the bank says of a serial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankLine {
    /// The row of its file, from 1 on.
    pub row: u32,
    /// The serial.
    pub serial: i32,
    /// The amount.
    pub amount: Money,
    /// Why it was not paid; `None` where it was.
    pub failure: Option<Failure>,
}

/// Why a bank did not pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The bank's code.
    pub code: String,
    /// Its words.
    pub reason: String,
}

/// The totals that stand on an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlTotals {
    /// How many lines.
    pub count: u32,
    /// Their sum.
    pub total: Money,
}

/// Why a line, or the whole, does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Misfit {
    /// The lines are not as many as the totals say, or do not come to their sum.
    Totals,
    /// The file sent no such serial.
    Unknown,
    /// The amount is not what was sent.
    Amount,
    /// The serial stands there twice.
    Twice,
    /// The bank answered it before.
    Answered,
}

impl Misfit {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Totals => "totals",
            Self::Unknown => "unknown",
            Self::Amount => "amount",
            Self::Twice => "twice",
            Self::Answered => "answered",
        }
    }
}

/// What an answer comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The serials that were paid, ascending.
    pub paid: Vec<i32>,
    /// Their sum.
    pub paid_total: Money,
    /// The serials that came back.
    pub returned: Vec<(i32, Failure)>,
    /// Their sum.
    pub returned_total: Money,
}

impl Answered {
    /// The serials that were paid, as runs without a gap: of a long file few, where few came back.
    ///
    /// ```
    /// # use domain::allowances::Answered;
    /// # use kernel::money::Money;
    /// # let (paid_total, returned_total) = (Money::ZERO, Money::ZERO);
    /// let answered = Answered { paid: vec![1, 2, 3, 5], paid_total, returned: Vec::new(), returned_total };
    /// assert_eq!(answered.paid_runs(), [1..=3, 5..=5]);
    /// ```
    #[must_use]
    pub fn paid_runs(&self) -> Vec<RangeInclusive<i32>> {
        let mut runs: Vec<RangeInclusive<i32>> = Vec::new();
        for &serial in &self.paid {
            match runs.last_mut() {
                Some(run) if run.end() + 1 == serial => *run = *run.start()..=serial,
                _ => runs.push(serial..=serial),
            }
        }
        runs
    }
}

/// Why an answer is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Lines that do not fit, each with its row; row 0 is the whole.
    #[error("{} lines do not fit", .0.len())]
    Misfits(Vec<(u32, Misfit)>),
    /// Amounts beyond what can be reckoned with.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Matches the bank's lines with the attempts of the file they answer, which come in the order of their serials. A file may
/// be answered in parts.
///
/// ```
/// use domain::allowances::{Attempt, BankLine, answered};
/// use kernel::money::Money;
/// let amount = Money::from_yuan(1600);
/// let sent = [Attempt { serial: 1, amount, answered: false }];
/// let line = BankLine { row: 3, serial: 1, amount, failure: None };
/// assert_eq!(answered(&sent, &[line], None)?.paid, [1]);
/// # Ok::<(), domain::allowances::AnswerError>(())
/// ```
///
/// # Errors
/// [`AnswerError`], with every line that does not fit.
pub fn answered(
    sent: &[Attempt],
    lines: &[BankLine],
    totals: Option<ControlTotals>,
) -> Result<Answered, AnswerError> {
    let mut seen = vec![false; sent.len()];
    let mut misfits = Vec::new();
    let mut found = Answered {
        paid: Vec::new(),
        paid_total: Money::ZERO,
        returned: Vec::new(),
        returned_total: Money::ZERO,
    };
    for line in lines {
        let misfit = match sent.binary_search_by_key(&line.serial, |attempt| attempt.serial) {
            Err(_) => Some(Misfit::Unknown),
            Ok(at) if seen[at] => Some(Misfit::Twice),
            Ok(at) => {
                seen[at] = true;
                match sent[at] {
                    Attempt { answered: true, .. } => Some(Misfit::Answered),
                    Attempt { amount, .. } if amount != line.amount => Some(Misfit::Amount),
                    _ => None,
                }
            }
        };
        if let Some(misfit) = misfit {
            misfits.push((line.row, misfit));
            continue;
        }
        match &line.failure {
            None => {
                found.paid.push(line.serial);
                found.paid_total = found.paid_total.checked_add(line.amount)?;
            }
            Some(failure) => {
                found.returned.push((line.serial, failure.clone()));
                found.returned_total = found.returned_total.checked_add(line.amount)?;
            }
        }
    }
    found.paid.sort_unstable();
    let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let total = Money::sum(lines.iter().map(|line| line.amount))?;
    if totals.is_some_and(|totals| totals != ControlTotals { count, total }) {
        misfits.insert(0, (0, Misfit::Totals));
    }
    match misfits.is_empty() {
        true => Ok(found),
        false => Err(AnswerError::Misfits(misfits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(count: i32) -> Vec<Attempt> {
        let one = |serial| Attempt {
            serial,
            amount: Money::from_yuan(100 + serial),
            answered: false,
        };
        (1..=count).map(one).collect()
    }

    fn line(row: u32, serial: i32, failure: bool) -> BankLine {
        let failure = failure.then(|| Failure {
            code: "E03".into(),
            reason: "户名不符".into(),
        });
        BankLine {
            row,
            serial,
            amount: Money::from_yuan(100 + serial),
            failure,
        }
    }

    #[test]
    fn an_answer_says_of_each_serial_what_became_of_it() {
        let lines = [line(3, 2, false), line(4, 1, true), line(5, 3, false)];
        let totals = ControlTotals {
            count: 3,
            total: Money::from_yuan(306),
        };
        let found = answered(&sent(3), &lines, Some(totals)).unwrap();
        assert_eq!(found.paid, [2, 3]);
        assert_eq!(
            (found.paid_total, found.returned_total),
            (Money::from_yuan(205), Money::from_yuan(101))
        );
        assert_eq!(found.returned[0].0, 1);
        // A part of a file is an answer too.
        assert_eq!(answered(&sent(3), &lines[..1], None).unwrap().paid, [2]);
    }

    #[test]
    fn what_does_not_fit_is_named_and_nothing_is_taken() {
        let mut sent = sent(4);
        sent[3].answered = true;
        let mut cheaper = line(5, 2, false);
        cheaper.amount = Money::from_fen(1);
        let lines = [
            line(3, 1, false),
            line(4, 1, true),
            cheaper,
            line(6, 9, false),
            line(7, 4, true),
        ];
        let wrong = ControlTotals {
            count: 5,
            total: Money::ZERO,
        };
        let Err(AnswerError::Misfits(misfits)) = answered(&sent, &lines, Some(wrong)) else {
            panic!("nothing of it fits");
        };
        let expected = [
            (0, Misfit::Totals),
            (4, Misfit::Twice),
            (5, Misfit::Amount),
            (6, Misfit::Unknown),
            (7, Misfit::Answered),
        ];
        assert_eq!(misfits, expected);
    }
}
