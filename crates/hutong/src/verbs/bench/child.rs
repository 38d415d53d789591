//! Commands measured from outside: how long they take, and how much memory they hold.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::time::sleep;

use super::error::BenchError;

/// How often a command's memory is read. The high-water mark only rises, so what is missed is the last moment's growth.
const LOOK: Duration = Duration::from_millis(2);
/// How long a server may take to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a command took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Took {
    pub(super) seconds: f64,
    /// Largest resident set, MiB.
    pub(super) peak: f64,
}

/// This program with these arguments, saying nothing; no server of the office's own is named to it.
pub(super) fn hutong(arguments: &[&str]) -> Result<Command, BenchError> {
    let program = std::env::current_exe().map_err(BenchError::io("hutong"))?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_remove("DATABASE_URL")
        .env_remove("HUTONG_OWNER_URL")
        .env_remove("HUTONG_PUBLIC_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    Ok(command)
}

/// Runs a command to its end. `allowed` are the exit codes of success.
pub(super) async fn timed(
    what: &'static str,
    mut command: Command,
    allowed: &[i32],
) -> Result<Took, BenchError> {
    let began = Instant::now();
    let mut child = command.spawn().map_err(BenchError::io(what))?;
    let mut peak = 0.0;
    let status = loop {
        if let Some(memory) = child.id().and_then(|id| memory(id, "VmHWM:")) {
            peak = memory;
        }
        tokio::select! {
            status = child.wait() => break status.map_err(BenchError::io(what))?,
            () = sleep(LOOK) => {}
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    match status.code() {
        Some(code) if allowed.contains(&code) => Ok(Took { seconds, peak }),
        _ => Err(BenchError::Failed {
            what,
            status: status.to_string(),
            said: String::new(),
        }),
    }
}

/// A field of a process's status, in MiB.
pub(super) fn memory(process: u32, field: &str) -> Option<f64> {
    let status =
        std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))
            .ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// A server that is stopped when dropped, as its service manager would: PostgreSQL stops with it.
pub(super) struct Server {
    child: Child,
}

impl Server {
    pub(super) fn start(mut command: Command) -> Result<Self, BenchError> {
        let child = command.spawn().map_err(BenchError::io("hutong"))?;
        Ok(Self { child })
    }

    /// Resident set, MiB.
    pub(super) fn resident(&self) -> Option<f64> {
        memory(self.child.id()?, "VmRSS:")
    }

    /// Whether it has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Tells it to stop and waits until it has.
    pub(super) async fn stop(mut self) -> Result<(), BenchError> {
        self.tell();
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended
            .map_err(|_| BenchError::Silent)?
            .map_err(BenchError::io("hutong"))?;
        Ok(())
    }

    fn tell(&self) {
        let process = self
            .child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw);
        if let Some(process) = process {
            // One that has ended meanwhile needs no telling.
            let _ = kill_process(process, Signal::TERM);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.has_ended() {
            return;
        }
        self.tell();
        let until = Instant::now() + PATIENCE;
        while !self.has_ended() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
