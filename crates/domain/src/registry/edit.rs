//! What an officer's own edit makes of a file.

use jiff::civil::Date;
use kernel::explain::{Explain, Lang};
use serde_json::{Map, Value};

use super::{Amendment, Particulars, holds_number, journal_view};
use crate::allowances::account_number;

/// The first day of which anything is told: resident ids and ledgers reach back as far, and a year before it is a slip of the
/// hand.
pub const EARLIEST_DAY: Date = jiff::civil::date(1900, 1, 1);

/// The fields of a file that an edit may state. Guardians, relatives, statuses and placements have days of their own
/// and are changed as such.
pub const EDITABLE_FIELDS: [&str; 18] = [
    "name",
    "household",
    "sex",
    "birth",
    "resident_id",
    "national_number",
    "ethnicity",
    "address",
    "school",
    "school_stage",
    "boarding",
    "health",
    "disability_kind",
    "disability_level",
    "illness",
    "bank_name",
    "bank_account",
    "note",
];

/// The most characters a field holds; a remark is longer.
const LONGEST: usize = 200;
const LONGEST_NOTE: usize = 4_000;

/// Why an edit was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no such field, or it is changed elsewhere.
    #[error("no field to edit: {0}")]
    Unknown(String),
    /// The value does not fit the field.
    #[error("the value of {0} does not fit")]
    Misfit(&'static str),
    /// A number stands where only words belong: readable fields are not sealed.
    #[error("{0} holds a number that belongs into a field of its own")]
    HoldsNumber(&'static str),
    /// Birth or sex contradicts the resident id.
    #[error("{0} contradicts the resident id")]
    Contradiction(&'static str),
}

impl EditError {
    /// The field at fault.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Unknown(field) => field,
            Self::Misfit(field) | Self::HoldsNumber(field) | Self::Contradiction(field) => field,
        }
    }
}

impl Explain for EditError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "edit.unknown_field",
            Self::Misfit(_) => "edit.misfit",
            Self::HoldsNumber(_) => "field.holds_number",
            Self::Contradiction(_) => "edit.contradiction",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let field = self.field();
        match (self, lang) {
            (Self::Unknown(_), Lang::Zh) => {
                format!("档案中没有可修改的字段“{field}”，未作修改。")
            }
            (Self::Unknown(_), Lang::En) => {
                format!("A file has no field “{field}” to edit; nothing was changed.")
            }
            (Self::Misfit(_), Lang::Zh) => {
                format!("字段“{field}”的内容不合要求，未作修改。请更正后再保存。")
            }
            (Self::Misfit(_), Lang::En) => {
                format!(
                    "The value of “{field}” does not fit; nothing was changed. Correct it, then save."
                )
            }
            (Self::HoldsNumber(_), Lang::Zh) => {
                format!("字段“{field}”含有号码。该字段不加密，请把号码填入对应的字段或备注。")
            }
            (Self::HoldsNumber(_), Lang::En) => format!(
                "“{field}” holds a number and is not sealed: put the number into its own field or into the remark."
            ),
            (Self::Contradiction(_), Lang::Zh) => {
                format!("字段“{field}”与身份证号不符，未作修改。请核对后再保存。")
            }
            (Self::Contradiction(_), Lang::En) => {
                format!(
                    "“{field}” contradicts the resident id; nothing was changed. Check both, then save."
                )
            }
        }
    }
}

/// The file with these fields changed; null empties a field. Nothing when that changes nothing.
///
/// A resident id brings birth and sex along where they are not stated.
///
/// # Errors
/// [`EditError`] for the first field that does not fit.
pub fn edit(
    current: &Particulars,
    changes: &Map<String, Value>,
    today: Date,
) -> Result<Option<Amendment>, EditError> {
    let before = fields_of(current);
    let mut after = before.clone();
    for (name, value) in changes {
        let field = EDITABLE_FIELDS
            .into_iter()
            .find(|field| field == name)
            .ok_or_else(|| EditError::Unknown(name.clone()))?;
        let value = tidied(field, value)?;
        match value {
            Value::Null if matches!(field, "name" | "household") => {
                return Err(EditError::Misfit(field));
            }
            Value::Null => after.remove(field),
            value => after.insert(field.to_owned(), value),
        };
        // One at a time, so that the field at fault is known.
        if serde_json::from_value::<Particulars>(Value::Object(after.clone())).is_err() {
            return Err(EditError::Misfit(field));
        }
    }
    let mut after: Particulars =
        serde_json::from_value(Value::Object(after)).map_err(|_| EditError::Misfit("name"))?;
    agree_with_id(&mut after, changes)?;
    if after
        .birth
        .is_some_and(|birth| birth < EARLIEST_DAY || birth > today)
    {
        return Err(EditError::Misfit("birth"));
    }
    Ok(difference(&before, after))
}

/// Blanks are nothing; what is readable holds no numbers, and an account is one.
fn tidied(field: &'static str, value: &Value) -> Result<Value, EditError> {
    let Value::String(text) = value else {
        return Ok(value.clone());
    };
    let text = text.trim();
    let longest = if field == "note" {
        LONGEST_NOTE
    } else {
        LONGEST
    };
    if text.chars().count() > longest || text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(EditError::Misfit(field));
    }
    let readable = !super::SEALED_FIELDS.contains(&field)
        && !matches!(field, "national_number" | "birth" | "sex");
    if readable && holds_number(text) {
        return Err(EditError::HoldsNumber(field));
    }
    Ok(match (field, text) {
        (_, "") => Value::Null,
        ("bank_account", text) => account_number(text).ok_or(EditError::Misfit(field))?.into(),
        (_, text) => text.into(),
    })
}

fn agree_with_id(after: &mut Particulars, changes: &Map<String, Value>) -> Result<(), EditError> {
    let Some(id) = &after.resident_id else {
        return Ok(());
    };
    if changes.contains_key("resident_id") {
        if !changes.contains_key("birth") {
            after.birth = Some(id.birth());
        }
        if !changes.contains_key("sex") {
            after.sex = Some(id.sex());
        }
    }
    let touched = ["resident_id", "birth", "sex"]
        .iter()
        .any(|field| changes.contains_key(*field));
    // What an import left contradicting is a work item's to settle, not a school's change to stumble over.
    if !touched {
        return Ok(());
    }
    if after.birth != Some(id.birth()) {
        return Err(EditError::Contradiction("birth"));
    }
    if after.sex != Some(id.sex()) {
        return Err(EditError::Contradiction("sex"));
    }
    Ok(())
}

/// What a kept file has of its own once it is parted from its double: what it took over from the double and holds
/// unchanged goes, what was edited since stays.
///
/// `before` and `joined` are the kept file as it was before and after the merge.
#[must_use]
pub fn parted(current: &Particulars, before: &Particulars, joined: &Particulars) -> Particulars {
    let (before, joined) = (fields_of(before), fields_of(joined));
    let mut parted = fields_of(current);
    for (name, value) in joined {
        if parted.get(&name) == Some(&value) {
            match before.get(&name) {
                Some(own) => parted.insert(name, own.clone()),
                None => parted.remove(&name),
            };
        }
    }
    // What two valid files state field by field is a valid file again.
    serde_json::from_value(Value::Object(parted)).unwrap_or_else(|_| current.clone())
}

fn difference(before: &Map<String, Value>, after: Particulars) -> Option<Amendment> {
    let becomes = fields_of(&after);
    let (mut was, mut is) = (Map::new(), Map::new());
    for name in EDITABLE_FIELDS {
        let (old, new) = (before.get(name), becomes.get(name));
        if old != new {
            was.insert(name.into(), old.cloned().unwrap_or_default());
            is.insert(name.into(), new.cloned().unwrap_or_default());
        }
    }
    (!is.is_empty()).then(|| Amendment {
        after,
        journal_before: journal_view(&was),
        journal_after: journal_view(&is),
    })
}

fn fields_of(particulars: &Particulars) -> Map<String, Value> {
    match serde_json::to_value(particulars) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::division::Division;
    use serde_json::json;

    use super::*;

    const TODAY: Date = date(2021, 11, 4);

    fn child() -> Particulars {
        let village = Division::new(370_481_001_001).expect("a village");
        let mut child = Particulars::of("虚构甲", village);
        child.school = Some("虚构小学".into());
        child
    }

    fn edited(changes: Value) -> Result<Option<Amendment>, EditError> {
        edit(&child(), changes.as_object().expect("fields"), TODAY)
    }

    #[test]
    fn an_account_is_a_number_whatever_gaps_it_is_written_with() {
        let account = |written: &str| {
            let edited = edited(json!({ "bank_account": written }));
            edited.map(|amendment| amendment.unwrap().after.bank_account.unwrap())
        };
        let number = account("6000 0000-0000 0001").unwrap();
        assert_eq!(number.reveal(), "6000000000000001");
        for wrong in ["1234567", "六千", "6000000000000001x"] {
            assert_eq!(account(wrong), Err(EditError::Misfit("bank_account")));
        }
        assert_eq!(edited(json!({ "bank_account": " " })), Ok(None));
    }

    #[test]
    fn a_field_is_changed_emptied_or_left_as_it_is() {
        let changed = edited(json!({ "school": " 虚构中学 " })).unwrap().unwrap();
        assert_eq!(changed.after.school.as_deref(), Some("虚构中学"));
        assert_eq!(changed.journal_before, json!({ "school": "虚构小学" }));
        for nothing in [json!(null), json!("  ")] {
            let emptied = edited(json!({ "school": nothing })).unwrap().unwrap();
            assert_eq!(emptied.after.school, None);
        }
        assert_eq!(edited(json!({ "school": "虚构小学" })), Ok(None));
        assert_eq!(edited(json!({})), Ok(None));
    }

    #[test]
    fn a_secret_is_journalled_as_changed() {
        let changed = edited(json!({ "note": "电话13800000000" }))
            .unwrap()
            .unwrap();
        assert_eq!(changed.journal_after, json!({ "note": "changed" }));
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_field() {
        for (changes, code, field) in [
            (
                json!({ "guardian_name": "虚构" }),
                "edit.unknown_field",
                "guardian_name",
            ),
            (json!({ "name": "" }), "edit.misfit", "name"),
            (json!({ "household": null }), "edit.misfit", "household"),
            (json!({ "birth": "2012-13-01" }), "edit.misfit", "birth"),
            (json!({ "birth": "2031-01-01" }), "edit.misfit", "birth"),
            (
                json!({ "resident_id": "37048120120605000" }),
                "edit.misfit",
                "resident_id",
            ),
            (
                json!({ "school": "13800000000" }),
                "field.holds_number",
                "school",
            ),
            (
                json!({ "health": "x".repeat(201) }),
                "edit.misfit",
                "health",
            ),
        ] {
            let error = edited(changes.clone()).unwrap_err();
            assert_eq!((error.code(), error.field()), (code, field), "{changes}");
        }
    }

    #[test]
    fn a_resident_id_brings_birth_and_sex_along_and_suffers_no_contradiction() {
        let id = "11010519491231002X";
        let changed = edited(json!({ "resident_id": id })).unwrap().unwrap();
        assert_eq!(changed.after.birth, Some(date(1949, 12, 31)));
        let error = edited(json!({ "resident_id": id, "birth": "1950-01-01" })).unwrap_err();
        assert_eq!(error, EditError::Contradiction("birth"));
    }

    #[test]
    fn parting_takes_back_what_was_taken_over_and_leaves_what_was_edited_since() {
        let before = child();
        let mut joined = child();
        joined.health = Some("健康".into());
        joined.ethnicity = Some("汉族".into());
        assert_eq!(parted(&joined, &before, &joined), before);
        let mut edited = joined.clone();
        edited.health = Some("残疾".into());
        let left = parted(&edited, &before, &joined);
        assert_eq!(
            (left.health.as_deref(), left.ethnicity),
            (Some("残疾"), None)
        );
    }
}
