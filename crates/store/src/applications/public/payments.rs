//! What a child is paid, for whoever knows its application's code and the end of its id.

use domain::allowances::LineKind;
use jiff_sqlx::ToSqlx;
use kernel::money::Money;
use kernel::month::Month;

use super::pages::PublicStore;
use super::proof::Proof;
use crate::allowances::ClaimState;
use crate::error::StoreError;

/// A line of a released batch to the child's guardian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentSeen {
    /// The month it is paid with.
    pub pay_month: Month,
    /// The month it is for.
    pub for_month: Month,
    /// Its kind.
    pub kind: LineKind,
    /// The amount; negative where it is set off.
    pub amount: Money,
    /// How far the transfer of its batch has come; none where nothing is transferred.
    pub state: Option<ClaimState>,
}

/// The lines of the last two years, the latest first; none for a proof that is wrong.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn payments(store: &PublicStore, proof: &Proof) -> Result<Vec<PaymentSeen>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT pay_month AS "pay_month!: jiff_sqlx::Date", for_month AS "for_month!: jiff_sqlx::Date", kind AS "kind!",
                  amount_fen AS "amount!", state
           FROM auth.public_payments($1, $2, $3)"#,
        proof.code,
        proof.known,
        store.clock().now().to_sqlx() as _,
    )
    .fetch_all(store.pool())
    .await?;
    let kind_of = |kind: i16| {
        let place = usize::try_from(kind).ok();
        let found = place.and_then(|place| LineKind::ALL.get(place));
        found.copied().ok_or(StoreError::Corrupt {
            table: "allowances_line",
            column: "kind",
        })
    };
    rows.into_iter()
        .map(|row| {
            Ok(PaymentSeen {
                pay_month: Month::of(row.pay_month.to_jiff()),
                for_month: Month::of(row.for_month.to_jiff()),
                kind: kind_of(row.kind)?,
                amount: Money::from_fen(row.amount),
                state: row.state.as_deref().and_then(ClaimState::from_code),
            })
        })
        .collect()
}
