//! Officers at their browsers: so many connections, each asking again as soon as it is answered.

use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use store::bench::Aim;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::error::BenchError;
use super::figure::percentile;

/// How many requests on end are about the same child.
pub(super) const ROUND: usize = 20;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Open,
    Edit,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::List, Self::Open, Self::Edit];

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Open => "open",
            Self::Edit => "edit",
        }
    }

    pub(super) fn zh(self) -> &'static str {
        match self {
            Self::List => "儿童列表（每页 50 名）",
            Self::Open => "打开档案",
            Self::Edit => "修改档案",
        }
    }

    pub(super) fn en(self) -> &'static str {
        match self {
            Self::List => "list of 50 children",
            Self::Open => "a file opened",
            Self::Edit => "a file edited",
        }
    }

    /// The request; `fresh` is what an edit writes.
    fn request(
        self,
        port: u16,
        aim: &Aim,
        fresh: &str,
    ) -> Result<Request<Full<Bytes>>, BenchError> {
        let child = aim.child;
        let (method, path) = match self {
            Self::List => ("GET", "/api/registry/children".to_owned()),
            Self::Open => (
                "GET",
                format!("/api/registry/children/{child}?purpose=%E8%B5%B0%E8%AE%BF"),
            ),
            Self::Edit => ("PATCH", format!("/api/registry/children/{child}")),
        };
        let body = match self {
            Self::Edit => {
                json!({ "version": aim.version, "fields": { "school": fresh } }).to_string()
            }
            _ => String::new(),
        };
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", format!("127.0.0.1:{port}"))
            .header("origin", format!("http://127.0.0.1:{port}"))
            .header(
                "cookie",
                format!("__Host-hutong={}", aim.token.cookie_text()),
            )
            .header("content-type", "application/json")
            .body(Full::from(body))
            .map_err(|_| BenchError::Silent)
    }
}

/// One connection that is kept.
pub(super) struct Desk {
    port: u16,
    sender: SendRequest<Full<Bytes>>,
}

impl Desk {
    pub(super) async fn at(port: u16) -> Result<Self, BenchError> {
        let stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .map_err(BenchError::io("127.0.0.1"))?;
        stream
            .set_nodelay(true)
            .map_err(BenchError::io("127.0.0.1"))?;
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(|_| BenchError::Silent)?;
        tokio::spawn(connection);
        Ok(Self { port, sender })
    }

    /// Asks once. An edit's answer tells the version for the next.
    pub(super) async fn ask(
        &mut self,
        kind: Kind,
        aim: &mut Aim,
        fresh: &str,
    ) -> Result<(), BenchError> {
        let request = kind.request(self.port, aim, fresh)?;
        let silent = |_| BenchError::Silent;
        self.sender.ready().await.map_err(silent)?;
        let answer = self.sender.send_request(request).await.map_err(silent)?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(silent)?;
        let body = body.to_bytes();
        if status != StatusCode::OK {
            return Err(BenchError::Failed {
                what: kind.code(),
                status: status.to_string(),
                said: String::from_utf8_lossy(&body).into_owned(),
            });
        }
        if kind == Kind::Edit {
            let told: Value = serde_json::from_slice(&body).unwrap_or_default();
            let version = told["version"].as_i64().unwrap_or_default();
            aim.version = i32::try_from(version).unwrap_or_default();
        }
        Ok(())
    }
}

/// How fast it went.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub(super) per_second: f64,
    /// What one in a hundred exceeds, milliseconds.
    pub(super) p99: f64,
}

impl Pace {
    /// Of what each of the requests within this time took, milliseconds.
    pub(super) fn of(took: &[f64], lasts: Duration) -> Self {
        Self {
            per_second: took.len() as f64 / lasts.as_secs_f64(),
            p99: percentile(took, 0.99),
        }
    }
}

/// Every connection asks for its own aims, [`ROUND`] times each, until the time is over; answers what each request took,
/// in milliseconds. The aims keep up with their files' versions.
pub(super) async fn ask_all(
    kind: Kind,
    port: u16,
    aims: &mut Vec<Aim>,
    connections: usize,
    lasts: Duration,
) -> Result<Vec<f64>, BenchError> {
    let mut hands: Vec<Hand> = vec![Vec::new(); connections];
    for (at, aim) in aims.drain(..).enumerate() {
        hands[at % connections].push((at, aim));
    }
    let mut asking = JoinSet::new();
    for hand in hands {
        let desk = Desk::at(port).await?;
        asking.spawn(ask_on(desk, kind, hand, lasts));
    }
    let (mut took, mut back) = (Vec::new(), Vec::new());
    while let Some(ended) = asking.join_next().await {
        let (times, hand) = ended.map_err(|_| BenchError::Stopped)??;
        took.extend(times);
        back.extend(hand);
    }
    back.sort_by_key(|(at, _)| *at);
    aims.extend(back.into_iter().map(|(_, aim)| aim));
    Ok(took)
}

type Hand = Vec<(usize, Aim)>;

async fn ask_on(
    mut desk: Desk,
    kind: Kind,
    mut hand: Hand,
    lasts: Duration,
) -> Result<(Vec<f64>, Hand), BenchError> {
    let (began, mut took, mut turn) = (Instant::now(), Vec::new(), 0);
    while began.elapsed() < lasts && !hand.is_empty() {
        let at = turn / ROUND % hand.len();
        let fresh = (1_000 + turn * 7_919 % 9_000).to_string();
        let asked = Instant::now();
        desk.ask(kind, &mut hand[at].1, &fresh).await?;
        took.push(asked.elapsed().as_secs_f64() * 1000.0);
        turn += 1;
    }
    Ok((took, hand))
}
