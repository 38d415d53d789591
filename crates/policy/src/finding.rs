//! What is wrong with a set of rules files, each fault with its file and line.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::explain::{Explain, Lang};

/// A line of a rules file.
///
/// ```
/// let set = policy::Rulebook::check(&[policy::Source { name: "cn.toml", text: "\n[[age_limits]]" }]);
/// assert_eq!(set.findings[0].at.to_string(), "cn.toml:2");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The file, as it was named when read.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One fault of a rules file.
///
/// ```
/// use kernel::explain::{Explain, Lang};
/// let row = "[[precedence]]\norder = [\"key_hardship\"]\nfrom = 2021-01-01\nverified = true";
/// let set = policy::Rulebook::check(&[policy::Source { name: "ours.toml", text: row }]);
/// assert_eq!(set.findings[0].code(), "rules.no_cite");
/// assert!(set.findings[0].explain(Lang::Zh).starts_with("ours.toml:1"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{at}: {flaw}")]
pub struct Finding {
    /// Where.
    pub at: At,
    /// What.
    pub flaw: Flaw,
}

/// What can be wrong with rules.
///
/// ```
/// use policy::{Flaw, Rulebook, Source};
/// let set = Rulebook::check(&[Source { name: "cn.toml", text: "[[age_limits]]" }]);
/// assert_eq!(set.findings[0].flaw, Flaw::UnknownKind { kind: "age_limits".to_owned() });
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Flaw {
    /// Not TOML, a key missing that the entry cannot do without, or a value of the wrong kind.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// An entry has a key that its kind does not know.
    #[error("unknown key: {0}")]
    UnknownKey(String),
    /// A table or key at the top that is no kind of rule.
    #[error("no kind of rule is called {kind}")]
    UnknownKind {
        /// Its name as written.
        kind: String,
    },
    /// A period ends before it begins.
    #[error("{series}: the period from {from} ends before it begins")]
    Backwards {
        /// The name of the series.
        series: String,
        /// The first day of the period.
        from: Date,
    },
    /// Two periods of one place claim the same day.
    #[error("{series}: two values in force on {day}")]
    Overlap {
        /// The name of the series.
        series: String,
        /// The first day with two values.
        day: Date,
    },
    /// Days between two periods of one place belong to neither.
    #[error("{series}: nothing in force on {day}")]
    Gap {
        /// The name of the series.
        series: String,
        /// The first day without a value.
        day: Date,
    },
    /// No document is cited.
    #[error("no citation")]
    NoCite,
    /// Nothing says whether the document was checked.
    #[error("verified is missing")]
    NoVerified,
    /// A paper is asked for that no entry names.
    #[error("paper {0} has no name")]
    Unnamed(String),
    /// Another entry needs this one.
    #[error("nothing says {series} on {day}")]
    Missing {
        /// The name of the series.
        series: String,
        /// The day on which it is needed.
        day: Date,
    },
}

impl Flaw {
    /// Whether rules with this flaw are refused as a whole. The others are for `rules check` to find; rules
    /// that have them can be gone by, since what is lacking is told when it is needed.
    #[must_use]
    pub const fn refuses(&self) -> bool {
        match self {
            Self::Unreadable(_)
            | Self::UnknownKey(_)
            | Self::UnknownKind { .. }
            | Self::Backwards { .. }
            | Self::Overlap { .. } => true,
            Self::Gap { .. }
            | Self::NoCite
            | Self::NoVerified
            | Self::Unnamed(_)
            | Self::Missing { .. } => false,
        }
    }

    fn in_chinese(&self) -> String {
        match self {
            Self::Unreadable(reason) => format!("无法读取，请改正：{reason}"),
            Self::UnknownKey(reason) => format!("有无法识别的键，请删去或改正：{reason}"),
            Self::UnknownKind { kind } => {
                format!("没有名为“{kind}”的规则种类，请核对拼写（见 docs/rules.md）。")
            }
            Self::Backwards { series, from } => {
                format!("规则 {series} 自{from}起的一段，截止日早于起始日，请改正。")
            }
            Self::Overlap { series, day } => {
                format!("规则 {series} 在{day}有两个有效的值，请改正时段。")
            }
            Self::Gap { series, day } => {
                format!("规则 {series} 在{day}没有有效的值，请补齐时段。")
            }
            Self::NoCite => "没有注明依据，请填写 cite。".to_owned(),
            Self::NoVerified => {
                "没有注明依据是否核实，请填写 verified = true 或 false。".to_owned()
            }
            Self::Unnamed(paper) => format!("材料 {paper} 没有名称，请加一条 [[paper_name]]。"),
            Self::Missing { series, day } => {
                format!("缺少 {series} 在{day}的值，别的规则要用到它，请补上。")
            }
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Unreadable(reason) => format!("cannot be read; correct it: {reason}"),
            Self::UnknownKey(reason) => {
                format!("there is a key nobody knows; remove or correct it: {reason}")
            }
            Self::UnknownKind { kind } => format!(
                "no kind of rule is called {kind:?}; check the spelling against docs/rules.md."
            ),
            Self::Backwards { series, from } => {
                format!("rule {series}: the period from {from} ends before it begins. Correct it.")
            }
            Self::Overlap { series, day } => {
                format!("rule {series} has two values in force on {day}. Correct the periods.")
            }
            Self::Gap { series, day } => {
                format!("rule {series} has no value in force on {day}. Close the gap.")
            }
            Self::NoCite => "no document is cited; fill in cite.".to_owned(),
            Self::NoVerified => {
                "nothing says whether the document was checked; write verified = true or false."
                    .to_owned()
            }
            Self::Unnamed(paper) => {
                format!("the paper {paper} has no name; add a [[paper_name]] for it.")
            }
            Self::Missing { series, day } => {
                format!("nothing says {series} on {day}, which another rule needs. Add it.")
            }
        }
    }
}

impl Explain for Finding {
    fn code(&self) -> &'static str {
        match self.flaw {
            Flaw::Unreadable(_) => "rules.unreadable",
            Flaw::UnknownKey(_) => "rules.unknown_key",
            Flaw::UnknownKind { .. } => "rules.unknown_kind",
            Flaw::Backwards { .. } => "rules.backwards",
            Flaw::Overlap { .. } => "rules.overlap",
            Flaw::Gap { .. } => "rules.gap",
            Flaw::NoCite => "rules.no_cite",
            Flaw::NoVerified => "rules.no_verified",
            Flaw::Unnamed(_) => "rules.unnamed",
            Flaw::Missing { .. } => "rules.missing",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("{}：{}", self.at, self.flaw.in_chinese()),
            Lang::En => format!("{}: {}", self.at, self.flaw.in_english()),
        }
    }
}
