//! What an installation decides about its answers over HTTP.

/// Settings of the HTTP layer; the defaults suit a program on 127.0.0.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The origins of our own pages, such as `https://hutong.gov.example`; empty: the host that was asked.
    pub origins: Vec<String>,
    /// Who sends this as a bearer token may read `/metrics`; `None`: this machine alone.
    pub metrics_token: Option<String>,
    /// How many requests are worked on at once.
    pub places: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            metrics_token: None,
            places: 64,
        }
    }
}
