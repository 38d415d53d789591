//! One start of PostgreSQL: spawned, watched until it is ready, its last words understood when it is not.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::account::Account;
use super::binaries::Binaries;
use super::data_folder;
use super::error::ClusterError;
use super::orphan;
use super::place::Place;
use super::settings;

/// How long a recovery after a crash may take before the start is given up.
const PATIENCE: Duration = Duration::from_secs(900);
/// How often a start is tried again while shared memory of a killed postmaster is still held.
const ATTEMPTS: u32 = 5;
/// How long the reason of a failed start is waited for: the log collector writes on when the postmaster has ended.
const HINDSIGHT: Duration = Duration::from_secs(2);

/// Everything needed to start PostgreSQL again and again.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    pub(super) place: Place,
    pub(super) binaries: Binaries,
    pub(super) account: Account,
    pub(super) socket: PathBuf,
}

impl Recipe {
    /// Ends what an earlier run left, starts PostgreSQL and waits until it accepts connections.
    pub(super) fn launch(&self) -> Result<Child, ClusterError> {
        let mut attempt = 1;
        loop {
            orphan::clear(&self.place.cluster(), &self.socket)?;
            match self.start() {
                Err(Failure::SharedMemory) if attempt < ATTEMPTS => {
                    thread::sleep(Duration::from_millis(200) * attempt);
                    attempt += 1;
                }
                Err(failure) => return Err(self.explain(failure)),
                Ok(child) => return Ok(child),
            }
        }
    }

    fn start(&self) -> Result<Child, Failure> {
        let words = LastWords::from_here(&self.place);
        let mut child = self.spawn()?;
        let until = Instant::now() + PATIENCE;
        let status = self.place.cluster().join("postmaster.pid");
        loop {
            if is_ready(&status, child.id()) {
                return Ok(child);
            }
            let ended = child
                .try_wait()
                .map_err(|error| ClusterError::io(self.binaries.bin(), error))?;
            if ended.is_some() {
                return Err(words.read());
            }
            if Instant::now() >= until {
                // Not killed: the supervisor's next start would find it half-way through its recovery.
                return Err(Failure::Other(format!(
                    "not ready after {} s",
                    PATIENCE.as_secs()
                )));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn spawn(&self) -> Result<Child, ClusterError> {
        let early = early_log(&self.place);
        let open = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&early)
            .and_then(|file| Ok((file.try_clone()?, file)));
        let (out, err) = open.map_err(|error| ClusterError::io(&early, error))?;
        let mut command = Command::new(self.binaries.program("postgres"));
        command
            .arg("-D")
            .arg(self.place.cluster())
            .args(settings::binding(&self.socket, &self.place.log()))
            .current_dir(self.place.cluster())
            .env_clear()
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err);
        self.account
            .run_as(&mut command)
            .spawn()
            .map_err(|error| ClusterError::io(self.binaries.bin(), error))
    }

    fn explain(&self, failure: Failure) -> ClusterError {
        match failure {
            Failure::Known(error) => error,
            Failure::DiskFull => ClusterError::DiskFull(self.place.data().to_path_buf()),
            Failure::Unwritable => ClusterError::Unwritable(self.place.data().to_path_buf()),
            Failure::Broken(detail) => ClusterError::Broken {
                path: self.place.cluster(),
                detail,
            },
            Failure::SharedMemory => ClusterError::Start {
                log: self.place.log(),
                tail: "shared memory of an earlier run is still in use".into(),
            },
            // On a full disk PostgreSQL's own words may be lost too.
            Failure::Other(_) if data_folder::is_full(self.place.data()) => {
                ClusterError::DiskFull(self.place.data().to_path_buf())
            }
            Failure::Other(tail) => ClusterError::Start {
                log: self.place.log(),
                tail,
            },
        }
    }
}

/// Why one start failed.
#[derive(Debug)]
enum Failure {
    Known(ClusterError),
    SharedMemory,
    DiskFull,
    Unwritable,
    Broken(String),
    Other(String),
}

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        Self::Known(error)
    }
}

/// PostgreSQL writes its state into the eighth line of its pid file; `pg_ctl` reads it there too.
fn is_ready(status: &Path, pid: u32) -> bool {
    let Ok(text) = fs::read_to_string(status) else {
        return false;
    };
    let mut lines = text.lines();
    let ours = lines
        .next()
        .is_some_and(|line| line.trim().parse() == Ok(pid));
    ours && lines.nth(6).is_some_and(|line| line.trim() == "ready")
}

/// What PostgreSQL says before its log collector runs. In the data folder itself, where only the program writes.
fn early_log(place: &Place) -> PathBuf {
    place.data().join("start.log")
}

/// Remembers how long the log was, to read only what a failed start added.
struct LastWords<'a> {
    place: &'a Place,
    before: Option<(PathBuf, u64)>,
}

impl<'a> LastWords<'a> {
    fn from_here(place: &'a Place) -> Self {
        let before = newest(&place.log())
            .and_then(|path| Some((path.clone(), fs::metadata(path).ok()?.len())));
        Self { place, before }
    }

    fn read(&self) -> Failure {
        let until = Instant::now() + HINDSIGHT;
        loop {
            let said = self.said();
            if reason(&said).is_some() || Instant::now() >= until {
                return understand(&said);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn said(&self) -> String {
        let mut said = fs::read_to_string(early_log(self.place)).unwrap_or_default();
        if let Some(path) = newest(&self.place.log()) {
            let from = self
                .before
                .as_ref()
                .filter(|(before, _)| *before == path)
                .map_or(0, |(_, length)| *length);
            said.push_str(&tail(&path, from).unwrap_or_default());
        }
        said
    }
}

fn newest(log: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(log).ok()?.flatten();
    files
        .filter_map(|file| Some((file.metadata().ok()?.modified().ok()?, file.path())))
        .max()
        .map(|(_, path)| path)
}

fn tail(path: &Path, from: u64) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(64 * 1024).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last line that tells why PostgreSQL gave up.
fn reason(said: &str) -> Option<&str> {
    said.lines()
        .rfind(|line| line.contains("FATAL:") || line.contains("PANIC:"))
}

/// Sorts PostgreSQL's last words (in English, as `lc_messages` is C) by what can be done about them.
fn understand(said: &str) -> Failure {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let last = reason(said)
        .or_else(|| said.lines().rfind(|line| !line.trim().is_empty()))
        .unwrap_or("no message")
        .trim()
        .to_owned();
    if has(&["pre-existing shared memory block"]) {
        Failure::SharedMemory
    } else if has(&[
        "No space left on device",
        "Disk quota exceeded",
        "wrote only ",
    ]) {
        Failure::DiskFull
    } else if has(&["Permission denied", "Read-only file system"]) {
        Failure::Unwritable
    } else if has(&[
        "could not locate a valid checkpoint record",
        "could not locate required checkpoint record",
        "incorrect checksum in control file",
        "invalid checkpoint record",
        "could not read file \"global/pg_control\"",
        "database files are incompatible with server",
        "could not find the database system",
        "is not a valid data directory",
        "invalid primary checkpoint record",
    ]) {
        Failure::Broken(last)
    } else {
        Failure::Other(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_sorted_by_what_can_be_done() {
        let full = "FATAL:  could not write lock file \"postmaster.pid\": No space left on device";
        assert!(matches!(understand(full), Failure::DiskFull));
        let broken = "LOG:  invalid primary checkpoint record\nPANIC:  could not locate a valid checkpoint record\nLOG:  aborting";
        assert!(
            matches!(understand(broken), Failure::Broken(detail) if detail.starts_with("PANIC"))
        );
        let held = "FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use";
        assert!(matches!(understand(held), Failure::SharedMemory));
        assert!(
            matches!(understand("FATAL:  bad luck\n"), Failure::Other(tail) if tail == "FATAL:  bad luck")
        );
        assert!(matches!(understand(""), Failure::Other(tail) if tail == "no message"));
    }
}
