//! `POST /api/public/cases/photos` and `…/removal`: photographs of papers.

use app::applications::public::{LARGEST_PHOTO, drop_photo, keep_photo};
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::{code, problem, store};
use crate::operation::{Done, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::session::Whence;
use crate::state::ApiState;

/// The largest photograph in base64, and what stands around it.
const BODY_LIMIT: usize = LARGEST_PHOTO.div_ceil(3) * 4 + 64 * 1024;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("public.keep_photo", "/api/public/cases/photos")
            .public()
            .summary("Keep the photograph of a paper, in place of an earlier one")
            .body_limit(BODY_LIMIT)
            .answers_problems(&[Kind::NotFound, Kind::Conflict, Kind::TooMany])
            .handled_by(keep),
        Operation::post("public.drop_photo", "/api/public/cases/photos/removal")
            .public()
            .summary("Take the photograph of a paper out again")
            .answers_problems(&[Kind::NotFound, Kind::TooMany])
            .handled_by(remove),
    ]
}

/// A photograph of a paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhotoEntry {
    #[schema(max_length = 64)]
    code: String,
    #[schema(max_length = 30)]
    phone: String,
    /// Which paper, by its code; `.2` to `.4` behind it for further pages.
    #[schema(max_length = 60)]
    paper: String,
    /// A JPEG, PNG or WebP photograph of at most 8 MB, in base64.
    #[schema(format = Byte)]
    content: String,
}

async fn keep(
    State(state): State<ApiState>,
    whence: Whence,
    Sent(sent): Sent<PhotoEntry>,
) -> Result<Done, Problem> {
    let pixels = STANDARD.decode(&sent.content);
    let pixels = pixels.map_err(|_| Problem::from(Kind::Invalid).with("field", "content"))?;
    let (store, code) = (store(&state)?, code(&sent.code));
    let case = (&code, sent.phone.as_str());
    let kept = keep_photo(store, &whence.address, case, &sent.paper, &pixels).await;
    kept.map_err(|error| problem(state.now(), error))?;
    Ok(Done)
}

/// Which photograph to take out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhotoRemoval {
    #[schema(max_length = 64)]
    code: String,
    #[schema(max_length = 30)]
    phone: String,
    #[schema(max_length = 60)]
    paper: String,
}

async fn remove(
    State(state): State<ApiState>,
    whence: Whence,
    Sent(sent): Sent<PhotoRemoval>,
) -> Result<Done, Problem> {
    let (store, code) = (store(&state)?, code(&sent.code));
    let case = (&code, sent.phone.as_str());
    let dropped = drop_photo(store, &whence.address, case, &sent.paper).await;
    dropped.map_err(|error| problem(state.now(), error))?;
    Ok(Done)
}
