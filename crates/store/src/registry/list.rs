//! Children within reach, page by page: village by village, by name, by age, or the newest file first.
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
    /// Who comes first.
    pub order: ListOrder,
}

/// Who comes first in a list. Children that are equal in this follow each other by id, so that every page has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListOrder {
    /// Village by village, by the household's code.
    #[default]
    Villages,
    /// By name, as [`domain::registry::name_order`] has it.
    Names,
    /// The youngest, and before them who has no known birth.
    Youngest,
    /// The oldest; who has no known birth comes last.
    Oldest,
    /// The file that was opened last.
    Newest,
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
            order: ListOrder::Villages,
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

/// Stands for a birth that is not known, as in the index that lists by birth.
const NO_BIRTH: Date = jiff::civil::date(9999, 12, 31);
/// Before every birth.
const BEFORE_BIRTHS: Date = jiff::civil::date(1, 1, 1);

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
    let rows = match filter.order {
        ListOrder::Villages => villages(work, filter, (low, high), after, size, &granted).await?,
        ListOrder::Names => named(work, filter, (low, high), after, size, &granted).await?,
        order => ordered(work, filter, order, (low, high), after, size, &granted).await?,
    };
    rows.into_iter().map(|row| row.listed(work)).collect()
}

async fn villages(
    work: &mut Work,
    filter: &ListFilter,
    (low, high): (i64, i64),
    after: Option<ListedUpTo>,
    size: u16,
    granted: &[Uuid],
) -> Result<Vec<ListedRow>, sqlx::Error> {
    let (household, child) = after.map_or((-1, Uuid::nil()), |after| {
        (after.household.code(), after.child.uuid())
    });
    sqlx::query_file_as!(
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
        granted,
    )
    .fetch_all(work.conn())
    .await
}

async fn named(
    work: &mut Work,
    filter: &ListFilter,
    (low, high): (i64, i64),
    after: Option<ListedUpTo>,
    size: u16,
    granted: &[Uuid],
) -> Result<Vec<ListedRow>, StoreError> {
    let (order, child) = match after {
        Some(after) => (order_of(work, after.child).await?, after.child.uuid()),
        None => (String::new(), Uuid::nil()),
    };
    let rows = sqlx::query_file_as!(
        ListedRow,
        "queries/registry/list_by_name.sql",
        low,
        high,
        order,
        child,
        i64::from(size.min(PAGE)),
        filter.on.to_sqlx() as _,
        filter.category.map(Category::code),
        filter.sex.map(|sex| sex.code()),
        filter.born_from.map(|day| day.to_sqlx()) as _,
        filter.born_to.map(|day| day.to_sqlx()) as _,
        granted,
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows)
}

/// The other orders: as `list.sql`, with another range of another index. The files differ in two clauses alone.
macro_rules! in_order {
    ($work:ident, $asked:ident, $file:literal) => {
        sqlx::query_file_as!(
            ListedRow,
            $file,
            $asked.low,
            $asked.high,
            $asked.birth.to_sqlx() as _,
            $asked.child,
            $asked.size,
            $asked.filter.on.to_sqlx() as _,
            $asked.filter.category.map(Category::code),
            $asked.filter.sex.map(|sex| sex.code()),
            $asked.filter.born_from.map(|day| day.to_sqlx()) as _,
            $asked.filter.born_to.map(|day| day.to_sqlx()) as _,
            $asked.granted,
        )
        .fetch_all($work.conn())
        .await
    };
}

struct InOrder<'a> {
    filter: &'a ListFilter,
    low: i64,
    high: i64,
    birth: Date,
    child: Uuid,
    size: i64,
    granted: &'a [Uuid],
}

async fn ordered(
    work: &mut Work,
    filter: &ListFilter,
    order: ListOrder,
    (low, high): (i64, i64),
    after: Option<ListedUpTo>,
    size: u16,
    granted: &[Uuid],
) -> Result<Vec<ListedRow>, StoreError> {
    let first = match order {
        ListOrder::Oldest => (BEFORE_BIRTHS, Uuid::nil()),
        _ => (NO_BIRTH, Uuid::max()),
    };
    let (birth, child) = match after {
        Some(after) => (birth_of(work, after.child).await?, after.child.uuid()),
        None => first,
    };
    let asked = InOrder {
        filter,
        low,
        high,
        birth,
        child,
        size: i64::from(size.min(PAGE)),
        granted,
    };
    let rows = match order {
        ListOrder::Oldest => in_order!(work, asked, "queries/registry/list_oldest.sql"),
        ListOrder::Youngest => in_order!(work, asked, "queries/registry/list_youngest.sql"),
        // An id begins with the moment it was made.
        ListOrder::Newest | ListOrder::Villages | ListOrder::Names => {
            in_order!(work, asked, "queries/registry/list_newest.sql")
        }
    };
    Ok(rows?)
}

/// The birth after which a page begins. A cursor names the child alone: a day of birth has no place in an address.
async fn birth_of(work: &mut Work, child: ChildId) -> Result<Date, StoreError> {
    let birth = sqlx::query_scalar!(
        r#"SELECT birth AS "birth: jiff_sqlx::Date" FROM registry_person WHERE id = $1"#,
        child.uuid()
    )
    .fetch_optional(work.conn())
    .await?
    .ok_or(StoreError::NotFound)?;
    Ok(birth.map_or(NO_BIRTH, |day| day.to_jiff()))
}

/// The name's order after which a page begins; a name has no place in an address either.
async fn order_of(work: &mut Work, child: ChildId) -> Result<String, StoreError> {
    sqlx::query_scalar!(
        "SELECT name_order FROM registry_person WHERE id = $1",
        child.uuid()
    )
    .fetch_optional(work.conn())
    .await?
    .ok_or(StoreError::NotFound)
}

/// These children, as far as the officer sees them, village by village.
///
/// # Errors
/// When the database does not answer, or a sealed id does not open.
pub async fn listed(
    work: &mut Work,
    children: &[ChildId],
    on: Date,
) -> Result<Vec<Listed>, StoreError> {
    let ids: Vec<Uuid> = children.iter().map(|child| child.uuid()).collect();
    let rows = sqlx::query_as!(
        ListedRow,
        r#"SELECT p.id, p.name, p.sex, p.birth, p.household_division, p.residence_division, p.sealed, c.file_number, c.version,
                  p.resident_id::bytea AS resident_id,
                  ARRAY(SELECT s.category FROM registry_span s WHERE s.child_id = p.id AND s.from_day <= $2
                        AND (s.to_day IS NULL OR s.to_day > $2) ORDER BY s.category) AS "categories!"
           FROM registry_person p JOIN registry_child c ON c.id = p.id
           WHERE p.id = ANY ($1) ORDER BY p.household_division, p.id"#,
        &ids,
        on.to_sqlx() as _,
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
