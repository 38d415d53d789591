//! 与全国儿童福利信息系统比对: a list that the national system wrote, compared with the children on file.
//!
//! **Invariant.** Nothing is changed by it but a number that was not known here: every difference waits for an officer, and
//! one that a newer list no longer shows waits no longer. What the officer may not see is told of by neither.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::registry::{
    Comparison, Difference, Entered, Found, IdDigest, Particulars, amend, compare,
};
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::ChildId;
use ledger::Limits;
use ledger::check::Rules;
use ledger::header::ListState;
use ledger::read::Workbook;
use ledger::record::{ChildRecord, read_national_list};
use store::error::StoreError;
use store::registry::{Amended, child_index, files, held_in, known_elsewhere};
use store::work::Work;
use tokio::task::spawn_blocking;

use super::import::ImportError;
use super::settle::{Settling, Shows, settle};

/// How many files are read in one statement.
const PAGE: usize = 500;

/// A list of the national system.
#[derive(Debug, Clone)]
pub(super) struct NationalList {
    /// The file's name.
    pub(super) file_name: String,
    /// Its bytes.
    pub(super) content: Vec<u8>,
    /// The division it is of.
    pub(super) place: Division,
}

/// A difference with the row it shows in.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) found: Found,
    pub(super) row: Option<ChildRecord>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Compared {
    /// Rows of the list.
    pub(super) rows: u64,
    /// Children on file that it was compared with.
    pub(super) held: u64,
    /// Numbers that were not known here.
    pub(super) numbers: u64,
    /// Differences opened as work items.
    pub(super) opened: u64,
    /// Differences of an earlier list that are gone.
    pub(super) cleared: u64,
    /// Rows whose state is a word that nobody knows; they count as being in the list.
    pub(super) unknown_states: u64,
    /// Every difference.
    pub(super) differences: Vec<Shown>,
}

/// Compares a list with the children of its place and opens a work item for every difference that has none.
///
/// # Errors
/// As an import; the work is then of no further use.
pub(super) async fn compare_list(
    work: &mut Work,
    rules: &Arc<Rules>,
    list: NationalList,
) -> Result<Compared, ImportError> {
    let place = list.place;
    let records = read(list, rules).await?;
    let held = held_in(work, place, rules.as_of).await?;
    let entered: Vec<Entered> = records.iter().map(|record| entered(work, record)).collect();
    let mut comparison = compare(&held, &entered);
    leave_out_elsewhere(work, &entered, &mut comparison).await?;
    learn(work, &comparison).await?;
    let unknown_states = records.iter().filter(|record| record.state.is_doubtful());
    let unknown_states = unknown_states.count() as u64;
    let (rows, numbers) = (records.len() as u64, comparison.numbers.len() as u64);
    let mut by_row: HashMap<u32, ChildRecord> = records
        .into_iter()
        .map(|record| (record.row, record))
        .collect();
    let differences: Vec<Shown> = comparison
        .found
        .into_iter()
        .map(|found| Shown {
            row: found.row.and_then(|row| by_row.remove(&row)),
            found,
        })
        .collect();
    let (opened, cleared) = settle_differences(work, place, &differences).await?;
    Ok(Compared {
        rows,
        held: held.len() as u64,
        numbers,
        opened,
        cleared,
        unknown_states,
        differences,
    })
}

async fn read(list: NationalList, rules: &Arc<Rules>) -> Result<Vec<ChildRecord>, ImportError> {
    let rules = Arc::clone(rules);
    let reading = spawn_blocking(move || {
        let limits = Limits::default();
        let mut workbook = Workbook::from_bytes(&list.file_name, list.content, &limits)?;
        read_national_list(&mut workbook, &rules)
    });
    Ok(reading.await.map_err(|_| ImportError::Interrupted)??)
}

fn entered(work: &Work, record: &ChildRecord) -> Entered {
    let id = record.resident_id.value.as_ref();
    Entered {
        row: record.row,
        number: record.national_number.value.clone(),
        resident_id: id.map(|id| child_index(work.store().sealer(), id.reveal())),
        class: record.category.value,
        has_ended: record.state.value == Some(ListState::Ended),
    }
}

/// A child on file beyond the officer's sight is not missing here; that it is on file is not told either.
async fn leave_out_elsewhere(
    work: &mut Work,
    entered: &[Entered],
    comparison: &mut Comparison,
) -> Result<(), StoreError> {
    let ids: BTreeMap<u32, IdDigest> = entered
        .iter()
        .filter_map(|row| Some((row.row, row.resident_id?)))
        .collect();
    let missing = |found: &Found| match found.difference {
        Difference::NotHere => found.row.and_then(|row| ids.get(&row).copied()),
        _ => None,
    };
    let asked: Vec<IdDigest> = comparison.found.iter().filter_map(missing).collect();
    let elsewhere: HashSet<IdDigest> = known_elsewhere(work, &asked).await?.into_iter().collect();
    comparison
        .found
        .retain(|found| missing(found).is_none_or(|id| !elsewhere.contains(&id)));
    Ok(())
}

/// Enters numbers that were not known here.
async fn learn(work: &mut Work, comparison: &Comparison) -> Result<(), StoreError> {
    let on = work.store().clock().today();
    let numbers: HashMap<ChildId, &String> = comparison
        .numbers
        .iter()
        .map(|(child, number)| (*child, number))
        .collect();
    let children: Vec<ChildId> = comparison.numbers.iter().map(|(child, _)| *child).collect();
    for page in children.chunks(PAGE) {
        for file in files(work, page).await? {
            let mut stated = Particulars::of(file.facts.name.clone(), file.facts.household);
            stated.national_number = numbers.get(&file.child).map(|number| (*number).clone());
            let Some(amendment) = amend(&file.facts, None, &stated, true) else {
                continue;
            };
            let amended = Amended {
                file: &file,
                amendment: Some(&amendment),
                status: None,
                on,
                row: None,
            };
            work.apply(&amended).await?;
        }
    }
    Ok(())
}

/// Opens what is new, and clears what the list no longer shows: how many of each.
async fn settle_differences(
    work: &mut Work,
    place: Division,
    differences: &[Shown],
) -> Result<(u64, u64), StoreError> {
    // What a sealed class says of a child whom nobody here has on file would stand on a list that others read.
    let is_sealed = |shown: &&Shown| {
        let class = shown.row.as_ref().and_then(|row| row.category.value);
        shown.found.child.is_none() && class.is_some_and(Category::is_sealed)
    };
    let shows = differences.iter().filter(|one| !is_sealed(one));
    let shows = shows.map(|shown| Shows {
        code: shown.found.difference.code(),
        child: shown.found.child,
        row: shown.found.row,
        field: None,
        raw: shown.row.as_ref().map(as_written),
    });
    let settling = Settling {
        codes: &Difference::ALL.map(Difference::code),
        // Which row a child on file stands in changes with every list; who it is does not.
        mark: |child, raw| child.is_none().then(|| raw.to_owned()),
        remembers: false,
        keeps: &|_| false,
    };
    settle(work, place, shows.collect(), &settling).await
}

/// What the list says of a child, as an officer would read it out.
fn as_written(record: &ChildRecord) -> String {
    let cells = [
        ("姓名", &record.name.raw),
        ("编号", &record.national_number.raw),
        ("身份证号", &record.resident_id.raw),
        ("类别", &record.category.raw),
        ("状态", &record.state.raw),
    ];
    let told = cells.iter().filter(|(_, raw)| !raw.trim().is_empty());
    let told: Vec<String> = told
        .map(|(heading, raw)| format!("{heading}：{}", raw.trim()))
        .collect();
    told.join("；")
}
