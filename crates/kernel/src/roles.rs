//! Who may do what: the roles of the offices and one table of their actions.
//!
//! **Invariant.** No role both appoints and confirms appointments, and the administrator reaches no child.
//! The table says what a role may do at all; on which children is the caller's reach, and a sealed status
//! needs a named officer besides.

use std::fmt;

use crate::explain::{Explain, Lang};

/// A code that names no role.
///
/// ```
/// use kernel::roles::{Role, UnknownRole};
/// assert_eq!("chief".parse::<Role>(), Err(UnknownRole));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown role")]
pub struct UnknownRole;

impl Explain for UnknownRole {
    fn code(&self) -> &'static str {
        "role.unknown"
    }

    fn explain(&self, lang: Lang) -> String {
        let list = |name: fn(Role) -> &'static str, comma| Role::ALL.map(name).join(comma);
        match lang {
            Lang::Zh => format!("角色无法识别，应为下列之一：{}。", list(Role::code, "、")),
            Lang::En => format!("Unknown role; it is one of: {}.", list(Role::code, ", ")),
        }
    }
}

/// What an officer is appointed as.
///
/// ```
/// use kernel::roles::Role;
/// let role: Role = "child_director".parse()?;
/// assert_eq!((role.zh(), role.en()), ("儿童主任", "child director"));
/// # Ok::<(), kernel::roles::UnknownRole>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 儿童主任: knows the children of one village.
    ChildDirector,
    /// 儿童督导员: answers for one town.
    ChildSupervisor,
    /// 区县民政经办: reviews and proposes.
    CountyOfficer,
    /// 区县民政审批: confirms, never what the same person proposed.
    CountyApprover,
    /// 市民政局经办: standards, supervision, statistics.
    CityOfficer,
    /// 市民政局审批: confirms for the city.
    CityApprover,
    /// 财政: releases payment batches.
    FinanceOfficer,
    /// 儿童福利院: resident children.
    HomeStaff,
    /// 未成年人救助保护中心: street minors.
    RescueStaff,
    /// 学校、医院、公安、村企等: files reports and sees only its own.
    Partner,
    /// 审计: reads the journal and the money, changes nothing.
    Auditor,
    /// 系统管理员: accounts and settings, no child.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 12] = [
        Self::ChildDirector,
        Self::ChildSupervisor,
        Self::CountyOfficer,
        Self::CountyApprover,
        Self::CityOfficer,
        Self::CityApprover,
        Self::FinanceOfficer,
        Self::HomeStaff,
        Self::RescueStaff,
        Self::Partner,
        Self::Auditor,
        Self::Admin,
    ];

    /// The stable code, such as `child_director`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.words().0
    }

    /// The Chinese title.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        self.words().1
    }

    /// The English title.
    #[must_use]
    pub const fn en(self) -> &'static str {
        self.words().2
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::ChildDirector => ("child_director", "儿童主任", "child director"),
            Self::ChildSupervisor => ("child_supervisor", "儿童督导员", "child supervisor"),
            Self::CountyOfficer => ("county_officer", "区县民政经办", "county officer"),
            Self::CountyApprover => ("county_approver", "区县民政审批", "county approver"),
            Self::CityOfficer => ("city_officer", "市民政局经办", "city officer"),
            Self::CityApprover => ("city_approver", "市民政局审批", "city approver"),
            Self::FinanceOfficer => ("finance_officer", "财政", "finance officer"),
            Self::HomeStaff => ("home_staff", "儿童福利院", "children's home staff"),
            Self::RescueStaff => (
                "rescue_staff",
                "未成年人救助保护中心",
                "rescue centre staff",
            ),
            Self::Partner => ("partner", "协作单位", "partner organisation"),
            Self::Auditor => ("auditor", "审计", "auditor"),
            Self::Admin => ("admin", "系统管理员", "administrator"),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(code: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or(UnknownRole)
    }
}

/// What an operation does, and what its caller's role must allow.
///
/// ```
/// use kernel::roles::Action;
/// assert_eq!(Action::OpenChild.code(), "open_child");
/// assert!(Action::OpenChild.touches_children() && !Action::ManageAccounts.touches_children());
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Find children by name, id or division.
    SearchChildren,
    /// Open one child's file, for a stated purpose.
    OpenChild,
    /// Read who changed and who opened one child's file.
    ReadHistory,
    /// Open a file for a child not yet known.
    RegisterChild,
    /// Change a child's file.
    EditChild,
    /// Join two files of the same child.
    MergeChildren,
    /// Read a ledger into the registry.
    ImportLedger,
    /// Take children's data out as a file.
    ExportChildren,
    /// Settle a work item.
    ClearWorkItem,
    /// See applications: lists, and one opened for a stated purpose.
    ViewApplications,
    /// Take applications in, verify them, tell the applicant.
    HandleApplication,
    /// Propose what is decided on an application.
    ProposeDecision,
    /// Decide on an application that others verified and proposed.
    DecideApplication,
    /// See sealed statuses, where named as well.
    SeeSealed,
    /// See a resident id, phone, account or address in full.
    RevealSecret,
    /// See units and who serves in them.
    ViewOrganisation,
    /// Propose an appointment.
    Appoint,
    /// Let a proposed appointment take effect.
    ConfirmAppointment,
    /// Make, lock and reset accounts.
    ManageAccounts,
    /// Read the journal.
    ReadJournal,
    /// See counts of the children that the role may see, and no child.
    ReadFigures,
    /// See what a month's batches of allowances come to, and no child.
    ViewMonth,
    /// Prepare a month's batch of allowances for the own unit.
    PrepareMonth,
    /// Look through a prepared batch with its exceptions.
    ReviewMonth,
    /// Confirm for the quarter that a child who draws an allowance is still one of its class and still here.
    ConfirmQuarter,
    /// Approve a batch that somebody else prepared.
    ApproveMonth,
    /// Release an approved batch to the bank, and close it.
    ReleaseMonth,
    /// See what a rate would bring: heads and money of the children within reach, and no child.
    WeighStandard,
    /// Propose a dated rate of allowances, or withdraw one.
    ProposeStandard,
    /// Publish a rate that somebody else proposed, or refuse it.
    PublishStandard,
    /// Propose another installation to exchange packages with, or revoke one.
    ProposePeer,
    /// Confirm an installation that somebody else proposed, or revoke one.
    ConfirmPeer,
    /// Carry packages from and to another installation as files.
    CarryPackages,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 33] = [
        Self::SearchChildren,
        Self::OpenChild,
        Self::ReadHistory,
        Self::RegisterChild,
        Self::EditChild,
        Self::MergeChildren,
        Self::ImportLedger,
        Self::ExportChildren,
        Self::ClearWorkItem,
        Self::ViewApplications,
        Self::HandleApplication,
        Self::ProposeDecision,
        Self::DecideApplication,
        Self::SeeSealed,
        Self::RevealSecret,
        Self::ViewOrganisation,
        Self::Appoint,
        Self::ConfirmAppointment,
        Self::ManageAccounts,
        Self::ReadJournal,
        Self::ReadFigures,
        Self::ViewMonth,
        Self::PrepareMonth,
        Self::ReviewMonth,
        Self::ConfirmQuarter,
        Self::ApproveMonth,
        Self::ReleaseMonth,
        Self::WeighStandard,
        Self::ProposeStandard,
        Self::PublishStandard,
        Self::ProposePeer,
        Self::ConfirmPeer,
        Self::CarryPackages,
    ];

    /// The stable code, such as `open_child`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SearchChildren => "search_children",
            Self::OpenChild => "open_child",
            Self::ReadHistory => "read_history",
            Self::RegisterChild => "register_child",
            Self::EditChild => "edit_child",
            Self::MergeChildren => "merge_children",
            Self::ImportLedger => "import_ledger",
            Self::ExportChildren => "export_children",
            Self::ClearWorkItem => "clear_work_item",
            Self::ViewApplications => "view_applications",
            Self::HandleApplication => "handle_application",
            Self::ProposeDecision => "propose_decision",
            Self::DecideApplication => "decide_application",
            Self::SeeSealed => "see_sealed",
            Self::RevealSecret => "reveal_secret",
            Self::ViewOrganisation => "view_organisation",
            Self::Appoint => "appoint",
            Self::ConfirmAppointment => "confirm_appointment",
            Self::ManageAccounts => "manage_accounts",
            Self::ReadJournal => "read_journal",
            Self::ReadFigures => "read_figures",
            Self::ViewMonth => "view_month",
            Self::PrepareMonth => "prepare_month",
            Self::ReviewMonth => "review_month",
            Self::ConfirmQuarter => "confirm_quarter",
            Self::ApproveMonth => "approve_month",
            Self::ReleaseMonth => "release_month",
            Self::WeighStandard => "weigh_standard",
            Self::ProposeStandard => "propose_standard",
            Self::PublishStandard => "publish_standard",
            Self::ProposePeer => "propose_peer",
            Self::ConfirmPeer => "confirm_peer",
            Self::CarryPackages => "carry_packages",
        }
    }

    /// Whether it shows or changes single children.
    #[must_use]
    pub const fn touches_children(self) -> bool {
        match self {
            Self::SearchChildren
            | Self::OpenChild
            | Self::ReadHistory
            | Self::RegisterChild
            | Self::EditChild
            | Self::MergeChildren
            | Self::ImportLedger
            | Self::ExportChildren
            | Self::ClearWorkItem
            | Self::ViewApplications
            | Self::HandleApplication
            | Self::ProposeDecision
            | Self::DecideApplication
            | Self::SeeSealed
            | Self::RevealSecret
            | Self::PrepareMonth
            | Self::ReviewMonth
            | Self::ConfirmQuarter
            | Self::ApproveMonth
            | Self::CarryPackages => true,
            Self::ViewOrganisation
            | Self::Appoint
            | Self::ConfirmAppointment
            | Self::ManageAccounts
            | Self::ReadJournal
            | Self::ReadFigures
            | Self::ViewMonth
            | Self::ReleaseMonth
            | Self::WeighStandard
            | Self::ProposeStandard
            | Self::PublishStandard
            | Self::ProposePeer
            | Self::ConfirmPeer => false,
        }
    }
}

/// Whether `role` allows `action` at all.
///
/// ```
/// use kernel::roles::{Action, Role, can};
/// assert!(can(Role::CountyOfficer, Action::ImportLedger));
/// assert!(!can(Role::Admin, Action::SearchChildren));
/// ```
#[must_use]
pub fn can(role: Role, action: Action) -> bool {
    allowed(role).contains(&action)
}

/// The table: a row per role.
#[rustfmt::skip]
const fn allowed(role: Role) -> &'static [Action] {
    use Action::{
        Appoint, ApproveMonth, CarryPackages, ClearWorkItem, ConfirmAppointment, ConfirmPeer, ConfirmQuarter, DecideApplication, EditChild, ExportChildren, HandleApplication,
        ImportLedger, ManageAccounts, MergeChildren, OpenChild, PrepareMonth, ProposeDecision, ProposePeer, ProposeStandard, PublishStandard,
        ReadFigures, ReadHistory, ReadJournal, RegisterChild, ReleaseMonth, RevealSecret, ReviewMonth, SearchChildren, SeeSealed, ViewApplications, ViewMonth,
        ViewOrganisation, WeighStandard,
    };
    match role {
        Role::ChildDirector => &[SearchChildren, OpenChild, ReadHistory, ViewOrganisation],
        Role::ChildSupervisor => &[SearchChildren, OpenChild, ReadHistory, RegisterChild, EditChild, ClearWorkItem, ViewApplications, HandleApplication, RevealSecret, ViewOrganisation, ReadFigures, ConfirmQuarter, CarryPackages],
        Role::CountyOfficer => &[SearchChildren, OpenChild, ReadHistory, RegisterChild, EditChild, MergeChildren, ImportLedger, ExportChildren, ClearWorkItem, ViewApplications, HandleApplication, ProposeDecision, SeeSealed, RevealSecret, ViewOrganisation, Appoint, ReadFigures, ViewMonth, PrepareMonth, ReviewMonth, ConfirmQuarter, WeighStandard, ProposeStandard, ProposePeer, CarryPackages],
        Role::CountyApprover => &[SearchChildren, OpenChild, ReadHistory, ViewApplications, DecideApplication, SeeSealed, RevealSecret, ViewOrganisation, ConfirmAppointment, ReadFigures, ViewMonth, ReviewMonth, ApproveMonth, WeighStandard, PublishStandard, ConfirmPeer],
        Role::CityOfficer => &[SearchChildren, OpenChild, ReadHistory, ViewApplications, ViewOrganisation, Appoint, ReadFigures, ViewMonth, WeighStandard, ProposeStandard, ProposePeer],
        Role::CityApprover => &[SearchChildren, OpenChild, ReadHistory, ViewApplications, ViewOrganisation, ConfirmAppointment, ReadFigures, ViewMonth, WeighStandard, PublishStandard, ConfirmPeer],
        Role::FinanceOfficer => &[ViewOrganisation, ViewMonth, ReleaseMonth, WeighStandard],
        Role::HomeStaff => &[SearchChildren, OpenChild, ReadHistory, RegisterChild, EditChild, ClearWorkItem, ViewApplications, HandleApplication, RevealSecret, ViewOrganisation, ConfirmQuarter],
        Role::RescueStaff => &[SearchChildren, OpenChild, ReadHistory, RegisterChild, EditChild, ClearWorkItem, RevealSecret, ViewOrganisation],
        Role::Partner => &[],
        Role::Auditor => &[ViewOrganisation, ReadJournal, ViewMonth],
        Role::Admin => &[ViewOrganisation, Appoint, ManageAccounts, ProposePeer],
    }
}

#[cfg(test)]
#[path = "roles_tests.rs"]
mod tests;
