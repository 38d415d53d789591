//! What the caller sent: JSON, read strictly, or a file's bytes.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{Content, ObjectBuilder, RefOr, Required, Schema};

use super::describe::{Described, Description};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

/// A JSON body, read strictly: the type carries `#[serde(deny_unknown_fields)]`.
#[derive(Debug)]
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<ApiState> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &ApiState) -> Result<Self, Problem> {
        let json = request.headers().get(CONTENT_TYPE).is_some_and(|kind| {
            let kind = kind.as_bytes();
            kind == b"application/json" || kind.starts_with(b"application/json;")
        });
        if !json {
            return Err(Problem::from(Kind::BadRequest).with("header", "content-type"));
        }
        let bytes = body(request).await?;
        let reader = &mut serde_json::Deserializer::from_slice(&bytes);
        match serde_path_to_error::deserialize(reader) {
            Ok(sent) => Ok(Self(sent)),
            Err(error) if error.inner().is_data() => {
                Err(Problem::from(Kind::Invalid).with("field", error.path().to_string()))
            }
            Err(_) => Err(Kind::BadRequest.into()),
        }
    }
}

impl<T: ToSchema> Described for Sent<T> {
    fn describe(description: &mut Description) {
        let schema = description.refer_to::<T>();
        describe_body(description, "application/json", schema);
        description.kinds.insert(Kind::Invalid);
    }
}

/// A file's bytes, as they are.
#[derive(Debug)]
pub struct SentFile(pub Bytes);

impl FromRequest<ApiState> for SentFile {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &ApiState) -> Result<Self, Problem> {
        Ok(Self(body(request).await?))
    }
}

impl Described for SentFile {
    fn describe(description: &mut Description) {
        let schema = RefOr::T(ObjectBuilder::new().into());
        describe_body(description, "application/octet-stream", schema);
    }
}

/// The bytes that the guard has read, within the operation's limit. An extractor of the framework would set a limit of its
/// own beside it, of 2 MB.
async fn body(request: Request) -> Result<Bytes, Problem> {
    axum::body::to_bytes(request.into_body(), usize::MAX)
        .await
        .map_err(|_| Kind::BadRequest.into())
}

fn describe_body(description: &mut Description, media_type: &str, schema: RefOr<Schema>) {
    let body = RequestBodyBuilder::new()
        .content(media_type, Content::new(Some(schema)))
        .required(Some(Required::True))
        .build();
    description.body = Some(body);
}
