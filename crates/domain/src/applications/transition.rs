//! The table of what may follow what. Guards, screens, the diagram and the tests all read it.

use super::act::{Act, Duty};
use super::path::{Leg, Route};
use super::stage::{Body, Stage};

/// What a transition does to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// Ends the running clock, if any, and starts that of a leg.
    Starts(Leg),
    /// Leaves the running clock as it is.
    Continues,
    /// Ends the running clock.
    Stops,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// The stage before.
    pub from: Stage,
    /// What is done.
    pub act: Act,
    /// On which route alone; on any, where none is named.
    pub route: Option<Route>,
    /// The stage after.
    pub to: Stage,
    /// The unit whose officer does it.
    pub by: Body,
    /// The officer's duty.
    pub duty: Duty,
    /// What becomes of the clock.
    pub running: Running,
}

/// The row for this stage, act and route.
///
/// ```
/// use domain::applications::{Act, Route, Stage, transition};
/// let accepted_at_home = transition(Stage::Submitted, Act::Accept, Route::Here).unwrap();
/// assert_eq!(accepted_at_home.to, Stage::Forwarded);
/// assert!(transition(Stage::Withdrawn, Act::Confirm, Route::Here).is_none());
/// ```
#[must_use]
pub fn transition(from: Stage, act: Act, route: Route) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|row| {
        row.from == from && row.act == act && row.route.is_none_or(|only| only == route)
    })
}

const fn row(
    from: Stage,
    act: Act,
    to: Stage,
    (by, duty): (Body, Duty),
    running: Running,
) -> Transition {
    Transition {
        from,
        act,
        route: None,
        to,
        by,
        duty,
        running,
    }
}

const fn only(route: Route, row: Transition) -> Transition {
    Transition {
        route: Some(route),
        ..row
    }
}

const WINDOW: (Body, Duty) = (Body::Accepting, Duty::Handles);
const TOWN: (Body, Duty) = (Body::Verifying, Duty::Handles);
const OFFICER: (Body, Duty) = (Body::Deciding, Duty::Proposes);
const APPROVER: (Body, Duty) = (Body::Deciding, Duty::Decides);

/// Everything that may happen. What is not here, may not.
#[rustfmt::skip]
pub const TRANSITIONS: [Transition; 37] = {
    use Act::{
        Accept, Close, Confirm, Doubt, Forward, Notice, Object, Propose, Refuse, Resubmit, Return, Submit, Tell, Verify, Withdraw,
    };
    use Running::{Continues, Starts, Stops};
    use Stage::{
        Accepted, Closed, Confirmed, Draft, Forwarded, NotVerified, Noticed, Objected, Proposed, Refused, Resubmitted,
        Returned, Submitted, Told, Verified, Withdrawn,
    };
    [
        row(Draft, Submit, Submitted, WINDOW, Starts(Leg::Accept)),
        row(Submitted, Notice, Noticed, WINDOW, Starts(Leg::Supplement)),
        row(Noticed, Resubmit, Resubmitted, WINDOW, Starts(Leg::Accept)),
        // What the one notice did not name is not asked for later: from here it is accepted.
        only(Route::Elsewhere, row(Submitted, Accept, Accepted, WINDOW, Continues)),
        only(Route::Elsewhere, row(Resubmitted, Accept, Accepted, WINDOW, Continues)),
        only(Route::Here, row(Submitted, Accept, Forwarded, WINDOW, Starts(Leg::Verify))),
        only(Route::Here, row(Resubmitted, Accept, Forwarded, WINDOW, Starts(Leg::Verify))),
        row(Accepted, Forward, Forwarded, WINDOW, Starts(Leg::Verify)),
        row(Forwarded, Verify, Verified, TOWN, Starts(Leg::Confirm)),
        row(Forwarded, Doubt, NotVerified, TOWN, Starts(Leg::Confirm)),
        row(Verified, Propose, Proposed, OFFICER, Continues),
        row(NotVerified, Propose, Proposed, OFFICER, Continues),
        row(Returned, Propose, Proposed, OFFICER, Continues),
        row(Objected, Propose, Proposed, OFFICER, Continues),
        row(Verified, Return, Forwarded, OFFICER, Starts(Leg::Verify)),
        row(NotVerified, Return, Forwarded, OFFICER, Starts(Leg::Verify)),
        row(Returned, Return, Forwarded, OFFICER, Starts(Leg::Verify)),
        row(Objected, Return, Forwarded, OFFICER, Starts(Leg::Verify)),
        // The county's days are the county's: giving a proposal back wins none.
        row(Proposed, Return, Returned, APPROVER, Continues),
        row(Proposed, Confirm, Confirmed, APPROVER, Starts(Leg::Tell)),
        row(Proposed, Refuse, Refused, APPROVER, Starts(Leg::Tell)),
        row(Confirmed, Tell, Told, WINDOW, Starts(Leg::Object)),
        row(Refused, Tell, Told, WINDOW, Starts(Leg::Object)),
        row(Told, Object, Objected, WINDOW, Starts(Leg::Review)),
        row(Told, Close, Closed, WINDOW, Stops),
        row(Draft, Withdraw, Withdrawn, WINDOW, Stops),
        row(Submitted, Withdraw, Withdrawn, WINDOW, Stops),
        row(Noticed, Withdraw, Withdrawn, WINDOW, Stops),
        row(Resubmitted, Withdraw, Withdrawn, WINDOW, Stops),
        row(Accepted, Withdraw, Withdrawn, WINDOW, Stops),
        row(Forwarded, Withdraw, Withdrawn, WINDOW, Stops),
        row(Verified, Withdraw, Withdrawn, WINDOW, Stops),
        row(NotVerified, Withdraw, Withdrawn, WINDOW, Stops),
        row(Proposed, Withdraw, Withdrawn, WINDOW, Stops),
        row(Returned, Withdraw, Withdrawn, WINDOW, Stops),
        // The refusal stands.
        row(Objected, Withdraw, Closed, WINDOW, Stops),
        // Nobody supplements for ever: after the notice's days the unit closes what was not completed.
        row(Noticed, Close, Closed, WINDOW, Stops),
    ]
};
