//! Two installations at work, each with its own database, keys and port, carry an application there and back.

use std::future::pending;
use std::net::SocketAddr;

use api::{ApiState, Listening, Post};
use app::exchange::{deliver_next, receive};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use kernel::roles::Role;
use serde_json::{Value, json};
use store::session::SessionToken;
use testkit::Office;
use testkit::builders::resident_id;
use testkit::crowd::Member;
use testkit::office::{JINGHE, JINGHE_VILLAGE, Persona, TENGZHOU};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::rustls::RootCertStore;
use tower::ServiceExt;

use crate::serving::certified;

/// From 枣庄 to a place of that shape in 江苏.
const AWAY: i64 = -50_000_000_000;
const SCAN: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n";

struct Installation {
    office: Office,
    router: Router,
    crowd: Vec<Member>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
}

impl Installation {
    async fn at_work(office: Office) -> Self {
        let units = [
            (office.unit(Persona::JingheSupervisor), JINGHE),
            (office.unit(Persona::TengzhouOfficer), TENGZHOU),
        ];
        let crowd = office.crowd(&units).await;
        let router = api::router(ApiState::over("9.9.9", office.store.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = api::serve(listener, router.clone(), Listening::plain(), async move {
            stopped.await.unwrap();
        });
        tokio::spawn(served);
        Self {
            office,
            router,
            crowd,
            address,
            stop,
        }
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.office.close().await;
    }

    fn town(&self) -> &SessionToken {
        let mut found = self.crowd.iter();
        let found = found.find(|member| member.role == Role::ChildSupervisor);
        &found.unwrap().token
    }

    fn county(&self, role: Role) -> &SessionToken {
        let mut found = self.crowd.iter().filter(|member| member.role == role);
        &found.nth(1).unwrap().token
    }

    async fn bytes(
        &self,
        token: &SessionToken,
        method: &str,
        path: &str,
        body: Vec<u8>,
    ) -> (StatusCode, Vec<u8>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", format!("__Host-hutong={}", token.cookie_text()))
            .header("host", "hutong.example")
            .header("origin", "https://hutong.example")
            .header("content-type", "application/json")
            .header(
                "idempotency-key",
                format!("{path} {}", body.len()).len().to_string(),
            )
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 30 << 20).await.unwrap();
        (status, bytes.to_vec())
    }

    async fn get(&self, token: &SessionToken, path: &str) -> Value {
        let (status, told) = self.bytes(token, "GET", path, Vec::new()).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        serde_json::from_slice(&told).unwrap()
    }

    async fn post(&self, token: &SessionToken, path: &str, body: Value) -> Value {
        let body = body.to_string().into_bytes();
        let (status, told) = self.bytes(token, "POST", path, body).await;
        let told = serde_json::from_slice(&told).unwrap_or(Value::Null);
        assert!(status.is_success(), "{path} {status} {told}");
        told
    }

    /// Two persons pin `other`, which listens at this address.
    async fn pin(&self, other: &Self, address: Option<SocketAddr>) {
        let card = other
            .get(other.county(Role::CountyOfficer), "/api/exchange/card")
            .await;
        let address = address.map(|address| format!("http://{address}"));
        let entry = json!({ "card": card["card"], "address": address });
        let officer = self.county(Role::CountyOfficer);
        let peer = self.post(officer, "/api/exchange/peers", entry).await;
        let path = format!(
            "/api/exchange/peers/{}/confirmation",
            peer["id"].as_str().unwrap()
        );
        let read_out = json!({ "fingerprint": card["fingerprint"] });
        self.post(self.county(Role::CountyApprover), &path, read_out)
            .await;
        let peers = self.get(officer, "/api/exchange/peers").await;
        assert_eq!(peers["items"][0]["state"], "confirmed");
    }

    async fn opened(&self, token: &SessionToken, id: &str) -> Value {
        self.get(
            token,
            &format!("/api/applications/{id}?purpose=%E6%B5%8B%E8%AF%95"),
        )
        .await
    }

    /// Posts to one of an application's doors.
    async fn enter(&self, token: &SessionToken, id: &str, door: &str, body: Value) {
        self.post(token, &format!("/api/applications/{id}/{door}"), body)
            .await;
    }

    async fn step(&self, token: &SessionToken, id: &str, door: &str, act: &str) {
        let version = self.opened(token, id).await["version"].clone();
        let outcome = (door == "proposal").then_some("grant");
        let mut body = json!({ "version": version, "act": act });
        if let Some(outcome) = outcome {
            body["outcome"] = json!(outcome);
        }
        self.enter(token, id, door, body).await;
    }

    /// An application of a grandmother from afar, with a scan, forwarded.
    async fn forwarded(&self, serial: u16) -> String {
        let child = resident_id(jiff::civil::date(2013, 6, 18), serial);
        let entry = json!({
            "facts": { "father": { "situation": "dead" }, "mother": { "situation": "imprisoned", "since": "2021-02-01", "months": 18 } },
            "matter": "recognition", "category": "de_facto_unattended", "name": "虚构小密", "household": JINGHE_VILLAGE,
            "fields": { "birth": "2013-06-18", "resident_id": child.reveal() },
            "applicant": { "name": "虚构祖母", "capacity": "guardian" },
        });
        let made = self.post(self.town(), "/api/applications", entry).await;
        let id = made["id"].as_str().unwrap().to_owned();
        let paper = json!({ "code": "household_register", "state": "checked", "content": STANDARD.encode(SCAN) });
        self.enter(self.town(), &id, "papers", paper).await;
        for act in ["submit", "accept", "forward"] {
            self.step(self.town(), &id, "steps", act).await;
        }
        id
    }

    /// Linked, verified and proposed at the household's installation, and confirmed.
    async fn confirmed(&self) -> String {
        let list = self.get(self.town(), "/api/applications").await;
        let row = &list["items"][0];
        assert_eq!(
            (&row["stage"], &row["afar"]),
            (&json!("forwarded"), &json!("accepting"))
        );
        let id = row["id"].as_str().unwrap().to_owned();
        let linked = json!({ "version": row["version"] });
        self.enter(self.town(), &id, "child", linked).await;
        self.step(self.town(), &id, "steps", "verify").await;
        self.step(self.county(Role::CountyOfficer), &id, "proposal", "propose")
            .await;
        self.step(
            self.county(Role::CountyApprover),
            &id,
            "decision",
            "confirm",
        )
        .await;
        id
    }

    /// Sends everything that waits now over the network; answers how many packages wait on.
    async fn send(&self) -> usize {
        self.send_by(&Post::new().unwrap()).await
    }

    async fn send_by(&self, post: &Post) -> usize {
        while deliver_next(&self.office.store, post).await.unwrap() {}
        self.office.packages_waiting().await.len()
    }

    /// Listens at another port over TLS, under a certificate of its own; answers where, and that certificate.
    async fn over_tls(&self) -> (String, RootCertStore) {
        let (listening, certificate) = certified();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = api::serve(listener, self.router.clone(), listening, pending());
        tokio::spawn(served);
        let mut roots = RootCertStore::empty();
        roots.add(certificate).unwrap();
        (format!("https://localhost:{port}"), roots)
    }

    /// Carries everything that waits as files, and the receipts back.
    async fn carry_to(&self, other: &Self) {
        let list = self.get(self.town(), "/api/exchange/packages").await;
        let waiting = list["items"].as_array().unwrap().iter();
        for package in waiting.filter(|package| package["received_at"].is_null()) {
            let path = format!("/api/exchange/packages/{}", package["id"].as_str().unwrap());
            let (status, bytes) = self.bytes(self.town(), "GET", &path, Vec::new()).await;
            assert_eq!(status, StatusCode::OK);
            let path = "/api/exchange/packages";
            let (status, receipt) = other.bytes(other.town(), "POST", path, bytes).await;
            assert_eq!(
                status,
                StatusCode::OK,
                "{}",
                String::from_utf8_lossy(&receipt)
            );
            let (status, none) = self.bytes(self.town(), "POST", path, receipt).await;
            assert_eq!((status, none.len()), (StatusCode::OK, 0));
        }
        assert!(self.office.packages_waiting().await.is_empty());
    }
}

async fn two() -> (Installation, Installation) {
    let home = Installation::at_work(Office::found().await).await;
    let away = Office::found_beside().await;
    let away = Installation::at_work(away).await;
    away.office.move_by(AWAY).await;
    (away, home)
}

#[tokio::test]
async fn an_application_goes_over_the_network_and_the_decision_comes_back() {
    let (away, home) = two().await;
    away.pin(&home, Some(home.address)).await;
    home.pin(&away, Some(away.address)).await;
    let id = away.forwarded(31).await;
    let opened = away.opened(away.town(), &id).await;
    assert_eq!(
        (&opened["afar"], &opened["shared"]["waiting"]),
        (&json!("deciding"), &json!(1))
    );
    assert_eq!(away.send().await, 0);
    let there = home.confirmed().await;
    assert_eq!(home.send().await, 0);
    let opened = away.opened(away.town(), &id).await;
    assert_eq!(
        (&opened["stage"], &opened["may"]),
        (&json!("confirmed"), &json!(["tell"]))
    );
    let decision = &opened["decisions"][0];
    let told = home.opened(home.county(Role::CountyOfficer), &there).await;
    assert_eq!(decision, &told["decisions"][0]);
    assert!(!decision["letter"].as_array().unwrap().is_empty());
    for act in ["tell", "close"] {
        away.step(away.town(), &id, "steps", act).await;
        away.office.clock.advance(SignedDuration::from_secs(1));
    }
    assert_eq!(away.send().await, 0);
    let told = home.opened(home.county(Role::CountyOfficer), &there).await;
    assert_eq!(told["stage"], "closed");
    assert_eq!(told["shared"]["unit"], "荆河街道");
    away.end().await;
    home.end().await;
}

#[tokio::test]
async fn an_application_goes_as_a_file_and_the_decision_comes_back_as_one() {
    let (away, home) = two().await;
    away.pin(&home, None).await;
    home.pin(&away, None).await;
    let id = away.forwarded(32).await;
    assert_eq!(away.send().await, 1, "nothing goes where nobody listens");
    away.carry_to(&home).await;
    let there = home.confirmed().await;
    home.carry_to(&away).await;
    let opened = away.opened(away.town(), &id).await;
    assert_eq!(opened["stage"], "confirmed");
    let told = home.opened(home.county(Role::CountyOfficer), &there).await;
    assert_eq!(opened["decisions"][0], told["decisions"][0]);
    away.end().await;
    home.end().await;
}

/// Takes one package in and hangs up before it answers, as a server that ends after its commit.
async fn ends_before_it_answers(home: &Installation) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let store = home.office.store.clone();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut read = Vec::new();
        let package = loop {
            stream.read_buf(&mut read).await.unwrap();
            let text = String::from_utf8_lossy(&read);
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ").map(str::to_owned));
            let head = read.windows(4).position(|end| end == b"\r\n\r\n");
            if let (Some(length), Some(head)) = (length, head) {
                let length: usize = length.parse().unwrap();
                if read.len() == head + 4 + length {
                    break read.split_off(head + 4);
                }
            }
        };
        receive(&store, &package).await.unwrap();
        stream.shutdown().await.unwrap();
    });
    address
}

#[tokio::test]
async fn a_lost_answer_is_repaired_by_sending_the_same_again() {
    let (away, home) = two().await;
    let flaky = ends_before_it_answers(&home).await;
    away.pin(&home, Some(flaky)).await;
    home.pin(&away, None).await;
    away.forwarded(33).await;
    assert_eq!(away.send().await, 1);
    let list = away.get(away.town(), "/api/exchange/packages").await;
    let package = &list["items"][0];
    assert_eq!(
        (&package["tries"], &package["trouble"]),
        (&json!(1), &json!("exchange.unreachable"))
    );
    assert_eq!(home.office.applications_there().await, 1);
    // The peer is found at another address from here on; the package is the same.
    away.office
        .peers_listen_at(&format!("http://{}", home.address))
        .await;
    assert_eq!(away.send().await, 1, "it rests a while");
    away.office.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(away.send().await, 0);
    assert_eq!(home.office.applications_there().await, 1);
    assert_eq!(home.office.packages_taken().await, ["application applied"]);
    away.end().await;
    home.end().await;
}

#[tokio::test]
async fn over_tls_a_package_goes_to_whom_a_trusted_certificate_names_and_to_nobody_else() {
    let (away, home) = two().await;
    let (address, roots) = home.over_tls().await;
    away.pin(&home, None).await;
    home.pin(&away, None).await;
    away.office.peers_listen_at(&address).await;
    away.forwarded(35).await;
    assert_eq!(away.send().await, 1, "this machine does not trust it");
    let list = away.get(away.town(), "/api/exchange/packages").await;
    assert_eq!(list["items"][0]["trouble"], "exchange.unreachable");
    assert_eq!(home.office.applications_there().await, 0);
    away.office.clock.advance(SignedDuration::from_mins(1));
    let post = Post::trusting(roots).unwrap();
    assert_eq!(away.send_by(&post).await, 0);
    assert_eq!(home.office.packages_taken().await, ["application applied"]);
    away.end().await;
    home.end().await;
}

#[tokio::test]
async fn the_inbox_tells_a_stranger_why_and_makes_him_wait() {
    let (away, home) = two().await;
    let nobody = away.county(Role::CountyOfficer);
    let (status, told) = home
        .bytes(nobody, "POST", "/api/exchange/inbox", b"nothing".to_vec())
        .await;
    let told: Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(
        (status.as_u16(), &told["code"]),
        (409, &json!("exchange.not_a_package"))
    );
    away.pin(&home, Some(home.address)).await;
    away.forwarded(34).await;
    assert_eq!(away.send().await, 1);
    let list = away.get(away.town(), "/api/exchange/packages").await;
    assert_eq!(list["items"][0]["trouble"], "exchange.unpinned");
    let large = vec![0; (20 << 20) + 1];
    let (status, _) = home
        .bytes(nobody, "POST", "/api/exchange/inbox", large)
        .await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut waits = false;
    for _ in 0..200 {
        let (status, _) = home
            .bytes(nobody, "POST", "/api/exchange/inbox", b"x".to_vec())
            .await;
        waits |= status == StatusCode::TOO_MANY_REQUESTS;
        if waits {
            break;
        }
    }
    assert!(waits, "an address that sends only what is not taken waits");
    away.end().await;
    home.end().await;
}
