//! `hutong serve`: over TLS until told to stop, and everything that is not served.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Child;
use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use testkit::damage;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::folder::Folder;
use crate::run::{Ran, end, refused, start};

fn serve(folder: &Folder, more: &[&str]) -> Child {
    let data = folder.data();
    start(&[&["serve", "--listen", "127.0.0.1:0", "--data", &data], more].concat())
}

/// The code of the message that ends it, after what it logged.
fn serve_refused(folder: &Folder, more: &[&str]) -> String {
    let ran = end(serve(folder, more));
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    let last = ran.stderr.lines().last().unwrap();
    let (_, message) = last.split_once("error[").unwrap();
    message.split_once(']').unwrap().0.to_owned()
}

/// Tells the program to stop and waits for it.
fn stop(serving: Child) -> Ran {
    let pid = Pid::from_raw(i32::try_from(serving.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    end(serving)
}

/// What is answered to a request for this path.
fn get(mut stream: impl Read + Write, path: &str) -> String {
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    // A server may end TLS without saying so.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

fn over_tls(port: u16, trusted: &CertificateDer<'static>) -> impl Read + Write + use<> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(client, TcpStream::connect(("127.0.0.1", port)).unwrap())
}

#[test]
fn an_office_is_served_over_tls_and_logs_in_json_until_told_to_stop() {
    let folder = Folder::with_office();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = folder.write("tls.crt", made.cert.pem());
    let key = folder.write("tls.key", made.signing_key.serialize_pem());
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let tls = [
        "--tls-cert",
        &certificate,
        "--tls-key",
        &key,
        "--log-format",
        "json",
    ];
    let mut serving = serve(&folder, &tls);
    let mut said = BufReader::new(serving.stderr.take().unwrap());
    let address = loop {
        let mut line = String::new();
        assert_ne!(said.read_line(&mut line).unwrap(), 0);
        let entry: Value = serde_json::from_str(&line).unwrap();
        if entry["message"] == "listening" {
            assert_eq!(entry["scheme"], "https");
            break entry["address"].as_str().unwrap().to_owned();
        }
    };
    let port = address.rsplit(':').next().unwrap().parse().unwrap();
    let health = get(over_tls(port, made.cert.der()), "/api/health");
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    let unknown = get(over_tls(port, made.cert.der()), "/api/nowhere");
    assert!(unknown.starts_with("HTTP/1.1 404"), "{unknown}");

    assert_eq!(serve_refused(&folder, &[]), "cluster.in_use");
    let taken = ["serve", "--listen", &address, "--data", &folder.data()];
    assert_eq!(refused(&taken), "listen.unavailable");

    assert_eq!(stop(serving).code, Some(0));
    for line in said.lines() {
        serde_json::from_str::<Value>(&line.unwrap()).unwrap();
    }
    assert!(!folder.path("data/cluster/postmaster.pid").exists());
}

#[test]
fn without_tls_this_machine_alone_is_answered_and_told_so() {
    let folder = Folder::with_office();
    let mut serving = serve(&folder, &[]);
    let mut said = BufReader::new(serving.stderr.take().unwrap());
    let line = loop {
        let mut line = String::new();
        assert_ne!(said.read_line(&mut line).unwrap(), 0);
        if line.contains("for this machine alone") {
            break line;
        }
    };
    let port = line.split_once("http://127.0.0.1:").unwrap().1;
    let port: u16 = port.split('/').next().unwrap().parse().unwrap();
    let health = get(
        TcpStream::connect(("127.0.0.1", port)).unwrap(),
        "/api/health",
    );
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    assert_eq!(stop(serving).code, Some(0));
}

#[test]
fn what_is_unsafe_or_unknown_is_not_served() {
    let folder = Folder::with_office();
    let data = folder.data();
    let exposed = ["serve", "--listen", "0.0.0.0:0", "--data", &data];
    assert_eq!(refused(&exposed), "config.exposed");
    let config = folder.write("other.toml", "[listen]\nport = 80\n");
    assert_eq!(
        serve_refused(&folder, &["--config", &config]),
        "config.unknown"
    );
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert_eq!(
        refused(&["serve", "--listen", &address, "--data", &data]),
        "listen.unavailable"
    );
}

#[tokio::test]
async fn a_place_without_its_keys_or_of_another_kind_is_not_served() {
    let nothing = Folder::new();
    assert_eq!(serve_refused(&nothing, &[]), "cluster.none");
    assert_eq!(nothing.names(), [""; 0], "nothing is made");
    let demo = Folder::with_demo();
    assert_eq!(serve_refused(&demo, &[]), "store.a_demo");

    let folder = Folder::with_office();
    let keys = folder.path("data/keys/hutong.keys");
    let own = fs::read(&keys).unwrap();
    fs::remove_file(&keys).unwrap();
    assert_eq!(serve_refused(&folder, &[]), "keys.missing");
    fs::copy(demo.path("data/keys/hutong.keys"), &keys).unwrap();
    assert_eq!(serve_refused(&folder, &[]), "keys.foreign");
    fs::write(&keys, own).unwrap();
    damage::newer_schema(Path::new(&folder.data())).await;
    assert_eq!(serve_refused(&folder, &[]), "store.newer_schema");
}
