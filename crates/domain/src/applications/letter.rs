//! 决定书: what an applicant is told of a decision, in the form of an administrative document.
//!
//! **Invariant.** The letter on a sealed application names neither its class nor what that rests on: it lies in a house
//! where others read it.

use jiff::civil::Date;
use kernel::category::Category;

use super::effect::Matter;
use super::stated::{Applicant, Capacity, Stated};
use super::step::Outcome;
use crate::document::{Block, Document};

/// A rule that a decision rests on, as a letter cites it.
///
/// ```
/// use domain::applications::Cited;
/// let cited = Cited { cite: "民发〔2019〕62号".into(), verified: false };
/// assert_eq!(cited.to_string(), "民发〔2019〕62号（待核实）");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The document.
    pub cite: String,
    /// Whether it was compared with the official text.
    pub verified: bool,
}

impl std::fmt::Display for Cited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.cite)?;
        match self.verified {
            true => Ok(()),
            false => f.write_str("（待核实）"),
        }
    }
}

/// How long somebody may do something against a decision, and by which rule.
///
/// ```
/// use domain::applications::{Cited, Remedied};
/// let cited = Cited { cite: "《中华人民共和国行政诉讼法》第四十六条".into(), verified: true };
/// assert_eq!(Remedied { term: 6, cited }.term, 6);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedied {
    /// Working days, days or months, as the remedy says.
    pub term: u32,
    /// The rule.
    pub cited: Cited,
}

/// What a letter is made of.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    /// The application's number.
    pub application: &'a str,
    /// The decision's own number (文号), where it has one.
    pub number: Option<&'a str>,
    /// What was applied for.
    pub matter: Matter,
    /// What was stated.
    pub stated: &'a Stated,
    /// The household, by its names.
    pub household: &'a str,
    /// The names of the accepting, the verifying and the deciding unit.
    pub units: [&'a str; 3],
    /// When it was submitted.
    pub submitted: Option<Date>,
    /// What was decided.
    pub outcome: Outcome,
    /// On which day.
    pub on: Date,
    /// The facts that the class rests on, in words.
    pub met: Vec<String>,
    /// The conditions that are not met, in words.
    pub unmet: Vec<String>,
    /// The facts that are not known, in words.
    pub missing: Vec<String>,
    /// The class that comes before the one applied for.
    pub excluded_by: Option<Category>,
    /// The rules.
    pub rules: Vec<Cited>,
    /// Why, in the officers' words.
    pub reasons: &'a [String],
    /// Objection (working days), administrative review (days), lawsuit (months), as far as a rule is in force.
    pub remedies: [Option<Remedied>; 3],
}

/// What stands for the class where nobody may read it.
const NEUTRAL: &str = "儿童基本生活保障";

impl Told<'_> {
    const fn is_sealed(&self) -> bool {
        self.matter.category().is_sealed()
    }

    /// What is applied for, as a noun.
    fn subject(&self) -> &'static str {
        match self.is_sealed() {
            true => NEUTRAL,
            false => self.matter.category().zh(),
        }
    }

    fn title(&self) -> String {
        let subject = self.subject();
        match (self.matter, self.outcome) {
            (Matter::Recognition(_), Outcome::Grant) => format!("{subject}认定决定书"),
            (Matter::Recognition(_), Outcome::Refuse) => format!("{subject}不予认定决定书"),
            (Matter::Change(_), Outcome::Grant) => "儿童保障类别变更决定书".into(),
            (Matter::Change(_), Outcome::Refuse) => "儿童保障类别不予变更决定书".into(),
            (Matter::Termination { .. }, Outcome::Grant) => format!("{subject}终止保障决定书"),
            (Matter::Termination { .. }, Outcome::Refuse) => {
                format!("{subject}不予终止保障决定书")
            }
        }
    }

    fn parties(&self) -> Vec<Block> {
        let Stated {
            child, applicant, ..
        } = self.stated;
        let mut of_child = vec![format!("儿童：{}", child.name)];
        of_child.extend(child.sex.map(|sex| sex.zh().to_owned()));
        of_child.extend(child.birth.map(|birth| format!("{}出生", day(birth))));
        let id = child.resident_id.as_ref();
        of_child.extend(id.map(|id| format!("公民身份号码{}", id.masked())));
        of_child.push(format!("户籍地{}", self.household));
        vec![
            Block::Line(format!("申请人：{}", applied(applicant))),
            Block::Line(of_child.join("，")),
            Block::Line(format!("申请编号：{}", self.application)),
        ]
    }

    fn course(&self) -> String {
        let [accepting, verifying, _] = self.units;
        let child = &self.stated.child.name;
        let asked = match self.matter {
            Matter::Recognition(_) => format!("关于认定{child}为{}的申请", self.object()),
            Matter::Change(_) => format!("关于将{child}的保障类别变更为{}的申请", self.object()),
            Matter::Termination { .. } => {
                format!("关于终止{child}{}保障的申请", self.object())
            }
        };
        let when = self.submitted.map_or(String::new(), |submitted| {
            format!("于{}提出的", day(submitted))
        });
        let verified = match accepting == verifying {
            true => format!("已由{accepting}受理并查验"),
            false => format!("已由{accepting}受理、{verifying}查验"),
        };
        format!("你（单位）{when}{asked}，{verified}，现已审查终结。")
    }

    /// The class as the object of a sentence.
    fn object(&self) -> &'static str {
        match self.is_sealed() {
            true => "儿童基本生活保障对象",
            false => self.matter.category().zh(),
        }
    }

    fn facts(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Heading("一、事实和理由".into())];
        let mut say = |text: String| blocks.push(Block::Paragraph(text));
        say(self.course());
        if self.is_sealed() {
            // Reasons in the officers' words could name what must not be named.
            say("经查，申请所依据的事实已经核实。依法予以保密，不在本决定书载明。".into());
            return blocks;
        }
        if !self.met.is_empty() {
            say(format!("经查：{}。", self.met.join("；")));
        }
        if !self.unmet.is_empty() {
            say(format!("不具备下列条件：{}。", self.unmet.join("；")));
        }
        // What ends a class is an event: what is not known beside it was not looked for.
        if self.outcome == Outcome::Refuse && !self.missing.is_empty() {
            say(format!("下列事实未能查明：{}。", self.missing.join("；")));
        }
        if let Some(before) = self.excluded_by {
            say(format!(
                "该儿童符合{}条件，按就高不重复的规定，不再认定为{}。",
                before.zh(),
                self.object()
            ));
        }
        let mut reasons: Vec<&str> = Vec::new();
        for reason in self.reasons {
            let reason = reason.trim().trim_end_matches(['。', '；', '，']);
            if !reason.is_empty() && !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        if !reasons.is_empty() {
            say(format!("审查意见：{}。", reasons.join("；")));
        }
        blocks
    }

    fn basis(&self) -> Vec<Block> {
        let text = match self.is_sealed() {
            true => "本决定依据国家和省有关儿童基本生活保障的规定作出。具体依据依法保密，申请人可以向本机关查询。".into(),
            false if self.rules.is_empty() => "本决定依据国家和省有关儿童福利保障的规定作出。".into(),
            false => {
                let mut cites: Vec<String> = Vec::new();
                for rule in &self.rules {
                    let cite = rule.to_string();
                    if !cites.contains(&cite) {
                        cites.push(cite);
                    }
                }
                format!("本决定依据下列规定作出：{}。", cites.join("；"))
            }
        };
        vec![Block::Heading("二、依据".into()), Block::Paragraph(text)]
    }

    fn decided(&self) -> Vec<Block> {
        let child = &self.stated.child.name;
        let (object, from) = (self.object(), day(self.on));
        let text = match (self.matter, self.outcome) {
            (Matter::Recognition(_), Outcome::Grant) => {
                format!("认定{child}为{object}，自{from}起纳入保障。")
            }
            (Matter::Change(_), Outcome::Grant) => {
                format!("自{from}起，{child}的保障类别变更为{object}。")
            }
            (Matter::Termination { on, .. }, Outcome::Grant) => {
                format!("自{}起，终止{child}的{object}保障。", day(on))
            }
            (Matter::Recognition(_), Outcome::Refuse) => format!("不予认定{child}为{object}。"),
            (Matter::Change(_), Outcome::Refuse) => {
                format!("{child}的保障类别不予变更为{object}。")
            }
            (Matter::Termination { .. }, Outcome::Refuse) => {
                format!("{child}的{object}保障不予终止。")
            }
        };
        let mut blocks = vec![Block::Heading("三、决定".into()), Block::Paragraph(text)];
        if self.outcome == Outcome::Grant && !matches!(self.matter, Matter::Termination { .. }) {
            let money = "基本生活费（补贴）的标准和起发月份，按作出决定时执行的规定核定。";
            blocks.push(Block::Paragraph(money.into()));
        }
        blocks
    }

    fn remedy(&self) -> Vec<Block> {
        let [objection, review, lawsuit] = &self.remedies;
        let mark = |remedied: &Remedied| match remedied.cited.verified {
            true => "",
            false => "（待核实）",
        };
        let mut ways = Vec::new();
        // Only what is refused is looked at once more by the unit that refused it.
        let objection = objection
            .as_ref()
            .filter(|_| self.outcome == Outcome::Refuse);
        ways.extend(objection.map(|of| {
            format!(
                "自收到本决定书之日起{}个工作日{}内向受理单位提出异议",
                of.term,
                mark(of)
            )
        }));
        ways.extend(review.as_ref().map(|of| {
            format!(
                "自收到本决定书之日起{}日{}内依法申请行政复议",
                of.term,
                mark(of)
            )
        }));
        ways.extend(lawsuit.as_ref().map(|of| {
            format!(
                "自收到本决定书之日起{}个月{}内依法向人民法院提起行政诉讼",
                of.term,
                mark(of)
            )
        }));
        if ways.is_empty() {
            return Vec::new();
        }
        let ways = ways.join("，也可以");
        vec![
            Block::Heading("四、救济途径".into()),
            Block::Paragraph(format!("如对本决定不服，可以{ways}。")),
        ]
    }
}

/// The letter that tells of a decision.
#[must_use]
pub fn letter(told: &Told<'_>) -> Document {
    let mut blocks = told.parties();
    blocks.extend(told.facts());
    blocks.extend(told.basis());
    blocks.extend(told.decided());
    blocks.extend(told.remedy());
    let [_, _, deciding] = told.units;
    blocks.push(Block::Seal {
        office: deciding.into(),
        day: day(told.on),
    });
    Document {
        title: told.title(),
        number: told.number.map(str::to_owned),
        blocks,
    }
}

/// Who applies: a person with what it is to the child, or a body.
pub(super) fn applied(applicant: &Applicant) -> String {
    let capacity = match applicant.capacity {
        Capacity::Guardian => "监护人",
        Capacity::EntrustedKin => "受委托的近亲属",
        Capacity::VillageCommittee => "村（居）民委员会",
        Capacity::Home => "儿童福利机构",
    };
    match &applicant.relation {
        Some(relation) => format!("{}（{capacity}，{relation}）", applicant.name),
        None => format!("{}（{capacity}）", applicant.name),
    }
}

/// A day as such documents write it.
pub(super) fn day(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// 文号: the number of a decision, counted in each office and year.
///
/// ```
/// use domain::applications::letter_number;
/// assert_eq!(letter_number(2021, 12, false), "儿保决〔2021〕12号");
/// assert_eq!(letter_number(2021, 1, true), "儿保决〔2021〕特1号");
/// ```
#[must_use]
pub fn letter_number(year: i16, count: i64, sealed: bool) -> String {
    // A gap in the others' numbers would tell of a sealed one.
    let series = if sealed { "特" } else { "" };
    format!("儿保决〔{year}〕{series}{count}号")
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
