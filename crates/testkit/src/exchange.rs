//! Two installations, and what a test asks of what passes between them.

use sqlx::Row;

use crate::office::Office;

impl Office {
    /// Moves every unit to codes this much higher or lower: an office of another province.
    pub async fn move_by(&self, distance: i64) {
        sqlx::query(
            "INSERT INTO organisation_division (code, name, level)
             SELECT DISTINCT d.code + $1, d.name, d.level FROM organisation_division d JOIN organisation_unit u ON u.division = d.code
             ON CONFLICT DO NOTHING",
        )
        .bind(distance)
        .execute(&self.database.owner)
        .await
        .expect("the divisions are entered");
        sqlx::query(
            "UPDATE organisation_unit SET division = division + $1, serves = coalesce(
                 (SELECT range_agg(int8range(lower(r) + $1, upper(r) + $1)) FROM unnest(serves) AS r), '{}')",
        )
        .bind(distance)
        .execute(&self.database.owner)
        .await
        .expect("the units move");
    }

    /// Has an invented installation pinned by two officers, and its counties and towns on file. Nobody has its keys.
    pub async fn pin(&self, name: &str, serves: &str) {
        sqlx::raw_sql(
            "INSERT INTO organisation_division (code, name, level, parent) VALUES
                 (320000000000, '江苏省', 'province', NULL), (320500000000, '苏州市', 'city', 320000000000),
                 (320505000000, '虎丘区', 'county', 320500000000), (320505001000, '横塘街道', 'town', 320505000000)
             ON CONFLICT DO NOTHING",
        )
        .execute(&self.database.owner)
        .await
        .expect("the divisions are entered");
        sqlx::query(
            "INSERT INTO exchange_peer (id, name, sign, open, serves, proposed_by, proposed_at, confirmed_by, confirmed_at)
             SELECT gen_random_uuid(), $1, decode(repeat('b2', 32), 'hex'), decode(repeat('b3', 32), 'hex'), $2::int8multirange,
                    min(id::text)::uuid, now(), max(id::text)::uuid, now() FROM organisation_officer",
        )
        .bind(name)
        .bind(serves)
        .execute(&self.database.owner)
        .await
        .expect("the peer is entered");
    }

    /// The packages that wait for their receipts, the oldest first.
    pub async fn packages_waiting(&self) -> Vec<Vec<u8>> {
        let rows = sqlx::query(
            "SELECT package FROM exchange_outbox WHERE received_at IS NULL ORDER BY made_at, id",
        )
        .fetch_all(&self.database.owner)
        .await
        .expect("the outbox answers");
        rows.iter().map(|row| row.get("package")).collect()
    }

    /// How many packages came in, and what became of them.
    pub async fn packages_taken(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT kind || ' ' || taken FROM exchange_inbox ORDER BY xmin::text::bigint",
        )
        .fetch_all(&self.database.owner)
        .await
        .expect("the inbox answers")
    }

    /// The number of applications of this office, whoever may see them.
    pub async fn applications_there(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM applications_application")
            .fetch_one(&self.database.owner)
            .await
            .expect("the applications are counted")
    }

    /// Has every peer listen at another address.
    pub async fn peers_listen_at(&self, address: &str) {
        sqlx::query("UPDATE exchange_peer SET address = $1")
            .bind(address)
            .execute(&self.database.owner)
            .await
            .expect("the peers move");
    }
}
