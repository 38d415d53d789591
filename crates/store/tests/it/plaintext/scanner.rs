//! Looks for secrets in bytes, however they are written there.

use std::collections::BTreeSet;
use std::path::Path;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Knows a set of secrets in plain, UTF-16, hexadecimal and base64.
pub(super) struct Scanner {
    automaton: AhoCorasick,
    secrets: Vec<String>,
}

/// A secret that was found: which, and where.
pub(super) type Finding = (String, String);

impl Scanner {
    pub(super) fn of(secrets: &[String]) -> Self {
        let mut patterns = Vec::new();
        let mut of_pattern = Vec::new();
        for secret in secrets {
            for pattern in writings(secret) {
                patterns.push(pattern);
                of_pattern.push(secret.clone());
            }
        }
        let automaton = AhoCorasick::new(patterns).unwrap();
        Self {
            automaton,
            secrets: of_pattern,
        }
    }

    /// The secrets in these bytes.
    pub(super) fn scan(&self, place: &str, bytes: &[u8]) -> BTreeSet<Finding> {
        let found = self.automaton.find_overlapping_iter(bytes);
        found
            .map(|hit| {
                (
                    self.secrets[hit.pattern().as_usize()].clone(),
                    place.to_owned(),
                )
            })
            .collect()
    }

    /// The secrets in all files of a folder, each with its path.
    pub(super) fn scan_folder(&self, folder: &Path) -> BTreeSet<Finding> {
        let mut found = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(self.scan_folder(&path));
            } else if path.is_file() {
                // PostgreSQL may remove a file between the listing and this.
                let bytes = std::fs::read(&path).unwrap_or_default();
                found.extend(self.scan(&path.display().to_string(), &bytes));
            }
        }
        found
    }
}

/// How a secret may stand in a file.
fn writings(secret: &str) -> Vec<Vec<u8>> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut writings = vec![
        secret.as_bytes().to_vec(),
        secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        secret.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    writings.extend((0..3).map(|before| within_base64(secret, before)));
    writings
}

/// The characters that base64 of a longer text has for the secret when it begins `before` bytes after a group of three.
fn within_base64(secret: &str, before: usize) -> Vec<u8> {
    let mut text = vec![0; before];
    text.extend_from_slice(secret.as_bytes());
    let encoded = STANDARD_NO_PAD.encode(&text);
    let begins = (before * 8).div_ceil(6);
    let ends = text.len() * 8 / 6;
    encoded.as_bytes()[begins..ends].to_vec()
}

#[test]
fn a_secret_is_found_however_it_is_written() {
    let secret = "13811110001".to_owned();
    let scanner = Scanner::of(std::slice::from_ref(&secret));
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02X}")).collect() };
    for before in ["", "x", "xy", "电话"] {
        let text = format!("{before}{secret}后");
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let base64 = STANDARD_NO_PAD.encode(&text);
        for bytes in [
            text.as_bytes(),
            &utf16,
            hex(text.as_bytes()).as_bytes(),
            base64.as_bytes(),
        ] {
            assert_eq!(
                scanner.scan("here", bytes),
                [(secret.clone(), "here".to_owned())].into()
            );
        }
    }
    assert!(
        scanner
            .scan("here", b"13811110002 and 1381111 0001")
            .is_empty()
    );
}
