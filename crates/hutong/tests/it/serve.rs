//! `hutong serve`: over TLS until told to stop, and everything that is not served.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Child;

use testkit::damage;

use crate::folder::Folder;
use crate::run::{Ran, end, refused};
use crate::served::{Served, serve, tell_to_stop};

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
    tell_to_stop(&serving);
    end(serving)
}

#[test]
fn an_office_is_served_over_tls_and_logs_in_json_until_told_to_stop() {
    let folder = Folder::with_office();
    let served = Served::over_tls(&folder, &[]);
    served.get("/api/health", "").with(200);
    served.get("/api/nowhere", "").with(404);

    assert_eq!(serve_refused(&folder, &[]), "cluster.in_use");
    let data = folder.data();
    let taken = ["serve", "--listen", &served.address, "--data", &data];
    assert_eq!(refused(&taken), "listen.unavailable");

    assert_eq!(served.stop().code, Some(0));
    assert!(!folder.path("data/cluster/postmaster.pid").exists());
}

#[test]
fn without_tls_this_machine_alone_is_answered_and_told_so() {
    let folder = Folder::with_office();
    let mut serving = serve(&folder, &["--public-listen", "127.0.0.1:0"]);
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
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut health = String::new();
    stream.read_to_string(&mut health).unwrap();
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");

    // The public pages beside it answer their own operations and none of the office's.
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let street = line.split_once("Public pages: http://").unwrap().1;
    let street = street.trim().trim_end_matches('/');
    for (path, answered) in [("/api/public/places", "200"), ("/api/health", "404")] {
        let mut stream = TcpStream::connect(street).unwrap();
        let asked = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).unwrap();
        let mut told = String::new();
        stream.read_to_string(&mut told).unwrap();
        assert!(
            told.starts_with(&format!("HTTP/1.1 {answered}")),
            "{path}: {told}"
        );
    }
    assert_eq!(stop(serving).code, Some(0));
}

#[test]
fn what_is_unsafe_or_unknown_is_not_served() {
    let folder = Folder::with_office();
    let data = folder.data();
    let exposed = ["serve", "--listen", "0.0.0.0:0", "--data", &data];
    assert_eq!(refused(&exposed), "config.exposed");
    let exposed = ["serve", "--public-listen", "0.0.0.0:0", "--data", &data];
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
