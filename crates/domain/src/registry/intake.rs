//! What a ledger row changes about a child already on file.
//!
//! A row is compared three ways: with the row of the same child taken in before, and with the file as it stands. Only
//! what the office changed in its ledger since then is taken over, so that importing an old ledger again does not undo
//! what an officer corrected on file.

use serde_json::{Map, Value};

use super::{Particulars, journal_view};

/// The fields a row changes, as they were and as they become.
#[derive(Debug, Clone, PartialEq)]
pub struct Amendment {
    /// The file with the changes taken over.
    pub after: Particulars,
    /// The changed fields before, as the journal may hold them.
    pub journal_before: Value,
    /// The changed fields after, as the journal may hold them.
    pub journal_after: Value,
}

/// Takes over from `row` what it says newly; `None` when that is nothing.
///
/// `base` is the same child's row of the ledger before, if there was one. `fill_only` is set when the row is older than
/// what is on file: then it may fill a gap but change nothing.
#[must_use]
pub fn amend(
    current: &Particulars,
    base: Option<&Particulars>,
    row: &Particulars,
    fill_only: bool,
) -> Option<Amendment> {
    let (now, said) = (fields(current), fields(row));
    let said_before = base.map(fields).unwrap_or_default();
    let mut after = now.clone();
    let (mut was, mut becomes) = (Map::new(), Map::new());
    for (key, value) in said {
        let known = now.get(&key);
        let repeated = said_before.get(&key) == Some(&value);
        if repeated || known == Some(&value) || (fill_only && known.is_some()) {
            continue;
        }
        was.insert(key.clone(), known.cloned().unwrap_or(Value::Null));
        becomes.insert(key.clone(), value.clone());
        after.insert(key, value);
    }
    if becomes.is_empty() {
        return None;
    }
    // What two valid files state field by field is a valid file again.
    let after = serde_json::from_value(Value::Object(after)).ok()?;
    Some(Amendment {
        after,
        journal_before: journal_view(&was),
        journal_after: journal_view(&becomes),
    })
}

/// What ledgers last said of each field: the newer statement, and of what it leaves open the older one.
#[must_use]
pub fn said_so_far(newer: Particulars, older: &Particulars) -> Particulars {
    let mut said = fields(older);
    said.extend(fields(&newer));
    // What two valid rows state field by field is a valid row again.
    serde_json::from_value(Value::Object(said)).unwrap_or(newer)
}

/// The facts by name. What is absent is no key, so an empty cell never erases what is known.
fn fields(particulars: &Particulars) -> Map<String, Value> {
    match serde_json::to_value(particulars) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::division::Division;

    use super::*;
    use crate::registry::Hidden;

    fn child(edit: impl FnOnce(&mut Particulars)) -> Particulars {
        let village = Division::new(370_481_001_001).expect("a village");
        let mut child = Particulars::of("虚构甲", village);
        edit(&mut child);
        child
    }

    #[test]
    fn the_same_row_again_changes_nothing() {
        let row = child(|c| c.guardian_name = Some("虚构乙".into()));
        assert_eq!(amend(&row, Some(&row), &row, false), None);
        assert_eq!(amend(&row, None, &row, false), None);
    }

    #[test]
    fn a_new_phone_is_taken_over_and_journalled_without_its_value() {
        let row = child(|c| c.guardian_phone = Some(Hidden::new("13800000000")));
        let amendment = amend(&child(|_| ()), None, &row, false).expect("a change");
        assert_eq!(amendment.after, row);
        assert_eq!(
            amendment.journal_after,
            serde_json::json!({"guardian_phone": "changed"})
        );
        assert!(!format!("{amendment:?}").contains("13800000000"));
    }

    #[test]
    fn an_old_error_in_the_ledger_does_not_undo_an_officers_correction() {
        let wrong = child(|c| c.guardian_name = Some("错字".into()));
        let corrected = child(|c| c.guardian_name = Some("正字".into()));
        assert_eq!(amend(&corrected, Some(&wrong), &wrong, false), None);
        let newer = child(|c| c.guardian_name = Some("新人".into()));
        let amendment = amend(&corrected, Some(&wrong), &newer, false).expect("a change");
        assert_eq!(amendment.after.guardian_name.as_deref(), Some("新人"));
    }

    #[test]
    fn a_ledger_with_fewer_columns_does_not_make_another_forget_what_it_said() {
        let orphans = child(|c| c.health = Some("错字".into()));
        let left_behind = child(|c| c.school_stage = Some("小学".into()));
        let said = said_so_far(left_behind, &orphans);
        let corrected = child(|c| c.health = Some("正字".into()));
        let again = child(|c| {
            c.health = Some("错字".into());
            c.ethnicity = Some("汉族".into());
        });
        let amendment = amend(&corrected, Some(&said), &again, false).expect("something new");
        assert_eq!(amendment.after.health.as_deref(), Some("正字"));
    }

    #[test]
    fn an_empty_cell_erases_nothing_and_an_older_ledger_only_fills_gaps() {
        let current = child(|c| c.school_stage = Some("初中".into()));
        assert_eq!(amend(&current, None, &child(|_| ()), false), None);
        let older = child(|c| {
            c.school_stage = Some("小学".into());
            c.health = Some("健康".into());
        });
        let amendment = amend(&current, None, &older, true).expect("a gap to fill");
        assert_eq!(amendment.after.school_stage.as_deref(), Some("初中"));
        assert_eq!(amendment.after.health.as_deref(), Some("健康"));
    }
}
