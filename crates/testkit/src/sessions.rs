//! What tests of accounts ask of a database, and do to it, beyond what the program can.

use kernel::ids::ProposalId;
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
