//! `hutong allowance what-if`: what proposed rates would bring, before anybody publishes them.

use std::io::{self, Write};
use std::path::PathBuf;

use domain::allowances::{Cell, Effect, Proposal, WhatIf};
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use policy::Rulebook;
use policy::allowance::{AllowanceRules, Rate};
use serde_json::{Value, json};

use super::progress::Progress;
use super::{Question, histories, history};
use crate::lines::write_json;
use crate::outcome::{Outcome, Verdict};
use crate::output::written;
use crate::rules::{RulesError, RulesFiles};

/// Arguments of `allowance what-if`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    question: Question,
    /// The proposed rates: a file or folder of rules with [[allowance_rate]]; known at the moment asked about, if not before.
    #[arg(long, value_name = "FILE|DIR")]
    proposed: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Weighs the proposed rates over every child.
pub(super) fn run(args: &Args, lang: Lang) -> Verdict {
    let question = &args.question;
    let rulebook = question.rules.rulebook()?;
    let now = rulebook.allowances();
    let rates = proposed(args)?;
    let then = rates
        .iter()
        .fold(now.clone(), |rules, rate| rules.with_rate(rate.clone()));
    let proposal = Proposal::new(now, &then, question.month, question.known_at);
    let mut effect = Effect::default();
    let mut progress = Progress::new(lang);
    histories::for_each(
        &question.histories,
        || WhatIf::new(&proposal),
        |what_if, line| Ok(what_if.child(&history::read(line)?.history)?),
        |what_if, lines| {
            progress.at(lines);
            Ok(effect.add(what_if.effect())?)
        },
    )?;
    drop(progress);
    let ratios: Vec<Ratio<'_>> = rates
        .iter()
        .map(|rate| Ratio::of(rate, now, args))
        .collect();
    let total = effect.total()?;
    let mut out = io::stdout().lock();
    written(if args.json {
        write_json(&mut out, &as_json(&effect, &total, &ratios))
    } else {
        as_text(&mut out, &effect, &total, &ratios, lang)
    })?;
    Ok(Outcome::Done)
}

/// The proposed rates, known at the moment asked about at the latest.
fn proposed(args: &Args) -> Result<Vec<Rate>, RulesError> {
    let files = RulesFiles::read(&args.proposed)?;
    let rules = Rulebook::of(&files.sources())?;
    let known = |rate: &Rate| Rate {
        announced: rate.announced.min(args.question.known_at),
        ..rate.clone()
    };
    Ok(rules.allowances().rates().iter().map(known).collect())
}

/// A proposed rate beside the one it takes over from.
struct Ratio<'r> {
    rate: &'r Rate,
    before: Option<&'r Rate>,
}

impl<'r> Ratio<'r> {
    fn of(rate: &'r Rate, now: &'r AllowanceRules, args: &Args) -> Self {
        let month = kernel::month::Month::of(rate.from);
        let month = if month.first() < rate.from {
            month.next()
        } else {
            month
        };
        let before = now.rate(rate.class, rate.place, month, args.question.known_at);
        Self { rate, before }
    }

    /// The rise in hundredths of a per cent, towards zero.
    fn rise(&self) -> Option<i128> {
        let before = i128::from(self.before?.monthly.fen());
        let more = i128::from(self.rate.monthly.fen()) - before;
        (before > 0).then(|| more * 10_000 / before)
    }

    /// Such as `+13.63 %`.
    fn text(&self) -> String {
        self.rise().map_or_else(String::new, |rise| {
            let sign = if rise < 0 { '-' } else { '+' };
            let plain = rise.unsigned_abs();
            format!("{sign}{}.{:02} %", plain / 100, plain % 100)
        })
    }
}

fn as_json(effect: &Effect, total: &Cell, ratios: &[Ratio<'_>]) -> Value {
    let cell = |cell: &Cell| {
        json!({
            "heads": cell.heads,
            "arrears": cell.arrears,
            "monthly": cell.monthly,
            "to_year_end": cell.to_year_end,
        })
    };
    let cells: Vec<Value> = effect
        .cells
        .iter()
        .map(|((county, class), of)| {
            let mut row = cell(of);
            row["county"] = county.code().into();
            row["class"] = class.code().into();
            row
        })
        .collect();
    let rates: Vec<Value> = ratios
        .iter()
        .map(|ratio| {
            json!({
                "class": ratio.rate.class,
                "place": ratio.rate.place,
                "from": ratio.rate.from,
                "monthly": ratio.rate.monthly,
                "before": ratio.before.map(|before| before.monthly),
                "rise_percent": ratio.rise().map(|_| ratio.text().replace(['+', ' ', '%'], "")),
            })
        })
        .collect();
    json!({ "total": cell(total), "cells": cells, "rates": rates })
}

fn as_text(
    out: &mut impl Write,
    effect: &Effect,
    total: &Cell,
    ratios: &[Ratio<'_>],
    lang: Lang,
) -> io::Result<()> {
    let name = |class: kernel::category::Category| match lang {
        Lang::Zh => class.zh(),
        Lang::En => class.en(),
    };
    for ratio in ratios {
        let (rate, before) = (ratio.rate, ratio.before.map(|before| before.monthly));
        let before = before.map_or_else(|| "-".to_owned(), |before| before.grouped());
        let (place, rise) = (rate.place, ratio.text());
        let (now, from) = (rate.monthly.grouped(), rate.from);
        let class = name(rate.class);
        writeln!(out, "{place}  {from}  {before} → {now}  {rise}  {class}")?;
    }
    let headings = match lang {
        Lang::Zh => ["人数", "补发（元）", "每月增支（元）", "至年底增支（元）"],
        Lang::En => ["heads", "arrears", "more a month", "more to the year's end"],
    };
    writeln!(out, "\n{}", headings.join(" · "))?;
    let mut row = |label: &str, cell: &Cell| {
        let Cell {
            heads,
            arrears,
            monthly,
            to_year_end,
            ..
        } = cell;
        let amounts =
            [arrears, monthly, to_year_end].map(|amount| format!("{:>16}", amount.grouped()));
        writeln!(out, "{heads:>9}{}  {label}", amounts.concat())
    };
    for ((county, class), cell) in &effect.cells {
        let entry = Gazetteer::builtin().get(*county);
        let place = entry.map_or_else(|| county.to_string(), |entry| entry.name.to_string());
        row(&format!("{place} {}", name(*class)), cell)?;
    }
    let all = match lang {
        Lang::Zh => "合计",
        Lang::En => "all",
    };
    row(all, total)
}
