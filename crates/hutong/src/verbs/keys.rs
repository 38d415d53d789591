//! `hutong keys`: show, rotate, escrow and restore the key file. Key material is never shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::clock::SystemClock;
use kernel::explain::Lang;
use serde_json::json;
use store::cluster::{Place, Startup};
use store::entropy::OsEntropy;
use store::keys::{KeyFile, KeyState, MasterKey, escrow, restore};
use store::seal::{Progress, Rotated, Rotation, rotate};

use crate::outcome::{Fault, Outcome, Verdict};
use crate::output::say;
use crate::passphrase::{self, Asked};
use crate::progress::Bar;
use crate::runtime;

/// Arguments of `keys`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// List the keys: numbers, days and states, never the keys themselves.
    Show {
        /// Data folder (default: the installation's usual folder).
        #[arg(long)]
        data: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a copy of the keys that a passphrase opens (asked for, or in HUTONG_PASSPHRASE).
    Escrow {
        /// The file to write; an existing one is not overwritten.
        #[arg(long)]
        out: PathBuf,
        /// Data folder (default: the installation's usual folder).
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Put the keys of an escrow back where none are.
    Restore {
        /// The escrow.
        #[arg(long)]
        from: PathBuf,
        /// Data folder (default: the installation's usual folder).
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Make a new key and seal everything anew under it, while the program works on.
    Rotate {
        /// No new key: finish an interrupted rotation, then drop keys that seal nothing any more (a day after they were retired).
        #[arg(long)]
        drop_retired: bool,
        /// Data folder (default: the installation's usual folder).
        #[arg(long)]
        data: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Does what was asked with the keys.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    match &args.deed {
        Deed::Show { data, json } => show(data.as_deref(), *json, lang),
        Deed::Escrow { out, data } => put_away(data.as_deref(), out, lang),
        Deed::Restore { from, data } => bring_back(data.as_deref(), from, lang),
        Deed::Rotate {
            drop_retired,
            data,
            json,
        } => {
            let rotation = if *drop_retired {
                Rotation::DropRetired
            } else {
                Rotation::NewKey
            };
            turn(data.as_deref(), rotation, *json, lang)
        }
    }
}

fn show(data: Option<&Path>, as_json: bool, lang: Lang) -> Verdict {
    let keys = KeyFile::open(&Place::find(data)?.key_file())?;
    if as_json {
        let list: Vec<_> = keys.keys().iter().map(described).collect();
        say(&format!(
            "{}",
            json!({ "installation": keys.installation().to_string(), "keys": list })
        ))?;
        return Ok(Outcome::Done);
    }
    match lang {
        Lang::Zh => say(&format!("系统编号 {}", keys.installation()))?,
        Lang::En => say(&format!("installation {}", keys.installation()))?,
    }
    for key in keys.keys() {
        let (id, created) = (key.id(), key.created());
        match (key.state(), lang) {
            (KeyState::Active, Lang::Zh) => say(&format!("第 {id} 号  {created} 生成  使用中"))?,
            (KeyState::Active, Lang::En) => say(&format!("key {id}  made {created}  active"))?,
            (KeyState::Retired { since }, Lang::Zh) => {
                say(&format!(
                    "第 {id} 号  {created} 生成  {} 停用，仅用于读取",
                    kernel::clock::legal_day(since)
                ))?;
            }
            (KeyState::Retired { since }, Lang::En) => {
                say(&format!(
                    "key {id}  made {created}  retired {}, only opens",
                    kernel::clock::legal_day(since)
                ))?;
            }
        }
    }
    Ok(Outcome::Done)
}

fn described(key: &MasterKey) -> serde_json::Value {
    match key.state() {
        KeyState::Active => json!({ "id": key.id(), "created": key.created(), "state": "active" }),
        KeyState::Retired { since } => {
            json!({ "id": key.id(), "created": key.created(), "state": "retired", "retired": since })
        }
    }
}

fn put_away(data: Option<&Path>, out: &Path, lang: Lang) -> Verdict {
    let keys = KeyFile::open(&Place::find(data)?.key_file())?;
    let passphrase = passphrase::read(Asked::New, lang)?;
    escrow(&keys, out, &passphrase, &OsEntropy)?;
    match lang {
        Lang::Zh => say(&format!(
            "已写入 {}。请将其与口令分别保管，勿与数据备份放在一处；更换密钥后须重新托管。",
            out.display()
        ))?,
        Lang::En => say(&format!(
            "{} is written. Keep it apart from its passphrase and from the backups; make a new one after every rotation.",
            out.display()
        ))?,
    }
    Ok(Outcome::Done)
}

fn bring_back(data: Option<&Path>, from: &Path, lang: Lang) -> Verdict {
    let path = Place::find(data)?.key_file();
    let passphrase = passphrase::read(Asked::Known, lang)?;
    let keys = restore(from, &path, &passphrase)?;
    match lang {
        Lang::Zh => say(&format!(
            "已恢复 {} 个密钥到 {}。",
            keys.keys().len(),
            path.display()
        ))?,
        Lang::En => say(&format!(
            "{} key(s) restored to {}.",
            keys.keys().len(),
            path.display()
        ))?,
    }
    Ok(Outcome::Done)
}

fn turn(data: Option<&Path>, rotation: Rotation, as_json: bool, lang: Lang) -> Verdict {
    let place = Place::find(data)?;
    let word = match lang {
        Lang::Zh => "重新加密",
        Lang::En => "sealing anew",
    };
    let mut bar: Option<Bar> = None;
    // A folder that a demonstration made belongs to the account it borrowed.
    let startup = Startup { allow_nobody: true };
    let rotated = runtime::block_on(async {
        let step = |step: Progress| {
            bar.get_or_insert_with(|| Bar::new(step.total, word))
                .at(step.done)
        };
        Ok(rotate(
            &place,
            startup,
            rotation,
            &SystemClock,
            Arc::new(OsEntropy),
            step,
        )
        .await?)
    });
    if let Some(bar) = bar {
        bar.finish();
    }
    let rotated = rotated?;
    tell(&rotated, as_json, lang)?;
    let whole = rotated.resealed.unreadable == 0 && rotated.resealed.left == 0;
    Ok(if whole {
        Outcome::Done
    } else {
        Outcome::Findings
    })
}

fn tell(rotated: &Rotated, as_json: bool, lang: Lang) -> Result<(), Fault> {
    let Rotated {
        resealed,
        dropped,
        keys,
    } = rotated;
    let (done, left, unreadable) = (resealed.done, resealed.left, resealed.unreadable);
    if as_json {
        say(&format!(
            "{}",
            json!({ "resealed": done, "left": left, "unreadable": unreadable, "dropped": dropped, "keys": keys })
        ))?;
        return Ok(());
    }
    match lang {
        Lang::Zh => say(&format!(
            "重新加密 {done} 项；删除停用密钥 {} 个，现有密钥 {keys} 个。请重新做一份密钥托管。",
            dropped.len()
        ))?,
        Lang::En => say(&format!(
            "{done} values sealed anew; {} retired key(s) dropped, {keys} kept. Make a new escrow now.",
            dropped.len()
        ))?,
    }
    match lang {
        Lang::Zh if left > 0 => say(&format!(
            "另有 {left} 项当时正被修改，请稍后执行 hutong keys rotate --drop-retired 收尾。"
        ))?,
        Lang::En if left > 0 => say(&format!(
            "{left} were being changed meanwhile: finish with hutong keys rotate --drop-retired."
        ))?,
        Lang::Zh | Lang::En => {}
    }
    match lang {
        Lang::Zh if unreadable > 0 => say(&format!(
            "有 {unreadable} 项无法读取（位置见日志），未删除任何密钥。请对照备份核查。"
        ))?,
        Lang::En if unreadable > 0 => say(&format!(
            "{unreadable} do not open (the log names them), so no key was dropped. Compare them with a backup."
        ))?,
        Lang::Zh | Lang::En => {}
    }
    Ok(())
}
