-- What a bank paid stands in runs of serials, not with each attempt: a file of a million that was paid but for a few is
-- answered by as many rows as the few leave runs.

CREATE TABLE allowances_paid (
    file_id      uuid NOT NULL REFERENCES allowances_bank_file,
    first_serial integer NOT NULL CHECK (first_serial > 0),
    last_serial  integer NOT NULL,
    return_id    uuid NOT NULL REFERENCES allowances_return,
    unit_id      uuid NOT NULL,
    PRIMARY KEY (file_id, first_serial),
    CHECK (last_serial >= first_serial),
    -- An attempt is answered once.
    EXCLUDE USING gist (file_id WITH =, int4range(first_serial, last_serial, '[]') WITH &&)
);
COMMENT ON TABLE allowances_paid IS 'the serials of a file that a return says were paid';

INSERT INTO allowances_paid (file_id, first_serial, last_serial, return_id, unit_id)
SELECT t.file_id, min(t.serial), max(t.serial), t.paid_in, t.unit_id
FROM (SELECT file_id, unit_id, serial, paid_in, serial - row_number() OVER (PARTITION BY file_id, paid_in ORDER BY serial) AS run
      FROM allowances_transfer WHERE paid_in IS NOT NULL) t
GROUP BY t.file_id, t.paid_in, t.unit_id, t.run;

DROP VIEW allowances_claim_state;
DROP POLICY answer ON allowances_transfer;
ALTER TABLE allowances_transfer DROP COLUMN paid_in;
-- Few of its rows are ever changed any more.
ALTER TABLE allowances_transfer SET (fillfactor = 95);

-- Attempts with the return that says they were paid.
CREATE VIEW allowances_attempt WITH (security_invoker = true) AS
    SELECT t.file_id, t.serial, t.claim_id, t.account_id, t.unit_id, t.amount_fen, r.return_id AS paid_in, t.returned_in, t.code, t.reason
    FROM allowances_transfer t
    LEFT JOIN LATERAL (SELECT p.return_id, p.last_serial FROM allowances_paid p
                       WHERE p.file_id = t.file_id AND p.first_serial <= t.serial ORDER BY p.first_serial DESC LIMIT 1) r
        ON r.last_serial >= t.serial;

-- How far a claim has come: `nothing` to transfer, `held` without a confirmed account, `ready` for the next file, `sent`,
-- `paid`, or `returned` and waiting for another account than those that failed.
CREATE VIEW allowances_claim_state WITH (security_invoker = true) AS
    SELECT c.id, c.batch_id, c.unit_id, c.sealed, c.payee, c.child_id, c.home_id, c.payable_fen, c.offset_fen, c.amount_fen, a.id AS account_id,
           CASE WHEN c.amount_fen = 0 THEN 'nothing' WHEN t.is_paid THEN 'paid' WHEN t.is_sent THEN 'sent'
                WHEN a.id IS NOT NULL AND (t.failed IS NULL OR a.id <> ALL (t.failed)) THEN 'ready'
                WHEN t.failed IS NOT NULL THEN 'returned' ELSE 'held' END AS state,
           coalesce(cardinality(t.failed), 0) AS returns
    FROM allowances_claim c
    LEFT JOIN registry_person p ON p.id = c.child_id
    LEFT JOIN allowances_account of_child ON of_child.child_id = coalesce(p.merged_into, c.child_id)
        AND of_child.confirmed_at IS NOT NULL AND of_child.ended_at IS NULL
    LEFT JOIN allowances_account of_home ON of_home.home_id = c.home_id AND of_home.unit_id = c.unit_id
        AND of_home.confirmed_at IS NOT NULL AND of_home.ended_at IS NULL
    CROSS JOIN LATERAL (SELECT coalesce(of_child.id, of_home.id)) a (id)
    LEFT JOIN LATERAL (SELECT bool_or(paid_in IS NOT NULL) AS is_paid, bool_or(paid_in IS NULL AND returned_in IS NULL) AS is_sent,
                              array_agg(account_id) FILTER (WHERE returned_in IS NOT NULL) AS failed
                       FROM allowances_attempt WHERE claim_id = c.id) t ON true;

-- What was paid is not returned, and what is said to be paid was sent.
CREATE INDEX allowances_transfer_returned ON allowances_transfer (file_id, serial) WHERE returned_in IS NOT NULL;
CREATE FUNCTION auth.refuse_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT file_id FROM changed) c JOIN allowances_attempt a ON a.file_id = c.file_id
               WHERE a.returned_in IS NOT NULL AND a.paid_in IS NOT NULL)
       OR EXISTS (SELECT 1 FROM (SELECT DISTINCT file_id FROM changed) c JOIN allowances_bank_file f ON f.id = c.file_id
                  JOIN allowances_paid p ON p.file_id = f.id WHERE p.last_serial > f.count) THEN
        RAISE EXCEPTION 'answered before, or never sent' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_answered AFTER INSERT ON allowances_paid REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_answered();
CREATE TRIGGER refuse_answered AFTER UPDATE ON allowances_transfer REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_answered();
CREATE TRIGGER keep_committed BEFORE UPDATE OR DELETE ON allowances_paid FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();

ALTER TABLE allowances_paid ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON allowances_paid FOR SELECT USING (file_id IN (SELECT f.id FROM allowances_bank_file f));
CREATE POLICY answer ON allowances_paid FOR INSERT WITH CHECK (EXISTS (
    SELECT 1 FROM allowances_return r WHERE r.id = return_id AND r.file_id = allowances_paid.file_id AND r.unit_id = allowances_paid.unit_id
      AND r.unit_id = (SELECT auth.releasing_unit()) AND r.loaded_by = (SELECT auth.officer())));
GRANT SELECT, INSERT ON allowances_paid TO hutong_app;
GRANT SELECT ON allowances_attempt, allowances_claim_state TO hutong_app;

CREATE POLICY answer ON allowances_transfer FOR UPDATE
    USING (unit_id = (SELECT auth.releasing_unit()) AND returned_in IS NULL)
    WITH CHECK (returned_in IS NOT NULL);
