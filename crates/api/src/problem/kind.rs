//! The kinds of problem: status, stable code, and one sentence in each language.

use axum::http::StatusCode;
use kernel::explain::Lang;

/// Everything that can be wrong with a request at this layer.
///
/// ```
/// use api::problem::Kind;
/// assert_eq!(Kind::NotFound.code(), "not_found");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The request could not be read.
    BadRequest,
    /// No session, or one that has ended.
    NoSession,
    /// A request that changes something came from another site's page.
    ForeignOrigin,
    /// The session must be confirmed anew before this.
    Reauthenticate,
    /// There is nothing here, or it is not for this caller: one answer for both.
    NotFound,
    /// The path exists, the method is not for it.
    MethodNotAllowed,
    /// The body did not arrive in time.
    SentTooSlowly,
    /// What was asked for does not fit the state of things.
    Conflict,
    /// Somebody else changed it since the caller read it.
    Stale,
    /// The body is larger than is read.
    TooLarge,
    /// The request could be read, but says something that cannot be.
    Invalid,
    /// The `Idempotency-Key` was used for another request.
    KeyReused,
    /// Too many attempts.
    TooMany,
    /// A fault of ours.
    Fault,
    /// The database does not answer.
    DatabaseAway,
    /// More requests than can be worked on.
    Overloaded,
    /// The answer took longer than a caller should wait.
    TooSlow,
}

impl Kind {
    /// Every kind, for tests and documents.
    pub const ALL: [Self; 17] = [
        Self::BadRequest,
        Self::NoSession,
        Self::ForeignOrigin,
        Self::Reauthenticate,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::SentTooSlowly,
        Self::Conflict,
        Self::Stale,
        Self::TooLarge,
        Self::Invalid,
        Self::KeyReused,
        Self::TooMany,
        Self::Fault,
        Self::DatabaseAway,
        Self::Overloaded,
        Self::TooSlow,
    ];

    /// The stable code; programs rely on it, so it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::NoSession => "no_session",
            Self::ForeignOrigin => "foreign_origin",
            Self::Reauthenticate => "reauthenticate",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::SentTooSlowly => "sent_too_slowly",
            Self::Conflict => "conflict",
            Self::Stale => "stale",
            Self::TooLarge => "too_large",
            Self::Invalid => "invalid",
            Self::KeyReused => "key_reused",
            Self::TooMany => "too_many",
            Self::Fault => "fault",
            Self::DatabaseAway => "database_away",
            Self::Overloaded => "overloaded",
            Self::TooSlow => "too_slow",
        }
    }

    /// The HTTP status it is answered with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::NoSession => StatusCode::UNAUTHORIZED,
            Self::ForeignOrigin | Self::Reauthenticate => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::SentTooSlowly => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict | Self::Stale => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::DatabaseAway | Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooSlow => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// One complete sentence: what is wrong and what to do.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        }
    }

    fn in_chinese(self) -> &'static str {
        match self {
            Self::BadRequest => "请求的内容无法读取，请检查格式后重试。",
            Self::NoSession => "您尚未登录或登录已失效，请重新登录。",
            Self::ForeignOrigin => "此请求不是从本系统的页面发出的，未予办理。请从本系统页面操作。",
            Self::Reauthenticate => "此项操作需要再次验证身份，请输入密码或验证码后重试。",
            Self::NotFound => "没有这个页面或档案，或不在您的范围内。",
            Self::MethodNotAllowed => "此地址不支持这种请求方式。",
            Self::SentTooSlowly => "提交的内容未能及时传完，请检查网络后重试。",
            Self::Conflict => "当前状态下不能办理此项操作，请刷新后重试。",
            Self::Stale => "读取之后已被他人修改，请重新打开后再保存。",
            Self::TooLarge => "提交的内容超过大小限制，请分次提交。",
            Self::Invalid => "提交的内容有误，请按提示修改后重试。",
            Self::KeyReused => "同一幂等键已用于另一请求，请换用新的幂等键。",
            Self::TooMany => "尝试次数过多，请稍后再试。",
            Self::Fault => "系统内部出错，已记入日志，请联系管理员。",
            Self::DatabaseAway => "数据库暂时无法连接，请稍后重试。",
            Self::Overloaded => "当前使用人数较多，请稍候片刻再试。",
            Self::TooSlow => "处理超时，请稍后重试。",
        }
    }

    fn in_english(self) -> &'static str {
        match self {
            Self::BadRequest => "The request cannot be read; check its form and try again.",
            Self::NoSession => {
                "You are not signed in, or your session has ended; sign in and try again."
            }
            Self::ForeignOrigin => {
                "This request did not come from a page of this system and was not carried out; use the system's own pages."
            }
            Self::Reauthenticate => {
                "This needs you to prove again who you are; enter your password or code and try again."
            }
            Self::NotFound => "There is no such page or file, or it is outside your reach.",
            Self::MethodNotAllowed => "This address does not take that kind of request.",
            Self::SentTooSlowly => {
                "What was sent did not arrive in time; check the network and try again."
            }
            Self::Conflict => "This cannot be done as things stand; look again and retry.",
            Self::Stale => "Somebody else changed it since you read it; open it again, then save.",
            Self::TooLarge => "What was sent is too large; send it in parts.",
            Self::Invalid => "What was sent cannot be right; correct it and try again.",
            Self::KeyReused => {
                "This idempotency key was used for another request; take a fresh one."
            }
            Self::TooMany => "Too many attempts; try again later.",
            Self::Fault => {
                "Something is wrong on our side and has been logged; ask the administrator."
            }
            Self::DatabaseAway => "The database does not answer; try again in a moment.",
            Self::Overloaded => "More requests than can be worked on; try again in a moment.",
            Self::TooSlow => "This took too long; try again in a moment.",
        }
    }

    /// The kind that stands for a status set by the framework.
    pub(super) fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::GATEWAY_TIMEOUT => Self::TooSlow,
            StatusCode::SERVICE_UNAVAILABLE => Self::DatabaseAway,
            other if other.is_client_error() => Self::BadRequest,
            _ => Self::Fault,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_code_of_its_own_and_is_told_in_both_languages() {
        for kind in Kind::ALL {
            assert_ne!(kind.title(Lang::Zh), kind.title(Lang::En));
        }
        let codes = BTreeSet::from(Kind::ALL.map(Kind::code));
        assert_eq!(codes.len(), Kind::ALL.len());
    }

    #[test]
    fn a_status_of_the_frameworks_finds_its_kind() {
        for kind in [
            Kind::NotFound,
            Kind::MethodNotAllowed,
            Kind::TooLarge,
            Kind::TooSlow,
            Kind::DatabaseAway,
            Kind::BadRequest,
        ] {
            assert_eq!(Kind::of(kind.status()), kind);
        }
        assert_eq!(
            Kind::of(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Kind::BadRequest
        );
        assert_eq!(Kind::of(StatusCode::BAD_GATEWAY), Kind::Fault);
    }
}
