//! A data folder that is damaged, of another version, or half-made.

use std::fs;

use kernel::explain::{Explain, Lang};
use store::cluster::{Binaries, ClusterError};

use super::Scratch;

#[tokio::test]
async fn a_newer_cluster_is_told_from_a_broken_one_and_neither_is_touched() {
    let scratch = Scratch::new();
    scratch.start().await.unwrap().stop().await;
    let version = scratch.data().join("cluster/PG_VERSION");
    let ours = fs::read_to_string(&version).unwrap();

    for (text, code) in [
        ("99\n", "cluster.newer"),
        ("14\n", "cluster.older"),
        ("fif", "cluster.broken"),
        ("", "cluster.broken"),
    ] {
        fs::write(&version, text).unwrap();
        let error = scratch.start().await.unwrap_err();
        assert_eq!(error.code(), code, "{text:?}");
        println!("{}\n{}", error.explain(Lang::Zh), error.explain(Lang::En));
    }
    fs::remove_file(&version).unwrap();
    assert!(matches!(
        scratch.start().await,
        Err(ClusterError::Broken { .. })
    ));
    assert!(!scratch.data().join("cluster.new").exists());

    fs::write(&version, ours).unwrap();
    scratch.start().await.unwrap();
}

#[tokio::test]
async fn a_damaged_control_file_is_called_damage() {
    let scratch = Scratch::new();
    scratch.start().await.unwrap().stop().await;
    let control = scratch.data().join("cluster/global/pg_control");
    let mut bytes = fs::read(&control).unwrap();
    for byte in &mut bytes[..200] {
        *byte ^= 0x5a;
    }
    fs::write(&control, bytes).unwrap();
    let error = scratch.start().await.unwrap_err();
    assert_eq!(error.code(), "cluster.broken", "{error}");
}

#[tokio::test]
async fn lost_log_files_of_the_database_are_called_damage() {
    let scratch = Scratch::new();
    scratch.start().await.unwrap().stop().await;
    let wal = scratch.data().join("cluster/pg_wal");
    for file in fs::read_dir(&wal)
        .unwrap()
        .flatten()
        .filter(|file| file.file_type().unwrap().is_file())
    {
        fs::remove_file(file.path()).unwrap();
    }
    let error = scratch.start().await.unwrap_err();
    assert_eq!(error.code(), "cluster.broken", "{error}");
}

#[tokio::test]
async fn what_a_kill_during_initdb_left_is_cleared_away() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.data().join("cluster.new/data/base")).unwrap();
    fs::write(scratch.data().join("cluster.new/password"), "old").unwrap();
    fs::create_dir(scratch.data().join("cluster")).unwrap();
    let cluster = scratch.start().await.unwrap();
    assert!(!scratch.data().join("cluster.new").exists());
    cluster.stop().await;
}

#[tokio::test]
async fn the_binaries_found_are_of_a_supported_version() {
    let found = Binaries::find().unwrap();
    println!(
        "PostgreSQL {} in {}",
        found.version(),
        found.bin().display()
    );
    assert_eq!(Binaries::of_major(found.major()).unwrap(), Some(found));
    assert_eq!(Binaries::of_major(99).unwrap(), None);
}
