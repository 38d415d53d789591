-- The month: what each child is owed as lines, in batches that a unit prepares and others approve and release.
--
-- Reach: a line, a fact and an exception are their child's; a batch is its unit's and of those above. A child with a sealed
-- status, ever, is paid in its county's sealed batch, which is seen by officers who know every sealed child of the county,
-- and by whoever releases money there.
-- Invariant: lines become visible with their batch and their levels, in one transaction, and are never changed afterwards.

ALTER TABLE auth.role
    ADD COLUMN sees_money boolean NOT NULL DEFAULT false,
    ADD COLUMN prepares   boolean NOT NULL DEFAULT false,
    ADD COLUMN approves   boolean NOT NULL DEFAULT false,
    ADD COLUMN releases   boolean NOT NULL DEFAULT false;
UPDATE auth.role SET sees_money = code IN ('county_officer', 'county_approver', 'city_officer', 'city_approver', 'finance_officer', 'auditor'),
                     prepares = code = 'county_officer',
                     approves = code = 'county_approver',
                     releases = code = 'finance_officer';

-- When a status became known, and when its end did. What was on file before says neither.
ALTER TABLE registry_span ADD COLUMN known timestamptz, ADD COLUMN end_known timestamptz;
GRANT UPDATE (end_known) ON registry_span TO hutong_app;

-- Facts of an allowance that no other part of the file holds. Append-only: a later-known one replaces an earlier one of the
-- same kind (and benefit) with the same first month.
CREATE TABLE allowances_fact (
    id          uuid PRIMARY KEY,
    child_id    uuid NOT NULL REFERENCES registry_child,
    kind        text NOT NULL CHECK (kind IN ('stopped', 'revoked', 'benefit', 'study', 'suspended', 'moved')),
    known       timestamptz NOT NULL,
    on_day      date,
    from_month  date CHECK (extract(day FROM from_month) = 1),
    to_month    date CHECK (extract(day FROM to_month) = 1),
    code        text CHECK (code <> ''),
    monthly_fen bigint CHECK (monthly_fen >= 0),
    from_place  bigint,
    to_place    bigint,
    officer_id  uuid REFERENCES organisation_officer,
    sealed      boolean NOT NULL DEFAULT false,
    CHECK ((on_day IS NOT NULL) = (kind IN ('stopped', 'revoked', 'moved'))),
    CHECK ((from_month IS NOT NULL) = (kind IN ('benefit', 'study', 'suspended'))),
    CHECK (to_month IS NULL OR from_month IS NOT NULL),
    CHECK ((code IS NOT NULL) = (kind IN ('stopped', 'revoked', 'benefit'))),
    CHECK ((monthly_fen IS NOT NULL) = (kind = 'benefit')),
    CHECK (num_nonnulls(from_place, to_place) = CASE kind WHEN 'moved' THEN 2 ELSE 0 END)
);
COMMENT ON COLUMN allowances_fact.code IS 'why it was stopped; what is revoked (recognised, stopped); which benefit';
COMMENT ON COLUMN allowances_fact.officer_id IS 'nobody where the file itself says it: a household that moved';
COMMENT ON COLUMN allowances_fact.sealed IS 'the child is paid in the sealed batch';
CREATE INDEX allowances_fact_child ON allowances_fact (child_id);

-- From which month on this installation pays for a unit. What lies before was settled elsewhere.
CREATE TABLE allowances_series (
    unit_id    uuid NOT NULL REFERENCES organisation_unit,
    sealed     boolean NOT NULL,
    from_month date NOT NULL CHECK (extract(day FROM from_month) = 1),
    PRIMARY KEY (unit_id, sealed)
);

CREATE TABLE allowances_batch (
    id            uuid PRIMARY KEY,
    pay_month     date NOT NULL CHECK (extract(day FROM pay_month) = 1),
    unit_id       uuid NOT NULL,
    sealed        boolean NOT NULL,
    stage         text NOT NULL CHECK (stage IN ('prepared', 'reviewed', 'approved', 'released', 'settled', 'closed')),
    known_at      timestamptz NOT NULL,
    rulebook      text NOT NULL CHECK (rulebook <> ''),
    first_line    integer NOT NULL CHECK (first_line > 0),
    lines         integer NOT NULL CHECK (lines >= 0),
    children      integer NOT NULL CHECK (children >= 0),
    exceptions    integer NOT NULL CHECK (exceptions >= 0),
    paid_fen      bigint NOT NULL CHECK (paid_fen >= 0),
    recovered_fen bigint NOT NULL CHECK (recovered_fen <= 0),
    lines_hash    bytea NOT NULL CHECK (octet_length(lines_hash) = 32),
    digest        bigint NOT NULL,
    prepared_by   uuid NOT NULL REFERENCES organisation_officer,
    prepared_at   timestamptz NOT NULL,
    reviewed_by   uuid REFERENCES organisation_officer,
    reviewed_at   timestamptz,
    approved_by   uuid REFERENCES organisation_officer,
    approved_at   timestamptz,
    approved_hash bytea,
    released_by   uuid REFERENCES organisation_officer,
    released_at   timestamptz,
    settled_at    timestamptz,
    closed_at     timestamptz,
    version       integer NOT NULL DEFAULT 1,
    UNIQUE (pay_month, unit_id, sealed),
    FOREIGN KEY (unit_id, sealed) REFERENCES allowances_series,
    -- Persons, not posts: an officer is the same under every appointment.
    CHECK (approved_by <> prepared_by),
    CHECK (released_by <> prepared_by AND released_by <> approved_by),
    CHECK (num_nulls(reviewed_by, reviewed_at) IN (0, 2)),
    CHECK (num_nulls(approved_by, approved_at, approved_hash) IN (0, 3)),
    CHECK (num_nulls(released_by, released_at) IN (0, 2)),
    CHECK ((reviewed_at IS NOT NULL) = (stage <> 'prepared')),
    CHECK ((approved_at IS NOT NULL) = (stage NOT IN ('prepared', 'reviewed'))),
    CHECK ((released_at IS NOT NULL) = (stage IN ('released', 'settled', 'closed'))),
    CHECK ((settled_at IS NOT NULL) = (stage IN ('settled', 'closed'))),
    CHECK ((closed_at IS NOT NULL) = (stage = 'closed')),
    -- The approval signs the lines: approved is what was prepared, to the fen.
    CHECK (approved_hash = lines_hash)
);
COMMENT ON COLUMN allowances_batch.digest IS 'of all that the unit has committed under this seal, this batch included (domain::allowances::Digest)';

-- Lines, a partition for each pay month. Codes are numbers because there are millions:
-- payee 0 guardian 1 home; kind 0 regular 1 arrears 2 recovery; class by its place in kernel::category.
-- The batch is no foreign key: it would be asked for every line, and batches are never deleted.
CREATE TABLE allowances_line (
    pay_month  date NOT NULL,
    number     integer NOT NULL CHECK (number > 0),
    batch_id   uuid NOT NULL,
    child_id   uuid NOT NULL,
    payee      smallint NOT NULL CHECK (payee IN (0, 1)),
    for_month  date NOT NULL CHECK (extract(day FROM for_month) = 1 AND for_month <= pay_month),
    kind       smallint NOT NULL CHECK (kind IN (0, 1, 2)),
    class      smallint CHECK (class BETWEEN 0 AND 4),
    place      bigint NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    due_fen    bigint NOT NULL CHECK (due_fen >= 0),
    reason     integer NOT NULL CHECK (reason >= 0),
    sealed     boolean NOT NULL,
    PRIMARY KEY (pay_month, number),
    UNIQUE (child_id, payee, for_month, pay_month, kind)
) PARTITION BY LIST (pay_month);

-- What is committed, as levels: from a month on so much for each month (domain::allowances::Levels). Written with the lines.
CREATE TABLE allowances_level (
    pay_month  date NOT NULL,
    unit_id    uuid NOT NULL,
    sealed     boolean NOT NULL,
    child_id   uuid NOT NULL,
    payee      smallint NOT NULL CHECK (payee IN (0, 1)),
    from_month date NOT NULL,
    level_fen  bigint NOT NULL
) PARTITION BY LIST (pay_month);

-- What made the lines of a batch, in words, each once.
CREATE TABLE allowances_reason (
    batch_id uuid NOT NULL REFERENCES allowances_batch,
    number   integer NOT NULL CHECK (number >= 0),
    unit_id  uuid NOT NULL,
    sealed   boolean NOT NULL,
    zh       text NOT NULL CHECK (zh <> ''),
    en       text NOT NULL CHECK (en <> ''),
    cite     text NOT NULL,
    PRIMARY KEY (batch_id, number)
);

-- Months of a child for which nothing could be said.
CREATE TABLE allowances_exception (
    batch_id      uuid NOT NULL REFERENCES allowances_batch,
    child_id      uuid NOT NULL REFERENCES registry_child,
    code          text NOT NULL CHECK (code IN ('no_rate', 'no_birth')),
    from_month    date NOT NULL,
    through_month date NOT NULL CHECK (through_month >= from_month),
    sealed        boolean NOT NULL,
    PRIMARY KEY (batch_id, child_id, code, from_month)
);
CREATE INDEX allowances_exception_child ON allowances_exception (child_id);

-- Partitions, and tables that are to become some: nothing in here is asked for by name.
CREATE SCHEMA month;
GRANT USAGE ON SCHEMA month TO hutong_app;

-- The unit for which this session prepares batches, and whose children it pays: those whose household it serves.
CREATE FUNCTION auth.paying_unit() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT w.unit_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.prepares); END $$;

CREATE FUNCTION auth.paying_reach() RETURNS int8multirange
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT w.serves FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.prepares), '{}')); END $$;

CREATE FUNCTION auth.sees_money() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT r.sees_money FROM auth.whoami() w JOIN auth.role r ON r.code = w.role), false)); END $$;

-- The unit whose sealed batches this session may see: its own, where it knows every sealed child there.
CREATE FUNCTION auth.sealed_money_unit() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (SELECT w.unit_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role AND r.sees_sealed AND r.sees_money
            WHERE NOT EXISTS (SELECT 1 FROM registry_span s JOIN registry_person p ON p.id = s.child_id
                              WHERE s.sealed AND p.merged_into IS NULL AND p.household_division <@ w.serves
                                AND NOT EXISTS (SELECT 1 FROM registry_named_officer n WHERE n.child_id = s.child_id AND n.officer_id = w.officer_id)));
END $$;

-- The unit whose sealed batches this session releases. It sees what they come to, and no child.
CREATE FUNCTION auth.releasing_unit() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT w.unit_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.releases); END $$;

-- A child is paid under seal once it had a sealed status.
CREATE FUNCTION auth.is_paid_sealed(child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM registry_span WHERE child_id = child AND sealed); END $$;

CREATE FUNCTION auth.seal_fact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    NEW.sealed := auth.is_paid_sealed(NEW.child_id);
    RETURN NEW;
END $$;
CREATE TRIGGER seal_fact BEFORE INSERT ON allowances_fact FOR EACH ROW EXECUTE FUNCTION auth.seal_fact();

-- A household that moves is a fact of the day on which the file says so.
CREATE FUNCTION auth.note_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    INSERT INTO allowances_fact (id, child_id, kind, known, on_day, from_place, to_place)
    VALUES (gen_random_uuid(), NEW.id, 'moved', '-infinity', auth.today(), OLD.household_division, NEW.household_division);
    RETURN NULL;
END $$;
CREATE TRIGGER note_move AFTER UPDATE OF household_division ON registry_person
    FOR EACH ROW WHEN (OLD.household_division <> NEW.household_division) EXECUTE FUNCTION auth.note_move();

-- Children, their statuses, facts and levels as a run reads them. Under the policies of so many tables the planner looks
-- every child up again and again; so these views stand above the policies and say once whom the session's unit pays.
CREATE VIEW allowances_payable WITH (security_barrier) AS
    SELECT p.id AS child_id, p.birth, p.household_division AS place, p.id IN (SELECT s.child_id FROM registry_span s WHERE s.sealed) AS sealed
    FROM registry_person p
    WHERE p.merged_into IS NULL AND p.household_division <@ (SELECT auth.paying_reach())
      AND (p.id NOT IN (SELECT s.child_id FROM registry_span s WHERE s.sealed) OR p.id IN (SELECT auth.named()));

CREATE VIEW allowances_payable_span WITH (security_barrier) AS
    SELECT c.child_id, c.sealed, s.category, s.from_day, s.to_day, s.known, s.end_known
    FROM registry_span s JOIN allowances_payable c ON c.child_id = s.child_id
    WHERE s.status_group <> 1 AND (s.to_day IS NULL OR s.to_day > s.from_day);

CREATE VIEW allowances_payable_fact WITH (security_barrier) AS
    SELECT c.child_id, c.sealed, f.id, f.kind, f.known, f.on_day, f.from_month, f.to_month, f.code, f.monthly_fen, f.from_place, f.to_place
    FROM allowances_fact f
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) m ON m.id = f.child_id
    JOIN allowances_payable c ON c.child_id = coalesce(m.merged_into, f.child_id)
    -- What was known of a double is known of the kept child, but for where it lived.
    WHERE m.id IS NULL OR f.kind <> 'moved';

-- Levels that the own unit committed, whomever it pays now, and those that others committed for the children it pays now.
-- What was committed for a double is the kept child's; each series counts up to its last pay month.
CREATE VIEW allowances_payable_level WITH (security_barrier) AS
    SELECT l.pay_month, l.unit_id, l.sealed, coalesce(m.merged_into, l.child_id) AS child_id, l.child_id AS paid_as, l.payee, l.from_month,
           l.level_fen, b.last_month, c.sealed AS payable
    FROM allowances_level l
    JOIN (SELECT unit_id, sealed, max(pay_month) AS last_month FROM allowances_batch GROUP BY 1, 2) b ON b.unit_id = l.unit_id AND b.sealed = l.sealed
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) m ON m.id = l.child_id
    LEFT JOIN allowances_payable c ON c.child_id = coalesce(m.merged_into, l.child_id)
    WHERE c.child_id IS NOT NULL OR l.unit_id = (SELECT auth.paying_unit()) AND NOT l.sealed
       OR l.unit_id = (SELECT auth.paying_unit()) AND l.unit_id = (SELECT auth.sealed_money_unit());

-- The same from the lines themselves, where the levels do not add up.
CREATE VIEW allowances_payable_sum WITH (security_barrier) AS
    SELECT b.unit_id, b.sealed, l.child_id AS paid_as, coalesce(m.merged_into, l.child_id) AS child_id, l.payee, l.for_month, sum(l.amount_fen)::bigint AS amount_fen
    FROM allowances_line l JOIN allowances_batch b ON b.id = l.batch_id
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) m ON m.id = l.child_id
    WHERE b.unit_id = (SELECT auth.paying_unit()) AND (NOT b.sealed OR b.unit_id = (SELECT auth.sealed_money_unit()))
    GROUP BY 1, 2, 3, 4, 5, 6;
GRANT SELECT ON allowances_payable, allowances_payable_span, allowances_payable_fact, allowances_payable_level, allowances_payable_sum TO hutong_app;

-- All runs, of whatever month, go one after another: a unique key that contains the pay month cannot stop one month from
-- being paid under two.
CREATE FUNCTION auth.hold_months() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN PERFORM pg_advisory_xact_lock(7040, 16); END $$;

-- Whether this very transaction holds them.
CREATE FUNCTION auth.holds_months() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7040 AND objid = 16 AND objsubid = 2 AND granted AND pid = pg_backend_pid()
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
END $$;

-- Where a unit's series stands, for whoever prepares its batches. `hidden`: there are sealed children whom this officer does
-- not know, so that he cannot prepare the sealed batch.
CREATE FUNCTION auth.series_state(month date, is_sealed boolean)
RETURNS TABLE (unit_id uuid, from_month date, last_month date, last_digest bigint, lines_of_month bigint, hidden boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    unit uuid := auth.paying_unit();
BEGIN
    IF unit IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT unit, s.from_month, b.pay_month, b.digest,
           (SELECT coalesce(sum(o.lines), 0)::bigint FROM allowances_batch o WHERE o.pay_month = month),
           is_sealed AND auth.sealed_money_unit() IS NULL
    FROM (SELECT 1) one
    LEFT JOIN allowances_series s ON s.unit_id = unit AND s.sealed = is_sealed
    LEFT JOIN LATERAL (SELECT x.pay_month, x.digest FROM allowances_batch x WHERE x.unit_id = unit AND x.sealed = is_sealed
                       ORDER BY x.pay_month DESC LIMIT 1) b ON true;
END $$;

CREATE FUNCTION auth.stage_name(kind text, batch uuid) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN kind || '_' || replace(batch::text, '-', ''); END $$;

-- Two bare tables that a run fills in this same transaction: its lines and its levels. They carry the batch's id, and take
-- rows of that batch alone.
CREATE FUNCTION auth.open_stage(batch uuid, month date, is_sealed boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    unit uuid := auth.paying_unit();
    lines text := auth.stage_name('line', batch);
    levels text := auth.stage_name('level', batch);
BEGIN
    IF unit IS NULL THEN
        RAISE EXCEPTION 'this session prepares no batch' USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('CREATE TABLE month.%I (LIKE public.allowances_line INCLUDING CONSTRAINTS,
        CHECK (pay_month IS NOT NULL AND pay_month = %L), CHECK (batch_id = %L AND sealed = %L)) WITH (autovacuum_enabled = off)', lines, month, batch, is_sealed);
    EXECUTE format('CREATE TABLE month.%I (LIKE public.allowances_level INCLUDING CONSTRAINTS,
        CHECK (pay_month IS NOT NULL AND pay_month = %L), CHECK (unit_id = %L AND sealed = %L)) WITH (autovacuum_enabled = off)', levels, month, unit, is_sealed);
    EXECUTE format('GRANT INSERT ON month.%I, month.%I TO hutong_app', lines, levels);
END $$;

-- The keys of the staged lines, each of which a connection of its own builds.
CREATE FUNCTION auth.key_stage(batch uuid, by_child boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp SET maintenance_work_mem = '256MB'
AS $$
DECLARE
    lines text := auth.stage_name('line', batch);
BEGIN
    IF auth.paying_unit() IS NULL THEN
        RAISE EXCEPTION 'this session prepares no batch' USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE CASE WHEN by_child
        THEN format('CREATE UNIQUE INDEX %I ON month.%I (child_id, payee, for_month, pay_month, kind)', lines || '_once', lines)
        ELSE format('CREATE UNIQUE INDEX %I ON month.%I (pay_month, number)', lines || '_number', lines) END;
END $$;

-- Makes the staged rows part of their month: the first batch of a month as its partition, those after it by moving them in.
CREATE FUNCTION auth.attach_stage(batch uuid, month date) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    lines text := auth.stage_name('line', batch);
    levels text := auth.stage_name('level', batch);
    of_month text := to_char(month, 'YYYYMM');
BEGIN
    IF auth.paying_unit() IS NULL OR NOT auth.holds_months() THEN
        RAISE EXCEPTION 'this session holds no months' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_regclass(format('month.%I', 'line_' || of_month)) IS NULL THEN
        EXECUTE format('ALTER TABLE month.%I ADD PRIMARY KEY USING INDEX %I, ADD UNIQUE USING INDEX %I', lines, lines || '_number', lines || '_once');
        EXECUTE format('REVOKE ALL ON month.%I, month.%I FROM hutong_app', lines, levels);
        EXECUTE format('ALTER TABLE public.allowances_line ATTACH PARTITION month.%I FOR VALUES IN (%L)', lines, month);
        EXECUTE format('ALTER TABLE public.allowances_level ATTACH PARTITION month.%I FOR VALUES IN (%L)', levels, month);
        -- What holds for the first batch alone would keep the others out.
        PERFORM auth.open_partition(lines);
        PERFORM auth.open_partition(levels);
        EXECUTE format('ALTER TABLE month.%I RENAME TO %I', lines, 'line_' || of_month);
        EXECUTE format('ALTER TABLE month.%I RENAME TO %I', levels, 'level_' || of_month);
    ELSE
        EXECUTE format('INSERT INTO public.allowances_line SELECT * FROM month.%I', lines);
        EXECUTE format('INSERT INTO public.allowances_level SELECT * FROM month.%I', levels);
        EXECUTE format('DROP TABLE month.%I, month.%I', lines, levels);
    END IF;
END $$;

-- Takes off a partition what its parent does not ask for, and lets autovacuum have it.
CREATE FUNCTION auth.open_partition(partition text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    own text;
BEGIN
    FOR own IN SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(format('month.%I', partition)) AND contype = 'c' AND coninhcount = 0 LOOP
        EXECUTE format('ALTER TABLE month.%I DROP CONSTRAINT %I', partition, own);
    END LOOP;
    EXECUTE format('ALTER TABLE month.%I RESET (autovacuum_enabled)', partition);
END $$;

-- Removes what dead runs left, and says what. While this transaction holds the months, no living run has a table here.
CREATE FUNCTION auth.clear_stages() RETURNS SETOF text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    left_over text;
BEGIN
    IF auth.paying_unit() IS NULL OR NOT auth.holds_months() THEN
        RAISE EXCEPTION 'this session holds no months' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR left_over IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'month'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition ORDER BY 1 LOOP
        EXECUTE format('DROP TABLE month.%I', left_over);
        RETURN NEXT left_over;
    END LOOP;
END $$;

-- Makes the partitions of every month that has a batch: for a restore, which brings the rows and no partitions.
CREATE FUNCTION auth.part_months() RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = public, auth, pg_temp
AS $$
DECLARE
    month date;
    kind text;
BEGIN
    FOR month IN SELECT DISTINCT pay_month FROM allowances_batch ORDER BY 1 LOOP
        FOREACH kind IN ARRAY ARRAY['line', 'level'] LOOP
            EXECUTE format('CREATE TABLE IF NOT EXISTS month.%I PARTITION OF public.%I FOR VALUES IN (%L)',
                kind || '_' || to_char(month, 'YYYYMM'), 'allowances_' || kind, month);
        END LOOP;
    END LOOP;
END $$;

-- The hash of a batch's lines, in the order of their numbers (store::allowances::hash).
CREATE FUNCTION auth.batch_hash(batch uuid) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (SELECT sha256(coalesce(string_agg(int4send(l.number) || uuid_send(l.child_id) || int2send(l.payee) || date_send(l.for_month)
                || int2send(l.kind) || int2send(coalesce(l.class, (-1)::smallint)) || int8send(l.place) || int8send(l.amount_fen) || int8send(l.due_fen),
                ''::bytea ORDER BY l.number), ''))
            FROM allowances_batch b JOIN allowances_line l ON l.pay_month = b.pay_month AND l.batch_id = b.id WHERE b.id = batch);
END $$;

-- A batch goes forward stage by stage, each in the hand of whoever does it, and what is approved or released is what was
-- prepared: one changed fen voids it.
CREATE FUNCTION auth.guard_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    stages text[] := ARRAY['prepared', 'reviewed', 'approved', 'released', 'settled', 'closed'];
    me uuid := auth.officer();
BEGIN
    IF array_position(stages, NEW.stage) <> array_position(stages, OLD.stage) + 1 THEN
        RAISE EXCEPTION 'a batch goes forward, stage by stage' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.stage = 'reviewed' AND NEW.reviewed_by <> me) OR (NEW.stage = 'approved' AND NEW.approved_by <> me)
       OR (NEW.stage = 'released' AND NEW.released_by <> me)
       OR (OLD.reviewed_by IS NOT NULL AND NEW.reviewed_by IS DISTINCT FROM OLD.reviewed_by)
       OR (OLD.approved_by IS NOT NULL AND (NEW.approved_by, NEW.approved_hash) IS DISTINCT FROM (OLD.approved_by, OLD.approved_hash))
       OR (OLD.released_by IS NOT NULL AND NEW.released_by IS DISTINCT FROM OLD.released_by) THEN
        RAISE EXCEPTION 'in another officer''s name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.stage IN ('approved', 'released') AND NOT EXISTS (
        SELECT 1 FROM auth.whoami() w JOIN auth.role r ON r.code = w.role
        WHERE w.unit_id = NEW.unit_id AND CASE NEW.stage WHEN 'approved' THEN r.approves ELSE r.releases END) THEN
        RAISE EXCEPTION 'this post does not do that' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.stage IN ('approved', 'released') AND NEW.approved_hash <> auth.batch_hash(NEW.id) THEN
        RAISE EXCEPTION 'the lines are not those that were prepared' USING ERRCODE = 'data_corrupted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_batch BEFORE UPDATE ON allowances_batch FOR EACH ROW EXECUTE FUNCTION auth.guard_batch();

-- What was committed stays: nobody deletes a batch, or changes or deletes a line.
CREATE FUNCTION auth.keep_committed() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'what is committed stays' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_committed BEFORE DELETE ON allowances_batch FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();
CREATE TRIGGER keep_committed BEFORE UPDATE OR DELETE ON allowances_line FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();

-- A child's lines with what made them, the latest pay month first, for whoever sees the child; sealed ones for its named officers.
CREATE FUNCTION auth.statement_of(child uuid)
RETURNS TABLE (pay_month date, number integer, unit_id uuid, stage text, payee smallint, for_month date, kind smallint, class smallint,
               amount_fen bigint, due_fen bigint, zh text, en text, cite text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    is_named boolean := child = ANY (ARRAY(SELECT auth.named()));
BEGIN
    IF NOT auth.sees(child) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT l.pay_month, l.number, b.unit_id, b.stage, l.payee, l.for_month, l.kind, l.class, l.amount_fen, l.due_fen, r.zh, r.en, r.cite
    FROM allowances_line l JOIN allowances_batch b ON b.id = l.batch_id
    JOIN allowances_reason r ON r.batch_id = l.batch_id AND r.number = l.reason
    WHERE l.child_id = child AND (NOT l.sealed OR is_named)
    ORDER BY l.pay_month DESC, l.for_month, l.payee, l.number;
END $$;

GRANT EXECUTE ON FUNCTION auth.paying_unit(), auth.paying_reach(), auth.sees_money(), auth.sealed_money_unit(), auth.releasing_unit(),
    auth.hold_months(), auth.holds_months(), auth.series_state(date, boolean), auth.open_stage(uuid, date, boolean), auth.key_stage(uuid, boolean),
    auth.attach_stage(uuid, date), auth.clear_stages(), auth.batch_hash(uuid), auth.statement_of(uuid) TO hutong_app;

ALTER TABLE allowances_fact ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON allowances_fact USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))))
    WITH CHECK (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named())))
        AND officer_id = (SELECT auth.officer()));
GRANT SELECT, INSERT ON allowances_fact TO hutong_app;

ALTER TABLE allowances_series ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON allowances_series USING (unit_id = (SELECT auth.paying_unit()) AND (NOT sealed OR unit_id = (SELECT auth.sealed_money_unit())));
GRANT SELECT, INSERT ON allowances_series TO hutong_app;

ALTER TABLE allowances_batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON allowances_batch FOR SELECT USING (
    CASE WHEN sealed THEN unit_id = (SELECT auth.sealed_money_unit()) OR unit_id = (SELECT auth.releasing_unit())
         ELSE (SELECT auth.sees_money()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()) END);
CREATE POLICY prepare ON allowances_batch FOR INSERT WITH CHECK (
    unit_id = (SELECT auth.paying_unit()) AND (NOT sealed OR unit_id = (SELECT auth.sealed_money_unit()))
    AND stage = 'prepared' AND prepared_by = (SELECT auth.officer()));
CREATE POLICY move ON allowances_batch FOR UPDATE USING (
    CASE WHEN sealed THEN unit_id = (SELECT auth.sealed_money_unit()) OR unit_id = (SELECT auth.releasing_unit())
         ELSE (SELECT auth.sees_money()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()) END);
GRANT SELECT, INSERT, UPDATE (stage, reviewed_by, reviewed_at, approved_by, approved_at, approved_hash, released_by, released_at, settled_at, closed_at, version)
    ON allowances_batch TO hutong_app;

ALTER TABLE allowances_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON allowances_line FOR SELECT USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))));
GRANT SELECT ON allowances_line TO hutong_app;

-- Read by runs alone, through the view.
ALTER TABLE allowances_level ENABLE ROW LEVEL SECURITY;
CREATE POLICY nobody ON allowances_level USING (false);

ALTER TABLE allowances_reason ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON allowances_reason USING (EXISTS (SELECT 1 FROM allowances_batch b WHERE b.id = batch_id)
    AND (NOT sealed OR unit_id = (SELECT auth.sealed_money_unit())));
GRANT SELECT, INSERT ON allowances_reason TO hutong_app;

ALTER TABLE allowances_exception ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON allowances_exception USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))));
GRANT SELECT, INSERT ON allowances_exception TO hutong_app;
