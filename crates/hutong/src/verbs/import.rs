//! `hutong import`: takes ledgers into the registry, one transaction a file.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::registry::{ImportError, ImportRequest, Imported, import, tell_planner};
use jiff::civil::Date;
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use kernel::roles::Role;
use ledger::check::{Checker, Rules};
use ledger::read::{Workbook, contents};
use ledger::{LedgerError, Limits};
use store::cluster::{External, Place, Startup};
use store::error::StoreError;
use store::installation::{Opened, Wanted};
use store::organisation::{
    Entered, Founder, divisions_of, enter_divisions, has_operator, operator,
};
use store::session::{self, SessionToken};
use store::work::Work;

use crate::arguments::{DATE, date};
use crate::divisions::{DivisionsError, Further, unknown_parent};
use crate::left_out;
use crate::outcome::{Fault, Outcome, Verdict};
use crate::output::say;
use crate::progress::Bar;
use crate::runtime;
use crate::verbs::check::{NotChecked, Reading, division};

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
    #[arg(long, value_name = DATE, value_parser = date)]
    as_of: Date,
    /// Say what an import would do, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
    /// Data folder of the installation, which `hutong init` made.
    #[arg(long)]
    data: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    further: Further,
}

/// Imports the files in the order given; the first that fails ends the run, those before it stay imported.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    let place = division(&args.place)?;
    let further = args.further.read()?;
    let installation = Place::find(args.data.as_deref())?;
    // What cannot be read is told before a database is touched.
    let requests = args
        .files
        .iter()
        .map(|path| request(path, args, place))
        .collect::<Result<Vec<_>, _>>()?;
    if !stands(&installation)? {
        let known = args.further.with_builtin()?;
        let rules = args.reading.rules(&known, place, args.as_of)?;
        requests
            .iter()
            .try_for_each(|request| readable(request, &rules, args.reading.limits()))?;
        if args.dry_run {
            return rehearse_elsewhere(args, &requests, &further, lang);
        }
    }
    run_at(&installation, Wanted::Any, args, &requests, &further, lang)
}

/// Whether an installation is there already. A folder without a cluster has none.
fn stands(installation: &Place) -> Result<bool, Fault> {
    Ok(External::from_env()?.is_some() || installation.cluster().exists())
}

fn readable(request: &ImportRequest, rules: &Rules, limits: Limits) -> Result<(), NotChecked> {
    let read = || {
        let content = request.content.clone();
        let mut workbook = Workbook::from_bytes(&request.file_name, content, &limits)?;
        Checker::new(rules).check(&mut workbook, drop)
    };
    read().map(drop).map_err(NotChecked)
}

/// A dry run where nothing stands founds a passing office in a temporary folder.
fn rehearse_elsewhere(
    args: &Args,
    requests: &[ImportRequest],
    further: &Gazetteer,
    lang: Lang,
) -> Verdict {
    let folder = tempfile::Builder::new()
        .prefix("hutong-")
        .permissions(PermissionsExt::from_mode(0o711))
        .tempdir()
        .map_err(|cause| runtime::Unwritable {
            path: std::env::temp_dir(),
            cause,
        })?;
    let passing = Place::at(folder.path().join("data"))?;
    run_at(&passing, Wanted::NewOffice, args, requests, further, lang)
}

fn run_at(
    installation: &Place,
    wanted: Wanted,
    args: &Args,
    requests: &[ImportRequest],
    further: &Gazetteer,
    lang: Lang,
) -> Verdict {
    runtime::block_on(runtime::unless_told_to_stop(async {
        let startup = Startup {
            allow_nobody: args.data.is_some() || args.dry_run,
        };
        let opened = Opened::open(installation, startup, wanted).await?;
        let done = take_in(&opened, args, requests, further, lang).await;
        opened.close().await;
        done.map_err(|fault| full_disk(fault, installation))
    }))
}

/// A server that broke off for want of space only closes the connection.
fn full_disk(fault: Fault, installation: &Place) -> Fault {
    match fault.code() {
        "store.database" if installation.is_nearly_full() => StoreError::DiskFull.into(),
        _ => fault,
    }
}

async fn take_in(
    opened: &Opened,
    args: &Args,
    requests: &[ImportRequest],
    further: &Gazetteer,
    lang: Lang,
) -> Verdict {
    let place = division(&args.place)?;
    let known = divisions_known(opened, place, further).await?;
    if !args.dry_run
        && let Entered::UnknownParent(parent) = enter_divisions(&opened.owner, further).await?
    {
        return Err(DivisionsError::Parent(parent).into());
    }
    let import = Import {
        opened,
        args,
        place,
        further,
        rules: &Arc::new(args.reading.rules(&known, place, args.as_of)?),
        limits: args.reading.limits(),
        lang,
    };
    import.all(requests).await
}

/// The divisions built in, those entered in this installation, and those of the file.
async fn divisions_known(
    opened: &Opened,
    place: Division,
    further: &Gazetteer,
) -> Result<Gazetteer, Fault> {
    let mut known = Gazetteer::builtin().clone();
    known.extend(divisions_of(&opened.owner, place).await?);
    known.extend(further.clone());
    match unknown_parent(&known, further) {
        Some(parent) => Err(DivisionsError::Parent(parent).into()),
        None => Ok(known),
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
    place: Division,
    further: &'a Gazetteer,
    rules: &'a Arc<Rules>,
    limits: Limits,
    lang: Lang,
}

impl Import<'_> {
    async fn all(&self, requests: &[ImportRequest]) -> Verdict {
        let mut done = Vec::new();
        let ended = match self.args.dry_run {
            true => self.rehearse(requests, &mut done).await,
            false => self.import(requests, &mut done).await,
        };
        // Files before one that failed are in, and are told of.
        if self.args.json && !(done.is_empty() && ended.is_err()) {
            let report = serde_json::json!({ "dry_run": self.args.dry_run, "files": done });
            say(&report.to_string())?;
        }
        ended?;
        let clean = done.iter().all(|imported| imported.left_out.is_empty());
        Ok(if clean {
            Outcome::Done
        } else {
            Outcome::Findings
        })
    }

    /// One file, one transaction.
    async fn import(
        &self,
        requests: &[ImportRequest],
        done: &mut Vec<Imported>,
    ) -> Result<(), Fault> {
        // Where an officer has yet to be made for the place, a file that cannot be taken in makes none.
        let role = Role::CountyOfficer;
        if !has_operator(&founder(self.opened), self.place, role).await? {
            let mut all = requests.iter();
            all.try_for_each(|request| readable(request, self.rules, self.limits))?;
        }
        for (request, path) in requests.iter().zip(&self.args.files) {
            let token = self.sign_in().await?;
            let imported = self.keep(&token, request, path).await;
            if let Err(error) = session::close(&self.opened.owner, &token).await {
                // It ends by itself within the day.
                tracing::warn!(%error, "the session was not closed");
            }
            self.print(imported?, done)?;
        }
        Ok(())
    }

    /// All files in one transaction that is never committed, so that each sees what those before it would have done.
    async fn rehearse(
        &self,
        requests: &[ImportRequest],
        done: &mut Vec<Imported>,
    ) -> Result<(), Fault> {
        let founder = founder(self.opened);
        let store = &self.opened.store;
        let role = Role::CountyOfficer;
        let mut work = store
            .rehearse(&founder, self.further, self.place, role, "试算")
            .await?;
        for request in requests {
            let imported = self.read(&mut work, request).await?;
            self.print(imported, done)?;
        }
        Ok(())
    }

    /// The workbook of rows left out lies beside the file before the import lasts.
    async fn keep(
        &self,
        token: &SessionToken,
        request: &ImportRequest,
        path: &Path,
    ) -> Result<Imported, Fault> {
        let purpose = format!("导入台账：{}", request.file_name);
        let mut work = self.opened.store.begin(token, &purpose).await?;
        let mut imported = self.read(&mut work, request).await?;
        if let Some(workbook) = &imported.left_out_workbook {
            imported.left_out_file = Some(left_out::put(path, workbook)?);
        }
        work.commit().await?;
        tell_planner(&self.opened.store, token, imported.registered).await;
        Ok(imported)
    }

    async fn read(&self, work: &mut Work, request: &ImportRequest) -> Result<Imported, Fault> {
        let word = match self.lang {
            Lang::Zh => "导入",
            Lang::En => "importing",
        };
        let bar = Bar::counting(word);
        let progress = |rows| bar.at(rows);
        let imported = import(work, self.rules, self.limits, request, self.lang, progress).await;
        bar.finish();
        imported.map_err(|error| match error {
            ImportError::Ledger(error) => NotChecked(error).into(),
            other => other.into(),
        })
    }

    /// The person at the machine's own terminal acts as an officer of the place's unit, and stands so in the journal.
    async fn sign_in(&self) -> Result<SessionToken, Fault> {
        let founder = founder(self.opened);
        let appointment = operator(&founder, self.place, Role::CountyOfficer).await?;
        Ok(session::open(founder.owner, appointment, founder.entropy).await?)
    }

    fn print(&self, imported: Imported, done: &mut Vec<Imported>) -> Result<(), Fault> {
        if !self.args.json {
            say(&match self.lang {
                Lang::Zh => in_chinese(&imported, self.args.dry_run),
                Lang::En => in_english(&imported, self.args.dry_run),
            })?;
        }
        done.push(imported);
        Ok(())
    }
}

fn founder(opened: &Opened) -> Founder<'_> {
    Founder {
        owner: &opened.owner,
        entropy: opened.store.entropy(),
        now: opened.store.clock().now(),
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

/// Row numbers, runs of them drawn together: 4–9, 31.
fn numbers(rows: &[u32]) -> String {
    let run = |rows: &[u32]| match rows {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first}–{last}"),
    };
    rows.chunk_by(|one, next| one + 1 == *next)
        .map(run)
        .collect::<Vec<_>>()
        .join(", ")
}
