//! What an application states: the child, the applicant, the facts it rests on.
//!
//! **Invariant.** Kept sealed as a whole; nothing of it shows in `Debug`.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::registry::{Hidden, Particulars};

/// In what capacity somebody applies.
///
/// ```
/// use domain::applications::Capacity;
/// assert_eq!(Capacity::from_code("entrusted_kin"), Some(Capacity::EntrustedKin));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// 监护人
    Guardian,
    /// 受监护人委托的近亲属
    EntrustedKin,
    /// 村（居）民委员会
    VillageCommittee,
    /// 儿童福利机构
    Home,
}

impl Capacity {
    /// Every capacity.
    pub const ALL: [Self; 4] = [
        Self::Guardian,
        Self::EntrustedKin,
        Self::VillageCommittee,
        Self::Home,
    ];

    /// The capacity of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|capacity| capacity.code() == code)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Guardian => "guardian",
            Self::EntrustedKin => "entrusted_kin",
            Self::VillageCommittee => "village_committee",
            Self::Home => "home",
        }
    }
}

/// Who applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Name, of a person or a body.
    pub name: String,
    /// In what capacity.
    pub capacity: Capacity,
    /// Related to the child how, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Hidden>,
}

/// What an application states.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// The child.
    pub child: Particulars,
    /// Who applies.
    pub applicant: Applicant,
    /// The facts as the rulebook reads them. A fact that is not there is not known.
    #[serde(default)]
    pub facts: Map<String, Value>,
}

impl Stated {
    /// Whether the child that is stated is the one on file: by resident id where both have one, else by name and birth.
    #[must_use]
    pub fn is_of(&self, file: &Particulars) -> bool {
        let stated = &self.child;
        match (&stated.resident_id, &file.resident_id) {
            (Some(stated), Some(on_file)) => stated == on_file,
            _ => {
                let births = stated.birth.zip(file.birth);
                stated.name == file.name && births.is_none_or(|(stated, on_file)| stated == on_file)
            }
        }
    }
}

impl fmt::Debug for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stated")
    }
}
