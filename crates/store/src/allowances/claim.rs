//! Claims: what of a released batch is to be transferred, and how far it has come.

use domain::allowances::Payee;
use kernel::ids::{AccountId, BatchId, ChildId, ClaimId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::money::Money;
use serde_json::json;

use super::account::AccountOf;
use super::batch::Batch;
use super::reading::{corrupt, payee};
use crate::error::StoreError;
use crate::work::{Change, Pen, Work};

/// What of a batch is to be transferred, written with its release.
#[derive(Debug)]
pub struct BatchClaimed<'a> {
    /// The batch, released in this same work.
    pub batch: &'a Batch,
    /// How much of a payment may be set off for what was confirmed as to be recovered, in per cent.
    pub share: u8,
}

impl Change for BatchClaimed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        sqlx::query!(
            r#"SELECT auth.claim_batch($1, $2) AS "done?: ()""#,
            self.batch.id.uuid(),
            i32::from(self.share)
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("batch", self.batch.id.uuid());
        let entry = Entry::new("allowances.batch_claimed", subject);
        let entry = entry.after(json!({ "recovery_share": self.share }));
        vec![entry.sealed(self.batch.sealed)]
    }
}

/// How far a claim has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimState {
    /// Nothing is left to transfer: all of it was set off.
    Nothing,
    /// 待补账户: there is no confirmed account.
    Held,
    /// 待发: it goes into the next file.
    Ready,
    /// 已送银行
    Sent,
    /// 已到账
    Paid,
    /// 已退回: it waits for another account than those that failed.
    Returned,
}

impl ClaimState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Held,
        Self::Ready,
        Self::Sent,
        Self::Paid,
        Self::Returned,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Held => "held",
            Self::Ready => "ready",
            Self::Sent => "sent",
            Self::Paid => "paid",
            Self::Returned => "returned",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A claim within reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Its id.
    pub id: ClaimId,
    /// Its batch.
    pub batch: BatchId,
    /// To whom.
    pub payee: Payee,
    /// Whose account takes it.
    pub of: AccountOf,
    /// The child's or the home's name.
    pub name: String,
    /// The sum of the positive lines.
    pub payable: Money,
    /// What is set off.
    pub offset: Money,
    /// What is to be transferred.
    pub amount: Money,
    /// How far it has come.
    pub state: ClaimState,
    /// The account that would take it now.
    pub account: Option<AccountId>,
    /// How often the bank returned it.
    pub returns: i32,
    /// The bank's code and words of the last return.
    pub failure: Option<(String, String)>,
}

/// Claims within reach: of a batch, or of all, in a state, or in any; those of homes first.
///
/// # Errors
/// When the database does not answer.
pub async fn claims(
    work: &mut Work,
    batch: Option<BatchId>,
    state: Option<ClaimState>,
) -> Result<Vec<Claim>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT s.id AS "id!", s.batch_id AS "batch!", s.payee AS "payee!", coalesce(j.child_id, s.child_id) AS child_id, s.home_id,
                  coalesce(p.name, u.name) AS "name!",
                  s.payable_fen AS "payable!", s.offset_fen AS "offset!", s.amount_fen AS "amount!", s.state AS "state!", s.account_id,
                  s.returns AS "returns!", t.code AS "code?", t.reason AS "reason?"
           FROM allowances_claim_state s
           LEFT JOIN registry_joined j ON j.double_id = s.child_id
           LEFT JOIN registry_person p ON p.id = coalesce(j.child_id, s.child_id) LEFT JOIN organisation_unit u ON u.id = s.home_id
           LEFT JOIN LATERAL (SELECT coalesce(x.code, '') AS code, coalesce(x.reason, '') AS reason
                              FROM allowances_transfer x JOIN allowances_return r ON r.id = x.returned_in
                              WHERE x.claim_id = s.id ORDER BY r.loaded_at DESC LIMIT 1) t ON true
           WHERE ($1::uuid IS NULL OR s.batch_id = $1) AND ($2::text IS NULL OR s.state = $2)
           ORDER BY s.home_id NULLS LAST, s.child_id, s.id"#,
        batch.map(BatchId::uuid),
        state.map(ClaimState::code)
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Claim {
                id: ClaimId::from_uuid(row.id),
                batch: BatchId::from_uuid(row.batch),
                payee: payee(row.payee)?,
                of: match (row.child_id, row.home_id) {
                    (Some(child), _) => AccountOf::Child(ChildId::from_uuid(child)),
                    (None, Some(home)) => AccountOf::Home(UnitId::from_uuid(home)),
                    (None, None) => return Err(corrupt("allowances_claim", "child_id")),
                },
                name: row.name,
                payable: Money::from_fen(row.payable),
                offset: Money::from_fen(row.offset),
                amount: Money::from_fen(row.amount),
                state: ClaimState::from_code(&row.state)
                    .ok_or_else(|| corrupt("allowances_claim_state", "state"))?,
                account: row.account_id.map(AccountId::from_uuid),
                returns: row.returns,
                failure: row.code.zip(row.reason),
            })
        })
        .collect()
}

/// A child of a home's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimChild {
    /// The child.
    pub child: ChildId,
    /// Its name.
    pub name: String,
    /// What of the claim is for it, before anything is set off.
    pub payable: Money,
}

/// The children within reach whom a home's claim is for.
///
/// # Errors
/// When the database does not answer.
pub async fn claim_children(
    work: &mut Work,
    claim: ClaimId,
) -> Result<Vec<ClaimChild>, StoreError> {
    let rows = sqlx::query!(
        "SELECT p.id AS child_id, p.name, c.payable_fen FROM allowances_claim_child c LEFT JOIN registry_joined j ON j.double_id = c.child_id
         JOIN registry_person p ON p.id = coalesce(j.child_id, c.child_id)
         WHERE c.claim_id = $1 ORDER BY p.name_order, p.id",
        claim.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let of = rows.into_iter().map(|row| ClaimChild {
        child: ChildId::from_uuid(row.child_id),
        name: row.name,
        payable: Money::from_fen(row.payable_fen),
    });
    Ok(of.collect())
}

/// How many claims are in a state, and what they come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimSum {
    /// How many.
    pub count: i32,
    /// What they come to.
    pub amount: Money,
}

/// Where the money of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchMoney {
    /// The sum of the positive lines of claims.
    pub payable: Money,
    /// The sum of the negative lines, as what is owed.
    pub recovered: Money,
    /// How much of that is confirmed.
    pub confirmed: Money,
    /// What was set off.
    pub offset: Money,
    /// How many claims there are.
    pub claims: i32,
    /// For the next file.
    pub ready: ClaimSum,
    /// Without a confirmed account.
    pub held: ClaimSum,
    /// With the bank.
    pub sent: ClaimSum,
    /// Paid.
    pub paid: ClaimSum,
    /// Returned, and waiting for another account.
    pub returned: ClaimSum,
    /// Claims of which the bank has yet to say something for the first time.
    pub unanswered: i32,
}

/// Where the money of a batch within reach is.
///
/// # Errors
/// When the database does not answer.
pub async fn batch_money(
    work: &mut Work,
    batch: BatchId,
) -> Result<Option<BatchMoney>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT recovered_fen AS "recovered_fen!", payable_fen AS "payable_fen!", offset_fen AS "offset_fen!", ready_fen AS "ready_fen!",
                  held_fen AS "held_fen!", sent_fen AS "sent_fen!", paid_fen AS "paid_fen!", returned_fen AS "returned_fen!", claims AS "claims!",
                  ready AS "ready!", held AS "held!", sent AS "sent!", paid AS "paid!", returned AS "returned!", unanswered AS "unanswered!",
                  confirmed_fen AS "confirmed_fen!"
           FROM auth.batch_money($1)"#,
        batch.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    let sum = |count, fen| ClaimSum {
        count,
        amount: Money::from_fen(fen),
    };
    Ok(row.map(|row| BatchMoney {
        payable: Money::from_fen(row.payable_fen),
        recovered: Money::from_fen(row.recovered_fen),
        confirmed: Money::from_fen(row.confirmed_fen),
        offset: Money::from_fen(row.offset_fen),
        claims: row.claims,
        ready: sum(row.ready, row.ready_fen),
        held: sum(row.held, row.held_fen),
        sent: sum(row.sent, row.sent_fen),
        paid: sum(row.paid, row.paid_fen),
        returned: sum(row.returned, row.returned_fen),
        unanswered: row.unanswered,
    }))
}
