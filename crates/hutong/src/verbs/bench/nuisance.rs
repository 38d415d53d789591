//! Callers nobody wants: some send so slowly that they never end, some send far too much.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::error::BenchError;

/// How many connections send slowly: half of them heads, half of them bodies.
pub(super) const SLOW: usize = 200;
/// How many send too much, one request after another.
const OVERSIZED: usize = 4;
/// A body far beyond what a sign-in may be.
const TOO_MUCH: usize = 4 << 20;

/// They go on until this is dropped.
pub(super) struct Nuisance {
    _callers: JoinSet<()>,
}

impl Nuisance {
    pub(super) async fn at(port: u16) -> Result<Self, BenchError> {
        let mut callers = JoinSet::new();
        for number in 0..SLOW {
            let stream = connect(port).await?;
            callers.spawn(slow(stream, port, number % 2 == 0));
        }
        for _ in 0..OVERSIZED {
            callers.spawn(oversized(port));
        }
        Ok(Self { _callers: callers })
    }
}

async fn connect(port: u16) -> Result<TcpStream, BenchError> {
    let connected = TcpStream::connect(("127.0.0.1", port)).await;
    connected.map_err(BenchError::io("127.0.0.1"))
}

fn head(port: u16, length: usize) -> String {
    format!(
        "POST /api/organisation/session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n"
    )
}

/// A byte ten times a second, until cut off, and then anew.
async fn slow(mut stream: TcpStream, port: u16, is_head: bool) {
    let begin = head(port, 60_000) + if is_head { "X-Slow: " } else { "\r\n" };
    loop {
        let mut sent = stream.write_all(begin.as_bytes()).await;
        while sent.is_ok() {
            sleep(Duration::from_millis(100)).await;
            sent = stream.write_all(b"x").await;
        }
        match connect(port).await {
            Ok(again) => stream = again,
            Err(_) => return,
        }
    }
}

async fn oversized(port: u16) {
    let body = vec![b'x'; TOO_MUCH];
    while let Ok(mut stream) = connect(port).await {
        let begin = head(port, TOO_MUCH) + "\r\n";
        // It is cut off somewhere in the middle.
        let _ = stream.write_all(begin.as_bytes()).await;
        let _ = stream.write_all(&body).await;
        let _ = stream.read(&mut [0; 1024]).await;
    }
}
