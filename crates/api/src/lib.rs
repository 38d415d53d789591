//! HTTP: axum.
