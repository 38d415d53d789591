//! What the server asks of the database for one request, taken from PostgreSQL's own log, so that `pgbench` asks the
//! same.
//!
//! **Invariant.** Statements are logged in a bench's cluster alone, and while it is told to: what they carry is invented.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::roles::Role;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use uuid::Uuid;

use super::ground::{Ground, Office};
use super::statement::{Logged, Mark, statements};
use crate::cluster::{self, DATABASE, Place};
use crate::error::StoreError;
use crate::installation::OpenError;
use crate::session::SessionToken;

/// The version of the first aim's file: a number that stands nowhere else, to be known again in the log.
const MARKED_VERSION: i32 = 770_001;

/// Who asks for which child.
#[derive(Debug, Clone)]
pub struct Aim {
    /// The officer's session.
    pub token: SessionToken,
    /// A child within reach, of this aim alone.
    pub child: ChildId,
    /// The version of its file.
    pub version: i32,
}

/// What of a file an edit writes back as it was, and where it stands. A cell sealed anew is another text, but one sealed
/// before opens as well.
const KEPT: [(&str, &str); 7] = [
    ("name", "p.name"),
    ("birth", "p.birth::text"),
    ("resident_id", "p.resident_id::text"),
    ("resident_id_index", "p.resident_id_index::text"),
    ("address", "c.address::text"),
    ("bank_account", "c.bank_account::text"),
    ("note", "c.note::text"),
];

impl Office {
    /// Officers of these places, signed in, and for each so many children within reach, dealt out like cards: the first
    /// child of every officer, then the second. `pgbench` finds the same in a table.
    ///
    /// # Errors
    /// When a place is no known division, or the database does not answer.
    pub async fn aims(
        &self,
        officers: &[(Division, Role)],
        each: i64,
    ) -> Result<Vec<Aim>, StoreError> {
        let table = "CREATE TABLE bench_aim (n int PRIMARY KEY, token text, officer uuid, unit uuid, role text, child uuid,
                                             household bigint, low bigint, high bigint, name text, birth text,
                                             resident_id text, resident_id_index text, address text, bank_account text, note text);
                     GRANT SELECT ON bench_aim TO hutong_app";
        sqlx::raw_sql(table).execute(&self.owner).await?;
        let (mut dealt, mut taken) = (Vec::new(), HashSet::new());
        for &(place, role) in officers {
            let token = self.session(place, role).await?;
            let mut children = self.some_children(place, each).await?;
            children.retain(|(child, ..)| taken.insert(*child));
            let turns = children.into_iter().enumerate();
            dealt.extend(turns.map(|(turn, child)| (turn, token.clone(), child)));
        }
        dealt.sort_by_key(|(turn, ..)| *turn);
        let mut aims = Vec::new();
        for (n, (_, token, (child, household, version))) in (0_i32..).zip(dealt) {
            self.note_aim(n, &token, child, household).await?;
            let child = ChildId::from_uuid(child);
            aims.push(Aim {
                token,
                child,
                version,
            });
        }
        self.note_kept().await?;
        if let Some(first) = aims.first_mut() {
            self.mark(first).await?;
        }
        Ok(aims)
    }

    async fn some_children(
        &self,
        place: Division,
        count: i64,
    ) -> Result<Vec<(Uuid, i64, i32)>, StoreError> {
        let range = place.range();
        Ok(sqlx::query_as(
            "SELECT p.id, p.household_division, c.version FROM registry_person p JOIN registry_child c ON c.id = p.id
             WHERE p.household_division >= $1 AND p.household_division < $2 ORDER BY sha256(p.id::text::bytea) LIMIT $3",
        )
        .bind(range.start)
        .bind(range.end)
        .bind(count)
        .fetch_all(&self.owner)
        .await?)
    }

    async fn note_aim(
        &self,
        n: i32,
        token: &SessionToken,
        child: Uuid,
        household: i64,
    ) -> Result<(), StoreError> {
        let work = self.store.begin(token, "测试").await?;
        let ranges = work.reach().ranges();
        sqlx::query("INSERT INTO bench_aim VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(n)
            .bind(token.hex())
            .bind(work.officer().uuid())
            .bind(work.unit().uuid())
            .bind(work.role().code())
            .bind(child)
            .bind(household)
            .bind(ranges.first().map(|range| range.start))
            .bind(ranges.last().map(|range| range.end))
            .execute(&self.owner)
            .await?;
        Ok(())
    }

    /// Notes what an edit writes back unchanged.
    async fn note_kept(&self) -> Result<(), StoreError> {
        let columns = KEPT.map(|(name, column)| format!("{name} = {column}"));
        let note = format!(
            "UPDATE bench_aim SET {} FROM registry_person p JOIN registry_child c USING (id) WHERE p.id = bench_aim.child",
            columns.join(", ")
        );
        sqlx::raw_sql(AssertSqlSafe(note))
            .execute(&self.owner)
            .await?;
        Ok(())
    }

    async fn mark(&self, aim: &mut Aim) -> Result<(), StoreError> {
        aim.version = MARKED_VERSION;
        sqlx::query("UPDATE registry_child SET version = $2 WHERE id = $1")
            .bind(aim.child.uuid())
            .bind(aim.version)
            .execute(&self.owner)
            .await?;
        Ok(())
    }

    /// How many edits the files have seen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn edits(&self) -> Result<i64, StoreError> {
        let count = sqlx::query_scalar("SELECT count(*) FROM registry_revision");
        Ok(count.fetch_one(&self.owner).await?)
    }

    /// Looks up which versions the files of these aims have.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refresh(&self, aims: &mut [Aim]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = aims.iter().map(|aim| aim.child.uuid()).collect();
        let versions: Vec<i32> = sqlx::query_scalar(
            "SELECT c.version FROM unnest($1::uuid[]) WITH ORDINALITY asked (id, place) JOIN registry_child c USING (id) ORDER BY place",
        )
        .bind(ids)
        .fetch_all(&self.owner)
        .await?;
        for (aim, version) in aims.iter_mut().zip(versions) {
            aim.version = version;
        }
        Ok(())
    }

    /// Ends its connections; the office stays.
    pub async fn close(self) {
        self.owner.close().await;
        self.store.pool().close().await;
    }

    /// For each request that a log tells of, what `pgbench` has to run to ask the same for other aims: the first aim's
    /// requests are recognised by its session. `fresh` is a text the request itself brought along. Each client takes
    /// another of its aims every `round` requests; `clients` and `aims` are how many there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn scripts(
        &self,
        log: &str,
        fresh: &str,
        round: usize,
        (clients, aims): (usize, usize),
    ) -> Result<Vec<String>, StoreError> {
        let marks = self.marks(fresh).await?;
        let token = marks.first().map(|mark| mark.value.clone());
        let mut conn = self.store.pool().acquire().await?;
        let mut scripts = Vec::new();
        for request in requests(log, &token.unwrap_or_default()) {
            let mut script = format!(
                "\\if :turn % {round} = 0\n\\set n :client_id + {clients} * random(0, {})\n\
                 SELECT * FROM bench_aim WHERE n = :n \\gset\n\
                 \\endif\n\\set turn :turn + 1\n\\set fresh random(1000, 9999)\n",
                (aims / clients.max(1)).max(1) - 1,
            );
            let version = MARKED_VERSION.to_string();
            let mut asks_version = request
                .iter()
                .any(|asked| asked.values.contains(&Some(version.clone())));
            for asked in &request {
                script.push_str(&asked.for_pgbench(&mut conn, &marks).await?);
                // What it read is what it writes.
                if asks_version && asked.text.contains("c.version") {
                    asks_version = false;
                    script.push_str(" \\gset\n\\set next :version + 1\n");
                } else {
                    script.push_str(";\n");
                }
            }
            scripts.push(script);
        }
        Ok(scripts)
    }

    /// What stands in the log for the first aim, and the column of `bench_aim` or the variable that has it for others.
    async fn marks(&self, fresh: &str) -> Result<Vec<Mark>, StoreError> {
        let columns = [
            "token",
            "officer",
            "unit",
            "child",
            "household",
            "low",
            "high",
            "role",
        ];
        let mut marks = Vec::new();
        for variable in columns {
            let asked = format!("SELECT {variable}::text FROM bench_aim WHERE n = 0");
            let value = sqlx::query_scalar(AssertSqlSafe(asked));
            marks.push(Mark {
                value: value.fetch_one(&self.owner).await?,
                variable,
                is_whole: false,
            });
        }
        for (variable, column) in KEPT {
            let asked = format!(
                "SELECT coalesce({column}, '') FROM bench_aim a JOIN registry_person p ON p.id = a.child JOIN registry_child c USING (id)
                 WHERE a.n = 0"
            );
            let value = sqlx::query_scalar(AssertSqlSafe(asked));
            let value: String = value.fetch_one(&self.owner).await?;
            if !value.is_empty() {
                marks.push(Mark {
                    value,
                    variable,
                    is_whole: true,
                });
            }
        }
        for (value, variable) in [
            (MARKED_VERSION.to_string(), "version"),
            ((MARKED_VERSION + 1).to_string(), "next"),
            (fresh.to_owned(), "fresh"),
        ] {
            marks.push(Mark {
                value,
                variable,
                is_whole: false,
            });
        }
        Ok(marks)
    }
}

/// What workers ask now and then, whoever else asks for something: a job, a round to make, a package to send.
const WORKERS: [&str; 3] = ["take_job", "take_round", "exchange_waiting"];

/// The statements of each request of this session: one begins by asking who calls.
fn requests(log: &str, token: &str) -> Vec<Vec<Logged>> {
    let mut found: Vec<Vec<Logged>> = Vec::new();
    for statement in statements(log) {
        if WORKERS.iter().any(|asks| statement.text.contains(asks)) {
            continue;
        }
        if statement.text.contains("auth.caller") {
            found.push(Vec::new());
        }
        if let Some(request) = found.last_mut() {
            request.push(statement);
        }
    }
    found.retain(|request| {
        let who = request.first().and_then(|asked| asked.values.first());
        who.is_some_and(|who| who.as_deref() == Some(token))
    });
    found
}

impl Ground {
    /// Whether PostgreSQL's log is told every statement of the program with its values; connections that are open do as
    /// before.
    ///
    /// # Errors
    /// [`OpenError`] when the database refuses.
    pub async fn tell_statements(&self, tell: bool) -> Result<(), OpenError> {
        let mut superuser = self.cluster.superuser_options("postgres").connect().await?;
        for (setting, value) in [
            ("log_statement", "all"),
            ("log_parameter_max_length", "-1"),
            ("log_error_verbosity", "default"),
        ] {
            let change = match tell {
                true => format!("ALTER ROLE hutong_app SET {setting} = '{value}'"),
                false => format!("ALTER ROLE hutong_app RESET {setting}"),
            };
            sqlx::raw_sql(AssertSqlSafe(change))
                .execute(&mut superuser)
                .await?;
        }
        Ok(superuser.close().await?)
    }

    /// What PostgreSQL has logged in the cluster of this folder.
    ///
    /// # Errors
    /// [`OpenError`] when the log cannot be read.
    pub fn log(folder: &Path) -> Result<String, OpenError> {
        let place = Place::at(folder)?;
        let mut told = String::new();
        for file in std::fs::read_dir(place.log())
            .into_iter()
            .flatten()
            .flatten()
        {
            let bytes = std::fs::read(file.path()).unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = write!(told, "{}", String::from_utf8_lossy(&bytes));
        }
        Ok(told)
    }

    /// `pgbench` as the program's role in the product's database; `None` where PostgreSQL came without it.
    #[must_use]
    pub fn pgbench(&self) -> Option<Command> {
        let mut command = Command::new(self.cluster.program("pgbench")?);
        command
            .arg("--no-vacuum")
            .env("PGHOST", self.cluster.socket())
            .env("PGPORT", "5432")
            .env("PGUSER", "hutong_app")
            .env("PGDATABASE", DATABASE)
            .env("PGPASSWORD", self.cluster.password(cluster::Role::App));
        Some(command)
    }
}
