//! Packages on their way out, until their receipts are there.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, PackageId, PeerId};
use kernel::journal::{Entry, Subject};
use serde_json::json;

use crate::applications::Application;
use crate::error::StoreError;
use crate::work::{Change, Pen, Store, Work};

/// What is known of an application that a peer shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The peer.
    pub peer: PeerId,
    /// The peer's name.
    pub peer_name: String,
    /// Its signing and sealing key.
    pub keys: envelope::Public,
    /// What both sides call it.
    pub case: ApplicationId,
    /// The accepting town there, or the installation that decides.
    pub far_unit: String,
    /// Its number at the accepting side, where that is afar.
    pub far_number: Option<String>,
    /// How many reports on it went out.
    pub told: u32,
    /// Packages about it that wait for their receipts.
    pub waiting: u32,
}

/// With whom an application is shared; none before it was forwarded, and for one that stays here.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn shared(work: &mut Work, id: ApplicationId) -> Result<Option<Shared>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT c.peer_id, p.name, p.sign::bytea AS "sign!", p.open::bytea AS "open!", c.shared, c.far_unit, c.far_number, c.told,
                  (SELECT count(*) FROM exchange_outbox o WHERE o.application_id = c.application_id AND o.received_at IS NULL) AS "waiting!"
           FROM exchange_case c JOIN exchange_peer p ON p.id = c.peer_id WHERE c.application_id = $1"#,
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    let corrupt = |column| StoreError::Corrupt {
        table: "exchange_peer",
        column,
    };
    row.map(|row| {
        Ok(Shared {
            peer: PeerId::from_uuid(row.peer_id),
            peer_name: row.name,
            keys: envelope::Public {
                sign: row.sign.try_into().map_err(|_| corrupt("sign"))?,
                open: row.open.try_into().map_err(|_| corrupt("open"))?,
            },
            case: ApplicationId::from_uuid(row.shared),
            far_unit: row.far_unit,
            far_number: row.far_number,
            told: row.told.unsigned_abs(),
            waiting: u32::try_from(row.waiting).unwrap_or(u32::MAX),
        })
    })
    .transpose()
}

/// A package written for a peer.
#[derive(Debug)]
pub struct Packed<'a> {
    /// Its id.
    pub id: PackageId,
    /// What it is about.
    pub application: &'a Application,
    /// To whom it goes.
    pub peer: PeerId,
    /// The far unit, where the application is forwarded by it.
    pub far_unit: Option<&'a str>,
    /// The number of the report, where it is one.
    pub told: Option<u32>,
    /// Its bytes, sealed to the peer.
    pub package: &'a [u8],
    /// From when it is not taken any more.
    pub expires: Timestamp,
}

impl Packed<'_> {
    const fn kind(&self) -> envelope::Kind {
        match self.far_unit {
            Some(_) => envelope::Kind::Application,
            None => envelope::Kind::Status,
        }
    }
}

impl Change for Packed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let application = self.application.id.uuid();
        if let Some(far_unit) = self.far_unit {
            sqlx::query!(
                "INSERT INTO exchange_case (application_id, peer_id, shared, far_unit) VALUES ($1, $2, $1, $3)",
                application,
                self.peer.uuid(),
                far_unit
            )
            .execute(&mut *pen.conn)
            .await?;
        }
        if let Some(told) = self.told {
            sqlx::query!(
                "UPDATE exchange_case SET told = $2 WHERE application_id = $1",
                application,
                i32::try_from(told).unwrap_or(i32::MAX)
            )
            .execute(&mut *pen.conn)
            .await?;
        }
        sqlx::query!(
            "INSERT INTO exchange_outbox (id, application_id, peer_id, kind, package, made_at, expires_at, next_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $6)",
            self.id.uuid(),
            application,
            self.peer.uuid(),
            self.kind().code(),
            self.package,
            pen.now.to_sqlx() as _,
            self.expires.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("application", self.application.id.uuid());
        let after = json!({
            "package": self.id, "peer": self.peer, "kind": self.kind().code(), "bytes": self.package.len(), "report": self.told,
        });
        let entry = Entry::new("exchange.packed", subject).at(self.application.household);
        vec![entry.after(after)]
    }
}

/// A package that ran out before its receipt came, written anew.
#[derive(Debug)]
pub struct Renewed<'a> {
    /// The one that ran out.
    pub before: PackageId,
    /// Its place is taken by this one.
    pub id: PackageId,
    /// What it is about.
    pub application: &'a Application,
    /// Its bytes, sealed to the peer.
    pub package: &'a [u8],
    /// From when it is not taken any more.
    pub expires: Timestamp,
}

impl Change for Renewed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE exchange_outbox SET id = $2, package = $3, made_at = $4, expires_at = $5, tries = 0, next_at = $4, trouble = NULL
             WHERE id = $1 AND received_at IS NULL",
            self.before.uuid(),
            self.id.uuid(),
            self.package,
            pen.now.to_sqlx() as _,
            self.expires.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("application", self.application.id.uuid());
        let entry = Entry::new("exchange.packed_anew", subject).at(self.application.household);
        let after = json!({ "package": self.id, "bytes": self.package.len() });
        vec![entry.before(json!({ "package": self.before })).after(after)]
    }
}

/// A package in the list.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Its id.
    pub id: PackageId,
    /// What it is about.
    pub application: ApplicationId,
    /// Its number here.
    pub number: String,
    /// The peer.
    pub peer_name: String,
    /// `application status`.
    pub kind: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when it is not taken any more.
    pub expires_at: Timestamp,
    /// How often it was sent.
    pub tries: i32,
    /// The code with which it was last not taken.
    pub trouble: Option<String>,
    /// When its receipt came.
    pub received_at: Option<Timestamp>,
    /// What the receipt says.
    pub taken: Option<String>,
    /// Its bytes, where one package is asked for and waits.
    pub package: Option<Vec<u8>>,
}

/// The packages about applications within reach, those that wait first, at most 200; or one, with its bytes.
///
/// # Errors
/// When the database does not answer.
pub async fn outgoing(
    work: &mut Work,
    one: Option<PackageId>,
) -> Result<Vec<Outgoing>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT o.id, o.application_id, a.number, p.name, o.kind, o.made_at AS "made_at: jiff_sqlx::Timestamp",
                  o.expires_at AS "expires_at: jiff_sqlx::Timestamp", o.tries, o.trouble,
                  o.received_at AS "received_at: jiff_sqlx::Timestamp", o.taken,
                  CASE WHEN $1::uuid IS NOT NULL THEN o.package END AS package
           FROM exchange_outbox o JOIN applications_application a ON a.id = o.application_id JOIN exchange_peer p ON p.id = o.peer_id
           WHERE $1::uuid IS NULL OR o.id = $1
           ORDER BY o.received_at IS NOT NULL, o.made_at DESC, o.id DESC LIMIT 200"#,
        one.map(PackageId::uuid)
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter().map(|row| Outgoing {
        id: PackageId::from_uuid(row.id),
        application: ApplicationId::from_uuid(row.application_id),
        number: row.number,
        peer_name: row.name,
        kind: row.kind,
        made_at: row.made_at.to_jiff(),
        expires_at: row.expires_at.to_jiff(),
        tries: row.tries,
        trouble: row.trouble,
        received_at: row.received_at.map(|at| at.to_jiff()),
        taken: row.taken,
        package: row.package,
    });
    Ok(rows.collect())
}

/// A package to be sent over the network now.
#[derive(Debug)]
pub struct Unsent {
    /// Its id.
    pub id: PackageId,
    /// Its bytes.
    pub package: Vec<u8>,
    /// Where the peer listens.
    pub address: String,
    /// The peer's keys.
    pub keys: envelope::Public,
    /// How often it was sent, this time included.
    pub tries: i32,
}

/// The next package to be sent over the network; nobody else gets it before `lease`.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn unsent(store: &Store, lease: Timestamp) -> Result<Option<Unsent>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT id AS "id!", package AS "package!", address AS "address!", sign AS "sign!", open AS "open!", tries AS "tries!"
           FROM auth.exchange_waiting($1, $2)"#,
        store.clock().now().to_sqlx() as _,
        lease.to_sqlx() as _,
    )
    .fetch_optional(store.pool())
    .await?;
    let corrupt = |column| StoreError::Corrupt {
        table: "exchange_peer",
        column,
    };
    row.map(|row| {
        Ok(Unsent {
            id: PackageId::from_uuid(row.id),
            package: row.package,
            address: row.address,
            keys: envelope::Public {
                sign: row.sign.try_into().map_err(|_| corrupt("sign"))?,
                open: row.open.try_into().map_err(|_| corrupt("open"))?,
            },
            tries: row.tries,
        })
    })
    .transpose()
}

/// A receipt that came for a package.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The peer's signing key.
    pub sign: &'a [u8; 32],
    /// The package.
    pub package: PackageId,
    /// What became of it there, by its code.
    pub taken: &'a str,
}

/// Files a receipt; false where nothing of that peer waits for it.
///
/// # Errors
/// When the database does not answer.
pub async fn received(store: &Store, receipt: &Received<'_>) -> Result<bool, StoreError> {
    let done = sqlx::query_scalar!(
        r#"SELECT auth.exchange_received($1, $2, $3, $4) AS "done!""#,
        &receipt.sign[..],
        receipt.package.uuid(),
        receipt.taken,
        store.clock().now().to_sqlx() as _,
    )
    .fetch_one(store.pool())
    .await?;
    Ok(done)
}

/// Notes with which code a package was not taken, and when it is sent again.
///
/// # Errors
/// When the database does not answer.
pub async fn failed(
    store: &Store,
    package: PackageId,
    code: &str,
    again: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query!(
        "SELECT auth.exchange_failed($1, $2, $3)",
        package.uuid(),
        code,
        again.to_sqlx() as _
    )
    .fetch_one(store.pool())
    .await?;
    Ok(())
}
