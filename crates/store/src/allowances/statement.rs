//! A child's statement: every line, and what made it.

use domain::allowances::{BatchStage, LineKind, Payee};
use kernel::category::Category;
use kernel::ids::{ChildId, UnitId};
use kernel::journal::Entry;
use kernel::money::Money;
use kernel::month::Month;

use super::prepared::ReasonText;
use super::reading::{corrupt, payee};
use crate::error::StoreError;
use crate::registry::{ChildFile, entry_of};
use crate::work::{Change, Pen, Work};

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// The pay month.
    pub pay_month: Month,
    /// Its number in that month.
    pub number: i32,
    /// The unit that pays.
    pub unit: UnitId,
    /// How far its batch has come.
    pub stage: BatchStage,
    /// To whom, or from whom.
    pub payee: Payee,
    /// The month it is for.
    pub for_month: Month,
    /// Its kind.
    pub kind: LineKind,
    /// The class entitled in that month.
    pub class: Option<Category>,
    /// The difference.
    pub amount: Money,
    /// What was due for the month.
    pub due: Money,
    /// What made it.
    pub reason: ReasonText,
}

/// The lines of a child within reach, the latest pay month first, within it by the months they are for.
///
/// # Errors
/// When the database does not answer.
pub async fn statement(work: &mut Work, child: ChildId) -> Result<Vec<StatementLine>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT pay_month AS "pay_month!: jiff_sqlx::Date", number AS "number!", unit_id AS "unit!", stage AS "stage!", payee AS "payee!",
                  for_month AS "for_month!: jiff_sqlx::Date", kind AS "kind!", class, amount_fen AS "amount!", due_fen AS "due!",
                  zh AS "zh!", en AS "en!", cite AS "cite!"
           FROM auth.statement_of($1)"#,
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let wrong = |column| corrupt("allowances_line", column);
    rows.into_iter()
        .map(|row| {
            Ok(StatementLine {
                pay_month: Month::of(row.pay_month.to_jiff()),
                number: row.number,
                unit: UnitId::from_uuid(row.unit),
                stage: BatchStage::from_code(&row.stage).ok_or_else(|| wrong("stage"))?,
                payee: payee(row.payee)?,
                for_month: Month::of(row.for_month.to_jiff()),
                kind: at(&LineKind::ALL, row.kind).ok_or_else(|| wrong("kind"))?,
                class: match row.class {
                    Some(class) => Some(at(&Category::ALL, class).ok_or_else(|| wrong("class"))?),
                    None => None,
                },
                amount: Money::from_fen(row.amount),
                due: Money::from_fen(row.due),
                reason: ReasonText {
                    zh: row.zh,
                    en: row.en,
                    cite: row.cite,
                },
            })
        })
        .collect()
}

pub(super) fn at<T: Copy>(all: &[T], place: i16) -> Option<T> {
    all.get(usize::try_from(place).ok()?).copied()
}

/// A child's statement read: nothing changes but the journal.
#[derive(Debug)]
pub struct StatementRead<'a>(pub &'a ChildFile);

impl Change for StatementRead<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![entry_of("allowances.statement_read", self.0)]
    }
}
