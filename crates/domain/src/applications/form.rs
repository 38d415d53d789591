//! 申请表: an application on paper, to be signed at the window and stamped by the units it goes through.

use policy::{Disability, DisabilityKind, Fact, Facts, ParentFacts};

use super::effect::Matter;
use super::letter::{applied, day};
use super::stated::Stated;
use crate::document::{Block, Cell, Document};

/// What a form is filled in with.
#[derive(Debug, Clone)]
pub struct Filled<'a> {
    /// The application's number.
    pub number: &'a str,
    /// What is applied for.
    pub matter: Matter,
    /// What is stated.
    pub stated: &'a Stated,
    /// The facts stated, as the rulebook reads them.
    pub facts: &'a Facts,
    /// The household, by its names.
    pub household: &'a str,
    /// The papers it needs, in words, each with how it was seen.
    pub papers: Vec<(String, &'static str)>,
    /// The names of the accepting, the verifying and the deciding unit.
    pub units: [&'a str; 3],
}

/// What stands where nothing is known yet: room to write.
const OPEN: &str = "　";

/// The form of an application.
#[must_use]
pub fn form(filled: &Filled<'_>) -> Document {
    let mut rows = about(filled);
    rows.extend(family(filled.facts));
    if filled.matter.category().is_sealed() {
        // A list of papers would say what the form's heading does not.
        rows.push(row("提交材料", "见受理单位存档清单"));
    } else if !filled.papers.is_empty() {
        let papers: Vec<String> = filled
            .papers
            .iter()
            .map(|(name, seen)| format!("{name}（{seen}）"))
            .collect();
        rows.push(row("提交材料", papers.join("；")));
    }
    rows.extend(rooms(filled.units));
    Document {
        title: match filled.matter.category().is_sealed() {
            true => "儿童基本生活保障申请表".into(),
            false => "儿童福利保障申请表".into(),
        },
        number: Some(format!("申请编号：{}", filled.number)),
        blocks: vec![Block::Table(rows)],
    }
}

fn about(filled: &Filled<'_>) -> Vec<Vec<Cell>> {
    let Stated {
        child, applicant, ..
    } = filled.stated;
    let sealed = filled.matter.category().is_sealed();
    let class = match sealed {
        true => "儿童基本生活保障",
        false => filled.matter.category().zh(),
    };
    let (matter, ends) = match filled.matter {
        Matter::Recognition(_) => ("认定", None),
        Matter::Change(_) => ("变更类别", None),
        Matter::Termination { on, .. } => ("终止保障", Some(on)),
    };
    let matter = match ends {
        Some(on) => format!("{matter}（自{}起）", day(on)),
        None => matter.to_owned(),
    };
    let or_open = |text: Option<String>| text.unwrap_or_else(|| OPEN.into());
    let id = child.resident_id.as_ref().map(|id| id.masked());
    vec![
        pair(("申请事项", &matter), ("申请类别", class)),
        pair(
            ("儿童姓名", &child.name),
            ("性别", &or_open(child.sex.map(|sex| sex.zh().to_owned()))),
        ),
        pair(
            ("出生日期", &or_open(child.birth.map(day))),
            ("身份证号", &or_open(id)),
        ),
        row("户籍地", filled.household),
        pair(
            ("申请人", &applied(applicant)),
            (
                "联系电话",
                // The number is sealed and not this paper's to show: it is written in by hand.
                OPEN,
            ),
        ),
    ]
}

fn family(facts: &Facts) -> Vec<Vec<Cell>> {
    let said = |fact: &Fact<bool>| match fact {
        Fact::Known(true) => "是",
        Fact::Known(false) | Fact::Absent => "否",
        Fact::Unknown => OPEN,
    };
    vec![
        row("父亲情形", parent(&facts.father)),
        row("母亲情形", parent(&facts.mother)),
        pair(
            ("经济困难", said(&facts.household.poor)),
            ("享受低保", said(&facts.household.minimum_living)),
        ),
    ]
}

/// A parent's situation with what its threshold needs.
fn parent(facts: &ParentFacts) -> String {
    let Fact::Known(situation) = facts.situation else {
        return OPEN.into();
    };
    let mut said = vec![situation.name(kernel::explain::Lang::Zh).to_owned()];
    if let Fact::Known(disability) = &facts.disability {
        said.push(disabled(disability));
    }
    if let Fact::Known(since) = facts.since {
        said.push(format!("自{}起", day(since)));
    }
    if let Fact::Known(months) = facts.months {
        said.push(format!("期限{months}个月"));
    }
    said.join("，")
}

fn disabled(disability: &Disability) -> String {
    let kind = match disability.kind {
        Fact::Known(kind) => match kind {
            DisabilityKind::Visual => "视力残疾",
            DisabilityKind::Hearing => "听力残疾",
            DisabilityKind::Speech => "言语残疾",
            DisabilityKind::Physical => "肢体残疾",
            DisabilityKind::Intellectual => "智力残疾",
            DisabilityKind::Mental => "精神残疾",
            DisabilityKind::Multiple => "多重残疾",
        },
        Fact::Absent | Fact::Unknown => "残疾",
    };
    match disability.level {
        Fact::Known(level) => format!("{kind}{}级", level.get()),
        Fact::Absent | Fact::Unknown => kind.into(),
    }
}

/// Room for what is promised, found, proposed and decided, each to be signed and stamped.
fn rooms(units: [&str; 3]) -> Vec<Vec<Cell>> {
    let [accepting, verifying, deciding] = units;
    let signed = "签字：　　　　　　　　年　　月　　日";
    let stamped = "经办人：　　　　（盖章）　　年　　月　　日";
    let room = |label: String, words: &str| vec![Cell::label(label), Cell::Room(words.into())];
    vec![
        room(
            "申请人承诺".into(),
            &format!("以上情况属实，同意核对有关信息。\n{signed}"),
        ),
        room(format!("受理意见\n{accepting}"), stamped),
        room(format!("查验意见\n{verifying}"), stamped),
        room(format!("确认意见\n{deciding}"), stamped),
    ]
}

fn row(label: &str, text: impl Into<String>) -> Vec<Cell> {
    vec![Cell::label(label), Cell::of(text)]
}

fn pair(one: (&str, &str), other: (&str, &str)) -> Vec<Cell> {
    vec![
        Cell::label(one.0),
        Cell::of(one.1),
        Cell::label(other.0),
        Cell::of(other.1),
    ]
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
