//! The table the census holds the program against.

use std::collections::BTreeMap;

use kernel::roles::Role;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// Place to the units that see its children.
    pub(super) places: BTreeMap<String, Vec<String>>,
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum On {
    /// On a child: the first parameter of the path, or `{child}` in query and body.
    Child,
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
    /// Parameters of the path besides the child, in order.
    #[serde(default)]
    pub(super) path: Vec<String>,
    pub(super) query: Option<String>,
    /// The body: for an operation that changes something, one that is understood and then not carried out, such as a
    /// version nobody has, so that the next cell finds the scene as it was.
    pub(super) body: Option<String>,
    /// The statuses that say the caller was let through.
    #[serde(default)]
    pub(super) allowed: Vec<u16>,
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
        }
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
