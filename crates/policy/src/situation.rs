//! What may be the matter with a parent, and from when on it counts.

use std::collections::BTreeMap;
use std::fmt;

use kernel::explain::Lang;

/// The situation of a parent, as facts name it.
///
/// ```
/// use kernel::explain::Lang;
/// use policy::Situation;
/// assert_eq!(Situation::LostContact.code(), "lost_contact");
/// assert_eq!(Situation::LostContact.name(Lang::Zh), "失联");
/// assert!(Situation::DeclaredMissing.is_loss() && !Situation::LostContact.is_loss());
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// 死亡, natural or declared by a court.
    Dead,
    /// 宣告失踪, by a court.
    DeclaredMissing,
    /// 重残.
    SevereDisability,
    /// 重病.
    SeriousIllness,
    /// 服刑在押.
    Imprisoned,
    /// 强制隔离戒毒.
    CompulsoryRehab,
    /// 被执行其他限制人身自由的措施.
    OtherRestraint,
    /// 失联.
    LostContact,
    /// 被撤销监护资格.
    GuardianshipRevoked,
    /// 被遣送（驱逐）出境.
    RemovedFromCountry,
    /// 外出务工.
    WorkingAway,
    /// 有能力履行抚养义务.
    Able,
    /// 身份不明.
    Unknown,
}

impl Situation {
    /// Every situation, in the order in which tables list them.
    pub const ALL: [Self; 13] = [
        Self::Dead,
        Self::DeclaredMissing,
        Self::SevereDisability,
        Self::SeriousIllness,
        Self::Imprisoned,
        Self::CompulsoryRehab,
        Self::OtherRestraint,
        Self::LostContact,
        Self::GuardianshipRevoked,
        Self::RemovedFromCountry,
        Self::WorkingAway,
        Self::Able,
        Self::Unknown,
    ];

    /// The stable code, such as `imprisoned`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::DeclaredMissing => "declared_missing",
            Self::SevereDisability => "severe_disability",
            Self::SeriousIllness => "serious_illness",
            Self::Imprisoned => "imprisoned",
            Self::CompulsoryRehab => "compulsory_rehab",
            Self::OtherRestraint => "other_restraint",
            Self::LostContact => "lost_contact",
            Self::GuardianshipRevoked => "guardianship_revoked",
            Self::RemovedFromCountry => "removed_from_country",
            Self::WorkingAway => "working_away",
            Self::Able => "able",
            Self::Unknown => "unknown",
        }
    }

    /// What the screens call it.
    #[must_use]
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Dead, Lang::Zh) => "死亡",
            (Self::Dead, Lang::En) => "dead",
            (Self::DeclaredMissing, Lang::Zh) => "被宣告失踪",
            (Self::DeclaredMissing, Lang::En) => "declared missing",
            (Self::SevereDisability, Lang::Zh) => "重残",
            (Self::SevereDisability, Lang::En) => "severely disabled",
            (Self::SeriousIllness, Lang::Zh) => "重病",
            (Self::SeriousIllness, Lang::En) => "seriously ill",
            (Self::Imprisoned, Lang::Zh) => "服刑在押",
            (Self::Imprisoned, Lang::En) => "imprisoned",
            (Self::CompulsoryRehab, Lang::Zh) => "强制隔离戒毒",
            (Self::CompulsoryRehab, Lang::En) => "in compulsory drug rehabilitation",
            (Self::OtherRestraint, Lang::Zh) => "被执行其他限制人身自由的措施",
            (Self::OtherRestraint, Lang::En) => "under another restraint of liberty",
            (Self::LostContact, Lang::Zh) => "失联",
            (Self::LostContact, Lang::En) => "out of contact",
            (Self::GuardianshipRevoked, Lang::Zh) => "被撤销监护资格",
            (Self::GuardianshipRevoked, Lang::En) => "deprived of guardianship",
            (Self::RemovedFromCountry, Lang::Zh) => "被遣送（驱逐）出境",
            (Self::RemovedFromCountry, Lang::En) => "removed from the country",
            (Self::WorkingAway, Lang::Zh) => "外出务工",
            (Self::WorkingAway, Lang::En) => "away for work",
            (Self::Able, Lang::Zh) => "有能力抚养",
            (Self::Able, Lang::En) => "able to raise the child",
            (Self::Unknown, Lang::Zh) => "身份不明",
            (Self::Unknown, Lang::En) => "of unknown identity",
        }
    }

    /// Whether the parent is lost for good: dead, or declared missing by a court. A parent who merely cannot
    /// be reached is not.
    #[must_use]
    pub const fn is_loss(self) -> bool {
        matches!(self, Self::Dead | Self::DeclaredMissing)
    }

    /// Whether it is one of the eight that keep a living parent from raising a child, provided that the
    /// rules in force name it and that it has reached its threshold.
    #[must_use]
    pub const fn is_incapacity(self) -> bool {
        match self {
            Self::SevereDisability
            | Self::SeriousIllness
            | Self::Imprisoned
            | Self::CompulsoryRehab
            | Self::OtherRestraint
            | Self::LostContact
            | Self::GuardianshipRevoked
            | Self::RemovedFromCountry => true,
            Self::Dead | Self::DeclaredMissing | Self::WorkingAway | Self::Able | Self::Unknown => {
                false
            }
        }
    }

    /// Whether it lasts for a term that was ordered.
    #[must_use]
    pub const fn has_term(self) -> bool {
        matches!(
            self,
            Self::Imprisoned | Self::CompulsoryRehab | Self::OtherRestraint
        )
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The kind of a disability (GB/T 26341).
///
/// ```
/// use policy::DisabilityKind;
/// assert_eq!(serde_json::to_string(&DisabilityKind::Mental)?, "\"mental\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DisabilityKind {
    /// 视力.
    Visual,
    /// 听力.
    Hearing,
    /// 言语.
    Speech,
    /// 肢体.
    Physical,
    /// 智力.
    Intellectual,
    /// 精神.
    Mental,
    /// 多重.
    Multiple,
}

impl DisabilityKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Visual,
        Self::Hearing,
        Self::Speech,
        Self::Physical,
        Self::Intellectual,
        Self::Mental,
        Self::Multiple,
    ];
}

/// What of a term is compared with the threshold.
///
/// ```
/// assert_eq!(policy::Basis::default(), policy::Basis::Total);
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The whole term as it was ordered.
    #[default]
    Total,
    /// What is left of it on the day of the decision.
    Remaining,
}

/// From when on a situation counts, and what shows it.
///
/// ```
/// use jiff::civil::date;
/// use kernel::division::Division;
/// use policy::{Basis, DisabilityKind, Situation};
/// let (rules, on) = (policy::Rulebook::builtin(), date(2021, 11, 4));
/// let tengzhou = Division::parse("370481").unwrap();
/// let prison = rules.situation(Situation::Imprisoned, on, tengzhou)?;
/// assert_eq!((prison.value.months, prison.value.basis), (Some(6), Basis::Total));
/// let severe = rules.situation(Situation::SevereDisability, on, tengzhou)?;
/// assert_eq!(severe.value.level_for(DisabilityKind::Physical), 2);
/// assert_eq!(severe.value.level_for(DisabilityKind::Mental), 4);
/// # Ok::<(), policy::NotInForce>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Threshold {
    /// Full months: of the term, or since the first day. None asks for no duration.
    pub months: Option<u16>,
    /// What of a term has to be so long.
    pub basis: Basis,
    /// Whether `basis` was checked against a document, where that is not as for the whole.
    pub basis_verified: Option<bool>,
    /// The least severe level of disability that counts, of kinds that `level_of` does not name; 0 for none.
    pub level: u8,
    /// The same for single kinds.
    pub level_of: BTreeMap<DisabilityKind, u8>,
    /// Codes of the papers that show it; any one of them does.
    pub evidence: Vec<String>,
}

impl Threshold {
    /// The least severe level of this kind that counts, from 1, the most severe, to 4; 0 where none does.
    #[must_use]
    pub fn level_for(&self, kind: DisabilityKind) -> u8 {
        self.level_of.get(&kind).copied().unwrap_or(self.level)
    }
}
