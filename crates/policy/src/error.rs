//! Why a rulebook has no answer.

use jiff::civil::Date;
use kernel::division::Division;
use kernel::explain::{Explain, Lang};

/// A rule was asked about a day and a place for which the rulebook has none.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{category::Category, division::Division, explain::{Explain, Lang}};
/// let rules = policy::Rulebook::builtin();
/// let error = rules.age_limit(Category::Migrant, date(1980, 1, 1), Division::COUNTRY).unwrap_err();
/// assert_eq!(error.code(), "rules.not_in_force");
/// assert!(error.explain(Lang::Zh).contains("1980-01-01"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{series} is not in force on {on} in {place}")]
pub struct NotInForce {
    /// The name of the series, such as `age_limit.migrant`.
    pub series: String,
    /// The day asked about.
    pub on: Date,
    /// The place asked about.
    pub place: Division,
}

impl Explain for NotInForce {
    fn code(&self) -> &'static str {
        "rules.not_in_force"
    }

    fn explain(&self, lang: Lang) -> String {
        let Self { series, on, place } = self;
        match lang {
            Lang::Zh => {
                format!("{on}在{place}没有有效的规则（{series}），请核对日期，或在规则中补上。")
            }
            Lang::En => format!(
                "No rule {series} is in force on {on} in {place}. Check the date, or add it to the rules."
            ),
        }
    }
}
