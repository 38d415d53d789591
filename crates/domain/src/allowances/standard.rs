//! 保障标准: a dated rate on its way from a proposal to its publication.
//!
//! **Invariant.** Whoever proposed a standard does not publish it; what was published, refused or withdrawn is never
//! anything else again.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::{Category, Group};
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::ids::OfficerId;
use kernel::money::Money;
use kernel::month::Month;
use kernel::roles::{Action, Role, can};
use policy::allowance::Rate;

/// The most letters of a document's title or of a reason.
const LONGEST: usize = 200;
/// The most letters of a document's number.
const LONGEST_NUMBER: usize = 60;
/// No standard of a month is above this.
const HIGHEST: Money = Money::from_yuan(100_000);
/// The years in which a standard may begin.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2099;

/// How far a standard has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum StandardState {
    /// 待发布: nothing is paid by it.
    Proposed,
    /// 已发布: runs from that moment on pay by it.
    Published,
    /// 已退回: a second person did not publish it.
    Refused,
    /// 已撤回: taken back before it was published.
    Withdrawn,
}

impl StandardState {
    /// Every state.
    pub const ALL: [Self; 4] = [
        Self::Proposed,
        Self::Published,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Published => "published",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// The document that sets a standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardDocument {
    /// 文号, where it is known.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// The day it bears.
    pub on: Option<Date>,
}

impl StandardDocument {
    /// As an officer would cite it: 《…》（文号）.
    ///
    /// ```
    /// use domain::allowances::StandardDocument;
    /// let document = StandardDocument { number: None, title: "关于提高标准的通知".into(), on: None };
    /// assert_eq!(document.cite(), "《关于提高标准的通知》（文号待核实）");
    /// ```
    #[must_use]
    pub fn cite(&self) -> String {
        let title = match self.title.contains('《') {
            true => self.title.clone(),
            false => format!("《{}》", self.title),
        };
        let number = self.number.as_deref().unwrap_or("文号待核实");
        format!("{title}（{number}）")
    }
}

/// A rate as an officer proposes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardDraft {
    /// The class, one that brings money.
    pub class: Category,
    /// Where it is to hold.
    pub place: Division,
    /// The amount of a month.
    pub monthly: Money,
    /// The first month.
    pub from: Month,
    /// What sets it.
    pub document: StandardDocument,
}

impl StandardDraft {
    /// As it is kept: without blanks around its words.
    ///
    /// # Errors
    /// [`StandardError::Class`], [`StandardError::Amount`], [`StandardError::Month`], [`StandardError::Words`].
    pub fn tidied(&self) -> Result<Self, StandardError> {
        if self.class.group() != Group::Cash {
            return Err(StandardError::Class);
        }
        if self.monthly <= Money::ZERO || self.monthly > HIGHEST {
            return Err(StandardError::Amount);
        }
        if !YEARS.contains(&self.from.year()) {
            return Err(StandardError::Month);
        }
        let document = &self.document;
        let number = document.number.as_deref().map(str::trim);
        let number = number.filter(|number| !number.is_empty());
        let title = document.title.trim();
        let fits = |text: &str, most| (1..=most).contains(&text.chars().count());
        if !fits(title, LONGEST) || number.is_some_and(|number| !fits(number, LONGEST_NUMBER)) {
            return Err(StandardError::Words);
        }
        let document = StandardDocument {
            number: number.map(str::to_owned),
            title: title.to_owned(),
            on: document.on,
        };
        Ok(Self {
            document,
            ..self.clone()
        })
    }

    /// The rate that this is from the moment on at which it is announced.
    #[must_use]
    pub fn rate(&self, announced: Timestamp, verified: bool) -> Rate {
        Rate {
            class: self.class,
            place: self.place,
            monthly: self.monthly,
            from: self.from.first(),
            until: None,
            announced,
            cite: self.document.cite(),
            verified,
        }
    }
}

/// What is done with a proposed standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandardAct {
    /// 附上扫描件
    Attach,
    /// 发布
    Publish,
    /// 退回
    Refuse,
    /// 撤回
    Withdraw,
}

impl StandardAct {
    /// Every act.
    pub const ALL: [Self; 4] = [Self::Attach, Self::Publish, Self::Refuse, Self::Withdraw];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attach => "attach",
            Self::Publish => "publish",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }

    /// What the role must be allowed.
    #[must_use]
    pub const fn needs(self) -> Action {
        match self {
            Self::Publish | Self::Refuse => Action::PublishStandard,
            Self::Attach | Self::Withdraw => Action::ProposeStandard,
        }
    }

    /// The state that it leads to.
    #[must_use]
    pub const fn leads_to(self) -> StandardState {
        match self {
            Self::Attach => StandardState::Proposed,
            Self::Publish => StandardState::Published,
            Self::Refuse => StandardState::Refused,
            Self::Withdraw => StandardState::Withdrawn,
        }
    }

    /// Whether this officer may do it with a standard in this state, proposed by that one.
    ///
    /// ```
    /// use domain::allowances::{StandardAct, StandardError, StandardState};
    /// use jiff::Timestamp;
    /// use kernel::{clock::SeededEntropy, ids::OfficerId, roles::Role};
    /// let entropy = SeededEntropy::new(1);
    /// let [one, two] = [0, 1].map(|_| OfficerId::generate(Timestamp::UNIX_EPOCH, &entropy));
    /// let publish = |who| StandardAct::Publish.by(who, Role::CityApprover, StandardState::Proposed, one);
    /// assert_eq!(publish(two), Ok(StandardState::Published));
    /// assert_eq!(publish(one), Err(StandardError::SamePerson));
    /// ```
    ///
    /// # Errors
    /// [`StandardError::Role`], [`StandardError::Decided`], [`StandardError::SamePerson`], [`StandardError::Another`].
    pub fn by(
        self,
        officer: OfficerId,
        role: Role,
        state: StandardState,
        proposer: OfficerId,
    ) -> Result<StandardState, StandardError> {
        if !can(role, self.needs()) {
            return Err(StandardError::Role);
        }
        if state != StandardState::Proposed {
            return Err(StandardError::Decided(state));
        }
        let is_own = officer == proposer;
        match self {
            Self::Attach if !is_own => Err(StandardError::Another),
            Self::Publish | Self::Refuse if is_own => Err(StandardError::SamePerson),
            Self::Attach | Self::Publish | Self::Refuse | Self::Withdraw => Ok(self.leads_to()),
        }
    }
}

/// Why something was not done with a standard. Nothing was changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StandardError {
    /// The class brings no money.
    #[error("the class brings no money")]
    Class,
    /// The amount does not fit.
    #[error("the amount does not fit")]
    Amount,
    /// The first month does not fit.
    #[error("the first month does not fit")]
    Month,
    /// The document's words, or the reason, are missing or too long.
    #[error("the words do not fit")]
    Words,
    /// The place is not the unit's.
    #[error("the place is not the unit's")]
    Place,
    /// One for the same class, place and month waits already.
    #[error("one waits already")]
    Waiting,
    /// The role does not do this, or the standard is another unit's.
    #[error("not this post's to do")]
    Role,
    /// Whoever proposed it does not publish or refuse it.
    #[error("a second person is needed")]
    SamePerson,
    /// Whoever did not propose it does not add its scan.
    #[error("another officer proposed it")]
    Another,
    /// It has a scan already.
    #[error("it has a scan already")]
    Scanned,
    /// It has no scan.
    #[error("it has no scan")]
    NoScan,
    /// It was published, refused or withdrawn before.
    #[error("it is {0:?}")]
    Decided(StandardState),
    /// There is none.
    #[error("there is no such standard")]
    Gone,
    /// A month was prepared at this very time.
    #[error("a month was prepared meanwhile")]
    Meanwhile,
    /// No rate is in force that could grow.
    #[error("no rate is in force")]
    NoRate,
    /// The index does not fit.
    #[error("the index does not fit")]
    Index,
}

impl Explain for StandardError {
    fn code(&self) -> &'static str {
        match self {
            Self::Class => "standard.class",
            Self::Amount => "standard.amount",
            Self::Month => "standard.month",
            Self::Words => "standard.words",
            Self::Place => "standard.place",
            Self::Waiting => "standard.waiting",
            Self::Role => "standard.role",
            Self::SamePerson => "standard.same_person",
            Self::Another => "standard.another",
            Self::Scanned => "standard.scanned",
            Self::NoScan => "standard.no_scan",
            Self::Decided(_) => "standard.decided",
            Self::Gone => "standard.gone",
            Self::Meanwhile => "standard.meanwhile",
            Self::NoRate => "standard.no_rate",
            Self::Index => "standard.index",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        }
        .to_owned()
    }
}

impl StandardError {
    const fn in_chinese(self) -> &'static str {
        match self {
            Self::Class => "该类别不发放生活费，没有保障标准，请另选类别。",
            Self::Amount => "标准须大于0、不超过100000.00元/月，最多两位小数，请更正。",
            Self::Month => "起始月份须在2000年至2099年之间，请更正。",
            Self::Words => "文件名称（或理由）须填写且不超过200字，文号不超过60字，请更正。",
            Self::Place => "适用地区不在本单位管辖范围内，请改选本地区或下级地区。",
            Self::Waiting => {
                "同一类别、地区、起始月份已有一条标准待发布，请先由另一人发布或退回，或将其撤回。"
            }
            Self::Role => "这条标准不由您的岗位或单位办理。",
            Self::SamePerson => {
                "提出标准的人不能自己发布或退回，换任职也不行。请由本单位审批岗的另一人办理。"
            }
            Self::Another => "文件扫描件由提出标准的人附上，未作改动。请由其办理。",
            Self::Scanned => "这条标准已附文件扫描件，不能更换。如附错，请撤回后另提一条。",
            Self::NoScan => "这条标准未附文件扫描件，请向提出标准的单位索取原文。",
            Self::Decided(StandardState::Published) => {
                "这条标准已经发布，不能再改。如需调整，请另提一条新标准。"
            }
            Self::Decided(StandardState::Refused) => {
                "这条标准已被退回，未作改动。请另提一条新标准。"
            }
            Self::Decided(_) => "这条标准已经撤回，未作改动。如仍需要，请另提一条新标准。",
            Self::Gone => "没有这条标准，请刷新列表。",
            Self::Meanwhile => "发布时恰有单位在编制发放批次，未作改动。请稍后再发布一次。",
            Self::NoRate => "该类别在该地区没有现行标准，无法据以测算增长，请直接填写新标准。",
            Self::Index => "两年的指标须是大于0的金额，最多两位小数，请更正。",
        }
    }

    const fn in_english(self) -> &'static str {
        match self {
            Self::Class => "This class brings no money and has no standard: choose another.",
            Self::Amount => {
                "A standard is above 0 and at most 100000.00 yuan a month, with two decimals at most: correct it."
            }
            Self::Month => "The first month lies between the years 2000 and 2099: correct it.",
            Self::Words => {
                "A title (or reason) is needed, of 200 letters at most, and a number has at most 60: correct them."
            }
            Self::Place => "The place is not your unit's: choose your own or one below.",
            Self::Waiting => {
                "A standard for the same class, place and month waits already: have it published or refused by another, or withdraw it."
            }
            Self::Role => "This standard is not your post's or your unit's to deal with.",
            Self::SamePerson => {
                "Whoever proposed a standard neither publishes nor refuses it, whatever the post: another person of your unit has to."
            }
            Self::Another => {
                "Whoever proposed a standard adds the scan of its document, and nothing was changed: let that officer do it."
            }
            Self::Scanned => {
                "This standard has its scan, which is not replaced: if it is the wrong one, withdraw the standard and propose it anew."
            }
            Self::NoScan => {
                "This standard has no scan of its document: ask the unit that proposed it for the original."
            }
            Self::Decided(StandardState::Published) => {
                "This standard is published and never changes: propose a new one to adjust it."
            }
            Self::Decided(StandardState::Refused) => {
                "This standard was refused, and nothing was changed: propose a new one."
            }
            Self::Decided(_) => {
                "This standard was withdrawn, and nothing was changed: propose a new one if it is still needed."
            }
            Self::Gone => "There is no such standard: load the list again.",
            Self::Meanwhile => {
                "A month was being prepared at this very time, and nothing was changed: publish once more in a moment."
            }
            Self::NoRate => {
                "No rate of this class is in force there, so nothing can grow: state the new one."
            }
            Self::Index => {
                "The index of both years is an amount above 0 with two decimals at most: correct it."
            }
        }
    }
}

/// How much a rate rises over the one it takes over from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rise {
    /// The rate before.
    pub before: Money,
    /// The rate after.
    pub after: Money,
}

impl Rise {
    /// In tenths of a per cent, the half away from zero; none where there was nothing before.
    ///
    /// ```
    /// use domain::allowances::Rise;
    /// use kernel::money::Money;
    /// let rise = |before, after| Rise { before: Money::from_yuan(before), after: Money::from_yuan(after) }.tenths();
    /// // The notice says 10 per cent; its own amounts say more.
    /// assert_eq!((rise(1760, 2000), rise(1400, 1600), rise(980, 1100)), (Some(136), Some(143), Some(122)));
    /// assert_eq!((rise(2000, 1999), rise(0, 100)), (Some(-1), None));
    /// ```
    #[must_use]
    pub fn tenths(&self) -> Option<i64> {
        let before = i128::from(self.before.fen());
        if before <= 0 {
            return None;
        }
        let more = 1000 * (i128::from(self.after.fen()) - before);
        let half = if more < 0 { -before } else { before };
        i64::try_from((2 * more + half) / (2 * before)).ok()
    }
}

#[cfg(test)]
mod tests {
    use kernel::clock::SeededEntropy;

    use super::*;

    fn draft() -> StandardDraft {
        StandardDraft {
            class: Category::ScatteredOrphan,
            place: Division::COUNTRY,
            monthly: Money::from_yuan(1600),
            from: "2021-01".parse().unwrap(),
            document: StandardDocument {
                number: Some(" 枣民〔2021〕1号 ".into()),
                title: " 关于提高标准的通知 ".into(),
                on: None,
            },
        }
    }

    #[test]
    fn a_draft_is_tidied_or_told_what_does_not_fit() {
        let tidied = draft().tidied().unwrap();
        assert_eq!(
            tidied.document.cite(),
            "《关于提高标准的通知》（枣民〔2021〕1号）"
        );
        let with = |change: fn(&mut StandardDraft)| {
            let mut draft = draft();
            change(&mut draft);
            draft.tidied().unwrap_err()
        };
        assert_eq!(
            with(|d| d.class = Category::LeftBehind),
            StandardError::Class
        );
        assert_eq!(with(|d| d.monthly = Money::ZERO), StandardError::Amount);
        assert_eq!(
            with(|d| d.monthly = Money::from_fen(10_000_001)),
            StandardError::Amount
        );
        assert_eq!(
            with(|d| d.from = "1999-12".parse().unwrap()),
            StandardError::Month
        );
        assert_eq!(
            with(|d| d.document.title = " ".into()),
            StandardError::Words
        );
        assert_eq!(
            with(|d| d.document.title = "长".repeat(201)),
            StandardError::Words
        );
        let mut blank = draft();
        blank.document.number = Some(" ".into());
        assert_eq!(blank.tidied().unwrap().document.number, None);
    }

    /// Every act, by every role, on every state, by the proposer and by another.
    #[test]
    fn two_people_publish_and_what_is_decided_stays() {
        let entropy = SeededEntropy::new(1);
        let [proposer, other] =
            [0, 1].map(|_| OfficerId::generate(Timestamp::UNIX_EPOCH, &entropy));
        let mut done = 0;
        for act in StandardAct::ALL {
            for role in Role::ALL {
                for state in StandardState::ALL {
                    for officer in [proposer, other] {
                        let Ok(to) = act.by(officer, role, state, proposer) else {
                            continue;
                        };
                        done += 1;
                        assert_eq!((state, to), (StandardState::Proposed, act.leads_to()));
                        assert!(can(role, act.needs()));
                        match act {
                            StandardAct::Attach => assert_eq!(officer, proposer),
                            StandardAct::Publish | StandardAct::Refuse => {
                                assert_eq!(officer, other)
                            }
                            StandardAct::Withdraw => {}
                        }
                    }
                }
            }
        }
        // Two roles publish and refuse, the other person alone; two roles attach, the proposer alone, and withdraw, either person.
        assert_eq!(done, 2 + 2 + 2 + 2 * 2);
    }

    #[test]
    fn codes_are_the_same_everywhere() {
        for state in StandardState::ALL {
            assert_eq!(StandardState::from_code(state.code()), Some(state));
            assert_eq!(
                serde_json::to_string(&state).unwrap(),
                format!("\"{}\"", state.code())
            );
        }
    }
}
