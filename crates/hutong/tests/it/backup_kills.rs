//! Kills in the middle of a backup and of a restore: no file that looks whole, no database that opens.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use testkit::Census;

use crate::backup::{Scene, parts};
use crate::run::{end, hutong, start};

/// Kills of one test, spread over the time that the work takes.
const KILLS: u32 = 6;

fn moments(whole: Duration) -> impl Iterator<Item = Duration> {
    (1..=KILLS).map(move |kill| whole * kill / (KILLS + 1))
}

#[test]
fn a_killed_backup_leaves_no_file_that_looks_whole() {
    let scene = Scene::with_children(300);
    let folder = scene.folder.path("backups");
    fs::create_dir(&folder).unwrap();
    let (to, data) = (folder.display().to_string(), scene.folder.data());
    let backup = [
        "backup",
        "--to",
        &to,
        "--recipient",
        &scene.recipient,
        "--data",
        &data,
    ];
    let began = Instant::now();
    assert_eq!(hutong(&backup, "").code, Some(0));
    let whole = began.elapsed();
    let count = || {
        let names = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        names
            .filter(|path| path.extension().is_some_and(|e| e == "hutong-backup"))
            .count()
    };
    for moment in moments(whole) {
        let before = count();
        let mut program = start(&backup);
        std::thread::sleep(moment);
        let _ = program.kill();
        let ran = end(program);
        let after = count();
        println!(
            "killed after {moment:?}: exit {:?}, {after} backups",
            ran.code
        );
        assert!(after == before || ran.code == Some(0) || after == before + 1);
    }
    // Whatever has a backup's name is whole, and what the kills left is gone with the next backup.
    std::thread::sleep(Duration::from_secs(1));
    let ran = hutong(&backup, "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(path.extension().unwrap(), "hutong-backup", "{path:?}");
        let file = path.display().to_string();
        let tried = hutong(
            &["backup", "verify", &file, "--identity", &scene.identity],
            "",
        );
        assert_eq!(tried.code, Some(0), "{}", tried.stderr);
    }
}

#[tokio::test]
async fn a_killed_restore_opens_for_nobody_and_is_run_again() {
    let scene = Scene::with_children(300);
    let file = scene.back_up("one.hutong-backup");
    let expected = Census::of_folder(Path::new(&scene.folder.data())).await;
    let began = Instant::now();
    let first = scene.restoring(&file, "undisturbed");
    assert_eq!(hutong(&parts(&first), "").code, Some(0));
    let whole = began.elapsed();
    let restoring = scene.restoring(&file, "again");
    let again = scene.text("again");
    let mut half = 0;
    // Before its cluster stands a restore has nothing to lose; from then on the kills come close.
    let standing = scene.folder.path("again/cluster/postmaster.pid");
    for moment in (1..=2 * KILLS).map(|kill| whole * kill / (8 * KILLS)) {
        let mut program = start(&parts(&restoring));
        while !standing.exists() && program.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(moment);
        let _ = program.kill();
        let ran = end(program);
        if ran.code == Some(0) {
            let _ = fs::remove_dir_all(&again);
            continue;
        }
        let opened = hutong(&parts(&scene.backing_up(&again)), "");
        println!("killed after {moment:?}: {}", opened.stderr.trim());
        match opened.refusal_code() {
            Some("store.half_restored") => half += 1,
            // Nothing had been put there yet, or what the last step needed was done.
            Some("cluster.none" | "store.not_founded") => {}
            other => assert_eq!((other, opened.code), (None, Some(0)), "{}", opened.stderr),
        }
        if opened.code == Some(0) {
            fs::remove_dir_all(&again).unwrap();
        }
    }
    assert!(half > 0, "no kill met the loading");
    let ran = hutong(&parts(&restoring), "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let mut census = Census::of_folder(Path::new(&again)).await;
    *census.rows.get_mut("public.installation_epoch").unwrap() -= 1;
    assert_eq!(census, expected);
}
