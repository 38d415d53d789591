//! Serving on a real socket, with and without TLS, to slow and to many callers, and stopping.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::{Client, Listening, Tls};
use axum::Router;
use axum::extract::Request;
use axum::routing::get;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::office;

/// A server at work, until it is told to stop.
struct Serving {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: tokio::task::JoinHandle<()>,
}

impl Serving {
    async fn of(router: Router, listening: Listening) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(api::serve(listener, router, listening, async move {
            stopped.await.unwrap();
        }));
        Self {
            address,
            stop,
            server,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        within(5, self.server).await.unwrap();
        assert!(
            TcpStream::connect(self.address).await.is_err(),
            "the port is free again"
        );
    }
}

async fn within<T>(seconds: u64, work: impl Future<Output = T>) -> T {
    let seconds = Duration::from_secs(seconds);
    tokio::time::timeout(seconds, work).await.unwrap()
}

/// What is answered to a request with these further header lines.
async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, path: &str, more: &str) -> String {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{more}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

/// A router that says who called.
fn mirror() -> Router {
    let who = |request: Request| async move {
        let client = Client::of(request.extensions());
        format!("{} {}", client.address, client.encrypted)
    };
    Router::new().route("/", get(who))
}

#[tokio::test]
async fn it_answers_and_stops_when_told() {
    let serving = Serving::of(api::router(office()), Listening::plain()).await;
    let answer = ask(serving.connect().await, "/api/health", "").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    serving.end().await;
}

#[tokio::test]
async fn over_tls_the_caller_is_told_to_be_encrypted() {
    let (listening, certificate) = certified();
    let serving = Serving::of(mirror(), listening).await;
    let stream = trusting(&certificate)
        .connect(
            ServerName::try_from("localhost").unwrap(),
            serving.connect().await,
        )
        .await
        .unwrap();
    let forged = "x-forwarded-for: 203.0.113.9\r\n";
    let answer = ask(stream, "/", forged).await;
    assert!(answer.ends_with("127.0.0.1 true"), "{answer}");
    // Somebody who speaks no TLS is not answered.
    let mut plain = serving.connect().await;
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // What is left is an alert of TLS, or nothing.
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"));
    serving.end().await;
}

/// Listening over TLS under a certificate of its own for `localhost`, and that certificate.
pub(crate) fn certified() -> (Listening, CertificateDer<'static>) {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("tls.crt"), folder.path().join("tls.key"));
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let listening = Listening {
        tls: Some(Tls::read(&certificate, &key).unwrap()),
        ..Listening::plain()
    };
    (listening, made.cert.der().clone())
}

fn trusting(certificate: &CertificateDer<'static>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

#[test]
fn files_that_are_no_certificate_and_key_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let [one, other] =
        [(); 2].map(|()| rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap());
    std::fs::write(path("crt"), one.cert.pem()).unwrap();
    std::fs::write(path("key"), one.signing_key.serialize_pem()).unwrap();
    std::fs::write(path("other"), other.signing_key.serialize_pem()).unwrap();
    let refusal = |certificate, key| {
        let error = Tls::read(&path(certificate), &path(key)).unwrap_err();
        kernel::explain::Explain::code(&error)
    };
    assert_eq!(refusal("nowhere", "key"), "tls.unreadable");
    assert_eq!(refusal("key", "key"), "tls.no_certificate");
    assert_eq!(refusal("crt", "crt"), "tls.no_key");
    assert_eq!(refusal("crt", "other"), "tls.unfit");
}

#[tokio::test]
async fn slow_callers_are_let_go_and_hold_nobody_up() {
    let listening = Listening {
        patience: Duration::from_millis(300),
        connections: 40,
        ..Listening::plain()
    };
    let serving = Serving::of(mirror(), listening).await;
    // Each begins a request and never ends it; together they take every place there is.
    let mut slow = Vec::new();
    for _ in 0..40 {
        let mut stream = serving.connect().await;
        stream.write_all(b"GET / HT").await.unwrap();
        slow.push(stream);
    }
    let began = Instant::now();
    let answer = within(5, ask(serving.connect().await, "/", "")).await;
    assert!(answer.ends_with("127.0.0.1 false"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(2));
    for mut stream in slow {
        let mut rest = Vec::new();
        // Closed or reset: either way it is over.
        let _ = within(2, stream.read_to_end(&mut rest)).await;
    }
    serving.end().await;
}

#[tokio::test]
async fn behind_a_proxy_the_caller_is_who_the_proxy_saw() {
    let listening = Listening {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..Listening::plain()
    };
    let serving = Serving::of(mirror(), listening).await;
    let seen = "x-forwarded-for: 203.0.113.9\r\nx-forwarded-proto: https\r\n";
    let answer = ask(serving.connect().await, "/", seen).await;
    assert!(answer.ends_with("203.0.113.9 true"), "{answer}");
    serving.end().await;
}

#[tokio::test]
async fn a_request_that_does_not_end_is_cut_off_after_the_grace() {
    let slow = || async { tokio::time::sleep(Duration::from_secs(60)).await };
    let listening = Listening {
        grace: Duration::from_millis(200),
        ..Listening::plain()
    };
    let serving = Serving::of(Router::new().route("/", get(slow)), listening).await;
    let mut caller = serving.connect().await;
    caller
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    serving.end().await;
}
