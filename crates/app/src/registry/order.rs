//! Ordering what takes its time: a ledger to import, a list of the national system or of another department to compare,
//! children to export.

use domain::registry::DepartmentList;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, JobId};
use kernel::journal::Subject;
use kernel::resident_id::Sex;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::registry::{JobFileTaken, JobKind, JobOrdered, ListFilter, ListOrder, job, job_file};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, allowed, entered};
use super::circumstances::has_come;
use super::forms::ExportForm;

/// What a job about an uploaded file is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileOrder {
    pub(super) file_name: String,
    pub(super) as_of: Date,
    /// What a list of another department is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) list: Option<DepartmentList>,
}

/// The most children that are chosen one by one.
pub const MOST_CHOSEN: usize = 2_000;

/// What an export job is asked for: the filter of a list, or children chosen from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportOrder {
    /// The division whose children are exported.
    pub within: Division,
    /// Those who hold this class on the day.
    #[serde(default)]
    pub category: Option<Category>,
    /// The day of which classes are told.
    pub on: Date,
    /// Those of this sex.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// Those born on this day or later.
    #[serde(default)]
    pub born_from: Option<Date>,
    /// Those born on this day or earlier.
    #[serde(default)]
    pub born_to: Option<Date>,
    /// These children alone, whatever the filter says; without any, those of the filter.
    #[serde(default)]
    pub chosen: Vec<ChildId>,
    /// How the workbook is laid out.
    #[serde(default)]
    pub form: ExportForm,
}

impl ExportOrder {
    pub(super) const fn filter(&self) -> ListFilter {
        ListFilter {
            within: Some(self.within),
            category: self.category,
            on: self.on,
            sex: self.sex,
            born_from: self.born_from,
            born_to: self.born_to,
            order: ListOrder::Villages,
        }
    }
}

/// A ledger to import later, or a list of the national system to compare.
#[derive(Debug, Clone, Copy)]
pub struct UploadedLedger<'a> {
    /// The file's name.
    pub file_name: &'a str,
    /// Its bytes.
    pub content: &'a [u8],
    /// The division it is of.
    pub place: Division,
    /// The day it states.
    pub as_of: Date,
}

/// Orders the import of a ledger. Its bytes lie sealed in the job until it ends.
///
/// # Errors
/// [`Hindrance::Size`] for an empty file, [`Hindrance::NotYourPlace`] for a place that is not the officer's,
/// [`Hindrance::Days`] for a day to come.
pub async fn order_import(work: &mut Work, ledger: UploadedLedger<'_>) -> Result<JobId, CaseError> {
    order_file(work, (JobKind::LedgerImport, None), "导入台账", ledger).await
}

/// Orders the comparison of a list that the national system wrote with the children on file. Its bytes lie sealed in the
/// job until it ends.
///
/// # Errors
/// As [`order_import`].
pub async fn order_comparison(
    work: &mut Work,
    list: UploadedLedger<'_>,
) -> Result<JobId, CaseError> {
    order_file(
        work,
        (JobKind::NationalComparison, None),
        "与全国系统比对",
        list,
    )
    .await
}

/// Orders the comparison of a list that another department wrote with who is paid and who is not. Its bytes lie sealed in the
/// job until it ends.
///
/// # Errors
/// As [`order_import`].
pub async fn order_department_comparison(
    work: &mut Work,
    list: DepartmentList,
    uploaded: UploadedLedger<'_>,
) -> Result<JobId, CaseError> {
    let purpose = format!("与{}比对", list.zh());
    let kind = (JobKind::DepartmentComparison, Some(list));
    order_file(work, kind, &purpose, uploaded).await
}

async fn order_file(
    work: &mut Work,
    (kind, list): (JobKind, Option<DepartmentList>),
    purpose: &str,
    ledger: UploadedLedger<'_>,
) -> Result<JobId, CaseError> {
    within_reach(work, Action::ImportLedger, ledger.place).await?;
    if ledger.content.is_empty() {
        return Err(Hindrance::Size.into());
    }
    has_come(work, ledger.as_of)?;
    let order = FileOrder {
        file_name: ledger.file_name.chars().take(200).collect(),
        as_of: ledger.as_of,
        list,
    };
    let id = JobId::generate(work.now(), work.store().entropy());
    let ordered = JobOrdered {
        id,
        kind,
        appointment: work.appointment(),
        place: ledger.place,
        purpose,
        request: serde_json::to_value(&order).map_err(store::error::StoreError::Journal)?,
        content: Some(ledger.content),
    };
    work.apply(&ordered).await?;
    Ok(id)
}

/// Orders an export of children for a stated purpose.
///
/// # Errors
/// [`Hindrance::NoPurpose`]; [`Hindrance::NotYourPlace`] for a division that is not the officer's;
/// [`Hindrance::TooMany`] for more than [`MOST_CHOSEN`] chosen children.
pub async fn order_export(
    work: &mut Work,
    order: &ExportOrder,
    purpose: &str,
) -> Result<JobId, CaseError> {
    within_reach(work, Action::ExportChildren, order.within).await?;
    let purpose = purpose.trim();
    if purpose.is_empty() || purpose.chars().count() > 200 {
        return Err(Hindrance::NoPurpose.into());
    }
    if order.chosen.len() > MOST_CHOSEN {
        return Err(Hindrance::TooMany.into());
    }
    let id = JobId::generate(work.now(), work.store().entropy());
    let ordered = JobOrdered {
        id,
        kind: JobKind::ChildrenExport,
        appointment: work.appointment(),
        place: order.within,
        purpose,
        request: serde_json::to_value(order).map_err(store::error::StoreError::Journal)?,
        content: None,
    };
    work.apply(&ordered).await?;
    Ok(id)
}

pub(super) async fn within_reach(
    work: &mut Work,
    action: Action,
    place: Division,
) -> Result<(), CaseError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, action, "registry.job_refused", unit).await?;
    match work.reach().contains(place) {
        true => entered(work, place).await,
        false => Err(Hindrance::NotYourPlace.into()),
    }
}

/// The file a job made; whoever takes it stands in the journal.
///
/// # Errors
/// [`CaseError::NotFound`] for a job that is not the officer's, has made none, or made it longer than a day ago.
pub async fn take_file(work: &mut Work, id: JobId) -> Result<(String, Vec<u8>), CaseError> {
    let job = job(work, id).await?;
    let file = job_file(work, id).await?;
    work.apply(&JobFileTaken(&job)).await?;
    Ok(file)
}
