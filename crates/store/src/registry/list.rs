//! Children within reach, page by page, village by village.
//!
//! **Invariant.** A page costs the same wherever it stands in the list: it is a range of an index, not an offset.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::resident_id::{ResidentId, Sex};
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::columns::open;
use crate::work::Work;

/// The most children a page holds.
pub const PAGE: u16 = 200;

/// Which children are listed.
#[derive(Debug, Clone, Copy)]
pub struct ListFilter {
    /// Those whose household or residence lies in this division; everybody within reach without it.
    pub within: Option<Division>,
    /// Those who hold this class on the day.
    pub category: Option<Category>,
    /// The day of which classes are told.
    pub on: Date,
    /// Those of this sex.
    pub sex: Option<Sex>,
    /// Those born on this day or later.
    pub born_from: Option<Date>,
    /// Those born on this day or earlier.
    pub born_to: Option<Date>,
}

impl ListFilter {
    /// Everybody within reach, with the classes of this day.
    #[must_use]
    pub const fn on(on: Date) -> Self {
        Self {
            within: None,
            category: None,
            on,
            sex: None,
            born_from: None,
            born_to: None,
        }
    }
}

/// The child a page follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedUpTo {
    /// Its household.
    pub household: Division,
    /// The child.
    pub child: ChildId,
}

/// A child as a list shows it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The child.
    pub child: ChildId,
    /// Its name.
    pub name: String,
    /// Its sex.
    pub sex: Option<Sex>,
    /// Day of birth.
    pub birth: Option<Date>,
    /// Household division.
    pub household: Division,
    /// Where it lives, if elsewhere.
    pub residence: Option<Division>,
    /// File number.
    pub file_number: String,
    /// The version of its file.
    pub version: i32,
    /// The resident id with its middle hidden.
    pub masked_id: Option<String>,
    /// The classes it holds on the filter's day, as far as the officer may see.
    pub categories: Vec<Category>,
    /// Whether it is known to its named officers alone.
    pub sealed: bool,
}

impl Listed {
    /// Where the page after this child begins.
    #[must_use]
    pub const fn cursor(&self) -> ListedUpTo {
        ListedUpTo {
            household: self.household,
            child: self.child,
        }
    }
}

/// The children after `after`, up to `size` (at most [`PAGE`]) of them.
///
/// # Errors
/// When the database does not answer, or a sealed id does not open.
pub async fn list(
    work: &mut Work,
    filter: &ListFilter,
    after: Option<ListedUpTo>,
    size: u16,
) -> Result<Vec<Listed>, StoreError> {
    let Some((low, high)) = bounds(work, filter) else {
        return Ok(Vec::new());
    };
    let granted = match filter.within {
        // A division asked for is a question about places.
        Some(_) => Vec::new(),
        None => work.granted().to_vec(),
    };
    let (household, child) = after.map_or((-1, Uuid::nil()), |after| {
        (after.household.code(), after.child.uuid())
    });
    let rows = sqlx::query_file_as!(
        ListedRow,
        "queries/registry/list.sql",
        low,
        high,
        household,
        child,
        i64::from(size.min(PAGE)),
        filter.on.to_sqlx() as _,
        filter.category.map(Category::code),
        filter.sex.map(|sex| sex.code()),
        filter.born_from.map(|day| day.to_sqlx()) as _,
        filter.born_to.map(|day| day.to_sqlx()) as _,
        &granted,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(|row| row.listed(work)).collect()
}

/// The range of households a page can be of: the division's, or from the first of the reach to its last.
fn bounds(work: &Work, filter: &ListFilter) -> Option<(i64, i64)> {
    if let Some(within) = filter.within {
        let range = within.range();
        return Some((range.start, range.end));
    }
    let ranges = work.reach().ranges();
    match (ranges.first(), ranges.last()) {
        (Some(first), Some(last)) => Some((first.start, last.end)),
        // Staff of a home reach no place; who lives with them is granted.
        _ => (!work.granted().is_empty()).then_some((0, 0)),
    }
}

struct ListedRow {
    id: Uuid,
    name: String,
    sex: Option<String>,
    birth: Option<jiff_sqlx::Date>,
    household_division: i64,
    residence_division: Option<i64>,
    sealed: bool,
    file_number: String,
    version: i32,
    resident_id: Option<Vec<u8>>,
    categories: Vec<String>,
}

impl ListedRow {
    fn listed(self, work: &Work) -> Result<Listed, StoreError> {
        let corrupt = |column| StoreError::Corrupt {
            table: "registry_person",
            column,
        };
        let id = open(
            work.store().sealer(),
            "registry_person",
            "resident_id",
            self.id,
            self.resident_id.as_deref(),
        )?;
        let masked_id = id
            .map(|id| ResidentId::parse(id.reveal()).map(|id| id.masked()))
            .transpose()
            .map_err(|_| corrupt("resident_id"))?;
        let categories: Result<Vec<Category>, _> =
            self.categories.iter().map(|code| code.parse()).collect();
        Ok(Listed {
            child: ChildId::from_uuid(self.id),
            name: self.name,
            sex: self.sex.as_deref().and_then(Sex::from_code),
            birth: self.birth.map(|day| day.to_jiff()),
            household: Division::new(self.household_division)
                .map_err(|_| corrupt("household_division"))?,
            residence: self
                .residence_division
                .map(Division::new)
                .transpose()
                .map_err(|_| corrupt("residence_division"))?,
            file_number: self.file_number,
            version: self.version,
            masked_id,
            categories: categories.map_err(|_| StoreError::Corrupt {
                table: "registry_span",
                column: "category",
            })?,
            sealed: self.sealed,
        })
    }
}
