//! An application that two installations share: the accepting unit belongs to one, the household's units to the other.
//!
//! **Invariant.** Both walk the same table. What the other side did arrives as the stage it led to, which is taken over
//! where that side's own steps lead there from here, however many of its messages were lost on the way.

use super::path::Leg;
use super::stage::{Body, Stage};
use super::step::Case;
use super::transition::{Running, TRANSITIONS};

/// The part of an application that another installation has.
///
/// ```
/// use domain::applications::Afar;
/// assert_eq!(Afar::from_code("deciding"), Some(Afar::Deciding));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Afar {
    /// It was taken in there and came here by package. The household town here stands in for the accepting unit, should
    /// that fall silent.
    Accepting,
    /// The household's units are there: it is forwarded by package, and they verify and decide.
    Deciding,
}

impl Afar {
    /// Both parts.
    pub const ALL: [Self; 2] = [Self::Accepting, Self::Deciding];

    /// The part of a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|afar| afar.code() == code)
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepting => "accepting",
            Self::Deciding => "deciding",
        }
    }

    /// Whether the other installation may report a step of this body.
    const fn reports(self, body: Body) -> bool {
        match self {
            Self::Accepting => matches!(body, Body::Accepting),
            Self::Deciding => true,
        }
    }

    /// Whether an officer here may take a step of this body.
    #[must_use]
    pub const fn leaves(self, body: Body) -> bool {
        match self {
            Self::Accepting => true,
            Self::Deciding => matches!(body, Body::Accepting),
        }
    }
}

/// What becomes of the clock when the other installation reports that the application stands at `to`; none where its
/// steps do not lead there from here, and nothing changes. A decision taken before a withdrawal arrived stands, and the
/// applicant is told of it.
///
/// ```
/// use domain::applications::{Afar, Leg, Running, Stage, heard};
/// let to = |from, to| heard(Afar::Deciding, from, to);
/// assert_eq!(to(Stage::Forwarded, Stage::Refused), Some(Running::Starts(Leg::Tell)));
/// assert_eq!(heard(Afar::Accepting, Stage::Proposed, Stage::Confirmed), None);
/// ```
#[must_use]
pub fn heard(afar: Afar, from: Stage, to: Stage) -> Option<Running> {
    let decided = matches!(to, Stage::Confirmed | Stage::Refused);
    if afar == Afar::Deciding && !from.is_open() && decided {
        return Some(Running::Starts(Leg::Tell));
    }
    let mut ways = vec![(from, Running::Continues)];
    let mut next = 0;
    while let Some(&(stage, so_far)) = ways.get(next) {
        next += 1;
        for row in TRANSITIONS.iter().filter(|row| row.from == stage) {
            if !afar.reports(row.by) || ways.iter().any(|(known, _)| *known == row.to) {
                continue;
            }
            let running = match row.running {
                Running::Continues => so_far,
                other => other,
            };
            if row.to == to {
                return Some(running);
            }
            ways.push((row.to, running));
        }
    }
    None
}

impl Case {
    /// Whether an officer here deals with it now: it is open, and that part of it is not another installation's.
    #[must_use]
    pub fn is_here(&self) -> bool {
        let body = self.stage.owner();
        body.is_some_and(|body| self.afar.is_none_or(|afar| afar.leaves(body)))
    }

    /// What becomes of the clock when the other installation reports this stage; see [`heard`].
    #[must_use]
    pub fn hears(&self, to: Stage) -> Option<Running> {
        heard(self.afar?, self.stage, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_household_county_did_is_taken_over_though_messages_were_lost() {
        let hear = |from, to| heard(Afar::Deciding, from, to);
        for decided in [Stage::Confirmed, Stage::Refused] {
            for from in [Stage::Forwarded, Stage::Verified, Stage::Proposed] {
                assert_eq!(hear(from, decided), Some(Running::Starts(Leg::Tell)));
            }
            // It crossed with the withdrawal, and was first.
            assert!(hear(Stage::Withdrawn, decided).is_some());
        }
        assert_eq!(
            hear(Stage::Forwarded, Stage::Proposed),
            Some(Running::Starts(Leg::Confirm))
        );
        assert_eq!(
            hear(Stage::Verified, Stage::Proposed),
            Some(Running::Continues)
        );
        assert_eq!(hear(Stage::Withdrawn, Stage::Verified), None);
        assert_eq!(hear(Stage::Forwarded, Stage::Forwarded), None);
    }

    #[test]
    fn nobody_afar_decides_for_the_household_county() {
        let own = [
            Stage::Forwarded,
            Stage::Verified,
            Stage::NotVerified,
            Stage::Proposed,
            Stage::Returned,
            Stage::Confirmed,
            Stage::Refused,
        ];
        for from in own.into_iter().chain([Stage::Told, Stage::Objected]) {
            for to in own {
                assert_eq!(heard(Afar::Accepting, from, to), None, "{from} → {to}");
            }
        }
        let hear = |from, to| heard(Afar::Accepting, from, to);
        assert!(hear(Stage::Refused, Stage::Objected).is_some());
        assert!(hear(Stage::Proposed, Stage::Withdrawn).is_some());
        assert_eq!(hear(Stage::Confirmed, Stage::Withdrawn), None);
        assert_eq!(hear(Stage::Forwarded, Stage::Told), None);
    }
}
