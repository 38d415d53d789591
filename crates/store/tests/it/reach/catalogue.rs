//! What the catalogue says of each table: who owns and guards it, what the program's role may do, whose its rows are.

use sqlx::{PgPool, Row};

/// Tables and views without personal data, each with the reason why no reach applies to it.
pub(super) const OPEN_TO_ALL: &[(&str, &str)] = &[
    (
        "public.installation",
        "one row about the database itself: its kind, the fingerprint of its keys, its clock",
    ),
    (
        "public.installation_epoch",
        "when the database was founded and restored",
    ),
    (
        "public.installation_backup",
        "when backups were made, and their sizes",
    ),
    (
        "public.organisation_division",
        "names of places, published by the state",
    ),
    (
        "public.organisation_unit",
        "public bodies and what they serve, known to every session",
    ),
    (
        "public._sqlx_migrations",
        "the migrator's own record; the program's role has no privilege on it",
    ),
    ("auth.role", "what each role may reach, a fixed table"),
    (
        "auth.session",
        "hashes of tokens; the program's role has no privilege on it",
    ),
    (
        "auth.account",
        "what officers sign in by; the program's role has no privilege on it",
    ),
    (
        "auth.invitation",
        "digests of one-time codes; the program's role has no privilege on it",
    ),
    (
        "auth.try",
        "digests of names and addresses that failed to sign in; the program's role has no privilege on it",
    ),
    (
        "auth.ticket",
        "cases of applicants without an account, by digests of their codes; the program's role has no privilege on it",
    ),
    (
        "auth.ticket_photo",
        "sealed photographs of cases not yet submitted; the program's role has no privilege on it",
    ),
    (
        "auth.public_try",
        "digests of codes and addresses that called the public pages; the program's role has no privilege on it",
    ),
    (
        "auth.round",
        "when the nightly round of a mandate was made; the program's role has no privilege on it",
    ),
    (
        "public.exchange_peer",
        "other installations with their public keys, known to every session; written through functions alone",
    ),
    (
        "public.allowances_standard",
        "rates of allowances and the documents that set them, public; a test of its own tries who may write them",
    ),
    (
        "public.allowances_standard_scan",
        "scans of the documents that set rates, public as these; a test of its own tries who may add them",
    ),
    (
        "auth.exchange_keys",
        "this installation's own keys, sealed; the program's role has no privilege on it",
    ),
    (
        "auth.answered",
        "keys of requests with the id each created; the program's role has no privilege on it",
    ),
];

/// A table or view.
#[derive(Debug)]
pub(super) struct Table {
    /// Schema and name.
    pub(super) name: String,
    pub(super) is_view: bool,
    owner: String,
    guarded: bool,
    policies: i64,
    pub(super) may_select: bool,
    pub(super) may_insert: bool,
    pub(super) may_delete: bool,
    pub(super) columns: Vec<String>,
    pub(super) updatable: Vec<String>,
    /// Whether its `id` is a person's: the tables of persons and files, or a foreign key to the former.
    id_is_person: bool,
}

/// Whose a row is, as an expression over the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    /// A child's, or where it has none, a place's.
    Child(&'static str),
    /// A division's.
    Place(&'static str),
    /// A unit's.
    Unit(&'static str),
}

impl Table {
    pub(super) fn is_open_to_all(&self) -> bool {
        OPEN_TO_ALL.iter().any(|(name, _)| *name == self.name)
    }

    /// Tells from the columns whose the rows are; `None` for a table that says it in no way known here.
    pub(super) fn whose(&self) -> Option<Whose> {
        let has = |column: &str| self.columns.iter().any(|name| name == column);
        if self.id_is_person {
            return Some(Whose::Child("id"));
        }
        // In the scene an application bears the id of its child.
        for column in ["child_id", "person_id", "subject_id", "application_id"] {
            if has(column) {
                return Some(Whose::Child(column));
            }
        }
        for column in ["place", "division"] {
            if has(column) {
                return Some(Whose::Place(column));
            }
        }
        has("unit_id").then_some(Whose::Unit("unit_id"))
    }
}

impl Whose {
    pub(super) fn column(&self) -> &'static str {
        match self {
            Self::Child(column) | Self::Place(column) | Self::Unit(column) => column,
        }
    }
}

const TABLES: &str = "
    SELECT n.nspname || '.' || c.relname AS name, c.relkind IN ('v', 'm') AS is_view, pg_get_userbyid(c.relowner)::text AS owner,
           c.relrowsecurity AS guarded, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
           has_any_column_privilege('hutong_app', c.oid, 'SELECT') AS may_select,
           has_any_column_privilege('hutong_app', c.oid, 'INSERT') AS may_insert,
           has_table_privilege('hutong_app', c.oid, 'DELETE') AS may_delete,
           ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                 AND a.attgenerated = '' AND a.attidentity = '' ORDER BY a.attnum) AS columns,
           ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                 AND a.attgenerated = '' AND has_column_privilege('hutong_app', c.oid, a.attnum, 'UPDATE')
                 ORDER BY a.attnum) AS updatable,
           c.oid IN ('registry_person'::regclass, 'registry_child'::regclass) OR EXISTS (
               SELECT 1 FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
               WHERE k.conrelid = c.oid AND k.confrelid = 'registry_person'::regclass AND a.attname = 'id') AS id_is_person
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'auth') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    ORDER BY 1";

/// Every table and view of the product.
pub(super) async fn tables(owner: &PgPool) -> Vec<Table> {
    let rows = sqlx::query(TABLES).fetch_all(owner).await.unwrap();
    rows.iter()
        .map(|row| Table {
            name: row.get("name"),
            is_view: row.get("is_view"),
            owner: row.get("owner"),
            guarded: row.get("guarded"),
            policies: row.get("policies"),
            may_select: row.get("may_select"),
            may_insert: row.get("may_insert"),
            may_delete: row.get("may_delete"),
            columns: row.get("columns"),
            updatable: row.get("updatable"),
            id_is_person: row.get("id_is_person"),
        })
        .collect()
}

/// What is wrong with how the tables are guarded; a view is judged by what it shows instead.
pub(super) fn unguarded(tables: &[Table]) -> Vec<String> {
    let mut faults = Vec::new();
    for table in tables {
        if table.owner == "hutong_app" {
            faults.push(format!("{} belongs to the program's role", table.name));
        }
        let guarded = table.guarded && table.policies > 0;
        if !(guarded || table.is_view || table.is_open_to_all()) {
            faults.push(format!("{} has no policy", table.name));
        }
    }
    let gone = OPEN_TO_ALL
        .iter()
        .filter(|(name, _)| !tables.iter().any(|table| table.name == *name));
    faults.extend(gone.map(|(name, _)| format!("{name} is listed as open and does not exist")));
    faults
}
