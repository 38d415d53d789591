//! Proving who one is: the password, then the second factor, counted by the login name.
//!
//! **Invariant.** A try counts as failed before the password is looked at, and is forgotten only when both secrets were
//! right.

use domain::organisation::Login;
use domain::organisation::throttle::Counted;
use store::accounts::{
    Stored, Tried, account_of, forget, journal_failure, login_key, matches, telephone_time,
    try_once, use_recovery_code, use_step,
};
use store::error::StoreError;
use store::work::Store;
use zeroize::Zeroizing;

use super::sign_in::{SecondFactor, SignInError};

/// An account whose officer gave the right secrets.
pub(super) struct Proved {
    /// The account.
    pub(super) account: Stored,
    /// What the second factor was, for the journal.
    pub(super) by: &'static str,
}

/// Checks password and second factor, and uses the second factor up.
pub(super) async fn prove(
    store: &Store,
    login: &Login,
    password: Zeroizing<String>,
    second: Option<SecondFactor>,
) -> Result<Proved, SignInError> {
    let key = login_key(store.sealer(), login);
    let failures = match try_once(store, &key, true).await? {
        Tried::Go { failures } => failures,
        Tried::Not { until, locked_out } => return Err(SignInError::Wait { until, locked_out }),
    };
    let account = account_of(store, login).await?;
    let known = account.as_ref().map(|account| &account.password);
    let right = matches(password, known).await?;
    let checked = match account.filter(|_| right) {
        Some(account) => (check_second(store, &account, second).await?, Some(account)),
        None => (Checked::Wrong, None),
    };
    match checked {
        (Checked::By(by), Some(account)) => {
            forget(store, &key).await?;
            Ok(Proved { account, by })
        }
        // It stays counted: otherwise asking in between would allow any number of guesses at the second factor.
        (Checked::Missing, _) => Err(SignInError::SecondFactorNeeded),
        _ => {
            let lock_out = failures >= Counted::Login.locks_out_at();
            journal_failure(store, login, lock_out).await?;
            Err(SignInError::Wrong)
        }
    }
}

/// What the second factor came to.
enum Checked {
    /// Right: by what, for the journal.
    By(&'static str),
    /// Not given.
    Missing,
    /// Wrong, or used already.
    Wrong,
}

async fn check_second(
    store: &Store,
    account: &Stored,
    second: Option<SecondFactor>,
) -> Result<Checked, StoreError> {
    let Some((secret, last)) = &account.second_factor else {
        return Ok(Checked::By("none"));
    };
    let (used, by) = match second {
        None => return Ok(Checked::Missing),
        Some(SecondFactor::Recovery(code)) => {
            let used = use_recovery_code(store, account.officer, &code).await?;
            (used, "recovery_code")
        }
        Some(SecondFactor::Code(code)) => {
            let now = telephone_time(store).await?;
            let used = match secret.step_of(&code, now, *last) {
                Some(step) => use_step(store, account.officer, step).await?,
                None => false,
            };
            (used, "code")
        }
    };
    Ok(if used {
        Checked::By(by)
    } else {
        Checked::Wrong
    })
}
