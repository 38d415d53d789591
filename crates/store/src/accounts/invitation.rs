//! Invitations: a one-time code that makes an account, or gives it new secrets.

use domain::organisation::Login;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::clock::Entropy;
use kernel::ids::{InvitationId, OfficerId};
use sqlx::PgConnection;

use super::codes::{InvitationCode, RecoveryCode};
use super::failures::Key;
use super::password::PasswordHash;
use super::second_factor::TotpSecret;
use crate::error::StoreError;
use crate::seal::{SealedAt, Sealer};
use crate::work::Store;

/// How many days a code is valid.
pub(crate) const VALID_DAYS: i32 = 7;

/// What a valid code is for.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The invitation.
    pub id: InvitationId,
    /// The officer.
    pub officer: OfficerId,
    /// The officer's name.
    pub name: String,
    /// The login name of the account whose secrets are renewed.
    pub login: Option<String>,
    /// The second factor offered last.
    pub second_factor: Option<TotpSecret>,
}

const fn offered(id: InvitationId) -> SealedAt {
    SealedAt {
        table: "auth.invitation",
        column: "totp_secret",
        row: id.uuid(),
    }
}

/// Where an account's second factor is sealed.
pub(super) const fn kept(officer: OfficerId) -> SealedAt {
    SealedAt {
        table: "auth.account",
        column: "totp_secret",
        row: officer.uuid(),
    }
}

/// What this code is for, while it is valid.
///
/// # Errors
/// When the database does not answer.
pub async fn invitation(
    store: &Store,
    code: &InvitationCode,
) -> Result<Option<Invited>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT id AS "id!", officer_id AS "officer!", name AS "name!", login, totp_secret FROM auth.invitation_of($1, $2)"#,
        code.digest(store.sealer()),
        store.clock().now().to_sqlx() as _
    )
    .fetch_optional(store.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let id = InvitationId::from_uuid(row.id);
    let second_factor = match row.totp_secret {
        Some(sealed) => TotpSecret::from_bytes(&store.sealer().open(offered(id), &sealed)?),
        None => None,
    };
    Ok(Some(Invited {
        id,
        officer: OfficerId::from_uuid(row.officer),
        name: row.name,
        login: row.login,
        second_factor,
    }))
}

/// Offers a new second factor with this code; one offered before counts no longer.
///
/// # Errors
/// When the database does not answer.
pub async fn offer_second_factor(
    store: &Store,
    code: &InvitationCode,
    invited: &Invited,
) -> Result<TotpSecret, StoreError> {
    let secret = TotpSecret::generate(store.entropy());
    let sealed = store.sealer().seal(offered(invited.id), secret.bytes());
    sqlx::query!(
        "SELECT auth.offer_second_factor($1, $2)",
        code.digest(store.sealer()),
        sealed
    )
    .fetch_one(store.pool())
    .await?;
    Ok(secret)
}

/// What an officer signs in by from now on.
pub struct NewAccount<'a> {
    /// The officer.
    pub officer: OfficerId,
    /// The login name.
    pub login: &'a Login,
    /// The key its failures are counted under.
    pub key: Key,
    /// The password.
    pub password: &'a PasswordHash,
    /// The second factor with the step just used.
    pub second_factor: Option<(TotpSecret, i64)>,
    /// The recovery codes.
    pub recovery: &'a [RecoveryCode],
}

/// Makes the account, or renews its secrets, and uses the code up. Every session of the officer ends.
///
/// # Errors
/// [`StoreError::NotFound`] when the code is no longer valid, [`StoreError::Stale`] when the login name was taken.
pub async fn accept(
    store: &Store,
    code: &InvitationCode,
    account: &NewAccount<'_>,
) -> Result<(), StoreError> {
    let sealer = store.sealer();
    let (secret, step) = match &account.second_factor {
        Some((secret, step)) => (
            Some(sealer.seal(kept(account.officer), secret.bytes())),
            Some(*step),
        ),
        None => (None, None),
    };
    let recovery: Vec<Vec<u8>> = account.recovery.iter().map(|c| c.digest(sealer)).collect();
    let done = sqlx::query_scalar!(
        r#"SELECT auth.accept_invitation($1, $2, $3, $4, $5, $6, $7, $8) AS "done!""#,
        code.digest(sealer),
        account.login.as_str(),
        account.password.as_str(),
        secret,
        step,
        &recovery,
        account.key.bytes(),
        store.clock().now().to_sqlx() as _
    )
    .fetch_one(store.pool())
    .await
    .map_err(StoreError::from)
    .map_err(|error| match error.is_collision() {
        true => StoreError::Stale,
        false => error,
    })?;
    match done {
        true => Ok(()),
        false => Err(StoreError::NotFound),
    }
}

/// Keeps the code of a founding officer, as the owner; answers until when it is valid.
pub(crate) async fn invite_founder(
    owner: &mut PgConnection,
    sealer: &Sealer,
    officer: OfficerId,
    code: &InvitationCode,
    (now, entropy): (Timestamp, &dyn Entropy),
) -> Result<Timestamp, StoreError> {
    let expires = sqlx::query_scalar!(
        r#"INSERT INTO auth.invitation (id, code, officer_id, expires_at)
           VALUES ($1, $2::bytea, $3, $4::timestamptz + make_interval(days => $5))
           RETURNING expires_at AS "at: jiff_sqlx::Timestamp""#,
        InvitationId::generate(now, entropy).uuid(),
        code.digest(sealer),
        officer.uuid(),
        now.to_sqlx() as _,
        VALID_DAYS
    )
    .fetch_one(owner)
    .await?;
    Ok(expires.to_jiff())
}
