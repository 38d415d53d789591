//! `hutong restore`: a backup into an empty place, compared before it is put to use.

use std::path::PathBuf;

use kernel::clock::SystemClock;
use kernel::explain::Lang;
use serde_json::json;
use store::backup::{Restored, Source, restore};
use store::cluster::{Place, Startup};
use store::entropy::OsEntropy;
use store::installation::Kind;

use super::backup::Opening;
use super::demo;
use crate::outcome::{Fault, Outcome, Verdict};
use crate::output::say;
use crate::progress::Bar;
use crate::runtime;

/// Arguments of `restore`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The backup.
    file: PathBuf,
    /// Data folder, in which there is no installation yet (default: the installation's usual folder).
    #[arg(long)]
    data: Option<PathBuf>,
    /// The installation's key file, which is put into the data folder (default: the one that lies there, as after
    /// `hutong keys restore`).
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    opening: Opening,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Restores the backup and says which epoch began.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    let place = Place::find(args.data.as_deref())?;
    let with = args.opening.read(lang)?;
    let bar = Bar::counting(match lang {
        Lang::Zh => "恢复",
        Lang::En => "restoring",
    });
    let restored = runtime::block_on(runtime::unless_told_to_stop(async {
        let source = Source {
            file: &args.file,
            with,
            keys: args.keys.as_deref(),
        };
        // Where the set-up made no account of its own a demonstration's is borrowed, as by every other verb.
        let startup = Startup { allow_nobody: true };
        let step = |rows| bar.at(rows);
        Ok(restore(&place, startup, source, &SystemClock, &OsEntropy, step).await?)
    }));
    bar.finish();
    let restored = restored?;
    if restored.kind == Kind::Demo {
        demo::note_restored(&place)?;
    }
    tell(&restored, args.json, lang)?;
    Ok(Outcome::Done)
}

fn tell(restored: &Restored, as_json: bool, lang: Lang) -> Result<(), Fault> {
    let rows: u64 = restored
        .comparison
        .tables
        .iter()
        .map(|(_, rows, _)| rows)
        .sum();
    let (epoch, made) = (restored.epoch, restored.head.made_at);
    if as_json {
        say(&format!(
            "{}",
            json!({ "rows": rows, "made_at": made, "epoch": epoch.number, "epoch_id": epoch.id.to_string() })
        ))?;
        return Ok(());
    }
    match lang {
        Lang::Zh => say(&format!(
            "已恢复 {rows} 行，与备份（{made}）的清单逐表核对一致。现为第 {} 纪元：所有人须重新登录，手机须重新同步；备份之后的操作须补录。",
            epoch.number
        ))?,
        Lang::En => say(&format!(
            "{rows} rows are restored and equal, table by table, to the manifest of the backup of {made}. Epoch {} begins: everybody signs in again, phones synchronise anew, and what was done after the backup has to be entered again.",
            epoch.number
        ))?,
    }
    Ok(())
}
