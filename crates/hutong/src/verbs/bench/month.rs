//! `hutong bench month`: a month of many children from the first read to the commit, beside the same lines copied bare.

use std::io::Write;
use std::time::{Duration, Instant};

use app::allowances::{MonthOrder, prepare_and_commit};
use kernel::clock::legal_day;
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::month::Month;
use kernel::roles::Role;
use policy::Rulebook;
use serde_json::json;
use store::bench::Ground;

use super::promise::Promise;
use super::run::folder;
use crate::lines::StreamFault;
use crate::outcome::{Outcome, Verdict};

/// Months committed for each child before the pay month.
const COMMITTED: i32 = 10;
/// 滕州市: one unit that pays every child.
const COUNTY: i64 = 370_481_000_000;

/// Arguments of `bench month`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many children are paid.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    children: u32,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// What was measured.
struct Measured {
    lines: f64,
    ours: Duration,
    peak: f64,
    keyed: Duration,
    then_keyed: Duration,
}

/// Measures one month on a cluster of its own, which is gone afterwards.
pub(super) async fn run(args: &Args, lang: Lang) -> Verdict {
    let tell = |zh, en| eprintln!("{}", if lang == Lang::Zh { zh } else { en });
    let Ok(county) = Division::new(COUNTY) else {
        return Ok(Outcome::Done);
    };
    let folder = folder()?;
    let ground = Ground::make(&folder.path().join("ground")).await?;
    let office = ground.office("bench_month").await?;
    let token = office.session(county, Role::CountyOfficer).await?;
    let month = Month::of(legal_day(office.store.clock().now()));
    tell("生成发放历史……", "inventing histories …");
    let range = (month.plus(-COMMITTED), month);
    office
        .invent_histories(&token, args.children, range)
        .await?;
    ground.settle(&office).await?;
    tell("编制……", "preparing …");
    let rulebook = Rulebook::builtin();
    let order = MonthOrder {
        month,
        sealed: false,
        begins: None,
    };
    let (rules, version) = (rulebook.allowances(), rulebook.version());
    let began = Instant::now();
    let prepared = prepare_and_commit(&office.store, &token, rules, version, order).await?;
    let ours = began.elapsed();
    let peak = peak_memory();
    tell("对照……", "copying the same lines bare …");
    let kept = folder.path().join("lines");
    office.keep_lines(month, &kept).await?;
    ground.rest().await?;
    let keyed = office.copy_keyed(&kept).await?;
    ground.rest().await?;
    let then_keyed = office.copy_then_key(month, &kept).await?;
    ground.remove(office).await?;
    ground.stop().await;
    let measured = Measured {
        lines: f64::from(prepared.batch.lines),
        ours,
        peak,
        keyed,
        then_keyed,
    };
    let promise = measured.promise(args.children);
    let text = match args.json {
        true => format!("{}\n", measured.json(args.children)),
        false => measured.table(args.children, lang) + promise.in_words(lang),
    };
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes())
        .map_err(StreamFault::Output)?;
    Ok(promise.outcome())
}

impl Measured {
    fn per_second(&self, took: Duration) -> f64 {
        self.lines / took.as_secs_f64()
    }

    fn ratio(&self, raw: Duration) -> f64 {
        raw.as_secs_f64() / self.ours.as_secs_f64()
    }

    fn promise(&self, children: u32) -> Promise {
        let (seconds, ratio) = (self.ours.as_secs_f64(), self.ratio(self.keyed));
        Promise::month(children, seconds, ratio, self.peak)
    }

    fn json(&self, children: u32) -> serde_json::Value {
        json!({
            "children": children,
            "lines": self.lines,
            "seconds": self.ours.as_secs_f64(),
            "lines_per_second": self.per_second(self.ours),
            "peak_memory_mib": self.peak,
            "kept": self.promise(children).kept(),
            "copy_keyed": { "lines_per_second": self.per_second(self.keyed), "ratio": self.ratio(self.keyed) },
            "copy_then_key": { "lines_per_second": self.per_second(self.then_keyed), "ratio": self.ratio(self.then_keyed) },
        })
    }

    fn table(&self, children: u32, lang: Lang) -> String {
        let (seconds, speed, peak) = (
            self.ours.as_secs_f64(),
            self.per_second(self.ours),
            self.peak,
        );
        let (a, of_a) = (self.per_second(self.keyed), self.ratio(self.keyed));
        let (b, of_b) = (
            self.per_second(self.then_keyed),
            self.ratio(self.then_keyed),
        );
        let lines = self.lines;
        match lang {
            Lang::Zh => format!(
                "编制：{children}名儿童，{lines}行，{seconds:.2}秒，每秒{speed:.0}行，内存峰值{peak:.0} MiB\n\
                 对照甲（排序后直接COPY入带两个键的表）：每秒{a:.0}行，本程序为其{of_a:.2}倍\n\
                 对照乙（COPY入空表、建两个键、挂接）：每秒{b:.0}行，本程序为其{of_b:.2}倍\n"
            ),
            Lang::En => format!(
                "prepared: {children} children, {lines} lines, {seconds:.2} s, {speed:.0} lines/s, peak memory {peak:.0} MiB\n\
                 (a) bare sorted COPY into the table with both keys: {a:.0} lines/s; ours is {of_a:.2} of it\n\
                 (b) COPY into a bare table, both keys built, attached: {b:.0} lines/s; ours is {of_b:.2} of it\n"
            ),
        }
    }
}

/// The most memory this process ever held, in MiB; 0 where the system does not tell.
pub(super) fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|text| {
        text.trim()
            .trim_end_matches("kB")
            .trim()
            .parse::<f64>()
            .ok()
    });
    kib.unwrap_or_default() / 1024.0
}
