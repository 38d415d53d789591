//! `GET /api/organisation/divisions` and `GET …/{code}`: provinces, cities, counties, towns and villages. Public facts.

use kernel::division::Division;
use kernel::gazetteer::Entry;
use serde::{Deserialize, Serialize};
use store::organisation::{DivisionFilter, division_path, divisions};
use utoipa::{IntoParams, ToSchema};

use crate::operation::{Answer, Asked, At, Caller, Cursor, Operation, Page, PageSize};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("organisation.divisions", "/api/organisation/divisions")
            .any_signed_in()
            .summary("List the divisions right below one, or those whose name holds a text")
            .answers_problems(&[Kind::Invalid])
            .handled_by(list),
        Operation::get(
            "organisation.division",
            "/api/organisation/divisions/{code}",
        )
        .any_signed_in()
        .summary("A division and those above it")
        .handled_by(one),
    ]
}

/// Which divisions; without any, the uppermost.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DivisionsAsked {
    /// Those right below this one, as its 12-digit code.
    below: Option<i64>,
    /// Those whose name holds these 1 to 50 characters, anywhere below.
    #[param(min_length = 1, max_length = 50)]
    text: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

/// A division.
#[derive(Serialize, ToSchema)]
struct DivisionRow {
    /// The 12-digit statistical code.
    code: i64,
    name: String,
    /// `province`, `city`, `county`, `town` or `village`.
    level: &'static str,
    /// The division right above.
    parent: Option<i64>,
}

impl DivisionRow {
    fn of(entry: Entry) -> Self {
        Self {
            code: entry.division.code(),
            name: entry.name.into(),
            level: entry.level.code(),
            parent: entry.parent.map(Division::code),
        }
    }
}

/// A division and those above it.
#[derive(Serialize, ToSchema)]
struct DivisionPath {
    /// The uppermost first, the division itself last.
    items: Vec<DivisionRow>,
}

async fn list(
    caller: Caller,
    Asked(asked): Asked<DivisionsAsked>,
) -> Result<Answer<Page<DivisionRow>>, Problem> {
    let invalid = |field: &str| Problem::from(Kind::Invalid).with("field", field);
    let size = PageSize::of(asked.limit)?;
    let after = asked.cursor.as_deref().map(Cursor::read::<Division>);
    let below = asked.below.map(Division::new).transpose();
    let text = asked.text.map(|text| text.trim().to_owned());
    let fits = |text: &String| (1..=50).contains(&text.chars().count()) && !text.contains('\0');
    if text.as_ref().is_some_and(|text| !fits(text)) {
        return Err(invalid("text"));
    }
    let filter = DivisionFilter {
        below: below.map_err(|_| invalid("below"))?,
        text,
    };
    let mut work = caller.work().await?;
    let wanted = u16::try_from(size).unwrap_or(u16::MAX);
    let found = divisions(&mut work, &filter, after.transpose()?, wanted).await?;
    work.commit().await?;
    let next = match found.last() {
        Some(last) if found.len() == size => Some(Cursor::write(&last.division)),
        _ => None,
    };
    let items = found.into_iter().map(DivisionRow::of).collect();
    Ok(Answer(Page { items, next }))
}

async fn one(caller: Caller, At(code): At<i64>) -> Result<Answer<DivisionPath>, Problem> {
    let division = Division::new(code).map_err(|_| Kind::NotFound)?;
    let mut work = caller.work().await?;
    let path = division_path(&mut work, division).await?;
    work.commit().await?;
    let items = path.into_iter().map(DivisionRow::of).collect();
    Ok(Answer(DivisionPath { items }))
}
