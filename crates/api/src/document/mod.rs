//! What is written down of the operations, from their declarations: `openapi.json` and `docs/permissions.md`.

mod openapi;
mod permissions;

pub use openapi::openapi;
pub use permissions::permissions;
