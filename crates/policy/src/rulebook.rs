//! The rulebook as read from `rules/*.toml`: one array of tables per kind of rule.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use kernel::category::Category;
use serde::{Deserialize, Deserializer, de::Error};

use crate::error::{NotInForce, RulebookError};
use crate::parameter::{Parameter, Series};

const NATIONAL: &str = include_str!("../../../rules/cn.toml");

/// Every parameter the program goes by.
///
/// ```
/// use jiff::civil::date;
/// use kernel::category::Category;
/// let rulebook = policy::Rulebook::builtin();
/// let limit = rulebook.age_limit(Category::DeFactoUnattended, date(2021, 11, 4))?;
/// assert_eq!(limit.value, 18);
/// # Ok::<(), policy::NotInForce>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rulebook {
    age_limits: BTreeMap<Category, Series<u8>>,
}

impl Rulebook {
    /// The rules that come with the program.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Rulebook> = OnceLock::new();
        // The file is part of the program and a test reads it, so the default, which knows no rule, is
        // never taken.
        BUILTIN.get_or_init(|| Self::parse(NATIONAL).unwrap_or_default())
    }

    /// Reads a rules file.
    ///
    /// # Errors
    /// [`RulebookError`] for unknown keys, missing categories, gaps and overlaps.
    pub fn parse(toml: &str) -> Result<Self, RulebookError> {
        let file: File =
            toml::from_str(toml).map_err(|error| RulebookError::Unreadable(error.to_string()))?;
        let mut periods: BTreeMap<Category, Vec<Parameter<u8>>> = BTreeMap::new();
        for row in file.age_limit {
            periods.entry(row.category).or_default().push(row.into());
        }
        let series = |category: Category| {
            let found = periods.remove(&category).unwrap_or_default();
            Ok((
                category,
                Series::new(format!("age_limit.{category}"), found)?,
            ))
        };
        let age_limits = Category::ALL
            .into_iter()
            .map(series)
            .collect::<Result<_, _>>()?;
        Ok(Self { age_limits })
    }

    /// The age in full years (周岁) that a child of `category` must not have reached, as in force on `on`.
    ///
    /// # Errors
    /// [`NotInForce`] for days before the law on minors, 1 January 1992.
    pub fn age_limit(&self, category: Category, on: Date) -> Result<&Parameter<u8>, NotInForce> {
        let missing = || NotInForce {
            series: format!("age_limit.{category}"),
            on,
        };
        self.age_limits.get(&category).ok_or_else(missing)?.on(on)
    }
}

/// The file as written. Each kind of rule is an array of tables of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    age_limit: Vec<AgeLimit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgeLimit {
    category: Category,
    under: u8,
    #[serde(deserialize_with = "day")]
    from: Date,
    #[serde(default, deserialize_with = "last_day")]
    until: Option<Date>,
    cite: String,
    verified: bool,
}

impl From<AgeLimit> for Parameter<u8> {
    fn from(row: AgeLimit) -> Self {
        Self {
            value: row.under,
            from: row.from,
            until: row.until,
            cite: row.cite,
            verified: row.verified,
        }
    }
}

/// A TOML date without a time.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    // Only a bare date: a time of day would be dropped without a word.
    let bare = written.time.is_none() && written.offset.is_none();
    let date = bare.then(|| written.to_string().parse().ok()).flatten();
    date.ok_or_else(|| D::Error::custom("expected a date such as 2020-01-01"))
}

fn last_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    day(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::category::Group;
    use kernel::explain::{Explain, Lang};

    use super::*;

    /// The built-in file with the migrant rules replaced by these rows.
    fn with_migrants(rows: &str) -> Result<Rulebook, RulebookError> {
        let others = NATIONAL
            .split("[[age_limit]]")
            .filter(|row| !row.contains("\"migrant\""));
        Rulebook::parse(&format!(
            "{}\n{rows}",
            others.collect::<Vec<_>>().join("[[age_limit]]")
        ))
    }

    fn row(keys: &str) -> String {
        format!("[[age_limit]]\ncategory = \"migrant\"\ncite = \"c\"\nverified = true\n{keys}\n")
    }

    fn code(result: Result<Rulebook, RulebookError>) -> &'static str {
        result.map_or_else(|error| error.code(), |_| "read")
    }

    #[test]
    fn the_built_in_file_is_read_and_in_use() {
        assert_eq!(Rulebook::parse(NATIONAL).as_ref(), Ok(Rulebook::builtin()));
    }

    #[test]
    fn care_ends_at_sixteen_and_cash_at_eighteen() {
        for category in Category::ALL {
            let expected = if category.group() == Group::Care {
                16
            } else {
                18
            };
            for on in [
                date(1992, 1, 1),
                date(2015, 6, 1),
                date(2021, 10, 31),
                date(2026, 11, 23),
            ] {
                let limit = Rulebook::builtin().age_limit(category, on).unwrap();
                assert_eq!(limit.value, expected, "{category} on {on}");
                assert!(!limit.cite.is_empty());
            }
        }
    }

    #[test]
    fn what_was_not_verified_says_so() {
        let verified = |category, on| {
            Rulebook::builtin()
                .age_limit(category, on)
                .unwrap()
                .verified
        };
        assert!(verified(Category::LeftBehind, date(2016, 2, 4)));
        assert!(!verified(Category::LeftBehind, date(2016, 2, 3)));
        assert!(!verified(Category::Migrant, date(2024, 9, 2)));
        assert!(!verified(Category::KeyHardship, date(2026, 11, 23)));
    }

    #[test]
    fn a_broken_file_is_refused() {
        let good = row("under = 16\nfrom = 2020-01-01");
        let cases = [
            (good.clone(), "read"),
            (String::new(), "rules.missing"),
            (
                row("under = 16\nfrom = 2020-01-01\nto = 2021-01-01"),
                "rules.unreadable",
            ),
            (row("under = 16"), "rules.unreadable"),
            (row("under = 160000\nfrom = 2020-01-01"), "rules.unreadable"),
            (
                row("under = 16\nfrom = 2020-01-01T10:00:00"),
                "rules.unreadable",
            ),
            (row("under = 16\nfrom = 2020-02-30"), "rules.unreadable"),
            (row("under = 16\nfrom = 10:00:00"), "rules.unreadable"),
            (format!("{good}[[age_limits]]\n"), "rules.unreadable"),
            (
                good.replace("\"migrant\"", "\"migrants\""),
                "rules.unreadable",
            ),
            (format!("{good}{good}"), "rules.overlap"),
            (
                row("under = 16\nfrom = 2020-01-01\nuntil = 2019-12-31"),
                "rules.backwards",
            ),
            (
                format!(
                    "{}{}",
                    row("under = 16\nfrom = 2019-01-01\nuntil = 2019-12-30"),
                    good
                ),
                "rules.gap",
            ),
        ];
        for (rows, expected) in cases {
            assert_eq!(code(with_migrants(&rows)), expected, "{rows}");
        }
    }

    #[test]
    fn every_refusal_names_its_series_in_both_languages() {
        for rows in [
            String::new(),
            row("under = 16\nfrom = 2020-01-01").repeat(2),
        ] {
            let error = with_migrants(&rows).unwrap_err();
            for lang in [Lang::Zh, Lang::En] {
                assert!(error.explain(lang).contains("age_limit.migrant"));
            }
        }
    }
}
