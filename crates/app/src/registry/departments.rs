//! 与部门名单比对: a list that another department wrote of persons, against who is paid and who is not.
//!
//! **Invariant.** Nothing is changed by it: every doubt waits for an officer, until the file is put right. Of the list nothing
//! is kept but what made the doubt: no resident id, and nobody whom no child on file knows.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::allowances::OtherBenefit;
use domain::registry::{
    Bond, DepartmentList, Doubt, Doubtful, IdDigest, Kinship, Listable, Told, doubts,
};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;
use kernel::ids::ChildId;
use ledger::Limits;
use ledger::check::Rules;
use ledger::read::Workbook;
use ledger::record::{PersonRecord, read_department_list};
use policy::Rulebook;
use store::registry::{Raised, bonds, child_index, kin_index, listable, raised};
use store::work::Work;
use tokio::task::spawn_blocking;

use super::differences::{self, Sheet};
use super::export::ExportError;
use super::import::ImportError;
use super::settle::{Settling, Shows, settle};

/// How many children are read in one statement.
const PAGE: usize = 500;

/// A list of another department.
#[derive(Debug, Clone)]
pub(super) struct ListOfPersons {
    pub(super) list: DepartmentList,
    /// The file's name.
    pub(super) file_name: String,
    /// Its bytes.
    pub(super) content: Vec<u8>,
    /// The division whose children it is compared with.
    pub(super) place: Division,
    /// The day it states.
    pub(super) as_of: Date,
}

/// A doubt with what the list says.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) doubtful: Doubtful,
    since: Option<Date>,
    until: Option<Date>,
    grade: Option<u8>,
    draws: BTreeSet<Category>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Doubted {
    /// Rows of the list.
    pub(super) rows: u64,
    /// Rows whose resident id is not sound; they name nobody.
    pub(super) unsound: u64,
    /// Children whom a row names, or names somebody of.
    pub(super) named: u64,
    /// Doubts opened as work items.
    pub(super) opened: u64,
    /// Doubts of an earlier list that the file has settled.
    pub(super) cleared: u64,
    /// Every doubt.
    pub(super) found: Vec<Found>,
}

/// Compares a list with the children of its place and opens a work item for every doubt that has none.
///
/// # Errors
/// As an import; the work is then of no further use.
pub(super) async fn compare_departments(
    work: &mut Work,
    rules: &Arc<Rules>,
    list: ListOfPersons,
) -> Result<Doubted, ImportError> {
    let (kind, place, as_of) = (list.list, list.place, list.as_of);
    let file_name = list.file_name.clone();
    let records = read(list, rules).await?;
    let told: Vec<Told> = records
        .iter()
        .filter_map(|record| told(work, record))
        .collect();
    // Who is paid is asked of today; the list speaks of its own day.
    let today = work.store().clock().today();
    let bonds = named(work, place, &told, today).await?;
    let waiting = raised(work, place, &codes(kind), false).await?;
    let asked = bonds.iter().map(|bond| bond.child);
    let asked = asked.chain(waiting.iter().filter_map(|one| one.child));
    let held = held(work, kind, place, asked.collect()).await?;
    let doubted = doubts(kind, as_of, &held, &bonds, &told);
    let children: HashMap<ChildId, &Listable> = held.iter().map(|one| (one.child, one)).collect();
    let by_row: HashMap<u32, &Told> = told.iter().map(|row| (row.row, row)).collect();
    let found: Vec<Found> = doubted
        .into_iter()
        .map(|doubtful| with_row(doubtful, &by_row, &children))
        .collect();
    let shows = found.iter().map(|one| shows(one, kind, &file_name));
    let keeps = |one: &Raised| {
        let doubt = Doubt::ALL
            .into_iter()
            .find(|doubt| doubt.code() == one.code);
        let child = one.child.and_then(|child| children.get(&child));
        doubt
            .zip(child)
            .is_some_and(|(doubt, child)| doubt.stands(child))
    };
    let settling = Settling {
        codes: &codes(kind),
        mark: |_, raw| Some(said(raw).to_owned()),
        remembers: true,
        keeps: &keeps,
    };
    let (opened, cleared) = settle(work, place, shows.collect(), &settling).await?;
    let named: BTreeSet<ChildId> = bonds.iter().map(|bond| bond.child).collect();
    Ok(Doubted {
        rows: records.len() as u64,
        unsound: (records.len() - told.len()) as u64,
        named: named.len() as u64,
        opened,
        cleared,
        found,
    })
}

async fn read(list: ListOfPersons, rules: &Arc<Rules>) -> Result<Vec<PersonRecord>, ImportError> {
    let rules = Arc::clone(rules);
    let reading = spawn_blocking(move || {
        let limits = Limits::default();
        let mut workbook = Workbook::from_bytes(&list.file_name, list.content, &limits)?;
        read_department_list(&mut workbook, &rules.synonyms)
    });
    Ok(reading.await.map_err(|_| ImportError::Interrupted)??)
}

fn codes(list: DepartmentList) -> Vec<&'static str> {
    list.doubts().iter().map(|doubt| doubt.code()).collect()
}

/// A row by its digests; none where the resident id is not sound.
fn told(work: &Work, record: &PersonRecord) -> Option<Told> {
    let id = record.resident_id.value.as_ref()?.reveal();
    let sealer = work.store().sealer();
    Some(Told {
        row: record.row,
        as_child: child_index(sealer, id),
        as_kin: kin_index(sealer, id),
        since: record.since.value,
        until: record.until.value,
        grade: record.grade.value,
    })
}

async fn named(
    work: &mut Work,
    place: Division,
    told: &[Told],
    on: Date,
) -> Result<Vec<Bond>, ImportError> {
    let as_child: Vec<IdDigest> = told.iter().map(|row| row.as_child).collect();
    let as_kin: Vec<IdDigest> = told.iter().map(|row| row.as_kin).collect();
    Ok(bonds(work, place, (&as_child, &as_kin), on).await?)
}

/// The children as they stand today, whatever the day of the list.
async fn held(
    work: &mut Work,
    list: DepartmentList,
    place: Division,
    children: BTreeSet<ChildId>,
) -> Result<Vec<Listable>, ImportError> {
    let (rules, on) = (Rulebook::builtin(), work.store().clock().today());
    let benefit = list.benefit().map(OtherBenefit::code);
    let limit = rules.age_limit(Category::DeFactoUnattended, on, place);
    let grown_by = limit.map_or(Date::MIN, |limit| {
        on.saturating_sub(i32::from(limit.value).years())
    });
    let children: Vec<ChildId> = children.into_iter().collect();
    let mut held = Vec::new();
    for page in children.chunks(PAGE) {
        held.extend(listable(work, page, on, grown_by, benefit).await?);
    }
    let deducts = |class: &Category| {
        let rule = rules.allowances().class(*class, on);
        rule.is_some_and(|rule| rule.value.deducts.iter().any(|one| Some(&**one) == benefit))
    };
    for one in &mut held {
        one.lacks_benefit &= one.draws.iter().any(deducts);
    }
    Ok(held)
}

fn with_row(
    doubtful: Doubtful,
    rows: &HashMap<u32, &Told>,
    children: &HashMap<ChildId, &Listable>,
) -> Found {
    let row = rows.get(&doubtful.row);
    Found {
        doubtful,
        since: row.and_then(|row| row.since),
        until: row.and_then(|row| row.until),
        grade: row.and_then(|row| row.grade),
        draws: children
            .get(&doubtful.child)
            .map(|child| child.draws.clone())
            .unwrap_or_default(),
    }
}

fn shows(found: &Found, list: DepartmentList, file_name: &str) -> Shows {
    let doubtful = found.doubtful;
    Shows {
        code: doubtful.doubt.code(),
        child: Some(doubtful.child),
        row: Some(doubtful.row),
        field: Some(doubtful.kinship.code()),
        raw: Some(evidence(found, list, file_name)),
    }
}

/// What makes the doubt, as an officer would read it out: what matched and since when, then where that stands.
fn evidence(found: &Found, list: DepartmentList, file_name: &str) -> String {
    let kinship = found.doubtful.kinship.zh();
    let (since, until) = match list {
        DepartmentList::Deaths => ("死亡日期", ""),
        DepartmentList::PrisonTerms => ("刑期起", "刑期止"),
        DepartmentList::Disabilities => ("发证日期", "有效期至"),
        DepartmentList::LowIncome => ("享受起", "享受止"),
    };
    let mut said = format!("{kinship}身份证号与{}一致", list.zh());
    for (heading, day) in [(since, found.since), (until, found.until)] {
        if let Some(day) = day {
            said += &format!("，{heading}{day}");
        }
    }
    if let Some(grade) = found.grade {
        said += &format!("，残疾等级{grade}级");
    }
    format!("{said}；{file_name}第{}行", found.doubtful.row)
}

/// What matched, without where it stands: a newer file that says the same brings nothing new.
fn said(evidence: &str) -> &str {
    evidence.split_once('；').map_or(evidence, |(said, _)| said)
}

const HEADINGS: [(&str, u8); 11] = [
    ("序号", 6),
    ("事项", 34),
    ("性质", 8),
    ("姓名", 12),
    ("身份证号", 22),
    ("户籍地", 36),
    ("现享受类别", 24),
    ("名单所指", 12),
    ("起始日期", 14),
    ("截止日期", 14),
    ("名单行号", 10),
];

/// The doubts as a workbook; none where there are none.
pub(super) async fn write(
    work: &mut Work,
    doubted: &[Found],
    on: Date,
    purpose: &str,
    names: &Gazetteer,
) -> Result<Option<Vec<u8>>, ExportError> {
    let about = doubted.iter().map(|one| one.doubtful.child);
    let children = differences::children(work, about.collect(), on).await?;
    let rows = (1..).zip(doubted).map(|(number, one): (u32, &Found)| {
        let child = children.get(&one.doubtful.child);
        let nature = match one.doubtful.doubt.is_of_the_paid() {
            true => "多发",
            false => "漏发",
        };
        let draws: Vec<&str> = one.draws.iter().map(|class| class.zh()).collect();
        vec![
            Some(number.to_string()),
            Some(one.doubtful.doubt.zh().to_owned()),
            Some(nature.to_owned()),
            child.map(|child| child.name.clone()),
            child.and_then(|child| child.masked_id.clone()),
            child.map(|child| names.path(child.household)),
            Some(draws.join("、")),
            Some(Kinship::zh(one.doubtful.kinship).to_owned()),
            one.since.map(|day| day.to_string()),
            one.until.map(|day| day.to_string()),
            Some(one.doubtful.row.to_string()),
        ]
    });
    let sheet = Sheet {
        name: "核对清单",
        headings: &HEADINGS,
        rows: rows.collect(),
    };
    differences::workbook(work, sheet, purpose).await
}
