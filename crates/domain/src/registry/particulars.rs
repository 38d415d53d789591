//! What a ledger or an officer states about a child.
//!
//! **Invariant.** A secret (resident id, phone, account, street address, remark) never shows in `Debug`, and reaches the journal
//! only as the word *changed*.

use std::fmt;

use jiff::civil::Date;
use kernel::division::Division;
use kernel::resident_id::{ResidentId, Sex};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The keys of [`Particulars`] and [`Relative`] whose values are sealed wherever they are stored.
pub const SEALED_FIELDS: [&str; 7] = [
    "resident_id",
    "address",
    "bank_account",
    "phone",
    "guardian_phone",
    "guardian_resident_id",
    "note",
];

/// A secret text. It serialises to its value, for sealing alone, and never prints.
///
/// ```
/// let phone = domain::registry::Hidden::new("13800000000");
/// assert_eq!(format!("{phone:?}"), "Hidden");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: every use is a place to review.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

/// How a relative is related to the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 父亲
    Father,
    /// 母亲
    Mother,
    /// 祖父
    PaternalGrandfather,
    /// 祖母
    PaternalGrandmother,
    /// 外祖父
    MaternalGrandfather,
    /// 外祖母
    MaternalGrandmother,
}

impl Relation {
    const ALL: [Self; 6] = [
        Self::Father,
        Self::Mother,
        Self::PaternalGrandfather,
        Self::PaternalGrandmother,
        Self::MaternalGrandfather,
        Self::MaternalGrandmother,
    ];

    /// The relation of a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|relation| relation.code() == code)
    }

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Father => "father",
            Self::Mother => "mother",
            Self::PaternalGrandfather => "paternal_grandfather",
            Self::PaternalGrandmother => "paternal_grandmother",
            Self::MaternalGrandfather => "maternal_grandfather",
            Self::MaternalGrandmother => "maternal_grandmother",
        }
    }
}

/// A parent or grandparent as a ledger names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relative {
    /// How the person is related to the child.
    pub relation: Relation,
    /// Name, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Resident id as written, normalised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resident_id: Option<Hidden>,
    /// Phone numbers, normalised, several divided by a slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Hidden>,
    /// Where the person works (务工地).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works_at: Option<String>,
}

/// The facts about one child that a ledger row or an officer states. What is unknown is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Particulars {
    /// Name, without inner spaces.
    pub name: String,
    /// Household (户籍) division, a village where known.
    pub household: Division,
    /// Sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
    /// A sound resident id; a doubtful one is left out and the child registers as pending.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "revealed")]
    pub resident_id: Option<ResidentId>,
    /// Number in the national child-welfare system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national_number: Option<String>,
    /// Ethnicity (民族) as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<String>,
    /// Street address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Hidden>,
    /// School (就读学校) as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<String>,
    /// Schooling (就学情况) as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_stage: Option<String>,
    /// Whether the child boards at school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boarding: Option<bool>,
    /// Health (健康状况) as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// Class of disability as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disability_kind: Option<String>,
    /// Level of disability as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disability_level: Option<String>,
    /// Illness as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub illness: Option<String>,
    /// Bank (开户行).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    /// Account number, digits only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_account: Option<Hidden>,
    /// The guardian's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian_name: Option<String>,
    /// How the guardian is related to the child, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian_relation: Option<String>,
    /// The guardian's phone numbers, several divided by a slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian_phone: Option<Hidden>,
    /// The guardian's resident id, normalised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian_resident_id: Option<Hidden>,
    /// Parents and grandparents, at most one of each relation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relatives: Vec<Relative>,
    /// Remarks (备注): free text, in which offices write whatever has no column, numbers among it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Hidden>,
}

impl Particulars {
    /// A child of whom only the name and the household are known.
    #[must_use]
    pub fn of(name: impl Into<String>, household: Division) -> Self {
        Self {
            name: name.into(),
            household,
            sex: None,
            birth: None,
            resident_id: None,
            national_number: None,
            ethnicity: None,
            address: None,
            school: None,
            school_stage: None,
            boarding: None,
            health: None,
            disability_kind: None,
            disability_level: None,
            illness: None,
            bank_name: None,
            bank_account: None,
            guardian_name: None,
            guardian_relation: None,
            guardian_phone: None,
            guardian_resident_id: None,
            relatives: Vec::new(),
            note: None,
        }
    }

    /// Whether two statements name a guardian, a parent, a phone or an account in common.
    #[must_use]
    pub fn shares_family(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
            one.is_some() && one == other
        }
        let parent = |relative: &Relative| {
            other.relatives.iter().any(|theirs| {
                theirs.relation == relative.relation && same(&theirs.name, &relative.name)
            })
        };
        same(&self.guardian_name, &other.guardian_name)
            || same(&self.guardian_phone, &other.guardian_phone)
            || same(&self.bank_account, &other.bank_account)
            || self.relatives.iter().any(parent)
    }

    /// What finds a child again where a row brings no resident id: name, birth and county, so that a corrected village does not
    /// double the child; without a birth, name and household alone, which must then be the same.
    #[must_use]
    pub fn likeness_key(&self) -> String {
        let Self {
            name,
            birth,
            household,
            ..
        } = self;
        match birth {
            Some(birth) => format!(
                "{name}|{birth}|{}",
                household.county().unwrap_or(*household).code()
            ),
            None => format!("{name}||{}", household.code()),
        }
    }
}

/// The facts as the journal may hold them: secrets appear as *changed*, never as their value.
#[must_use]
pub fn journal_view(facts: &Map<String, Value>) -> Value {
    let view = facts.iter().map(|(key, value)| {
        let shown = match value {
            _ if SEALED_FIELDS.contains(&key.as_str()) => Value::from("changed"),
            Value::Array(items) => Value::Array(items.iter().map(nested_view).collect()),
            other => other.clone(),
        };
        (key.clone(), shown)
    });
    Value::Object(view.collect())
}

fn nested_view(value: &Value) -> Value {
    value
        .as_object()
        .map_or_else(|| value.clone(), journal_view)
}

/// A resident id serialises only inside what is about to be sealed.
mod revealed {
    use kernel::resident_id::ResidentId;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        id: &Option<ResidentId>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match id {
            Some(id) => serializer.serialize_some(id.reveal()),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<ResidentId>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| ResidentId::parse(&text).map_err(D::Error::custom))
            .transpose()
    }
}
