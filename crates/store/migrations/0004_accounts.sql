-- Accounts: who may sign in, by what, how often it may be tried; and appointments that two people make.
--
-- Invariant: the program's role reads no secret of an account but through the functions below, and an appointment of an
-- office takes effect through auth.confirm_proposal alone, which asks again what domain::organisation decides.

ALTER TABLE auth.role
    ADD COLUMN proposes boolean NOT NULL DEFAULT false,
    ADD COLUMN confirms boolean NOT NULL DEFAULT false,
    ADD COLUMN guarded  boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN auth.role.guarded IS 'takes effect only when a second person confirms';
UPDATE auth.role SET proposes = code IN ('county_officer', 'city_officer', 'admin'),
                     confirms = code IN ('county_approver', 'city_approver'),
                     guarded = code <> 'partner';

-- Sessions: one that nobody used for its idle time is over; those of the machine's terminal have none.
ALTER TABLE auth.session
    ADD COLUMN id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    ADD COLUMN device text NOT NULL DEFAULT '',
    ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN idle_minutes integer CHECK (idle_minutes > 0),
    ADD COLUMN proved_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN revoked_at timestamptz;
COMMENT ON COLUMN auth.session.proved_at IS 'when the officer last gave password and second factor';
CREATE INDEX session_appointment ON auth.session (appointment_id);

CREATE OR REPLACE FUNCTION auth.whoami()
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
      AND s.expires_at > now() AND (s.revoked_at IS NULL OR s.revoked_at > now())
      AND (s.idle_minutes IS NULL OR s.last_seen_at + make_interval(mins => s.idle_minutes) > now())
      AND a.from_day <= auth.today()
      AND (a.to_day IS NULL OR a.to_day >= auth.today());
END $$;

CREATE TABLE auth.account (
    officer_id     uuid PRIMARY KEY REFERENCES organisation_officer,
    login          text NOT NULL UNIQUE CHECK (login ~ '^[a-z][a-z0-9._-]{2,31}$'),
    password_hash  text NOT NULL,
    totp_secret    sealed,
    totp_step      bigint,
    recovery_codes bytea[] NOT NULL DEFAULT '{}',
    locked         boolean NOT NULL DEFAULT false,
    made_at        timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL
);
COMMENT ON COLUMN auth.account.totp_step IS 'the last step whose code was used: none up to it counts again';
COMMENT ON COLUMN auth.account.recovery_codes IS 'keyed digests; each is taken out when it is used';

-- Failures by the keyed digest of a login name, whether it exists or not, and of an address.
CREATE TABLE auth.try (
    key      blind PRIMARY KEY,
    failures integer NOT NULL,
    last_at  timestamptz NOT NULL
);
CREATE INDEX try_last ON auth.try (last_at);

-- What one officer proposes for another, and what became of it.
CREATE TABLE organisation_proposal (
    id          uuid PRIMARY KEY,
    matter      text NOT NULL CHECK (matter IN ('appoint', 'invite', 'reset_secrets')),
    officer_id  uuid NOT NULL,
    name        text NOT NULL CHECK (name <> ''),
    unit_id     uuid NOT NULL REFERENCES organisation_unit,
    role        text REFERENCES auth.role,
    from_day    date,
    to_day      date,
    deputy_for  uuid REFERENCES organisation_appointment,
    proposed_by uuid NOT NULL REFERENCES organisation_officer,
    proposed_at timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'refused', 'withdrawn')),
    settled_by  uuid REFERENCES organisation_officer,
    settled_at  timestamptz,
    CHECK (proposed_by <> officer_id),
    CHECK ((matter = 'appoint') = (role IS NOT NULL) AND (matter = 'appoint') = (from_day IS NOT NULL)),
    CHECK (to_day IS NULL OR to_day >= from_day),
    CHECK ((state = 'open') = (settled_by IS NULL) AND (state = 'open') = (settled_at IS NULL))
);
COMMENT ON COLUMN organisation_proposal.officer_id IS 'no foreign key: a new officer is entered when the proposal is confirmed';
CREATE INDEX organisation_proposal_open ON organisation_proposal (unit_id) WHERE state = 'open';
CREATE INDEX organisation_proposal_officer ON organisation_proposal (officer_id);

-- One-time codes, known by their keyed digest. The code itself was shown once, to the confirming person.
CREATE TABLE auth.invitation (
    id          uuid PRIMARY KEY,
    code        blind NOT NULL UNIQUE,
    officer_id  uuid NOT NULL REFERENCES organisation_officer,
    expires_at  timestamptz NOT NULL,
    totp_secret sealed,
    used_at     timestamptz
);
CREATE INDEX invitation_officer ON auth.invitation (officer_id);

ALTER TABLE organisation_proposal ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION auth.may_propose() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT r.proposes FROM auth.whoami() w JOIN auth.role r ON r.code = w.role), false)); END $$;
CREATE POLICY read ON organisation_proposal FOR SELECT
    USING (auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach()) AND (SELECT auth.officer()) IS NOT NULL);
CREATE POLICY add ON organisation_proposal FOR INSERT
    WITH CHECK ((SELECT auth.may_propose()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach())
        AND proposed_by = (SELECT auth.officer()) AND officer_id <> (SELECT auth.officer()) AND state = 'open');
GRANT SELECT, INSERT ON organisation_proposal TO hutong_app;

-- In an office nobody enters an appointment directly; a demo is founded that way.
DROP POLICY add ON organisation_appointment;
DROP POLICY edit ON organisation_appointment;
CREATE POLICY add ON organisation_appointment FOR INSERT
    WITH CHECK ((SELECT auth.keeps_accounts()) AND auth.unit_serves(unit_id) <@ (SELECT auth.unit_reach())
        AND officer_id <> (SELECT auth.officer()) AND (SELECT kind FROM installation) = 'demo');
REVOKE UPDATE ON organisation_appointment FROM hutong_app;

-- The units from this one upwards.
CREATE FUNCTION auth.upwards(unit uuid) RETURNS TABLE (unit_id uuid, height integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH RECURSIVE up (id, parent, height) AS (
        SELECT u.id, u.parent, 0 FROM organisation_unit u WHERE u.id = unit
        UNION ALL
        SELECT u.id, u.parent, up.height + 1 FROM organisation_unit u JOIN up ON u.id = up.parent WHERE up.height < 16
    ) SELECT up.id, up.height FROM up;
END $$;

-- Those who may confirm in the units from this one upwards: for the program to decide and to say where to go. Whoever
-- cannot sign in, because the account is locked, leaves the unit without a second person.
CREATE FUNCTION auth.confirmers(unit uuid) RETURNS TABLE (unit_id uuid, height integer, officer_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT up.unit_id, up.height, a.officer_id FROM auth.upwards(unit) up
    LEFT JOIN (organisation_appointment a JOIN auth.role r ON r.code = a.role AND r.confirms)
        ON a.unit_id = up.unit_id AND a.from_day <= auth.today() AND (a.to_day IS NULL OR a.to_day >= auth.today())
           AND NOT EXISTS (SELECT 1 FROM auth.account k WHERE k.officer_id = a.officer_id AND k.locked)
    WHERE (SELECT auth.officer()) IS NOT NULL
    ORDER BY up.height;
END $$;

-- The unit that answers for an officer's account: the nearest from the officer's own upwards that serves every post he or
-- she holds or is to hold, because an account opens them all.
CREATE FUNCTION auth.unit_of_account(officer uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (
    SELECT up.unit_id FROM organisation_officer o, LATERAL auth.upwards(o.unit_id) up
    WHERE o.id = officer AND NOT EXISTS (
        SELECT 1 FROM organisation_appointment a
        WHERE a.officer_id = officer AND (a.to_day IS NULL OR a.to_day >= auth.today())
          AND NOT auth.unit_serves(a.unit_id) <@ auth.unit_serves(up.unit_id))
    ORDER BY up.height LIMIT 1);
END $$;

-- Whether the caller's unit serves every post of an officer, one in this unit included: only then may the caller be shown
-- a code for the account.
CREATE FUNCTION auth.serves_posts(officer uuid, and_post_in uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (
    SELECT coalesce(bool_and(auth.unit_serves(post.unit_id) <@ auth.unit_serves(w.unit_id)), false)
    FROM auth.whoami() w, (
        SELECT and_post_in AS unit_id
        UNION SELECT a.unit_id FROM organisation_appointment a
        WHERE a.officer_id = officer AND (a.to_day IS NULL OR a.to_day >= auth.today())) post);
END $$;

CREATE FUNCTION auth.has_account(officer uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM auth.account a WHERE a.officer_id = officer); END $$;

-- Ends what an officer could sign in with: sessions, and with them whatever was open.
CREATE FUNCTION auth.end_sessions(officer uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.session s SET revoked_at = now() FROM organisation_appointment a
    WHERE a.id = s.appointment_id AND a.officer_id = officer AND s.revoked_at IS NULL;
END $$;

-- Lets a proposal take effect by the hand of a second person, and keeps the code that person is shown.
-- Answers whether it did; a proposal of an unguarded role its own proposer settles.
CREATE FUNCTION auth.confirm_proposal(proposal uuid, appointment uuid, invitation uuid, code_digest bytea, valid_days integer, at timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    p organisation_proposal;
    me record;
    near uuid;
    has_account boolean;
BEGIN
    SELECT w.officer_id, w.unit_id, r.confirms INTO me FROM auth.whoami() w JOIN auth.role r ON r.code = w.role;
    SELECT * INTO p FROM organisation_proposal WHERE id = proposal AND state = 'open' FOR UPDATE;
    IF p.id IS NULL OR me.officer_id IS NULL OR me.officer_id = p.officer_id THEN
        RETURN false;
    END IF;
    has_account := auth.has_account(p.officer_id);
    IF p.matter = 'invite' AND has_account OR p.matter = 'reset_secrets' AND NOT has_account THEN
        RETURN false;
    END IF;
    IF (p.matter <> 'appoint' OR code_digest IS NOT NULL) AND NOT auth.serves_posts(p.officer_id, p.unit_id) THEN
        RETURN false;
    END IF;
    IF p.matter <> 'appoint' OR (SELECT r.guarded FROM auth.role r WHERE r.code = p.role) THEN
        SELECT c.unit_id INTO near FROM auth.confirmers(p.unit_id) c
        WHERE c.officer_id IS NOT NULL AND c.officer_id NOT IN (p.proposed_by, p.officer_id) ORDER BY c.height LIMIT 1;
        IF NOT me.confirms OR me.officer_id = p.proposed_by OR near IS DISTINCT FROM me.unit_id THEN
            RETURN false;
        END IF;
    ELSIF me.officer_id <> p.proposed_by THEN
        RETURN false;
    END IF;
    UPDATE organisation_proposal SET state = 'confirmed', settled_by = me.officer_id, settled_at = at WHERE id = p.id;
    IF p.matter = 'appoint' THEN
        INSERT INTO organisation_officer (id, name, unit_id) VALUES (p.officer_id, p.name, p.unit_id) ON CONFLICT (id) DO NOTHING;
        INSERT INTO organisation_appointment (id, officer_id, unit_id, role, from_day, to_day, deputy_for)
        VALUES (appointment, p.officer_id, p.unit_id, p.role, p.from_day, p.to_day, p.deputy_for);
    END IF;
    IF p.matter = 'reset_secrets' THEN
        PERFORM auth.end_sessions(p.officer_id);
        UPDATE auth.account SET password_hash = '', totp_secret = NULL, totp_step = NULL, recovery_codes = '{}'
        WHERE officer_id = p.officer_id;
    END IF;
    -- Who has an account keeps it: a new post alone brings no code that would replace its secrets.
    IF code_digest IS NOT NULL AND me.officer_id <> p.proposed_by AND (p.matter <> 'appoint' OR NOT has_account) THEN
        DELETE FROM auth.invitation WHERE officer_id = p.officer_id AND used_at IS NULL;
        INSERT INTO auth.invitation (id, code, officer_id, expires_at)
        VALUES (invitation, code_digest, p.officer_id, at + make_interval(days => valid_days));
    END IF;
    RETURN true;
END $$;

-- Refuses a proposal, or withdraws one's own.
CREATE FUNCTION auth.refuse_proposal(proposal uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    me record;
BEGIN
    SELECT w.officer_id, w.serves, r.confirms INTO me FROM auth.whoami() w JOIN auth.role r ON r.code = w.role;
    UPDATE organisation_proposal p
    SET state = CASE WHEN p.proposed_by = me.officer_id THEN 'withdrawn' ELSE 'refused' END,
        settled_by = me.officer_id, settled_at = at
    WHERE p.id = proposal AND p.state = 'open' AND p.officer_id <> me.officer_id
      AND (p.proposed_by = me.officer_id OR me.confirms AND auth.unit_serves(p.unit_id) <@ me.serves);
    RETURN FOUND;
END $$;

-- Whether nobody would be left to confirm anything in the uppermost unit after this appointment's last day.
CREATE FUNCTION auth.is_last_confirmer(appointment uuid, last_day date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM organisation_appointment a
        JOIN auth.role r ON r.code = a.role AND r.confirms
        JOIN organisation_unit u ON u.id = a.unit_id AND u.parent IS NULL
        WHERE a.id = appointment AND NOT EXISTS (
            SELECT 1 FROM organisation_appointment b JOIN auth.role s ON s.code = b.role AND s.confirms
            WHERE b.unit_id = a.unit_id AND b.officer_id <> a.officer_id
              AND b.from_day <= greatest(last_day, auth.today()) AND (b.to_day IS NULL OR b.to_day > greatest(last_day, auth.today()))));
END $$;

-- Ends an appointment on a day; it is never lengthened, and nobody ends his own. One that ends before its first day has
-- never held: so what was confirmed by mistake is taken back, and what begins later does not begin.
CREATE FUNCTION auth.end_appointment(appointment uuid, last_day date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    -- Two who end each other's appointment wait for one another here, and the second finds nobody left.
    PERFORM 1 FROM organisation_unit u JOIN organisation_appointment a ON a.unit_id = u.id WHERE a.id = appointment FOR UPDATE OF u;
    UPDATE organisation_appointment a SET to_day = greatest(last_day, a.from_day - 1)
    WHERE a.id = appointment AND a.officer_id <> (SELECT auth.officer()) AND (SELECT auth.may_propose())
      AND auth.unit_serves(a.unit_id) <@ (SELECT auth.unit_reach()) AND (a.to_day IS NULL OR a.to_day > last_day)
      AND NOT auth.is_last_confirmer(a.id, last_day);
    RETURN FOUND;
END $$;

-- Locks or unlocks an account within the keeper's reach, never his own; unlocking forgets the failures of its name.
CREATE FUNCTION auth.lock_account(officer uuid, lock boolean, login_key bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.account a SET locked = lock
    FROM organisation_officer o
    WHERE a.officer_id = officer AND o.id = officer AND officer <> (SELECT auth.officer()) AND (SELECT auth.keeps_accounts())
      AND auth.unit_serves(auth.unit_of_account(officer)) <@ (SELECT auth.unit_reach()) AND auth.unit_of_account(officer) IS NOT NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF lock THEN
        PERFORM auth.end_sessions(officer);
    ELSE
        DELETE FROM auth.try WHERE key = login_key;
    END IF;
    RETURN true;
END $$;

-- The accounts within reach, without their secrets.
CREATE FUNCTION auth.accounts() RETURNS TABLE (officer_id uuid, login text, locked boolean, second_factor boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT a.officer_id, a.login, a.locked, a.totp_secret IS NOT NULL FROM auth.account a JOIN organisation_officer o ON o.id = a.officer_id
    WHERE a.officer_id = (SELECT auth.officer())
       OR (SELECT auth.may_propose()) AND auth.unit_serves(o.unit_id) <@ (SELECT auth.unit_reach());
END $$;

-- The failures of a name or an address, held until the transaction ends, so that tries wait for one another.
CREATE FUNCTION auth.tries(of_key bytea, at timestamptz) RETURNS TABLE (failures integer, last_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM auth.try WHERE key IN (
        SELECT t.key FROM auth.try t WHERE t.last_at < at - interval '2 days' LIMIT 100 FOR UPDATE SKIP LOCKED);
    INSERT INTO auth.try (key, failures, last_at) VALUES (of_key, 0, at) ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT t.failures, t.last_at FROM auth.try t WHERE t.key = of_key FOR UPDATE;
END $$;

CREATE FUNCTION auth.count_try(of_key bytea, now_failures integer, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN UPDATE auth.try SET failures = now_failures, last_at = at WHERE key = of_key; END $$;

-- What a sign-in is judged by.
CREATE FUNCTION auth.account_of(of_login text)
RETURNS TABLE (officer_id uuid, password_hash text, totp_secret bytea, totp_step bigint, locked boolean, unit_id uuid, role text, division bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT a.officer_id, a.password_hash, a.totp_secret::bytea, a.totp_step, a.locked, o.unit_id,
           coalesce((SELECT p.role FROM organisation_appointment p WHERE p.officer_id = a.officer_id ORDER BY p.from_day DESC LIMIT 1), ''),
           u.division
    FROM auth.account a JOIN organisation_officer o ON o.id = a.officer_id JOIN organisation_unit u ON u.id = o.unit_id
    WHERE a.login = of_login;
END $$;

CREATE FUNCTION auth.login_of_caller() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT a.login FROM auth.account a WHERE a.officer_id = (SELECT auth.officer())); END $$;

-- Uses a step of the second factor, or a recovery code: once.
CREATE FUNCTION auth.use_step(officer uuid, step bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.account SET totp_step = step WHERE officer_id = officer AND (totp_step IS NULL OR totp_step < step);
    RETURN FOUND;
END $$;

CREATE FUNCTION auth.use_recovery_code(officer uuid, code_digest bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.account SET recovery_codes = array_remove(recovery_codes, code_digest)
    WHERE officer_id = officer AND code_digest = ANY (recovery_codes);
    RETURN FOUND;
END $$;

-- The appointments an officer may work under today.
CREATE FUNCTION auth.posts_of(officer uuid) RETURNS TABLE (appointment_id uuid, role text, unit_id uuid, unit_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT a.id, a.role, a.unit_id, u.name FROM organisation_appointment a JOIN organisation_unit u ON u.id = a.unit_id
    WHERE a.officer_id = officer AND a.from_day <= auth.today() AND (a.to_day IS NULL OR a.to_day >= auth.today())
    ORDER BY a.from_day, a.id;
END $$;

-- The roles an officer has or is to have.
CREATE FUNCTION auth.roles_of(officer uuid) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT a.role FROM organisation_appointment a
    WHERE a.officer_id = officer AND (a.to_day IS NULL OR a.to_day >= auth.today());
END $$;

-- Opens a session for an account that is not locked, under an appointment of today; acts under it from here.
CREATE FUNCTION auth.open_session(token text, officer uuid, appointment uuid, on_device text, idle integer, hours integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    DELETE FROM auth.session s USING organisation_appointment a
    WHERE a.id = s.appointment_id AND a.officer_id = officer AND (s.expires_at < now() OR s.revoked_at < now() - interval '30 days');
    INSERT INTO auth.session (token_hash, appointment_id, expires_at, device, idle_minutes)
    SELECT sha256(decode(token, 'hex')), p.appointment_id, now() + make_interval(hours => hours), on_device, idle
    FROM auth.posts_of(officer) p JOIN auth.account a ON a.officer_id = officer AND NOT a.locked
    WHERE p.appointment_id = appointment;
    IF FOUND THEN
        PERFORM set_config('hutong.token', token, true);
        RETURN true;
    END IF;
    RETURN false;
END $$;

-- Marks the session of this transaction as used, once a minute.
CREATE FUNCTION auth.touch_session() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.session s SET last_seen_at = now()
    WHERE s.token_hash = sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'))
      AND s.last_seen_at < now() - interval '1 minute'
      AND s.last_seen_at + make_interval(mins => s.idle_minutes) > now();
END $$;

CREATE FUNCTION auth.prove_session() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.session SET proved_at = now()
    WHERE token_hash = sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'));
END $$;

CREATE FUNCTION auth.proved_within(minutes integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM auth.session s
        WHERE s.token_hash = sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'))
          AND s.proved_at > now() - make_interval(mins => minutes));
END $$;

-- The caller's own sessions that are open, the newest first.
CREATE FUNCTION auth.devices() RETURNS TABLE (id uuid, device text, opened_at timestamptz, last_seen_at timestamptz, this boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT s.id, s.device, s.opened_at, s.last_seen_at,
           s.token_hash = sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'))
    FROM auth.session s JOIN organisation_appointment a ON a.id = s.appointment_id
    WHERE a.officer_id = (SELECT auth.officer()) AND s.expires_at > now() AND s.revoked_at IS NULL
      AND (s.idle_minutes IS NULL OR s.last_seen_at + make_interval(mins => s.idle_minutes) > now())
    ORDER BY s.opened_at DESC, s.id;
END $$;

-- Ends one of the caller's own sessions; without an id, the present one, which still journals that it ended: its end
-- lies after the beginning of this transaction, and before that of any later one.
CREATE FUNCTION auth.revoke_session(session uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.session s SET revoked_at = clock_timestamp() FROM organisation_appointment a
    WHERE a.id = s.appointment_id AND a.officer_id = (SELECT auth.officer()) AND s.revoked_at IS NULL
      AND CASE WHEN session IS NULL THEN s.token_hash = sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'))
               ELSE s.id = session END;
    RETURN FOUND;
END $$;

-- What a code opens, while it is valid.
CREATE FUNCTION auth.invitation_of(code_digest bytea, at timestamptz)
RETURNS TABLE (id uuid, officer_id uuid, name text, login text, totp_secret bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT i.id, i.officer_id, o.name, a.login, i.totp_secret::bytea
    FROM auth.invitation i JOIN organisation_officer o ON o.id = i.officer_id LEFT JOIN auth.account a ON a.officer_id = i.officer_id
    WHERE i.code = code_digest AND i.used_at IS NULL AND i.expires_at > at;
END $$;

CREATE FUNCTION auth.offer_second_factor(code_digest bytea, secret bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN UPDATE auth.invitation SET totp_secret = secret WHERE code = code_digest AND used_at IS NULL; END $$;

-- Makes the account, or gives it new secrets, by a code that is used up with it. A taken login name is a unique violation.
CREATE FUNCTION auth.accept_invitation(code_digest bytea, of_login text, hash text, secret bytea, step bigint, recovery bytea[], login_key bytea, at timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    officer uuid;
    place record;
BEGIN
    UPDATE auth.invitation i SET used_at = at, totp_secret = NULL
    WHERE i.code = code_digest AND i.used_at IS NULL AND i.expires_at > at RETURNING i.officer_id INTO officer;
    IF officer IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO auth.account AS a (officer_id, login, password_hash, totp_secret, totp_step, recovery_codes, made_at, changed_at)
    VALUES (officer, of_login, hash, secret, step, recovery, at, at)
    ON CONFLICT (officer_id) DO UPDATE SET password_hash = excluded.password_hash, totp_secret = excluded.totp_secret,
        totp_step = excluded.totp_step, recovery_codes = excluded.recovery_codes, changed_at = excluded.changed_at;
    DELETE FROM auth.try WHERE key = login_key;
    PERFORM auth.end_sessions(officer);
    SELECT o.unit_id, u.division, coalesce((SELECT p.role FROM organisation_appointment p WHERE p.officer_id = officer
                                            ORDER BY p.from_day DESC LIMIT 1), '') AS role
    INTO place FROM organisation_officer o JOIN organisation_unit u ON u.id = o.unit_id WHERE o.id = officer;
    INSERT INTO journal_entry (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, after)
    VALUES (at, officer, place.unit_id, place.role, '', 'organisation.invitation_accepted', 'officer', officer, place.division,
            jsonb_build_object('login', of_login, 'password', 'changed', 'second_factor', secret IS NOT NULL));
    RETURN true;
END $$;

-- Journals a sign-in that failed, or the lock-out it led to, of an account that exists.
CREATE FUNCTION auth.journal_failure(of_login text, lock_out boolean, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    INSERT INTO journal_entry (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, refused)
    SELECT at, a.officer_id, a.unit_id, a.role, '',
           CASE WHEN lock_out THEN 'organisation.account_locked_out' ELSE 'organisation.sign_in_failed' END,
           'officer', a.officer_id, a.division, true
    FROM auth.account_of(of_login) a;
END $$;

GRANT EXECUTE ON FUNCTION auth.may_propose(), auth.confirmers(uuid), auth.unit_of_account(uuid), auth.serves_posts(uuid, uuid),
    auth.is_last_confirmer(uuid, date), auth.roles_of(uuid), auth.has_account(uuid), auth.confirm_proposal(uuid, uuid, uuid, bytea, integer, timestamptz),
    auth.refuse_proposal(uuid, timestamptz), auth.end_appointment(uuid, date), auth.lock_account(uuid, boolean, bytea), auth.accounts(),
    auth.tries(bytea, timestamptz), auth.count_try(bytea, integer, timestamptz), auth.account_of(text), auth.login_of_caller(),
    auth.use_step(uuid, bigint), auth.use_recovery_code(uuid, bytea), auth.posts_of(uuid),
    auth.open_session(text, uuid, uuid, text, integer, integer), auth.touch_session(), auth.prove_session(), auth.proved_within(integer),
    auth.devices(), auth.revoke_session(uuid), auth.invitation_of(bytea, timestamptz), auth.offer_second_factor(bytea, bytea),
    auth.accept_invitation(bytea, text, text, bytea, bigint, bytea[], bytea, timestamptz), auth.journal_failure(text, boolean, timestamptz) TO hutong_app;
