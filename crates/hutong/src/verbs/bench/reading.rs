//! Checking a ledger: the whole command beside calamine, or the csv crate, reading the same file and nothing more.

use std::path::Path;

use super::child::{Took, hutong, timed};
use super::error::BenchError;
use super::figure::{Figure, Measured, Target};

/// The promise for 100 000 rows.
const SECONDS: Target = Target::Below(3.0);
const MEMORY: Target = Target::Below(300.0);

/// What differs between a workbook and a text.
struct Kind {
    name: &'static str,
    beside: (&'static str, &'static str),
}

/// Measures the check of an xlsx and a csv file with so many rows.
pub(super) async fn measure(
    xlsx: &Path,
    csv: &Path,
    rows: usize,
    repetitions: usize,
) -> Result<Vec<Figure>, BenchError> {
    let workbook = Kind {
        name: "xlsx",
        beside: ("仅用 calamine 读取", "calamine alone"),
    };
    let text = Kind {
        name: "csv",
        beside: ("仅用 csv 库读取", "the csv crate alone"),
    };
    let mut figures = Vec::new();
    for (kind, path) in [(workbook, xlsx), (text, csv)] {
        figures.extend(one(&kind, path, rows, repetitions).await?);
    }
    Ok(figures)
}

async fn one(
    kind: &Kind,
    path: &Path,
    rows: usize,
    repetitions: usize,
) -> Result<[Figure; 3], BenchError> {
    let path = path.to_string_lossy();
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..repetitions {
        raw.push(timed("bench --alone", hutong(&["bench", "--alone", &path])?, &[0]).await?);
        let check = [
            "check",
            &path,
            "--place",
            "370481",
            "--as-of",
            "2021-10-31",
            "--json",
        ];
        ours.push(timed("check", hutong(&check)?, &[0, 1]).await?);
    }
    Ok(figures(kind, rows, &ours, &raw))
}

fn figures(kind: &Kind, rows: usize, ours: &[Took], raw: &[Took]) -> [Figure; 3] {
    let name = kind.name;
    let figure = |key: &str, zh: &str, en: &str, unit, of: fn(&Took, f64) -> f64, target| {
        let all = |took: &[Took]| {
            let values: Vec<f64> = took.iter().map(|took| of(took, rows as f64)).collect();
            Measured::of(&values)
        };
        Figure {
            key: format!("check.{name}.{key}"),
            zh: format!("核查 {rows} 行 {name}：{zh}"),
            en: format!("check of {rows} {name} rows: {en}"),
            unit,
            value: all(ours),
            beside: kind.beside,
            raw: all(raw),
            target,
            is_detail: false,
        }
    };
    [
        figure(
            "seconds",
            "用时",
            "time",
            "s",
            |took, _| took.seconds,
            Some(SECONDS),
        ),
        figure(
            "rows_per_second",
            "速度",
            "speed",
            "rows/s",
            |took, rows| rows / took.seconds,
            None,
        ),
        figure(
            "peak_memory",
            "内存峰值",
            "peak memory",
            "MiB",
            |took, _| took.peak,
            Some(MEMORY),
        ),
    ]
}
