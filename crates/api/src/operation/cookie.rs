//! The session's cookie.
//!
//! **Invariant.** It is `__Host-` (sent over TLS, to this host alone, for all paths), out of scripts' sight, and never
//! sent along by another site.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE as COOKIES, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use store::session::SessionToken;

use super::describe::{Answers, Description};

/// The cookie's name.
pub const COOKIE: &str = "__Host-hutong";

/// The token in the request's cookie.
pub(crate) fn token(headers: &HeaderMap) -> Option<SessionToken> {
    headers
        .get_all(COOKIES)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, text)| SessionToken::from_cookie_text(text))
}

/// Sets or removes the cookie, in front of an answer: `(SessionCookie::set(&token), Answer(…))`.
pub struct SessionCookie(String);

impl SessionCookie {
    /// Hands the token to the browser, which forgets it when it is closed.
    #[must_use]
    pub fn set(token: &SessionToken) -> Self {
        let text = token.cookie_text();
        Self(format!(
            "{COOKIE}={text}; Path=/; Secure; HttpOnly; SameSite=Strict"
        ))
    }

    /// Has the browser forget it.
    #[must_use]
    pub fn removed() -> Self {
        Self(format!(
            "{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"
        ))
    }
}

impl IntoResponseParts for SessionCookie {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Ok(value) = HeaderValue::try_from(self.0) {
            parts.headers_mut().append(SET_COOKIE, value);
        }
        Ok(parts)
    }
}

impl<T: Answers> Answers for (SessionCookie, T)
where
    (SessionCookie, T): IntoResponse,
{
    fn describe(description: &mut Description) {
        T::describe(description);
    }
}

/// Says that a session has ended where the answer is a refusal of it.
pub(super) fn forgotten(response: Response) -> Response {
    (SessionCookie::removed(), response).into_response()
}
