//! Where a request comes from, for counting failures and naming devices.

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

use crate::operation::{Described, Description};
use crate::problem::Problem;
use crate::serve::Client;
use crate::state::ApiState;

/// The caller's network address and what the device calls itself.
pub(crate) struct From {
    pub(super) address: String,
    pub(super) device: String,
}

impl FromRequestParts<ApiState> for From {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let device = parts
            .headers
            .get(USER_AGENT)
            .and_then(|text| text.to_str().ok());
        Ok(Self {
            address: Client::of(&parts.extensions).address.to_string(),
            device: device.unwrap_or_default().to_owned(),
        })
    }
}

impl Described for From {
    fn describe(_: &mut Description) {}
}
