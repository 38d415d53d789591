//! Handing packages in at other installations over HTTP.
//!
//! **Invariant.** Over TLS the other side is known by the certificates this machine trusts; there is no way around that.
//! The package itself is sealed and signed whatever the way.

use std::sync::Arc;
use std::time::Duration;

use app::exchange::{Carrier, UNREACHABLE, Undelivered};
use axum::body::Bytes;
use axum::http::uri::{Authority, Scheme};
use axum::http::{Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::serve::TlsError;

/// How long a package may take to be handed in and answered.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a connection may take.
const CONNECTING: Duration = Duration::from_secs(15);
/// The most bytes of an answer that are read.
const LONGEST_ANSWER: usize = 64 * 1024;
/// The longest code of a problem that is believed.
const LONGEST_CODE: usize = 60;

/// Hands packages in over HTTP.
#[derive(Clone)]
pub struct Post {
    tls: TlsConnector,
}

impl Post {
    /// With the certificates this machine trusts.
    ///
    /// # Errors
    /// [`TlsError::Unfit`] where TLS cannot be set up at all.
    pub fn new() -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "certificates of this machine were not read");
        }
        roots.add_parsable_certificates(found.certs);
        Self::trusting(roots)
    }

    /// With these certificates alone.
    ///
    /// # Errors
    /// As [`Post::new`].
    pub fn trusting(roots: RootCertStore) -> Result<Self, TlsError> {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Unfit)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(config)),
        })
    }

    async fn post(&self, address: &str, package: Vec<u8>) -> Option<Result<Vec<u8>, Undelivered>> {
        let uri: Uri = address.parse().ok()?;
        let (scheme, authority) = (uri.scheme()?, uri.authority()?.clone());
        let secure = *scheme == Scheme::HTTPS;
        let port = authority
            .port_u16()
            .unwrap_or(if secure { 443 } else { 80 });
        let connecting = TcpStream::connect((authority.host(), port));
        let stream = tokio::time::timeout(CONNECTING, connecting)
            .await
            .ok()?
            .ok()?;
        let path = format!("{}/api/exchange/inbox", uri.path().trim_end_matches('/'));
        match secure {
            false => sent(stream, &authority, &path, package).await,
            true => {
                let name = ServerName::try_from(authority.host().to_owned()).ok()?;
                let stream = self.tls.connect(name, stream).await.ok()?;
                sent(stream, &authority, &path, package).await
            }
        }
    }
}

impl Carrier for Post {
    async fn hand_in(&self, address: &str, package: Vec<u8>) -> Result<Vec<u8>, Undelivered> {
        let answered = tokio::time::timeout(PATIENCE, self.post(address, package)).await;
        let nobody = || Err(Undelivered(UNREACHABLE.into()));
        answered.ok().flatten().unwrap_or_else(nobody)
    }
}

/// Sends the package over this connection and reads the answer.
async fn sent<S>(
    stream: S,
    authority: &Authority,
    path: &str,
    package: Vec<u8>,
) -> Option<Result<Vec<u8>, Undelivered>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    let connection = tokio::spawn(connection);
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", authority.as_str())
        .header("content-type", "application/octet-stream")
        .body(Full::new(Bytes::from(package)))
        .ok()?;
    let response = sender.send_request(request).await.ok()?;
    let taken = response.status().is_success();
    let body = Limited::new(response.into_body(), LONGEST_ANSWER);
    let body = body.collect().await.ok()?.to_bytes();
    connection.abort();
    match taken {
        true => Some(Ok(body.to_vec())),
        false => Some(Err(Undelivered(code(&body)?))),
    }
}

/// The code of the problem that was answered.
fn code(body: &[u8]) -> Option<String> {
    let problem: serde_json::Value = serde_json::from_slice(body).ok()?;
    let code = problem.get("code")?.as_str()?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._".contains(letter);
    (code.len() <= LONGEST_CODE && code.chars().all(plain)).then(|| code.to_owned())
}
