-- The foundation: who may see what (auth), the divisions, the organisation, the journal.
--
-- Run by hutong_owner, who owns everything. The program's role, hutong_app, owns nothing and has no DDL.
-- Invariant: a function answers nobody until it is granted by name.
-- Functions that policies call are plpgsql: a connection keeps their plans, while it would plan an sql function anew at every
-- call, some ten calls a statement.

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA public, auth TO hutong_app;

CREATE EXTENSION btree_gist;

-- A value sealed by the program (store::seal) and the keyed digest it is found again by.
CREATE DOMAIN sealed AS bytea CHECK (octet_length(VALUE) >= 33);
CREATE DOMAIN blind AS bytea CHECK (octet_length(VALUE) = 32);

-- One row: what this database is, which keys open it, and how far its legal clock is shifted (demo only).
CREATE TABLE installation (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    id           uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('demo', 'office')),
    keys         text NOT NULL,
    shift_days   integer NOT NULL DEFAULT 0,
    founded_at   timestamptz NOT NULL,
    CHECK (kind = 'demo' OR shift_days = 0)
);
GRANT SELECT ON installation TO hutong_app;

-- The legal day: Asia/Shanghai, on the installation's clock.
CREATE FUNCTION auth.today() RETURNS date
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date + coalesce((SELECT shift_days FROM installation), 0)); END $$;
GRANT EXECUTE ON FUNCTION auth.today() TO hutong_app;

-- The newest migration applied, for the health check. Resolved when called: the table is the migrator's own.
CREATE FUNCTION auth.schema_version() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT max(version) FROM _sqlx_migrations WHERE success); END $$;
GRANT EXECUTE ON FUNCTION auth.schema_version() TO hutong_app;

-- Administrative divisions by their 12-digit statistical code. Public facts, open to every session.
CREATE TABLE organisation_division (
    code   bigint PRIMARY KEY CHECK (code BETWEEN 0 AND 999999999999),
    name   text NOT NULL CHECK (name <> ''),
    level  text NOT NULL CHECK (level IN ('province', 'city', 'county', 'town', 'village')),
    parent bigint REFERENCES organisation_division
);
CREATE INDEX organisation_division_parent ON organisation_division (parent);
GRANT SELECT ON organisation_division TO hutong_app;

-- A unit serves ranges of codes, its reach; the organisation tree is not the code tree.
CREATE TABLE organisation_unit (
    id       uuid PRIMARY KEY,
    name     text NOT NULL CHECK (name <> ''),
    kind     text NOT NULL CHECK (kind IN ('city_bureau', 'county_bureau', 'town', 'village', 'home', 'rescue_centre')),
    parent   uuid REFERENCES organisation_unit,
    division bigint NOT NULL REFERENCES organisation_division,
    serves   int8multirange NOT NULL,
    counted  boolean NOT NULL DEFAULT true,
    version  integer NOT NULL DEFAULT 1
);
COMMENT ON COLUMN organisation_unit.counted IS 'false for units outside the published count of towns and villages';
CREATE INDEX organisation_unit_parent ON organisation_unit (parent);
CREATE INDEX organisation_unit_division ON organisation_unit (division);

CREATE TABLE organisation_officer (
    id          uuid PRIMARY KEY,
    name        text NOT NULL CHECK (name <> ''),
    phone       sealed,
    unit_id     uuid NOT NULL REFERENCES organisation_unit,
    invented    boolean NOT NULL DEFAULT false,
    version     integer NOT NULL DEFAULT 1
);
CREATE INDEX organisation_officer_unit ON organisation_officer (unit_id);

CREATE TABLE organisation_appointment (
    id         uuid PRIMARY KEY,
    officer_id uuid NOT NULL REFERENCES organisation_officer,
    unit_id    uuid NOT NULL REFERENCES organisation_unit,
    role       text NOT NULL,
    from_day   date NOT NULL,
    to_day     date,
    deputy_for uuid REFERENCES organisation_appointment,
    CHECK (to_day IS NULL OR to_day >= from_day - 1)
);
COMMENT ON COLUMN organisation_appointment.to_day IS 'the last day; the day before the first: taken back before it held';
CREATE INDEX organisation_appointment_unit ON organisation_appointment (unit_id);
CREATE INDEX organisation_appointment_officer ON organisation_appointment (officer_id);

-- What each role may reach. A test compares this table with kernel::roles.
CREATE TABLE auth.role (
    code           text PRIMARY KEY,
    sees_children  boolean NOT NULL,
    sees_sealed    boolean NOT NULL,
    sees_journal   boolean NOT NULL,
    keeps_accounts boolean NOT NULL
);
COMMENT ON COLUMN auth.role.sees_sealed IS 'may be named for a sealed child; seeing one takes being named as well';
INSERT INTO auth.role (code, sees_children, sees_sealed, sees_journal, keeps_accounts) VALUES
    ('child_director',   true,  false, false, false),
    ('child_supervisor', true,  false, false, false),
    ('county_officer',   true,  true,  false, false),
    ('county_approver',  true,  true,  false, false),
    ('city_officer',     true,  false, false, false),
    ('city_approver',    true,  false, false, false),
    ('finance_officer',  false, false, false, false),
    ('home_staff',       true,  false, false, false),
    ('rescue_staff',     true,  false, false, false),
    ('partner',          false, false, false, false),
    ('auditor',          false, false, true,  false),
    ('admin',            false, false, false, true);
ALTER TABLE organisation_appointment ADD FOREIGN KEY (role) REFERENCES auth.role;

-- Sessions: only the token's hash is kept, and the program's role cannot read even that.
CREATE TABLE auth.session (
    token_hash     bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    appointment_id uuid NOT NULL REFERENCES organisation_appointment,
    opened_at      timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL
);

-- The session of this transaction's token: no token, no row.
-- A setting used once in a connection is afterwards '' and not NULL, hence nullif.
CREATE FUNCTION auth.whoami()
RETURNS TABLE (appointment_id uuid, officer_id uuid, officer_name text, unit_id uuid, role text, serves int8multirange)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT a.id, a.officer_id, o.name, a.unit_id, a.role, u.serves
    FROM auth.session s
    JOIN organisation_appointment a ON a.id = s.appointment_id
    JOIN organisation_officer o ON o.id = a.officer_id
    JOIN organisation_unit u ON u.id = a.unit_id
    WHERE s.token_hash = sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'))
      AND s.expires_at > now()
      AND a.from_day <= auth.today()
      AND (a.to_day IS NULL OR a.to_day >= auth.today());
END $$;

CREATE FUNCTION auth.officer() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT officer_id FROM auth.whoami()); END $$;

-- The divisions whose children this session may see.
CREATE FUNCTION auth.reach() RETURNS int8multirange
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT w.serves FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.sees_children), '{}')); END $$;

-- The divisions whose journal this session may read.
CREATE FUNCTION auth.journal_reach() RETURNS int8multirange
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT w.serves FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.sees_journal), '{}')); END $$;

-- The divisions of the session's unit, whatever its role: for officers and units, never for children.
CREATE FUNCTION auth.unit_reach() RETURNS int8multirange
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT w.serves FROM auth.whoami() w), '{}')); END $$;

-- Whether this session's role may be named for sealed children.
CREATE FUNCTION auth.sees_sealed() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT r.sees_sealed FROM auth.whoami() w JOIN auth.role r ON r.code = w.role), false)); END $$;

CREATE FUNCTION auth.keeps_accounts() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT r.keeps_accounts FROM auth.whoami() w JOIN auth.role r ON r.code = w.role), false)); END $$;

-- What a unit serves, for questions about units; one that serves no division, such as a home, stands where it is.
-- (An empty reach would be contained in everybody's.)
CREATE FUNCTION auth.unit_serves(unit uuid) RETURNS int8multirange
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (
    SELECT coalesce((SELECT CASE WHEN isempty(serves) THEN int8multirange(int8range(division, division, '[]')) ELSE serves END
                     FROM organisation_unit WHERE id = unit), '{}'));
END $$;

GRANT EXECUTE ON FUNCTION auth.whoami(), auth.officer(), auth.reach(), auth.journal_reach(), auth.unit_reach(),
    auth.sees_sealed(), auth.keeps_accounts(), auth.unit_serves(uuid) TO hutong_app;

-- Units are public within the installation; only accounts' keepers write them, within their own unit's reach.
ALTER TABLE organisation_unit ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON organisation_unit FOR SELECT USING ((SELECT auth.officer()) IS NOT NULL);
CREATE POLICY add ON organisation_unit FOR INSERT
    WITH CHECK ((SELECT auth.keeps_accounts()) AND division <@ (SELECT auth.unit_reach()) AND serves <@ (SELECT auth.unit_reach()));
CREATE POLICY edit ON organisation_unit FOR UPDATE
    USING ((SELECT auth.keeps_accounts()) AND division <@ (SELECT auth.unit_reach()) AND serves <@ (SELECT auth.unit_reach()));
GRANT SELECT, INSERT, UPDATE ON organisation_unit TO hutong_app;

-- An officer is seen by the units that reach his or her own.
ALTER TABLE organisation_officer ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON organisation_officer FOR SELECT
    USING (id = (SELECT auth.officer()) OR auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()) AND (SELECT auth.officer()) IS NOT NULL);
CREATE POLICY add ON organisation_officer FOR INSERT
    WITH CHECK ((SELECT auth.keeps_accounts()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()));
CREATE POLICY edit ON organisation_officer FOR UPDATE
    USING ((SELECT auth.keeps_accounts()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()));
GRANT SELECT, INSERT, UPDATE ON organisation_officer TO hutong_app;

ALTER TABLE organisation_appointment ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON organisation_appointment FOR SELECT
    USING (officer_id = (SELECT auth.officer()) OR auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()) AND (SELECT auth.officer()) IS NOT NULL);
CREATE POLICY add ON organisation_appointment FOR INSERT
    WITH CHECK ((SELECT auth.keeps_accounts()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()) AND officer_id <> (SELECT auth.officer()));
CREATE POLICY edit ON organisation_appointment FOR UPDATE
    USING ((SELECT auth.keeps_accounts()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()) AND officer_id <> (SELECT auth.officer()));
GRANT SELECT, INSERT, UPDATE ON organisation_appointment TO hutong_app;

-- The journal: append-only for the program, and in order: two entries of one moment have a first and a second. Sealed subjects are readable by their named officers alone
-- (the policy for that follows with the registry, which knows who is named). A refusal tells what somebody asked for
-- in vain, not what there is.
CREATE TABLE journal_entry (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    officer_id   uuid NOT NULL,
    unit_id      uuid NOT NULL,
    role         text NOT NULL,
    purpose      text NOT NULL,
    action       text NOT NULL,
    subject_kind text NOT NULL,
    subject_id   uuid NOT NULL,
    division     bigint,
    sealed       boolean NOT NULL DEFAULT false,
    refused      boolean NOT NULL DEFAULT false,
    before       jsonb,
    after        jsonb
);
CREATE INDEX journal_entry_subject ON journal_entry (subject_id);
ALTER TABLE journal_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY add ON journal_entry FOR INSERT WITH CHECK (officer_id = (SELECT auth.officer()));
GRANT SELECT, INSERT ON journal_entry TO hutong_app;
