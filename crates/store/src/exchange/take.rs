//! An application from afar, taken in at the household's town.

use domain::applications::{Deadline, Path, Stated};
use domain::exchange::Forwarded;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, PaperId, PeerId, StepId};

use super::door::Door;
use crate::applications::{PaperState, Units, paper_cell, seal_stated};
use crate::error::StoreError;

/// An application to be taken in.
#[derive(Debug)]
pub struct TakenIn<'a> {
    /// Its id here.
    pub id: ApplicationId,
    /// From whom.
    pub peer: PeerId,
    /// What the package says.
    pub forwarded: &'a Forwarded,
    /// What it states.
    pub stated: &'a Stated,
    /// The way it goes.
    pub path: Path,
    /// The units of the household; the town stands in for the accepting one.
    pub units: Units,
    /// The clock of the verifying town.
    pub clock: &'a Deadline,
    /// Its papers.
    pub papers: &'a [TakenPaper],
}

/// A paper of it.
#[derive(Debug)]
pub struct TakenPaper {
    /// Which paper, by its code.
    pub code: String,
    /// How it was seen.
    pub state: PaperState,
    /// Its scan with the media type.
    pub scan: Option<(&'static str, Vec<u8>)>,
}

impl Door {
    /// Takes an application in; answers its number here, or nothing where the database finds that it does not belong here.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take(&mut self, taken: &TakenIn<'_>) -> Result<Option<String>, StoreError> {
        let (now, store) = (self.store.clock().now(), self.store.clone());
        let TakenIn {
            forwarded, clock, ..
        } = taken;
        let child = &taken.stated.child;
        let number = sqlx::query_scalar!(
            "SELECT auth.exchange_take($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
            taken.peer.uuid(),
            taken.id.uuid(),
            StepId::generate(now, store.entropy()).uuid(),
            forwarded.case.uuid(),
            forwarded.town.code(),
            forwarded.town_name,
            forwarded.number,
            forwarded.category.code(),
            taken.path.code(),
            taken.units.verifying.uuid(),
            taken.units.deciding.uuid(),
            child.household.code(),
            child.name,
            seal_stated(store.sealer(), taken.id, taken.stated)?,
            clock.leg.code(),
            clock.began.to_sqlx() as _,
            i32::try_from(clock.days).unwrap_or(i32::MAX),
            clock.due.to_sqlx() as _,
            clock.provisional,
            clock.calendar.to_string(),
            now.to_sqlx() as _,
        )
        .fetch_one(self.conn())
        .await?;
        for paper in taken.papers {
            self.take_paper(taken.id, paper).await?;
        }
        Ok(number)
    }

    async fn take_paper(
        &mut self,
        application: ApplicationId,
        paper: &TakenPaper,
    ) -> Result<(), StoreError> {
        let (now, store) = (self.store.clock().now(), self.store.clone());
        let id = PaperId::generate(now, store.entropy());
        let scan = paper.scan.as_ref();
        let sealed = scan.map(|(_, bytes)| store.sealer().seal(paper_cell(id), bytes));
        sqlx::query!(
            "SELECT auth.exchange_take_paper($1, $2, $3, $4, $5, $6, $7)",
            application.uuid(),
            id.uuid(),
            paper.code,
            paper.state.code(),
            scan.map(|(media_type, _)| *media_type),
            sealed,
            now.to_sqlx() as _,
        )
        .fetch_one(self.conn())
        .await?;
        Ok(())
    }
}
