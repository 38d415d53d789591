//! No secret lies in plain text: not in the data directory, a dump, a log or a trace.

mod office;
mod scanner;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::cluster::{Binaries, Cluster};
use store::installation::Kind;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona};
use testkit::{Office, TestDatabase};

use self::office::{Secrets, fail_in_every_way, work_normally};
use self::scanner::{Finding, Scanner};

/// No secret but a name and a remark to the logs: what the scan must find, or it would prove nothing.
const PLANTED: &str = "13870707999";

/// Where a trace is kept.
#[derive(Clone, Default)]
struct Trace(Arc<Mutex<Vec<u8>>>);

impl io::Write for Trace {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn superuser(database: &TestDatabase) -> PgConnection {
    PgConnection::connect_with(&database.superuser_options())
        .await
        .unwrap()
}

async fn run(connection: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(connection)
        .await
        .unwrap();
}

/// Has PostgreSQL log all it can: more than the cluster ever lets an office set for all.
async fn make_talkative(database: &TestDatabase) {
    let mut superuser = superuser(database).await;
    for setting in [
        "log_min_messages = 'debug1'",
        "log_min_error_statement = 'debug1'",
        "log_error_verbosity = 'verbose'",
        "log_statement = 'all'",
        "log_duration = on",
    ] {
        run(
            &mut superuser,
            &format!("ALTER DATABASE {} SET {setting}", database.name()),
        )
        .await;
    }
    // The settings are for new connections.
    run(
        &mut superuser,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
}

/// What `pg_dump` makes of the database; `None`, with the reason printed, where there is no such program.
fn dump(cluster: &Cluster, database: &str) -> Option<Vec<u8>> {
    let program = Binaries::of_major(cluster.major())
        .unwrap()
        .unwrap()
        .bin()
        .join("pg_dump");
    if !program.exists() {
        println!("no dump is scanned: npm's PostgreSQL has no pg_dump");
        return None;
    }
    let password = std::fs::read_to_string(cluster.place().secrets().join("postgres")).unwrap();
    let output = Command::new(program)
        .args(["--username=postgres", "--dbname", database, "--host"])
        .arg(cluster.socket())
        .env("PGPASSWORD", password.trim())
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(output.stdout)
}

/// Whether the planted text was found in a file below this folder.
fn planted_below(found: &BTreeSet<Finding>, folder: &Path) -> bool {
    found
        .iter()
        .any(|(secret, place)| secret == PLANTED && Path::new(place).starts_with(folder))
}

#[tokio::test]
async fn no_secret_is_in_files_dumps_logs_or_traces() {
    let trace = Trace::default();
    let writer = trace.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let database = TestDatabase::private().await;
    make_talkative(&database).await;
    let office = Office::found_in(database, Kind::Office).await;

    let secrets = Secrets::new();
    work_normally(&office, &secrets).await;
    let told = fail_in_every_way(&office, &secrets).await;
    office
        .register(
            Persona::TengzhouOfficer,
            &[Child::named(&format!("虚构{PLANTED}"), JINGHE_VILLAGE)],
        )
        .await;
    tracing::trace!("planted {PLANTED}");
    let mut superuser = superuser(&office.database).await;
    run(&mut superuser, &format!("SELECT '{PLANTED}'")).await;
    run(&mut superuser, "CHECKPOINT").await;

    let mut sought = secrets.all();
    sought.push(PLANTED.to_owned());
    let scanner = Scanner::of(&sought);
    let cluster = office.database.cluster().unwrap();
    let place = cluster.place();
    let mut found = scanner.scan_folder(place.data());
    for folder in [
        place.cluster().join("base"),
        place.cluster().join("pg_wal"),
        place.log(),
    ] {
        assert!(
            planted_below(&found, &folder),
            "the planted text is not found in {}",
            folder.display()
        );
    }
    found.extend(scanner.scan("what errors tell", told.as_bytes()));
    let mut streams = vec![("the trace", trace.0.lock().unwrap().clone())];
    streams.extend(dump(cluster, office.database.name()).map(|dump| ("the dump", dump)));
    for (name, bytes) in streams {
        let in_stream = scanner.scan(name, &bytes);
        assert!(
            in_stream.contains(&(PLANTED.to_owned(), name.to_owned())),
            "the planted text is not found in {name}"
        );
        found.extend(in_stream);
    }
    let secret: Vec<Finding> = found
        .into_iter()
        .filter(|(secret, _)| secret != PLANTED)
        .collect();
    assert!(secret.is_empty(), "{secret:#?}");
    drop(superuser);
    office.close().await;
}
