//! HTTP: what the program answers on the network, through axum.
//!
//! **Invariant**: every response, errors included, leaves with the security headers of [`headers`], and every
//! error with a stable code (RFC 9457). This crate speaks no SQL and reads no clock of its own; what it shows
//! it asks of [`ApiState`].

mod allowances;
mod applications;
mod console;
mod document;
mod embedded;
mod exchange;
pub mod headers;
mod health;
mod observe;
pub mod operation;
mod organisation;
pub mod page;
pub mod problem;
mod public;
mod registry;
mod router;
mod serve;
mod session;
mod settings;
mod state;

pub use document::{openapi, permissions};
pub use exchange::Post;
pub use router::{
    every_operation, operations, public_operations, public_router, router, router_of,
};
pub use serve::{Client, GRACE, Listening, Network, NetworkError, Tls, TlsError, serve};
pub use session::{DemoOfficerView, DemoView};
pub use settings::Settings;
pub use state::{ApiState, Away, Database};
