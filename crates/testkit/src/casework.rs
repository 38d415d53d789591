//! What tests of casework ask of the database itself.

use kernel::division::Division;
use kernel::ids::{ApplicationId, AppointmentId, DecisionId, OfficerId, SpanId, UnitId};
use kernel::roles::Role;
use sqlx::postgres::PgQueryResult;
use sqlx::{AssertSqlSafe, Row};
use store::session::{self, SessionToken};
use uuid::Uuid;

use crate::office::{Office, Persona};

/// The tables of children's files, and the columns that are new at every writing.
const FILES: [(&str, &str); 6] = [
    ("registry_person", "{resident_id}"),
    ("registry_child", "{version,address,bank_account,note}"),
    ("registry_name_key", "{}"),
    ("registry_guardian", "{}"),
    ("registry_relative", "{}"),
    ("registry_span", "{}"),
];

impl Office {
    /// Every readable row of every child's file, without versions and ciphertexts.
    pub async fn file_rows(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (table, less) in FILES {
            let statement = format!(
                "SELECT '{table} ' || (to_jsonb(t) - '{less}'::text[])::text AS line FROM {table} t ORDER BY 1"
            );
            let found = sqlx::query(AssertSqlSafe(statement))
                .fetch_all(&self.database.owner)
                .await
                .expect("the rows are read");
            all.extend(found.iter().map(|row| row.get::<String, _>("line")));
        }
        all
    }

    /// What the journal keeps of an action, wherever it was done.
    pub async fn journalled_as(&self, action: &str) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT coalesce(after::text, '') FROM journal_entry WHERE action = $1 ORDER BY seq",
        )
        .bind(action)
        .fetch_all(&self.database.owner)
        .await
        .expect("the journal answers")
    }

    /// Gives a division that this persona's unit serves to another unit, as streets of 薛城 are the High-tech Zone's.
    pub async fn give_away(&self, persona: Persona, division: Division) {
        let range = division.range();
        sqlx::query("UPDATE organisation_unit SET serves = serves - int8multirange(int8range($2, $3)) WHERE id = $1")
            .bind(self.unit(persona).uuid())
            .bind(range.start)
            .bind(range.end)
            .execute(&self.database.owner)
            .await
            .expect("the unit serves less");
    }

    /// Lets the time pass after which a silent worker counts as dead.
    pub async fn let_workers_die(&self) {
        sqlx::query("UPDATE registry_job SET leased_until = now() - interval '1 second'")
            .execute(&self.database.owner)
            .await
            .expect("the leases end");
    }

    /// One more post for an officer, signed in under it.
    pub async fn second_post(&self, officer: OfficerId, unit: UnitId, role: Role) -> SessionToken {
        let id = sqlx::query_scalar(
            "INSERT INTO organisation_appointment (id, officer_id, unit_id, role, from_day)
             VALUES (gen_random_uuid(), $1, $2, $3, '2021-01-01') RETURNING id",
        )
        .bind(officer.uuid())
        .bind(unit.uuid())
        .bind(role.code())
        .fetch_one(&self.database.owner)
        .await
        .expect("the post is filled");
        let post = AppointmentId::from_uuid(id);
        session::open(&self.database.owner, post, self.store.entropy())
            .await
            .expect("the session opens")
    }

    /// The officer a persona is.
    pub async fn officer_of(&self, persona: Persona) -> OfficerId {
        let id =
            sqlx::query_scalar("SELECT officer_id FROM organisation_appointment WHERE id = $1")
                .bind(self.appointment(persona).uuid())
                .fetch_one(&self.database.owner)
                .await
                .expect("the post is there");
        OfficerId::from_uuid(id)
    }

    /// The decision by which a status was opened or ended.
    pub async fn decision_of(&self, span: SpanId) -> Option<DecisionId> {
        let id: Option<Uuid> =
            sqlx::query_scalar("SELECT decision_id FROM registry_span WHERE id = $1")
                .bind(span.uuid())
                .fetch_one(&self.database.owner)
                .await
                .expect("the status is there");
        id.map(DecisionId::from_uuid)
    }

    /// Enters divisions of elsewhere, from the province down: code, name, level.
    pub async fn enter_divisions(&self, path: &[(i64, &str, &str)]) {
        let mut parent: Option<i64> = None;
        for (code, name, level) in path {
            sqlx::query("INSERT INTO organisation_division (code, name, level, parent) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
                .bind(code)
                .bind(name)
                .bind(level)
                .bind(parent)
                .execute(&self.database.owner)
                .await
                .expect("the division is entered");
            parent = Some(*code);
        }
    }

    /// Gives a unit another name.
    pub async fn rename_unit(&self, unit: UnitId, name: &str) {
        sqlx::query("UPDATE organisation_unit SET name = $2 WHERE id = $1")
            .bind(unit.uuid())
            .bind(name)
            .execute(&self.database.owner)
            .await
            .expect("the unit is there");
    }

    /// The program's role, for this persona, enters a decision in the proposer's name; answers the refusal's code.
    pub async fn try_decide(&self, application: ApplicationId, persona: Persona) -> Option<String> {
        let mut connection = self.bare_connection(persona).await;
        let tried = sqlx::query("UPDATE applications_application SET decider_id = accepting_officer.officer_id
             FROM (SELECT officer_id FROM applications_step WHERE act = 'accept' LIMIT 1) accepting_officer WHERE id = $1")
            .bind(application.uuid())
            .execute(&mut connection)
            .await;
        refusal(tried)
    }

    /// The owner has the proposer decide as well; answers the refusal's code.
    pub async fn try_propose_and_decide(&self, application: ApplicationId) -> Option<String> {
        let tried = sqlx::query("ALTER TABLE applications_application DISABLE TRIGGER own_hand")
            .execute(&self.database.owner)
            .await;
        tried.expect("the trigger is off");
        let tried = sqlx::query(
            "UPDATE applications_application SET decider_id = proposer_id WHERE id = $1",
        )
        .bind(application.uuid())
        .execute(&self.database.owner)
        .await;
        refusal(tried)
    }
}

/// The code with which the database refused.
fn refusal(tried: Result<PgQueryResult, sqlx::Error>) -> Option<String> {
    let error = tried.err()?;
    let code = error.as_database_error()?.code()?;
    Some(code.into_owned())
}
