//! Checking a file, and the result in the short form tests compare.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;
use ledger::check::{AgeLimits, Checker, FileReport, Rules};
use ledger::header::Synonyms;
use ledger::read::Workbook;
use ledger::values::Places;
use ledger::{LedgerError, Limits};

/// A file of the repository's sample ledgers.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/ledgers")
        .join(name)
}

pub(crate) fn rules(place: &str) -> Rules {
    let as_of = date(2021, 10, 31);
    let place = Division::parse(place).unwrap();
    Rules {
        places: Places::new(Gazetteer::builtin(), place).unwrap(),
        synonyms: Synonyms::builtin().unwrap(),
        ages: AgeLimits::in_force(policy::Rulebook::builtin(), as_of, place).unwrap(),
        as_of,
    }
}

/// A fault as tests write it: row, heading, code.
pub(crate) type Found = (u32, String, String);

pub(crate) fn found(report: &FileReport) -> Vec<Found> {
    report
        .issues
        .iter()
        .map(|issue| {
            (
                issue.row,
                issue.column.to_string(),
                issue.code.as_str().to_owned(),
            )
        })
        .collect()
}

pub(crate) fn check_bytes(
    name: &str,
    bytes: Vec<u8>,
    place: &str,
) -> Result<FileReport, LedgerError> {
    let rules = rules(place);
    let mut workbook = Workbook::from_bytes(name, bytes, &Limits::default())?;
    Checker::new(&rules).check(&mut workbook, |_| {})
}

/// Checks csv text against 薛城区.
pub(crate) fn check_text(text: &str) -> FileReport {
    check_bytes("ledger.csv", text.as_bytes().to_vec(), "370403").unwrap()
}
