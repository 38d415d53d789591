//! The second factor in a body, and why a sign-in fails, as a problem.

use std::time::Duration;

use app::organisation::{SecondFactor, SignInError};
use store::accounts::RecoveryCode;
use store::work::Store;

use crate::problem::{Kind, Problem};

/// The six digits count before a recovery code, which would be used up.
pub(super) fn second(code: Option<String>, recovery_code: Option<String>) -> Option<SecondFactor> {
    let recovery = |text: String| SecondFactor::Recovery(RecoveryCode::typed(&text));
    code.map(SecondFactor::Code).or(recovery_code.map(recovery))
}

/// 401 for wrong secrets, 429 for impatience, 409 where the secrets are right and something else is not.
pub(super) fn problem(store: &Store, error: SignInError) -> Problem {
    match error {
        SignInError::Store(error) => error.into(),
        SignInError::Wait { until, .. } => {
            let seconds = until.duration_since(store.clock().now()).as_secs();
            let wait = Duration::from_secs(u64::try_from(seconds).unwrap_or(0).max(1));
            Problem::explained(Kind::TooMany, &error).retry_after(wait)
        }
        SignInError::Wrong | SignInError::SecondFactorNeeded => {
            Problem::explained(Kind::NoSession, &error)
        }
        SignInError::Locked | SignInError::NoPost | SignInError::NotEnrolled => {
            Problem::explained(Kind::Conflict, &error)
        }
    }
}
