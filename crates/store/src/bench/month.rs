//! A month of many children: their histories, and the same lines without our run as the raw limit.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::allowances::{Digest, Payee};
use futures_util::TryStreamExt;
use jiff_sqlx::ToSqlx;
use kernel::ids::BatchId;
use kernel::money::Money;
use kernel::month::Month;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use super::ground::Office;
use crate::error::StoreError;
use crate::session::SessionToken;

/// The classes of the invented children, in turn, with payee and monthly fen.
const CLASSES: [(&str, Payee, i64); 4] = [
    ("de_facto_unattended", Payee::Guardian, 160_000),
    ("key_hardship", Payee::Guardian, 110_000),
    ("scattered_orphan", Payee::Guardian, 160_000),
    ("institution_orphan", Payee::Home, 200_000),
];
/// Bytes of a piece of a COPY.
const PIECE: usize = 1 << 18;

impl Office {
    /// Histories of so many children, recognised in the month before `first`, with everything from there to the month before
    /// `month` committed. One in 33 draws a benefit since four months before, which the office learnt of late.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn invent_histories(
        &self,
        token: &SessionToken,
        children: u32,
        (first, month): (Month, Month),
    ) -> Result<(), StoreError> {
        let mut conn = self.owner.acquire().await?;
        // What a registration checks was checked for nobody here: the histories alone are wanted.
        let strip = "ALTER TABLE registry_span DISABLE TRIGGER USER;
                     ALTER TABLE allowances_fact DISABLE TRIGGER USER, DROP CONSTRAINT allowances_fact_child_id_fkey";
        sqlx::raw_sql(strip).execute(&mut *conn).await?;
        let id = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
        let classes = CLASSES.map(|(code, ..)| format!("'{code}'")).join(",");
        let fen = CLASSES.map(|(.., fen)| fen.to_string()).join(",");
        let payees = CLASSES
            .map(|(_, payee, _)| (payee as usize).to_string())
            .join(",");
        let (decided, committed) = (first.prev().first(), month.prev());
        let numbers = format!("generate_series(1, {children}) n");
        let (known, benefit) = (
            format!("timestamptz '{decided} 12:00+08'"),
            month.plus(-4).first(),
        );
        let place = self.place_of(token).await?;
        let (unit, officer) = self.whose(token).await?;
        let batch = BatchId::generate(jiff::Timestamp::UNIX_EPOCH, self.store.entropy()).uuid();
        let mut digest = 0_u64;
        let weights = Digest::through(committed);
        for number in 1..=u128::from(children) {
            let child = Uuid::from_u128(0x7000_8000_0000_0000_0000 | number).as_u128();
            let class = usize::try_from((number - 1) % 4).unwrap_or_default();
            let (_, payee, fen) = CLASSES[class];
            digest = digest.wrapping_add(weights.of(
                child,
                payee,
                first,
                committed,
                Money::from_fen(fen),
            ));
        }
        let of = |list: &str| format!("(ARRAY[{list}])[(n - 1) % 4 + 1]");
        let committed = committed.first();
        let statements = [
            format!("INSERT INTO registry_person (id, name, birth, household_division) SELECT {id}, '虚构', date '2012-03-04', {place} FROM {numbers}"),
            format!("INSERT INTO registry_span (id, child_id, category, from_day, known) SELECT {id}, {id}, {}, date '{decided}', {known} FROM {numbers}", of(&classes)),
            format!("INSERT INTO allowances_fact (id, child_id, kind, known, from_month, code, monthly_fen)
                SELECT {id}, {id}, 'benefit', timestamptz '{} 00:00+08', date '{benefit}', 'minimum_living', 58000 FROM {numbers} WHERE n % 33 = 0", month.first()),
            format!("INSERT INTO allowances_series VALUES ('{unit}', false, '{}')", first.first()),
            format!("INSERT INTO allowances_batch (id, pay_month, unit_id, sealed, stage, known_at, rulebook, first_line, lines, children, exceptions, paid_fen,
                recovered_fen, lines_hash, digest, prepared_by, prepared_at)
                VALUES ('{batch}', '{committed}', '{unit}', false, 'prepared', now(), 'bench', 1, 0, 0, 0, 0, 0, sha256(''), {}, '{officer}', now())", digest.cast_signed()),
            "SELECT auth.part_months()".to_owned(),
            format!("INSERT INTO allowances_level SELECT date '{committed}', '{unit}', false, {id}, {}, date '{}', {} FROM {numbers}",
                of(&payees), first.first(), of(&fen)),
            "ALTER TABLE registry_span ENABLE TRIGGER USER; ALTER TABLE allowances_fact ENABLE TRIGGER USER".to_owned(),
        ];
        for statement in statements {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut *conn)
                .await?;
        }
        Ok(())
    }

    pub(super) async fn whose(&self, token: &SessionToken) -> Result<(Uuid, Uuid), StoreError> {
        let who = self.store.signed_in(token).await?;
        Ok((who.unit.uuid(), who.officer.uuid()))
    }

    async fn place_of(&self, token: &SessionToken) -> Result<i64, StoreError> {
        let (unit, _) = self.whose(token).await?;
        let place =
            sqlx::query_scalar!("SELECT division FROM organisation_unit WHERE id = $1", unit)
                .fetch_one(&self.owner)
                .await?;
        Ok(place)
    }

    /// Writes a month's lines into a file, sorted by child, as COPY takes them; answers how many.
    ///
    /// # Errors
    /// When the database or the file breaks off.
    pub async fn keep_lines(&self, month: Month, file: &Path) -> Result<i64, StoreError> {
        let mut conn = self.owner.acquire().await?;
        let select = format!(
            "COPY (SELECT * FROM allowances_line WHERE pay_month = '{}' ORDER BY number) TO STDOUT (FORMAT binary)",
            month.first()
        );
        let mut kept = tokio::io::BufWriter::with_capacity(
            PIECE,
            tokio::fs::File::create(file)
                .await
                .map_err(sqlx::Error::Io)?,
        );
        let mut stream = conn.copy_out_raw(&select).await?;
        while let Some(piece) = stream.try_next().await? {
            kept.write_all(&piece).await.map_err(sqlx::Error::Io)?;
        }
        drop(stream);
        kept.flush().await.map_err(sqlx::Error::Io)?;
        let count = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM allowances_line WHERE pay_month = $1"#,
            month.first().to_sqlx() as _
        )
        .fetch_one(&mut *conn)
        .await?;
        Ok(count)
    }

    /// The first raw limit of a month: the same lines, sorted, copied into a table that has both keys, and committed.
    ///
    /// # Errors
    /// When the database or the file breaks off.
    pub async fn copy_keyed(&self, file: &Path) -> Result<Duration, StoreError> {
        let mut conn = self.owner.acquire().await?;
        let make = "DROP TABLE IF EXISTS bench_line; CREATE TABLE bench_line (LIKE allowances_line INCLUDING CONSTRAINTS INCLUDING INDEXES)";
        sqlx::raw_sql(make).execute(&mut *conn).await?;
        let began = Instant::now();
        copy(
            &mut conn,
            "COPY bench_line FROM STDIN (FORMAT binary)",
            file,
        )
        .await?;
        let took = began.elapsed();
        sqlx::raw_sql("DROP TABLE bench_line")
            .execute(&mut *conn)
            .await?;
        Ok(took)
    }

    /// The second: copied into a bare table, both keys built, attached to a parent, and committed.
    ///
    /// # Errors
    /// When the database or the file breaks off.
    pub async fn copy_then_key(&self, month: Month, file: &Path) -> Result<Duration, StoreError> {
        let mut conn = self.owner.acquire().await?;
        let make = "DROP TABLE IF EXISTS bench_month; CREATE TABLE bench_month (LIKE allowances_line INCLUDING CONSTRAINTS,
                    PRIMARY KEY (pay_month, number), UNIQUE (child_id, payee, for_month, pay_month, kind)) PARTITION BY LIST (pay_month)";
        sqlx::raw_sql(make).execute(&mut *conn).await?;
        let began = Instant::now();
        let mut tx = conn.begin().await?;
        let bare = format!(
            "SET LOCAL maintenance_work_mem = '256MB';
             CREATE TABLE bench_line (LIKE allowances_line INCLUDING CONSTRAINTS, CHECK (pay_month IS NOT NULL AND pay_month = '{}'))",
            month.first()
        );
        sqlx::raw_sql(AssertSqlSafe(bare)).execute(&mut *tx).await?;
        copy(
            &mut tx,
            "COPY bench_line FROM STDIN (FORMAT binary, FREEZE)",
            file,
        )
        .await?;
        let keys = format!(
            "ALTER TABLE bench_line ADD PRIMARY KEY (pay_month, number), ADD UNIQUE (child_id, payee, for_month, pay_month, kind);
             ALTER TABLE bench_month ATTACH PARTITION bench_line FOR VALUES IN ('{}')",
            month.first()
        );
        sqlx::raw_sql(AssertSqlSafe(keys)).execute(&mut *tx).await?;
        tx.commit().await?;
        let took = began.elapsed();
        sqlx::raw_sql("DROP TABLE bench_month")
            .execute(&mut *conn)
            .await?;
        Ok(took)
    }
}

async fn copy(conn: &mut PgConnection, into: &str, file: &Path) -> Result<(), StoreError> {
    let mut kept = tokio::fs::File::open(file).await.map_err(sqlx::Error::Io)?;
    let mut copying = conn.copy_in_raw(into).await?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = kept.read(&mut piece).await.map_err(sqlx::Error::Io)?;
        if read == 0 {
            break;
        }
        copying.send(&piece[..read]).await?;
    }
    copying.finish().await?;
    Ok(())
}
