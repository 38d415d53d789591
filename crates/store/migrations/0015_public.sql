-- Public pages: applying without an account, coming back by code and phone, reading by code and the end of the child's id.
--
-- Invariant: hutong_public, the role of the public pages, has no privilege on any table. It calls the functions below, which
-- know a case by the keyed digest of its code and that of something else the person knows. For a code that does not exist,
-- is over, or comes with another's number they run the same statements and answer nothing.

GRANT USAGE ON SCHEMA auth TO hutong_public;

-- What an applicant did from home bears no officer: the submission, and the papers that came with it.
ALTER TABLE applications_step ALTER COLUMN officer_id DROP NOT NULL, ADD CHECK (officer_id IS NOT NULL OR act = 'submit');
ALTER TABLE applications_paper ALTER COLUMN noted_by DROP NOT NULL;
COMMENT ON COLUMN applications_step.officer_id IS 'none: the applicant, from home';
COMMENT ON COLUMN applications_paper.noted_by IS 'none: the applicant, from home';

-- A case by its code: first what is filled in, then the application it became. Of code, phone and id only keyed digests.
CREATE TABLE auth.ticket (
    id             uuid PRIMARY KEY,
    code           blind NOT NULL UNIQUE,
    phone          blind NOT NULL,
    id_end         blind,
    draft          sealed,
    application_id uuid UNIQUE REFERENCES applications_application,
    expires_at     timestamptz NOT NULL,
    CHECK (num_nonnulls(draft, application_id) = 1),
    CHECK ((id_end IS NULL) = (application_id IS NULL))
);
CREATE INDEX ticket_expires ON auth.ticket (expires_at);

CREATE TABLE auth.ticket_photo (
    id         uuid PRIMARY KEY,
    ticket_id  uuid NOT NULL REFERENCES auth.ticket ON DELETE CASCADE,
    code       text NOT NULL CHECK (code ~ '^[a-z0-9_.]{1,60}$'),
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
    content    sealed NOT NULL,
    UNIQUE (ticket_id, code)
);

-- Tries and visits, by the keyed digest of a code or an address, whether the code exists or not.
CREATE TABLE auth.public_try (
    key      blind PRIMARY KEY,
    failures integer NOT NULL,
    last_at  timestamptz NOT NULL
);
CREATE INDEX public_try_last ON auth.public_try (last_at);

CREATE FUNCTION auth.public_tries(of_key bytea, at timestamptz) RETURNS TABLE (failures integer, last_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM auth.public_try WHERE key IN (
        SELECT t.key FROM auth.public_try t WHERE t.last_at < at - interval '2 days' LIMIT 100 FOR UPDATE SKIP LOCKED);
    INSERT INTO auth.public_try (key, failures, last_at) VALUES (of_key, 0, at) ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT t.failures, t.last_at FROM auth.public_try t WHERE t.key = of_key FOR UPDATE;
END $$;

-- What is forgotten leaves no row: a code that was used rightly is then like one that was never tried.
CREATE FUNCTION auth.public_count(of_key bytea, now_failures integer, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF now_failures = 0 THEN
        DELETE FROM auth.public_try WHERE key = of_key;
    ELSE
        UPDATE auth.public_try SET failures = now_failures, last_at = at WHERE key = of_key;
    END IF;
END $$;

-- The units at which somebody may apply and that decide: public bodies.
CREATE FUNCTION auth.public_units() RETURNS TABLE (id uuid, name text, kind text, division bigint, serves text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT u.id, u.name, u.kind, u.division, u.serves::text FROM organisation_unit u
                 WHERE u.kind IN ('town', 'county_bureau') ORDER BY u.division, u.id;
END $$;

-- The case of a code, for whoever knows its phone. Not for any role: the functions below call it.
CREATE FUNCTION auth.ticket_of(of_code bytea, of_phone bytea, at timestamptz) RETURNS auth.ticket
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    t auth.ticket;
BEGIN
    SELECT * INTO t FROM auth.ticket k WHERE k.code = of_code;
    RETURN CASE WHEN t.phone = of_phone AND t.expires_at > at THEN t END;
END $$;

-- The same, to be changed: held until the transaction ends, once it is known that the caller may.
CREATE FUNCTION auth.ticket_held(of_code bytea, of_phone bytea, at timestamptz) RETURNS auth.ticket
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    t auth.ticket := auth.ticket_of(of_code, of_phone, at);
BEGIN
    SELECT * INTO t FROM auth.ticket k WHERE k.id = t.id FOR UPDATE;
    RETURN t;
END $$;

-- Begins a case, and clears away some whose time is over: what was never submitted is gone with its photographs.
CREATE FUNCTION auth.public_begin(ticket uuid, of_code bytea, of_phone bytea, form bytea, until timestamptz, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    DELETE FROM auth.ticket WHERE id IN (
        SELECT t.id FROM auth.ticket t WHERE t.expires_at < at ORDER BY t.expires_at LIMIT 20 FOR UPDATE SKIP LOCKED);
    INSERT INTO auth.ticket (id, code, phone, draft, expires_at) VALUES (ticket, of_code, of_phone, form, until);
END $$;

-- What was filled in, or which application it became.
CREATE FUNCTION auth.public_resume(of_code bytea, of_phone bytea, at timestamptz)
RETURNS TABLE (ticket uuid, form bytea, number text, expires_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT t.id, t.draft::bytea, a.number, t.expires_at
                 FROM auth.ticket_of(of_code, of_phone, at) t LEFT JOIN applications_application a ON a.id = t.application_id
                 WHERE t.id IS NOT NULL;
END $$;

CREATE FUNCTION auth.public_save(of_code bytea, of_phone bytea, form bytea, until timestamptz, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    t auth.ticket := auth.ticket_held(of_code, of_phone, at);
BEGIN
    UPDATE auth.ticket SET draft = form, expires_at = until WHERE id = t.id AND draft IS NOT NULL;
    RETURN FOUND;
END $$;

-- Photographs of a case that is not submitted; with their content when it is.
CREATE FUNCTION auth.public_photos(of_code bytea, of_phone bytea, whole boolean, at timestamptz)
RETURNS TABLE (id uuid, code text, media_type text, content bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT p.id, p.code, p.media_type, CASE WHEN whole THEN p.content::bytea END
                 FROM auth.ticket_of(of_code, of_phone, at) t JOIN auth.ticket_photo p ON p.ticket_id = t.id ORDER BY p.code;
END $$;

-- Keeps a photograph in place of an earlier one of the same paper; false where there is no more room, null for a wrong code.
CREATE FUNCTION auth.public_keep_photo(of_code bytea, of_phone bytea, photo uuid, paper text, of_type text, pixels bytea, at timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    t auth.ticket := auth.ticket_held(of_code, of_phone, at);
BEGIN
    IF t.id IS NULL OR t.draft IS NULL THEN
        RETURN NULL;
    END IF;
    IF (SELECT count(*) >= 24 OR coalesce(sum(octet_length(p.content)), 0) + octet_length(pixels) > 60000000
        FROM auth.ticket_photo p WHERE p.ticket_id = t.id AND p.code <> paper) THEN
        RETURN false;
    END IF;
    DELETE FROM auth.ticket_photo p WHERE p.ticket_id = t.id AND p.code = paper;
    INSERT INTO auth.ticket_photo (id, ticket_id, code, media_type, content) VALUES (photo, t.id, paper, of_type, pixels);
    RETURN true;
END $$;

CREATE FUNCTION auth.public_drop_photo(of_code bytea, of_phone bytea, paper text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    t auth.ticket := auth.ticket_held(of_code, of_phone, at);
BEGIN
    DELETE FROM auth.ticket_photo p WHERE p.ticket_id = t.id AND p.code = paper;
    RETURN t.id IS NOT NULL;
END $$;

-- Makes of a case an application, submitted at a town, with its step and what the journal says; answers its number. Nothing
-- sealed goes this way: a town would see it.
CREATE FUNCTION auth.public_submit(of_code bytea, of_phone bytea, of_id_end bytea, until timestamptz, application uuid, step uuid,
    of_category text, of_path text, accepting uuid, verifying uuid, deciding uuid, of_household bigint, child text, states bytea,
    of_leg text, of_began date, of_days integer, of_due date, is_provisional boolean, by_calendar text, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    t auth.ticket := auth.ticket_held(of_code, of_phone, at);
    given text;
    said jsonb;
BEGIN
    IF t.id IS NULL OR t.draft IS NULL OR of_path NOT IN ('within_county', 'provincewide', 'nationwide')
       OR NOT EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = accepting AND u.kind = 'town') THEN
        RETURN NULL;
    END IF;
    given := nextval('applications_number')::text;
    given := 'SQ-' || extract(year FROM of_began)::integer || '-' || lpad(given, greatest(6, length(given)), '0');
    INSERT INTO applications_application (id, number, matter, category, path, stage, accepting_unit, verifying_unit, deciding_unit,
        owner_unit, household, child_name, stated, leg, began, days, due, provisional, calendar, opened_at)
    VALUES (application, given, 'recognition', of_category, of_path, 'submitted', accepting, verifying, deciding,
        accepting, of_household, child, states, of_leg, of_began, of_days, of_due, is_provisional, by_calendar, at);
    INSERT INTO applications_step (id, application_id, act, stage, at, officer_id, unit_id, leg, due)
    VALUES (step, application, 'submit', 'submitted', at, NULL, accepting, of_leg, of_due);
    UPDATE auth.ticket SET draft = NULL, application_id = application, id_end = of_id_end, expires_at = until WHERE id = t.id;
    said := jsonb_build_object('number', given, 'matter', 'recognition', 'category', of_category, 'path', of_path, 'stage', 'submitted', 'due', of_due);
    INSERT INTO journal_entry (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, after)
    VALUES (at, '00000000-0000-0000-0000-000000000000', accepting, 'public', 'public.submit', 'applications.submitted', 'application',
        application, of_household, said);
    RETURN given;
END $$;

-- Takes a photograph over into the checklist of the application that the case has become, sealed anew in its place.
CREATE FUNCTION auth.public_take_over(of_code bytea, of_phone bytea, photo uuid, paper uuid, pixels bytea, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    t auth.ticket := auth.ticket_held(of_code, of_phone, at);
BEGIN
    INSERT INTO applications_paper (id, application_id, code, state, media_type, content, noted_at, noted_by)
    SELECT paper, t.application_id, p.code, 'received', p.media_type, pixels, at, NULL
    FROM auth.ticket_photo p WHERE p.id = photo AND p.ticket_id = t.id AND t.application_id IS NOT NULL;
    DELETE FROM auth.ticket_photo p WHERE p.id = photo AND p.ticket_id = t.id AND t.application_id IS NOT NULL;
    RETURN FOUND;
END $$;

-- Where the application of a code stands, for whoever knows the end of its child's id: what its own letters say, and nothing
-- of who works on it.
CREATE FUNCTION auth.public_track(of_code bytea, of_id_end bytea, at timestamptz)
RETURNS TABLE (number text, category text, stage text, leg text, due date, provisional boolean, accepting text, verifying text, deciding text,
    opened_at timestamptz, expires_at timestamptz, notice uuid, notice_reason bytea,
    decision uuid, outcome text, decided_on date, rulebook text, grounds bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    t auth.ticket;
BEGIN
    SELECT * INTO t FROM auth.ticket k WHERE k.code = of_code;
    IF t.id_end IS DISTINCT FROM of_id_end OR t.expires_at <= at THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT a.number, a.category, a.stage, a.leg, a.due, a.provisional, u.name, v.name, d.name, a.opened_at, t.expires_at,
           s.id, s.reason::bytea, e.id, e.outcome, e.decided_on, e.rulebook, e.grounds::bytea
    FROM applications_application a
    JOIN organisation_unit u ON u.id = a.accepting_unit
    JOIN organisation_unit v ON v.id = a.verifying_unit
    JOIN organisation_unit d ON d.id = a.deciding_unit
    LEFT JOIN LATERAL (SELECT s.id, s.reason FROM applications_step s
                       WHERE s.application_id = a.id AND s.act = 'notice' AND a.stage = 'noticed' ORDER BY s.at DESC, s.id DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (SELECT e.* FROM applications_decision e WHERE e.application_id = a.id ORDER BY e.at DESC, e.id DESC LIMIT 1) e ON true
    WHERE a.id = t.application_id;
END $$;

GRANT EXECUTE ON FUNCTION auth.public_tries(bytea, timestamptz), auth.public_count(bytea, integer, timestamptz), auth.public_units(),
    auth.public_begin(uuid, bytea, bytea, bytea, timestamptz, timestamptz), auth.public_resume(bytea, bytea, timestamptz),
    auth.public_save(bytea, bytea, bytea, timestamptz, timestamptz), auth.public_photos(bytea, bytea, boolean, timestamptz),
    auth.public_keep_photo(bytea, bytea, uuid, text, text, bytea, timestamptz), auth.public_drop_photo(bytea, bytea, text, timestamptz),
    auth.public_submit(bytea, bytea, bytea, timestamptz, uuid, uuid, text, text, uuid, uuid, uuid, bigint, text, bytea,
        text, date, integer, date, boolean, text, timestamptz),
    auth.public_take_over(bytea, bytea, uuid, uuid, bytea, timestamptz), auth.public_track(bytea, bytea, timestamptz)
    TO hutong_public;
