//! Beginning an application, and letting colleagues know of a sealed one.

use domain::applications::{Afar, Matter, Path, Stated};
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{ApplicationId, ChildId, OfficerId};
use kernel::journal::{Entry, Subject};
use serde_json::json;

use super::stated::seal;
use super::units::Units;
use crate::error::StoreError;
use crate::registry::name_officer;
use crate::work::{Change, Pen, Work};

/// An application begun, as a draft of the accepting unit.
#[derive(Debug)]
pub struct Drafted<'a> {
    /// Its id.
    pub id: ApplicationId,
    /// Its number; see [`next_number`].
    pub number: &'a str,
    /// What is applied for.
    pub matter: Matter,
    /// The way it goes.
    pub path: Path,
    /// Through which units.
    pub units: Units,
    /// The part that another installation has.
    pub afar: Option<Afar>,
    /// The child's file, where it is begun from one.
    pub child: Option<ChildId>,
    /// What it states.
    pub stated: &'a Stated,
}

/// The next application's number in a year.
///
/// # Errors
/// When the database does not answer.
pub async fn next_number(work: &mut Work, year: i16, sealed: bool) -> Result<String, StoreError> {
    let (letters, next) = match sealed {
        true => (
            "SM",
            sqlx::query_scalar!(r#"SELECT nextval('applications_sealed_number') AS "next!""#)
                .fetch_one(work.conn())
                .await?,
        ),
        false => (
            "SQ",
            sqlx::query_scalar!(r#"SELECT nextval('applications_number') AS "next!""#)
                .fetch_one(work.conn())
                .await?,
        ),
    };
    Ok(format!("{letters}-{year}-{next:06}"))
}

impl Drafted<'_> {
    const fn household(&self) -> Division {
        self.stated.child.household
    }
}

impl Change for Drafted<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        if self.matter.category().is_sealed() {
            // Named for the application itself: until it is granted there is no child on file that could be sealed.
            name_officer(pen, ChildId::from_uuid(self.id.uuid())).await?;
        }
        let ends_on = match self.matter {
            Matter::Termination { on, .. } => Some(on.to_sqlx()),
            Matter::Recognition(_) | Matter::Change(_) => None,
        };
        sqlx::query!(
            "INSERT INTO applications_application (id, number, matter, category, ends_on, path, stage, accepting_unit, verifying_unit,
                 deciding_unit, owner_unit, household, child_id, child_name, stated, opened_at, afar)
             VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $7, $10, $11, $12, $13, $14, $15)",
            self.id.uuid(),
            self.number,
            self.matter.code(),
            self.matter.category().code(),
            ends_on as _,
            self.path.code(),
            self.units.accepting.uuid(),
            self.units.verifying.uuid(),
            self.units.deciding.uuid(),
            self.household().code(),
            self.child.map(ChildId::uuid),
            self.stated.child.name,
            seal(pen.sealer, self.id, self.stated)?,
            pen.now.to_sqlx() as _,
            self.afar.map(Afar::code),
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("application", self.id.uuid());
        let category = self.matter.category();
        let after = json!({ "number": self.number, "matter": self.matter.code(), "category": category.code(), "path": self.path.code() });
        vec![
            Entry::new("applications.drafted", subject)
                .at(self.household())
                .sealed(category.is_sealed())
                .after(after),
        ]
    }
}

/// Lets a colleague of the own unit know of a sealed application; false where that is not the officer's to do, or the
/// colleague's post sees nothing sealed.
///
/// # Errors
/// When the database does not answer.
pub async fn confide(
    work: &mut Work,
    application: ApplicationId,
    colleague: OfficerId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT auth.confide_application($1, $2) AS "done!""#,
        application.uuid(),
        colleague.uuid()
    )
    .fetch_one(work.conn())
    .await?)
}

/// That a colleague was let know, for the journal.
#[derive(Debug, Clone, Copy)]
pub struct Confided {
    /// The application.
    pub application: ApplicationId,
    /// Where.
    pub household: Division,
    /// The colleague.
    pub colleague: OfficerId,
}

impl Change for Confided {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("application", self.application.uuid());
        let entry = Entry::new("applications.confided", subject).at(self.household);
        vec![
            entry
                .sealed(true)
                .after(json!({ "officer": self.colleague })),
        ]
    }
}
