//! Giving the password again, before money, export and secrets.

use domain::organisation::Login;
use store::accounts::{SessionProved, own_login};
use store::session::SessionToken;
use store::work::Store;
use zeroize::Zeroizing;

use super::prove::prove;
use super::sign_in::{SecondFactor, SignInError};

/// Proves that the officer, and not somebody else at the open screen, is at work; it counts for ten minutes. No
/// connection is held while the password is hashed.
///
/// # Errors
/// [`SignInError`]; failures are counted by the login name and journalled as those of a sign-in are.
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
    prove(store, &login, password, second).await?;
    let mut work = store.begin(token, "").await?;
    let officer = work.officer();
    work.apply(&SessionProved(officer)).await?;
    Ok(work.commit().await?)
}
