//! A case becomes an application, with its photographs on the checklist: all of it, or nothing.

use domain::applications::{Afar, Deadline, Path, Stated};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::ids::{ApplicationId, PaperId, StepId};
use sqlx::PgConnection;

use super::super::paper::cell as paper_cell;
use super::super::stated::seal;
use super::super::units::Units;
use super::pages::PublicStore;
use super::photo::cell as photo_cell;
use super::proof::Proof;
use crate::error::StoreError;

/// An application to be made of a case.
#[derive(Debug)]
pub struct Submission<'a> {
    /// What is applied for.
    pub category: Category,
    /// The way it goes.
    pub path: Path,
    /// Through which units.
    pub units: Units,
    /// Whether it is decided afar; the accepting unit then stands in for the units there.
    pub afar: Option<Afar>,
    /// What it states.
    pub stated: &'a Stated,
    /// The clock of the accepting unit.
    pub clock: &'a Deadline,
    /// By what its case is known from here: the end of the child's id.
    pub then: &'a Proof,
    /// Until when the code holds from here.
    pub until: Timestamp,
}

/// Submits a case; answers the application's number, or nothing where it was submitted or ended meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn submit(
    store: &PublicStore,
    proof: &Proof,
    submission: &Submission<'_>,
) -> Result<Option<String>, StoreError> {
    let mut tx = store.pool().begin().await?;
    let number = make(store, &mut tx, proof, submission).await?;
    if number.is_some() {
        take_over(store, &mut tx, proof).await?;
        tx.commit().await?;
    }
    Ok(number)
}

async fn make(
    store: &PublicStore,
    connection: &mut PgConnection,
    proof: &Proof,
    submission: &Submission<'_>,
) -> Result<Option<String>, StoreError> {
    let now = store.clock().now();
    let id = ApplicationId::generate(now, store.entropy());
    let Submission { units, clock, .. } = submission;
    let child = &submission.stated.child;
    Ok(sqlx::query_scalar!(
        "SELECT auth.public_submit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        proof.code,
        proof.known,
        submission.then.known,
        submission.until.to_sqlx() as _,
        id.uuid(),
        StepId::generate(now, store.entropy()).uuid(),
        submission.category.code(),
        submission.path.code(),
        units.accepting.uuid(),
        units.verifying.uuid(),
        units.deciding.uuid(),
        submission.afar.is_some(),
        child.household.code(),
        child.name,
        seal(store.sealer(), id, submission.stated)?,
        clock.leg.code(),
        clock.began.to_sqlx() as _,
        i32::try_from(clock.days).unwrap_or(i32::MAX),
        clock.due.to_sqlx() as _,
        clock.provisional,
        clock.calendar.to_string(),
        now.to_sqlx() as _,
    )
    .fetch_one(connection)
    .await?)
}

/// Each photograph is opened and sealed anew: a ciphertext holds in its own place alone.
async fn take_over(
    store: &PublicStore,
    connection: &mut PgConnection,
    proof: &Proof,
) -> Result<(), StoreError> {
    let now = store.clock().now();
    let photos = sqlx::query!(
        r#"SELECT id AS "id!", content AS "content!" FROM auth.public_photos($1, $2, true, $3)"#,
        proof.code,
        proof.known,
        now.to_sqlx() as _,
    )
    .fetch_all(&mut *connection)
    .await?;
    for photo in photos {
        let paper = PaperId::generate(now, store.entropy());
        let sealer = store.sealer();
        let pixels = sealer.open(photo_cell(PaperId::from_uuid(photo.id)), &photo.content)?;
        sqlx::query!(
            "SELECT auth.public_take_over($1, $2, $3, $4, $5, $6)",
            proof.code,
            proof.known,
            photo.id,
            paper.uuid(),
            sealer.seal(paper_cell(paper), &pixels),
            now.to_sqlx() as _,
        )
        .fetch_one(&mut *connection)
        .await?;
    }
    Ok(())
}
