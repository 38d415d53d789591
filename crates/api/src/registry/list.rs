//! `GET /api/registry/children` and `POST /api/registry/children/search`: children within reach.

use jiff::civil::Date;
use kernel::ids::ChildId;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::organisation::{PlaceNames, place_names};
use store::registry::{Found, ListFilter, ListOrder, Listed, ListedUpTo};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::{category, division, problem, sex};
use crate::operation::{Answer, Asked, Caller, Cursor, Operation, Page, PageSize, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("registry.list", "/api/registry/children")
            .needs(Action::SearchChildren)
            .summary("List the children within reach, village by village")
            .answers_problems(&[Kind::Invalid])
            .handled_by(list),
        // A name is personal and addresses end up in logs, hence no query.
        Operation::post("registry.search", "/api/registry/children/search")
            .needs(Action::SearchChildren)
            .summary("Find children by characters, pinyin or initials of the name, resident id or file number")
            .handled_by(search),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The division whose children are wanted.
    within: Option<i64>,
    /// Those who hold this class on the day.
    category: Option<String>,
    /// The day of which classes are told; today without it.
    on: Option<Date>,
    /// `male` or `female`.
    sex: Option<String>,
    /// Born on this day or later.
    born_from: Option<Date>,
    /// Born on this day or earlier.
    born_to: Option<Date>,
    /// Who comes first: `villages`, `names`, `youngest`, `oldest` or `newest` by file [default: `villages`].
    order: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

fn order(code: Option<&str>) -> Result<ListOrder, Problem> {
    match code {
        None | Some("villages") => Ok(ListOrder::Villages),
        Some("names") => Ok(ListOrder::Names),
        Some("youngest") => Ok(ListOrder::Youngest),
        Some("oldest") => Ok(ListOrder::Oldest),
        Some("newest") => Ok(ListOrder::Newest),
        Some(_) => Err(super::problem::invalid("order")),
    }
}

/// A child as a list shows it.
#[derive(Serialize, ToSchema)]
struct ChildRow {
    id: Uuid,
    file_number: String,
    version: i32,
    name: String,
    /// `male` or `female`, where known.
    sex: Option<&'static str>,
    birth: Option<Date>,
    /// The household's division (户籍), as its code.
    household: i64,
    /// Its town and village by name.
    household_name: String,
    /// Where the child lives, if elsewhere.
    residence: Option<i64>,
    /// The same by name.
    residence_name: Option<String>,
    /// The resident id with its middle hidden.
    masked_id: Option<String>,
    /// The codes of the classes held on the day.
    categories: Vec<&'static str>,
    /// Whether the child is known to its named officers alone.
    sealed: bool,
}

impl ChildRow {
    fn of(child: Listed, names: &PlaceNames) -> Self {
        Self {
            id: child.child.uuid(),
            file_number: child.file_number,
            version: child.version,
            name: child.name,
            sex: child.sex.map(|sex| sex.code()),
            birth: child.birth,
            household: child.household.code(),
            household_name: names.of(child.household),
            residence: child.residence.map(|place| place.code()),
            residence_name: child.residence.map(|place| names.of(place)),
            masked_id: child.masked_id,
            categories: child.categories.iter().map(|c| c.code()).collect(),
            sealed: child.sealed,
        }
    }
}

async fn list(
    caller: Caller,
    Asked(wanted): Asked<Wanted>,
) -> Result<Answer<Page<ChildRow>>, Problem> {
    let size = PageSize::of(wanted.limit)?;
    let after = wanted.cursor.as_deref().map(Cursor::read::<(i64, ChildId)>);
    let after = match after.transpose()? {
        Some((household, child)) => Some(ListedUpTo {
            household: division("cursor", household)?,
            child,
        }),
        None => None,
    };
    let within = wanted.within.map(|code| division("within", code));
    let class = wanted.category.as_deref().map(|c| category("category", c));
    let of_sex = wanted.sex.as_deref().map(|code| sex("sex", code));
    let today = caller.store().clock().today();
    let filter = ListFilter {
        within: within.transpose()?,
        category: class.transpose()?,
        on: wanted.on.unwrap_or(today),
        sex: of_sex.transpose()?,
        born_from: wanted.born_from,
        born_to: wanted.born_to,
        order: order(wanted.order.as_deref())?,
    };
    let mut work = caller.work().await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let children = app::registry::list(&mut work, &filter, after, asked).await;
    let children = children.map_err(problem)?;
    let places: Vec<_> = children
        .iter()
        .flat_map(|child| [Some(child.household), child.residence])
        .flatten()
        .collect();
    let names = place_names(&mut work, &places).await?;
    work.commit().await?;
    // A full page may be the last; then the next is empty.
    let next = match children.last() {
        Some(last) if children.len() == size => {
            Some(Cursor::write(&(last.household.code(), last.child)))
        }
        _ => None,
    };
    let items = children
        .into_iter()
        .map(|child| ChildRow::of(child, &names))
        .collect();
    Ok(Answer(Page { items, next }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChildSearch {
    /// 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    text: String,
}

/// A child that a search found.
#[derive(Serialize, ToSchema)]
struct ChildHit {
    id: Uuid,
    file_number: String,
    name: String,
    birth: Option<Date>,
    /// The household's division, as its code.
    household: i64,
    /// The resident id with its middle hidden.
    masked_id: Option<String>,
}

/// What a search found, at most twenty: a reader refines instead of scrolling.
#[derive(Serialize, ToSchema)]
struct ChildHits {
    items: Vec<ChildHit>,
}

impl ChildHit {
    fn of(found: Found) -> Self {
        Self {
            id: found.child.uuid(),
            file_number: found.file_number,
            name: found.name,
            birth: found.birth,
            household: found.household.code(),
            masked_id: found.masked_id,
        }
    }
}

async fn search(
    caller: Caller,
    Sent(wanted): Sent<ChildSearch>,
) -> Result<Answer<ChildHits>, Problem> {
    if wanted.text.chars().count() > 100 || wanted.text.contains('\0') {
        return Err(super::problem::invalid("text"));
    }
    let mut work = caller.work().await?;
    let found = app::registry::search(&mut work, &wanted.text).await;
    let found = found.map_err(problem)?;
    work.commit().await?;
    let items = found.into_iter().map(ChildHit::of).collect();
    Ok(Answer(ChildHits { items }))
}
