//! `hutong backup`: one consistent picture of everything, sealed into a file; made, tried, and the keys for it.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use kernel::clock::SystemClock;
use kernel::explain::Lang;
use serde_json::json;
use store::backup::{
    Comparison, Finding, Identity, OpenWith, Recipient, SealFor, Taken, Verified, take, verify,
};
use store::cluster::{Place, Startup};
use store::entropy::OsEntropy;
use store::installation::Maintenance;
use tempfile::TempDir;

use crate::outcome::{Fault, Outcome, Verdict};
use crate::output::say;
use crate::passphrase::{self, Asked};
use crate::progress::Bar;
use crate::runtime;

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Option<Deed>,
    /// Where the backup goes: a new file, or a folder, where it is named after its moment.
    #[arg(long, value_name = "FILE|DIR", required = true)]
    to: Option<PathBuf>,
    /// Seal it with the passphrase in this file (otherwise it is asked for).
    #[arg(long, value_name = "FILE", conflicts_with = "recipient")]
    passphrase_file: Option<PathBuf>,
    /// Seal it for this public key, or the one in this file; its secret half alone opens it.
    #[arg(long, value_name = "KEY|FILE")]
    recipient: Option<String>,
    /// Data folder (default: the installation's usual folder).
    #[arg(long)]
    data: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Make a key pair for backups: the secret half to a file to be kept elsewhere, the public half on the screen.
    Key {
        /// The new file.
        #[arg(long)]
        out: PathBuf,
    },
    /// Restore a backup into a scratch cluster and compare it with its manifest, table by table.
    Verify {
        /// The backup.
        file: PathBuf,
        #[command(flatten)]
        opening: Opening,
        /// Folder with room for the scratch cluster (default: the system's temporary folder).
        #[arg(long, value_name = "DIR")]
        scratch: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What opens a backup.
#[derive(Debug, clap::Args)]
pub(super) struct Opening {
    /// File with its passphrase (otherwise it is asked for).
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    passphrase_file: Option<PathBuf>,
    /// File with the secret key that it was made for.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

impl Opening {
    /// Reads the key, or the passphrase.
    pub(super) fn read(&self, lang: Lang) -> Result<OpenWith, Fault> {
        Ok(match &self.identity {
            Some(file) => OpenWith::Identity(Identity::read(file)?),
            None => OpenWith::Passphrase(passphrase::of(
                self.passphrase_file.as_deref(),
                Asked::Known,
                lang,
            )?),
        })
    }
}

/// Does what was asked with backups.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    match &args.deed {
        None => make(args, lang),
        Some(Deed::Key { out }) => make_key(out, lang),
        Some(Deed::Verify {
            file,
            opening,
            scratch,
            json,
        }) => try_out(file, opening, scratch.as_deref(), *json, lang),
    }
}

fn make(args: &Args, lang: Lang) -> Verdict {
    let seal_for = match &args.recipient {
        Some(text) if Path::new(text).is_file() => {
            SealFor::Recipient(Recipient::read(Path::new(text))?)
        }
        Some(text) => SealFor::Recipient(Recipient::parse(text)?),
        None => SealFor::Passphrase(passphrase::of(
            args.passphrase_file.as_deref(),
            Asked::New,
            lang,
        )?),
    };
    let place = Place::find(args.data.as_deref())?;
    let to = args.to.as_deref().unwrap_or(Path::new("."));
    let bar = Bar::counting(match lang {
        Lang::Zh => "备份",
        Lang::En => "backing up",
    });
    let taken = runtime::block_on(runtime::unless_told_to_stop(async {
        // A folder that a demonstration made belongs to the account it borrowed.
        let opened = Maintenance::open(&place, Startup { allow_nobody: true }).await?;
        let taken = take(
            &opened.owner,
            to,
            seal_for,
            &SystemClock,
            &OsEntropy,
            |rows| {
                bar.at(rows);
            },
        )
        .await;
        opened.close().await;
        Ok(taken?)
    }));
    bar.finish();
    tell_taken(&taken?, args.json, lang)?;
    Ok(Outcome::Done)
}

fn tell_taken(taken: &Taken, as_json: bool, lang: Lang) -> Result<(), Fault> {
    let rows: u64 = taken.manifest.tables.iter().map(|table| table.rows).sum();
    let (path, bytes) = (taken.path.display(), taken.bytes);
    if as_json {
        say(&format!(
            "{}",
            json!({
                "file": path.to_string(), "bytes": bytes, "rows": rows, "made_at": taken.head.made_at,
                "schema": taken.head.schema, "epoch": taken.head.epoch,
                "journal": taken.manifest.journal.last, "digest": taken.manifest.journal.chain,
            })
        ))?;
        return Ok(());
    }
    let size = bytes.div_ceil(1024);
    match lang {
        Lang::Zh => say(&format!(
            "已备份 {rows} 行到 {path}（{size} KiB）。备份中没有密钥：请确认密钥已另行托管（hutong keys escrow）。"
        ))?,
        Lang::En => say(&format!(
            "{rows} rows are backed up to {path} ({size} KiB). The keys are not in it: make sure that they are in escrow (hutong keys escrow)."
        ))?,
    }
    Ok(())
}

fn make_key(out: &Path, lang: Lang) -> Verdict {
    let identity = Identity::make(&OsEntropy);
    identity.write_new(out)?;
    say(&identity.recipient().to_string())?;
    match lang {
        Lang::Zh => eprintln!(
            "私钥已写入 {}，请移到别处离线保管；上面是公钥，用于 --recipient。",
            out.display()
        ),
        Lang::En => eprintln!(
            "The secret key is in {}: move it away from this machine. Above is the public key, for --recipient.",
            out.display()
        ),
    }
    Ok(Outcome::Done)
}

fn try_out(
    file: &Path,
    opening: &Opening,
    scratch: Option<&Path>,
    as_json: bool,
    lang: Lang,
) -> Verdict {
    let with = opening.read(lang)?;
    let folder = scratch_folder(scratch)?;
    let bar = Bar::counting(match lang {
        Lang::Zh => "核对备份",
        Lang::En => "trying the backup",
    });
    let verified = runtime::block_on(runtime::unless_told_to_stop(async {
        let startup = Startup { allow_nobody: true };
        Ok(verify(file, with, folder.path(), startup, |rows| bar.at(rows)).await?)
    }));
    bar.finish();
    let verified = verified?;
    tell_verified(&verified, as_json, lang)?;
    Ok(if verified.comparison.findings.is_empty() {
        Outcome::Done
    } else {
        Outcome::Findings
    })
}

/// A folder of its own that the account of PostgreSQL may pass; removed with all that is in it.
fn scratch_folder(within: Option<&Path>) -> Result<TempDir, Fault> {
    let within = within.map_or_else(std::env::temp_dir, Path::to_path_buf);
    let make = || -> io::Result<TempDir> {
        let folder = tempfile::Builder::new()
            .prefix("hutong-verify-")
            .tempdir_in(&within)?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
        Ok(folder)
    };
    make().map_err(|cause| {
        runtime::Unwritable {
            path: within.clone(),
            cause,
        }
        .into()
    })
}

fn tell_verified(verified: &Verified, as_json: bool, lang: Lang) -> Result<(), Fault> {
    let Verified { head, comparison } = verified;
    if as_json {
        let tables: Vec<_> = comparison
            .tables
            .iter()
            .map(|(name, expected, found)| {
                json!({ "table": name, "expected": expected, "found": found, "findings": said(comparison, name, lang) })
            })
            .collect();
        say(&format!(
            "{}",
            json!({ "made_at": head.made_at, "schema": head.schema, "epoch": head.epoch, "findings": comparison.findings.len(), "tables": tables })
        ))?;
        return Ok(());
    }
    for (name, expected, found) in &comparison.tables {
        let found = found.map_or_else(|| "—".to_owned(), |rows| rows.to_string());
        let findings = said(comparison, name, lang);
        let verdict = match (findings.is_empty(), lang) {
            (true, Lang::Zh) => "一致".to_owned(),
            (true, Lang::En) => "equal".to_owned(),
            (false, _) => findings.join(", "),
        };
        say(&format!("{name:<36} {expected:>10} {found:>10}  {verdict}"))?;
    }
    for finding in &comparison.findings {
        let listed = comparison
            .tables
            .iter()
            .any(|(name, ..)| name == finding.subject());
        if !listed {
            say(&format!("{}  {}", finding.subject(), word(finding, lang)))?;
        }
    }
    let (count, made) = (comparison.findings.len(), head.made_at);
    match (count, lang) {
        (0, Lang::Zh) => say(&format!("备份（{made}）完好，与清单一致。"))?,
        (0, Lang::En) => say(&format!(
            "The backup of {made} is sound and equal to its manifest."
        ))?,
        (_, Lang::Zh) => say(&format!(
            "备份（{made}）有 {count} 处与清单不符，不可依靠，请尽快另做一份。"
        ))?,
        (_, Lang::En) => say(&format!(
            "The backup of {made} differs from its manifest in {count} places: do not rely on it, make another."
        ))?,
    }
    Ok(())
}

/// What was found about a table.
fn said(comparison: &Comparison, name: &str, lang: Lang) -> Vec<String> {
    let about = comparison.findings.iter().filter(|f| f.subject() == name);
    about.map(|finding| word(finding, lang)).collect()
}

fn word(finding: &Finding, lang: Lang) -> String {
    match (finding, lang) {
        (Finding::Table(_), Lang::Zh) => "只有一方有此表".into(),
        (Finding::Table(_), Lang::En) => "only one of the two has this table".into(),
        (Finding::Rows(_), Lang::Zh) => "行数不符".into(),
        (Finding::Rows(_), Lang::En) => "other number of rows".into(),
        (Finding::Content(_), Lang::Zh) => "内容不符".into(),
        (Finding::Content(_), Lang::En) => "other content".into(),
        (Finding::Sum(_, column), Lang::Zh) => format!("{column} 合计不符"),
        (Finding::Sum(_, column), Lang::En) => format!("other sum of {column}"),
        (Finding::Sequence(_), Lang::Zh) => "编号位置不符".into(),
        (Finding::Sequence(_), Lang::En) => "the sequence stands elsewhere".into(),
        (Finding::Journal, Lang::Zh) => "日志链不符".into(),
        (Finding::Journal, Lang::En) => "other chain of the journal".into(),
    }
}
