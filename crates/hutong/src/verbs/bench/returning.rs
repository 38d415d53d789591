//! `hutong bench return`: a bank's answer to a file of many lines from its bytes to the commit, beside a bare COPY of the same
//! lines.

use std::fmt::Write as _;
use std::io::Write;
use std::time::Instant;

use app::allowances::enter_return;
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::money::Money;
use kernel::roles::Role;
use serde_json::json;
use store::bench::Ground;

use super::month::peak_memory;
use super::promise::Promise;
use super::run::folder;
use crate::lines::StreamFault;
use crate::outcome::{Outcome, Verdict};

/// 滕州市: one unit that pays every child.
const COUNTY: i64 = 370_481_000_000;
/// What each transfer sends.
const AMOUNT: Money = Money::from_fen(160_000);
/// One in so many comes back.
const FAILS: u32 = 100;
/// Columns of a line of the answer.
const COLUMNS: usize = 5;
const NUMBER: &str = "BENCH-1";
const TEMPLATE: &str = "general_csv";

/// Arguments of `bench return`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many lines the answer has.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    lines: u32,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Measures one answer on a cluster of its own, which is gone afterwards.
pub(super) async fn run(args: &Args, lang: Lang) -> Verdict {
    let Ok(county) = Division::new(COUNTY) else {
        return Ok(Outcome::Done);
    };
    let folder = folder()?;
    let ground = Ground::make(&folder.path().join("ground")).await?;
    let office = ground.office("bench_return").await?;
    let token = office.session(county, Role::FinanceOfficer).await?;
    let sent = (args.lines, AMOUNT.fen());
    let file = office.invent_file(&token, NUMBER, TEMPLATE, sent).await?;
    ground.settle(&office).await?;
    let answer = answer(args.lines);
    let began = Instant::now();
    let mut work = office.store.begin(&token, "bench").await?;
    enter_return(&mut work, file, "answer.csv", answer.as_bytes()).await?;
    work.commit().await?;
    let ours = began.elapsed().as_secs_f64();
    let peak = peak_memory();
    let lines_alone = answer.splitn(3, '\n').last().unwrap_or_default();
    let began = Instant::now();
    office.copy_bare(lines_alone.as_bytes(), COLUMNS).await?;
    let bare = began.elapsed().as_secs_f64();
    ground.remove(office).await?;
    ground.stop().await;
    let (lines, ratio) = (args.lines, bare / ours);
    let promise = Promise::answer(lines, ours);
    let (kept, words) = (promise.kept(), promise.in_words(lang));
    let text = match (args.json, lang) {
        (true, _) => format!(
            "{}\n",
            json!({ "lines": lines, "seconds": ours, "peak_memory_mib": peak, "kept": kept, "copy_bare": { "seconds": bare, "ratio": ratio } })
        ),
        (false, Lang::Zh) => format!(
            "回盘：{lines}行，{ours:.2}秒，内存峰值{peak:.0} MiB\n对照（同样各行直接 COPY）：{bare:.2}秒，本程序速度为其{ratio:.2}倍\n{words}"
        ),
        (false, Lang::En) => format!(
            "answer: {lines} lines, {ours:.2} s, peak memory {peak:.0} MiB\nbare COPY of the same lines: {bare:.2} s; ours is at {ratio:.2} of its speed\n{words}"
        ),
    };
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(StreamFault::Output)?;
    Ok(promise.outcome())
}

/// The answer to the file, as the template has it: a line of control totals, the titles, the lines.
fn answer(lines: u32) -> String {
    let total = Money::from_fen(AMOUNT.fen() * i64::from(lines));
    let mut text = format!("{NUMBER},{lines},{total}\n序号,金额,处理结果,失败代码,失败原因\n");
    for serial in 1..=lines {
        let result = match serial % FAILS {
            0 => "失败,E01,账户已销户",
            _ => "成功,,",
        };
        let _ = writeln!(text, "{serial},{AMOUNT},{result}");
    }
    text
}
