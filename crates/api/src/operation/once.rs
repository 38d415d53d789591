//! Creating once: a request with an `Idempotency-Key` may be repeated without creating twice.

use std::ops::AsyncFnOnce;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use store::Answered;
use store::work::Work;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, schema::Type};

use super::answer::Created;
use super::describe::{Described, Description};
use super::guard::RequestDigest;
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

/// The header that carries the caller's key.
const HEADER: &str = "idempotency-key";

/// The key of a request that creates, and the digest of the request.
pub struct Once {
    key: String,
    request: [u8; 32],
}

impl Once {
    /// Creates in `work` unless the same request did so before, then commits; answers what was created then or now.
    ///
    /// # Errors
    /// [`Kind::KeyReused`] when the key belongs to another request; otherwise what `create` answers.
    pub async fn create(
        self,
        mut work: Work,
        create: impl AsyncFnOnce(&mut Work) -> Result<Created, Problem>,
    ) -> Result<Created, Problem> {
        match work.answer_once(&self.key, &self.request).await? {
            Answered::Before { id, version } => return Ok(Created { id, version }),
            Answered::Otherwise => return Err(Kind::KeyReused.into()),
            Answered::Fresh => {}
        }
        let created = create(&mut work).await?;
        work.answer_given(&self.key, created.id, created.version)
            .await?;
        work.commit().await?;
        Ok(created)
    }
}

impl FromRequestParts<ApiState> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let key = parts
            .headers
            .get(HEADER)
            .and_then(|value| value.to_str().ok());
        let key = key.filter(|key| {
            (1..=100).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
        });
        let digest = parts.extensions.get::<RequestDigest>();
        match (key, digest) {
            (Some(key), Some(RequestDigest(request))) => Ok(Self {
                key: key.to_owned(),
                request: *request,
            }),
            _ => Err(Problem::from(Kind::BadRequest).with("header", HEADER)),
        }
    }
}

impl Described for Once {
    fn describe(description: &mut Description) {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(100))
            .pattern(Some("^[!-~]+$"));
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(
                "A key of the caller's choice; the same request with the same key creates once within a day.",
            ))
            .schema(Some(text))
            .build();
        description.parameters.push(key);
        description.kinds.insert(Kind::KeyReused);
        description.once = true;
    }
}
