//! An older schema brought up to date: dumped before, killed in the middle, served after.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use testkit::damage::{InTheWay, older_schema};
use testkit::{Census, ledgers};

use crate::folder::Folder;
use crate::run::{end, hutong};
use crate::served::{Served, serve};

/// The line of its note in which a postmaster says how it is.
const STATUS_LINE: usize = 7;

/// The postmaster of this folder, once it takes connections.
fn ready_postmaster(folder: &Folder) -> Option<Pid> {
    let noted = fs::read_to_string(folder.path("data/cluster/postmaster.pid")).ok()?;
    let lines: Vec<&str> = noted.lines().map(str::trim).collect();
    let is_ready = lines.get(STATUS_LINE) == Some(&"ready");
    is_ready.then(|| Pid::from_raw(lines[0].parse().ok()?))?
}

/// Whole dumps before an upgrade; each must be one that PostgreSQL can read to its end.
fn dumps(folder: &Folder) -> usize {
    let Ok(found) = fs::read_dir(folder.path("data/upgrades")) else {
        return 0;
    };
    let whole = found
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "dump"));
    let read = whole.map(|path| {
        let read = Command::new("pg_restore")
            .args(["--file", "/dev/null"])
            .arg(&path)
            .status();
        match read {
            Ok(status) => assert!(status.success(), "{path:?}"),
            Err(_) => println!("not run: there is no pg_restore on the path"),
        }
    });
    read.count()
}

/// Starts serving, and kills in the middle of the migration: the program, or PostgreSQL as well.
async fn kill_in_the_middle(folder: &Folder, postmaster_too: bool) {
    // The one that an earlier kill orphaned is stopped first.
    let orphan = ready_postmaster(folder);
    let mut program = serve(folder, &[]);
    let began = Instant::now();
    let postmaster = loop {
        match ready_postmaster(folder) {
            Some(pid) if Some(pid) != orphan => break pid,
            _ => (),
        }
        assert!(began.elapsed() < Duration::from_secs(60), "no database");
        sleep(Duration::from_millis(2));
    };
    let mut way = InTheWay::of(Path::new(&folder.data())).await;
    let met = way.is_met_within(Duration::from_secs(60)).await;
    if met {
        program.kill().unwrap();
    }
    if met && postmaster_too {
        kill_process(postmaster, Signal::KILL).unwrap();
    }
    let ran = end(program);
    assert!(met, "no migration stood before the lock: {}", ran.stderr);
    way.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_a_migration_leaves_the_office_as_it_was() {
    let folder = Folder::with_office();
    let data = folder.data();
    let file = folder.write("台账.csv", ledgers::csv(0, 50));
    let import = [
        "import",
        &file,
        "--place",
        "370481",
        "--as-of",
        "2021-10-31",
    ];
    let ran = hutong(&[&import[..], &["--data", &data]].concat(), "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let expected = Census::of_folder(Path::new(&data)).await;
    older_schema(Path::new(&data)).await;
    for (kills, postmaster_too) in [false, true].into_iter().enumerate() {
        kill_in_the_middle(&folder, postmaster_too).await;
        assert_eq!(dumps(&folder), kills + 1, "the state before lies in a dump");
    }
    let served = Served::over_tls(&folder, &[]);
    served.get("/api/health", "").with(200);
    assert_eq!(served.stop().code, Some(0));
    assert_eq!(dumps(&folder), 3);
    let mut after = Census::of_folder(Path::new(&data)).await;
    // While it served it may have made the round of the day, which notes limits and nothing else.
    after.journal.remove("applications.limit_noted");
    for made in [
        "auth.round",
        "auth.session",
        "public.applications_limit",
        "public.journal_entry",
    ] {
        after.rows.insert(made.into(), expected.rows[made]);
    }
    assert_eq!(after, expected);
    // Up to date, there is nothing to dump.
    let served = Served::over_tls(&folder, &[]);
    assert_eq!(served.stop().code, Some(0));
    assert_eq!(dumps(&folder), 3);
}
