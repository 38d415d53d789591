-- From home to another installation: what is submitted for a household that a pinned peer speaks for waits at the town as one
-- that is decided there; and a package that ran out before its receipt came is written anew.

-- The installation that decides for a household nobody here serves, by its name: what an applicant may know of it.
CREATE FUNCTION auth.public_peer(of_household bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN
    RETURN (SELECT p.name FROM exchange_peer p WHERE p.serves @> of_household AND p.confirmed_at IS NOT NULL AND p.revoked_at IS NULL
            AND NOT of_household <@ auth.exchange_served());
END $$;

-- The counties and towns that pinned installations speak for: where a household may be beyond those served here.
CREATE FUNCTION auth.public_places_afar() RETURNS TABLE (code bigint, name text, level text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT d.code, CASE WHEN d.level = 'county' THEN concat_ws(' ', u.name, d.name) ELSE d.name END, d.level
                 FROM exchange_peer p JOIN organisation_division d ON p.serves @> d.code
                 LEFT JOIN organisation_division u ON u.code = d.parent
                 WHERE p.confirmed_at IS NOT NULL AND p.revoked_at IS NULL AND d.level IN ('county', 'town')
                   AND NOT d.code <@ (SELECT auth.exchange_served()) ORDER BY d.code;
END $$;

DROP FUNCTION auth.public_submit(bytea, bytea, bytea, timestamptz, uuid, uuid, text, text, uuid, uuid, uuid, bigint, text, bytea,
    text, date, integer, date, boolean, text, timestamptz);

-- Makes of a case an application, submitted at a town, with its step and what the journal says; answers its number. Nothing
-- sealed goes this way: a town would see it. What is decided afar has the town stand in for the units there.
CREATE FUNCTION auth.public_submit(of_code bytea, of_phone bytea, of_id_end bytea, until timestamptz, application uuid, step uuid,
    of_category text, of_path text, accepting uuid, verifying uuid, deciding uuid, is_afar boolean, of_household bigint, child text,
    states bytea, of_leg text, of_began date, of_days integer, of_due date, is_provisional boolean, by_calendar text, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    t auth.ticket := auth.ticket_held(of_code, of_phone, at);
    given text;
    said jsonb;
BEGIN
    IF t.id IS NULL OR t.draft IS NULL OR of_path NOT IN ('within_county', 'provincewide', 'nationwide')
       OR NOT EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = accepting AND u.kind = 'town')
       OR is_afar AND (accepting <> ALL (ARRAY[verifying, deciding]) OR auth.public_peer(of_household) IS NULL) THEN
        RETURN NULL;
    END IF;
    given := nextval('applications_number')::text;
    given := 'SQ-' || extract(year FROM of_began)::integer || '-' || lpad(given, greatest(6, length(given)), '0');
    INSERT INTO applications_application (id, number, matter, category, path, stage, accepting_unit, verifying_unit, deciding_unit,
        owner_unit, household, child_name, stated, leg, began, days, due, provisional, calendar, opened_at, afar)
    VALUES (application, given, 'recognition', of_category, of_path, 'submitted', accepting, verifying, deciding,
        accepting, of_household, child, states, of_leg, of_began, of_days, of_due, is_provisional, by_calendar, at,
        CASE WHEN is_afar THEN 'deciding' END);
    INSERT INTO applications_step (id, application_id, act, stage, at, officer_id, unit_id, leg, due)
    VALUES (step, application, 'submit', 'submitted', at, NULL, accepting, of_leg, of_due);
    UPDATE auth.ticket SET draft = NULL, application_id = application, id_end = of_id_end, expires_at = until WHERE id = t.id;
    said := jsonb_build_object('number', given, 'matter', 'recognition', 'category', of_category, 'path', of_path, 'stage', 'submitted', 'due', of_due);
    INSERT INTO journal_entry (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, after)
    VALUES (at, '00000000-0000-0000-0000-000000000000', accepting, 'public', 'public.submit', 'applications.submitted', 'application',
        application, of_household, said);
    RETURN given;
END $$;

-- As before; what is verified and decided afar is so at the installation of the household.
CREATE OR REPLACE FUNCTION auth.public_track(of_code bytea, of_id_end bytea, at timestamptz)
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
    SELECT a.number, a.category, a.stage, a.leg, a.due, a.provisional, u.name, coalesce(f.name, v.name), coalesce(f.name, d.name), a.opened_at,
           t.expires_at, s.id, s.reason::bytea, e.id, e.outcome, e.decided_on, e.rulebook, e.grounds::bytea
    FROM applications_application a
    JOIN organisation_unit u ON u.id = a.accepting_unit
    JOIN organisation_unit v ON v.id = a.verifying_unit
    JOIN organisation_unit d ON d.id = a.deciding_unit
    LEFT JOIN LATERAL (SELECT coalesce((SELECT c.far_unit FROM exchange_case c WHERE c.application_id = a.id), auth.public_peer(a.household)) AS name
                       WHERE a.afar = 'deciding') f ON true
    LEFT JOIN LATERAL (SELECT s.id, s.reason FROM applications_step s
                       WHERE s.application_id = a.id AND s.act = 'notice' AND a.stage = 'noticed' ORDER BY s.at DESC, s.id DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (SELECT e.* FROM applications_decision e WHERE e.application_id = a.id ORDER BY e.at DESC, e.id DESC LIMIT 1) e ON true
    WHERE a.id = t.application_id;
END $$;

GRANT EXECUTE ON FUNCTION auth.public_peer(bigint), auth.public_places_afar(),
    auth.public_submit(bytea, bytea, bytea, timestamptz, uuid, uuid, text, text, uuid, uuid, uuid, boolean, bigint, text, bytea,
        text, date, integer, date, boolean, text, timestamptz)
    TO hutong_public;

-- A package that ran out: its row becomes that of the one written in its place.
GRANT UPDATE (id, package, made_at, expires_at, tries, next_at, trouble) ON exchange_outbox TO hutong_app;
