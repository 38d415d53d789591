//! Giving the password again, before money, export and secrets.

use domain::organisation::Login;
use store::accounts::{
    SessionProved, Tried, account_of, forget, login_key, matches, own_login, try_once,
};
use store::session::SessionToken;
use store::work::Store;
use zeroize::Zeroizing;

use super::sign_in::{Checked, SecondFactor, SignInError, check_second};

/// Proves that the officer, and not somebody else at the open screen, is at work; it counts for ten minutes. No
/// connection is held while the password is hashed.
///
/// # Errors
/// [`SignInError`]; failures count as those of a sign-in do.
pub async fn reauthenticate(
    store: &Store,
    token: &SessionToken,
    password: Zeroizing<String>,
    second: Option<SecondFactor>,
) -> Result<(), SignInError> {
    let mut work = store.begin(token, "").await?;
    let login = own_login(&mut work).await?.unwrap_or_default();
    work.commit().await?;
    let login: Login = login.parse().map_err(|_| SignInError::Wrong)?;
    let key = login_key(store.sealer(), &login);
    if let Tried::Not { until, locked_out } = try_once(store, &key, true).await? {
        return Err(SignInError::Wait { until, locked_out });
    }
    let account = account_of(store, &login).await?.ok_or(SignInError::Wrong)?;
    if !matches(password, Some(&account.password)).await? {
        return Err(SignInError::Wrong);
    }
    match check_second(store, &account, second).await? {
        Checked::By(_) => {}
        Checked::Missing => return Err(SignInError::SecondFactorNeeded),
        Checked::Wrong => return Err(SignInError::Wrong),
    }
    forget(store, &key).await?;
    let mut work = store.begin(token, "").await?;
    let officer = work.officer();
    work.apply(&SessionProved(officer)).await?;
    Ok(work.commit().await?)
}
