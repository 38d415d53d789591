//! Bringing a child's file up to date.

use domain::registry::{Amendment, Hidden, Particulars, Relative, StatusDecision};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::ids::{ChildId, SpanId};
use kernel::journal::{Entry, Subject};
use serde_json::json;

use crate::error::StoreError;
use crate::registry::cells::{GuardianCells, Preparing, has_guardian};
use crate::registry::columns::{index, likeness, purpose, seal};
use crate::registry::edit::write_revision;
use crate::registry::file::ChildFile;
use crate::registry::ledger::{RowTaken, write_rows};
use crate::registry::name_key::rewrite_name_keys;
use crate::registry::register::{
    NewGuardian, NewSpan, insert_guardians, insert_spans, write_relatives,
};
use crate::work::{Change, Pen};

/// What a newer statement about a child changes: facts, a class, or only that another ledger lists the child too.
#[derive(Debug)]
pub struct Amended<'a> {
    /// The file as it was read.
    pub file: &'a ChildFile,
    /// The facts that change, if any.
    pub amendment: Option<&'a Amendment>,
    /// The class the statement puts the child in, and what that does.
    pub status: Option<(Category, StatusDecision)>,
    /// The day the statement holds from.
    pub on: Date,
    /// The ledger row that states it, if any.
    pub row: Option<&'a RowTaken>,
}

impl Amended<'_> {
    fn opens(&self) -> Option<Category> {
        match self.status {
            Some((category, StatusDecision::Open | StatusDecision::Replace(_))) => Some(category),
            _ => None,
        }
    }

    fn moves_sealed_status(&self) -> bool {
        let ends = match self.status {
            Some((_, StatusDecision::Replace(old))) => old.is_sealed(),
            _ => false,
        };
        ends || self.opens().is_some_and(Category::is_sealed)
    }
}

impl Change for Amended<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let child = self.file.child;
        if let Some(amendment) = self.amendment {
            update_person(pen, self.file, &amendment.after).await?;
            update_child(pen, self.file, &amendment.after).await?;
            let fields: Vec<String> = match &amendment.journal_after {
                serde_json::Value::Object(fields) => fields.keys().cloned().collect(),
                _ => Vec::new(),
            };
            write_revision(pen, child, self.file.version + 1, &fields).await?;
            update_guardian(pen, self.file, &amendment.after, self.on).await?;
            let changed: Vec<(ChildId, &Relative)> = amendment
                .after
                .relatives
                .iter()
                .filter(|relative| !self.file.facts.relatives.contains(relative))
                .map(|relative| (child, relative))
                .collect();
            if !changed.is_empty() {
                write_relatives(pen, &changed).await?;
            }
        }
        if let Some(category) = self.opens() {
            let span = NewSpan {
                child,
                category,
                from: self.on,
                to: None,
                ledger: self.row.map(|row| row.ledger.uuid()),
            };
            if category.is_sealed() {
                name_officer(pen, child).await?;
            }
            match self.status {
                Some((_, StatusDecision::Replace(old))) => replace_span(pen, old, &span).await?,
                _ => insert_spans(pen, &[span]).await?,
            }
        }
        match self.row {
            Some(row) => write_rows(pen, &[(child, row)]).await,
            None => Ok(()),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("child", self.file.child.uuid());
        let household = self
            .amendment
            .map_or(self.file.facts.household, |amendment| {
                amendment.after.household
            });
        let entry = |action| {
            Entry::new(action, subject)
                .at(household)
                .sealed(self.file.sealed)
        };
        let mut entries = Vec::new();
        if let Some(amendment) = self.amendment {
            let (before, after) = (
                amendment.journal_before.clone(),
                amendment.journal_after.clone(),
            );
            entries.push(entry("registry.child_amended").before(before).after(after));
        }
        if let Some(category) = self.opens() {
            let before = match self.status {
                Some((_, StatusDecision::Replace(old))) => json!({ "status": old.code() }),
                _ => serde_json::Value::Null,
            };
            let after = json!({ "status": category.code(), "from": self.on });
            let status = entry("registry.status_changed").before(before).after(after);
            entries.push(status.sealed(self.file.sealed || self.moves_sealed_status()));
        }
        if entries.is_empty() {
            entries.push(
                entry("registry.child_linked")
                    .after(json!({ "row": self.row.map(|row| row.number) })),
            );
        }
        entries
    }
}

pub(crate) async fn update_person(
    pen: &mut Pen<'_>,
    file: &ChildFile,
    after: &Particulars,
) -> Result<(), StoreError> {
    let id = file.child.uuid();
    let secret = after.resident_id.as_ref().map(|id| id.reveal().to_owned());
    let done = sqlx::query!(
        "UPDATE registry_person SET name = $2, sex = $3, birth = $4, resident_id = $5::bytea, resident_id_index = $6::bytea,
             household_division = $7 WHERE id = $1",
        id,
        after.name,
        after.sex.map(|sex| sex.code()) as _,
        after.birth.map(|day| day.to_sqlx()) as _,
        seal(pen.sealer, "registry_person", "resident_id", id, secret.as_deref()) as _,
        index(pen.sealer, purpose::CHILD, secret.as_deref()) as _,
        after.household.code(),
    )
    .execute(&mut *pen.conn)
    .await?;
    if done.rows_affected() != 1 {
        return Err(StoreError::NotFound);
    }
    if after.name != file.facts.name || after.household != file.facts.household {
        rewrite_name_keys(pen, id, &file.facts.name, &after.name).await?;
    }
    Ok(())
}

pub(crate) async fn update_child(
    pen: &mut Pen<'_>,
    file: &ChildFile,
    after: &Particulars,
) -> Result<(), StoreError> {
    let id = file.child.uuid();
    let done = sqlx::query!(
        "UPDATE registry_child SET national_number = $3, likeness = $4::bytea, ethnicity = $5, address = $6::bytea,
             school_stage = $7, boarding = $8, health = $9, disability_kind = $10, disability_level = $11, illness = $12,
             bank_name = $13, bank_account = $14::bytea, note = $15::bytea, school = $16, version = version + 1
         WHERE id = $1 AND version = $2",
        id,
        file.version,
        after.national_number.as_deref() as _,
        likeness(pen.sealer, after).to_vec(),
        after.ethnicity.as_deref() as _,
        seal(pen.sealer, "registry_child", "address", id, after.address.as_ref().map(Hidden::reveal)) as _,
        after.school_stage.as_deref() as _,
        after.boarding as _,
        after.health.as_deref() as _,
        after.disability_kind.as_deref() as _,
        after.disability_level.as_deref() as _,
        after.illness.as_deref() as _,
        after.bank_name.as_deref() as _,
        seal(pen.sealer, "registry_child", "bank_account", id, after.bank_account.as_ref().map(Hidden::reveal)) as _,
        seal(
            pen.sealer,
            "registry_child",
            "note",
            id,
            after.note.as_ref().map(Hidden::reveal)
        ) as _,
        after.school.as_deref() as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// The guardian of today ends and another begins; a mere new phone is no new guardian.
async fn update_guardian(
    pen: &mut Pen<'_>,
    file: &ChildFile,
    after: &Particulars,
    on: Date,
) -> Result<(), StoreError> {
    let before = &file.facts;
    let same_contact = before.guardian_phone == after.guardian_phone
        && before.guardian_resident_id == after.guardian_resident_id;
    let same_person = before.guardian_name == after.guardian_name
        && before.guardian_relation == after.guardian_relation;
    if !has_guardian(after) || (same_contact && same_person) {
        return Ok(());
    }
    let Some(guardian) = file.guardian else {
        return enter_guardian(pen, file.child, after, on).await;
    };
    let id = guardian.uuid();
    if !same_person {
        sqlx::query!(
            "UPDATE registry_guardian SET to_day = greatest($3, from_day) WHERE child_id = $1 AND id = $2",
            file.child.uuid(),
            id,
            on.to_sqlx() as _
        )
        .execute(&mut *pen.conn)
        .await?;
        return enter_guardian(pen, file.child, after, on).await;
    }
    let phone = after.guardian_phone.as_ref().map(Hidden::reveal);
    let resident_id = after.guardian_resident_id.as_ref().map(Hidden::reveal);
    sqlx::query!(
        "UPDATE registry_guardian SET phone = $3::bytea, phone_index = $4::bytea, resident_id = $5::bytea, resident_id_index = $6::bytea
         WHERE child_id = $1 AND id = $2",
        file.child.uuid(),
        id,
        seal(pen.sealer, "registry_guardian", "phone", id, phone) as _,
        index(pen.sealer, purpose::PHONE, phone) as _,
        seal(pen.sealer, "registry_guardian", "resident_id", id, resident_id) as _,
        index(pen.sealer, purpose::KIN, resident_id) as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

async fn enter_guardian(
    pen: &mut Pen<'_>,
    child: ChildId,
    facts: &Particulars,
    from: Date,
) -> Result<(), StoreError> {
    let cells = &GuardianCells::seal(facts, &Preparing::of(pen));
    let guardian = NewGuardian {
        child,
        facts,
        from,
        cells,
    };
    insert_guardians(pen, &[guardian]).await
}

/// Whoever enters a sealed status of a child on file answers for it from then on, unless he does already.
///
/// The database refuses this when another officer is named: a seal is not widened from below.
pub(crate) async fn name_officer(pen: &mut Pen<'_>, child: ChildId) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO registry_named_officer (child_id, officer_id)
         SELECT $1, $2 WHERE NOT EXISTS
             (SELECT 1 FROM registry_named_officer n WHERE n.child_id = $1 AND n.officer_id = $2)",
        child.uuid(),
        pen.officer.uuid(),
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

/// Ends the open span of a class and begins the next in one statement: between two, a child whose other status is
/// sealed would be out of the officer's sight.
async fn replace_span(pen: &mut Pen<'_>, old: Category, span: &NewSpan) -> Result<(), StoreError> {
    let done = sqlx::query!(
        "WITH ended AS (
             UPDATE registry_span SET to_day = $5, end_known = $7 WHERE child_id = $1 AND category = $2 AND to_day IS NULL RETURNING child_id
         )
         INSERT INTO registry_span (id, child_id, category, from_day, ledger_id, known) SELECT $3, child_id, $4, $5, $6, $7 FROM ended",
        span.child.uuid(),
        old.code(),
        SpanId::generate(pen.now, pen.entropy).uuid(),
        span.category.code(),
        span.from.to_sqlx() as _,
        span.ledger,
        pen.now.to_sqlx() as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}
