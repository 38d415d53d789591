//! `hutong init`: an empty office: configuration, keys, the root unit, and its first three officers' one-time codes.
//!
//! **Invariant.** What cannot be had is told before anything is made; a founding that is broken off before the codes
//! are out is nobody's office, and the next `init` makes it anew.

use std::fs::OpenOptions;
use std::io::{self, BufRead, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use app::organisation::{
    FoundOfficeError, FoundingOfficer, FoundingOfficers, OfficeFounded, found_office,
};
use domain::organisation::UnitPlan;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use kernel::explain::{Explain, Lang};
use kernel::gazetteer::Gazetteer;
use ledger::LedgerError;
use serde_json::json;
use store::cluster::{Place, Startup};
use store::entropy::OsEntropy;
use store::installation::Opened;
use store::keys::{KeyFile, Passphrase, escrow};
use store::organisation::{Entered, Founder, enter_divisions};

use crate::configuration::{Findings, Layers, Sources, template, unsafe_settings};
use crate::divisions::{DivisionsError, Further};
use crate::outcome::{Fault, Outcome, Verdict};
use crate::output::say;
use crate::passphrase::{self, Asked};
use crate::runtime::{self, Unwritable};
use crate::verbs::check::division;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Division whose civil affairs bureau heads the office: a city or a county, e.g. 3704.
    #[arg(long, value_name = "CODE")]
    place: String,
    /// The administrator, who keeps the accounts and sees no child.
    #[arg(long, value_name = "NAME")]
    admin: String,
    /// The bureau's two first approvers, who confirm what others propose: give this option twice.
    #[arg(long = "approver", value_name = "NAME", required = true)]
    approvers: Vec<String>,
    /// Write a copy of the keys that a passphrase opens (asked for, or in HUTONG_PASSPHRASE) to this new file.
    #[arg(long, value_name = "FILE")]
    escrow: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    further: Further,
    #[command(flatten)]
    sources: Sources,
}

/// There is a file already where the escrow was to go.
#[derive(Debug, thiserror::Error)]
#[error("{} exists", .0.display())]
struct EscrowExists(PathBuf);

impl Explain for EscrowExists {
    fn code(&self) -> &'static str {
        "init.escrow_exists"
    }

    fn explain(&self, lang: Lang) -> String {
        let path = self.0.display();
        match lang {
            Lang::Zh => {
                format!(
                    "密钥托管文件 {path} 已经存在，未作任何操作。请用 --escrow 另指一个新文件。"
                )
            }
            Lang::En => {
                format!("{path} exists already; nothing was done. Name a new file with --escrow.")
            }
        }
    }
}

/// What an office is made of, checked before anything is made.
struct Plan<'a> {
    place: Place,
    root: UnitPlan,
    officers: FoundingOfficers<'a>,
    further: Gazetteer,
    escrow: Option<(PathBuf, Passphrase)>,
    /// The configuration's file and, where there is none yet, what is written into it.
    file: PathBuf,
    text: Option<String>,
    allow_nobody: bool,
}

/// Makes an empty office and tells its first officers' codes.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    let plan = plan(args, lang)?;
    runtime::block_on(runtime::unless_told_to_stop(async {
        let startup = Startup {
            allow_nobody: plan.allow_nobody,
        };
        let opened = Opened::found(&plan.place, startup).await?;
        let done = found(&opened, &plan, args.json, lang).await;
        opened.close().await;
        done.map(|()| Outcome::Done)
    }))
}

fn plan(args: &Args, lang: Lang) -> Result<Plan<'_>, Fault> {
    let place = args.sources.place()?;
    let layers = Layers::gather_for_new(&args.sources, &place)?;
    let configuration = layers.judge()?;
    if let Some(findings) = Findings::of(unsafe_settings(&configuration, &layers, &place)) {
        return Err(findings.into());
    }
    let [first, second] = args.approvers.as_slice() else {
        return Err(FoundOfficeError::NotThreePeople.into());
    };
    let officers = FoundingOfficers {
        admin: &args.admin,
        approvers: [first, second],
    };
    let root = root(&args.place, &*args.further.with_builtin()?)?;
    officers.approver_role(&root)?;
    Ok(Plan {
        escrow: wish(args, lang)?,
        place,
        root,
        officers,
        further: args.further.read()?,
        text: (!layers.file_exists).then(|| template(lang, &args.sources.made())),
        file: layers.file,
        allow_nobody: args.sources.data.is_some(),
    })
}

fn root(code: &str, known: &Gazetteer) -> Result<UnitPlan, LedgerError> {
    let division = division(code)?;
    let entry = known
        .get(division)
        .ok_or_else(|| LedgerError::UnknownPlace {
            place: code.to_owned(),
        })?;
    Ok(UnitPlan::of_division(division, &entry.name))
}

/// Where the keys' copy goes, and the passphrase that opens it. A person at a terminal is asked.
fn wish(args: &Args, lang: Lang) -> Result<Option<(PathBuf, Passphrase)>, Fault> {
    let named = match &args.escrow {
        Some(path) => Some(path.clone()),
        None if !args.json && io::stdin().is_terminal() => asked(lang),
        None => None,
    };
    let Some(path) = named else {
        return Ok(None);
    };
    if path.exists() {
        return Err(EscrowExists(path).into());
    }
    Ok(Some((path, passphrase::read(Asked::New, lang)?)))
}

/// No answer, or one that cannot be read, leaves it for later.
fn asked(lang: Lang) -> Option<PathBuf> {
    let question = match lang {
        Lang::Zh => "密钥托管文件写到哪里（直接回车，以后再办）：",
        Lang::En => "Where should the escrow of the keys go (Enter: later)? ",
    };
    let mut answer = String::new();
    let _ = write!(io::stderr(), "{question}").and_then(|()| io::stderr().flush());
    io::stdin().lock().read_line(&mut answer).ok()?;
    Some(answer.trim())
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// All of it; the founding is over when the codes are out.
async fn found(opened: &Opened, plan: &Plan<'_>, as_json: bool, lang: Lang) -> Result<(), Fault> {
    if let Entered::UnknownParent(parent) = enter_divisions(&opened.owner, &plan.further).await? {
        return Err(DivisionsError::Parent(parent).into());
    }
    let founder = Founder {
        owner: &opened.owner,
        entropy: opened.store.entropy(),
        now: opened.store.clock().now(),
    };
    let sealer = opened.store.sealer();
    let founded = found_office(&founder, sealer, &plan.root, &plan.officers).await?;
    if let Some((path, passphrase)) = &plan.escrow {
        let keys = KeyFile::open(&plan.place.key_file())?;
        escrow(&keys, path, passphrase, &OsEntropy)?;
    }
    if let Some(text) = &plan.text {
        write(&plan.file, text)?;
    }
    tell(plan, &founded, as_json, lang)?;
    Ok(opened.founded(&plan.place)?)
}

/// Others of the group may read it; there is no secret in it.
fn write(file: &Path, text: &str) -> Result<(), Unwritable> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o640)
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|cause| Unwritable {
            path: file.to_path_buf(),
            cause,
        })
}

fn tell(plan: &Plan<'_>, founded: &OfficeFounded, as_json: bool, lang: Lang) -> Result<(), Fault> {
    let (data, keys) = (plan.place.data(), plan.place.key_file());
    if as_json {
        let officers: Vec<_> = founded.officers.iter().map(described).collect();
        let escrow = plan.escrow.as_ref().map(|(path, _)| path);
        let report = json!({
            "data": data, "configuration": plan.file, "keys": keys, "escrow": escrow,
            "unit": { "id": founded.unit.uuid(), "name": plan.root.name, "division": plan.root.division.code() },
            "officers": officers,
        });
        return Ok(say(&report.to_string())?);
    }
    let (name, data, keys) = (&plan.root.name, data.display(), keys.display());
    let file = plan.file.display();
    say(&match lang {
        Lang::Zh => format!(
            "已建立 {name}。\n  数据文件夹 {data}\n  配置文件 {file}\n  密钥文件 {keys}\n{}\n\n\
             下列授权码各限本人使用一次，仅在此显示一次，请当面分别交给本人，由本人设定登录名、口令和动态口令：",
            escrowed(plan, lang)
        ),
        Lang::En => format!(
            "{name} is founded.\n  data folder {data}\n  configuration {file}\n  key file {keys}\n{}\n\n\
             Each of these codes is for one person and one use, and is shown here only. Hand each to its own officer, who chooses login name, password and authenticator with it:",
            escrowed(plan, lang)
        ),
    })?;
    for officer in &founded.officers {
        say(&line(officer, lang))?;
    }
    Ok(say(match lang {
        Lang::Zh => "\n接下来：核对配置 hutong config check，然后启动 hutong serve。",
        Lang::En => {
            "\nNext: look over the configuration with hutong config check, then start hutong serve."
        }
    })?)
}

fn escrowed(plan: &Plan<'_>, lang: Lang) -> String {
    match (&plan.escrow, lang) {
        (Some((path, _)), Lang::Zh) => format!(
            "  密钥托管文件 {}，请与口令分别保管，勿与数据备份放在一处",
            path.display()
        ),
        (Some((path, _)), Lang::En) => format!(
            "  escrow of the keys {}: keep it apart from its passphrase and from the backups",
            path.display()
        ),
        (None, Lang::Zh) => {
            "  密钥尚未托管：密钥一旦丢失，加密内容无法恢复，请尽快执行 hutong keys escrow --out 文件"
                .to_owned()
        }
        (None, Lang::En) => {
            "  the keys are not in escrow: if they are lost nothing sealed can be read again; run hutong keys escrow --out FILE soon"
                .to_owned()
        }
    }
}

fn line(officer: &FoundingOfficer, lang: Lang) -> String {
    let FoundingOfficer {
        name, role, code, ..
    } = officer;
    let (code, until) = (code.reveal(), clock_time(officer.expires_at));
    match lang {
        Lang::Zh => format!("  {}  {name}  {code}  {until} 前有效", role.zh()),
        Lang::En => format!("  {}  {name}  {code}  valid until {until}", role.en()),
    }
}

fn described(officer: &FoundingOfficer) -> serde_json::Value {
    json!({
        "name": officer.name, "role": officer.role.code(), "officer": officer.officer.uuid(),
        "appointment": officer.appointment.uuid(), "code": officer.code.reveal(), "expires_at": officer.expires_at,
    })
}

/// Beijing time, to the minute.
fn clock_time(at: Timestamp) -> String {
    let beijing = TimeZone::fixed(Offset::constant(8));
    at.to_zoned(beijing).strftime("%Y-%m-%d %H:%M").to_string()
}
