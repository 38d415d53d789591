//! What can be wrong with a file of histories, and with one of its lines.

use std::io;
use std::path::PathBuf;

use kernel::explain::{Explain, Lang};
use kernel::money::MoneyError;

use crate::lines::StreamFault;

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub(super) enum LineFault {
    /// No JSON, or not of this form.
    #[error("not a history")]
    Form {
        /// Where in the line, from 1.
        column: usize,
        /// What the reader of JSON says.
        what: String,
    },
    /// A fact lacks a field of its kind.
    #[error("fact {fact} ({kind}) lacks {field}")]
    Lacks {
        fact: usize,
        kind: &'static str,
        field: &'static str,
    },
    /// A fact has a field of another kind.
    #[error("fact {fact} ({kind}) has {field}")]
    Stray {
        fact: usize,
        kind: &'static str,
        field: &'static str,
    },
    /// An amount that cannot be negative is.
    #[error("fact {fact} ({kind}) has a negative {field}")]
    Negative {
        fact: usize,
        kind: &'static str,
        field: &'static str,
    },
    /// Amounts add up to too much.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Longer than a line may be.
    #[error("longer than {limit} bytes")]
    TooLong { limit: usize },
}

impl From<serde_json::Error> for LineFault {
    fn from(error: serde_json::Error) -> Self {
        let told = error.to_string();
        // The place is told beside: the line is always the first of its own text.
        let what = told
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        Self::Form {
            column: error.column(),
            what,
        }
    }
}

impl LineFault {
    fn explain(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Self::Form { column, what } if zh => format!("第{column}列附近无法识别（{what}）"),
            Self::Form { column, what } => {
                format!("it cannot be understood near column {column} ({what})")
            }
            Self::Lacks { fact, kind, field } if zh => {
                format!("第{fact}条事实（{kind}）缺少 {field}")
            }
            Self::Lacks { fact, kind, field } => format!("fact {fact} ({kind}) lacks {field}"),
            Self::Stray { fact, kind, field } if zh => {
                format!("第{fact}条事实（{kind}）不应有 {field}")
            }
            Self::Stray { fact, kind, field } => {
                format!("fact {fact} ({kind}) has {field}, which does not belong to it")
            }
            Self::Negative { fact, kind, field } if zh => {
                format!("第{fact}条事实（{kind}）的 {field} 不能为负")
            }
            Self::Negative { fact, kind, field } => {
                format!("fact {fact} ({kind}) has a negative {field}")
            }
            Self::Money(_) if zh => "金额合计超出可计算的范围".to_owned(),
            Self::Money(_) => "its amounts add up to more than can be reckoned with".to_owned(),
            Self::TooLong { limit } if zh => format!("一行超过 {} MiB", limit >> 20),
            Self::TooLong { limit } => format!("it is longer than {} MiB", limit >> 20),
        }
    }
}

/// Why reckoning ended before the end of the histories.
#[derive(Debug, thiserror::Error)]
pub(super) enum HistoriesError {
    /// The file cannot be opened or read.
    #[error("{} cannot be read", path.display())]
    Unread {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// A line is no history.
    #[error("line {line} is no history")]
    Line {
        line: u64,
        #[source]
        fault: LineFault,
    },
    /// The answers cannot be written.
    #[error(transparent)]
    Output(#[from] StreamFault),
    /// What all children come to is too much.
    #[error(transparent)]
    Sum(#[from] MoneyError),
}

impl Explain for HistoriesError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unread { .. } => "histories.unread",
            Self::Line { .. } => "histories.line",
            Self::Output(fault) => fault.code(),
            Self::Sum(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Output(fault), lang) => fault.explain(lang),
            (Self::Sum(error), lang) => error.explain(lang),
            (Self::Unread { path, cause }, Lang::Zh) => {
                format!("{} 无法读取，请检查路径和权限：{cause}", path.display())
            }
            (Self::Unread { path, cause }, Lang::En) => format!(
                "{} cannot be read; check path and permissions: {cause}",
                path.display()
            ),
            (Self::Line { line, fault }, Lang::Zh) => format!(
                "第 {line} 行有误：{}。此前各行的结果已完整写出，此后未处理；请改正该行后整个文件重新计算。",
                fault.explain(lang)
            ),
            (Self::Line { line, fault }, Lang::En) => format!(
                "Line {line}: {}. The lines before it are answered in full, those after it not at all; correct it and compute the whole file again.",
                fault.explain(lang)
            ),
        }
    }
}
