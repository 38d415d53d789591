//! A month's run: for every month up to it, the difference between what is due and what is committed.

use jiff::Timestamp;
use kernel::category::Category;
use kernel::money::{Money, MoneyError};
use kernel::month::Month;
use policy::allowance::{AllowanceRules, KnownRules, Rate};
use policy::{NotInForce, Parameter};

use super::because::Because;
use super::due::{Due, Reckoned};
use super::entitled::Child;
use super::history::{History, Payee};
use super::timeline::Timeline;
use super::transfer::{Transfer, transfer};

/// A run for a pay month, by what is known at a moment.
#[derive(Debug, Clone)]
pub struct Run<'r> {
    rules: KnownRules<'r>,
    month: Month,
    share: &'r Parameter<u8>,
}

/// What kind of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// The pay month itself, for which nothing was committed yet.
    Regular,
    /// 补发: more is due than was committed.
    Arrears,
    /// 追回: less is due than was committed.
    Recovery,
}

impl LineKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Regular, Self::Arrears, Self::Recovery];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Arrears => "arrears",
            Self::Recovery => "recovery",
        }
    }
}

/// A difference of one month and payee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'r> {
    /// To whom, or from whom.
    pub payee: Payee,
    /// The month it is for.
    pub for_month: Month,
    /// Its kind.
    pub kind: LineKind,
    /// The class entitled in that month.
    pub class: Option<Category>,
    /// The difference, never 0; negative for a recovery.
    pub amount: Money,
    /// What is due to the payee for the month.
    pub due: Money,
    /// The rate that the month is paid by.
    pub rate: Option<&'r Rate>,
    /// The fact or the rate that made the line.
    pub because: Because<'r>,
    /// The document to cite.
    pub cite: &'r str,
}

/// What a run answers about one child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'r> {
    /// The lines by month, within a month the guardian's first.
    pub lines: Vec<Line<'r>>,
    /// The months for which the child is entitled and no rate is in force, ascending.
    pub without_rate: Vec<Month>,
    /// What goes to the guardian.
    pub guardian: Transfer,
    /// What goes to the home, where it has a line or a debt.
    pub home: Option<Transfer>,
}

impl<'r> Run<'r> {
    /// The run of `month` by the rules as known at `known_at`.
    ///
    /// # Errors
    /// [`NotInForce`] where the rules do not say how much of a payment may be kept back for a debt.
    pub fn new(
        rules: &'r AllowanceRules,
        month: Month,
        known_at: Timestamp,
    ) -> Result<Self, NotInForce> {
        Ok(Self {
            rules: KnownRules::of(rules, known_at),
            month,
            share: rules.recovery_share(month)?,
        })
    }

    /// The pay month.
    #[must_use]
    pub const fn month(&self) -> Month {
        self.month
    }
}

/// Replays one child after another through a run; it keeps its memory from child to child.
///
/// ```
/// use domain::allowances::{Fact, History, Known, LineKind, Replay, Run};
/// use jiff::civil::date;
/// use kernel::{division::Division, money::Money, month::Month};
///
/// let rulebook = policy::Rulebook::parse(r#"
///     [[recovery_share]]
///     percent = 100
///     from = 2011-01-01
///     cite = "《社会救助暂行办法》"
///     verified = false
/// "#)?;
/// let month: Month = "2021-03".parse().unwrap();
/// let known = "2021-03-05T09:00:00+08:00".parse().unwrap();
/// let paid = Fact::Committed {
///     from: month, through: month, payee: domain::allowances::Payee::Guardian, amount: Money::from_yuan(1600),
/// };
/// let history = History {
///     place: Division::parse("370481").unwrap(),
///     born: date(2012, 3, 4),
///     facts: vec![Known { at: known, fact: paid }],
/// };
/// let run = Run::new(rulebook.allowances(), month, known)?;
/// let answer = Replay::new(&run).child(&history).unwrap().clone();
/// // Paid, and nothing on record entitles to it.
/// assert_eq!((answer.lines[0].kind, answer.lines[0].amount), (LineKind::Recovery, Money::from_yuan(-1600)));
/// assert_eq!(answer.guardian.owed, Money::from_yuan(1600));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Replay<'a, 'r> {
    run: &'a Run<'r>,
    timeline: Timeline,
    committed: Committed,
    sums: [Sums; 2],
    answer: Answer<'r>,
}

/// What is committed to each payee, by month from `first` on.
#[derive(Debug, Clone)]
struct Committed {
    first: Month,
    amounts: Vec<[Money; 2]>,
    /// Whether there is any committed fact for the pay month.
    in_pay_month: [bool; 2],
}

/// The sums of the lines of a payee.
#[derive(Debug, Clone, Copy)]
struct Sums {
    payable: Money,
    debt: Money,
}

const NONE: Sums = Sums {
    payable: Money::ZERO,
    debt: Money::ZERO,
};

impl<'a, 'r> Replay<'a, 'r> {
    /// A replay that has seen nobody yet.
    #[must_use]
    pub fn new(run: &'a Run<'r>) -> Self {
        let nothing = Transfer {
            amount: Money::ZERO,
            owed: Money::ZERO,
        };
        Self {
            run,
            timeline: Timeline::default(),
            committed: Committed {
                first: Month::MIN,
                amounts: Vec::new(),
                in_pay_month: [false; 2],
            },
            sums: [NONE; 2],
            answer: Answer {
                lines: Vec::new(),
                without_rate: Vec::new(),
                guardian: nothing,
                home: None,
            },
        }
    }

    /// Replays one child. The answer is overwritten by the next.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] where amounts add up to more than can be reckoned with.
    pub fn child(&mut self, history: &History) -> Result<&Answer<'r>, MoneyError> {
        let run = self.run;
        self.answer.lines.clear();
        self.answer.without_rate.clear();
        self.sums = [NONE; 2];
        self.timeline.lay_out(history, &run.rules);
        self.committed.lay_out(&self.timeline, run.month)?;
        let mut month = self.committed.first;
        while month <= run.month {
            let child = Child {
                history,
                timeline: &self.timeline,
                rules: &run.rules,
            };
            let reckoned = child.due_from(month);
            let through = reckoned.through.min(run.month);
            self.stretch(month, through, &reckoned.value, history)?;
            if through == run.month {
                break;
            }
            month = through.next();
        }
        self.set_off()
    }

    /// Writes the differences of a stretch of months in which the same is due.
    fn stretch(
        &mut self,
        from: Month,
        through: Month,
        reckoned: &Reckoned<'r>,
        history: &History,
    ) -> Result<(), MoneyError> {
        let months = usize::try_from(through.since(from)).unwrap_or_default() + 1;
        if let Due::NoRate(_) = reckoned.due {
            let without = (0..).map(|ahead| from.plus(ahead)).take(months);
            self.answer.without_rate.extend(without);
            return Ok(());
        }
        let due = Payee::ALL.map(|payee| reckoned.due.to(payee));
        let start = self.committed.index(from);
        for at in start..start + months {
            let committed = self.committed.amounts[at];
            if committed == due {
                continue;
            }
            let month = self.committed.month(at);
            for payee in Payee::ALL {
                let (due, committed) = (due[payee as usize], committed[payee as usize]);
                if due != committed {
                    let amount = due.checked_sub(committed)?;
                    self.line(payee, month, amount, due, reckoned, history)?;
                }
            }
        }
        Ok(())
    }

    fn line(
        &mut self,
        payee: Payee,
        for_month: Month,
        amount: Money,
        due: Money,
        reckoned: &Reckoned<'r>,
        history: &History,
    ) -> Result<(), MoneyError> {
        let pay_month = self.run.month;
        let is_payment = amount > Money::ZERO;
        let sums = &mut self.sums[payee as usize];
        let mut cause = reckoned.cause;
        if is_payment {
            // Months inside a suspension are withheld while the run is not after its end; recoveries are not.
            let withheld = self.timeline.withheld_from(pay_month);
            if withheld.is_some_and(|from| from <= for_month) {
                return Ok(());
            }
            if let Some(over) = self.timeline.suspended(for_month, pay_month) {
                cause = cause.or_later(
                    Child {
                        history,
                        timeline: &self.timeline,
                        rules: &self.run.rules,
                    }
                    .caused_by(over.fact),
                );
            }
            sums.payable = sums.payable.checked_add(amount)?;
        } else {
            sums.debt = sums.debt.checked_sub(amount)?;
        }
        let is_regular = for_month == pay_month && !self.committed.in_pay_month[payee as usize];
        let kind = match is_payment {
            _ if is_regular => LineKind::Regular,
            true => LineKind::Arrears,
            false => LineKind::Recovery,
        };
        let (class, rate) = match reckoned.due {
            Due::Amount { class, rate, .. } => (Some(class), Some(rate)),
            Due::NoRate(class) => (Some(class), None),
            Due::Nothing => (None, None),
        };
        self.answer.lines.push(Line {
            payee,
            for_month,
            kind,
            class,
            amount,
            due,
            rate,
            because: cause.because,
            cite: self.cite(&cause.because, reckoned, rate, history),
        });
        Ok(())
    }

    /// The document behind a line: of the rate, of the list of stops, of the class, or of recoveries at last.
    fn cite(
        &self,
        because: &Because<'r>,
        reckoned: &Reckoned<'r>,
        rate: Option<&'r Rate>,
        history: &History,
    ) -> &'r str {
        let of_class = reckoned.class_cite.unwrap_or(&self.run.share.cite);
        because.cite(&self.run.rules, rate, of_class, history)
    }

    /// Sets each payee's debt off against what is payable to it.
    fn set_off(&mut self) -> Result<&Answer<'r>, MoneyError> {
        let share = self.run.share.value;
        let set_off = |payee: Payee| {
            let Sums { payable, debt } = self.sums[payee as usize];
            let debt = debt.checked_add(self.timeline.owed(payee))?;
            let idle = payable == Money::ZERO && debt == Money::ZERO;
            Ok((idle, transfer(payable, debt, share)?))
        };
        let (_, guardian) = set_off(Payee::Guardian)?;
        let (home_is_idle, home) = set_off(Payee::Home)?;
        self.answer.guardian = guardian;
        self.answer.home = (!home_is_idle).then_some(home);
        Ok(&self.answer)
    }
}

impl Committed {
    /// Adds up what is committed for each month from the first that matters to the pay month.
    fn lay_out(&mut self, timeline: &Timeline, pay_month: Month) -> Result<(), MoneyError> {
        let commitments = &timeline.commitments;
        let first = commitments.iter().map(|committed| committed.from);
        let first = first.chain(timeline.standing.first()).min();
        self.first = first.unwrap_or(Month::MAX);
        self.amounts.clear();
        self.in_pay_month = [false; 2];
        let months = usize::try_from(pay_month.since(self.first) + 1).unwrap_or_default();
        self.amounts.resize(months, [Money::ZERO; 2]);
        for committed in commitments {
            if committed.from > pay_month || committed.through < committed.from {
                continue;
            }
            let payee = committed.payee as usize;
            self.in_pay_month[payee] |= committed.through >= pay_month;
            let from = self.index(committed.from);
            let through = self.index(committed.through.min(pay_month));
            for month in &mut self.amounts[from..=through] {
                month[payee] = month[payee].checked_add(committed.amount)?;
            }
        }
        Ok(())
    }

    fn index(&self, month: Month) -> usize {
        usize::try_from(month.since(self.first)).unwrap_or_default()
    }

    fn month(&self, index: usize) -> Month {
        self.first.plus(i32::try_from(index).unwrap_or(i32::MAX))
    }
}
