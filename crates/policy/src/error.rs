//! Why a rulebook cannot be read, or has no answer.

use jiff::civil::Date;
use kernel::explain::{Explain, Lang};

/// Why a rules file is refused.
///
/// ```
/// use kernel::explain::Explain;
/// use policy::Rulebook;
/// let error = Rulebook::parse("[[age_limit]]\ncategory = \"migrant\"\nolder = 16").unwrap_err();
/// assert_eq!(error.code(), "rules.unreadable");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulebookError {
    /// Not TOML, an unknown key, a missing key, or a value of the wrong kind.
    #[error("rules file cannot be read: {0}")]
    Unreadable(String),
    /// A series has no period at all.
    #[error("no parameter for {series}")]
    Missing {
        /// Its name, such as `age_limit.migrant`.
        series: String,
    },
    /// A period ends before it begins.
    #[error("{series}: the period from {from} ends before it begins")]
    Backwards {
        /// The name of the series.
        series: String,
        /// The first day of the period.
        from: Date,
    },
    /// Days between two periods belong to neither.
    #[error("{series}: nothing in force on {day}")]
    Gap {
        /// The name of the series.
        series: String,
        /// The first day without a value.
        day: Date,
    },
    /// Two periods claim the same day.
    #[error("{series}: two values in force on {day}")]
    Overlap {
        /// The name of the series.
        series: String,
        /// The first day with two values.
        day: Date,
    },
}

impl Explain for RulebookError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "rules.unreadable",
            Self::Missing { .. } => "rules.missing",
            Self::Backwards { .. } => "rules.backwards",
            Self::Gap { .. } => "rules.gap",
            Self::Overlap { .. } => "rules.overlap",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => match self {
                Self::Unreadable(reason) => format!("规则文件无法读取，请改正后重试：{reason}"),
                Self::Missing { series } => format!("规则文件缺少 {series}，请补上。"),
                Self::Backwards { series, from } => {
                    format!("规则 {series} 自{from}起的一段，截止日早于起始日，请改正。")
                }
                Self::Gap { series, day } => {
                    format!("规则 {series} 在{day}没有有效的值，请补齐时段。")
                }
                Self::Overlap { series, day } => {
                    format!("规则 {series} 在{day}有两个有效的值，请改正时段。")
                }
            },
            Lang::En => match self {
                Self::Unreadable(reason) => {
                    format!("The rules file cannot be read; correct it: {reason}")
                }
                Self::Missing { series } => format!("The rules file lacks {series}. Add it."),
                Self::Backwards { series, from } => {
                    format!(
                        "Rule {series}: the period from {from} ends before it begins. Correct it."
                    )
                }
                Self::Gap { series, day } => {
                    format!("Rule {series} has no value in force on {day}. Close the gap.")
                }
                Self::Overlap { series, day } => {
                    format!("Rule {series} has two values in force on {day}. Correct the periods.")
                }
            },
        }
    }
}

/// A rule was asked about a day on which it was not, or is no longer, in force.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{category::Category, explain::{Explain, Lang}};
/// let error = policy::Rulebook::builtin().age_limit(Category::Migrant, date(1980, 1, 1)).unwrap_err();
/// assert_eq!(error.code(), "rules.not_in_force");
/// assert!(error.explain(Lang::Zh).contains("1980-01-01"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{series} is not in force on {on}")]
pub struct NotInForce {
    /// The name of the series, such as `age_limit.migrant`.
    pub series: String,
    /// The day asked about.
    pub on: Date,
}

impl Explain for NotInForce {
    fn code(&self) -> &'static str {
        "rules.not_in_force"
    }

    fn explain(&self, lang: Lang) -> String {
        let Self { series, on } = self;
        match lang {
            Lang::Zh => format!("{on}没有有效的规则（{series}），请核对日期。"),
            Lang::En => format!("No rule {series} is in force on {on}. Check the date."),
        }
    }
}
