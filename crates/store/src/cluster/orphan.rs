//! What a killed program leaves behind: a postmaster without a master, or backends without a postmaster.
//!
//! **Invariant.** Only the holder of the data folder's lock comes here, so every PostgreSQL process that works
//! in the folder is an orphan. A process is one of them only if its program is `postgres` *and* its working
//! folder is the cluster: a process id alone may have been given to somebody else.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::error::ClusterError;
use super::socket;

const PID_FILE: &str = "postmaster.pid";

/// How long an orphan postmaster has for a fast shutdown with its checkpoint.
const FAST: Duration = Duration::from_secs(10);
/// How long processes have after being told to quit at once, and after being killed.
const IMMEDIATE: Duration = Duration::from_secs(5);

/// Ends every PostgreSQL process that works in `cluster`, gently first, and clears away lock files that would mislead.
pub(super) fn clear(cluster: &Path, socket: &Path) -> Result<(), ClusterError> {
    let found = workers(cluster)?;
    if let Some(postmaster) = recorded(&cluster.join(PID_FILE)).filter(|pid| found.contains(pid)) {
        tracing::warn!(
            pid = postmaster.as_raw_pid(),
            "stopping the database of an earlier, killed program"
        );
        signal(&[postmaster], Signal::INT);
        if !gone(cluster, FAST)? {
            signal(&[postmaster], Signal::QUIT);
            gone(cluster, IMMEDIATE)?;
        }
    }
    for last in [Signal::QUIT, Signal::KILL] {
        let left = workers(cluster)?;
        if left.is_empty() {
            break;
        }
        signal(&left, last);
        gone(cluster, IMMEDIATE)?;
    }
    match workers(cluster)?.first() {
        Some(pid) => Err(ClusterError::Orphan(pid.as_raw_pid().unsigned_abs())),
        None => [cluster.join(PID_FILE), socket::lock_file(socket)]
            .iter()
            .try_for_each(|file| remove_misleading(file)),
    }
}

/// Removes a lock file whose number now belongs to another process (or to one that only waits to be reaped),
/// because PostgreSQL would take that for a running postmaster. Any other stale file PostgreSQL replaces itself.
fn remove_misleading(file: &Path) -> Result<(), ClusterError> {
    let taken =
        recorded(file).is_some_and(|pid| test_kill_process(pid) != Err(rustix::io::Errno::SRCH));
    if !taken {
        return Ok(());
    }
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ClusterError::io(file, error)),
        _ => Ok(()),
    }
}

/// The process id in the first line of one of PostgreSQL's lock files.
fn recorded(file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(file).ok()?;
    let number = text
        .lines()
        .next()?
        .trim()
        .parse()
        .ok()
        .filter(|pid| *pid > 0)?;
    Pid::from_raw(number)
}

/// Ends what an `initdb` whose program was killed still does in `nursery`; it would write into the next one's files.
pub(super) fn clear_nursery(nursery: &Path) -> Result<(), ClusterError> {
    let nursery = match fs::canonicalize(nursery) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found.map_err(|error| ClusterError::io(nursery, error))?,
    };
    let until = Instant::now() + IMMEDIATE;
    loop {
        let found = processes(|folder, program| {
            folder.starts_with(&nursery)
                && (program.starts_with("postgres") || program.starts_with("initdb"))
        })?;
        let Some(first) = found.first() else {
            return Ok(());
        };
        if Instant::now() >= until {
            return Err(ClusterError::Orphan(first.as_raw_pid().unsigned_abs()));
        }
        signal(&found, Signal::KILL);
        thread::sleep(Duration::from_millis(20));
    }
}

/// Every PostgreSQL process whose working folder is the cluster.
fn workers(cluster: &Path) -> Result<Vec<Pid>, ClusterError> {
    let cluster = fs::canonicalize(cluster).map_err(|error| ClusterError::io(cluster, error))?;
    // After an upgrade of the package the program's name reads "postgres (deleted)".
    processes(|folder, program| folder == cluster && program.starts_with("postgres"))
}

/// Every process that is one by its working folder and the name of its program.
fn processes(is_one: impl Fn(&Path, &str) -> bool) -> Result<Vec<Pid>, ClusterError> {
    let all = fs::read_dir("/proc").map_err(|error| ClusterError::io("/proc", error))?;
    let found = all.flatten().filter_map(|entry| {
        let pid = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
        let folder = fs::read_link(entry.path().join("cwd")).ok()?;
        let program = fs::read_link(entry.path().join("exe")).ok()?;
        is_one(&folder, program.file_name()?.to_str()?).then_some(pid)
    });
    Ok(found.collect())
}

fn signal(pids: &[Pid], signal: Signal) {
    for pid in pids {
        if let Err(error) = kill_process(*pid, signal) {
            tracing::debug!(pid = pid.as_raw_pid(), %error, "a database process had already ended");
        }
    }
}

/// Waits until no process works in the cluster any more; whether that happened in time.
fn gone(cluster: &Path, limit: Duration) -> Result<bool, ClusterError> {
    let until = Instant::now() + limit;
    loop {
        if workers(cluster)?.is_empty() {
            return Ok(true);
        }
        if Instant::now() >= until {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(20));
    }
}
