//! The guard before every handler: origin, session, role, body, place.
//!
//! **Invariant.** Nothing of a request is looked at before it is known that its caller may call the operation; a
//! refusal reads as if the operation did not exist, and the journal has it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::journal::Subject;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::caller::Caller;
use super::declare::{Access, Method};
use super::{cookie, origin};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

/// How long the program may work on one request.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a small body may take to arrive; larger ones get a second more for every 64 KiB they may have.
const ARRIVAL: Duration = Duration::from_secs(15);

/// What the guard of one operation knows.
#[derive(Clone)]
pub(super) struct Guarded {
    pub(super) state: ApiState,
    pub(super) id: &'static str,
    pub(super) method: Method,
    pub(super) access: Access,
    pub(super) body_limit: usize,
    /// Whether another program sends it, and no page.
    pub(super) from_elsewhere: bool,
    /// The statuses it declares.
    pub(super) answers: Arc<[u16]>,
}

/// The operation that answered, on the response, for logs and metrics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OperationId(pub(crate) &'static str);

/// The digest of operation, path and body, for [`super::Once`].
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestDigest(pub(super) [u8; 32]);

/// Lets a request in, or answers why not.
pub(super) async fn guard(
    State(guarded): State<Guarded>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match guarded.admit(request, next).await {
        Ok(response) => response,
        Err(problem) if problem.kind() == Kind::NoSession => {
            cookie::forgotten(problem.into_response())
        }
        Err(problem) => problem.into_response(),
    };
    let status = response.status();
    let declared = guarded.answers.contains(&status.as_u16());
    if !declared {
        tracing::error!(operation = guarded.id, %status, "an answer that is not declared");
    }
    debug_assert!(declared, "{} answered {status} undeclared", guarded.id);
    response.extensions_mut().insert(OperationId(guarded.id));
    response
}

impl Guarded {
    async fn admit(&self, mut request: Request, next: Next) -> Result<Response, Problem> {
        let asks_origin = !self.method.is_safe() && !self.from_elsewhere;
        if asks_origin && !origin::is_ours(request.headers(), self.state.origins()) {
            return Err(Kind::ForeignOrigin.into());
        }
        let mut at_work = Some(self.state.gate().enter().await?);
        if self.access != Access::Public {
            let caller = self.caller(request.headers(), request.uri()).await?;
            request.extensions_mut().insert(caller);
        }
        if !request.body().is_end_stream() {
            at_work = None;
            request = self.with_body(request).await?;
        } else if !self.method.is_safe() {
            self.note_digest(&mut request, &Bytes::new());
        }
        let _at_work = match at_work {
            Some(at_work) => at_work,
            None => self.state.gate().enter().await?,
        };
        let answer = tokio::time::timeout(PATIENCE, next.run(request)).await;
        answer.map_err(|_| Kind::TooSlow.into())
    }

    /// Who calls, if the role allows it; otherwise the refusal, which the journal has.
    async fn caller(&self, headers: &HeaderMap, uri: &Uri) -> Result<Caller, Problem> {
        let token = cookie::token(headers).ok_or(Kind::NoSession)?;
        let store = self.state.store().ok_or(Kind::DatabaseAway)?;
        let who = store.signed_in(&token).await?;
        if !self.access.allows(who.role) {
            let subject = Subject::new("operation", named_in(uri.path()));
            store.refuse(&token, self.id, subject, self.id).await?;
            return Err(Kind::NotFound.into());
        }
        Ok(Caller {
            token,
            who,
            store: store.clone(),
            press: self.state.press().clone(),
            operation: self.id,
        })
    }

    /// The request with its body read, within the limit and in time.
    async fn with_body(&self, request: Request) -> Result<Request, Problem> {
        let (parts, body) = request.into_parts();
        let patience = ARRIVAL + Duration::from_secs((self.body_limit / (64 * 1024)) as u64);
        let arriving = axum::body::to_bytes(body, self.body_limit);
        let bytes = tokio::time::timeout(patience, arriving)
            .await
            .map_err(|_| Kind::SentTooSlowly)?
            .map_err(|error| match is_too_long(&error) {
                true => Kind::TooLarge,
                false => Kind::BadRequest,
            })?;
        let mut request = Request::from_parts(parts, Body::from(bytes.clone()));
        self.note_digest(&mut request, &bytes);
        Ok(request)
    }

    fn note_digest(&self, request: &mut Request, body: &Bytes) {
        let mut digest = Sha256::new();
        for part in [
            self.id.as_bytes(),
            request.uri().path().as_bytes(),
            request.uri().query().unwrap_or_default().as_bytes(),
            body,
        ] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let digest = RequestDigest(digest.finalize().into());
        request.extensions_mut().insert(digest);
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The first id in a path: what the refused operation was to be done on.
fn named_in(path: &str) -> Uuid {
    path.split('/')
        .find_map(|part| Uuid::try_parse(part).ok())
        .unwrap_or_default()
}
