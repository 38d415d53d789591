//! The brief's figures as counted from the demo's database: what each is called and how it was counted.

use std::collections::BTreeMap;
use std::io::Write;

use api::page::Figure;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::explain::Lang;

use crate::outcome::Fault;
use crate::output::written;

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    value: i64,
    counted: Counted,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Children,
    Units,
    Posts,
}

impl Counted {
    fn zh(self) -> &'static str {
        match self {
            Self::Children => "当日持有该类别状态的儿童，按人去重",
            Self::Units => "计入口径的单位，不含山亭经济开发区",
            Self::Posts => "当日有人任职的单位，不含山亭经济开发区",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Children => "children who held the class that day, each counted once",
            Self::Units => "units within the count, 山亭经济开发区 left out",
            Self::Posts => "units with somebody in the post that day, 山亭经济开发区 left out",
        }
    }
}

impl Line {
    /// The figure as the first page shows it.
    pub(crate) fn figure(self) -> Figure {
        Figure {
            key: self.key.to_owned(),
            part: ORPHANS.iter().any(|(class, _)| class.code() == self.key),
            zh: self.zh.to_owned(),
            en: self.en.to_owned(),
            value: self.value,
            how_zh: self.counted.zh().to_owned(),
            how_en: self.counted.en().to_owned(),
        }
    }
}

/// The classes that the word orphan covers in the brief, with their English plurals.
const ORPHANS: [(Category, &str); 3] = [
    (Category::InstitutionOrphan, "orphans in an institution"),
    (Category::ScatteredOrphan, "orphans living in the community"),
    (Category::AidsAffected, "children affected by AIDS"),
];

/// The other classes of the brief.
const OTHERS: [(Category, &str); 3] = [
    (Category::DeFactoUnattended, "de facto unattended children"),
    (Category::KeyHardship, "children in key hardship"),
    (Category::LeftBehind, "left-behind children"),
];

/// The figures in the brief's own order.
pub(crate) fn lines(counted: &BTreeMap<String, i64>) -> Vec<Line> {
    let of = |key: &str| counted.get(key).copied().unwrap_or_default();
    let line = |key, zh, en, value, counted| Line {
        key,
        zh,
        en,
        value,
        counted,
    };
    let class = |(category, en): (Category, &'static str)| {
        line(
            category.code(),
            category.zh(),
            en,
            of(category.code()),
            Counted::Children,
        )
    };
    let orphans = ORPHANS
        .iter()
        .map(|(category, _)| of(category.code()))
        .sum();
    let mut lines = vec![line(
        "orphans",
        "孤儿",
        "orphans",
        orphans,
        Counted::Children,
    )];
    lines.extend(ORPHANS.map(class));
    lines.extend(OTHERS.map(class));
    lines.push(line(
        "towns",
        "镇（街）",
        "towns and streets",
        of("towns"),
        Counted::Units,
    ));
    lines.push(line(
        "villages",
        "村（居）",
        "villages",
        of("villages"),
        Counted::Units,
    ));
    lines.push(line(
        "supervisors",
        "儿童督导员到岗的镇（街）",
        "towns with a supervisor",
        of("supervisors"),
        Counted::Posts,
    ));
    lines.push(line(
        "directors",
        "儿童主任到岗的村（居）",
        "villages with a director",
        of("directors"),
        Counted::Posts,
    ));
    lines
}

/// Prints the figures with their day.
pub(crate) fn print(lines: &[Line], as_of: Date, json: bool, lang: Lang) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    let printed = if json {
        as_json(&mut out, lines, as_of)
    } else {
        as_text(&mut out, lines, as_of, lang)
    };
    Ok(written(printed)?)
}

fn as_json(out: &mut impl Write, lines: &[Line], as_of: Date) -> std::io::Result<()> {
    let figures: serde_json::Map<String, serde_json::Value> = lines
        .iter()
        .map(|line| (line.key.to_owned(), line.value.into()))
        .collect();
    writeln!(
        out,
        "{}",
        serde_json::json!({ "as_of": as_of, "figures": figures })
    )
}

fn as_text(out: &mut impl Write, lines: &[Line], as_of: Date, lang: Lang) -> std::io::Result<()> {
    match lang {
        Lang::Zh => writeln!(out, "演示数据：人物均为虚构。截至 {as_of}，由数据库统计：")?,
        Lang::En => writeln!(
            out,
            "Demo data: everybody is invented. As of {as_of}, counted from the database:"
        )?,
    }
    for line in lines {
        let name = if lang == Lang::Zh { line.zh } else { line.en };
        writeln!(out, "{:>8}  {name}", line.value)?;
    }
    Ok(())
}
