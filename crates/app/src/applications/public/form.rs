//! What an applicant fills in, as it is saved: all of it may still be missing.

use std::fmt;

use domain::applications::{Applicant, Capacity, Stated};
use domain::registry::{Hidden, Particulars, edit};
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::UnitId;
use kernel::resident_id::ResidentId;
use policy::Fact;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::draft::readable;
use super::super::grounds::read;
use super::error::{PublicError, PublicObstacle};

/// The most bytes of facts that are saved.
const MOST_FACTS: usize = 8_000;

/// What is filled in. Kept sealed as a whole; nothing of it shows in `Debug`.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Form {
    /// The town at which it is filed.
    pub town: Option<UnitId>,
    /// What is applied for.
    pub category: Option<Category>,
    /// The child's name.
    pub child: Option<String>,
    /// The child's resident id, as typed.
    pub resident_id: Option<Hidden>,
    /// The child's household.
    pub household: Option<Division>,
    /// Who applies.
    pub applicant: Option<String>,
    /// In what capacity.
    pub capacity: Option<Capacity>,
    /// Related to the child how.
    pub relation: Option<String>,
    /// The applicant's phone.
    pub phone: Option<Hidden>,
    /// The facts as the rulebook reads them.
    pub facts: Map<String, Value>,
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Form")
    }
}

impl Form {
    /// Whether it may be kept at all: texts have bounds, facts can be read, and nothing in it is for the county alone.
    pub(super) fn keepable(&self) -> Result<(), PublicError> {
        let resident_id = self.resident_id.as_ref().map(Hidden::reveal);
        for (field, text) in [
            ("child", self.child.as_deref()),
            ("resident_id", resident_id),
            ("applicant", self.applicant.as_deref()),
            ("relation", self.relation.as_deref()),
        ] {
            let text = text.unwrap_or_default();
            if text.chars().count() > 100 || text.chars().any(char::is_control) {
                return Err(PublicError::Misfit(field));
            }
        }
        let facts = read(&self.facts)?;
        let bytes = serde_json::to_vec(&self.facts).map_or(usize::MAX, |bytes| bytes.len());
        if bytes > MOST_FACTS {
            return Err(PublicError::Misfit("facts"));
        }
        let infected = facts.child.hiv_infected == Fact::Known(true);
        match infected || self.category.is_some_and(Category::is_sealed) {
            true => Err(PublicObstacle::CountyAlone.into()),
            false => Ok(()),
        }
    }

    /// What the application states, if everything is there; with the last four signs of the child's id.
    pub(super) fn stated(&self, today: Date) -> Result<(Stated, String), PublicError> {
        let wanted = |text: &Option<String>, field| {
            let text = text.as_deref().map(str::trim);
            let text = text.filter(|text| !text.is_empty());
            text.map(str::to_owned).ok_or(PublicError::Misfit(field))
        };
        let name = wanted(&self.child, "child")?;
        let household = self.household.ok_or(PublicError::Misfit("household"))?;
        let typed = self.resident_id.as_ref().map(Hidden::reveal);
        let id = ResidentId::parse(typed.unwrap_or_default())
            .map_err(|_| PublicError::Misfit("resident_id"))?;
        let bare = Particulars::of(&name, household);
        let mut fields = Map::new();
        fields.insert("resident_id".into(), id.reveal().into());
        let child = edit(&bare, &fields, today)
            .map_err(|_| PublicError::Misfit("resident_id"))?
            .map_or(bare, |stated| stated.after);
        let stated = Stated {
            child,
            applicant: Applicant {
                name: wanted(&self.applicant, "applicant")?,
                capacity: self.capacity.ok_or(PublicError::Misfit("capacity"))?,
                relation: wanted(&self.relation, "relation").ok(),
                phone: self.phone.clone(),
            },
            facts: self.facts.clone(),
        };
        readable(&stated)?;
        let end: String = id.reveal().chars().skip(14).collect();
        Ok((stated, end))
    }
}

/// A telephone number, of 7 to 15 digits, with what people write between them taken out.
pub(super) fn phone(text: &str) -> Result<String, PublicError> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || " -+()".contains(c));
    match plain && (7..=15).contains(&digits.len()) {
        true => Ok(digits),
        false => Err(PublicError::Misfit("phone")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn nothing_of_a_child_affected_by_aids_is_kept() {
        let sealed = Form {
            category: Some(Category::AidsAffected),
            ..Form::default()
        };
        let told = Form {
            facts: facts(json!({ "child": { "hiv_infected": true } })),
            ..Form::default()
        };
        for form in [sealed, told] {
            let refused = form.keepable();
            assert!(matches!(
                refused,
                Err(PublicError::Hindered(PublicObstacle::CountyAlone))
            ));
        }
        let denied = Form {
            facts: facts(json!({ "child": { "hiv_infected": false } })),
            ..Form::default()
        };
        assert!(denied.keepable().is_ok());
    }

    #[test]
    fn what_is_half_filled_in_is_kept_but_states_nothing() {
        let half = Form {
            child: Some("虚构小满".into()),
            ..Form::default()
        };
        assert!(half.keepable().is_ok());
        let today = jiff::civil::date(2021, 11, 4);
        assert!(matches!(
            half.stated(today),
            Err(PublicError::Misfit("household"))
        ));
    }

    #[test]
    fn a_phone_is_read_as_people_write_it() {
        assert_eq!(phone("154-0000 1234").ok().as_deref(), Some("15400001234"));
        for wrong in ["", "12345", "1540000123４", "ring me"] {
            assert!(phone(wrong).is_err(), "{wrong}");
        }
    }
}
