//! `hutong divisions`: enters other places' divisions, and lists what is entered.

use std::path::{Path, PathBuf};

use kernel::division::Division;
use kernel::explain::Lang;
use kernel::gazetteer::{Entry, Gazetteer};
use ledger::LedgerError;
use serde_json::{Value, json};
use store::cluster::{ClusterError, Place, Startup};
use store::error::StoreError;
use store::installation::{Maintenance, OpenError};
use store::organisation::{Entered, divisions_of, enter_divisions};

use crate::divisions::{self, DivisionsError};
use crate::outcome::{Fault, Outcome, Verdict};
use crate::output::say;
use crate::runtime;

/// Arguments of `divisions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// Enter the divisions of a file, such as another city's villages; one that is there already takes the new name.
    Import {
        /// The file (csv, xlsx, xls) with the columns code,name,level,parent.
        file: PathBuf,
        /// Data folder of the installation.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List a division and those directly below it; without an installation, those built in.
    List {
        /// The division, e.g. 370481.
        code: String,
        /// Data folder of the installation.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// A folder that a demonstration made belongs to the account it borrowed.
const STARTUP: Startup = Startup { allow_nobody: true };

/// Enters or lists.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    match &args.deed {
        Deed::Import { file, data, json } => {
            let further = divisions::read(file)?;
            let place = Place::find(data.as_deref())?;
            let entered = runtime::block_on(runtime::unless_told_to_stop(enter(&place, &further)))?;
            tell_entered(file, entered, *json, lang)?;
        }
        Deed::List { code, data, json } => {
            let unknown = || LedgerError::UnknownPlace {
                place: code.clone(),
            };
            let division = Division::parse(code).map_err(|_| unknown())?;
            let place = Place::find(data.as_deref())?;
            let known = runtime::block_on(known(&place, data.is_some(), division))?;
            let entry = known.get(division).ok_or_else(unknown)?;
            list(&known, entry, *json)?;
        }
    }
    Ok(Outcome::Done)
}

/// Enters the divisions, beside the running program or without it.
async fn enter(place: &Place, further: &Gazetteer) -> Result<u64, Fault> {
    let maintenance = Maintenance::open(place, STARTUP).await?;
    let entered = enter_divisions(&maintenance.owner, further).await;
    maintenance.close().await;
    match entered? {
        Entered::All(count) => Ok(count),
        Entered::UnknownParent(parent) => Err(DivisionsError::Parent(parent).into()),
    }
}

fn is_nothing_there(error: &OpenError) -> bool {
    matches!(
        error,
        OpenError::Cluster(ClusterError::None(_)) | OpenError::Store(StoreError::NotFounded)
    )
}

/// What is entered at a place and around it; the built-in divisions where no installation was named and none stands.
async fn known(place: &Place, is_named: bool, division: Division) -> Result<Gazetteer, Fault> {
    match Maintenance::open(place, STARTUP).await {
        Ok(maintenance) => {
            let known = divisions_of(&maintenance.owner, division).await;
            maintenance.close().await;
            Ok(known?)
        }
        Err(error) if is_nothing_there(&error) && !is_named => Ok(Gazetteer::builtin().clone()),
        Err(error) => Err(error.into()),
    }
}

fn tell_entered(file: &Path, entered: u64, as_json: bool, lang: Lang) -> Result<(), Fault> {
    let file = file.display();
    let text = match (as_json, lang) {
        (true, _) => json!({ "file": file.to_string(), "divisions": entered }).to_string(),
        (false, Lang::Zh) => format!("已载入 {file}：{entered} 个区划。"),
        (false, Lang::En) => format!("{file}: {entered} divisions entered."),
    };
    Ok(say(&text)?)
}

fn list(known: &Gazetteer, entry: &Entry, as_json: bool) -> Result<(), Fault> {
    if as_json {
        let mut listed = described(entry);
        let path = Value::from(known.path(entry.division));
        let below: Vec<Value> = known.children(entry.division).map(described).collect();
        if let Some(fields) = listed.as_object_mut() {
            fields.insert("path".to_owned(), path);
            fields.insert("children".to_owned(), below.into());
        }
        return Ok(say(&listed.to_string())?);
    }
    let line = |entry: &Entry, name: &str| format!("{:012}  {name}", entry.division.code());
    say(&line(entry, &known.path(entry.division)))?;
    for below in known.children(entry.division) {
        say(&line(below, &below.name))?;
    }
    Ok(())
}

fn described(entry: &Entry) -> Value {
    json!({
        "code": entry.division.code(),
        "name": entry.name,
        "level": entry.level.code(),
        "parent": entry.parent.map(|parent| parent.code()),
    })
}
