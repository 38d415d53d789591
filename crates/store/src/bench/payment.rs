//! A bank's file of many transfers.

use kernel::ids::BankFileId;
use sqlx::AssertSqlSafe;

use super::ground::Office;
use crate::error::StoreError;
use crate::session::SessionToken;

impl Office {
    /// A file of the session's unit that was sent with so many transfers of so many fen each, under this number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn invent_file(
        &self,
        token: &SessionToken,
        number: &str,
        template: &str,
        (lines, fen): (u32, i64),
    ) -> Result<BankFileId, StoreError> {
        let (unit, officer) = self.whose(token).await?;
        let id = BankFileId::generate(jiff::Timestamp::UNIX_EPOCH, self.store.entropy());
        let file = id.uuid();
        let statements = [
            format!(
                "INSERT INTO allowances_bank_file (id, number, unit_id, sealed, template, count, total_fen, made_by, made_at)
                 VALUES ('{file}', '{number}', '{unit}', false, '{template}', {lines}, {fen}::bigint * {lines}, '{officer}', now())"
            ),
            format!(
                "WITH claim AS (INSERT INTO allowances_claim (id, batch_id, unit_id, sealed, payee, child_id, payable_fen, offset_fen)
                     SELECT gen_random_uuid(), '{file}', '{unit}', false, 0, gen_random_uuid(), {fen}, 0 FROM generate_series(1, {lines})
                     RETURNING id)
                 INSERT INTO allowances_transfer (file_id, serial, claim_id, account_id, unit_id, amount_fen)
                 SELECT '{file}', row_number() OVER (), id, id, '{unit}', {fen} FROM claim"
            ),
        ];
        for statement in statements {
            let statement = sqlx::raw_sql(AssertSqlSafe(statement));
            statement.execute(&self.owner).await?;
        }
        Ok(id)
    }
}
