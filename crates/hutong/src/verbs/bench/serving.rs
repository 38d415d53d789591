//! The server: how soon it answers on an initialised cluster, and how much it holds while nobody asks.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use store::cluster::{Place, bare_start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::child::{Server, hutong, timed};
use super::error::BenchError;
use super::figure::{Figure, Measured, Target};
use crate::outcome::Fault;

const SECONDS: Target = Target::Below(3.0);
const MEMORY: Target = Target::Below(80.0);
/// Longer than any start takes, recovery included.
const PATIENCE: Duration = Duration::from_secs(60);

/// Founds a demo city in this folder, then starts and rests it `repetitions` times, `rest` each.
pub(super) async fn measure(
    folder: &Path,
    repetitions: usize,
    rest: Duration,
) -> Result<[Figure; 2], Fault> {
    let data = folder.to_string_lossy();
    timed(
        "demo --no-serve",
        hutong(&["demo", "--no-serve", "--data", &data])?,
        &[0],
    )
    .await?;
    let place = Place::at(folder)?;
    let (mut bare, mut starts, mut held, mut empty) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..repetitions {
        bare.push(bare_start(&place).await?.as_secs_f64());
        empty.push(idle_program().await?);
        let port = free_port().await?.to_string();
        let began = Instant::now();
        let mut server = Server::start(hutong(&["demo", "--data", &data, "--port", &port])?)?;
        first_answer(&mut server, &port, began).await?;
        starts.push(began.elapsed().as_secs_f64());
        sleep(rest).await;
        held.push(server.resident().ok_or(BenchError::Silent)?);
        server.stop().await?;
    }
    Ok([
        Figure {
            key: "start.seconds".into(),
            zh: "启动至首次应答（已初始化的演示城市）".into(),
            en: "start to the first answer (demo city, initialised)".into(),
            unit: "s",
            value: Measured::of(&starts),
            beside: ("仅 pg_ctl start 加 SELECT 1", "pg_ctl start and SELECT 1"),
            raw: Measured::of(&bare),
            target: Some(SECONDS),
            is_detail: false,
        },
        Figure {
            key: "idle.resident".into(),
            zh: format!("空闲 {} 秒后的常驻内存（不含 PostgreSQL）", rest.as_secs()),
            en: format!(
                "resident set after {} s idle, PostgreSQL not counted",
                rest.as_secs()
            ),
            unit: "MiB",
            value: Measured::of(&held),
            beside: ("同一程序什么也不做", "the same program doing nothing"),
            raw: Measured::of(&empty),
            target: Some(MEMORY),
            is_detail: false,
        },
    ])
}

/// What the program holds before it has done anything.
async fn idle_program() -> Result<f64, BenchError> {
    let mut command = hutong(&["bench", "--idle"])?;
    command.stdin(Stdio::piped());
    let mut child = Server::start(command)?;
    sleep(Duration::from_millis(500)).await;
    if child.has_ended() {
        return Err(BenchError::Silent);
    }
    child.resident().ok_or(BenchError::Silent)
}

pub(super) async fn free_port() -> Result<u16, BenchError> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    bound
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(BenchError::io("127.0.0.1:0"))
}

pub(super) async fn first_answer(
    server: &mut Server,
    port: &str,
    began: Instant,
) -> Result<(), BenchError> {
    while began.elapsed() < PATIENCE && !server.has_ended() {
        if answers(port).await.unwrap_or(false) {
            return Ok(());
        }
        sleep(Duration::from_millis(2)).await;
    }
    Err(BenchError::Silent)
}

/// Whether the health check says that all is well.
async fn answers(port: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).await?;
    let request =
        format!("GET /api/health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200 "))
}
