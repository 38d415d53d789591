//! The table the census holds the program against.

use std::collections::BTreeMap;

use kernel::roles::Role;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// Place to the units that see its children.
    pub(super) places: BTreeMap<String, Vec<String>>,
    /// Place to the units that answer for its children, and may join their files.
    pub(super) answers: BTreeMap<String, Vec<String>>,
    /// Unit to the units that see it, its people and what is proposed for it.
    pub(super) units: BTreeMap<String, Vec<String>>,
    pub(super) states: BTreeMap<String, Seen>,
    pub(super) operation: Vec<Row>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Seen {
    /// By everyone of the units that see the place.
    Everyone,
    /// By the officer named for the child.
    Named,
    /// By nobody.
    Nobody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum On {
    /// On a child: the first parameter of the path, or `{child}` in query and body.
    Child,
    /// On an application for a child.
    Application,
    /// On what is to be cleared about a child.
    WorkItem,
    /// On two files that were joined.
    Merge,
    /// On a unit: `{unit}`, with its `{division}` and one of its officers as `{officer}`.
    Unit,
    /// On an officer who has an account.
    Officer,
    /// On a session of an officer who has an account: `{session}`.
    OfficerSession,
    /// On an officer who has none.
    Newcomer,
    /// On somebody's appointment.
    Appointment,
    /// On what somebody else proposed.
    Proposal,
    /// On a proposal, a session, a job: the caller's own or not.
    OwnProposal,
    OwnDevice,
    OwnJob,
    /// On a county's batch of allowances; on one of the caller's own unit.
    Batch,
    OwnBatch,
    /// On nothing that could be out of reach.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reachable {
    Public,
    AnySignedIn,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) id: String,
    access: Option<Reachable>,
    pub(super) on: Option<On>,
    /// Whether it walks the children of every class, or of one.
    #[serde(default)]
    pub(super) every_class: bool,
    /// Parameters of the path besides the first, in order.
    #[serde(default)]
    pub(super) path: Vec<String>,
    pub(super) query: Option<String>,
    /// The body: for an operation that changes something, one that is understood and then not carried out, such as a
    /// version nobody has, so that the next cell finds the scene as it was.
    pub(super) body: Option<String>,
    /// The statuses that say the caller was let through.
    #[serde(default)]
    pub(super) allowed: Vec<u16>,
    /// The same where the unit it is on is another than the caller's.
    pub(super) elsewhere: Option<Vec<u16>>,
    #[serde(default)]
    roles: Vec<String>,
}

impl Table {
    pub(super) fn read() -> Self {
        toml::from_str(include_str!("table.toml")).unwrap()
    }

    pub(super) fn row(&self, id: &str) -> &Row {
        let found = self.operation.iter().find(|row| row.id == id);
        found.unwrap_or_else(|| panic!("{id} is missing from census/table.toml"))
    }

    /// Whether an officer of this unit sees a child of this place in this state.
    pub(super) fn sees(&self, unit: &str, place: &str, state: &str, named: bool) -> bool {
        let of_place = self.places[place].iter().any(|name| name == unit);
        match self.states[state] {
            Seen::Everyone => of_place,
            Seen::Named => named,
            Seen::Nobody => false,
        }
    }

    /// Whether an officer of this unit answers for the children of this place.
    pub(super) fn answers(&self, unit: &str, place: &str) -> bool {
        self.answers[place].iter().any(|name| name == unit)
    }

    /// Whether an officer of this unit sees that unit and its people.
    pub(super) fn sees_unit(&self, unit: &str, other: &str) -> bool {
        self.units[other].iter().any(|name| name == unit)
    }
}

impl Row {
    pub(super) fn is_public(&self) -> bool {
        self.access == Some(Reachable::Public)
    }

    pub(super) fn allows(&self, role: Role) -> bool {
        self.access == Some(Reachable::AnySignedIn)
            || self.roles.iter().any(|code| code == role.code())
    }
}
