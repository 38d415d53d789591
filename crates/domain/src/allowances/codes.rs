//! The codes that facts carry, in words: why an allowance was stopped, and what else a child draws.
//!
//! **Invariant.** Nobody reads a bare code: one that an office made itself stands behind the words for *another*.

use std::fmt;

use kernel::explain::Lang;

/// Why an allowance was stopped, where an office says it by a code of this system.
///
/// ```
/// use domain::allowances::StopReason;
/// use kernel::explain::Lang;
/// let adopted = StopReason::from_code("adopted").unwrap();
/// assert_eq!((adopted.words(Lang::Zh), adopted.words(Lang::En)), ("被收养", "adopted"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopReason {
    /// 被收养
    Adopted,
    /// 找到父母
    ParentFound,
    /// 父母恢复抚养
    CareResumed,
    /// 户籍迁出本市
    MovedOut,
    /// 死亡
    Deceased,
    /// 就业
    Earning,
    /// 其他
    Other,
    /// The status on file ended, and nobody recorded why.
    Ended,
}

impl StopReason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Adopted,
        Self::ParentFound,
        Self::CareResumed,
        Self::MovedOut,
        Self::Deceased,
        Self::Earning,
        Self::Other,
        Self::Ended,
    ];

    /// The stable code, as facts carry it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Adopted => "adopted",
            Self::ParentFound => "parent_found",
            Self::CareResumed => "care_resumed",
            Self::MovedOut => "moved_out",
            Self::Deceased => "deceased",
            Self::Earning => "earning",
            Self::Other => "other",
            Self::Ended => "ended",
        }
    }

    /// The reason with this code; none for one of an office's own.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// As a guardian reads it.
    #[must_use]
    pub const fn words(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Adopted, Lang::Zh) => "被收养",
            (Self::Adopted, Lang::En) => "adopted",
            (Self::ParentFound, Lang::Zh) => "找到父母",
            (Self::ParentFound, Lang::En) => "parents found",
            (Self::CareResumed, Lang::Zh) => "父母恢复抚养",
            (Self::CareResumed, Lang::En) => "parents care again",
            (Self::MovedOut, Lang::Zh) => "户籍迁出本市",
            (Self::MovedOut, Lang::En) => "moved out of the city",
            (Self::Deceased, Lang::Zh) => "死亡",
            (Self::Deceased, Lang::En) => "deceased",
            (Self::Earning, Lang::Zh) => "就业",
            (Self::Earning, Lang::En) => "earns a living",
            (Self::Other, Lang::Zh) => "其他原因",
            (Self::Other, Lang::En) => "another reason",
            (Self::Ended, Lang::Zh) => "保障身份终止",
            (Self::Ended, Lang::En) => "status ended",
        }
    }
}

/// What a child may draw beside its allowance, where rules and offices say it by a code of this system.
///
/// ```
/// use domain::allowances::OtherBenefit;
/// use kernel::explain::Lang;
/// let drawn = OtherBenefit::from_code("minimum_living").unwrap();
/// assert_eq!(drawn.words(Lang::Zh), "最低生活保障金");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtherBenefit {
    /// 最低生活保障金
    MinimumLiving,
    /// 特困人员救助供养金
    Destitute,
    /// 重度残疾人护理补贴
    SevereDisability,
    /// 困难残疾人生活补贴
    DisabilityHardship,
}

impl OtherBenefit {
    /// Every benefit.
    pub const ALL: [Self; 4] = [
        Self::MinimumLiving,
        Self::Destitute,
        Self::SevereDisability,
        Self::DisabilityHardship,
    ];

    /// The stable code, as rules and facts carry it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MinimumLiving => "minimum_living",
            Self::Destitute => "destitute",
            Self::SevereDisability => "severe_disability",
            Self::DisabilityHardship => "disability_hardship",
        }
    }

    /// The benefit with this code; none for one of an office's own.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|drawn| drawn.code() == code)
    }

    /// As a guardian reads it.
    #[must_use]
    pub const fn words(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::MinimumLiving, Lang::Zh) => "最低生活保障金",
            (Self::MinimumLiving, Lang::En) => "the minimum living allowance",
            (Self::Destitute, Lang::Zh) => "特困人员救助供养金",
            (Self::Destitute, Lang::En) => "the support of the destitute",
            (Self::SevereDisability, Lang::Zh) => "重度残疾人护理补贴",
            (Self::SevereDisability, Lang::En) => "the nursing subsidy for severe disability",
            (Self::DisabilityHardship, Lang::Zh) => "困难残疾人生活补贴",
            (Self::DisabilityHardship, Lang::En) => "the living subsidy for disability in hardship",
        }
    }
}

/// The code of a stop in words.
pub(super) struct StopWords<'a>(pub(super) &'a str, pub(super) Lang);

impl fmt::Display for StopWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(code, lang) = *self;
        match (StopReason::from_code(code), lang) {
            (Some(reason), _) => f.write_str(reason.words(lang)),
            (None, Lang::Zh) => write!(f, "{}：{code}", StopReason::Other.words(lang)),
            (None, Lang::En) => write!(f, "{}: {code}", StopReason::Other.words(lang)),
        }
    }
}

/// The code of a benefit in words.
pub(super) struct BenefitWords<'a>(pub(super) &'a str, pub(super) Lang);

impl fmt::Display for BenefitWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(code, lang) = *self;
        match (OtherBenefit::from_code(code), lang) {
            (Some(drawn), _) => f.write_str(drawn.words(lang)),
            (None, Lang::Zh) => write!(f, "其他补贴（{code}）"),
            (None, Lang::En) => write!(f, "another benefit ({code})"),
        }
    }
}
