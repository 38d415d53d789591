//! HTTP: what the program answers on the network, through axum.
//!
//! **Invariant**: every response, errors included, leaves with the security headers of [`headers`], and every
//! error with a stable code (RFC 9457). This crate speaks no SQL and reads no clock of its own; what it shows
//! it asks of [`ApiState`].

pub mod headers;
mod health;
pub mod page;
pub mod problem;
mod router;
mod serve;
mod state;

pub use router::router;
pub use serve::{Client, GRACE, Listening, Network, NetworkError, Tls, TlsError, serve};
pub use state::{ApiState, Away, Database};
