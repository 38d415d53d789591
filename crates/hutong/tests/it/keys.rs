//! `hutong keys` without a database: shown, put into escrow, brought back.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use kernel::clock::SystemClock;
use store::entropy::OsEntropy;
use store::keys::KeyFile;

use crate::run::hutong;

const PASSPHRASE: &str = "一句足够长的托管口令作证\n";

fn keys(arguments: &[&str], stdin: &str) -> (Option<i32>, String, String) {
    let ran = hutong(&[&["--lang", "en", "keys"], arguments].concat(), stdin);
    (ran.code, ran.stdout, ran.stderr)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn an_escrow_brings_the_keys_back_and_nothing_shows_them() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there, copy) = (
        folder.path().join("here"),
        folder.path().join("there"),
        folder.path().join("copy"),
    );
    KeyFile::create(&here.join("keys/hutong.keys"), &SystemClock, &OsEntropy).unwrap();
    let file = std::fs::read_to_string(here.join("keys/hutong.keys")).unwrap();
    let secret = file
        .lines()
        .find_map(|line| line.strip_prefix("secret = \""))
        .unwrap();

    let (code, shown, _) = keys(&["show", "--data", text(&here)], "");
    assert_eq!(code, Some(0));
    assert!(
        shown.contains("key 1") && shown.contains("active") && !shown.contains(&secret[..12]),
        "{shown}"
    );

    assert_eq!(
        keys(
            &["escrow", "--out", text(&copy), "--data", text(&here)],
            PASSPHRASE
        )
        .0,
        Some(0)
    );
    let (code, _, said) = keys(
        &["restore", "--from", text(&copy), "--data", text(&there)],
        "another long passphrase\n",
    );
    assert_eq!(
        (code, said.contains("keys.passphrase")),
        (Some(2), true),
        "{said}"
    );
    assert_eq!(
        keys(
            &["restore", "--from", text(&copy), "--data", text(&there)],
            PASSPHRASE
        )
        .0,
        Some(0)
    );
    assert_eq!(
        std::fs::read_to_string(there.join("keys/hutong.keys")).unwrap(),
        file
    );
    let mode = std::fs::metadata(&there).unwrap().mode() & 0o777;
    assert_eq!(mode, 0o711, "the database's own user passes through");
    let (code, _, said) = keys(
        &["restore", "--from", text(&copy), "--data", text(&there)],
        PASSPHRASE,
    );
    assert_eq!(
        (code, said.contains("keys.exists")),
        (Some(2), true),
        "{said}"
    );
}

#[test]
fn an_escrow_that_has_no_place_says_so_and_calls_no_keys_missing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("here"), folder.path().join("there"));
    KeyFile::create(&data.join("keys/hutong.keys"), &SystemClock, &OsEntropy).unwrap();
    let nowhere = folder.path().join("nowhere/copy");
    for wrong in [
        ["escrow", "--out", text(&nowhere), "--data", text(&data)],
        ["restore", "--from", text(&nowhere), "--data", text(&other)],
    ] {
        let (code, _, said) = keys(&wrong, PASSPHRASE);
        let tells = said.contains("keys.io") && said.contains("nowhere");
        assert_eq!((code, tells), (Some(2), true), "{said}");
    }
}

#[test]
fn without_keys_or_a_database_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (code, _, said) = keys(&["show", "--data", text(&data)], "");
    assert_eq!(
        (code, said.contains("keys.missing")),
        (Some(2), true),
        "{said}"
    );
    let (code, _, said) = keys(&["rotate", "--data", text(&data)], "");
    assert_eq!(
        (code, said.contains("keys.missing")),
        (Some(2), true),
        "{said}"
    );
    assert!(!data.exists());
}
