//! A child's guardians, with the days from and to which they answer for it, and its relatives.

use domain::registry::{Hidden, Relation, Relative};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ChildId, GuardianId};
use kernel::journal::{Entry, Subject};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::columns::{index, open, purpose, seal};
use crate::registry::file::ChildFile;
use crate::registry::register::write_relatives;
use crate::work::{Change, Pen, Work};

/// Who answers for a child, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardian {
    /// Its id.
    pub id: GuardianId,
    /// Name.
    pub name: Option<String>,
    /// How related to the child, as written.
    pub relation: Option<String>,
    /// Resident id.
    pub resident_id: Option<Hidden>,
    /// Phone numbers, several divided by a slash.
    pub phone: Option<Hidden>,
    /// The first day.
    pub from: Date,
    /// The first day on which this person is guardian no longer.
    pub to: Option<Date>,
}

/// A child's guardians, past and present, the latest first.
///
/// # Errors
/// When the database does not answer, or a sealed cell does not open.
pub async fn guardians(work: &mut Work, child: ChildId) -> Result<Vec<Guardian>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, name, relation, resident_id::bytea AS resident_id, phone::bytea AS phone, from_day, to_day
           FROM registry_guardian WHERE child_id = $1 ORDER BY to_day IS NULL DESC, from_day DESC, id DESC"#,
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    let cell = |column, id: Uuid, sealed: Option<Vec<u8>>| {
        open(sealer, "registry_guardian", column, id, sealed.as_deref())
    };
    rows.into_iter()
        .map(|row| {
            Ok(Guardian {
                id: GuardianId::from_uuid(row.id),
                name: row.name,
                relation: row.relation,
                resident_id: cell("resident_id", row.id, row.resident_id)?,
                phone: cell("phone", row.id, row.phone)?,
                from: row.from_day.to_jiff(),
                to: row.to_day.map(|day| day.to_jiff()),
            })
        })
        .collect()
}

/// A guardian entered.
#[derive(Debug)]
pub struct GuardianEntered<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The guardian.
    pub guardian: &'a Guardian,
}

impl Change for GuardianEntered<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (id, guardian) = (self.guardian.id.uuid(), self.guardian);
        let resident_id = guardian.resident_id.as_ref().map(Hidden::reveal);
        let phone = guardian.phone.as_ref().map(Hidden::reveal);
        sqlx::query!(
            "INSERT INTO registry_guardian (id, child_id, name, relation, resident_id, resident_id_index, phone, phone_index, from_day, to_day)
             VALUES ($1, $2, $3, $4, $5::bytea, $6::bytea, $7::bytea, $8::bytea, $9, $10)",
            id,
            self.file.child.uuid(),
            guardian.name.as_deref(),
            guardian.relation.as_deref(),
            seal(pen.sealer, "registry_guardian", "resident_id", id, resident_id) as _,
            index(pen.sealer, purpose::KIN, resident_id) as _,
            seal(pen.sealer, "registry_guardian", "phone", id, phone) as _,
            index(pen.sealer, purpose::PHONE, phone) as _,
            guardian.from.to_sqlx() as _,
            guardian.to.map(|day| day.to_sqlx()) as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let Guardian {
            name,
            relation,
            resident_id,
            phone,
            from,
            to,
            ..
        } = self.guardian;
        let after = json!({ "guardian": name, "relation": relation, "from": from, "to": to });
        let mut entry = entry_of("registry.guardian_entered", self.file).after(after);
        if resident_id.is_some() {
            entry = entry.sealed_changed("resident_id");
        }
        if phone.is_some() {
            entry = entry.sealed_changed("phone");
        }
        vec![entry]
    }
}

/// A guardian who answers for the child no longer.
#[derive(Debug)]
pub struct GuardianEnded<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The guardian.
    pub guardian: GuardianId,
    /// The first day without.
    pub to: Date,
}

impl Change for GuardianEnded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE registry_guardian SET to_day = $3 WHERE id = $1 AND child_id = $2 AND to_day IS NULL AND from_day <= $3",
            self.guardian.uuid(),
            self.file.child.uuid(),
            self.to.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        only_one(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({ "guardian": self.guardian, "to": self.to });
        vec![entry_of("registry.guardian_ended", self.file).after(after)]
    }
}

/// What was wrong about a guardian put right; the days of the guardianship stay with the person.
#[derive(Debug)]
pub struct GuardianCorrected<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The guardian as entered.
    pub was: &'a Guardian,
    /// The guardian as is right.
    pub is: &'a Guardian,
}

impl Change for GuardianCorrected<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (id, guardian) = (self.was.id.uuid(), self.is);
        let resident_id = guardian.resident_id.as_ref().map(Hidden::reveal);
        let phone = guardian.phone.as_ref().map(Hidden::reveal);
        let done = sqlx::query!(
            "UPDATE registry_guardian SET name = $3, relation = $4, resident_id = $5::bytea, resident_id_index = $6::bytea,
                 phone = $7::bytea, phone_index = $8::bytea, from_day = $9
             WHERE id = $1 AND child_id = $2",
            id,
            self.file.child.uuid(),
            guardian.name.as_deref(),
            guardian.relation.as_deref(),
            seal(pen.sealer, "registry_guardian", "resident_id", id, resident_id) as _,
            index(pen.sealer, purpose::KIN, resident_id) as _,
            seal(pen.sealer, "registry_guardian", "phone", id, phone) as _,
            index(pen.sealer, purpose::PHONE, phone) as _,
            guardian.from.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        only_one(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        let view = |guardian: &Guardian| json!({ "guardian": guardian.name, "relation": guardian.relation, "from": guardian.from });
        let mut entry = entry_of("registry.guardian_corrected", self.file)
            .before(view(self.was))
            .after(view(self.is));
        if self.was.resident_id != self.is.resident_id {
            entry = entry.sealed_changed("resident_id");
        }
        if self.was.phone != self.is.phone {
            entry = entry.sealed_changed("phone");
        }
        vec![entry]
    }
}

/// What is known of a relative, entered or put in the place of what was.
#[derive(Debug)]
pub struct RelativeStated<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The relative.
    pub relative: &'a Relative,
}

impl Change for RelativeStated<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        write_relatives(pen, &[(self.file.child, self.relative)]).await
    }

    fn entries(&self) -> Vec<Entry> {
        let before = known(self.file, self.relative.relation);
        vec![
            entry_of("registry.relative_stated", self.file)
                .before(before.map_or(Value::Null, readable))
                .after(readable(self.relative)),
        ]
    }
}

/// A relative taken off the file: entered by mistake, or another child's.
#[derive(Debug)]
pub struct RelativeRemoved<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// Which relative.
    pub relation: Relation,
}

impl Change for RelativeRemoved<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "DELETE FROM registry_relative WHERE child_id = $1 AND relation = $2",
            self.file.child.uuid(),
            self.relation.code(),
        )
        .execute(&mut *pen.conn)
        .await?;
        only_one(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        let before = known(self.file, self.relation);
        vec![
            entry_of("registry.relative_removed", self.file)
                .before(before.map_or(Value::Null, readable)),
        ]
    }
}

fn known(file: &ChildFile, relation: Relation) -> Option<&Relative> {
    let mut known = file.facts.relatives.iter();
    known.find(|relative| relative.relation == relation)
}

/// A relative as the journal keeps it.
fn readable(relative: &Relative) -> Value {
    match serde_json::to_value(relative) {
        Ok(Value::Object(fields)) => domain::registry::journal_view(&fields),
        _ => Value::Null,
    }
}

/// An entry about a child's file.
pub(crate) fn entry_of(action: &'static str, file: &ChildFile) -> Entry {
    Entry::new(action, Subject::new("child", file.child.uuid()))
        .at(file.facts.household)
        .sealed(file.sealed)
}

/// A row that was there to change, and nobody changed it meanwhile.
pub(crate) fn only_one(rows: u64) -> Result<(), StoreError> {
    match rows {
        1 => Ok(()),
        _ => Err(StoreError::NotFound),
    }
}
