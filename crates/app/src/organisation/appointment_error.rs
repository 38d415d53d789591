//! Why something about an appointment or an account was not done.

use domain::organisation::appointing::{ConfirmError, ProposeError};
use kernel::explain::{Explain, Lang};
use store::error::StoreError;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum AppointmentError {
    /// Nothing there, or nothing within the caller's reach: one answer for both.
    #[error("not found within reach")]
    NotFound,
    /// It may not be proposed.
    #[error(transparent)]
    Propose(#[from] ProposeError),
    /// It may not be confirmed by this person.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// The officer has no account to reset or lock, or has one already and needs no invitation.
    #[error("the account is not as this needs it")]
    Account,
    /// Nobody would be left to confirm anything in the uppermost unit.
    #[error("the last confirmer of the uppermost unit")]
    LastConfirmer,
    /// The store's fault.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for AppointmentError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            other => Self::Store(other),
        }
    }
}

impl Explain for AppointmentError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Propose(error) => error.code(),
            Self::Confirm(error) => error.code(),
            Self::Account => "account.state",
            Self::LastConfirmer => "appointment.last_confirmer",
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotFound, _) => StoreError::NotFound.explain(lang),
            (Self::Propose(error), _) => error.explain(lang),
            (Self::Confirm(error), _) => error.explain(lang),
            (Self::Account, Lang::Zh) => {
                "该人员的账号状态不符：没有账号的请发邀请，已有账号的请申请重置。".into()
            }
            (Self::Account, Lang::En) => {
                "The officer's account is not as this needs it: invite who has none, reset the secrets of who has one.".into()
            }
            (Self::LastConfirmer, Lang::Zh) => {
                "这是最上级单位仅有的审批人员，任期结束后将无人确认各项申请。请先任命接任人员。".into()
            }
            (Self::LastConfirmer, Lang::En) => {
                "Nobody else confirms anything in the uppermost unit: appoint a successor first.".into()
            }
            (Self::Store(error), _) => error.explain(lang),
        }
    }
}
