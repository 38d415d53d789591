//! What a batch comes to, how it differs from the one before, and what nothing could be said about.

use domain::allowances::{LineKind, Payee};
use kernel::category::Category;
use kernel::ids::{BatchId, ChildId};
use kernel::money::Money;
use kernel::month::Month;

use super::prepared::{Unsaid, Unspoken};
use super::reading::{corrupt, payee};
use super::statement::at;
use crate::error::StoreError;
use crate::work::Work;

/// A part of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchPart {
    /// The town, as its division's code, with its name; none in a sealed batch.
    pub place: Option<(i64, String)>,
    /// The class entitled; none for a month without one, and in a sealed batch.
    pub class: Option<Category>,
    /// The kind of the lines.
    pub kind: LineKind,
    /// To whom, or from whom.
    pub payee: Payee,
    /// How many lines.
    pub lines: i64,
    /// Of how many children.
    pub children: i64,
    /// Their sum.
    pub amount: Money,
}

/// What makes a batch differ from the one before: the parts add up to the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Children paid for the pay month who were not before.
    New,
    /// Children paid for the month before who are not any more.
    Ended,
    /// Children in another class.
    Class,
    /// Children at another amount.
    Amount,
    /// Arrears, of either month.
    Arrears,
    /// Recoveries, of either month.
    Recovery,
}

impl Difference {
    /// Every one, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::New,
        Self::Ended,
        Self::Class,
        Self::Amount,
        Self::Arrears,
        Self::Recovery,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ended => "ended",
            Self::Class => "class",
            Self::Amount => "amount",
            Self::Arrears => "arrears",
            Self::Recovery => "recovery",
        }
    }
}

/// A part of the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differing {
    /// What makes it.
    pub difference: Difference,
    /// How many children.
    pub children: i64,
    /// By how much.
    pub amount: Money,
}

/// A child of whom something could not be said, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedException {
    /// The child, the reason and the months.
    pub unsaid: Unsaid,
    /// The child's name.
    pub name: String,
    /// The number of the file.
    pub file_number: String,
}

/// A batch in parts, for whoever sees it.
///
/// # Errors
/// When the database does not answer.
pub async fn batch_parts(work: &mut Work, id: BatchId) -> Result<Vec<BatchPart>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT t.place AS "place?", d.name AS "name?", t.class AS "class?", t.kind AS "kind!", t.payee AS "payee!", t.lines AS "lines!",
                  t.children AS "children!", t.amount_fen AS "amount!"
           FROM auth.batch_totals($1) t LEFT JOIN organisation_division d ON d.code = t.place
           ORDER BY t.place, t.class, t.kind, t.payee"#,
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let wrong = |column| corrupt("allowances_line", column);
    rows.into_iter()
        .map(|row| {
            let named = |code: i64| (code, row.name.clone().unwrap_or_else(|| code.to_string()));
            Ok(BatchPart {
                place: row.place.map(named),
                class: match row.class {
                    Some(class) => Some(at(&Category::ALL, class).ok_or_else(|| wrong("class"))?),
                    None => None,
                },
                kind: at(&LineKind::ALL, row.kind).ok_or_else(|| wrong("kind"))?,
                payee: payee(row.payee)?,
                lines: row.lines,
                children: row.children,
                amount: Money::from_fen(row.amount),
            })
        })
        .collect()
}

/// What makes a batch differ from the one before it.
///
/// # Errors
/// When the database does not answer.
pub async fn batch_differences(work: &mut Work, id: BatchId) -> Result<Vec<Differing>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT code AS "code!", children AS "children!", amount_fen AS "amount!" FROM auth.batch_differences($1)"#,
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let part = |difference: Difference| {
        let row = rows.iter().find(|row| row.code == difference.code())?;
        Some(Differing {
            difference,
            children: row.children,
            amount: Money::from_fen(row.amount),
        })
    };
    Ok(Difference::ALL.into_iter().filter_map(part).collect())
}

/// The exceptions of a batch whose children are within reach, by name.
///
/// # Errors
/// When the database does not answer.
pub async fn batch_exceptions(
    work: &mut Work,
    id: BatchId,
) -> Result<Vec<NamedException>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT e.child_id, e.code, e.from_month AS "from_month: jiff_sqlx::Date", e.through_month AS "through_month: jiff_sqlx::Date",
                  p.name, c.file_number
           FROM allowances_exception e JOIN registry_person p ON p.id = e.child_id JOIN registry_child c ON c.id = p.id
           WHERE e.batch_id = $1 ORDER BY e.code, p.name_order, e.child_id, e.from_month LIMIT 1000"#,
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(NamedException {
                unsaid: Unsaid {
                    child: ChildId::from_uuid(row.child_id),
                    code: Unspoken::from_code(&row.code)
                        .ok_or_else(|| corrupt("allowances_exception", "code"))?,
                    from: Month::of(row.from_month.to_jiff()),
                    through: Month::of(row.through_month.to_jiff()),
                },
                name: row.name,
                file_number: row.file_number,
            })
        })
        .collect()
}
