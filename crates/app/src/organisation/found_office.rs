//! Founding an office: the root unit, its administrator and two approvers, each with an own one-time code.

use domain::organisation::{UnitKind, UnitPlan};
use jiff::Timestamp;
use kernel::explain::{Explain, Lang};
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::roles::Role;
use store::accounts::InvitationCode;
use store::error::StoreError;
use store::organisation::{Founder, FounderPost};
use store::seal::Sealer;

/// The names of the first officers: three people.
#[derive(Debug, Clone, Copy)]
pub struct FoundingOfficers<'a> {
    /// Keeps the accounts.
    pub admin: &'a str,
    /// Confirm what the administrator proposes, and each other's matters.
    pub approvers: [&'a str; 2],
}

impl FoundingOfficers<'_> {
    /// Whether they may found this root unit; answers the role of its approvers.
    ///
    /// # Errors
    /// [`FoundOfficeError::NoBureau`], [`FoundOfficeError::NotThreePeople`].
    pub fn approver_role(&self, root: &UnitPlan) -> Result<Role, FoundOfficeError> {
        let approver = match root.kind {
            UnitKind::CityBureau => Role::CityApprover,
            UnitKind::CountyBureau => Role::CountyApprover,
            UnitKind::Town | UnitKind::Village | UnitKind::Home | UnitKind::RescueCentre => {
                return Err(FoundOfficeError::NoBureau);
            }
        };
        let [first, second] = self.approvers.map(str::trim);
        let admin = self.admin.trim();
        let people = [admin, first, second];
        if people.contains(&"") || admin == first || admin == second || first == second {
            return Err(FoundOfficeError::NotThreePeople);
        }
        Ok(approver)
    }
}

/// A first officer.
#[derive(Debug, Clone)]
pub struct FoundingOfficer {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The officer.
    pub officer: OfficerId,
    /// The appointment.
    pub appointment: AppointmentId,
    /// The code that makes the account, to be shown once and handed to this officer alone.
    pub code: InvitationCode,
    /// Until when the code is valid.
    pub expires_at: Timestamp,
}

/// What was founded.
#[derive(Debug, Clone)]
pub struct OfficeFounded {
    /// The root unit.
    pub unit: UnitId,
    /// The administrator, then the approvers.
    pub officers: Vec<FoundingOfficer>,
}

/// Why no office was founded.
#[derive(Debug, thiserror::Error)]
pub enum FoundOfficeError {
    /// Two of the names are the same, or one is empty.
    #[error("the founding officers are not three people")]
    NotThreePeople,
    /// The root unit is no bureau.
    #[error("the root unit is no bureau")]
    NoBureau,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Explain for FoundOfficeError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotThreePeople => "founding.people",
            Self::NoBureau => "founding.unit",
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotThreePeople, Lang::Zh) => {
                "系统管理员和两名审批人员须为三个不同的人，姓名不能为空。".into()
            }
            (Self::NotThreePeople, Lang::En) => {
                "The administrator and the two approvers are three different people with a name each.".into()
            }
            (Self::NoBureau, Lang::Zh) => "最上级单位须为市或区县民政局。".into(),
            (Self::NoBureau, Lang::En) => {
                "The root unit is the civil affairs bureau of a city or a county.".into()
            }
            (Self::Store(error), _) => error.explain(lang),
        }
    }
}

/// Founds the office in an installation that has its divisions: all of it, or nothing.
///
/// # Errors
/// [`FoundOfficeError`].
pub async fn found_office(
    founder: &Founder<'_>,
    sealer: &Sealer,
    root: &UnitPlan,
    officers: &FoundingOfficers<'_>,
) -> Result<OfficeFounded, FoundOfficeError> {
    let approver = officers.approver_role(root)?;
    let [first, second] = officers.approvers.map(str::trim);
    let post = |name, role| FounderPost {
        name,
        role,
        invented: false,
    };
    let posts = [
        post(officers.admin.trim(), Role::Admin),
        post(first, approver),
        post(second, approver),
    ];
    let (unit, invited) = store::organisation::found_office(founder, sealer, root, &posts).await?;
    let officers = posts
        .iter()
        .zip(invited)
        .map(|(post, invited)| FoundingOfficer {
            name: post.name.to_owned(),
            role: post.role,
            officer: invited.officer,
            appointment: invited.appointment,
            code: invited.code,
            expires_at: invited.expires_at,
        });
    Ok(OfficeFounded {
        unit,
        officers: officers.collect(),
    })
}
