-- What an officer's desk asks for: a file's whole history, dates that fall due, lists in other orders, and for whoever
-- keeps the accounts the devices that others are signed in on.

-- Whether this session sees a child: what the policy of registry_person says, for functions that stand above it.
CREATE FUNCTION auth.sees(child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN coalesce((
        SELECT p.merged_into IS NULL
           AND (p.household_division <@ (SELECT auth.reach()) OR coalesce(p.residence_division <@ (SELECT auth.reach()), false)
                OR p.id = ANY (ARRAY(SELECT auth.granted())))
           AND (NOT p.sealed OR p.id = ANY (ARRAY(SELECT auth.named())))
        FROM registry_person p WHERE p.id = child), false);
END $$;

-- The entries about a child that this session sees, about what is to be cleared of it and about files that were joined
-- to it, the latest first. `looks` asks for those that only looked, or were refused a look; without it, for all.
-- A colleague's name stands with what he did, whatever unit he serves in.
CREATE FUNCTION auth.history_of(child uuid, before_seq bigint, looks boolean, most integer)
RETURNS TABLE (seq bigint, at timestamptz, officer_id uuid, officer_name text, unit_name text, role text, purpose text,
               action text, subject_kind text, subject_id uuid, refused boolean, before jsonb, after jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT auth.sees(child) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT e.seq, e.at, e.officer_id, o.name, u.name, e.role, e.purpose, e.action, e.subject_kind, e.subject_id, e.refused, e.before, e.after
    FROM journal_entry e
    LEFT JOIN organisation_officer o ON o.id = e.officer_id
    LEFT JOIN organisation_unit u ON u.id = e.unit_id
    WHERE e.subject_id = ANY (child || ARRAY(SELECT w.id FROM registry_work_item w WHERE w.child_id = child)
                                    || ARRAY(SELECT d.id FROM registry_person d WHERE d.merged_into = child))
      AND e.seq < before_seq
      AND (looks IS NULL OR looks = (e.refused OR e.action IN ('registry.file_opened', 'registry.history_read',
           'registry.secret_revealed', 'registry.document_read', 'registry.work_item_shown')))
      AND (NOT e.sealed OR e.subject_id = ANY (ARRAY(SELECT auth.named()))) AND NOT auth.is_hidden(e.subject_id)
    ORDER BY e.seq DESC LIMIT most;
END $$;

-- The child of a file number, for whoever reads the journal of its household: the number is how people name a file.
CREATE FUNCTION auth.child_of_file(number text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (SELECT p.id FROM registry_child c JOIN registry_person p ON p.id = c.id
            WHERE c.file_number = number AND p.household_division <@ (SELECT auth.journal_reach()) AND NOT auth.is_hidden(p.id));
END $$;

-- The journal is asked for days; entries lie in the order of time, so an index of their ranges is enough and costs nothing.
CREATE INDEX journal_entry_at ON journal_entry USING brin (at);

-- Lists by age: a page is a range of this index. Who has no known birth comes after everybody.
CREATE INDEX registry_person_listed_by_birth ON registry_person (coalesce(birth, date '9999-12-31'), id);

-- What waits is listed by id, the oldest first.
CREATE INDEX registry_work_item_waiting ON registry_work_item (id) WHERE cleared_at IS NULL;

-- The accounts of these officers, without their secrets: the caller's own and, for whoever appoints, those within reach.
CREATE FUNCTION auth.accounts_of(officers uuid[]) RETURNS TABLE (officer_id uuid, login text, locked boolean, second_factor boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT a.officer_id, a.login, a.locked, a.totp_secret IS NOT NULL FROM auth.account a JOIN organisation_officer o ON o.id = a.officer_id
    WHERE a.officer_id = ANY (officers)
      AND (a.officer_id = (SELECT auth.officer())
           OR (SELECT auth.may_propose()) AND auth.unit_serves(o.unit_id) <@ (SELECT auth.unit_reach()));
END $$;

-- Whether this session keeps the account of that officer.
CREATE FUNCTION auth.keeps_account_of(officer uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (SELECT auth.keeps_accounts()) AND EXISTS (
        SELECT 1 FROM auth.account a JOIN organisation_officer o ON o.id = a.officer_id
        WHERE a.officer_id = officer AND auth.unit_serves(o.unit_id) <@ (SELECT auth.unit_reach()));
END $$;

-- The open sessions of an officer whose account this session keeps, the newest first.
CREATE FUNCTION auth.devices_of(officer uuid) RETURNS TABLE (id uuid, device text, opened_at timestamptz, last_seen_at timestamptz, this boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT s.id, s.device, s.opened_at, s.last_seen_at,
           s.token_hash = sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'))
    FROM auth.session s JOIN organisation_appointment a ON a.id = s.appointment_id
    WHERE a.officer_id = officer AND auth.keeps_account_of(officer) AND s.expires_at > now() AND s.revoked_at IS NULL
      AND s.idle_minutes IS NOT NULL AND s.last_seen_at + make_interval(mins => s.idle_minutes) > now()
    ORDER BY s.opened_at DESC, s.id;
END $$;

-- Ends a session of an officer whose account this session keeps.
CREATE FUNCTION auth.revoke_session_of(officer uuid, session uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.session s SET revoked_at = clock_timestamp() FROM organisation_appointment a
    WHERE a.id = s.appointment_id AND a.officer_id = officer AND s.id = session AND s.revoked_at IS NULL
      AND auth.keeps_account_of(officer);
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION auth.history_of(uuid, bigint, boolean, integer), auth.child_of_file(text), auth.accounts_of(uuid[]),
    auth.devices_of(uuid), auth.revoke_session_of(uuid, uuid) TO hutong_app;
