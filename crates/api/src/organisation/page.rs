//! Pages of things in the order of their ids.

use uuid::Uuid;

use crate::operation::{Cursor, Page, PageSize};
use crate::problem::Problem;

/// The id after which a page begins.
pub(super) fn after(cursor: Option<&str>) -> Result<Option<Uuid>, Problem> {
    cursor.map(Cursor::read::<Uuid>).transpose()
}

/// A page of rows that begin with it.
pub(super) fn of<R, V>(
    mut rows: Vec<R>,
    limit: Option<u16>,
    id: impl Fn(&R) -> Uuid,
    view: impl Fn(R) -> V,
) -> Result<Page<V>, Problem> {
    let size = PageSize::of(limit)?;
    let more = rows.len() > size;
    rows.truncate(size);
    let next = match (more, rows.last()) {
        (true, Some(row)) => Some(Cursor::write(&id(row))),
        _ => None,
    };
    Ok(Page {
        items: rows.into_iter().map(view).collect(),
        next,
    })
}
