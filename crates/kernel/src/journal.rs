//! What the journal remembers of a change: what was done, to what, where, before and after.
//!
//! **Invariant.** A sealed value never enters an entry; its field appears as the word `changed`. Who did it,
//! when and for what purpose is added by the unit of work that writes the entry.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::division::Division;

/// The thing an entry is about.
///
/// ```
/// use kernel::journal::Subject;
/// let subject = Subject::new("child", uuid::Uuid::nil());
/// assert_eq!(subject.kind, "child");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// What kind of thing it is, by its glossary name: `child`, `unit`, `appointment`.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
}

impl Subject {
    /// A subject of this kind.
    #[must_use]
    pub const fn new(kind: &'static str, id: Uuid) -> Self {
        Self { kind, id }
    }
}

/// Stands in an entry for a value that must not be in it.
///
/// ```
/// use kernel::journal::Sealed;
/// assert_eq!(serde_json::to_string(&Sealed)?, "\"changed\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed;

impl Sealed {
    /// The literal that stands for every sealed value.
    pub const WORD: &str = "changed";
}

impl Serialize for Sealed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Self::WORD)
    }
}

/// One entry of the journal.
///
/// ```
/// use kernel::division::Division;
/// use kernel::journal::{Entry, Subject};
/// use serde_json::json;
/// let subject = Subject::new("child", uuid::Uuid::nil());
/// let entry = Entry::new("registry.child_edited", subject)
///     .at(Division::parse("370481")?)
///     .before(json!({ "school": "实验小学" }))
///     .after(json!({ "school": "北辛中学" }))
///     .sealed_changed("resident_id");
/// assert_eq!(*entry.after, json!({ "school": "北辛中学", "resident_id": "changed" }));
/// # Ok::<(), kernel::division::DivisionError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What was done, as `subsystem.past_tense`.
    pub action: &'static str,
    /// To what.
    pub subject: Subject,
    /// Where, for the reach of those who read the journal.
    pub division: Option<Division>,
    /// Whether the subject is known to its named officers alone, and so is this entry.
    pub sealed: bool,
    /// The changed fields as they were; null for something new. Shared, so that a long ledger's entries cost no copy.
    pub before: Arc<Value>,
    /// The changed fields as they are; null for something removed.
    pub after: Arc<Value>,
}

impl Entry {
    /// An entry that so far says only what was done to what.
    #[must_use]
    pub fn new(action: &'static str, subject: Subject) -> Self {
        Self {
            action,
            subject,
            division: None,
            sealed: false,
            before: Arc::default(),
            after: Arc::default(),
        }
    }

    /// Done in this division.
    #[must_use]
    pub fn at(mut self, division: Division) -> Self {
        self.division = Some(division);
        self
    }

    /// Readable by the subject's named officers alone, if `sealed`.
    #[must_use]
    pub const fn sealed(mut self, sealed: bool) -> Self {
        self.sealed = sealed;
        self
    }

    /// The fields as they were.
    #[must_use]
    pub fn before(mut self, fields: Value) -> Self {
        self.before = fields.into();
        self
    }

    /// The fields as they are.
    #[must_use]
    pub fn after(mut self, fields: Value) -> Self {
        self.after = fields.into();
        self
    }

    /// Both sides of a difference.
    #[must_use]
    pub fn changed(self, difference: Difference) -> Self {
        self.before(difference.before).after(difference.after)
    }

    /// Notes that the sealed field `name` changed, without either value. Call it after
    /// [`Entry::after`], which replaces what stood there.
    #[must_use]
    pub fn sealed_changed(mut self, name: &'static str) -> Self {
        let after = Arc::make_mut(&mut self.after);
        if !after.is_object() {
            *after = Value::Object(Map::new());
        }
        after[name] = Value::from(Sealed::WORD);
        self
    }
}

/// The fields in which two versions of a thing differ.
///
/// ```
/// use kernel::journal::diff;
/// use serde_json::json;
/// let difference = diff(&json!({ "a": 1, "b": 2 }), &json!({ "a": 1, "b": 3 }))?;
/// assert_eq!((difference.before, difference.after), (json!({ "b": 2 }), json!({ "b": 3 })));
/// # Ok::<(), kernel::journal::NotRecordable>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Their earlier values.
    pub before: Value,
    /// Their later values.
    pub after: Value,
}

impl Difference {
    /// Whether the two versions are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before == self.after
    }
}

/// A value that has no form as JSON, such as a map whose keys are no texts. A mistake in the program.
///
/// ```
/// use kernel::journal::{NotRecordable, diff};
/// let odd = std::collections::BTreeMap::from([((1, 2), 3)]);
/// assert!(diff(&odd, &odd).is_err());
/// ```
#[derive(Debug, thiserror::Error)]
#[error("a value cannot be recorded in the journal")]
pub struct NotRecordable(#[source] serde_json::Error);

/// What changed between two versions, field by field at the top level. A field that only one side has is
/// null on the other; versions that are no objects are compared whole.
///
/// # Errors
/// [`NotRecordable`] where a version has no JSON form.
pub fn diff(before: &impl Serialize, after: &impl Serialize) -> Result<Difference, NotRecordable> {
    let before = serde_json::to_value(before).map_err(NotRecordable)?;
    let after = serde_json::to_value(after).map_err(NotRecordable)?;
    let (Value::Object(earlier), Value::Object(later)) = (&before, &after) else {
        let same = before == after;
        return Ok(if same {
            Difference {
                before: Value::Null,
                after: Value::Null,
            }
        } else {
            Difference { before, after }
        });
    };
    let (mut was, mut is) = (Map::new(), Map::new());
    for name in earlier.keys().chain(later.keys()) {
        let (old, new) = (earlier.get(name), later.get(name));
        if old != new {
            was.insert(name.clone(), old.cloned().unwrap_or_default());
            is.insert(name.clone(), new.cloned().unwrap_or_default());
        }
    }
    Ok(Difference {
        before: Value::Object(was),
        after: Value::Object(is),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_that_come_and_go_are_null_on_the_other_side() {
        let difference = diff(
            &json!({ "phone": 1, "name": "甲" }),
            &json!({ "name": "甲", "school": 2 }),
        )
        .unwrap();
        assert_eq!(difference.before, json!({ "phone": 1, "school": null }));
        assert_eq!(difference.after, json!({ "phone": null, "school": 2 }));
    }

    #[test]
    fn no_change_is_an_empty_difference() {
        for value in [json!({ "a": [1, 2] }), json!(3), Value::Null] {
            assert!(diff(&value, &value).unwrap().is_empty());
        }
    }

    #[test]
    fn a_thing_made_or_removed_is_recorded_whole() {
        let difference = diff(&Value::Null, &json!({ "name": "甲" })).unwrap();
        assert_eq!(
            difference,
            Difference {
                before: Value::Null,
                after: json!({ "name": "甲" })
            }
        );
    }

    #[test]
    fn a_sealed_field_is_a_word() {
        let entry = Entry::new("registry.child_edited", Subject::new("child", Uuid::nil()))
            .sealed_changed("phone");
        assert_eq!(*entry.after, json!({ "phone": "changed" }));
        assert_eq!(*entry.before, Value::Null);
    }

    proptest! {
        #[test]
        fn a_difference_holds_exactly_the_changed_fields(
            before in proptest::collection::btree_map("[a-e]", 0..3, 0..5),
            after in proptest::collection::btree_map("[a-e]", 0..3, 0..5),
        ) {
            let difference = diff(&before, &after).unwrap();
            for name in ["a", "b", "c", "d", "e"] {
                let changed = before.get(name) != after.get(name);
                prop_assert_eq!(difference.before.get(name).is_some(), changed);
                prop_assert_eq!(difference.after.get(name).is_some(), changed);
            }
        }
    }
}
