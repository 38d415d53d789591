//! Watches PostgreSQL while the program runs: restarts it when it dies, stops it when asked.

use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use super::error::ClusterError;
use super::postmaster::Recipe;

/// More restarts than this within [`WINDOW`], and the cause is not an accident.
const RESTARTS: usize = 5;
const WINDOW: Duration = Duration::from_secs(60);

/// How the database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It accepts connections.
    Running,
    /// It ended and is being started again.
    Restarting,
    /// It ended too often and is left alone, or was stopped.
    Down,
}

#[derive(Debug)]
struct State {
    /// The running postmaster, not yet reaped: its number cannot belong to anybody else.
    postmaster: Option<Pid>,
    stopping: bool,
    /// The watching thread has ended, and with it PostgreSQL.
    ended: bool,
    health: Health,
}

/// The watching thread's owner; stops PostgreSQL when dropped.
#[derive(Debug)]
pub(super) struct Supervisor {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole after every statement, so a panicking thread leaves nothing half-done in it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_health(&self, health: Health) {
        self.lock().health = health;
        self.changed.notify_all();
    }
}

/// Tells the end of the watching thread.
struct End<'a>(&'a Shared);

impl Drop for End<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.ended = true;
        state.health = Health::Down;
        drop(state);
        self.0.changed.notify_all();
    }
}

impl Supervisor {
    /// Takes charge of a started postmaster.
    pub(super) fn watch(recipe: Recipe, child: Child) -> Result<Self, ClusterError> {
        let postmaster = pid_of(&child);
        let state = State {
            postmaster,
            stopping: false,
            ended: false,
            health: Health::Running,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let watched = Arc::clone(&shared);
        let data = recipe.place.data().to_path_buf();
        let thread = thread::Builder::new()
            .name("postmaster".into())
            .spawn(move || {
                // However the watching ends, whoever waits for its end is told.
                let _end = End(&watched);
                tend(&watched, &recipe, child);
            });
        if let Err(error) = thread {
            signal(postmaster, Signal::INT);
            return Err(ClusterError::io(data, error));
        }
        Ok(Self { shared })
    }

    /// How the database is now.
    pub(super) fn health(&self) -> Health {
        self.shared.lock().health
    }

    /// The postmaster's process id, while it runs.
    pub(super) fn postmaster(&self) -> Option<u32> {
        self.shared
            .lock()
            .postmaster
            .map(|pid| pid.as_raw_pid().unsigned_abs())
    }

    /// Stops PostgreSQL: fast (open transactions roll back, a checkpoint is written), and harder if that takes too long.
    pub(super) fn stop(&self) {
        let mut state = self.shared.lock();
        state.stopping = true;
        for (how, patience) in [(Signal::INT, 60), (Signal::QUIT, 10), (Signal::KILL, 10)] {
            if state.ended {
                return;
            }
            signal(state.postmaster, how);
            let until = Duration::from_secs(patience);
            let waited = self
                .shared
                .changed
                .wait_timeout_while(state, until, |state| !state.ended);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The life of the watching thread: wait for the end, start again, until told to stop or it ends too often.
fn tend(shared: &Shared, recipe: &Recipe, first: Child) {
    let mut child = first;
    let mut ends: Vec<Instant> = Vec::new();
    loop {
        await_end(shared, child);
        let Some(next) = revive(shared, recipe, &mut ends) else {
            return;
        };
        child = next;
        let mut state = shared.lock();
        state.postmaster = pid_of(&child);
        state.health = Health::Running;
        if state.stopping {
            signal(state.postmaster, Signal::INT);
        }
    }
}

/// Waits until the postmaster has ended, withdraws its number, and only then lets the system reuse it.
fn await_end(shared: &Shared, mut child: Child) {
    if let Some(pid) = pid_of(&child) {
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while waitid(WaitId::Pid(pid), ended).is_err_and(|error| error == rustix::io::Errno::INTR) {
        }
    }
    shared.lock().postmaster = None;
    match child.wait() {
        Ok(status) => tracing::info!(%status, "the database has ended"),
        Err(error) => tracing::error!(%error, "the database cannot be waited for"),
    }
}

/// Starts PostgreSQL again, unless told to stop or it ended too often of late.
fn revive(shared: &Shared, recipe: &Recipe, ends: &mut Vec<Instant>) -> Option<Child> {
    loop {
        if shared.lock().stopping {
            return None;
        }
        shared.set_health(Health::Restarting);
        let now = Instant::now();
        ends.retain(|end| now.duration_since(*end) < WINDOW);
        if ends.len() >= RESTARTS {
            tracing::error!(
                "the database ended {RESTARTS} times within a minute and is not started again"
            );
            return None;
        }
        pause(
            shared,
            Duration::from_millis(500) * u32::try_from(ends.len()).unwrap_or(u32::MAX),
        );
        ends.push(now);
        match recipe.launch() {
            Ok(child) => {
                tracing::warn!("the database had ended by itself and runs again");
                return Some(child);
            }
            Err(error) => tracing::error!(%error, "the database could not be started again"),
        }
    }
}

/// Waits, unless told to stop.
fn pause(shared: &Shared, time: Duration) {
    let waited = shared
        .changed
        .wait_timeout_while(shared.lock(), time, |state| !state.stopping);
    drop(waited);
}

fn pid_of(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

fn signal(pid: Option<Pid>, signal: Signal) {
    if let Some(Err(error)) = pid.map(|pid| kill_process(pid, signal)) {
        tracing::debug!(%error, "the database had already ended");
    }
}
