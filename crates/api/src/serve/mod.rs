//! Listening: connections with or without TLS, bounded in number and patience, until told to stop.
//!
//! **Invariant.** Every request that reaches the router says who called ([`Client`]), and what a caller claims about
//! that in `X-Forwarded-…` is believed of a trusted proxy alone.

mod client;
mod network;
mod serving;
mod tls;

pub use client::Client;
pub use network::{Network, NetworkError};
pub use serving::{GRACE, Listening, serve};
pub use tls::{Tls, TlsError};
