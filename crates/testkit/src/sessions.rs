//! What tests of accounts ask of a database, and do to it, beyond what the program can.

use kernel::ids::{AppointmentId, OfficerId, ProposalId, UnitId};
use uuid::Uuid;

use crate::database::TestDatabase;

impl TestDatabase {
    /// What stands in the journal of a subject: the actions, the earliest first.
    pub async fn journal_of(&self, subject: Uuid) -> Vec<String> {
        sqlx::query_scalar("SELECT action FROM journal_entry WHERE subject_id = $1 ORDER BY seq")
            .bind(subject)
            .fetch_all(&self.owner)
            .await
            .expect("the journal answers")
    }

    /// Lets minutes pass for every session: since it was last used, and since its officer gave the password.
    pub async fn age_sessions(&self, unused: i32, proved: i32) {
        sqlx::query(
            "UPDATE auth.session SET last_seen_at = now() - make_interval(mins => $1), proved_at = now() - make_interval(mins => $2)",
        )
        .bind(unused)
        .bind(proved)
        .execute(&self.owner)
        .await
        .expect("the sessions age");
    }

    /// Draws the planner's picture of the tables anew, as autovacuum does in an office within a minute.
    pub async fn refresh_statistics(&self) {
        sqlx::query("ANALYZE")
            .execute(&self.owner)
            .await
            .expect("the tables are looked through");
    }

    /// How many children the planner believes there are; less than none if nobody ever told it.
    pub async fn children_believed(&self) -> f32 {
        sqlx::query_scalar("SELECT reltuples FROM pg_class WHERE oid = 'registry_child'::regclass")
            .fetch_one(&self.owner)
            .await
            .expect("the planner is asked")
    }

    /// Makes every grant last a century longer: scenes play years ago, and the database goes by its own day.
    pub async fn lengthen_grants(&self) {
        sqlx::query("UPDATE registry_grant SET until_day = until_day + 36525")
            .execute(&self.owner)
            .await
            .expect("the grants last longer");
    }

    /// Gives an officer an account that nobody can sign in to.
    pub async fn give_account(&self, officer: OfficerId, login: &str) {
        sqlx::query(
            "INSERT INTO auth.account (officer_id, login, password_hash, made_at, changed_at) VALUES ($1, $2, '', now(), now())",
        )
        .bind(officer.uuid())
        .bind(login)
        .execute(&self.owner)
        .await
        .expect("the account is made");
    }

    /// One more session of an appointment; answers its id, not its token.
    pub async fn another_device(&self, appointment: AppointmentId) -> Uuid {
        sqlx::query_scalar(
            "INSERT INTO auth.session (token_hash, appointment_id, expires_at)
             VALUES (sha256(gen_random_uuid()::text::bytea), $1, now() + interval '1 hour') RETURNING id",
        )
        .bind(appointment.uuid())
        .fetch_one(&self.owner)
        .await
        .expect("the session is opened")
    }

    /// Sessions of an officer under the first of his appointments; answers their ids.
    pub async fn devices_of(&self, officer: OfficerId, count: i32) -> Vec<Uuid> {
        sqlx::query_scalar(
            "INSERT INTO auth.session (token_hash, appointment_id, expires_at, idle_minutes)
             SELECT sha256(gen_random_uuid()::text::bytea), (SELECT id FROM organisation_appointment WHERE officer_id = $1 ORDER BY from_day LIMIT 1),
                    now() + interval '1 hour', 30 FROM generate_series(1, $2) RETURNING id",
        )
        .bind(officer.uuid())
        .bind(count)
        .fetch_all(&self.owner)
        .await
        .expect("the sessions are opened")
    }

    /// Appointments of an officer in a unit, in a role that may do nothing.
    pub async fn partner_posts(&self, officer: OfficerId, unit: UnitId, count: i32) -> Vec<Uuid> {
        sqlx::query_scalar(
            "INSERT INTO organisation_appointment (id, officer_id, unit_id, role, from_day)
             SELECT gen_random_uuid(), $1, $2, 'partner', '2021-01-01' FROM generate_series(1, $3) RETURNING id",
        )
        .bind(officer.uuid())
        .bind(unit.uuid())
        .bind(count)
        .fetch_all(&self.owner)
        .await
        .expect("the posts are filled")
    }

    /// Open proposals of this officer: somebody new as auditor in a unit.
    pub async fn proposals(&self, proposer: OfficerId, unit: UnitId, count: i32) -> Vec<Uuid> {
        sqlx::query_scalar(
            "INSERT INTO organisation_proposal (id, matter, officer_id, name, unit_id, role, from_day, proposed_by, proposed_at)
             SELECT gen_random_uuid(), 'appoint', gen_random_uuid(), '新人（虚构）', $2, 'auditor', '2021-01-01', $1, now()
             FROM generate_series(1, $3) RETURNING id",
        )
        .bind(proposer.uuid())
        .bind(unit.uuid())
        .bind(count)
        .fetch_all(&self.owner)
        .await
        .expect("the proposals are made")
    }

    /// Whether the database would let a proposal take effect for somebody without a session.
    pub async fn confirms_for_nobody(&self, proposal: ProposalId) -> bool {
        sqlx::query_scalar(
            "SELECT auth.confirm_proposal($1, gen_random_uuid(), gen_random_uuid(), sha256('x'), 7, now())",
        )
        .bind(proposal.uuid())
        .fetch_one(&self.app)
        .await
        .expect("the function answers")
    }
}
