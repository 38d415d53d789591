//! Sealing: every change to a ciphertext or its place is noticed, and rotation is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say where"
)]

use std::sync::Arc;
use std::time::Instant;

use kernel::clock::{SeededEntropy, SystemClock};
use proptest::prelude::*;
use store::entropy::OsEntropy;
use store::keys::KeyFile;
use store::seal::{SealError, SealedAt, Sealer};
use uuid::Uuid;

const CELL: SealedAt = SealedAt {
    table: "registry_person",
    column: "resident_id",
    row: Uuid::from_u128(7),
};

fn keys(seed: u64) -> KeyFile {
    let folder = tempfile::tempdir().unwrap();
    KeyFile::create(
        &folder.path().join("k"),
        &SystemClock,
        &SeededEntropy::new(seed),
    )
    .unwrap()
}

fn sealer(seed: u64) -> Sealer {
    Sealer::new(&keys(seed), Arc::new(OsEntropy))
}

proptest! {
    #[test]
    fn what_is_sealed_opens_in_its_place(plain in proptest::collection::vec(any::<u8>(), 0..200), row in any::<u128>()) {
        let sealer = sealer(1);
        let at = SealedAt { row: Uuid::from_u128(row), ..CELL };
        let sealed = sealer.seal(at, &plain);
        prop_assert_eq!(sealed.len(), plain.len() + 33);
        prop_assert_eq!(&sealed[..5], &[1, 0, 0, 0, 1]);
        prop_assert!(!sealer.needs_reseal(&sealed));
        let opened = sealer.open(at, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plain.as_slice());
        prop_assert_ne!(sealer.seal(at, &plain), sealed, "no two are alike");
    }

    #[test]
    fn every_changed_bit_is_noticed(plain in proptest::collection::vec(any::<u8>(), 0..40), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let sealer = sealer(1);
        let mut sealed = sealer.seal(CELL, &plain);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        let error = sealer.open(CELL, &sealed).unwrap_err();
        match at {
            0 => prop_assert_eq!(error, SealError::Malformed),
            1..=4 => prop_assert!(matches!(error, SealError::UnknownKey(_))),
            _ => prop_assert_eq!(error, SealError::Tampered),
        }
    }

    #[test]
    fn every_cut_and_every_addition_is_noticed(plain in proptest::collection::vec(any::<u8>(), 0..40), keep in any::<prop::sample::Index>()) {
        let sealer = sealer(1);
        let mut sealed = sealer.seal(CELL, &plain);
        prop_assert!(sealer.open(CELL, &sealed[..keep.index(sealed.len())]).is_err());
        sealed.push(0);
        prop_assert!(sealer.open(CELL, &sealed).is_err());
    }

    #[test]
    fn anything_at_all_may_be_tried(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(sealer(1).open(CELL, &bytes).is_err());
    }
}

#[test]
fn a_value_opens_in_no_other_cell_and_with_no_other_keys() {
    let sealer = sealer(1);
    let sealed = sealer.seal(CELL, b"37040320120304001X");
    for elsewhere in [
        SealedAt {
            table: "registry_guardian",
            ..CELL
        },
        SealedAt {
            column: "phone",
            ..CELL
        },
        SealedAt {
            row: Uuid::from_u128(8),
            ..CELL
        },
        SealedAt {
            table: "registry_person\0resident_id",
            column: "",
            ..CELL
        },
    ] {
        assert_eq!(
            sealer.open(elsewhere, &sealed).unwrap_err(),
            SealError::Tampered,
            "{elsewhere:?}"
        );
    }
    assert_eq!(
        self::sealer(2).open(CELL, &sealed).unwrap_err(),
        SealError::Tampered
    );
}

#[test]
fn blind_indexes_agree_within_a_purpose_and_only_there() {
    let (ours, theirs) = (sealer(1), sealer(2));
    let index = ours.blind_index("phone", "13800000000");
    assert_eq!(index, ours.blind_index("phone", "13800000000"));
    assert_eq!(index, ours.blind_index_bytes("phone", b"13800000000"));
    assert_ne!(index, ours.blind_index("phone", "13800000001"));
    assert_ne!(index, ours.blind_index("kin.resident_id", "13800000000"));
    assert_ne!(index, theirs.blind_index("phone", "13800000000"));
    assert_ne!(ours.blind_index("a", "bc"), ours.blind_index("ab", "c"));
}

#[test]
fn a_rotation_by_another_process_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hutong.keys");
    KeyFile::create(&path, &SystemClock, &OsEntropy).unwrap();
    let running = Sealer::open_file(&path, Arc::new(OsEntropy)).unwrap();
    let old = running.seal(CELL, b"one");
    let index = running.blind_index("phone", "1");

    KeyFile::rotate(&path, &SystemClock, &OsEntropy).unwrap();
    let other = Sealer::open_file(&path, Arc::new(OsEntropy)).unwrap();
    let new = other.seal(CELL, b"two");
    assert!(other.needs_reseal(&old));
    assert_eq!(other.open(CELL, &old).unwrap().as_slice(), b"one");
    assert_eq!(
        other.blind_index("phone", "1"),
        index,
        "blind indexes outlive a rotation"
    );

    assert_eq!(
        running.open(CELL, &new).unwrap().as_slice(),
        b"two",
        "an unknown key makes it read the file again"
    );
    assert!(running.needs_reseal(&old));
    assert!(!running.needs_reseal(&running.seal(CELL, b"three")));

    // A file of another installation in its place is not taken up.
    std::fs::remove_file(&path).unwrap();
    KeyFile::create(&path, &SystemClock, &OsEntropy).unwrap();
    let mut foreign = new.clone();
    foreign[4] = 9;
    assert_eq!(
        running.open(CELL, &foreign).unwrap_err(),
        SealError::UnknownKey(9)
    );
    assert_eq!(running.open(CELL, &new).unwrap().as_slice(), b"two");
}

#[test]
fn sealing_is_quick() {
    let sealer = sealer(1);
    let count: u32 = if cfg!(debug_assertions) {
        20_000
    } else {
        1_000_000
    };
    let began = Instant::now();
    for row in 0..count {
        let at = SealedAt {
            row: Uuid::from_u128(row.into()),
            ..CELL
        };
        std::hint::black_box(sealer.seal(at, b"37040320120304001X"));
    }
    println!("{count} seals: {:?}", began.elapsed());
    let began = Instant::now();
    for _ in 0..count {
        std::hint::black_box(sealer.blind_index("child.resident_id", "37040320120304001X"));
    }
    println!("{count} blind indexes: {:?}", began.elapsed());
}

mod anew;
