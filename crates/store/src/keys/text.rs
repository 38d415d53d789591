//! The key file's text: TOML, commented in both languages for whoever finds it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::file::{KeyFile, KeyState, MasterKey};
use super::secret::Secret;

/// The version of the text this program writes and reads.
const VERSION: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    installation: Uuid,
    index: Secret,
    key: Vec<WrittenKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    id: u32,
    created: Date,
    retired: Option<Timestamp>,
    secret: Secret,
}

/// Writes the key file.
pub(super) fn write(keys: &KeyFile) -> Zeroizing<String> {
    let mut text = String::with_capacity(4096);
    text.push_str("# 护童密钥文件：没有它，加密的资料无法读取。不得外传，不得放入数据备份。\n");
    text.push_str("# The keys of Hutong: without them what is sealed cannot be read. Keep secret, and out of every backup.\n");
    text.push_str(&format!(
        "version = {VERSION}\ninstallation = \"{}\"\nindex = \"",
        keys.installation()
    ));
    text.push_str(&keys.index().encoded());
    text.push_str("\"\n");
    for key in keys.keys() {
        text.push_str(&format!(
            "\n[[key]]\nid = {}\ncreated = \"{}\"\n",
            key.id(),
            key.created()
        ));
        if let KeyState::Retired { since } = key.state() {
            text.push_str(&format!("retired = \"{since}\"\n"));
        }
        text.push_str("secret = \"");
        text.push_str(&key.secret().encoded());
        text.push_str("\"\n");
    }
    Zeroizing::new(text)
}

/// Reads a key file, or answers the line of the first fault. TOML's own message would quote the line, secret and all.
pub(super) fn read(text: &str) -> Result<KeyFile, usize> {
    let written: Written = toml::from_str(text)
        .map_err(|error| error.span().map_or(1, |span| line(text, span.start)))?;
    let last = text.lines().count().max(1);
    if written.version != VERSION {
        return Err(last.min(3));
    }
    let mut ids = BTreeSet::new();
    let keys: Vec<MasterKey> = written
        .key
        .into_iter()
        .map(|key| {
            let state = key
                .retired
                .map_or(KeyState::Active, |since| KeyState::Retired { since });
            MasterKey::new(key.id, key.created, state, key.secret)
        })
        .collect();
    let sound = keys.iter().all(|key| ids.insert(key.id()))
        && keys
            .iter()
            .filter(|key| key.state() == KeyState::Active)
            .count()
            == 1;
    if sound {
        Ok(KeyFile::from_parts(
            written.installation,
            written.index,
            keys,
        ))
    } else {
        Err(last)
    }
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
