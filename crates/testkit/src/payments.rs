//! What tests of payment ask of the database itself.

use sqlx::Row;

use crate::database::TestDatabase;

/// What the tables of payment come to, amounts in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentSums {
    /// The lines of released batches.
    pub lines: i64,
    /// What was claimed of them.
    pub claimed: i64,
    /// What is still owed for their negative lines.
    pub owed: i64,
    /// Claims with more than one attempt that was not returned.
    pub twice: i64,
    /// Attempts of another amount than their claim.
    pub differing: i64,
    /// Claims that no attempt has paid.
    pub unpaid: i64,
    /// Attempts, and those of them that are answered.
    pub attempts: i64,
    /// Attempts that the bank answered.
    pub answered: i64,
    /// Files.
    pub files: i64,
    /// Answers.
    pub returns: i64,
}

const SUMS: &str = "
    WITH line AS (SELECT l.amount_fen FROM allowances_line l JOIN allowances_batch b ON b.id = l.batch_id AND b.released_at IS NOT NULL),
         attempt AS (SELECT t.*, c.amount_fen AS claimed FROM allowances_attempt t JOIN allowances_claim c ON c.id = t.claim_id)
    SELECT (SELECT coalesce(sum(amount_fen), 0)::bigint FROM line) AS lines,
           (SELECT coalesce(sum(amount_fen), 0)::bigint FROM allowances_claim) AS claimed,
           (SELECT coalesce(-sum(amount_fen), 0)::bigint FROM line WHERE amount_fen < 0)
               - (SELECT coalesce(sum(offset_fen), 0)::bigint FROM allowances_claim) AS owed,
           (SELECT count(*) FROM (SELECT 1 FROM attempt WHERE returned_in IS NULL GROUP BY claim_id HAVING count(*) > 1) t) AS twice,
           (SELECT count(*) FROM attempt WHERE amount_fen <> claimed) AS differing,
           (SELECT count(*) FROM allowances_claim c WHERE NOT EXISTS (SELECT 1 FROM attempt a WHERE a.claim_id = c.id AND a.paid_in IS NOT NULL)) AS unpaid,
           (SELECT count(*) FROM attempt) AS attempts,
           (SELECT count(*) FROM attempt WHERE num_nonnulls(paid_in, returned_in) > 0) AS answered,
           (SELECT count(*) FROM allowances_bank_file) AS files, (SELECT count(*) FROM allowances_return) AS returns";

impl TestDatabase {
    /// What the tables of payment come to, as their owner reads them.
    pub async fn payment_sums(&self) -> PaymentSums {
        let row = sqlx::query(SUMS).fetch_one(&self.owner).await;
        let row = row.expect("the sums are read");
        PaymentSums {
            lines: row.get("lines"),
            claimed: row.get("claimed"),
            owed: row.get("owed"),
            twice: row.get("twice"),
            differing: row.get("differing"),
            unpaid: row.get("unpaid"),
            attempts: row.get("attempts"),
            answered: row.get("answered"),
            files: row.get("files"),
            returns: row.get("returns"),
        }
    }

    /// The owner sends a claim that is paid once more, whatever the program would say; answers the refusal's code.
    pub async fn send_again(&self) -> Option<String> {
        let again = "INSERT INTO allowances_transfer (file_id, serial, claim_id, account_id, unit_id, amount_fen)
            SELECT file_id, serial + 1000, claim_id, account_id, unit_id, amount_fen FROM allowances_attempt WHERE paid_in IS NOT NULL";
        let tried = sqlx::query(again).execute(&self.owner).await;
        let code = tried.err()?.as_database_error()?.code()?.into_owned();
        Some(code)
    }
}
