//! Where an application stands, and whose it is there.

use std::fmt;

/// Which of an application's units is meant. On one path they are three units, on another all the same one.
///
/// ```
/// use domain::applications::{Body, Stage};
/// assert_eq!(Stage::Forwarded.owner(), Some(Body::Verifying));
/// assert_eq!(Body::Deciding.zh(), "确认单位");
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// 受理单位: takes the application in, checks its papers for completeness, tells the applicant.
    Accepting,
    /// 查验单位: the household town, which verifies what is stated.
    Verifying,
    /// 确认单位: the household county, which decides.
    Deciding,
}

impl Body {
    /// Every body.
    pub const ALL: [Self; 3] = [Self::Accepting, Self::Verifying, Self::Deciding];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepting => "accepting",
            Self::Verifying => "verifying",
            Self::Deciding => "deciding",
        }
    }

    /// What it is called in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Accepting => "受理单位",
            Self::Verifying => "查验单位",
            Self::Deciding => "确认单位",
        }
    }

    /// What it is called in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Accepting => "the accepting unit",
            Self::Verifying => "the verifying unit",
            Self::Deciding => "the deciding unit",
        }
    }
}

/// A stage of an application, named by what has been done.
///
/// ```
/// use domain::applications::Stage;
/// assert_eq!(Stage::from_code("forwarded"), Some(Stage::Forwarded));
/// assert_eq!(Stage::Forwarded.zh(), "待查验");
/// assert!(Stage::Told.is_open() && !Stage::Withdrawn.is_open());
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being written; not yet handed in, so no clock runs.
    Draft,
    /// Handed in; the accepting unit looks whether it is complete.
    Submitted,
    /// 一次性告知: everything missing was said at once; the applicant supplements.
    Noticed,
    /// Handed in again.
    Resubmitted,
    /// Complete, and to be forwarded to the household town.
    Accepted,
    /// With the household town, which verifies.
    Forwarded,
    /// Verified as stated.
    Verified,
    /// Verified, and not as stated.
    NotVerified,
    /// The county's officer proposes a decision.
    Proposed,
    /// The approver gave the proposal back to the officer.
    Returned,
    /// Recognised; the applicant is to be told.
    Confirmed,
    /// Refused; the applicant is to be told.
    Refused,
    /// The applicant was told; an objection is still possible.
    Told,
    /// The applicant objected; the county takes a second look.
    Objected,
    /// At its end.
    Closed,
    /// Taken back by the applicant.
    Withdrawn,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 16] = [
        Self::Draft,
        Self::Submitted,
        Self::Noticed,
        Self::Resubmitted,
        Self::Accepted,
        Self::Forwarded,
        Self::Verified,
        Self::NotVerified,
        Self::Proposed,
        Self::Returned,
        Self::Confirmed,
        Self::Refused,
        Self::Told,
        Self::Objected,
        Self::Closed,
        Self::Withdrawn,
    ];

    /// The stage of a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.words().0
    }

    /// What the screens call it: what is to be done next.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        self.words().1
    }

    /// The same in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        self.words().2
    }

    /// The unit that deals with it; none once it is at an end.
    #[must_use]
    pub const fn owner(self) -> Option<Body> {
        match self {
            Self::Draft
            | Self::Submitted
            | Self::Noticed
            | Self::Resubmitted
            | Self::Accepted
            | Self::Confirmed
            | Self::Refused
            | Self::Told => Some(Body::Accepting),
            Self::Forwarded => Some(Body::Verifying),
            Self::Verified
            | Self::NotVerified
            | Self::Proposed
            | Self::Returned
            | Self::Objected => Some(Body::Deciding),
            Self::Closed | Self::Withdrawn => None,
        }
    }

    /// Whether something is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.owner().is_some()
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Draft => ("draft", "草稿", "draft"),
            Self::Submitted => ("submitted", "待受理", "to be accepted"),
            Self::Noticed => ("noticed", "已一次性告知，待补正", "papers missing"),
            Self::Resubmitted => (
                "resubmitted",
                "已补正，待受理",
                "supplemented, to be accepted",
            ),
            Self::Accepted => ("accepted", "已受理，待推送", "to be forwarded"),
            Self::Forwarded => ("forwarded", "待查验", "to be verified"),
            Self::Verified => (
                "verified",
                "查验符合，待提出意见",
                "verified, to be proposed",
            ),
            Self::NotVerified => (
                "not_verified",
                "查验不符，待提出意见",
                "not verified, to be proposed",
            ),
            Self::Proposed => ("proposed", "待审批", "to be decided"),
            Self::Returned => (
                "returned",
                "审批退回，待重提意见",
                "given back, to be proposed anew",
            ),
            Self::Confirmed => ("confirmed", "已确认，待告知", "recognised, to be told"),
            Self::Refused => ("refused", "不予确认，待告知", "refused, to be told"),
            Self::Told => ("told", "已告知", "told"),
            Self::Objected => ("objected", "有异议，复核中", "objected, second look"),
            Self::Closed => ("closed", "办结", "closed"),
            Self::Withdrawn => ("withdrawn", "已撤回", "withdrawn"),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
