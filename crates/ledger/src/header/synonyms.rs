//! The table of names for columns, groups and categories, which an office can extend.

use std::borrow::Cow;
use std::collections::HashMap;

use kernel::category::Category;
use serde::Deserialize;

use super::layout::{Field, Group};
use crate::error::LedgerError;
use crate::text::{is_invisible, narrow};

const BUILTIN: &str = include_str!("../../synonyms.toml");

/// Names of columns, groups and categories, tidied for comparison.
///
/// ```
/// let mut synonyms = ledger::header::Synonyms::builtin()?;
/// synonyms.extend("[fields]\nname = [\"小朋友\"]")?;
/// assert!(synonyms.extend("[columns]\nname = [\"小朋友\"]").is_err());
/// # Ok::<(), ledger::LedgerError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Synonyms {
    fields: HashMap<String, Field>,
    groups: HashMap<String, Group>,
    categories: HashMap<String, Category>,
    states: HashMap<String, ListState>,
}

/// Whether a child that a list names is in it still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListState {
    /// 在册
    Active,
    /// 终止、停发、退出
    Ended,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    fields: HashMap<Field, Vec<String>>,
    #[serde(default)]
    groups: HashMap<Group, Vec<String>>,
    #[serde(default)]
    categories: HashMap<Category, Vec<String>>,
    #[serde(default)]
    states: HashMap<ListState, Vec<String>>,
}

impl Synonyms {
    /// The table that comes with the program.
    ///
    /// # Errors
    /// None in practice: a test reads it.
    pub fn builtin() -> Result<Self, LedgerError> {
        let mut synonyms = Self {
            fields: HashMap::new(),
            groups: HashMap::new(),
            categories: HashMap::new(),
            states: HashMap::new(),
        };
        synonyms.extend(BUILTIN)?;
        Ok(synonyms)
    }

    /// Adds an office's own table (TOML, of the same shape); its names win.
    ///
    /// # Errors
    /// [`LedgerError::Synonyms`] for malformed TOML, unknown keys and empty names.
    pub fn extend(&mut self, toml: &str) -> Result<(), LedgerError> {
        let invalid = |what: String| LedgerError::Synonyms { what };
        let table: Table =
            toml::from_str(toml).map_err(|error| invalid(error.message().to_owned()))?;
        add(&mut self.fields, table.fields, heading)?;
        add(&mut self.groups, table.groups, heading)?;
        add(&mut self.categories, table.categories, category_name)?;
        add(&mut self.states, table.states, heading)
    }

    /// Whom and what a heading names, given the group it stands under.
    ///
    /// A group's name in front of it (父亲身份证号) counts more than the group above.
    #[must_use]
    pub fn column(&self, text: &str, under: Group) -> (Group, Option<Field>) {
        let full = heading(text);
        let bare = heading(&without_brackets(text));
        for name in [full.as_str(), bare.as_str(), unnumbered(&bare)] {
            if let Some(field) = self.fields.get(name) {
                return (under, Some(*field));
            }
            if let Some((group, field)) = self.prefixed(name) {
                return (group, Some(field));
            }
        }
        (under, None)
    }

    /// The group a heading in the upper row names.
    #[must_use]
    pub fn group(&self, text: &str) -> Option<Group> {
        let found = self.groups.get(heading(text).as_str());
        found
            .or_else(|| self.groups.get(heading(&without_brackets(text)).as_str()))
            .copied()
    }

    /// The category a cell names.
    #[must_use]
    pub fn category(&self, text: &str) -> Option<Category> {
        self.categories.get(category_name(text).as_str()).copied()
    }

    /// The state a cell names.
    #[must_use]
    pub fn state(&self, text: &str) -> Option<ListState> {
        self.states.get(heading(text).as_str()).copied()
    }

    /// The one category a title names; none if it names several.
    #[must_use]
    pub fn category_in(&self, title: &str) -> Option<Category> {
        let title = category_name(title);
        // Short forms such as 流动 occur in other words; a title says it in full.
        let mut named = self
            .categories
            .iter()
            .filter(|(name, _)| name.chars().count() >= 4 && title.contains(name.as_str()))
            .map(|(_, category)| *category);
        let first = named.next()?;
        named.all(|category| category == first).then_some(first)
    }

    fn prefixed(&self, name: &str) -> Option<(Group, Field)> {
        let is_person = name.ends_with(['人', '亲', '父', '母', '爸', '妈']);
        if let Some(group) = self
            .groups
            .get(name)
            .filter(|group| is_person && !matches!(group, Group::Child))
        {
            // 父亲 or 监护人 alone heads the column of the name.
            return Some((*group, Field::Name));
        }
        // The longest group first: 外祖父 before 外.
        name.char_indices().map(|(at, _)| at).rev().find_map(|at| {
            let (prefix, rest) = name.split_at(at);
            let group = self.groups.get(prefix)?;
            let field = self.fields.get(rest.strip_prefix('的').unwrap_or(rest))?;
            Some((*group, *field))
        })
    }
}

fn add<K: Copy>(
    known: &mut HashMap<String, K>,
    more: HashMap<K, Vec<String>>,
    tidy: fn(&str) -> String,
) -> Result<(), LedgerError> {
    for (key, names) in more {
        for name in names {
            let tidied = tidy(&name);
            if tidied.is_empty() {
                return Err(LedgerError::Synonyms {
                    what: format!("an empty name {name:?}"),
                });
            }
            known.insert(tidied, key);
        }
    }
    Ok(())
}

/// A heading for comparison: letters and digits only, plain forms, upper case.
fn heading(text: &str) -> String {
    text.chars()
        .map(narrow)
        .filter(|c| c.is_alphanumeric())
        .map(|c| if c == '帐' { '账' } else { c })
        .flat_map(char::to_uppercase)
        .collect()
}

/// The heading without the number that tells the first of several columns from the next: 联系电话1, 联系电话2.
fn unnumbered(heading: &str) -> &str {
    let name = heading.strip_suffix(['1', '2', '3']).unwrap_or(heading);
    if name.ends_with(|last: char| last.is_ascii_digit()) {
        heading
    } else {
        name
    }
}

/// A category for comparison: as a heading.
fn category_name(text: &str) -> String {
    heading(text)
}

fn without_brackets(text: &str) -> Cow<'_, str> {
    let opens = |c| matches!(c, '(' | '[' | '【' | '〔' | '{');
    let closes = |c| matches!(c, ')' | ']' | '】' | '〕' | '}');
    if !text.chars().map(narrow).any(opens) {
        return Cow::Borrowed(text);
    }
    let mut depth = 0_u32;
    let mut outside = String::new();
    for c in text.chars().map(narrow).filter(|c| !is_invisible(*c)) {
        if opens(c) {
            depth += 1;
        } else if closes(c) {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            outside.push(c);
        }
    }
    Cow::Owned(outside)
}
