//! The door through which packages come in: a transaction without an officer.

use domain::exchange::{Peer, Taken};
use domain::organisation::UnitKind;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{ApplicationId, PackageId, PeerId, UnitId};
use kernel::reach::Reach;
use sqlx::{PgConnection, Postgres, Transaction};

use super::peer::Row;
use crate::error::StoreError;
use crate::work::Store;

/// One package's transaction; dropping it leaves everything as it was.
pub struct Door {
    pub(super) store: Store,
    tx: Transaction<'static, Postgres>,
}

impl Store {
    /// Opens the door for one package.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn door(&self) -> Result<Door, StoreError> {
        Ok(Door {
            store: self.clone(),
            tx: self.pool().begin().await?,
        })
    }

    /// Journals that nothing was taken from a sender, in a transaction of its own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn not_taken(&self, peer: Option<PeerId>, code: &str) -> Result<(), StoreError> {
        sqlx::query!(
            "SELECT auth.exchange_refuse($1, $2, $3)",
            peer.map(PeerId::uuid),
            code,
            self.clock().now().to_sqlx() as _
        )
        .fetch_one(self.pool())
        .await?;
        Ok(())
    }
}

impl Door {
    pub(super) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The store, for its clock and for chance.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Makes everything last.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }

    /// The peer of a signing key, pinned or not.
    ///
    /// # Errors
    /// When the database does not answer, or holds what cannot be.
    pub async fn sender(&mut self, sign: &[u8; 32]) -> Result<Option<Peer>, StoreError> {
        let row = sqlx::query_as!(
            Row,
            r#"SELECT id AS "id!", name AS "name!", address, sign AS "sign!", open AS "open!", serves AS "serves!",
                      proposed_by AS "proposed_by!", confirmed_by, revoked AS "revoked!"
               FROM auth.exchange_sender($1)"#,
            &sign[..]
        )
        .fetch_optional(self.conn())
        .await?;
        row.map(Row::peer).transpose()
    }

    /// The receipt of a package that came before; until the transaction ends nobody else takes the same package.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn receipt(
        &mut self,
        peer: PeerId,
        package: PackageId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let found = sqlx::query_scalar!(
            "SELECT auth.exchange_receipt($1, $2)",
            peer.uuid(),
            package.uuid()
        );
        Ok(found.fetch_one(self.conn()).await?)
    }

    /// Keeps the receipt of a package.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep(
        &mut self,
        (peer, package): (PeerId, PackageId),
        application: ApplicationId,
        kind: envelope::Kind,
        taken: Taken,
        receipt: &[u8],
    ) -> Result<(), StoreError> {
        let now = self.store.clock().now();
        sqlx::query!(
            "SELECT auth.exchange_keep($1, $2, $3, $4, $5, $6, $7)",
            peer.uuid(),
            package.uuid(),
            application.uuid(),
            kind.code(),
            taken.code(),
            receipt,
            now.to_sqlx() as _,
        )
        .fetch_one(self.conn())
        .await?;
        Ok(())
    }

    /// The town and the county's bureau that serve a household, and what the bureau serves; none where no bureau here does.
    ///
    /// # Errors
    /// When the database does not answer, or holds what cannot be.
    pub async fn units_for(
        &mut self,
        household: Division,
    ) -> Result<Option<(Option<UnitId>, UnitId, Reach)>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT id AS "id!", kind AS "kind!", serves AS "serves!" FROM auth.public_units()
               WHERE serves::int8multirange @> $1::int8 ORDER BY division DESC, id"#,
            household.code()
        )
        .fetch_all(self.conn())
        .await?;
        let of = |kind: UnitKind| rows.iter().find(move |row| row.kind == kind.code());
        let Some(county) = of(UnitKind::CountyBureau) else {
            return Ok(None);
        };
        let serves = county.serves.parse().map_err(|_| StoreError::Corrupt {
            table: "organisation_unit",
            column: "serves",
        })?;
        let town = of(UnitKind::Town).map(|row| UnitId::from_uuid(row.id));
        Ok(Some((town, UnitId::from_uuid(county.id), serves)))
    }
}
