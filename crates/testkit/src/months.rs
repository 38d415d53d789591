//! What tests of the month ask of the database itself, and do to it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use kernel::ids::{BatchId, ChildId, OfficerId, UnitId};
use kernel::money::Money;
use kernel::month::Month;
use sqlx::{AssertSqlSafe, ConnectOptions, Row};
use store::cluster::{Cluster, DATABASE, Place, Startup};
use store::seal::{SealedAt, Sealer};

use crate::database::TestDatabase;

/// What the lines of a child add up to, by payee (0 guardian, 1 home) and month.
pub type Sums = BTreeMap<(ChildId, i16, String), i64>;

impl TestDatabase {
    /// What all lines add up to, whoever committed them; where it is nothing, nothing is told.
    pub async fn sums_of_lines(&self) -> Sums {
        self.sums_of_lines_since(Month::MIN).await
    }

    /// The same for the months from this one on.
    pub async fn sums_of_lines_since(&self, first: Month) -> Sums {
        let rows = sqlx::query(
            "SELECT child_id, payee, to_char(for_month, 'YYYY-MM') AS month, sum(amount_fen)::bigint AS fen
             FROM allowances_line WHERE for_month >= ($1 || '-01')::date GROUP BY 1, 2, 3 HAVING sum(amount_fen) <> 0",
        )
        .bind(first.to_string())
        .fetch_all(&self.owner)
        .await
        .expect("the lines are read");
        let line = |row: &sqlx::postgres::PgRow| {
            let child = ChildId::from_uuid(row.get("child_id"));
            ((child, row.get("payee"), row.get("month")), row.get("fen"))
        };
        rows.iter().map(line).collect()
    }

    /// What the digest of the last batch says.
    pub async fn digest_of_last_batch(&self) -> u64 {
        let last =
            "SELECT digest FROM allowances_batch ORDER BY pay_month DESC, prepared_at DESC LIMIT 1";
        self.count(last).await.cast_unsigned()
    }

    /// How many lines a month has.
    pub async fn lines_of(&self, month: Month) -> i64 {
        self.count(&format!(
            "SELECT count(*) FROM allowances_line WHERE pay_month = '{month}-01'"
        ))
        .await
    }

    /// How many columns the tables of months fill in where a line does not: those of a stage, while one batch fills it.
    pub async fn said_for_lines(&self) -> i64 {
        self.count(
            "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = 'month'::regnamespace AND c.relispartition AND a.atthasdef",
        )
        .await
    }

    /// How many rows of levels there are.
    pub async fn levels(&self) -> i64 {
        self.count("SELECT count(*) FROM allowances_level").await
    }

    /// How many batches there are.
    pub async fn batches(&self) -> i64 {
        self.count("SELECT count(*) FROM allowances_batch").await
    }

    /// Lines that are there twice: the same child, payee, month and kind under one pay month, or as regular under two.
    pub async fn doubled_lines(&self) -> i64 {
        self.count(
            "SELECT count(*) FROM (SELECT child_id, payee, for_month FROM allowances_line WHERE kind = 0
             GROUP BY 1, 2, 3 HAVING count(*) > 1) twice",
        )
        .await
    }

    /// Files that no table owns, where the server is this test's own.
    pub async fn leaked_files(&self) -> store::cluster::Leaked {
        let cluster = self.cluster().expect("a server of its own");
        let leaked = cluster.leaked_files(self.name()).await;
        leaked.expect("the files are looked through")
    }

    /// Tables of runs that are no partition of a month.
    pub async fn left_over(&self) -> i64 {
        self.count(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'month'::regnamespace AND relkind = 'r' AND NOT relispartition",
        )
        .await
    }

    async fn count(&self, statement: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(statement.to_owned()))
            .fetch_one(&self.owner)
            .await
            .expect("the rows are counted")
    }

    /// Somebody with the owner's rights changes one line of a batch by this much, and the sums with it.
    pub async fn tamper(&self, batch: BatchId, by: Money) {
        let statement = format!(
            "ALTER TABLE allowances_line DISABLE TRIGGER keep_committed;
             UPDATE allowances_line SET amount_fen = amount_fen + {} WHERE (pay_month, number) =
                 (SELECT pay_month, min(number) FROM allowances_line WHERE batch_id = '{batch}' GROUP BY 1);
             ALTER TABLE allowances_line ENABLE TRIGGER keep_committed",
            by.fen()
        );
        self.run(statement).await;
    }

    /// Loses a child's levels, as a fault of the disk might.
    pub async fn lose_levels(&self, child: ChildId) {
        self.run(format!(
            "DELETE FROM allowances_level WHERE child_id = '{child}'"
        ))
        .await;
    }

    /// A batch of this unit without a line, prepared by this officer.
    pub async fn invent_batch(&self, unit: UnitId, officer: OfficerId) -> BatchId {
        self.run(format!(
            "INSERT INTO allowances_series VALUES ('{unit}', false, '2021-01-01');
             INSERT INTO allowances_batch (id, pay_month, unit_id, sealed, stage, known_at, rulebook, first_line, lines, children, exceptions,
                 paid_fen, recovered_fen, lines_hash, digest, prepared_by, prepared_at)
             VALUES (gen_random_uuid(), '2021-01-01', '{unit}', false, 'prepared', now(), '0', 1, 0, 0, 0, 0, 0, sha256(''), 0, '{officer}', now())"
        ))
        .await;
        let id = sqlx::query_scalar("SELECT id FROM allowances_batch WHERE unit_id = $1")
            .bind(unit.uuid())
            .fetch_one(&self.owner)
            .await
            .expect("the batch is there");
        BatchId::from_uuid(id)
    }

    /// A file for the bank of this unit that is being made; it bears the batch's id.
    pub async fn invent_bank_file(&self, batch: BatchId, unit: UnitId, officer: OfficerId) {
        self.run(format!(
            "INSERT INTO allowances_bank_file (id, number, unit_id, sealed, template, count, total_fen, made_by, made_at)
             VALUES ('{batch}', '{batch}', '{unit}', false, 'general_csv', 0, 0, '{officer}', now())"
        ))
        .await;
    }

    /// An account of each of these children that was withdrawn; it bears the child's id, and tells nothing of how the child
    /// is paid.
    pub async fn invent_accounts(
        &self,
        sealer: &Sealer,
        children: impl Iterator<Item = ChildId>,
        (unit, officer): (UnitId, OfficerId),
    ) {
        let row = |child: ChildId| {
            let at = SealedAt {
                table: "allowances_account",
                column: "number",
                row: child.uuid(),
            };
            let number = sealer.seal(at, b"6000000000000000");
            let number: String = number.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("('{child}'::uuid, decode('{number}', 'hex'))")
        };
        let rows = children.map(row).collect::<Vec<_>>().join(", ");
        self.run(format!(
            "ALTER TABLE allowances_account DISABLE TRIGGER seal_account;
             INSERT INTO allowances_account (id, child_id, unit_id, holder, bank, number, number_index, name_match, proposed_by, proposed_at, ended_by, ended_at)
             SELECT id, id, '{unit}', '虚构', '虚构银行', number, sha256(number), 'child', '{officer}', now(), '{officer}', now()
             FROM (VALUES {rows}) v (id, number);
             ALTER TABLE allowances_account ENABLE TRIGGER seal_account"
        ))
        .await;
    }

    /// A child's household moves on a day, as a ledger would say.
    pub async fn move_household(&self, child: ChildId, to: i64, on: Date) {
        self.run(format!(
            "UPDATE registry_person SET household_division = {to} WHERE id = '{child}';
             UPDATE allowances_fact SET on_day = '{on}' WHERE child_id = '{child}' AND kind = 'moved' AND on_day = auth.today()"
        ))
        .await;
    }

    /// The owner names the preparer as approver, whatever the program would say; answers the refusal's code.
    pub async fn approve_as_preparer(&self, batch: BatchId) -> Option<String> {
        let statement = format!(
            "ALTER TABLE allowances_batch DISABLE TRIGGER guard_batch;
             UPDATE allowances_batch SET stage = 'approved', approved_by = prepared_by, approved_at = now(), approved_hash = lines_hash
             WHERE id = '{batch}'"
        );
        let tried = sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&self.owner)
            .await;
        let code = tried.err()?.as_database_error()?.code()?.into_owned();
        Some(code)
    }

    async fn run(&self, statement: String) {
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&self.owner)
            .await
            .expect("the statement runs");
    }
}

/// Two pay months of every child, as rows, in the installation of this data folder.
pub async fn pay_in_folder(data: &Path) {
    let place = Place::at(data).expect("a place");
    let cluster = Cluster::start(&place, Startup { allow_nobody: true })
        .await
        .expect("the cluster starts");
    let owner = cluster.owner_options(DATABASE).connect().await;
    let mut owner = owner.expect("the database answers");
    let months = "(VALUES (date '2021-10-01'), (date '2021-11-01')) m (pay_month)";
    let statement = format!(
        "INSERT INTO allowances_series SELECT id, false, '2021-10-01' FROM organisation_unit;
         INSERT INTO allowances_batch (id, pay_month, unit_id, sealed, stage, known_at, rulebook, first_line, lines, children, exceptions,
             paid_fen, recovered_fen, lines_hash, digest, prepared_by, prepared_at)
         SELECT gen_random_uuid(), m.pay_month, u.id, false, 'prepared', now(), '0', 1, 1, 1, 0, 160000, 0, sha256('x'), 1,
             (SELECT id FROM organisation_officer LIMIT 1), now() FROM {months}, (SELECT id FROM organisation_unit LIMIT 1) u;
         SELECT auth.part_months();
         INSERT INTO allowances_line SELECT b.pay_month, row_number() OVER (PARTITION BY b.pay_month), b.id, c.id, 0, b.pay_month, 0, 1, 370481000000,
             160000, 160000, 0, false FROM allowances_batch b, registry_child c;
         INSERT INTO allowances_level SELECT b.pay_month, b.unit_id, false, c.id, 0, b.pay_month, 160000 FROM allowances_batch b, registry_child c"
    );
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut owner)
        .await
        .expect("the months are paid");
    drop(owner);
    cluster.stop().await;
}
