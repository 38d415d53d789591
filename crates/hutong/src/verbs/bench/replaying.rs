//! Replaying allowances: the pure replay on one core, and `hutong allowance compute` as a whole.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use domain::allowances::{Fact, History, Known, Payee, Replay, Run};
use jiff::Timestamp;
use jiff::civil::date;
use kernel::category::Category;
use kernel::clock::start_of;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;
use policy::{NotInForce, Rulebook};

use super::child::{Took, hutong, timed};
use super::error::BenchError;
use super::figure::{Figure, Measured, Target};
use crate::outcome::Fault;

/// The promise for the pure replay.
const CHILD_MONTHS: Target = Target::AtLeast(50_000_000.0);

/// What the invented children are in, with the monthly rate since January 2021 in yuan.
const CLASSES: [(Category, i32); 4] = [
    (Category::DeFactoUnattended, 1600),
    (Category::KeyHardship, 1100),
    (Category::ScatteredOrphan, 1600),
    (Category::InstitutionOrphan, 2000),
];
const COUNTIES: [i64; 6] = [370_402, 370_403, 370_404, 370_405, 370_406, 370_481];
/// One child in so many draws a benefit that the office learnt of late.
const EXCEPTION: usize = 33;
/// Months committed for each child before the pay month.
const COMMITTED: i32 = 10;

/// The months of the invented run, and the moment it is made.
struct Scene {
    first: Month,
    pay_month: Month,
    known_at: Timestamp,
}

impl Scene {
    /// November 2021, everything from January to October being committed.
    fn of_2021() -> Self {
        let first = Month::of(date(2021, 1, 1));
        let pay_month = first.plus(COMMITTED);
        let known_at = start_of(pay_month.last());
        Self {
            first,
            pay_month,
            known_at,
        }
    }

    /// An invented child, what is committed kept as one stretch of months.
    fn child(&self, number: usize) -> History {
        let (class, yuan) = CLASSES[number % CLASSES.len()];
        let decided = self.first.prev().first();
        let at = start_of(decided);
        let mut facts = vec![
            Fact::Recognised { class, on: decided },
            Fact::Committed {
                from: self.first,
                through: self.pay_month.prev(),
                payee: Payee::of(class),
                amount: Money::from_yuan(yuan),
            },
        ];
        if number.is_multiple_of(EXCEPTION) {
            facts.push(Fact::Benefit {
                benefit: "minimum_living".into(),
                monthly: Money::from_yuan(580),
                from: self.first.plus(6),
                to: None,
            });
        }
        let county = COUNTIES[number / CLASSES.len() % COUNTIES.len()] * 1_000_000;
        History {
            place: Division::new(county).unwrap_or(Division::COUNTRY),
            born: date(2012, 3, 4),
            facts: facts.into_iter().map(|fact| Known { at, fact }).collect(),
        }
    }
}

/// Replays so many children in memory, and as a file through the command.
pub(super) async fn measure(
    folder: &Path,
    children: usize,
    repetitions: usize,
) -> Result<Vec<Figure>, Fault> {
    let scene = Scene::of_2021();
    let histories: Vec<History> = (0..children).map(|number| scene.child(number)).collect();
    let mut figures = vec![pure(&scene, &histories, repetitions)?];
    let path = folder.join("histories.jsonl");
    write(&path, &scene, &histories).map_err(BenchError::io(&path))?;
    drop(histories);
    figures.extend(command(&path, &scene, children, repetitions).await?);
    Ok(figures)
}

/// The replay alone, on one core, beside a bare pass over the same months.
fn pure(scene: &Scene, histories: &[History], repetitions: usize) -> Result<Figure, NotInForce> {
    let rules = Rulebook::builtin().allowances();
    let run = Run::new(rules, scene.pay_month, scene.known_at)?;
    let months = usize::try_from(scene.pay_month.since(scene.first) + 1).unwrap_or_default();
    let child_months = (histories.len() * months) as f64;
    let table = vec![[Money::from_yuan(1600).fen(), 0]; histories.len() * months];
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..repetitions {
        let began = Instant::now();
        let mut replay = Replay::new(&run);
        let mut lines = 0;
        for history in histories {
            lines += replay.child(history).map_or(0, |answer| answer.lines.len());
        }
        black_box(lines);
        ours.push(child_months / began.elapsed().as_secs_f64());
        let began = Instant::now();
        let due = black_box([Money::from_yuan(1600).fen(), 0]);
        let differences = table.iter().filter(|committed| **committed != due).count();
        black_box(differences);
        raw.push(child_months / began.elapsed().as_secs_f64());
    }
    Ok(Figure {
        key: "replay.child_months_per_second".to_owned(),
        zh: format!(
            "重算 {} 名儿童各 {months} 个月（单核，不含读写）",
            histories.len()
        ),
        en: format!(
            "replay of {} children over {months} months on one core, without reading or writing",
            histories.len()
        ),
        unit: "child-months/s",
        value: Measured::of(&ours),
        beside: (
            "同样月份的金额逐个相比",
            "comparing two amounts for each of the same months",
        ),
        raw: Measured::of(&raw),
        target: Some(CHILD_MONTHS),
        is_detail: false,
    })
}

/// The command over a file of the same children, each committed month a fact of its own.
async fn command(
    path: &Path,
    scene: &Scene,
    children: usize,
    repetitions: usize,
) -> Result<[Figure; 2], BenchError> {
    let path = path.to_string_lossy();
    let (month, known_at) = (scene.pay_month.to_string(), scene.known_at.to_string());
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..repetitions {
        raw.push(timed("bench --alone", hutong(&["bench", "--alone", &path])?, &[0]).await?);
        let compute = [
            "allowance",
            "compute",
            &path,
            "--month",
            &month,
            "--known-at",
            &known_at,
        ];
        ours.push(timed("allowance compute", hutong(&compute)?, &[0]).await?);
    }
    let figure = |key: &str, (zh, en): (&str, &str), unit, of: &dyn Fn(&Took) -> f64| {
        let all = |took: &[Took]| Measured::of(&took.iter().map(of).collect::<Vec<_>>());
        Figure {
            key: format!("compute.{key}"),
            zh: format!("hutong allowance compute 处理 {children} 名儿童：{zh}"),
            en: format!("hutong allowance compute over {children} children: {en}"),
            unit,
            value: all(&ours),
            beside: (
                "仅用 serde_json 解析（单核）",
                "serde_json alone, on one core",
            ),
            raw: all(&raw),
            target: None,
            is_detail: false,
        }
    };
    let speed = |took: &Took| children as f64 / took.seconds;
    Ok([
        figure(
            "children_per_second",
            ("速度", "speed"),
            "children/s",
            &speed,
        ),
        figure(
            "peak_memory",
            ("内存峰值", "peak memory"),
            "MiB",
            &|took| took.peak,
        ),
    ])
}

/// The histories as lines of JSON.
fn write(path: &Path, scene: &Scene, histories: &[History]) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    for (number, history) in histories.iter().enumerate() {
        let mut line = String::new();
        for known in &history.facts {
            let at = known.at;
            // Writing into memory does not fail.
            let _ = match &known.fact {
                Fact::Recognised { class, on } => write!(
                    line,
                    r#",{{"known":"{at}","kind":"recognised","class":"{class}","on":"{on}"}}"#
                ),
                Fact::Benefit {
                    benefit,
                    monthly,
                    from,
                    ..
                } => write!(
                    line,
                    r#",{{"known":"{at}","kind":"benefit","benefit":"{benefit}","monthly":"{monthly}","from":"{from}","to":null}}"#
                ),
                Fact::Committed { payee, amount, .. } => {
                    for month in (0..COMMITTED).map(|ahead| scene.first.plus(ahead)) {
                        let _ = write!(
                            line,
                            r#",{{"known":"{at}","kind":"committed","for_month":"{month}","payee":"{}","amount":"{amount}"}}"#,
                            payee.code()
                        );
                    }
                    Ok(())
                }
                _ => Ok(()),
            };
        }
        let (place, facts) = (history.place.code(), line.trim_start_matches(','));
        let born = history.born;
        writeln!(
            file,
            r#"{{"child":"c{number}","place":{place},"born":"{born}","facts":[{facts}]}}"#
        )?;
    }
    file.flush()
}
