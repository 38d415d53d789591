//! An office served by a process of its own, over TLS with a certificate made for the occasion.

use std::fs;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStderr, Command};
use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::folder::Folder;
use crate::run::{Ran, command, end, start_by};

/// `hutong serve` with these arguments beside the folder's data, on a port that is free.
pub(crate) fn serve(folder: &Folder, more: &[&str]) -> Child {
    start_by(&mut serving(folder, more))
}

fn serving(folder: &Folder, more: &[&str]) -> Command {
    let data = folder.data();
    command(&[&["serve", "--listen", "127.0.0.1:0", "--data", &data], more].concat())
}

/// A server that answers, its log going on being read.
pub(crate) struct Served {
    serving: Child,
    said: Lines<BufReader<ChildStderr>>,
    /// The address it listens on.
    pub(crate) address: String,
    certificate: CertificateDer<'static>,
}

/// What was answered.
pub(crate) struct Told {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Value,
}

impl Told {
    /// The body of an answer of this status.
    #[track_caller]
    pub(crate) fn with(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        self.body
    }

    /// The cookie that was set, as it is sent back.
    pub(crate) fn cookie(&self) -> String {
        let lines = self.head.lines();
        let mut set = lines.filter_map(|line| line.split_once(": "));
        let cookie = set
            .find(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
            .unwrap()
            .1;
        assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"));
        cookie.split(';').next().unwrap().to_owned()
    }
}

impl Served {
    /// Serves the folder's office over TLS and waits until it listens.
    pub(crate) fn over_tls(folder: &Folder, more: &[&str]) -> Self {
        Self::over_tls_with(folder, more, &[])
    }

    /// The same with these variables in its surroundings.
    pub(crate) fn over_tls_with(
        folder: &Folder,
        more: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = folder.write("tls.crt", made.cert.pem());
        let key = folder.write("tls.key", made.signing_key.serialize_pem());
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        let tls = [
            "--tls-cert",
            &certificate,
            "--tls-key",
            &key,
            "--log-format",
            "json",
        ];
        let mut command = serving(folder, &[&tls, more].concat());
        let mut serving = start_by(command.envs(variables.iter().copied()));
        let mut said = BufReader::new(serving.stderr.take().unwrap()).lines();
        let address = loop {
            let entry: Value = serde_json::from_str(&said.next().unwrap().unwrap()).unwrap();
            if entry["message"] == "listening" {
                assert_eq!(entry["scheme"], "https");
                break entry["address"].as_str().unwrap().to_owned();
            }
        };
        Self {
            serving,
            said,
            address,
            certificate: made.cert.der().clone(),
        }
    }

    fn connect(&self) -> impl Read + Write + use<> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let client = ClientConnection::new(Arc::new(config), name).unwrap();
        StreamOwned::new(client, TcpStream::connect(&self.address).unwrap())
    }

    /// Sends bytes as a browser on the office's own page would.
    pub(crate) fn send(&self, line: &str, cookie: &str, media: &str, body: &[u8]) -> Told {
        self.try_send(line, cookie, media, body).unwrap()
    }

    /// The same; nothing where the server ended without an answer.
    pub(crate) fn try_send(
        &self,
        line: &str,
        cookie: &str,
        media: &str,
        body: &[u8],
    ) -> Option<Told> {
        let port = self.address.rsplit(':').next().unwrap();
        let (length, key) = (
            body.len(),
            fs::read_to_string("/proc/sys/kernel/random/uuid"),
        );
        let mut stream = self.connect();
        write!(
            stream,
            "{line} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: https://localhost:{port}\r\nConnection: close\r\n\
             Cookie: {cookie}\r\nIdempotency-Key: {}\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n",
            key.unwrap().trim()
        )
        .unwrap();
        stream.write_all(body).unwrap();
        stream.flush().unwrap();
        let mut answer = Vec::new();
        // A server may end TLS without saying so.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some(Told {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: serde_json::from_str(body).unwrap_or(Value::Null),
        })
    }

    pub(crate) fn get(&self, path: &str, cookie: &str) -> Told {
        self.send(&format!("GET {path}"), cookie, "application/json", b"")
    }

    pub(crate) fn post(&self, path: &str, cookie: &str, body: &Value) -> Told {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let line = format!("POST {path}");
        self.send(&line, cookie, "application/json", body.as_bytes())
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.serving.id()
    }

    /// What it logged until its process ended, as it is told to here where it has not.
    pub(crate) fn log(mut self) -> Vec<String> {
        tell_to_stop(&self.serving);
        let said = self.said.by_ref().map(Result::unwrap).collect();
        end(self.serving);
        said
    }

    /// Tells it to stop, and waits; every line it logged was JSON.
    pub(crate) fn stop(self) -> Ran {
        tell_to_stop(&self.serving);
        for line in self.said {
            serde_json::from_str::<Value>(&line.unwrap()).unwrap();
        }
        end(self.serving)
    }
}

/// What a service manager does first.
pub(crate) fn tell_to_stop(serving: &Child) {
    let pid = Pid::from_raw(i32::try_from(serving.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
}
