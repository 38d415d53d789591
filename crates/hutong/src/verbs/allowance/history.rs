//! One line: a child's history as JSON.

use domain::allowances::{Fact, History, Known, Payee, Struck};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::money::Money;
use kernel::month::Month;
use serde::Deserialize;

use super::fault::LineFault;
use super::texts::{Name, Place, Written};

/// A child and its history.
#[derive(Debug)]
pub(super) struct Child<'a> {
    pub(super) name: Name<'a>,
    pub(super) history: History,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryLine<'a> {
    #[serde(borrow)]
    child: Name<'a>,
    place: Place,
    born: Written<Date>,
    #[serde(borrow)]
    facts: Vec<FactLine<'a>>,
}

/// A fact as written: every field that any kind has. Which of them belong to the kind is settled in [`FactLine::fact`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactLine<'a> {
    known: Written<Timestamp>,
    kind: Kind,
    class: Option<Category>,
    on: Option<Written<Date>>,
    #[serde(borrow)]
    reason: Option<Name<'a>>,
    of: Option<Struck>,
    #[serde(borrow)]
    benefit: Option<Name<'a>>,
    monthly: Option<Written<Money>>,
    from: Option<Written<Month>>,
    to: Option<Written<Month>>,
    place: Option<Place>,
    born: Option<Written<Date>>,
    for_month: Option<Written<Month>>,
    payee: Option<Payee>,
    amount: Option<Written<Money>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Recognised,
    Stopped,
    Revoked,
    Benefit,
    Study,
    Suspended,
    Moved,
    BornCorrected,
    Committed,
    Owed,
}

impl Kind {
    const fn code(self) -> &'static str {
        match self {
            Self::Recognised => "recognised",
            Self::Stopped => "stopped",
            Self::Revoked => "revoked",
            Self::Benefit => "benefit",
            Self::Study => "study",
            Self::Suspended => "suspended",
            Self::Moved => "moved",
            Self::BornCorrected => "born_corrected",
            Self::Committed => "committed",
            Self::Owed => "owed",
        }
    }

    /// The fields that a fact of the kind may have beside `known` and `kind`.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Recognised => &["class", "on"],
            Self::Stopped => &["on", "reason"],
            Self::Revoked => &["of", "on"],
            Self::Benefit => &["benefit", "monthly", "from", "to"],
            Self::Study | Self::Suspended => &["from", "to"],
            Self::Moved => &["place", "on"],
            Self::BornCorrected => &["born"],
            Self::Committed => &["for_month", "payee", "amount"],
            Self::Owed => &["payee", "amount"],
        }
    }
}

/// Reads a line.
pub(super) fn read(line: &[u8]) -> Result<Child<'_>, LineFault> {
    let written: HistoryLine<'_> = serde_json::from_slice(line)?;
    let mut facts = Vec::with_capacity(written.facts.len());
    for (index, fact) in written.facts.into_iter().enumerate() {
        facts.push(Known {
            at: fact.known.0,
            fact: fact.fact(index)?,
        });
    }
    Ok(Child {
        name: written.child,
        history: History {
            place: written.place.0,
            born: written.born.0,
            facts,
        },
    })
}

impl FactLine<'_> {
    /// The fact, where it has the fields of its kind and no others.
    fn fact(self, index: usize) -> Result<Fact, LineFault> {
        let spot = Spot {
            fact: index + 1,
            kind: self.kind.code(),
        };
        if let Some(field) = self.stray() {
            return Err(spot.stray(field));
        }
        let on = spot.needs("on", self.on.map(|day| day.0));
        let from = spot.needs("from", self.from.map(|month| month.0));
        let to = self.to.map(|month| month.0);
        let payee = spot.needs("payee", self.payee);
        let amount = spot.needs("amount", self.amount.map(|amount| amount.0));
        Ok(match self.kind {
            Kind::Recognised => Fact::Recognised {
                class: spot.needs("class", self.class)?,
                on: on?,
            },
            Kind::Stopped => Fact::Stopped {
                on: on?,
                reason: spot.needs("reason", self.reason)?.0.as_ref().into(),
            },
            Kind::Revoked => Fact::Revoked {
                of: self.of.unwrap_or_default(),
                on: on?,
            },
            Kind::Benefit => Fact::Benefit {
                benefit: spot.needs("benefit", self.benefit)?.0.as_ref().into(),
                monthly: spot.owed("monthly", spot.needs("monthly", self.monthly)?.0)?,
                from: from?,
                to,
            },
            Kind::Study => Fact::Study { from: from?, to },
            Kind::Suspended => Fact::Suspended { from: from?, to },
            Kind::Moved => Fact::Moved {
                place: spot.needs("place", self.place)?.0,
                on: on?,
            },
            Kind::BornCorrected => Fact::BornCorrected {
                born: spot.needs("born", self.born)?.0,
            },
            Kind::Committed => {
                let month = spot.needs("for_month", self.for_month)?.0;
                Fact::Committed {
                    from: month,
                    through: month,
                    payee: payee?,
                    amount: amount?,
                }
            }
            Kind::Owed => Fact::Owed {
                payee: payee?,
                amount: spot.owed("amount", amount?)?,
            },
        })
    }

    /// A field that is there and does not belong to the kind: dropped without a word it might be the one that mattered.
    fn stray(&self) -> Option<&'static str> {
        let present = [
            ("class", self.class.is_some()),
            ("on", self.on.is_some()),
            ("reason", self.reason.is_some()),
            ("of", self.of.is_some()),
            ("benefit", self.benefit.is_some()),
            ("monthly", self.monthly.is_some()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("place", self.place.is_some()),
            ("born", self.born.is_some()),
            ("for_month", self.for_month.is_some()),
            ("payee", self.payee.is_some()),
            ("amount", self.amount.is_some()),
        ];
        let fields = self.kind.fields();
        present
            .into_iter()
            .find(|(field, is_there)| *is_there && !fields.contains(field))
            .map(|(field, _)| field)
    }
}

/// The fact that a fault is in.
#[derive(Clone, Copy)]
struct Spot {
    /// From 1.
    fact: usize,
    kind: &'static str,
}

impl Spot {
    fn needs<T>(self, field: &'static str, value: Option<T>) -> Result<T, LineFault> {
        let Self { fact, kind } = self;
        value.ok_or(LineFault::Lacks { fact, kind, field })
    }

    fn owed(self, field: &'static str, amount: Money) -> Result<Money, LineFault> {
        let Self { fact, kind } = self;
        match amount < Money::ZERO {
            true => Err(LineFault::Negative { fact, kind, field }),
            false => Ok(amount),
        }
    }

    fn stray(self, field: &'static str) -> LineFault {
        let Self { fact, kind } = self;
        LineFault::Stray { fact, kind, field }
    }
}
