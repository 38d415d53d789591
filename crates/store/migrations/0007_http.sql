-- What answering over HTTP must remember: who a token's caller is in one question, and which creating requests were answered.

-- The session of this token, which the transaction acts under from here.
CREATE FUNCTION auth.caller(token text) RETURNS TABLE (appointment_id uuid, officer_id uuid, unit_id uuid, role text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    PERFORM set_config('hutong.token', token, true);
    RETURN QUERY SELECT w.appointment_id, w.officer_id, w.unit_id, w.role FROM auth.whoami() w;
END $$;
GRANT EXECUTE ON FUNCTION auth.caller(text) TO hutong_app;

-- A request that creates carries a key of the caller's choice; the same key creates once. What was created is kept
-- for a day as an id and a version, never as the answer's text.
CREATE TABLE auth.answered (
    appointment_id uuid NOT NULL REFERENCES organisation_appointment,
    key            text NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 100),
    request        bytea NOT NULL CHECK (octet_length(request) = 32),
    made           uuid,
    version        integer,
    at             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (appointment_id, key)
);
COMMENT ON COLUMN auth.answered.request IS 'digest of operation, path and body: another request may not use the same key';

-- Takes the key for this transaction's request, or says what the key was used for. A second request with the same key
-- waits here until the first has committed or failed.
CREATE FUNCTION auth.answer_once(used_key text, of_request bytea)
RETURNS TABLE (fresh boolean, same boolean, made uuid, version integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    me uuid := (SELECT w.appointment_id FROM auth.whoami() w);
BEGIN
    IF me IS NULL THEN
        RETURN;
    END IF;
    DELETE FROM auth.answered WHERE appointment_id = me AND at < now() - interval '1 day';
    INSERT INTO auth.answered (appointment_id, key, request) VALUES (me, used_key, of_request) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN QUERY SELECT true, true, NULL::uuid, NULL::integer;
    ELSE
        RETURN QUERY SELECT false, a.request = of_request, a.made, a.version
                     FROM auth.answered a WHERE a.appointment_id = me AND a.key = used_key;
    END IF;
END $$;

-- Keeps what the key's request created.
CREATE FUNCTION auth.answer_given(used_key text, created uuid, at_version integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE auth.answered SET made = created, version = at_version
    WHERE appointment_id = (SELECT w.appointment_id FROM auth.whoami() w) AND key = used_key AND made IS NULL;
END $$;
GRANT EXECUTE ON FUNCTION auth.answer_once(text, bytea), auth.answer_given(text, uuid, integer) TO hutong_app;
