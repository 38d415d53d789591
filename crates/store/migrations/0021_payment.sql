-- Payment: whose account a payee's money goes to, what is claimed of a released batch, the bank's files and its answers.
--
-- Reach: an account, a recovery and a claim are their child's, those of a home its paying unit's; a file, what it carries and
-- the bank's answer are the unit's that releases, and of those above. Finance sees no child: what it needs of claims and of
-- accounts it gets while it makes a file, from functions that look at its post.
-- Invariant: of the attempts to pay a claim at most one was not returned, so what is paid or under way is never sent again;
-- nothing of all this is deleted, and an account is never overwritten.

CREATE TABLE allowances_account (
    id           uuid PRIMARY KEY,
    child_id     uuid REFERENCES registry_child,
    home_id      uuid REFERENCES organisation_unit,
    unit_id      uuid NOT NULL REFERENCES organisation_unit,
    holder       text NOT NULL CHECK (holder <> ''),
    bank         text NOT NULL CHECK (bank <> ''),
    number       sealed NOT NULL,
    number_index blind NOT NULL,
    name_match   text NOT NULL CHECK (name_match IN ('guardian', 'child', 'home', 'other')),
    reason       sealed,
    sealed       boolean NOT NULL DEFAULT false,
    proposed_by  uuid NOT NULL REFERENCES organisation_officer,
    proposed_at  timestamptz NOT NULL,
    confirmed_by uuid REFERENCES organisation_officer,
    confirmed_at timestamptz,
    ended_by     uuid REFERENCES organisation_officer,
    ended_at     timestamptz,
    CHECK (num_nonnulls(child_id, home_id) = 1),
    CHECK (name_match <> 'other' OR reason IS NOT NULL),
    CHECK (num_nulls(confirmed_by, confirmed_at) IN (0, 2)),
    CHECK (num_nulls(ended_by, ended_at) IN (0, 2)),
    -- Persons, not posts: an officer is the same under every appointment.
    CHECK (confirmed_by <> proposed_by)
);
COMMENT ON COLUMN allowances_account.unit_id IS 'whose officer proposed it; a home has an account with each unit that pays it';
COMMENT ON COLUMN allowances_account.name_match IS 'whose name the holder''s is; another''s takes a reason';
COMMENT ON COLUMN allowances_account.sealed IS 'the child is paid in the sealed batch';
CREATE INDEX allowances_account_child ON allowances_account (child_id);
CREATE UNIQUE INDEX allowances_account_of_child ON allowances_account (child_id)
    WHERE confirmed_at IS NOT NULL AND ended_at IS NULL AND child_id IS NOT NULL;
CREATE UNIQUE INDEX allowances_account_of_home ON allowances_account (unit_id, home_id)
    WHERE confirmed_at IS NOT NULL AND ended_at IS NULL AND home_id IS NOT NULL;

-- A negative line that an officer confirmed as to be recovered, with the notice to whoever had the money. Until then it is
-- debt, and nothing is set off for it.
CREATE TABLE allowances_recovery (
    id           uuid PRIMARY KEY,
    pay_month    date NOT NULL,
    number       integer NOT NULL,
    batch_id     uuid NOT NULL,
    unit_id      uuid NOT NULL,
    child_id     uuid NOT NULL,
    payee        smallint NOT NULL CHECK (payee IN (0, 1)),
    home_id      uuid,
    amount_fen   bigint NOT NULL CHECK (amount_fen > 0),
    reason       sealed NOT NULL,
    notice       sealed NOT NULL,
    sealed       boolean NOT NULL,
    confirmed_by uuid NOT NULL REFERENCES organisation_officer,
    confirmed_at timestamptz NOT NULL,
    UNIQUE (pay_month, number)
);
COMMENT ON COLUMN allowances_recovery.notice IS 'the words of the notice of recovery, as they were sent';
CREATE INDEX allowances_recovery_payee ON allowances_recovery (unit_id, sealed, child_id);

-- What of a released batch is to be transferred to a payee: a child's guardian, or a home for all its children at once.
-- Child and batch are no foreign keys: they would be asked for every claim, and neither is ever deleted.
CREATE TABLE allowances_claim (
    id          uuid PRIMARY KEY,
    batch_id    uuid NOT NULL,
    unit_id     uuid NOT NULL,
    sealed      boolean NOT NULL,
    payee       smallint NOT NULL CHECK (payee IN (0, 1)),
    child_id    uuid,
    home_id     uuid,
    payable_fen bigint NOT NULL CHECK (payable_fen > 0),
    offset_fen  bigint NOT NULL CHECK (offset_fen BETWEEN 0 AND payable_fen),
    amount_fen  bigint GENERATED ALWAYS AS (payable_fen - offset_fen) STORED,
    UNIQUE NULLS NOT DISTINCT (batch_id, payee, child_id, home_id),
    CHECK (num_nonnulls(child_id, home_id) = 1),
    CHECK (home_id IS NULL OR payee = 1)
);
COMMENT ON COLUMN allowances_claim.payable_fen IS 'the sum of the positive lines';
COMMENT ON COLUMN allowances_claim.offset_fen IS 'set off for confirmed recoveries';
COMMENT ON COLUMN allowances_claim.child_id IS 'also where the money is for a home, but the child is in none on record: then the child''s account takes it';
CREATE INDEX allowances_claim_child_of ON allowances_claim (child_id);

-- The children whom a home's claim is for.
CREATE TABLE allowances_claim_child (
    claim_id    uuid NOT NULL REFERENCES allowances_claim,
    child_id    uuid NOT NULL REFERENCES registry_child,
    payable_fen bigint NOT NULL CHECK (payable_fen > 0),
    sealed      boolean NOT NULL,
    PRIMARY KEY (claim_id, child_id)
);

CREATE TABLE allowances_bank_file (
    id        uuid PRIMARY KEY,
    number    text NOT NULL UNIQUE CHECK (number <> ''),
    unit_id   uuid NOT NULL REFERENCES organisation_unit,
    sealed    boolean NOT NULL,
    template  text NOT NULL CHECK (template <> ''),
    count     integer NOT NULL CHECK (count >= 0),
    total_fen bigint NOT NULL CHECK (total_fen >= 0),
    content   sealed,
    made_by   uuid NOT NULL REFERENCES organisation_officer,
    made_at   timestamptz NOT NULL
);
COMMENT ON COLUMN allowances_bank_file.content IS 'nothing while it is being made';
CREATE INDEX allowances_bank_file_unit ON allowances_bank_file (unit_id, made_at);

-- The bank's answer to a file. The same bytes are taken once.
CREATE TABLE allowances_return (
    id           uuid PRIMARY KEY,
    file_id      uuid NOT NULL REFERENCES allowances_bank_file,
    unit_id      uuid NOT NULL REFERENCES organisation_unit,
    sealed       boolean NOT NULL,
    digest       blind NOT NULL UNIQUE,
    paid         integer NOT NULL CHECK (paid >= 0),
    paid_fen     bigint NOT NULL CHECK (paid_fen >= 0),
    returned     integer NOT NULL CHECK (returned >= 0),
    returned_fen bigint NOT NULL CHECK (returned_fen >= 0),
    content      sealed NOT NULL,
    loaded_by    uuid NOT NULL REFERENCES organisation_officer,
    loaded_at    timestamptz NOT NULL
);
CREATE INDEX allowances_return_file ON allowances_return (file_id);

-- Attempts to pay a claim. Neither the answer's columns nor their keys are indexed but for what was returned, so that a file
-- of a million that the bank paid is answered in place; its pages have room for that.
CREATE TABLE allowances_transfer (
    file_id     uuid NOT NULL REFERENCES allowances_bank_file,
    serial      integer NOT NULL CHECK (serial > 0),
    claim_id    uuid NOT NULL,
    account_id  uuid NOT NULL,
    unit_id     uuid NOT NULL,
    amount_fen  bigint NOT NULL CHECK (amount_fen > 0),
    paid_in     uuid,
    returned_in uuid,
    code        text,
    reason      text,
    PRIMARY KEY (file_id, serial),
    CHECK (num_nonnulls(paid_in, returned_in) <= 1),
    CHECK (returned_in IS NOT NULL OR num_nonnulls(code, reason) = 0)
) WITH (fillfactor = 40);
COMMENT ON COLUMN allowances_transfer.paid_in IS 'the return that says so';
COMMENT ON COLUMN allowances_transfer.code IS 'the bank''s, of why it did not pay';
CREATE INDEX allowances_transfer_claim ON allowances_transfer (claim_id);
CREATE UNIQUE INDEX allowances_transfer_once ON allowances_transfer (claim_id) WHERE returned_in IS NULL;

CREATE TRIGGER keep_committed BEFORE UPDATE OR DELETE ON allowances_claim FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();
CREATE TRIGGER keep_committed BEFORE DELETE ON allowances_transfer FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();
CREATE TRIGGER keep_committed BEFORE UPDATE OR DELETE ON allowances_recovery FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();
CREATE TRIGGER keep_committed BEFORE DELETE ON allowances_account FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();

CREATE TRIGGER seal_account BEFORE INSERT ON allowances_account FOR EACH ROW EXECUTE FUNCTION auth.seal_fact();

-- An account is confirmed in the hand of an approver of the unit that proposed it, and ended by one of its officers; neither
-- is taken back.
CREATE FUNCTION auth.guard_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    me uuid := auth.officer();
BEGIN
    IF (NEW.confirmed_by, NEW.confirmed_at) IS DISTINCT FROM (OLD.confirmed_by, OLD.confirmed_at)
       AND (OLD.confirmed_by IS NOT NULL OR OLD.ended_by IS NOT NULL OR NEW.confirmed_by IS DISTINCT FROM me OR NOT EXISTS (
            SELECT 1 FROM auth.whoami() w JOIN auth.role r ON r.code = w.role AND r.approves WHERE w.unit_id = NEW.unit_id)) THEN
        RAISE EXCEPTION 'not this officer''s to confirm' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.ended_by, NEW.ended_at) IS DISTINCT FROM (OLD.ended_by, OLD.ended_at)
       AND (OLD.ended_by IS NOT NULL OR NEW.ended_by IS DISTINCT FROM me OR NOT EXISTS (
            SELECT 1 FROM auth.whoami() w JOIN auth.role r ON r.code = w.role AND (r.prepares OR r.approves))) THEN
        RAISE EXCEPTION 'not this officer''s to end' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_account BEFORE UPDATE ON allowances_account FOR EACH ROW EXECUTE FUNCTION auth.guard_account();

-- The home that had, or is to have, a child's money of a month: where it was then, else where it was put last.
CREATE FUNCTION auth.home_of(child uuid, month date) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (SELECT p.unit_id FROM registry_placement p JOIN organisation_unit u ON u.id = p.unit_id AND u.kind = 'home'
            WHERE p.child_id = child
            ORDER BY p.from_day < (month + interval '1 month') AND (p.to_day IS NULL OR p.to_day > month) DESC, p.from_day DESC, p.id LIMIT 1);
END $$;

-- The unit whose batches this session prepares or approves.
CREATE FUNCTION auth.handling_unit() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT w.unit_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.prepares OR r.approves); END $$;

-- What is recovered is what the line says: whose, from whom and how much is not the officer's to fill in.
CREATE FUNCTION auth.fill_recovery() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    line record;
BEGIN
    SELECT l.batch_id, b.unit_id, coalesce(p.merged_into, l.child_id) AS child_id, l.payee, l.for_month, l.amount_fen, l.sealed INTO line
    FROM allowances_line l JOIN allowances_batch b ON b.id = l.batch_id LEFT JOIN registry_person p ON p.id = l.child_id
    WHERE l.pay_month = NEW.pay_month AND l.number = NEW.number AND l.amount_fen < 0;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such line is to be recovered' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.batch_id := line.batch_id;
    NEW.unit_id := line.unit_id;
    NEW.child_id := line.child_id;
    NEW.payee := line.payee;
    NEW.home_id := CASE line.payee WHEN 1 THEN auth.home_of(line.child_id, line.for_month) END;
    NEW.amount_fen := -line.amount_fen;
    NEW.sealed := line.sealed;
    RETURN NEW;
END $$;
CREATE TRIGGER fill_recovery BEFORE INSERT ON allowances_recovery FOR EACH ROW EXECUTE FUNCTION auth.fill_recovery();

-- One file or claim of a unit after another: what is owed is set off once, and what is claimed is sent once.
CREATE FUNCTION auth.hold_payments(unit uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = public, auth, pg_temp
AS $$ BEGIN PERFORM 1 FROM allowances_series s WHERE s.unit_id = unit ORDER BY s.sealed FOR UPDATE; END $$;

-- Writes what of a batch is to be transferred, in the transaction that releases it. Of each payee: the sum of its positive
-- lines less what was confirmed as to be recovered and not set off yet, no more than `share` per cent of them in whole fen.
CREATE FUNCTION auth.claim_batch(batch uuid, share integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    b allowances_batch;
BEGIN
    SELECT * INTO b FROM allowances_batch WHERE id = batch;
    IF b.stage IS DISTINCT FROM 'released' OR b.unit_id IS DISTINCT FROM auth.releasing_unit() OR b.released_by IS DISTINCT FROM auth.officer()
       OR share NOT BETWEEN 0 AND 100 OR EXISTS (SELECT 1 FROM allowances_claim c WHERE c.batch_id = batch) THEN
        RAISE EXCEPTION 'this session does not release this batch now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM auth.hold_payments(b.unit_id);
    WITH payable AS MATERIALIZED (
        SELECT l.payee, k.child_id, CASE l.payee WHEN 1 THEN auth.home_of(k.child_id, l.for_month) END AS home_id, sum(l.amount_fen)::bigint AS fen
        FROM allowances_line l LEFT JOIN registry_person p ON p.id = l.child_id CROSS JOIN LATERAL (SELECT coalesce(p.merged_into, l.child_id)) k (child_id)
        WHERE l.pay_month = b.pay_month AND l.batch_id = batch AND l.amount_fen > 0
        GROUP BY 1, 2, 3
    ), owed AS (
        SELECT o.payee, o.child_id, o.home_id, sum(o.fen)::bigint AS fen
        FROM (SELECT r.payee, CASE WHEN r.home_id IS NULL THEN r.child_id END AS child_id, r.home_id, r.amount_fen AS fen
              FROM allowances_recovery r JOIN allowances_batch of_batch ON of_batch.id = r.batch_id AND of_batch.stage IN ('released', 'settled', 'closed')
              WHERE r.unit_id = b.unit_id AND r.sealed = b.sealed
              UNION ALL
              SELECT c.payee, c.child_id, c.home_id, -c.offset_fen FROM allowances_claim c
              WHERE c.unit_id = b.unit_id AND c.sealed = b.sealed AND c.offset_fen > 0) o
        GROUP BY 1, 2, 3
    ), claimed AS (
        INSERT INTO allowances_claim (id, batch_id, unit_id, sealed, payee, child_id, home_id, payable_fen, offset_fen)
        SELECT gen_random_uuid(), batch, b.unit_id, b.sealed, p.payee, p.child_id, p.home_id, p.fen,
               greatest(0, least(coalesce(o.fen, 0), p.fen / 100 * share + p.fen % 100 * share / 100))
        FROM (SELECT y.payee, CASE WHEN y.home_id IS NULL THEN y.child_id END AS child_id, y.home_id, sum(y.fen)::bigint AS fen
              FROM payable y GROUP BY 1, 2, 3) p
        LEFT JOIN owed o ON o.payee = p.payee AND coalesce(o.home_id, o.child_id) = coalesce(p.home_id, p.child_id)
        RETURNING id, home_id
    )
    INSERT INTO allowances_claim_child (claim_id, child_id, payable_fen, sealed)
    SELECT c.id, y.child_id, y.fen, b.sealed FROM claimed c JOIN payable y ON y.home_id = c.home_id;
END $$;

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
                       FROM allowances_transfer WHERE claim_id = c.id) t ON true;

-- Begins a bank file of all claims of the session's unit that are ready; whoever makes one at the same time waits, and finds
-- what is left. Answers how many they are.
CREATE FUNCTION auth.open_bank_file(file uuid, is_sealed boolean, of_template text, at timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    unit uuid := auth.releasing_unit();
    lines integer;
    its_number text;
BEGIN
    IF unit IS NULL THEN
        RAISE EXCEPTION 'this session releases no money' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM auth.hold_payments(unit);
    -- Of the unit whatever the seal, so that a number tells nothing.
    SELECT left(lpad(u.division::text, 12, '0'), 6) || to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD')
           || lpad(((SELECT count(*) FROM allowances_bank_file f WHERE left(f.number, 6) = left(lpad(u.division::text, 12, '0'), 6)) + 1)::text, 6, '0')
    INTO its_number FROM organisation_unit u WHERE u.id = unit;
    INSERT INTO allowances_bank_file (id, number, unit_id, sealed, template, count, total_fen, made_by, made_at)
    VALUES (file, its_number, unit, is_sealed, of_template, 0, 0, auth.officer(), at);
    INSERT INTO allowances_transfer (file_id, serial, claim_id, account_id, unit_id, amount_fen)
    SELECT file, row_number() OVER (ORDER BY s.home_id NULLS LAST, s.child_id, s.id), s.id, s.account_id, unit, s.amount_fen
    FROM allowances_claim_state s WHERE s.unit_id = unit AND s.sealed = is_sealed AND s.state = 'ready';
    GET DIAGNOSTICS lines = ROW_COUNT;
    UPDATE allowances_bank_file f SET count = lines, total_fen = coalesce((SELECT sum(t.amount_fen) FROM allowances_transfer t WHERE t.file_id = file), 0)
    WHERE f.id = file;
    RETURN lines;
END $$;

-- What stands in a file, for whoever is making it.
CREATE FUNCTION auth.bank_file_lines(file uuid)
RETURNS TABLE (serial integer, amount_fen bigint, account_id uuid, holder text, bank text, number bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.serial, t.amount_fen, a.id, a.holder, a.bank, a.number::bytea
    FROM allowances_bank_file f JOIN allowances_transfer t ON t.file_id = f.id JOIN allowances_account a ON a.id = t.account_id
    WHERE f.id = file AND f.content IS NULL AND f.unit_id = auth.releasing_unit() AND f.made_by = auth.officer()
    ORDER BY t.serial;
END $$;

-- Where the money of a batch is, for whoever sees the batch. Lines = payable less recovered; payable = offset + the claims of
-- every state; `unanswered` are claims of which the bank has yet to say something for the first time.
CREATE FUNCTION auth.batch_money(batch uuid)
RETURNS TABLE (recovered_fen bigint, payable_fen bigint, offset_fen bigint, ready_fen bigint, held_fen bigint, sent_fen bigint, paid_fen bigint,
               returned_fen bigint, claims integer, ready integer, held integer, sent integer, paid integer, returned integer, unanswered integer,
               confirmed_fen bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    b allowances_batch;
BEGIN
    SELECT * INTO b FROM allowances_batch WHERE id = batch;
    IF b.id IS NULL OR NOT coalesce(CASE WHEN b.sealed THEN b.unit_id IN (auth.sealed_money_unit(), auth.releasing_unit())
                         ELSE auth.sees_money() AND auth.unit_serves(b.unit_id) <@ auth.unit_reach() END, false) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT -b.recovered_fen, coalesce(sum(s.payable_fen), 0)::bigint, coalesce(sum(s.offset_fen), 0)::bigint,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.state = 'ready'), 0)::bigint, coalesce(sum(s.amount_fen) FILTER (WHERE s.state = 'held'), 0)::bigint,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.state = 'sent'), 0)::bigint, coalesce(sum(s.amount_fen) FILTER (WHERE s.state = 'paid'), 0)::bigint,
           coalesce(sum(s.amount_fen) FILTER (WHERE s.state = 'returned'), 0)::bigint, count(s.id)::integer,
           (count(*) FILTER (WHERE s.state = 'ready'))::integer, (count(*) FILTER (WHERE s.state = 'held'))::integer,
           (count(*) FILTER (WHERE s.state = 'sent'))::integer, (count(*) FILTER (WHERE s.state = 'paid'))::integer,
           (count(*) FILTER (WHERE s.state = 'returned'))::integer, (count(*) FILTER (WHERE s.state IN ('ready', 'sent') AND s.returns = 0))::integer,
           coalesce((SELECT sum(r.amount_fen) FROM allowances_recovery r WHERE r.batch_id = batch), 0)::bigint
    FROM allowances_claim_state s WHERE s.batch_id = batch;
END $$;

GRANT EXECUTE ON FUNCTION auth.handling_unit(), auth.claim_batch(uuid, integer), auth.open_bank_file(uuid, boolean, text, timestamptz),
    auth.bank_file_lines(uuid), auth.batch_money(uuid) TO hutong_app;

ALTER TABLE allowances_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON allowances_account FOR SELECT USING (
    CASE WHEN child_id IS NULL THEN (SELECT auth.sees_money()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach())
         ELSE EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))) END);
CREATE POLICY propose ON allowances_account FOR INSERT WITH CHECK (
    unit_id = (SELECT auth.paying_unit()) AND proposed_by = (SELECT auth.officer()) AND num_nonnulls(confirmed_by, ended_by) = 0
    AND (child_id IS NULL OR EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))))
    AND (home_id IS NULL OR EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = home_id AND u.kind = 'home')));
CREATE POLICY decide ON allowances_account FOR UPDATE USING (
    CASE WHEN child_id IS NULL THEN unit_id = (SELECT auth.handling_unit())
         ELSE EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))) END);
GRANT SELECT, INSERT, UPDATE (confirmed_by, confirmed_at, ended_by, ended_at) ON allowances_account TO hutong_app;

ALTER TABLE allowances_recovery ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON allowances_recovery FOR SELECT USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))));
CREATE POLICY confirm ON allowances_recovery FOR INSERT WITH CHECK (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named())))
    AND unit_id = (SELECT auth.handling_unit()) AND confirmed_by = (SELECT auth.officer()));
GRANT SELECT, INSERT ON allowances_recovery TO hutong_app;

ALTER TABLE allowances_claim ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON allowances_claim USING (
    CASE WHEN child_id IS NULL THEN batch_id IN (SELECT b.id FROM allowances_batch b)
         ELSE EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))) END);
GRANT SELECT ON allowances_claim, allowances_claim_state TO hutong_app;

ALTER TABLE allowances_claim_child ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON allowances_claim_child USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))));
GRANT SELECT ON allowances_claim_child TO hutong_app;

ALTER TABLE allowances_bank_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON allowances_bank_file FOR SELECT USING (
    CASE WHEN sealed THEN unit_id = (SELECT auth.sealed_money_unit()) OR unit_id = (SELECT auth.releasing_unit())
         ELSE (SELECT auth.sees_money()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()) END);
CREATE POLICY write ON allowances_bank_file FOR UPDATE
    USING (content IS NULL AND unit_id = (SELECT auth.releasing_unit()) AND made_by = (SELECT auth.officer()))
    WITH CHECK (content IS NOT NULL);
GRANT SELECT, UPDATE (content) ON allowances_bank_file TO hutong_app;

ALTER TABLE allowances_return ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON allowances_return FOR SELECT USING (file_id IN (SELECT f.id FROM allowances_bank_file f));
CREATE POLICY load ON allowances_return FOR INSERT WITH CHECK (unit_id = (SELECT auth.releasing_unit()) AND loaded_by = (SELECT auth.officer())
    AND EXISTS (SELECT 1 FROM allowances_bank_file f WHERE f.id = file_id AND f.unit_id = allowances_return.unit_id AND f.sealed = allowances_return.sealed));
GRANT SELECT, INSERT ON allowances_return TO hutong_app;

-- An attempt is answered once.
ALTER TABLE allowances_transfer ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON allowances_transfer FOR SELECT USING (file_id IN (SELECT f.id FROM allowances_bank_file f));
CREATE POLICY answer ON allowances_transfer FOR UPDATE
    USING (unit_id = (SELECT auth.releasing_unit()) AND paid_in IS NULL AND returned_in IS NULL)
    WITH CHECK (num_nonnulls(paid_in, returned_in) = 1);
GRANT SELECT, UPDATE (paid_in, returned_in, code, reason) ON allowances_transfer TO hutong_app;
