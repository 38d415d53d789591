//! 季度确认: who is confirmed in a quarter, until when, and what is asked of whoever confirms.
//!
//! **Invariant.** A confirmation pays nothing and stops nothing: it says that somebody looked.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::explain::{Explain, Lang};
use kernel::ids::ChildId;
use kernel::month::Quarter;

use crate::registry::holds_number;

/// The most children that are confirmed at once.
pub const MOST_CONFIRMED: usize = 200;
/// The most characters of a note.
const LONGEST_NOTE: usize = 1_000;

/// Why nothing was confirmed.
///
/// ```
/// use domain::allowances::ConfirmationError;
/// use kernel::explain::Explain;
/// assert_eq!(ConfirmationError::Nobody.code(), "confirmation.nobody");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmationError {
    /// No child was chosen.
    #[error("nobody was chosen")]
    Nobody,
    /// More than [`MOST_CONFIRMED`] children.
    #[error("too many were chosen")]
    TooMany,
    /// The note is too long, or holds a number that is not sealed elsewhere.
    #[error("the note does not fit")]
    Note,
    /// No rule asks for a confirmation now.
    #[error("nothing is to be confirmed")]
    NotAsked,
}

impl Explain for ConfirmationError {
    fn code(&self) -> &'static str {
        match self {
            Self::Nobody => "confirmation.nobody",
            Self::TooMany => "confirmation.too_many",
            Self::Note => "confirmation.note",
            Self::NotAsked => "confirmation.not_asked",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Nobody, Lang::Zh) => {
                "没有选择儿童，未确认任何人。请在名单中勾选后再确认。".into()
            }
            (Self::Nobody, Lang::En) => {
                "No child was chosen and nobody was confirmed: choose from the list first.".into()
            }
            (Self::TooMany, Lang::Zh) => format!("一次最多确认{MOST_CONFIRMED}人，请分次确认。"),
            (Self::TooMany, Lang::En) => {
                format!("At most {MOST_CONFIRMED} children are confirmed at once: do it in parts.")
            }
            (Self::Note, Lang::Zh) => "备注过长，或含有号码，未确认任何人。请更正后再确认。".into(),
            (Self::Note, Lang::En) => {
                "The note is too long or holds a number, and nobody was confirmed: correct it."
                    .into()
            }
            (Self::NotAsked, Lang::Zh) => "现行规则未要求按季确认，未作记录。".into(),
            (Self::NotAsked, Lang::En) => {
                "No rule in force asks for a confirmation, and nothing was recorded.".into()
            }
        }
    }
}

/// The quarter of a day, and the last day on which its children are confirmed in time.
///
/// ```
/// use domain::allowances::review_of;
/// use jiff::civil::date;
/// let (quarter, due) = review_of(date(2021, 11, 4));
/// assert_eq!((quarter.to_string(), due), ("2021Q4".to_owned(), date(2021, 12, 31)));
/// ```
#[must_use]
pub fn review_of(day: Date) -> (Quarter, Date) {
    let quarter = Quarter::of(day);
    (quarter, quarter.last())
}

/// The children to confirm of those that were chosen, each once, with the note as it is kept. Whoever is confirmed already
/// is not confirmed again.
///
/// # Errors
/// [`ConfirmationError`].
///
/// ```
/// use domain::allowances::{ConfirmationError, to_confirm};
/// assert_eq!(to_confirm(&[], &[], ""), Err(ConfirmationError::Nobody));
/// ```
pub fn to_confirm<'n>(
    chosen: &[ChildId],
    confirmed: &[ChildId],
    note: &'n str,
) -> Result<(Vec<ChildId>, Option<&'n str>), ConfirmationError> {
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE || holds_number(note) {
        return Err(ConfirmationError::Note);
    }
    let chosen: BTreeSet<ChildId> = chosen.iter().copied().collect();
    match chosen.len() {
        0 => return Err(ConfirmationError::Nobody),
        many if many > MOST_CONFIRMED => return Err(ConfirmationError::TooMany),
        _ => {}
    }
    let new = chosen
        .into_iter()
        .filter(|child| !confirmed.contains(child));
    Ok((new.collect(), (!note.is_empty()).then_some(note)))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::clock::SeededEntropy;
    use proptest::prelude::*;

    use super::*;

    fn children(count: usize) -> Vec<ChildId> {
        let entropy = SeededEntropy::new(7);
        let one = |_| ChildId::generate(Timestamp::UNIX_EPOCH, &entropy);
        (0..count).map(one).collect()
    }

    #[test]
    fn a_note_with_a_number_and_a_list_that_is_too_long_are_refused() {
        let all = children(MOST_CONFIRMED + 1);
        let refused = |chosen: &[ChildId], note: &str| to_confirm(chosen, &[], note).unwrap_err();
        assert_eq!(refused(&all, ""), ConfirmationError::TooMany);
        assert_eq!(
            refused(&all[..1], "电话 138-0000-0000"),
            ConfirmationError::Note
        );
        assert_eq!(
            refused(&all[..1], &"字".repeat(1_001)),
            ConfirmationError::Note
        );
        let (new, note) = to_confirm(&all[..1], &[], " 入户见到本人 ").unwrap();
        assert_eq!((new.as_slice(), note), (&all[..1], Some("入户见到本人")));
    }

    proptest! {
        #[test]
        fn whoever_was_chosen_is_confirmed_once_whatever_came_before(
            chosen in proptest::collection::vec(0_usize..30, 1..60),
            confirmed in proptest::collection::vec(0_usize..30, 0..30),
        ) {
            let all = children(30);
            let of = |places: &[usize]| places.iter().map(|at| all[*at]).collect::<Vec<_>>();
            let (chosen, confirmed) = (of(&chosen), of(&confirmed));
            let (new, _) = to_confirm(&chosen, &confirmed, "").unwrap();
            let distinct: BTreeSet<ChildId> = new.iter().copied().collect();
            prop_assert_eq!(distinct.len(), new.len());
            for child in &all {
                let expected = chosen.contains(child) && !confirmed.contains(child);
                prop_assert_eq!(new.contains(child), expected);
            }
        }

        #[test]
        fn a_quarter_is_due_on_its_own_last_day(days in 0_i32..40_000) {
            let day = jiff::civil::date(1990, 1, 1).saturating_add(jiff::ToSpan::days(days));
            let (quarter, due) = review_of(day);
            prop_assert!(quarter.first() <= day && day <= due);
            prop_assert_ne!(review_of(due.tomorrow().unwrap()).0, quarter);
        }
    }
}
