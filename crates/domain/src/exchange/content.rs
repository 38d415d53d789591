//! What stands in a package.
//!
//! The content is the length of its words (4 bytes, big-endian), the words as JSON, and the enclosures one after another,
//! whose lengths the words give.

use std::fmt;

use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::ids::{ApplicationId, DecisionId, PackageId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::applications::{Act, Outcome, Stage, Stated, TRANSITIONS};
use crate::document::Document;

/// How many days a package is taken after it was made.
pub const VALID_DAYS: i64 = 30;

/// An application, forwarded to the household's installation.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forwarded {
    /// What both sides call it: its id at the accepting side.
    pub case: ApplicationId,
    /// Its number there, as the applicant has it.
    pub number: String,
    /// What recognition is applied for.
    pub category: Category,
    /// What is stated.
    pub stated: Stated,
    /// The accepting town.
    pub town: Division,
    /// Its name.
    pub town_name: String,
    /// The legal day of the acceptance.
    pub forwarded_on: Date,
    /// The papers, in the order of their scans.
    pub papers: Vec<Enclosed>,
}

/// A paper of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enclosed {
    /// Which paper, by its code.
    pub code: String,
    /// How it was seen, by its code.
    pub state: String,
    /// The bytes of its scan, where there is one.
    pub bytes: Option<usize>,
}

/// Papers, each with its scan where there is one.
pub type Scans<'p, 'e> = Vec<(&'p Enclosed, Option<&'e [u8]>)>;

/// Where an application stands at the side that did the last step.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The application, by what both sides call it.
    pub case: ApplicationId,
    /// Counts this side's reports on it: what is older than what is known changes nothing.
    pub number: u32,
    /// What was done last.
    pub act: Act,
    /// The stage it led to.
    pub stage: Stage,
    /// The legal day.
    pub on: Date,
    /// The applicant's words, where this is an objection or a withdrawal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The latest decision, where the household's side reports and there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decided>,
}

/// A decision, with everything it rests on.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// Its id at the household's installation.
    pub id: DecisionId,
    /// Its number (文号).
    pub number: Option<String>,
    /// What it says.
    pub outcome: Outcome,
    /// The legal day.
    pub on: Date,
    /// The rulebook's version.
    pub rulebook: String,
    /// The facts.
    pub facts: Map<String, Value>,
    /// What the rulebook says of them, with its citations.
    pub weighed: Value,
    /// The reasons.
    pub reasons: Vec<String>,
    /// The letter, in the words in which the applicant is told.
    pub letter: Option<Document>,
}

/// That a package was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Which.
    pub package: PackageId,
    /// What became of it.
    pub taken: Taken,
}

/// What became of a package that was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// It changed something.
    Applied,
    /// What it says was known already, or newer things are.
    Older,
    /// It does not follow from where the application stands here, and changed nothing.
    Unfitting,
}

impl Taken {
    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Older => "older",
            Self::Unfitting => "unfitting",
        }
    }
}

impl fmt::Debug for Forwarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Forwarded")
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Status")
    }
}

impl fmt::Debug for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decided")
    }
}

/// Why a content is not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the content is not understood")]
pub struct ContentError;

impl Explain for ContentError {
    fn code(&self) -> &'static str {
        "exchange.content"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => "数据包内容不合格式，未接收。请双方核对系统版本后重新发送。",
            Lang::En => {
                "The package's content is not understood and was not taken: compare the two programs' versions and send again."
            }
        }
        .into()
    }
}

/// Words and enclosures as one content.
///
/// ```
/// use domain::exchange::{pack, unpack};
/// let content = pack(&["one", "two"], &[b"a scan".to_vec()]);
/// let (words, enclosed): (Vec<String>, &[u8]) = unpack(&content)?;
/// assert_eq!((words.len(), enclosed), (2, &b"a scan"[..]));
/// # Ok::<(), domain::exchange::ContentError>(())
/// ```
#[must_use]
pub fn pack(words: &impl Serialize, enclosures: &[Vec<u8>]) -> Vec<u8> {
    let words = serde_json::to_vec(words).unwrap_or_default();
    let length = u32::try_from(words.len()).unwrap_or(u32::MAX);
    let parts = [&length.to_be_bytes()[..], &words];
    let enclosed = enclosures.iter().map(Vec::as_slice);
    parts
        .into_iter()
        .chain(enclosed)
        .collect::<Vec<_>>()
        .concat()
}

/// The words of a content, and its enclosures.
///
/// # Errors
/// [`ContentError`] where it holds no words of this kind.
pub fn unpack<T: DeserializeOwned>(content: &[u8]) -> Result<(T, &[u8]), ContentError> {
    let (length, rest) = content.split_first_chunk().ok_or(ContentError)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| ContentError)?;
    let (words, enclosed) = rest.split_at_checked(length).ok_or(ContentError)?;
    let words = serde_json::from_slice(words).map_err(|_| ContentError)?;
    Ok((words, enclosed))
}

impl Status {
    /// Whether it says what can be: the act leads to the stage, and there is a decision where one was taken.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn sound(&self) -> Result<(), ContentError> {
        let leads = TRANSITIONS
            .iter()
            .any(|row| row.act == self.act && row.to == self.stage);
        let outcome = self.decision.as_ref().map(|decision| decision.outcome);
        let decided = match self.stage {
            Stage::Confirmed => outcome == Some(Outcome::Grant),
            Stage::Refused => outcome == Some(Outcome::Refuse),
            _ => true,
        };
        match leads && decided {
            true => Ok(()),
            false => Err(ContentError),
        }
    }
}

impl Forwarded {
    /// The papers, each with its scan.
    ///
    /// # Errors
    /// [`ContentError`] where what is enclosed is not what the words say.
    pub fn scans<'e>(&self, mut enclosed: &'e [u8]) -> Result<Scans<'_, 'e>, ContentError> {
        let mut scans = Vec::with_capacity(self.papers.len());
        for paper in &self.papers {
            let scan = match paper.bytes {
                None => None,
                Some(bytes) => {
                    let (scan, rest) = enclosed.split_at_checked(bytes).ok_or(ContentError)?;
                    enclosed = rest;
                    Some(scan)
                }
            };
            scans.push((paper, scan));
        }
        match enclosed.is_empty() {
            true => Ok(scans),
            false => Err(ContentError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_that_says_more_than_it_holds_is_not_understood() {
        let content = pack(&"words", &[b"scan".to_vec()]);
        assert!(unpack::<String>(&content).is_ok());
        for broken in [&content[..3], &content[..8], &[255; 9][..], &[]] {
            assert_eq!(unpack::<String>(broken), Err(ContentError));
        }
        assert_eq!(unpack::<u32>(&content), Err(ContentError));
    }
}
