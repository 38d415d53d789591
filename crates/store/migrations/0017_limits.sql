-- Limits that recognised children reach: noted at night under an officer's mandate, settled by an officer.

CREATE TABLE applications_limit (
    id         uuid PRIMARY KEY,
    child_id   uuid NOT NULL REFERENCES registry_child,
    category   text NOT NULL,
    sealed     boolean NOT NULL GENERATED ALWAYS AS (category = 'aids_affected') STORED,
    kind       text NOT NULL CHECK (kind IN ('age', 'father_term', 'mother_term', 'study')),
    on_day     date NOT NULL,
    rule       text NOT NULL CHECK (rule <> ''),
    cite       text NOT NULL CHECK (cite <> ''),
    verified   boolean NOT NULL,
    noted_at   timestamptz NOT NULL,
    settled_at timestamptz,
    settled_by uuid REFERENCES organisation_officer,
    note       sealed,
    -- A night that is gone through again notes nothing twice.
    UNIQUE (child_id, category, kind, on_day),
    CHECK (num_nulls(settled_at, settled_by, note) IN (0, 3))
);
COMMENT ON COLUMN applications_limit.on_day IS 'the day on which it is reached: a birthday, or the first day on which a term no longer counts';
CREATE INDEX applications_limit_open ON applications_limit (on_day, id) WHERE settled_at IS NULL;

ALTER TABLE applications_limit ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON applications_limit USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))));
GRANT SELECT, INSERT, UPDATE (settled_at, settled_by, note) ON applications_limit TO hutong_app;

-- The round of each night: once a day under the mandate of every county officer, since a sealed child is known to the
-- named alone.
CREATE TABLE auth.round (
    appointment_id uuid PRIMARY KEY REFERENCES organisation_appointment,
    done_on        date,
    leased_until   timestamptz NOT NULL,
    worker_hash    bytea
);

-- Gives a worker a session under the next mandate whose round has not been made today. A worker that dies loses it after
-- ten minutes to another.
CREATE FUNCTION auth.take_round(session_hash bytea, of_day date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    next uuid;
BEGIN
    SELECT a.id INTO next FROM organisation_appointment a LEFT JOIN auth.round r ON r.appointment_id = a.id
        WHERE a.role = 'county_officer' AND a.from_day <= auth.today() AND (a.to_day IS NULL OR a.to_day >= auth.today())
          AND NOT EXISTS (SELECT 1 FROM auth.account c WHERE c.officer_id = a.officer_id AND c.locked)
          AND (r.done_on IS NULL OR r.done_on < of_day) AND (r.leased_until IS NULL OR r.leased_until < clock_timestamp())
        ORDER BY a.id LIMIT 1 FOR UPDATE OF a SKIP LOCKED;
    IF next IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM auth.session s USING auth.round r WHERE r.appointment_id = next AND s.token_hash = r.worker_hash;
    INSERT INTO auth.session (token_hash, appointment_id, expires_at, device, proved_at)
        VALUES (session_hash, next, now() + interval '10 minutes', 'round', '-infinity');
    INSERT INTO auth.round (appointment_id, leased_until, worker_hash) VALUES (next, clock_timestamp() + interval '10 minutes', session_hash)
        ON CONFLICT (appointment_id) DO UPDATE SET leased_until = excluded.leased_until, worker_hash = excluded.worker_hash;
    RETURN true;
END $$;

-- The round of this session is made: in one transaction with what it noted.
CREATE FUNCTION auth.end_round(of_day date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    own bytea := sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'));
BEGIN
    UPDATE auth.round SET done_on = of_day, leased_until = '-infinity', worker_hash = NULL WHERE worker_hash = own;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM auth.session WHERE token_hash = own;
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION auth.take_round(bytea, date), auth.end_round(date) TO hutong_app;
