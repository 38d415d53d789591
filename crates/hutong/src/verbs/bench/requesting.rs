//! Requests over HTTP at an office at work, beside the same SQL through `pgbench`.
//!
//! The SQL is not written here: PostgreSQL's log tells what the server asked for one request of each kind, and that is
//! what `pgbench` runs.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use app::applications::next_round;
use kernel::calendar::WorkCalendar;
use kernel::division::{Division, Level};
use kernel::gazetteer::Gazetteer;
use kernel::roles::Role;
use store::bench::{Aim, Ground};
use store::cluster::DATABASE;
use store::work::Store;

use super::asking::{Desk, Kind, Pace, ROUND, ask_all};
use super::child::{Server, hutong};
use super::error::BenchError;
use super::figure::{Figure, Measured, Target, percentile};
use super::nuisance::{Nuisance, SLOW};
use super::pgbench;
use super::serving::{first_answer, free_port};
use crate::outcome::Fault;

const RATIO: Target = Target::AtLeast(0.4);
/// 枣庄市, whose children are asked for.
const CITY: i64 = 370_400_000_000;
/// How many towns have an officer who asks, beside every county.
const TOWNS: usize = 18;
const P99: Target = Target::Below(500.0);
/// How many children each officer asks for.
const CHILDREN_EACH: i64 = 40;
/// The text an edit brings along while the statements are written down.
const FRESH: &str = "虚构的七七零小学";

/// How much is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) connections: usize,
    /// How long each kind is asked for.
    pub(super) lasts: Duration,
    pub(super) repetitions: usize,
}

/// One kind of request.
struct Asked {
    kind: Kind,
    script: PathBuf,
    ours: Vec<Pace>,
    raw: Vec<Pace>,
}

/// Measures the office that stands in the ground of this folder; nobody runs its cluster.
pub(super) async fn measure(folder: &Path, load: Load) -> Result<Vec<Figure>, Fault> {
    let (mut aims, mut asked) = prepare(folder, load).await?;
    let mut disturbed = Vec::new();
    for _ in 0..load.repetitions {
        let server = Served::start(folder).await?;
        for one in &mut asked {
            for lasts in [load.lasts / 4, load.lasts] {
                let took =
                    ask_all(one.kind, server.port, &mut aims, load.connections, lasts).await?;
                // The first time is for warming up.
                if lasts == load.lasts {
                    one.ours.push(Pace::of(&took, lasts));
                }
            }
        }
        // An open has the purpose, the policies and the journal in it, so it stands for what people do all day.
        let slow = Nuisance::at(server.port).await?;
        let took = ask_all(
            Kind::Open,
            server.port,
            &mut aims,
            load.connections,
            load.lasts,
        )
        .await?;
        disturbed.push(percentile(&took, 0.99));
        drop(slow);
        server.stop().await?;
        beside(folder, load, &mut asked, &mut aims).await?;
    }
    let mut figures: Vec<Figure> = asked.iter().flat_map(figures).collect();
    figures.extend(beside_slow(&disturbed, &figures));
    Ok(figures)
}

/// The p99 of a file opened while others are slow, beside that of the same while they are not.
fn beside_slow(disturbed: &[f64], figures: &[Figure]) -> Option<Figure> {
    let calm = figures
        .iter()
        .find(|figure| figure.key == "requests.open.p99")?;
    Some(Figure {
        key: "requests.beside_slow.p99".into(),
        zh: format!(
            "{}：p99，另有 {SLOW} 个慢速连接和不断提交的超大请求",
            Kind::Open.zh()
        ),
        en: format!(
            "{}: p99 beside {SLOW} slow connections and a stream of oversized requests",
            Kind::Open.en()
        ),
        value: Measured::of(disturbed),
        beside: ("没有这些连接时", "without them"),
        raw: calm.value,
        target: Some(P99),
        ..calm.clone()
    })
}

/// Makes the day's rounds: what they ask the database would be taken for what a request beside them asks.
async fn make_rounds(store: &Store) -> Result<(), Fault> {
    let calendar = WorkCalendar::builtin();
    while next_round(store, &calendar).await?.is_some() {}
    Ok(())
}

/// Chooses who asks for whom, and writes down what the database is asked.
async fn prepare(folder: &Path, load: Load) -> Result<(Vec<Aim>, Vec<Asked>), Fault> {
    let ground = Ground::again(folder).await?;
    let office = ground.standing(DATABASE).await?;
    let mut aims = office.aims(&officers(), CHILDREN_EACH).await?;
    make_rounds(&office.store).await?;
    ground.tell_statements(true).await?;
    office.close().await;
    ground.stop().await;
    let said_before = Ground::log(folder)?.len();
    let server = Served::start(folder).await?;
    let mut desk = Desk::at(server.port).await?;
    for aim in aims.iter_mut().take(1) {
        for kind in Kind::ALL {
            desk.ask(kind, aim, FRESH).await?;
        }
    }
    drop(desk);
    server.stop().await?;
    let ground = Ground::again(folder).await?;
    ground.tell_statements(false).await?;
    let office = ground.standing(DATABASE).await?;
    let told = Ground::log(folder)?.split_off(said_before);
    let scripts = office
        .scripts(&told, FRESH, ROUND, (load.connections, aims.len()))
        .await?;
    office.refresh(&mut aims).await?;
    office.close().await;
    ground.stop().await;
    let mut asked = Vec::new();
    for (kind, script) in Kind::ALL.into_iter().zip(scripts) {
        let path = folder.join(format!("{}.sql", kind.code()));
        std::fs::write(&path, script).map_err(BenchError::io(&path))?;
        asked.push(Asked {
            kind,
            script: path,
            ours: Vec::new(),
            raw: Vec::new(),
        });
    }
    Ok((aims, asked))
}

/// The officers of the city's counties, and the supervisors of some of their towns.
fn officers() -> Vec<(Division, Role)> {
    let gazetteer = Gazetteer::builtin();
    let Ok(city) = Division::new(CITY) else {
        return Vec::new();
    };
    let counties = gazetteer.children(city);
    let counties = counties.map(|county| (county.division, Role::CountyOfficer));
    let towns = gazetteer
        .within(city)
        .filter(|entry| entry.level == Level::Town)
        .step_by(3)
        .take(TOWNS)
        .map(|town| (town.division, Role::ChildSupervisor));
    counties.chain(towns).collect()
}

/// Runs the same SQL through `pgbench`, and sees which versions the files have afterwards.
async fn beside(
    folder: &Path,
    load: Load,
    asked: &mut [Asked],
    aims: &mut [Aim],
) -> Result<(), Fault> {
    let ground = Ground::again(folder).await?;
    let office = ground.standing(DATABASE).await?;
    for one in asked {
        let edits = office.edits().await?;
        for lasts in [load.lasts / 4, load.lasts] {
            let Some(command) = ground.pgbench() else {
                continue;
            };
            let pace = pgbench::run(command, &one.script, load.connections, lasts).await?;
            if lasts == load.lasts {
                one.raw.push(pace);
            }
        }
        if one.kind == Kind::Edit && office.edits().await? == edits {
            return Err(BenchError::Failed {
                what: "pgbench",
                status: one.script.display().to_string(),
                said: "nothing was edited".into(),
            }
            .into());
        }
    }
    office.refresh(aims).await?;
    office.close().await;
    ground.stop().await;
    Ok(())
}

/// `hutong serve` over the ground's folder.
struct Served {
    server: Server,
    port: u16,
}

impl Served {
    async fn start(folder: &Path) -> Result<Self, Fault> {
        let port = free_port().await?;
        let (data, address) = (folder.to_string_lossy(), format!("127.0.0.1:{port}"));
        let began = Instant::now();
        let command = hutong(&["serve", "--data", &data, "--listen", &address])?;
        let mut server = Server::start(command)?;
        first_answer(&mut server, &port.to_string(), began).await?;
        Ok(Self { server, port })
    }

    async fn stop(self) -> Result<(), BenchError> {
        self.server.stop().await
    }
}

fn figures(asked: &Asked) -> [Figure; 3] {
    let (kind, ours, raw) = (asked.kind, &asked.ours, &asked.raw);
    let of = |paces: &[Pace], what: fn(&Pace) -> f64| {
        Measured::of(&paces.iter().map(what).collect::<Vec<f64>>())
    };
    let ratios: Vec<f64> = ours
        .iter()
        .zip(raw)
        .map(|(ours, raw)| ours.per_second / raw.per_second)
        .collect();
    let figure = |what: &str, zh: &str, en: &str| Figure {
        key: format!("requests.{}.{what}", kind.code()),
        zh: format!("{}：{zh}", kind.zh()),
        en: format!("{}: {en}", kind.en()),
        unit: "requests/s",
        value: of(ours, |pace| pace.per_second),
        beside: ("同样的 SQL 经 pgbench", "the same SQL through pgbench"),
        raw: of(raw, |pace| pace.per_second),
        target: None,
        is_detail: false,
    };
    [
        figure("per_second", "每秒请求数", "requests a second"),
        Figure {
            unit: "ms",
            value: of(ours, |pace| pace.p99),
            raw: of(raw, |pace| pace.p99),
            ..figure("p99", "p99", "p99")
        },
        Figure {
            unit: "",
            value: Measured::of(&ratios),
            raw: Measured::of(&[1.0]),
            target: Some(RATIO),
            ..figure("ratio", "与 pgbench 之比", "ratio to pgbench")
        },
    ]
}
