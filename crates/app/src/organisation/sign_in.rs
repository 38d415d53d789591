//! Signing in: password, then second factor.
//!
//! **Invariant.** Whoever fails learns neither whether the login name exists nor which of the secrets was wrong, and a
//! name that does not exist costs the same work as one that does.

use domain::organisation::Login;
use domain::organisation::second_factor::needs_second_factor;
use jiff::Timestamp;
use kernel::explain::{Explain, Lang};
use kernel::ids::{AppointmentId, OfficerId};
use store::accounts::{
    Posted, RecoveryCode, Stored, Tried, address_key, matches, open_session, posts_of, try_once,
};
use store::error::StoreError;
use store::session::SessionToken;
use store::work::Store;
use zeroize::Zeroizing;

use super::prove::{Proved, prove};

/// What takes the place of, or is, the second factor.
#[derive(Debug, Clone)]
pub enum SecondFactor {
    /// The six digits of the moment.
    Code(String),
    /// A recovery code, used up by this.
    Recovery(RecoveryCode),
}

/// Who wants to sign in, by what, and from where.
pub struct SignIn<'a> {
    /// The login name as typed.
    pub login: &'a str,
    /// The password.
    pub password: Zeroizing<String>,
    /// The second factor, where the account has one.
    pub second: Option<SecondFactor>,
    /// The network address it comes from.
    pub address: &'a str,
    /// What the device calls itself.
    pub device: &'a str,
    /// The appointment to work under; the oldest of today if none is named.
    pub appointment: Option<AppointmentId>,
}

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session's secret, for the officer's device alone.
    pub token: SessionToken,
    /// The officer.
    pub officer: OfficerId,
    /// The post he or she works under.
    pub post: Posted,
    /// All posts of today.
    pub posts: Vec<Posted>,
}

/// Why somebody did not sign in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Login name, password or second factor is wrong: one answer for all.
    #[error("wrong login name, password or second factor")]
    Wrong,
    /// The password is right, and the account has a second factor that was not given.
    #[error("the second factor is missing")]
    SecondFactorNeeded,
    /// Too many failures: not before this moment.
    #[error("too many failures")]
    Wait {
        /// When to try again.
        until: Timestamp,
        /// Whether it is locked out, which whoever keeps the accounts can end earlier.
        locked_out: bool,
    },
    /// The secrets are right, and the account is locked.
    #[error("the account is locked")]
    Locked,
    /// The secrets are right, and there is no such appointment today.
    #[error("no appointment today")]
    NoPost,
    /// The role needs a second factor, and the account has none.
    #[error("the role needs a second factor")]
    NotEnrolled,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Explain for SignInError {
    fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "sign_in.wrong",
            Self::SecondFactorNeeded => "sign_in.second_factor",
            Self::Wait { .. } => "sign_in.wait",
            Self::Locked => "sign_in.locked",
            Self::NoPost => "sign_in.no_post",
            Self::NotEnrolled => "sign_in.not_enrolled",
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Wrong => (
                "登录名、密码或验证码不正确，请核对后重试。",
                "Login name, password or code is wrong: check them and try again.",
            ),
            Self::SecondFactorNeeded => (
                "请输入手机令牌上的六位验证码，或使用一个恢复码。",
                "Enter the six digits of your authenticator, or one of your recovery codes.",
            ),
            Self::Wait {
                locked_out: false, ..
            } => (
                "尝试过于频繁，请稍候再试。",
                "Too many attempts: wait a little before the next.",
            ),
            Self::Wait {
                locked_out: true, ..
            } => (
                "多次登录失败，已暂停登录。请一小时后再试，或请系统管理员解锁。",
                "Too many failures: signing in is suspended for an hour, or until the administrator unlocks it.",
            ),
            Self::Locked => (
                "账号已停用，请联系系统管理员。",
                "The account is locked: ask the administrator.",
            ),
            Self::NoPost => (
                "您今天没有有效的任职，请联系本单位。",
                "You hold no appointment today: ask your unit.",
            ),
            Self::NotEnrolled => (
                "您的岗位须使用手机验证码登录，请申请重置账号以便登记验证器。",
                "Your role signs in with a second factor: have your account reset to enrol one.",
            ),
            Self::Store(error) => return error.explain(lang),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .into()
    }
}

/// Signs somebody in, journals it, and answers the session's token.
///
/// # Errors
/// [`SignInError`]; failures are counted by login name and by address, and journalled where the name is an account's.
pub async fn sign_in(store: &Store, asked: SignIn<'_>) -> Result<SignedIn, SignInError> {
    let address = address_key(store.sealer(), asked.address);
    if let Tried::Not { until, locked_out } = try_once(store, &address, false).await? {
        return Err(SignInError::Wait { until, locked_out });
    }
    let proved = match asked.login.parse::<Login>() {
        Ok(login) => prove(store, &login, asked.password, asked.second).await,
        // As much work as for a name that may exist.
        Err(_) => matches(asked.password, None)
            .await
            .map_err(SignInError::from)
            .and(Err(SignInError::Wrong)),
    };
    let Proved { account, by } = match proved {
        Err(SignInError::Wrong) => {
            try_once(store, &address, true).await?;
            return Err(SignInError::Wrong);
        }
        proved => proved?,
    };
    if account.locked {
        return Err(SignInError::Locked);
    }
    enter(store, &account, by, asked.device, asked.appointment).await
}

async fn enter(
    store: &Store,
    account: &Stored,
    by: &'static str,
    device: &str,
    appointment: Option<AppointmentId>,
) -> Result<SignedIn, SignInError> {
    let posts = posts_of(store, account.officer).await?;
    let wanted = |post: &&Posted| appointment.is_none_or(|id| post.appointment == id);
    let post = posts
        .iter()
        .find(wanted)
        .cloned()
        .ok_or(SignInError::NoPost)?;
    if needs_second_factor(post.role) && account.second_factor.is_none() {
        return Err(SignInError::NotEnrolled);
    }
    let token = open_session(store, account.officer, post.appointment, device, by).await?;
    Ok(SignedIn {
        token,
        officer: account.officer,
        post,
        posts,
    })
}
