//! `hutong bench what-if`: rates tried out over many children, from the question to the answer, beside the bare counting of
//! as many by class and place.

use std::io::Write;
use std::time::Instant;

use app::allowances::{WhatIfOrder, what_if};
use kernel::category::Category;
use kernel::clock::legal_day;
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::money::Money;
use kernel::month::Month;
use kernel::roles::Role;
use serde_json::json;
use store::bench::Ground;

use super::figure::Measured;
use super::month::peak_memory;
use super::promise::Promise;
use super::run::folder;
use crate::lines::StreamFault;
use crate::outcome::{Outcome, Verdict};

/// Months committed for each child before the pay month.
const COMMITTED: i32 = 10;
/// 滕州市: one unit that pays every child.
const COUNTY: i64 = 370_481_000_000;

/// Arguments of `bench what-if`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many children there are.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    children: u32,
    /// How often the question is asked.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    repetitions: u32,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Measures the question on a cluster of its own, which is gone afterwards.
pub(super) async fn run(args: &Args, lang: Lang) -> Verdict {
    let Ok(county) = Division::new(COUNTY) else {
        return Ok(Outcome::Done);
    };
    let folder = folder()?;
    let ground = Ground::make(&folder.path().join("ground")).await?;
    let office = ground.office("bench_what_if").await?;
    let token = office.session(county, Role::CountyOfficer).await?;
    let month = Month::of(legal_day(office.store.clock().now()));
    let range = (month.plus(-COMMITTED), month);
    let children = args.children;
    office.invent_histories(&token, children, range).await?;
    ground.settle(&office).await?;
    let order = WhatIfOrder {
        place: county,
        from: month,
        rates: vec![
            (Category::ScatteredOrphan, Money::from_yuan(1800)),
            (Category::KeyHardship, Money::from_yuan(1300)),
        ],
    };
    let (mut ours, mut bare, mut heads) = (Vec::new(), Vec::new(), 0);
    for _ in 0..args.repetitions {
        let began = Instant::now();
        let mut work = office.store.begin(&token, "bench").await?;
        let weighing = what_if(&mut work, &order).await?;
        ours.push(began.elapsed().as_secs_f64());
        drop(work);
        heads = weighing.effect.outlook.heads;
        bare.push(office.count_bare().await?.as_secs_f64());
    }
    let (ours, bare) = (Measured::of(&ours), Measured::of(&bare));
    let peak = peak_memory();
    ground.remove(office).await?;
    ground.stop().await;
    let promise = Promise::what_if(children, ours.median);
    let text = told(args, lang, heads, promise, (ours, bare, peak));
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes())
        .map_err(StreamFault::Output)?;
    Ok(promise.outcome())
}

fn told(
    args: &Args,
    lang: Lang,
    heads: u64,
    promise: Promise,
    measured: (Measured, Measured, f64),
) -> String {
    let (ours, bare, peak) = measured;
    let (seconds, slowest, counted) = (ours.median, ours.max, bare.median);
    let (ratio, children) = (counted / seconds, args.children);
    let words = promise.in_words(lang);
    match (args.json, lang) {
        (true, _) => format!(
            "{}\n",
            json!({
                "children": children,
                "heads": heads,
                "seconds": seconds,
                "slowest_seconds": slowest,
                "peak_memory_mib": peak,
                "kept": promise.kept(),
                "count_bare": { "seconds": counted, "ratio": ratio },
            })
        ),
        (false, Lang::Zh) => format!(
            "测算：{children}名儿童，发放{heads}人，中位数{seconds:.3}秒，最慢{slowest:.3}秒，内存峰值{peak:.0} MiB\n\
             对照（由表的所有者直接按类别、地区计数）：{counted:.3}秒，本程序速度为其{ratio:.2}倍\n{words}"
        ),
        (false, Lang::En) => format!(
            "what if: {children} children, {heads} paid, median {seconds:.3} s, slowest {slowest:.3} s, peak memory {peak:.0} MiB\n\
             as many counted bare by class and place by the tables' owner: {counted:.3} s; ours is at {ratio:.2} of its speed\n{words}"
        ),
    }
}
