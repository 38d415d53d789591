//! Registering children, a batch at a time: the same few statements for one child and for ten thousand.
//!
//! Arrays are taken apart in the list of columns and not in FROM, where the database would keep every row once more before
//! it writes the first.

use domain::registry::{Particulars, Relative, journal_view};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::ids::{ChildId, PlacementId, SpanId, UnitId};
use kernel::journal::{Entry, Subject};
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::cells::{
    Contacts, FileCells, GuardianCells, Preparing, RelativeCells, RowCells, relative_id,
};
use crate::registry::known::Blind;
use crate::registry::ledger::{RowTaken, insert_rows};
use crate::registry::name_key::file_names;
use crate::work::{Change, Pen};

/// A child to register.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The new file's id.
    pub child: ChildId,
    /// What is known of the child.
    pub facts: Particulars,
    /// The statuses it enters with: class, first day, and the first day on which it no longer holds.
    pub statuses: Vec<(Category, Date, Option<Date>)>,
    /// The unit the child lives in, if it is placed.
    pub placement: Option<UnitId>,
    /// The day its file is opened.
    pub opened_on: Date,
    /// The ledger row it came from, if any.
    pub row: Option<RowTaken>,
}

impl Registration {
    /// Whether the child is known to its named officers alone: it has, or had, a sealed status, and no other open one
    /// brings it into view.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        let in_view = |&(category, _, to): &(Category, Date, Option<Date>)| {
            to.is_none() && !category.is_sealed()
        };
        self.has_sealed_status() && !self.statuses.iter().any(in_view)
    }

    fn has_sealed_status(&self) -> bool {
        self.statuses
            .iter()
            .any(|(category, _, _)| category.is_sealed())
    }
}

/// A child to register with all made ready that needs no database, on whatever thread there is time for it: the secrets
/// sealed, the journal's entry worded.
pub struct Prepared {
    /// The child.
    pub registration: Registration,
    cells: FileCells,
    entry: Entry,
}

impl Prepared {
    /// Makes a registration ready.
    #[must_use]
    pub fn new(registration: Registration, with: &Preparing<'_>) -> Self {
        Self {
            cells: FileCells::seal(&registration, with),
            entry: registered(&registration),
            registration,
        }
    }

    /// The digest its resident id is found by.
    #[must_use]
    pub fn resident_id_index(&self) -> Option<Blind> {
        self.cells.resident_id_index
    }

    /// The digest it is found by without one.
    #[must_use]
    pub fn likeness(&self) -> Blind {
        self.cells.likeness
    }
}

/// Children registered together.
pub struct Registered<'a>(pub &'a [Registration]);

impl Change for Registered<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let with = Preparing::of(pen);
        let cells: Vec<FileCells> = self.0.iter().map(|r| FileCells::seal(r, &with)).collect();
        write_files(pen, &self.0.iter().zip(&cells).collect::<Vec<_>>()).await?;
        file_names(pen.conn, self.0).await
    }

    fn entries(&self) -> Vec<Entry> {
        self.0.iter().map(registered).collect()
    }
}

/// Children of a long ledger registered together: their names are filed with those of the whole ledger, by
/// [`crate::registry::NamesFiled`].
pub struct RegisteredUnfiled<'a>(pub &'a [Prepared]);

impl Change for RegisteredUnfiled<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let files: Vec<File<'_>> = self.0.iter().map(|p| (&p.registration, &p.cells)).collect();
        write_files(pen, &files).await
    }

    fn entries(&self) -> Vec<Entry> {
        self.0.iter().map(|p| p.entry.clone()).collect()
    }
}

/// A file to write: what is known, and its secrets sealed.
type File<'a> = (&'a Registration, &'a FileCells);

async fn write_files(pen: &mut Pen<'_>, batch: &[File<'_>]) -> Result<(), StoreError> {
    name_officers(pen, batch).await?;
    write_persons(pen, batch).await?;
    write_children(pen, batch).await?;
    write_guardians(pen, batch).await?;
    let relatives: Vec<(ChildId, &Relative)> = batch
        .iter()
        .flat_map(|(r, _)| r.facts.relatives.iter().map(|relative| (r.child, relative)))
        .collect();
    let cells: Vec<&RelativeCells> = batch.iter().flat_map(|(_, c)| &c.relatives).collect();
    insert_relatives(pen, &relatives, &cells).await?;
    write_spans(pen, batch).await?;
    write_placements(pen, batch).await?;
    let rows: Vec<(ChildId, &RowTaken, &RowCells)> = batch
        .iter()
        .filter_map(|(r, cells)| Some((r.child, r.row.as_ref()?, cells.row.as_ref()?)))
        .collect();
    insert_rows(pen, &rows).await
}

fn registered(registration: &Registration) -> Entry {
    let statuses: Vec<&str> = registration
        .statuses
        .iter()
        .map(|(category, _, _)| category.code())
        .collect();
    let mut facts = match serde_json::to_value(&registration.facts) {
        Ok(serde_json::Value::Object(facts)) => facts,
        _ => serde_json::Map::new(),
    };
    facts.insert("statuses".into(), statuses.into());
    Entry::new(
        "registry.child_registered",
        Subject::new("child", registration.child.uuid()),
    )
    .at(registration.facts.household)
    .sealed(registration.has_sealed_status())
    .after(journal_view(&facts))
}

/// A sealed child is entered by the officer who answers for it, and is known to that officer from the first moment.
async fn name_officers(pen: &mut Pen<'_>, batch: &[File<'_>]) -> Result<(), StoreError> {
    let sealed: Vec<Uuid> = batch
        .iter()
        .filter(|(r, _)| r.has_sealed_status())
        .map(|(r, _)| r.child.uuid())
        .collect();
    if sealed.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO registry_named_officer (child_id, officer_id) SELECT child, $2 FROM UNNEST($1::uuid[]) AS child",
        &sealed,
        pen.officer.uuid()
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

async fn write_persons(pen: &mut Pen<'_>, batch: &[File<'_>]) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = batch.iter().map(|(r, _)| r.child.uuid()).collect();
    let names: Vec<&str> = batch.iter().map(|(r, _)| r.facts.name.as_str()).collect();
    let orders: Vec<&str> = batch.iter().map(|(_, c)| c.name_order.as_str()).collect();
    let sexes: Vec<Option<&str>> = batch
        .iter()
        .map(|(r, _)| r.facts.sex.map(|s| s.code()))
        .collect();
    let births: Vec<Option<jiff_sqlx::Date>> = batch
        .iter()
        .map(|(r, _)| r.facts.birth.map(|d| d.to_sqlx()))
        .collect();
    let sealed_ids: Vec<Option<&[u8]>> = batch
        .iter()
        .map(|(_, c)| c.resident_id.as_deref())
        .collect();
    let indexes: Vec<Option<&[u8]>> = batch
        .iter()
        .map(|(_, c)| c.resident_id_index.as_ref().map(Blind::as_slice))
        .collect();
    let households: Vec<i64> = batch
        .iter()
        .map(|(r, _)| r.facts.household.code())
        .collect();
    let sealed: Vec<bool> = batch.iter().map(|(r, _)| r.is_sealed()).collect();
    sqlx::query!(
        "INSERT INTO registry_person (id, name, sex, birth, resident_id, resident_id_index, household_division, sealed, name_order)
         SELECT UNNEST($1::uuid[]), UNNEST($2::text[]), UNNEST($3::text[]), UNNEST($4::date[]), UNNEST($5::bytea[]), UNNEST($6::bytea[]),
             UNNEST($7::int8[]), UNNEST($8::bool[]), UNNEST($9::text[])",
        &ids,
        &names as _,
        &sexes as _,
        &births as _,
        &sealed_ids as _,
        &indexes as _,
        &households,
        &sealed,
        &orders as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

async fn write_children(pen: &mut Pen<'_>, batch: &[File<'_>]) -> Result<(), StoreError> {
    let text = |field: fn(&Particulars) -> &Option<String>| -> Vec<Option<&str>> {
        batch
            .iter()
            .map(|(r, _)| field(&r.facts).as_deref())
            .collect()
    };
    let sealed = |cell: fn(&FileCells) -> &Option<Vec<u8>>| -> Vec<Option<&[u8]>> {
        batch.iter().map(|(_, c)| cell(c).as_deref()).collect()
    };
    let ids: Vec<Uuid> = batch.iter().map(|(r, _)| r.child.uuid()).collect();
    let counties: Vec<i64> = batch
        .iter()
        .map(|(r, _)| r.facts.household.code() / 1_000_000)
        .collect();
    let likenesses: Vec<&[u8]> = batch.iter().map(|(_, c)| c.likeness.as_slice()).collect();
    let boarding: Vec<Option<bool>> = batch.iter().map(|(r, _)| r.facts.boarding).collect();
    let opened: Vec<jiff_sqlx::Date> = batch.iter().map(|(r, _)| r.opened_on.to_sqlx()).collect();
    sqlx::query!(
        "INSERT INTO registry_child (id, file_number, national_number, likeness, ethnicity, address, school, school_stage, boarding,
             health, disability_kind, disability_level, illness, bank_name, bank_account, note, opened_on)
         SELECT c.id, c.county || '-' || lpad(nextval('registry_file_number')::text, 7, '0'), c.national_number, c.likeness,
             c.ethnicity, c.address, c.school, c.school_stage, c.boarding, c.health, c.disability_kind, c.disability_level, c.illness,
             c.bank_name, c.bank_account, c.note, c.opened_on
         FROM (SELECT UNNEST($1::uuid[]) AS id, UNNEST($2::int8[]) AS county, UNNEST($3::text[]) AS national_number,
                   UNNEST($4::bytea[]) AS likeness, UNNEST($5::text[]) AS ethnicity, UNNEST($6::bytea[]) AS address,
                   UNNEST($7::text[]) AS school, UNNEST($8::text[]) AS school_stage, UNNEST($9::bool[]) AS boarding,
                   UNNEST($10::text[]) AS health, UNNEST($11::text[]) AS disability_kind, UNNEST($12::text[]) AS disability_level,
                   UNNEST($13::text[]) AS illness, UNNEST($14::text[]) AS bank_name, UNNEST($15::bytea[]) AS bank_account,
                   UNNEST($16::bytea[]) AS note, UNNEST($17::date[]) AS opened_on) AS c",
        &ids,
        &counties,
        &text(|f| &f.national_number) as _,
        &likenesses as _,
        &text(|f| &f.ethnicity) as _,
        &sealed(|c| &c.address) as _,
        &text(|f| &f.school) as _,
        &text(|f| &f.school_stage) as _,
        &boarding as _,
        &text(|f| &f.health) as _,
        &text(|f| &f.disability_kind) as _,
        &text(|f| &f.disability_level) as _,
        &text(|f| &f.illness) as _,
        &text(|f| &f.bank_name) as _,
        &sealed(|c| &c.bank_account) as _,
        &sealed(|c| &c.note) as _,
        &opened as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

async fn write_guardians(pen: &mut Pen<'_>, batch: &[File<'_>]) -> Result<(), StoreError> {
    let guarded: Vec<NewGuardian<'_>> = batch
        .iter()
        .filter_map(|(r, cells)| {
            Some(NewGuardian {
                child: r.child,
                facts: &r.facts,
                from: r.opened_on,
                cells: cells.guardian.as_ref()?,
            })
        })
        .collect();
    insert_guardians(pen, &guarded).await
}

/// A guardian that a file names, from a day.
pub(crate) struct NewGuardian<'a> {
    pub(crate) child: ChildId,
    pub(crate) facts: &'a Particulars,
    pub(crate) from: Date,
    pub(crate) cells: &'a GuardianCells,
}

/// Enters guardians.
pub(crate) async fn insert_guardians(
    pen: &mut Pen<'_>,
    guarded: &[NewGuardian<'_>],
) -> Result<(), StoreError> {
    if guarded.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = guarded.iter().map(|g| g.cells.id).collect();
    let children: Vec<Uuid> = guarded.iter().map(|g| g.child.uuid()).collect();
    let text = |field: fn(&Particulars) -> &Option<String>| -> Vec<Option<&str>> {
        guarded.iter().map(|g| field(g.facts).as_deref()).collect()
    };
    let from: Vec<jiff_sqlx::Date> = guarded.iter().map(|g| g.from.to_sqlx()).collect();
    let contacts = Contacts::of(guarded.iter().map(|g| &g.cells.contact));
    sqlx::query!(
        "INSERT INTO registry_guardian (id, child_id, name, relation, resident_id, resident_id_index, phone, phone_index, from_day)
         SELECT UNNEST($1::uuid[]), UNNEST($2::uuid[]), UNNEST($3::text[]), UNNEST($4::text[]), UNNEST($5::bytea[]), UNNEST($6::bytea[]),
             UNNEST($7::bytea[]), UNNEST($8::bytea[]), UNNEST($9::date[])",
        &ids,
        &children,
        &text(|f| &f.guardian_name) as _,
        &text(|f| &f.guardian_relation) as _,
        &contacts.resident_id as _,
        &contacts.resident_id_index as _,
        &contacts.phone as _,
        &contacts.phone_index as _,
        &from as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

/// The rows of relatives of children on file: a row keeps its id, for which it is sealed, when a merge hands it on.
async fn known_relatives(
    pen: &mut Pen<'_>,
    relatives: &[(ChildId, &Relative)],
) -> Result<Vec<Uuid>, StoreError> {
    let mut ids: Vec<Uuid> = relatives
        .iter()
        .map(|&(child, relative)| relative_id(child, relative))
        .collect();
    let children: Vec<Uuid> = relatives.iter().map(|(child, _)| child.uuid()).collect();
    let relations: Vec<&str> = relatives.iter().map(|(_, r)| r.relation.code()).collect();
    let known = sqlx::query!(
        r#"SELECT w.place AS "place!", r.id FROM UNNEST($1::uuid[], $2::text[]) WITH ORDINALITY AS w (child, relation, place)
           JOIN registry_relative r ON r.child_id = w.child AND r.relation = w.relation"#,
        &children,
        &relations as _,
    )
    .fetch_all(&mut *pen.conn)
    .await?;
    for row in known {
        let place = usize::try_from(row.place - 1).unwrap_or(usize::MAX);
        if let Some(id) = ids.get_mut(place) {
            *id = row.id;
        }
    }
    Ok(ids)
}

/// Enters relatives of children on file, or brings those there up to date.
pub(crate) async fn write_relatives(
    pen: &mut Pen<'_>,
    relatives: &[(ChildId, &Relative)],
) -> Result<(), StoreError> {
    let ids = known_relatives(pen, relatives).await?;
    let cells: Vec<RelativeCells> = ids
        .into_iter()
        .zip(relatives)
        .map(|(id, (_, relative))| RelativeCells::seal(id, relative, pen.sealer))
        .collect();
    insert_relatives(pen, relatives, &cells.iter().collect::<Vec<_>>()).await
}

async fn insert_relatives(
    pen: &mut Pen<'_>,
    relatives: &[(ChildId, &Relative)],
    cells: &[&RelativeCells],
) -> Result<(), StoreError> {
    if relatives.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = cells.iter().map(|c| c.id).collect();
    let children: Vec<Uuid> = relatives.iter().map(|(child, _)| child.uuid()).collect();
    let relations: Vec<&str> = relatives.iter().map(|(_, r)| r.relation.code()).collect();
    let names: Vec<Option<&str>> = relatives.iter().map(|(_, r)| r.name.as_deref()).collect();
    let works_at: Vec<Option<&str>> = relatives
        .iter()
        .map(|(_, r)| r.works_at.as_deref())
        .collect();
    let contacts = Contacts::of(cells.iter().map(|c| &c.contact));
    sqlx::query!(
        "INSERT INTO registry_relative (id, child_id, relation, name, resident_id, resident_id_index, phone, phone_index, works_at)
         SELECT UNNEST($1::uuid[]), UNNEST($2::uuid[]), UNNEST($3::text[]), UNNEST($4::text[]), UNNEST($5::bytea[]), UNNEST($6::bytea[]),
             UNNEST($7::bytea[]), UNNEST($8::bytea[]), UNNEST($9::text[])
         ON CONFLICT (child_id, relation) DO UPDATE SET name = excluded.name, resident_id = excluded.resident_id,
             resident_id_index = excluded.resident_id_index, phone = excluded.phone, phone_index = excluded.phone_index,
             works_at = excluded.works_at",
        &ids,
        &children,
        &relations as _,
        &names as _,
        &contacts.resident_id as _,
        &contacts.resident_id_index as _,
        &contacts.phone as _,
        &contacts.phone_index as _,
        &works_at as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

async fn write_spans(pen: &mut Pen<'_>, batch: &[File<'_>]) -> Result<(), StoreError> {
    let spans: Vec<NewSpan> = batch
        .iter()
        .flat_map(|(r, _)| {
            let ledger = r.row.as_ref().map(|row| row.ledger.uuid());
            r.statuses.iter().map(move |&(category, from, to)| NewSpan {
                child: r.child,
                category,
                from,
                to,
                ledger,
            })
        })
        .collect();
    insert_spans(pen, &spans).await
}

/// A status span to enter.
pub(crate) struct NewSpan {
    pub(crate) child: ChildId,
    pub(crate) category: Category,
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    pub(crate) ledger: Option<Uuid>,
}

/// Enters status spans.
pub(crate) async fn insert_spans(pen: &mut Pen<'_>, spans: &[NewSpan]) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = spans
        .iter()
        .map(|_| SpanId::generate(pen.now, pen.entropy).uuid())
        .collect();
    let children: Vec<Uuid> = spans.iter().map(|s| s.child.uuid()).collect();
    let categories: Vec<&str> = spans.iter().map(|s| s.category.code()).collect();
    let from: Vec<jiff_sqlx::Date> = spans.iter().map(|s| s.from.to_sqlx()).collect();
    let to: Vec<Option<jiff_sqlx::Date>> = spans
        .iter()
        .map(|s| s.to.map(|day| day.to_sqlx()))
        .collect();
    let ledgers: Vec<Option<Uuid>> = spans.iter().map(|s| s.ledger).collect();
    sqlx::query!(
        "INSERT INTO registry_span (id, child_id, category, from_day, to_day, ledger_id, known)
         SELECT UNNEST($1::uuid[]), UNNEST($2::uuid[]), UNNEST($3::text[]), UNNEST($4::date[]), UNNEST($5::date[]), UNNEST($6::uuid[]),
             $7::timestamptz",
        &ids,
        &children,
        &categories as _,
        &from as _,
        &to as _,
        &ledgers as _,
        pen.now.to_sqlx() as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

async fn write_placements(pen: &mut Pen<'_>, batch: &[File<'_>]) -> Result<(), StoreError> {
    let placed: Vec<(&Registration, UnitId)> = batch
        .iter()
        .filter_map(|&(r, _)| r.placement.map(|unit| (r, unit)))
        .collect();
    if placed.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = placed
        .iter()
        .map(|_| PlacementId::generate(pen.now, pen.entropy).uuid())
        .collect();
    let children: Vec<Uuid> = placed.iter().map(|(r, _)| r.child.uuid()).collect();
    let units: Vec<Uuid> = placed.iter().map(|(_, unit)| unit.uuid()).collect();
    let from: Vec<jiff_sqlx::Date> = placed.iter().map(|(r, _)| r.opened_on.to_sqlx()).collect();
    sqlx::query!(
        "INSERT INTO registry_placement (id, child_id, unit_id, from_day)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::date[])",
        &ids,
        &children,
        &units,
        &from as _,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}
