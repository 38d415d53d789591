//! A batch prepared: the only moment at which its lines become visible.

use domain::allowances::BatchStage;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{BatchId, ChildId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::money::Money;
use kernel::month::Month;
use serde_json::json;
use uuid::Uuid;

use crate::error::StoreError;
use crate::work::{Change, Pen};

/// What made lines, in words, and the document behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonText {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The document.
    pub cite: String,
}

/// Why nothing is said about some months of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unspoken {
    /// The child is entitled, and no rate is in force.
    NoRate,
    /// The day of birth is not known.
    NoBirth,
}

impl Unspoken {
    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoRate => "no_rate",
            Self::NoBirth => "no_birth",
        }
    }

    /// The reason with this code.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        [Self::NoRate, Self::NoBirth]
            .into_iter()
            .find(|reason| reason.code() == code)
    }
}

/// Months of a child about which nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsaid {
    /// The child.
    pub child: ChildId,
    /// Why.
    pub code: Unspoken,
    /// The first month.
    pub from: Month,
    /// The last.
    pub through: Month,
}

/// A batch whose lines and levels are staged.
#[derive(Debug)]
pub struct BatchPrepared<'a> {
    /// Its id, which its stage bears.
    pub id: BatchId,
    /// The pay month.
    pub month: Month,
    /// The unit that pays.
    pub unit: UnitId,
    /// Whether it is the sealed one.
    pub sealed: bool,
    /// From which month on the unit's series pays, where this is its first batch.
    pub begins: Option<Month>,
    /// By what was known when.
    pub known_at: Timestamp,
    /// By which rules.
    pub rulebook: &'a str,
    /// The number of its first line in the month, and how many there are.
    pub lines: (i32, i32),
    /// How many children have a line.
    pub children: i32,
    /// The sums of what is paid and of what is recovered.
    pub sums: (Money, Money),
    /// The hash of its lines.
    pub hash: [u8; 32],
    /// The digest of all that the series has committed, this batch included.
    pub digest: u64,
    /// What made its lines.
    pub reasons: &'a [ReasonText],
    /// What nothing could be said about.
    pub exceptions: &'a [Unsaid],
    /// What dead runs had left.
    pub removed: &'a [String],
}

impl BatchPrepared<'_> {
    async fn batch(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        if let Some(from) = self.begins {
            sqlx::query!(
                "INSERT INTO allowances_series (unit_id, sealed, from_month) VALUES ($1, $2, $3)",
                self.unit.uuid(),
                self.sealed,
                from.first().to_sqlx() as _
            )
            .execute(&mut *pen.conn)
            .await?;
        }
        let exceptions = i32::try_from(self.exceptions.len()).unwrap_or(i32::MAX);
        sqlx::query!(
            "INSERT INTO allowances_batch (id, pay_month, unit_id, sealed, stage, known_at, rulebook, first_line, lines, children, exceptions,
                 paid_fen, recovered_fen, lines_hash, digest, prepared_by, prepared_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            self.id.uuid(),
            self.month.first().to_sqlx() as _,
            self.unit.uuid(),
            self.sealed,
            BatchStage::Prepared.code(),
            self.known_at.to_sqlx() as _,
            self.rulebook,
            self.lines.0,
            self.lines.1,
            self.children,
            exceptions,
            self.sums.0.fen(),
            self.sums.1.fen(),
            &self.hash[..],
            self.digest.cast_signed(),
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    async fn reasons(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let texts =
            |of: fn(&ReasonText) -> &str| -> Vec<&str> { self.reasons.iter().map(of).collect() };
        let numbers: Vec<i32> = (0..).take(self.reasons.len()).collect();
        sqlx::query!(
            "INSERT INTO allowances_reason (batch_id, number, unit_id, sealed, zh, en, cite)
             SELECT $1, r.number, $2, $3, r.zh, r.en, r.cite FROM UNNEST($4::int4[], $5::text[], $6::text[], $7::text[]) AS r (number, zh, en, cite)",
            self.id.uuid(),
            self.unit.uuid(),
            self.sealed,
            &numbers,
            &texts(|reason| &reason.zh) as _,
            &texts(|reason| &reason.en) as _,
            &texts(|reason| &reason.cite) as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    async fn exceptions(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let children: Vec<Uuid> = self.exceptions.iter().map(|e| e.child.uuid()).collect();
        let codes: Vec<&str> = self.exceptions.iter().map(|e| e.code.code()).collect();
        let days = |of: fn(&Unsaid) -> Month| -> Vec<jiff_sqlx::Date> {
            let months = self.exceptions.iter().map(of);
            months.map(|month| month.first().to_sqlx()).collect()
        };
        sqlx::query!(
            "INSERT INTO allowances_exception (batch_id, child_id, code, from_month, through_month, sealed)
             SELECT $1, e.child, e.code, e.from_month, e.through_month, $2
             FROM UNNEST($3::uuid[], $4::text[], $5::date[], $6::date[]) AS e (child, code, from_month, through_month)",
            self.id.uuid(),
            self.sealed,
            &children,
            &codes as _,
            &days(|e| e.from) as _,
            &days(|e| e.through) as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }
}

impl Change for BatchPrepared<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        self.batch(pen).await?;
        self.reasons(pen).await?;
        self.exceptions(pen).await?;
        sqlx::query!(
            "SELECT auth.attach_stage($1, $2)",
            self.id.uuid(),
            self.month.first().to_sqlx() as _
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({
            "month": self.month,
            "lines": self.lines.1,
            "children": self.children,
            "exceptions": self.exceptions.len(),
            "paid": self.sums.0,
            "recovered": self.sums.1,
            "rulebook": self.rulebook,
            "removed": self.removed,
        });
        let subject = Subject::new("batch", self.id.uuid());
        let entry = Entry::new("allowances.batch_prepared", subject);
        vec![entry.after(after).sealed(self.sealed)]
    }
}
