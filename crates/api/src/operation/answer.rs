//! What a handler answers when all is well.

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr};
use uuid::Uuid;

use super::describe::{Answers, Description, Good};

/// 200 with this as JSON.
#[derive(Debug)]
pub struct Answer<T>(pub T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl<T: ToSchema> Answers for Answer<T> {
    fn describe(description: &mut Description) {
        description.answer::<T>(200, "What was asked for.");
    }
}

/// 201: something was created. It holds nothing personal, since it is kept for a day to be told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Created {
    /// What was created.
    pub id: Uuid,
    /// In which version.
    pub version: i32,
}

impl IntoResponse for Created {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self)).into_response()
    }
}

impl Answers for Created {
    fn describe(description: &mut Description) {
        description.answer::<Self>(
            201,
            "It was created, now or by an earlier request with the same key.",
        );
    }
}

/// 204: done, and nothing to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl Answers for Done {
    fn describe(description: &mut Description) {
        let good = Good {
            words: "Done.",
            content: None,
        };
        description.answers.insert(204, good);
    }
}

/// The media type of what is merely bytes.
const BYTES: &str = "application/octet-stream";

/// 200 with a file to keep.
#[derive(Debug)]
pub struct Download {
    /// Its media type.
    pub media_type: Cow<'static, str>,
    /// Its name: letters, digits, dots and dashes.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let plain: String = self
            .name
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || "._-".contains(*letter))
            .collect();
        let kept = HeaderValue::try_from(format!("attachment; filename=\"{plain}\""));
        let mut response = self.bytes.into_response();
        let headers = response.headers_mut();
        let media_type = HeaderValue::try_from(&*self.media_type);
        headers.insert(
            CONTENT_TYPE,
            media_type.unwrap_or(HeaderValue::from_static(BYTES)),
        );
        headers.insert(
            CONTENT_DISPOSITION,
            kept.unwrap_or(HeaderValue::from_static("attachment")),
        );
        response
    }
}

impl Answers for Download {
    fn describe(description: &mut Description) {
        let good = Good {
            words: "The file.",
            // What it is, only the file itself says: a PDF, a picture, a workbook.
            content: Some(("*/*", RefOr::T(ObjectBuilder::new().into()))),
        };
        description.answers.insert(200, good);
    }
}
