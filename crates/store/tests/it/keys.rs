//! The key file on disk: made once, refused when it should be, rotated, escrowed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say where"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;

use jiff::SignedDuration;
use jiff::civil::date;
use kernel::clock::{Clock, FixedClock, SystemClock};
use kernel::explain::{Explain, Lang};
use store::entropy::OsEntropy;
use store::keys::{GRACE, KeyError, KeyFile, KeyState, Passphrase, escrow, restore};
use tempfile::TempDir;
use zeroize::Zeroizing;

fn scratch() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys/hutong.keys");
    (folder, path)
}

fn create(path: &std::path::Path) -> KeyFile {
    KeyFile::create(path, &SystemClock, &OsEntropy).unwrap()
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.to_owned())).unwrap()
}

#[test]
fn it_is_private_and_never_overwritten() {
    let (_folder, path) = scratch();
    let made = create(&path);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(
        fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777,
        0o711,
        "others pass through, and see nothing"
    );
    let before = fs::read(&path).unwrap();
    assert!(matches!(
        KeyFile::create(&path, &SystemClock, &OsEntropy),
        Err(KeyError::Exists(_))
    ));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(
        KeyFile::open(&path).unwrap().fingerprint(),
        made.fingerprint()
    );
    assert_eq!(
        fs::read_dir(path.parent().unwrap()).unwrap().count(),
        1,
        "no draft is left"
    );
}

#[test]
fn what_is_wrong_with_it_is_said_without_its_secrets() {
    let (_folder, path) = scratch();
    assert_eq!(KeyFile::open(&path).unwrap_err().code(), "keys.missing");
    create(&path);
    let text = fs::read_to_string(&path).unwrap();
    let secret = text
        .lines()
        .find_map(|line| line.strip_prefix("secret = \""))
        .unwrap()
        .trim_end_matches('"')
        .to_owned();

    for (spoil, fault) in [
        (text.replace("version = 1", "version = 2"), "keys.malformed"),
        (text.replace(&secret, &secret[..20]), "keys.malformed"),
        (text.replace("secret", "sekret"), "keys.malformed"),
        (text.replace("id = 1", "id = \"one\""), "keys.malformed"),
        (
            text.split_once("[[key]]").unwrap().0.to_owned(),
            "keys.malformed",
        ),
        (
            format!("{text}\n{}", text.split_once("\n\n").unwrap().1),
            "keys.malformed",
        ),
        (text[..text.len() / 2].to_owned(), "keys.malformed"),
        (String::new(), "keys.malformed"),
        ("\u{0}".repeat(500), "keys.malformed"),
    ] {
        fs::write(&path, &spoil).unwrap();
        let error = KeyFile::open(&path).unwrap_err();
        assert_eq!(error.code(), fault, "{spoil}");
        for said in [
            format!("{error:?}"),
            error.to_string(),
            error.explain(Lang::Zh),
            error.explain(Lang::En),
        ] {
            assert!(!said.contains(&secret[..12]), "{said}");
        }
    }

    fs::write(&path, &text).unwrap();
    for mode in [0o640, 0o604, 0o666] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert_eq!(KeyFile::open(&path).unwrap_err().code(), "keys.permissions");
    }
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let keys = KeyFile::open(&path).unwrap();
    assert!(!format!("{keys:?}").contains(&secret[..12]));
}

#[test]
fn the_keys_of_another_installation_are_foreign() {
    let (_here, path) = scratch();
    let (_there, other) = scratch();
    let (ours, theirs) = (create(&path), create(&other));
    assert!(ours.belongs_to(&ours.fingerprint()).is_ok());
    assert_eq!(
        theirs.belongs_to(&ours.fingerprint()).unwrap_err().code(),
        "keys.foreign"
    );

    // Somebody who edits the installation's id into a foreign file gains nothing.
    let text = fs::read_to_string(&other).unwrap();
    fs::write(
        &other,
        text.replace(
            &theirs.installation().to_string(),
            &ours.installation().to_string(),
        ),
    )
    .unwrap();
    assert!(
        KeyFile::open(&other)
            .unwrap()
            .belongs_to(&ours.fingerprint())
            .is_err()
    );
}

#[test]
fn rotating_adds_a_key_and_keeps_the_old_until_it_may_go() {
    let (_folder, path) = scratch();
    let clock = FixedClock::on(date(2026, 11, 23));
    let made = KeyFile::create(&path, &clock, &OsEntropy).unwrap();
    let rotated = KeyFile::rotate(&path, &clock, &OsEntropy).unwrap();
    assert_eq!(rotated.fingerprint(), made.fingerprint());
    let states: Vec<_> = rotated
        .keys()
        .iter()
        .map(|key| (key.id(), key.state()))
        .collect();
    assert_eq!(
        states,
        [
            (1, KeyState::Retired { since: clock.now() }),
            (2, KeyState::Active)
        ]
    );
    assert_eq!(KeyFile::open(&path).unwrap().keys().len(), 2);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);

    assert_eq!(
        KeyFile::drop_retired(&path, &clock, &[]).unwrap(),
        [0_u32; 0],
        "somebody may still seal with it"
    );
    let later = FixedClock::on(date(2026, 11, 25));
    assert!(later.now().duration_since(clock.now()) > GRACE + SignedDuration::from_hours(1));
    assert_eq!(
        KeyFile::drop_retired(&path, &later, &[1, 2]).unwrap(),
        [0_u32; 0],
        "something is still sealed by it"
    );
    assert_eq!(KeyFile::drop_retired(&path, &later, &[2]).unwrap(), [1]);
    let third = KeyFile::rotate(&path, &later, &OsEntropy).unwrap();
    assert_eq!(
        third.keys().iter().map(|key| key.id()).collect::<Vec<_>>(),
        [2, 3],
        "a number is not used twice"
    );
}

#[test]
fn an_escrow_opens_with_its_passphrase_and_nothing_else() {
    let (folder, path) = scratch();
    let keys = create(&path);
    KeyFile::rotate(&path, &SystemClock, &OsEntropy).unwrap();
    let keys_text = fs::read_to_string(&path).unwrap();
    let rotated = KeyFile::open(&path).unwrap();
    let copy = folder.path().join("escrow.txt");
    escrow(
        &rotated,
        &copy,
        &passphrase("翻身上马保护儿童一二三四\n"),
        &OsEntropy,
    )
    .unwrap();
    assert_eq!(fs::metadata(&copy).unwrap().mode() & 0o777, 0o600);
    let written = fs::read_to_string(&copy).unwrap();
    let secret = keys_text
        .lines()
        .find_map(|line| line.strip_prefix("secret = \""))
        .unwrap();
    assert!(!written.contains(&secret[..12]));
    assert!(matches!(
        escrow(
            &rotated,
            &copy,
            &passphrase("another passphrase"),
            &OsEntropy
        ),
        Err(KeyError::Exists(_))
    ));

    let back = folder.path().join("restored/hutong.keys");
    let wrong = restore(&copy, &back, &passphrase("翻身上马保护儿童一二三五")).unwrap_err();
    assert_eq!(wrong.code(), "keys.passphrase");
    assert!(!back.exists());
    let restored = restore(&copy, &back, &passphrase("翻身上马保护儿童一二三四")).unwrap();
    assert_eq!(restored.fingerprint(), keys.fingerprint());
    assert_eq!(fs::read_to_string(&back).unwrap(), keys_text);
    let again = restore(&copy, &back, &passphrase("翻身上马保护儿童一二三四"));
    assert!(
        matches!(again, Err(KeyError::Exists(_))),
        "an existing key file is never overwritten"
    );
}

#[test]
fn a_damaged_escrow_is_told_from_a_wrong_passphrase() {
    let (folder, path) = scratch();
    let copy = folder.path().join("escrow.txt");
    escrow(
        &create(&path),
        &copy,
        &passphrase("a long passphrase"),
        &OsEntropy,
    )
    .unwrap();
    let written = fs::read_to_string(&copy).unwrap();
    let damaged = folder.path().join("damaged.txt");
    let at = written.len() - 30;
    let other = if &written[at..=at] == "A" { "B" } else { "A" };
    for spoil in [
        format!("{}{other}{}", &written[..at], &written[at + 1..]),
        written[..200].to_owned(),
        String::new(),
        "\u{1}".into(),
    ] {
        fs::write(&damaged, spoil).unwrap();
        let error = restore(
            &damaged,
            &folder.path().join("x"),
            &passphrase("a long passphrase"),
        )
        .unwrap_err();
        assert_eq!(error.code(), "keys.escrow");
    }
    assert_eq!(
        Passphrase::new(Zeroizing::new("十一个字的口令还差一\n".into()))
            .unwrap_err()
            .code(),
        "keys.passphrase_short"
    );
}
