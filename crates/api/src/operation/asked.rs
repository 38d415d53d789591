//! What the address asks for: the query and the parameters of the path.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;

use super::describe::{Described, Description};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

/// The query, read strictly: the type carries `#[serde(deny_unknown_fields)]`.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<ApiState> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let Query(asked) = Query::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::from(Kind::BadRequest))?;
        Ok(Self(asked))
    }
}

impl<T: IntoParams> Described for Asked<T> {
    fn describe(description: &mut Description) {
        description
            .parameters
            .extend(T::into_params(|| Some(ParameterIn::Query)));
    }
}

/// The parameters of the path. What cannot be one names nothing that exists.
#[derive(Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<ApiState> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let Path(at) = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::from(Kind::NotFound))?;
        Ok(Self(at))
    }
}

impl<T> Described for At<T> {
    /// The path's template says it.
    fn describe(_: &mut Description) {}
}
