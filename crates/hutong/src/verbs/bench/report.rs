//! The report: a table for people, and a file for machines.

use std::fmt::Write;

use kernel::explain::Lang;
use serde_json::{Value, json};

use super::figure::{Figure, Measured, Target};

/// What a run was made of.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub(super) is_quick: bool,
    pub(super) repetitions: usize,
    pub(super) rows: usize,
    pub(super) children: usize,
    pub(super) queries: usize,
    pub(super) postgresql: u32,
    pub(super) cores: usize,
    pub(super) load_before: f64,
    pub(super) load_after: f64,
}

/// The file.
pub(super) fn json(conditions: &Conditions, figures: &[Figure]) -> Value {
    let figures: Vec<Value> = figures
        .iter()
        .map(|figure| figure.json(conditions.is_quick))
        .collect();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "quick": conditions.is_quick,
        "repetitions": conditions.repetitions,
        "ledger_rows": conditions.rows,
        "children_searched": conditions.children,
        "queries_of_each_kind": conditions.queries,
        "postgresql": conditions.postgresql,
        "cores": conditions.cores,
        "load_average": { "before": conditions.load_before, "after": conditions.load_after },
        "figures": figures,
    })
}

/// The table: one line a figure. The words stand last, so that Chinese and English leave the columns straight.
pub(super) fn table(conditions: &Conditions, figures: &[Figure], lang: Lang) -> String {
    let headings = match lang {
        Lang::Zh => "     中位数（最小..最大）           对照值          目标",
        Lang::En => "     median (least..most)           raw limit       target",
    };
    let mut text = format!("{headings}\n");
    for figure in figures.iter().filter(|figure| !figure.is_detail) {
        let (what, beside) = match lang {
            Lang::Zh => (&figure.zh, format!("对照：{}", figure.beside.0)),
            Lang::En => (&figure.en, format!("beside {}", figure.beside.1)),
        };
        let target = figure.target.map_or_else(String::new, Target::text);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{} {:<30} {:<15} {target:<9} {:<11} {what} · {beside}",
            mark(figure, conditions.is_quick),
            spread(figure.value),
            number(figure.raw.median),
            figure.unit,
        );
    }
    text.push_str(&footer(conditions, lang));
    text
}

fn mark(figure: &Figure, is_quick: bool) -> &'static str {
    match figure.met() {
        Some(false) if !is_quick => "  ✗ ",
        Some(true) if !is_quick => "  ✓ ",
        _ => "    ",
    }
}

fn footer(conditions: &Conditions, lang: Lang) -> String {
    let Conditions {
        repetitions,
        postgresql,
        cores,
        load_before,
        load_after,
        ..
    } = conditions;
    let quick = match (conditions.is_quick, lang) {
        (false, _) => "",
        (true, Lang::Zh) => "快速运行规模太小，不判断是否达标。",
        (true, Lang::En) => " A quick run is too small to judge by the targets.",
    };
    match lang {
        Lang::Zh => format!(
            "\n中位数（最小..最大），重复 {repetitions} 次；{cores} 核，PostgreSQL {postgresql}，机器负载 {load_before:.1}（前）、{load_after:.1}（后）。{quick}\n"
        ),
        Lang::En => format!(
            "\nMedian (least..most) of {repetitions} repetitions; {cores} cores, PostgreSQL {postgresql}, machine load {load_before:.1} before, {load_after:.1} after.{quick}\n"
        ),
    }
}

fn spread(measured: Measured) -> String {
    let Measured { median, min, max } = measured;
    format!("{} ({}..{})", number(median), number(min), number(max))
}

/// Three figures that count: 12 345, 123, 12.3, 1.23.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => grouped(value.round() as i64),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn grouped(value: i64) -> String {
    let digits = value.abs().to_string();
    let mut text = String::from(if value < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_what_counts() {
        let shown = [1.234, 12.34, 123.4, 12_345.6, 1_234_567.0].map(number);
        assert_eq!(shown, ["1.23", "12.3", "123", "12 346", "1 234 567"]);
    }
}
