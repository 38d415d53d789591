//! The kinds of rule as files write them: one array of tables each.
//!
//! The comments on the keys are the words of the published schema.

use std::collections::BTreeMap;

use kernel::category::{Category, Group};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::clock::{Interval, Leg, Path};
use crate::reading::Row;
use crate::remedy::Remedy;
use crate::rulebook::Definition;
use crate::schema::category_code;
use crate::situation::{Basis, DisabilityKind, Situation, Threshold};

/// A class of children that there is at a place and a time, and the document that made it. A class without an
/// entry is not decided.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CategoryRow {
    /// Its code.
    #[schemars(schema_with = "category_code")]
    pub(crate) category: Category,
    /// For left_behind alone: whether only children with a rural household are meant. Left out: true.
    #[serde(default)]
    pub(crate) rural_only: Option<bool>,
    /// Whether names are put up in public before the decision. Left out: false.
    #[serde(default)]
    pub(crate) public_notice: bool,
}

impl Row for CategoryRow {
    const KIND: &'static str = "category";

    fn fault(&self) -> Option<String> {
        let misplaced = self.rural_only.is_some() && self.category != Category::LeftBehind;
        misplaced.then(|| "rural_only: for left_behind alone".to_owned())
    }
}

impl CategoryRow {
    pub(crate) fn split(self) -> (Category, Definition) {
        let definition = Definition {
            rural_only: self.rural_only.unwrap_or(true),
            public_notice: self.public_notice,
        };
        (self.category, definition)
    }
}

/// The age at which a child leaves a class.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgeLimitRow {
    /// The class.
    #[schemars(schema_with = "category_code")]
    pub(crate) category: Category,
    /// A child is younger than so many full years (周岁); on that birthday it no longer is.
    pub(crate) under: u8,
}

impl Row for AgeLimitRow {
    const KIND: &'static str = "age_limit";
}

/// That a child who studies full time stays in a class beyond its age limit.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StudyExtensionRow {
    /// The class.
    #[schemars(schema_with = "category_code")]
    pub(crate) category: Category,
    /// False ends it, or takes it back for one place. Left out: true.
    #[serde(default)]
    pub(crate) extends: Option<bool>,
}

impl Row for StudyExtensionRow {
    const KIND: &'static str = "study_extension";
}

/// A situation of a parent: that it counts at all, from when on, and what shows it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SituationRow {
    /// Its code. `able` and `unknown` have no entry.
    pub(crate) situation: Situation,
    /// Full months it must last: the term for imprisoned, compulsory_rehab and other_restraint; the time since
    /// `since` for lost_contact and working_away. Left out: no duration is asked for.
    #[serde(default)]
    pub(crate) months: Option<u16>,
    /// For a term: `total`, the whole term as ordered, or `remaining`, what is left on the day. Left out: total.
    #[serde(default)]
    pub(crate) basis: Option<Basis>,
    /// Whether `basis` was checked against a document. Left out: as `verified`.
    #[serde(default)]
    pub(crate) basis_verified: Option<bool>,
    /// For severe_disability: the least severe level that counts, 1 to 4, of kinds that `level_of` does not name.
    #[serde(default)]
    #[schemars(range(min = 0, max = 4))]
    pub(crate) level: Option<u8>,
    /// The same for single kinds, such as `{ mental = 4, intellectual = 4 }`.
    #[serde(default)]
    #[schemars(schema_with = "crate::schema::level_of")]
    pub(crate) level_of: BTreeMap<DisabilityKind, u8>,
    /// Codes of the papers that show it; any one of them does.
    #[serde(default)]
    pub(crate) evidence: Vec<String>,
}

impl Row for SituationRow {
    const KIND: &'static str = "situation";

    fn fault(&self) -> Option<String> {
        let of = self.situation;
        let severe = of == Situation::SevereDisability;
        let lasts = of.has_term() || matches!(of, Situation::LostContact | Situation::WorkingAway);
        let levels = self.level_of.values().copied().chain(self.level);
        let told = match of {
            Situation::Able | Situation::Unknown => "situation: able and unknown have no entry",
            _ if self.months.is_some() && !lasts => "months: this situation has no duration",
            _ if self.basis.is_some() && !of.has_term() => "basis: this situation has no term",
            _ if self.basis_verified.is_some() && !of.has_term() => {
                "basis_verified: this situation has no term"
            }
            _ if !severe && (self.level.is_some() || !self.level_of.is_empty()) => {
                "level, level_of: for severe_disability alone"
            }
            _ if severe && self.level.is_none() && self.level_of.is_empty() => {
                "missing field `level`"
            }
            _ if levels.max() > Some(4) => "level, level_of: expected 0 to 4",
            _ => return None,
        };
        Some(told.to_owned())
    }
}

impl SituationRow {
    pub(crate) fn split(self) -> (Situation, Threshold) {
        let threshold = Threshold {
            months: self.months,
            basis: self.basis.unwrap_or_default(),
            basis_verified: self.basis_verified,
            level: self.level.unwrap_or(0),
            level_of: self.level_of,
            evidence: self.evidence,
        };
        (self.situation, threshold)
    }
}

/// One child, one cash class: which stands when several hold.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrecedenceRow {
    /// Cash classes, the highest first. One that is not named comes after those that are.
    #[schemars(schema_with = "crate::schema::category_codes")]
    pub(crate) order: Vec<Category>,
}

impl Row for PrecedenceRow {
    const KIND: &'static str = "precedence";

    fn fault(&self) -> Option<String> {
        let mut seen = Vec::new();
        for category in &self.order {
            if category.group() != Group::Cash {
                return Some(format!("order: {category} is no cash class"));
            }
            if seen.contains(category) {
                return Some(format!("order: {category} is there twice"));
            }
            seen.push(*category);
        }
        None
    }
}

/// The papers an application for a class needs, beside the evidence of the parents' situations.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PapersRow {
    /// The class.
    #[schemars(schema_with = "category_code")]
    pub(crate) category: Category,
    /// Codes of the papers; all of them are needed.
    pub(crate) required: Vec<String>,
}

impl Row for PapersRow {
    const KIND: &'static str = "papers";
}

/// What a paper is called on screens and in letters. It is in force everywhere and always: `place`, `from`,
/// `cite` and the other keys of dated entries are not written here.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperNameRow {
    /// The code by which `required` and `evidence` name it.
    pub(crate) paper: String,
    /// In Chinese.
    pub(crate) zh: String,
    /// In English.
    pub(crate) en: String,
}

impl Row for PaperNameRow {
    const KIND: &'static str = "paper_name";
}

/// The legs of a path and their working days. A path without an entry for a class is not open to it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockRow {
    /// The class.
    #[schemars(schema_with = "category_code")]
    pub(crate) category: Category,
    /// The way the application takes.
    pub(crate) path: Path,
    /// One after the other; each begins when the one before it is done.
    #[schemars(length(min = 1))]
    pub(crate) legs: Vec<Leg>,
}

impl Row for ClockRow {
    const KIND: &'static str = "clock";

    fn fault(&self) -> Option<String> {
        self.legs
            .is_empty()
            .then(|| "legs: expected at least one".to_owned())
    }
}

/// How long a decision can be appealed against.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemedyRow {
    /// In which way.
    pub(crate) remedy: Remedy,
    /// For how long after the decision was received: days for `administrative_review`, months for `lawsuit`.
    pub(crate) term: u16,
}

impl Row for RemedyRow {
    const KIND: &'static str = "remedy";
}

/// Working days of an application that no path's clock sets.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntervalRow {
    /// What they are for.
    pub(crate) interval: Interval,
    /// How many; the day on which it begins is not counted.
    pub(crate) working_days: u16,
}

impl Row for IntervalRow {
    const KIND: &'static str = "interval";
}
