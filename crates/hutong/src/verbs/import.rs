//! `hutong import`: takes ledgers into the registry, one transaction a file.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::registry::{ImportRequest, Imported, import};
use jiff::civil::Date;
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use kernel::roles::Role;
use ledger::check::{AgeLimits, Rules};
use ledger::read::contents;
use ledger::values::Places;
use ledger::{LedgerError, Limits};
use policy::Rulebook;
use store::cluster::{Place, Startup};
use store::installation::{Opened, Wanted};
use store::organisation::{Founder, operator};
use store::session::{self, SessionToken};

use crate::lines::StreamFault;
use crate::outcome::{Fault, Outcome, Verdict};
use crate::progress::Bar;
use crate::runtime::{self, Unwritable};
use crate::verbs::check::Reading;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ledgers to import (xlsx, xls, csv), each wholly or not at all.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Division the ledgers are of, e.g. 370481.
    #[arg(long)]
    place: String,
    /// Day the ledgers state, e.g. 2021-10-31.
    #[arg(long, value_name = "DATE")]
    as_of: Date,
    /// Say what an import would do, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
    /// Data folder of the installation; an empty one becomes a new office.
    #[arg(long)]
    data: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

/// Imports the files in the order given; the first that fails ends the run, those before it stay imported.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    let place = Division::parse(&args.place).map_err(|_| LedgerError::UnknownPlace {
        place: args.place.clone(),
    })?;
    let rules = Arc::new(Rules {
        places: Places::new(Gazetteer::builtin(), place)?,
        synonyms: args.reading.synonyms()?,
        ages: AgeLimits::in_force(Rulebook::builtin(), args.as_of)?,
        as_of: args.as_of,
    });
    // What cannot be read is told before a database is touched.
    let limits = args.reading.limits();
    let requests = args
        .files
        .iter()
        .map(|path| request(path, args, place))
        .collect::<Result<Vec<_>, _>>()?;
    runtime::block_on(async {
        let installation = Place::find(args.data.as_deref())?;
        let startup = Startup {
            allow_nobody: args.data.is_some(),
        };
        let opened = Opened::open(&installation, startup, Wanted::AnyOrNewOffice).await?;
        if opened.is_new {
            tell_new(&installation, lang);
        }
        let import = Import {
            opened: &opened,
            args,
            rules: &rules,
            limits,
            lang,
        };
        let done = import.all(&requests).await;
        opened.close().await;
        done
    })
}

fn tell_new(installation: &Place, lang: Lang) {
    let (data, key) = (installation.data().display(), installation.key_file());
    let key = key.display();
    match lang {
        Lang::Zh => eprintln!(
            "已在 {data} 新建数据库，密钥文件为 {key}。请尽快托管密钥：hutong keys escrow。"
        ),
        Lang::En => eprintln!(
            "A new database was made in {data}; its key file is {key}. Put the keys in escrow soon: hutong keys escrow."
        ),
    }
}

fn request(path: &Path, args: &Args, place: Division) -> Result<ImportRequest, LedgerError> {
    let content = contents(path, &args.reading.limits())?;
    Ok(ImportRequest {
        file_name: path.display().to_string(),
        content,
        place,
        as_of: args.as_of,
    })
}

/// An import under way.
struct Import<'a> {
    opened: &'a Opened,
    args: &'a Args,
    rules: &'a Arc<Rules>,
    limits: Limits,
    lang: Lang,
}

impl Import<'_> {
    async fn all(&self, requests: &[ImportRequest]) -> Verdict {
        let mut done = Vec::new();
        for (request, path) in requests.iter().zip(&self.args.files) {
            let imported = self.one(request, path).await?;
            if !self.args.json {
                self.print(&imported)?;
            }
            done.push(imported);
        }
        if self.args.json {
            let report = serde_json::json!({ "dry_run": self.args.dry_run, "files": done });
            writeln!(std::io::stdout(), "{report}").map_err(StreamFault::Output)?;
        }
        let clean = done.iter().all(|imported| imported.left_out.is_empty());
        Ok(if clean {
            Outcome::Done
        } else {
            Outcome::Findings
        })
    }

    /// One file, one transaction. The workbook of rows left out lies beside the file before the import lasts.
    async fn one(&self, request: &ImportRequest, path: &Path) -> Result<Imported, Fault> {
        let token = sign_in(self.opened, request.place).await?;
        let mut work = self
            .opened
            .store
            .begin(&token, &format!("导入台账：{}", request.file_name))
            .await?;
        let word = if self.lang == Lang::Zh {
            "导入"
        } else {
            "importing"
        };
        let bar = Bar::counting(word);
        let mut imported = import(
            &mut work,
            self.rules,
            self.limits,
            request,
            self.lang,
            |rows| bar.at(rows),
        )
        .await?;
        bar.finish();
        if self.args.dry_run {
            return Ok(imported);
        }
        if let Some(workbook) = &imported.left_out_workbook {
            let marked = left_out_path(path);
            write_whole(&marked, workbook)?;
            imported.left_out_file = Some(marked);
        }
        work.commit().await?;
        Ok(imported)
    }

    fn print(&self, imported: &Imported) -> Result<(), Fault> {
        let text = match self.lang {
            Lang::Zh => in_chinese(imported, self.args.dry_run),
            Lang::En => in_english(imported, self.args.dry_run),
        };
        Ok(writeln!(std::io::stdout(), "{text}").map_err(StreamFault::Output)?)
    }
}

fn in_chinese(imported: &Imported, dry_run: bool) -> String {
    let Imported {
        file,
        rows,
        registered,
        changed,
        linked,
        unchanged,
        elsewhere,
        left_out,
        work_items,
        ..
    } = imported;
    let head = if dry_run {
        "试算（未导入）"
    } else {
        "已导入"
    };
    let mut text = format!(
        "{head} {file}：{rows} 行，新登记 {registered} 人，变更 {changed} 人，已在册 {} 人，待核实 {work_items} 项。",
        linked + unchanged
    );
    if *elsewhere > 0 {
        text.push_str(&format!(
            "\n  {elsewhere} 人已在其他地区建档，未重复登记，已列入待办。"
        ));
    }
    if !left_out.is_empty() {
        text.push_str(&format!(
            "\n  {} 行未登记（缺姓名、村居不明或身份证号属于他人）：第 {} 行。",
            left_out.len(),
            numbers(left_out)
        ));
    }
    if let Some(path) = &imported.left_out_file {
        text.push_str(&format!(
            "\n  未登记的行已标注在 {}，更正后再导入该文件即可。",
            path.display()
        ));
    }
    text
}

fn in_english(imported: &Imported, dry_run: bool) -> String {
    let Imported {
        file,
        rows,
        registered,
        changed,
        linked,
        unchanged,
        elsewhere,
        left_out,
        work_items,
        ..
    } = imported;
    let head = if dry_run { "Would import" } else { "Imported" };
    let mut text = format!(
        "{head} {file}: {rows} rows, {registered} children registered, {changed} changed, {} on file already, {work_items} items to clear.",
        linked + unchanged
    );
    if *elsewhere > 0 {
        text.push_str(&format!("\n  {elsewhere} children are on file elsewhere; not registered twice, listed as work items."));
    }
    if !left_out.is_empty() {
        text.push_str(&format!(
            "\n  {} rows left out (no name, unknown village, or another child's id): rows {}.",
            left_out.len(),
            numbers(left_out)
        ));
    }
    if let Some(path) = &imported.left_out_file {
        text.push_str(&format!(
            "\n  They are marked in {}: correct them there and import that file.",
            path.display()
        ));
    }
    text
}

fn numbers(rows: &[u32]) -> String {
    rows.iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Beside the ledger, under its own name with a word added.
fn left_out_path(ledger: &Path) -> PathBuf {
    let stem = ledger
        .file_stem()
        .map_or_else(|| "台账".into(), |stem| stem.to_string_lossy());
    ledger.with_file_name(format!("{stem}-未登记.xlsx"))
}

/// Writes a file as a whole or not at all, readable by its owner alone.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Unwritable> {
    let draft = path.with_extension("xlsx.part");
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&draft, path));
    written.map_err(|cause| Unwritable {
        path: path.to_path_buf(),
        cause,
    })
}

/// The person at the machine's own terminal acts as an officer of the place's unit, and stands so in the journal.
async fn sign_in(opened: &Opened, place: Division) -> Result<SessionToken, Fault> {
    let founder = Founder {
        owner: &opened.owner,
        entropy: opened.store.entropy(),
        now: opened.store.clock().now(),
    };
    let appointment = operator(&founder, place, Role::CountyOfficer).await?;
    Ok(session::open(&opened.owner, appointment, opened.store.entropy()).await?)
}
