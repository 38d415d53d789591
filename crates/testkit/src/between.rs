//! Between a program and its PostgreSQL: counts the statements that pass, and lets one of them be the last.
//!
//! What a killed program leaves to its server are connections that break off, all at once, between two messages; so a
//! program that is a part of its test is killed here by breaking them. One of a process of its own, and PostgreSQL itself, are
//! killed for good, by the test's own hand.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgConnection, PgPool};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

/// When a statement is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server never hears of it.
    Before,
    /// The server does it, and nobody hears the answer.
    After,
}

type Blow = Box<dyn Fn() + Send + Sync>;

struct Shared {
    /// With which text statements begin to count on a connection, and which is the last to count; without, all do.
    marks: Mutex<Option<(&'static str, &'static str)>>,
    seen: AtomicUsize,
    last: AtomicUsize,
    after: AtomicBool,
    fatal: AtomicBool,
    blow: Mutex<Option<Blow>>,
    dead: watch::Sender<bool>,
}

/// The place between.
pub struct Between {
    folder: tempfile::TempDir,
    options: PgConnectOptions,
    shared: Arc<Shared>,
    accepting: tokio::task::JoinHandle<()>,
}

/// How long a struck server takes to fall.
const FALL: std::time::Duration = std::time::Duration::from_millis(60);

/// The socket's file in its folder.
const SOCKET: &str = ".s.PGSQL.5432";

impl Between {
    /// Between whoever connects here and the server to which these options lead.
    pub async fn stand(options: PgConnectOptions) -> Self {
        let real = real_socket(&options);
        let folder = tempfile::Builder::new()
            .prefix("between-")
            .tempdir()
            .expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))
            .expect("permissions");
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("a socket");
        let shared = Arc::new(Shared {
            marks: Mutex::new(None),
            seen: AtomicUsize::new(0),
            last: AtomicUsize::new(usize::MAX),
            after: AtomicBool::new(false),
            fatal: AtomicBool::new(false),
            blow: Mutex::new(None),
            dead: watch::Sender::new(false),
        });
        let accepted = shared.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = UnixStream::connect(&real).await else {
                    continue;
                };
                pass(client, server, &accepted);
            }
        });
        Self {
            options: options.socket(folder.path()),
            folder,
            shared,
            accepting,
        }
    }

    /// Connections of a program that has just started.
    pub fn pool(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(2)
            .connect_lazy_with(self.options.clone())
    }

    /// The address of the place, as a program of its own process takes it.
    pub fn url(&self) -> String {
        self.options.to_url_lossy().to_string()
    }

    /// Counts on a connection what comes from one text to another, and nothing else: whatever a program does beside is not
    /// told apart otherwise.
    pub fn count_between(&self, first: &'static str, last: &'static str) {
        *self.shared.marks.lock().expect("nobody panicked") = Some((first, last));
    }

    /// How many statements have come since the last arming.
    pub fn seen(&self) -> usize {
        self.shared.seen.load(Ordering::SeqCst)
    }

    /// One connection through here.
    pub async fn connection(&self) -> PgConnection {
        self.options.connect().await.expect("the server answers")
    }

    /// Of the statements from here on, lets the one with this number be the program's last.
    pub fn kill_program(&self, number: usize, cut: Cut) {
        self.arm(number, cut, None);
        self.shared.fatal.store(true, Ordering::SeqCst);
    }

    /// As [`Between::kill_program`], for one of a process of its own, which the blow kills.
    pub fn slay(&self, number: usize, cut: Cut, blow: impl Fn() + Send + Sync + 'static) {
        self.arm(number, cut, Some(Box::new(blow)));
        self.shared.fatal.store(true, Ordering::SeqCst);
    }

    /// Of the statements from here on, strikes the server at the one with this number.
    pub fn strike(&self, number: usize, cut: Cut, blow: impl Fn() + Send + Sync + 'static) {
        self.arm(number, cut, Some(Box::new(blow)));
    }

    fn arm(&self, number: usize, cut: Cut, blow: Option<Blow>) {
        *self.shared.blow.lock().expect("nobody panicked") = blow;
        self.shared.after.store(cut == Cut::After, Ordering::SeqCst);
        self.shared.fatal.store(false, Ordering::SeqCst);
        self.shared.seen.store(0, Ordering::SeqCst);
        self.shared.last.store(number, Ordering::SeqCst);
        self.shared.dead.send_replace(false);
    }

    /// Lets everything pass again.
    pub fn let_pass(&self) {
        self.arm(usize::MAX, Cut::Before, None);
    }

    /// Whether the last statement has come.
    pub fn has_struck(&self) -> bool {
        self.shared.seen.load(Ordering::SeqCst) > self.shared.last.load(Ordering::SeqCst)
    }

    /// Waits until the program is dead.
    pub async fn death(&self) {
        let mut dead = self.shared.dead.subscribe();
        let _ = dead.wait_for(|dead| *dead).await;
    }

    /// Where the socket lies.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn real_socket(options: &PgConnectOptions) -> PathBuf {
    let folder = options.get_socket().cloned();
    let folder = folder.unwrap_or_else(|| PathBuf::from(options.get_host()));
    folder.join(SOCKET)
}

fn pass(client: UnixStream, server: UnixStream, shared: &Arc<Shared>) {
    let muted = Arc::new(AtomicBool::new(false));
    let ((from_client, to_client), (from_server, to_server)) =
        (client.into_split(), server.into_split());
    let (asking, answering) = (shared.clone(), shared.clone());
    let mute = muted.clone();
    tokio::spawn(async move {
        let mut dead = asking.dead.subscribe();
        tokio::select! {
            _ = questions(from_client, to_server, &asking, &mute) => {}
            _ = dead.wait_for(|dead| *dead) => {}
        }
    });
    tokio::spawn(async move {
        let mut dead = answering.dead.subscribe();
        tokio::select! {
            _ = answers(from_server, to_client, &answering, &muted) => {}
            _ = dead.wait_for(|dead| *dead) => {}
        }
    });
}

/// Passes the program's messages on; the first has no type.
async fn questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: &Shared,
    mute: &AtomicBool,
) -> std::io::Result<()> {
    let first = message(&mut from, None).await?;
    to.write_all(&first).await?;
    let mut counts = false;
    loop {
        let kind = from.read_u8().await?;
        let message = message(&mut from, Some(kind)).await?;
        let marks = *shared.marks.lock().expect("nobody panicked");
        counts = counts || marks.is_none_or(|(first, _)| holds(&message, first));
        // A simple query, the end of an extended one, the end of a COPY: what the server acts on.
        let acts = counts && matches!(kind, b'Q' | b'S' | b'c');
        if acts && shared.seen.fetch_add(1, Ordering::SeqCst) == shared.last.load(Ordering::SeqCst)
        {
            if !shared.after.load(Ordering::SeqCst) {
                strike(shared);
                if *shared.dead.borrow() {
                    return Ok(());
                }
                // The server takes a moment to notice that it is dead.
                tokio::time::sleep(FALL).await;
            } else {
                mute.store(true, Ordering::SeqCst);
            }
        }
        counts = counts && !marks.is_some_and(|(_, last)| holds(&message, last));
        to.write_all(&message).await?;
    }
}

fn holds(message: &[u8], text: &str) -> bool {
    let text = text.as_bytes();
    message.windows(text.len()).any(|part| part == text)
}

/// A whole message, with its type where it has one.
async fn message(from: &mut OwnedReadHalf, kind: Option<u8>) -> std::io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    let mut message: Vec<u8> = kind.into_iter().chain(length.to_be_bytes()).collect();
    let start = message.len();
    message.resize(start + usize::try_from(length).unwrap_or_default() - 4, 0);
    from.read_exact(&mut message[start..]).await?;
    Ok(message)
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: &Shared,
    muted: &AtomicBool,
) -> std::io::Result<()> {
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut piece).await?;
        if read == 0 {
            return Ok(());
        }
        if muted.swap(false, Ordering::SeqCst) {
            strike(shared);
            if *shared.dead.borrow() {
                return Ok(());
            }
        }
        to.write_all(&piece[..read]).await?;
    }
}

fn strike(shared: &Shared) {
    if let Some(blow) = shared.blow.lock().expect("nobody panicked").as_ref() {
        blow();
    }
    if shared.fatal.load(Ordering::SeqCst) {
        shared.dead.send_replace(true);
    }
}
