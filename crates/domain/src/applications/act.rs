//! What officers do with an application.

use kernel::roles::Role;

/// Which officers of a unit do something: windows take in and verify, the county's officer proposes, its approver
/// decides.
///
/// ```
/// use domain::applications::Duty;
/// use kernel::roles::Role;
/// assert!(Duty::Decides.is_of(Role::CountyApprover));
/// assert!(!Duty::Decides.is_of(Role::CountyOfficer));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// Takes in, checks, verifies, tells.
    Handles,
    /// Reviews and proposes.
    Proposes,
    /// Decides.
    Decides,
}

impl Duty {
    /// Whether it is among this role's duties.
    #[must_use]
    pub const fn is_of(self, role: Role) -> bool {
        match self {
            Self::Handles => matches!(
                role,
                Role::ChildSupervisor | Role::HomeStaff | Role::CountyOfficer
            ),
            Self::Proposes => matches!(role, Role::CountyOfficer),
            Self::Decides => matches!(role, Role::CountyApprover),
        }
    }
}

/// Something done to an application.
///
/// ```
/// use domain::applications::Act;
/// assert_eq!(Act::from_code("verify"), Some(Act::Verify));
/// assert!(Act::Refuse.needs_reason() && !Act::Confirm.needs_reason());
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 提交
    Submit,
    /// 一次性告知
    Notice,
    /// 补正后再次提交
    Resubmit,
    /// 受理
    Accept,
    /// 推送
    Forward,
    /// 查验符合
    Verify,
    /// 查验不符
    Doubt,
    /// 提出意见
    Propose,
    /// 退回
    Return,
    /// 确认
    Confirm,
    /// 不予确认
    Refuse,
    /// 告知申请人
    Tell,
    /// 提出异议
    Object,
    /// 办结
    Close,
    /// 撤回
    Withdraw,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 15] = [
        Self::Submit,
        Self::Notice,
        Self::Resubmit,
        Self::Accept,
        Self::Forward,
        Self::Verify,
        Self::Doubt,
        Self::Propose,
        Self::Return,
        Self::Confirm,
        Self::Refuse,
        Self::Tell,
        Self::Object,
        Self::Close,
        Self::Withdraw,
    ];

    /// The act of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.words().0
    }

    /// The officers' word.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        self.words().1
    }

    /// The English word.
    #[must_use]
    pub const fn en(self) -> &'static str {
        self.words().2
    }

    /// Whether whoever does it has to say why.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::Notice
                | Self::Doubt
                | Self::Return
                | Self::Refuse
                | Self::Object
                | Self::Withdraw
        )
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Submit => ("submit", "提交", "submit"),
            Self::Notice => ("notice", "一次性告知", "give notice"),
            Self::Resubmit => ("resubmit", "补正后提交", "resubmit"),
            Self::Accept => ("accept", "受理", "accept"),
            Self::Forward => ("forward", "推送", "forward"),
            Self::Verify => ("verify", "查验符合", "verify"),
            Self::Doubt => ("doubt", "查验不符", "find otherwise"),
            Self::Propose => ("propose", "提出意见", "propose"),
            Self::Return => ("return", "退回", "give back"),
            Self::Confirm => ("confirm", "确认", "confirm"),
            Self::Refuse => ("refuse", "不予确认", "refuse"),
            Self::Tell => ("tell", "告知申请人", "tell the applicant"),
            Self::Object => ("object", "提出异议", "object"),
            Self::Close => ("close", "办结", "close"),
            Self::Withdraw => ("withdraw", "撤回", "withdraw"),
        }
    }
}
