//! Long paths, full disks, closed folders.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use kernel::explain::Explain;
use store::cluster::{ClusterError, DATABASE, Place};

use super::{Scratch, connect, count, is_root, open_to_all, owner, start};

#[tokio::test]
async fn a_data_folder_too_long_for_a_socket_gets_one_elsewhere() {
    let scratch = Scratch::new();
    let long = scratch
        .folder
        .path()
        .join("文".repeat(20))
        .join("夹".repeat(20));
    fs::create_dir_all(&long).unwrap();
    open_to_all(&long);
    let cluster = start(&Place::at(long.join("data")).unwrap()).await.unwrap();
    println!("socket in {}", cluster.socket().display());
    assert!(!cluster.socket().starts_with(&long));
    assert_eq!(
        fs::metadata(cluster.socket()).unwrap().permissions().mode() & 0o777,
        0o700
    );
    connect(cluster.app_options(DATABASE)).await;
    let socket = cluster.socket().to_path_buf();
    cluster.stop().await;

    // The next start finds a stranger's folder at that place.
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).unwrap();
    let refused = start(&Place::at(long.join("data")).unwrap()).await;
    assert!(matches!(refused, Err(ClusterError::SocketFolder(path)) if path == socket));
    fs::remove_dir(&socket).unwrap();
}

#[tokio::test]
async fn a_path_with_blanks_commas_and_quotes_works() {
    let scratch = Scratch::new();
    let odd = scratch.folder.path().join("a b,c'd");
    let cluster = start(&Place::at(odd).unwrap()).await.unwrap();
    assert!(count(&mut owner(&cluster).await, "pg_class").await > 0);
}

#[tokio::test]
async fn a_file_in_the_way_and_a_path_beyond_the_systems_limit_are_refused() {
    let scratch = Scratch::new();
    fs::write(scratch.data(), "a file").unwrap();
    assert_eq!(
        scratch.start().await.unwrap_err().code(),
        "cluster.unwritable"
    );
    let beyond = Place::at(scratch.folder.path().join("x".repeat(300))).unwrap();
    assert_eq!(
        start(&beyond).await.unwrap_err().code(),
        "cluster.path_too_long"
    );
}

#[tokio::test]
async fn a_folder_closed_to_the_databases_account_is_named() {
    if !is_root() {
        println!("cannot run here: only root has PostgreSQL run as another account");
        return;
    }
    let scratch = Scratch::new();
    let home = scratch.folder.path().join("home");
    fs::create_dir(&home).unwrap();
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).unwrap();
    let error = start(&Place::at(home.join("data")).unwrap())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ClusterError::Unreachable { path, .. } if *path == home),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_full_disk_is_called_so_and_leaves_nothing_half_made() {
    if !is_root() {
        println!("cannot run here: mounting a small file system needs root");
        return;
    }
    let scratch = Scratch::new();
    let disk = scratch.folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let Some(_mounted) = Mounted::tmpfs(&disk, "12m") else {
        println!("cannot run here: no file system may be mounted");
        return;
    };
    let place = Place::at(disk.join("data")).unwrap();
    let error = start(&place).await.unwrap_err();
    assert_eq!(error.code(), "cluster.disk_full", "{error}");
    assert!(!place.cluster().exists());
    assert!(!disk.join("data/cluster.new").exists());

    assert!(
        Command::new("mount")
            .args(["-o", "remount,size=200m"])
            .arg(&disk)
            .status()
            .unwrap()
            .success()
    );
    let cluster = start(&place).await.unwrap();
    cluster.stop().await;

    let filler = disk.join("filler");
    let full = Command::new("dd")
        .args([
            "if=/dev/zero",
            "bs=64k",
            &format!("of={}", filler.display()),
        ])
        .output()
        .unwrap();
    assert!(!full.status.success(), "the disk is full now");
    assert_eq!(start(&place).await.unwrap_err().code(), "cluster.disk_full");
    fs::remove_file(filler).unwrap();
    start(&place).await.unwrap();
}

/// A small file system, unmounted at the end.
struct Mounted(std::path::PathBuf);

impl Mounted {
    fn tmpfs(at: &std::path::Path, size: &str) -> Option<Self> {
        let option = format!("size={size},mode=755");
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &option, "tmpfs"])
            .arg(at)
            .output()
            .ok()?;
        done.status.success().then(|| Self(at.to_path_buf()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
