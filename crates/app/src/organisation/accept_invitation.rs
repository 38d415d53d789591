//! Accepting an invitation: the officer chooses login name and password, enrols a second factor, and gets recovery codes.

use domain::organisation::password::{self, PasswordFault};
use domain::organisation::second_factor::needs_second_factor;
use domain::organisation::{Login, LoginError};
use kernel::explain::{Explain, Lang};
use store::accounts::{
    InvitationCode, Invited, NewAccount, RecoveryCode, TotpSecret, accept, hash, invitation,
    login_key, offer_second_factor, roles_of,
};
use store::error::StoreError;
use store::work::Store;
use zeroize::Zeroizing;

/// Recovery codes in a set.
const RECOVERY_CODES: usize = 8;

/// Why an invitation was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// The code is wrong, used or too old: one answer for all.
    #[error("the code is not valid")]
    Invalid,
    /// The login name has another form.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// Somebody else has this login name.
    #[error("the login name is taken")]
    LoginTaken,
    /// The account that is renewed has another login name.
    #[error("the account has another login name")]
    OtherLogin,
    /// The password is not taken.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// The six digits are missing or wrong, and the role needs them.
    #[error("the second factor is not enrolled")]
    SecondFactor,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Explain for InvitationError {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid => "invitation.invalid",
            Self::Login(error) => error.code(),
            Self::LoginTaken => "login.taken",
            Self::OtherLogin => "login.other",
            Self::Password(error) => error.code(),
            Self::SecondFactor => "invitation.second_factor",
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Invalid => (
                "邀请码无效、已使用或已过期，请向本单位重新申请。",
                "The code is wrong, used or out of date: ask your unit for another.",
            ),
            Self::LoginTaken => (
                "该登录名已被使用，请换一个。",
                "This login name is taken: choose another.",
            ),
            Self::OtherLogin => (
                "重置账号时须使用原登录名。",
                "A reset keeps the login name the account has.",
            ),
            Self::SecondFactor => (
                "验证码不正确。请用手机令牌扫描后，输入当前的六位数字。",
                "The code is wrong: scan with your authenticator, then enter its six digits of the moment.",
            ),
            Self::Login(error) => return error.explain(lang),
            Self::Password(error) => return error.explain(lang),
            Self::Store(error) => return error.explain(lang),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .into()
    }
}

/// What a code opens.
#[derive(Debug, Clone)]
pub struct InvitationOpened {
    /// The officer's name.
    pub name: String,
    /// The login name of the account that is renewed.
    pub login: Option<String>,
    /// Whether the role needs a second factor.
    pub second_factor_needed: bool,
    /// The second factor offered, as an authenticator reads it. It is secret, and replaces one offered before.
    pub second_factor: Zeroizing<String>,
}

/// Opens an invitation without using it up.
///
/// # Errors
/// [`InvitationError::Invalid`].
pub async fn open_invitation(
    store: &Store,
    code: &InvitationCode,
) -> Result<InvitationOpened, InvitationError> {
    let invited = valid(store, code).await?;
    let secret = offer_second_factor(store, code, &invited).await?;
    let account = invited.login.clone().unwrap_or_else(|| "account".into());
    Ok(InvitationOpened {
        second_factor_needed: second_factor_needed(store, &invited).await?,
        second_factor: secret.address(&account),
        name: invited.name,
        login: invited.login,
    })
}

/// What the officer chose.
pub struct Acceptance<'a> {
    /// The one-time code.
    pub code: InvitationCode,
    /// The login name.
    pub login: &'a str,
    /// The password.
    pub password: Zeroizing<String>,
    /// Six digits from the authenticator that read the offer.
    pub second_factor: Option<&'a str>,
}

/// An account that was made or renewed.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// To be shown once; each takes the place of the second factor once. Empty without a second factor.
    pub recovery_codes: Vec<RecoveryCode>,
}

/// Makes the account, or renews its secrets. The code is then used up, and every session of the officer has ended.
///
/// # Errors
/// [`InvitationError`]; the code stays valid then.
pub async fn accept_invitation(
    store: &Store,
    acceptance: Acceptance<'_>,
) -> Result<Accepted, InvitationError> {
    let invited = valid(store, &acceptance.code).await?;
    let login: Login = acceptance.login.parse()?;
    if invited
        .login
        .as_ref()
        .is_some_and(|kept| kept != login.as_str())
    {
        return Err(InvitationError::OtherLogin);
    }
    password::check(&acceptance.password, &login)?;
    let second_factor = enrolled(store, &invited, acceptance.second_factor).await?;
    let recovery_codes: Vec<RecoveryCode> = match second_factor {
        Some(_) => (0..RECOVERY_CODES)
            .map(|_| RecoveryCode::generate(store.entropy()))
            .collect(),
        None => Vec::new(),
    };
    let hashed = hash(acceptance.password, store.entropy()).await?;
    let account = NewAccount {
        officer: invited.officer,
        login: &login,
        key: login_key(store.sealer(), &login),
        password: &hashed,
        second_factor,
        recovery: &recovery_codes,
    };
    accept(store, &acceptance.code, &account)
        .await
        .map_err(|error| match error {
            StoreError::NotFound => InvitationError::Invalid,
            StoreError::Stale => InvitationError::LoginTaken,
            other => other.into(),
        })?;
    Ok(Accepted { recovery_codes })
}

async fn valid(store: &Store, code: &InvitationCode) -> Result<Invited, InvitationError> {
    invitation(store, code)
        .await?
        .ok_or(InvitationError::Invalid)
}

/// The second factor with the step that proves it was read, where one is given or needed.
async fn enrolled(
    store: &Store,
    invited: &Invited,
    code: Option<&str>,
) -> Result<Option<(TotpSecret, i64)>, InvitationError> {
    let Some(code) = code else {
        return match second_factor_needed(store, invited).await? {
            true => Err(InvitationError::SecondFactor),
            false => Ok(None),
        };
    };
    let now = store::accounts::telephone_time(store).await?;
    let secret = invited
        .second_factor
        .clone()
        .ok_or(InvitationError::SecondFactor)?;
    let step = secret
        .step_of(code, now, None)
        .ok_or(InvitationError::SecondFactor)?;
    Ok(Some((secret, step)))
}

/// Roles still to come count: whoever is appointed from next month on enrols today.
async fn second_factor_needed(store: &Store, invited: &Invited) -> Result<bool, StoreError> {
    let roles = roles_of(store, invited.officer).await?;
    Ok(roles.into_iter().any(needs_second_factor))
}
