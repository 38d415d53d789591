//! The order of the measurements, and what is left of them.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::demo::{LedgerRow, Ledgers};
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use store::bench::Ground;
use tempfile::TempDir;

use super::error::BenchError;
use super::figure::Figure;
use super::report::{Conditions, json, table};
use super::requesting::Load;
use super::{
    backing, deciding, importing, ledgers, month, reading, replaying, requesting, returning,
    searching, serving, weighing,
};
use crate::lines::StreamFault;
use crate::outcome::{Fault, Outcome, Verdict};
use crate::runtime;

/// 滕州市, whose invented ledger is checked and imported.
const COUNTY: i64 = 370_481_000_000;

/// Arguments of `bench`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    apart: Option<Apart>,
    /// Small sizes: whether the bench works, not how fast the product is.
    #[arg(long)]
    quick: bool,
    /// Measure only these parts; all if none is named.
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    only: Vec<Part>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Where the report is written as JSON.
    #[arg(long, value_name = "FILE", default_value = "target/bench.json")]
    out: PathBuf,
    /// Read a ledger with the bare reader and nothing more; measured from outside.
    #[arg(long, hide = true, value_name = "FILE", conflicts_with = "idle")]
    alone: Option<PathBuf>,
    /// Do nothing until standard input ends; measured from outside.
    #[arg(long, hide = true)]
    idle: bool,
}

/// What is measured on demand alone, because it is large.
#[derive(Debug, clap::Subcommand)]
enum Apart {
    /// A month of allowances: read, replayed, written, keyed and committed.
    Month(month::Args),
    /// A bank's answer to a file: read, matched, entered and committed.
    Return(returning::Args),
    /// Rates tried out: what they would cost, over every child within reach.
    WhatIf(weighing::Args),
}

impl Apart {
    async fn run(&self, lang: Lang) -> Verdict {
        match self {
            Self::Month(args) => month::run(args, lang).await,
            Self::Return(args) => returning::run(args, lang).await,
            Self::WhatIf(args) => weighing::run(args, lang).await,
        }
    }
}

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Ledgers checked, decisions taken, allowances computed: all without a database.
    Compute,
    /// A ledger imported.
    Import,
    /// Children searched for, files asked for, backed up and restored.
    Serve,
    /// The program starting and at rest.
    Start,
}

impl Args {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// How much is measured.
struct Sizes {
    rows: usize,
    children: usize,
    queries: usize,
    decisions: usize,
    repetitions: usize,
    rest: Duration,
    load: Load,
}

impl Sizes {
    fn of(args: &Args) -> Self {
        if args.quick {
            Self {
                rows: 500,
                children: 600,
                queries: 10,
                decisions: 1_000,
                repetitions: 1,
                rest: Duration::from_millis(300),
                load: Load {
                    connections: 4,
                    lasts: Duration::from_millis(300),
                    repetitions: 1,
                },
            }
        } else {
            Self {
                rows: 100_000,
                children: 200_000,
                queries: 300,
                decisions: 500_000,
                repetitions: 3,
                rest: Duration::from_secs(10),
                load: Load {
                    connections: 50,
                    lasts: Duration::from_secs(8),
                    repetitions: 3,
                },
            }
        }
    }
}

/// Measures everything, prints the table and writes the file; a target that was missed is a finding.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    if let Some(path) = &args.alone {
        let cells = ledgers::read_alone(path)?;
        writeln!(std::io::stdout(), "{cells}").map_err(StreamFault::Output)?;
        return Ok(Outcome::Done);
    }
    runtime::block_on(async {
        if let Some(apart) = &args.apart {
            return tokio::select! {
                measured = apart.run(lang) => measured,
                () = runtime::told_to_stop() => Err(BenchError::Stopped.into()),
            };
        }
        if args.idle {
            let waiting = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0; 1]));
            let _ = waiting.await;
            return Ok(Outcome::Done);
        }
        tokio::select! {
            measured = measure(args, lang) => measured,
            () = runtime::told_to_stop() => Err(BenchError::Stopped.into()),
        }
    })
}

async fn measure(args: &Args, lang: Lang) -> Verdict {
    let sizes = Sizes::of(args);
    let load_before = load();
    let folder = folder()?;
    let tell = |zh, en| eprintln!("{}", if lang == Lang::Zh { zh } else { en });
    let Ok(county) = Division::new(COUNTY) else {
        return Ok(Outcome::Done);
    };
    tell("生成测试台账……", "inventing ledgers …");
    let rows = Ledgers::new(1, Gazetteer::builtin()).of(county, sizes.rows);
    let files = Files::write(folder.path(), &rows)?;
    drop(rows);
    let mut figures = Vec::new();
    if args.wants(Part::Compute) {
        figures.extend(without_database(folder.path(), &files, county, &sizes, tell).await?);
    }
    let ground = Ground::make(&folder.path().join("ground")).await?;
    let postgresql = ground.postgresql();
    if args.wants(Part::Import) {
        tell("导入……", "importing …");
        let workbook = std::fs::read(&files.xlsx).map_err(BenchError::io(&files.xlsx))?;
        let bare = files.without_headings()?;
        let imported = importing::measure(&ground, county, &workbook, &bare, sizes.repetitions);
        figures.push(imported.await?);
    }
    if args.wants(Part::Serve) {
        figures.extend(with_children(ground, folder.path(), &sizes, tell).await?);
    } else {
        ground.stop().await;
    }
    if args.wants(Part::Start) {
        tell("启动与空闲……", "starting and resting …");
        let demo = folder.path().join("demo");
        figures.extend(serving::measure(&demo, sizes.repetitions, sizes.rest).await?);
    }
    let conditions = Conditions {
        is_quick: args.quick,
        repetitions: sizes.repetitions,
        rows: sizes.rows,
        children: sizes.children,
        queries: sizes.queries,
        postgresql,
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        load_before,
        load_after: load(),
    };
    tell_all(args, &conditions, &figures, lang)?;
    let missed = !args.quick && figures.iter().any(|figure| figure.met() == Some(false));
    Ok(if missed {
        Outcome::Findings
    } else {
        Outcome::Done
    })
}

/// What needs no database: ledgers checked, children decided on.
async fn without_database(
    folder: &Path,
    files: &Files,
    county: Division,
    sizes: &Sizes,
    tell: impl Fn(&'static str, &'static str),
) -> Result<Vec<Figure>, Fault> {
    let Sizes {
        rows,
        children,
        decisions,
        repetitions,
        ..
    } = *sizes;
    tell("核查……", "checking …");
    let mut figures = reading::measure(&files.xlsx, &files.csv, rows, repetitions).await?;
    tell("认定……", "deciding …");
    figures.push(deciding::measure(county, decisions, repetitions)?);
    tell("重算待遇……", "replaying allowances …");
    figures.extend(replaying::measure(folder, children, repetitions).await?);
    Ok(figures)
}

/// Searches among many children, then requests and backups of them.
async fn with_children(
    ground: Ground,
    folder: &Path,
    sizes: &Sizes,
    tell: impl Fn(&'static str, &'static str),
) -> Result<Vec<Figure>, Fault> {
    tell("查找……", "searching …");
    let searched = searching::measure(&ground, sizes.children, sizes.queries, sizes.repetitions);
    let mut figures = searched.await?;
    let has_programs = ground.has_programs();
    ground.stop().await;
    if has_programs {
        figures.extend(at_work(folder, sizes, tell).await?);
    } else {
        tell(
            "PostgreSQL 未附带 pgbench、pg_dump 或 pg_restore，跳过请求与备份的测量：请安装 Debian 的 postgresql 软件包。",
            "PostgreSQL came without pgbench, pg_dump or pg_restore, so requests and backups are not measured: install Debian's package postgresql.",
        );
    }
    Ok(figures)
}

/// Requests and backups of the office that the searches left in the ground.
async fn at_work(
    folder: &Path,
    sizes: &Sizes,
    tell: impl Fn(&'static str, &'static str),
) -> Result<Vec<Figure>, Fault> {
    let (ground, scratch) = (folder.join("ground"), folder.join("scratch"));
    tell("备份与恢复……", "backing up and restoring …");
    let repetitions = sizes.load.repetitions;
    let backup = backing::measure(&ground, &scratch, sizes.children, repetitions).await?;
    // Last, since it leaves a table of its own in the database.
    tell("请求……", "requesting …");
    let mut figures = requesting::measure(&ground, sizes.load).await?;
    figures.extend(backup);
    Ok(figures)
}

fn tell_all(
    args: &Args,
    conditions: &Conditions,
    figures: &[Figure],
    lang: Lang,
) -> Result<(), Fault> {
    let report = json(conditions, figures);
    if let Some(parent) = args
        .out
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        std::fs::create_dir_all(parent).map_err(BenchError::io(parent))?;
    }
    std::fs::write(&args.out, format!("{report:#}\n")).map_err(BenchError::io(&args.out))?;
    let text = if args.json {
        format!("{report}\n")
    } else {
        table(conditions, figures, lang)
    };
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(StreamFault::Output)?;
    Ok(())
}

/// A folder that goes when the bench ends, however it ends; PostgreSQL's own account must be able to pass through it.
pub(super) fn folder() -> Result<TempDir, BenchError> {
    let folder = tempfile::Builder::new()
        .prefix("hutong-bench-")
        .tempdir()
        .map_err(BenchError::io(std::env::temp_dir()))?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))
        .map_err(BenchError::io(folder.path()))?;
    Ok(folder)
}

/// How busy the machine has been in the last minute; 0 where it does not tell.
fn load() -> f64 {
    std::fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

/// The invented ledger, twice.
struct Files {
    xlsx: PathBuf,
    csv: PathBuf,
}

impl Files {
    fn write(folder: &Path, rows: &[LedgerRow]) -> Result<Self, BenchError> {
        let files = Self {
            xlsx: folder.join("ledger.xlsx"),
            csv: folder.join("ledger.csv"),
        };
        std::fs::write(&files.xlsx, ledgers::xlsx(rows)?).map_err(BenchError::io(&files.xlsx))?;
        std::fs::write(&files.csv, ledgers::csv(rows)).map_err(BenchError::io(&files.csv))?;
        Ok(files)
    }

    /// The text without its first line, as COPY takes it.
    fn without_headings(&self) -> Result<Vec<u8>, BenchError> {
        let text = std::fs::read(&self.csv).map_err(BenchError::io(&self.csv))?;
        let body = text
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(0, |end| end + 1);
        Ok(text[body..].to_vec())
    }
}
