-- Exchange: applications carried to the household's own installation and back, in packages signed and sealed.
--
-- Invariant: a package is taken from a peer that two persons pinned, about a division it may speak for. What arrives is
-- written by the functions below, which ask that again; each writes the journal's entry itself.

-- This installation's own keys, one row, made at the first need.
CREATE TABLE auth.exchange_keys (
    id     uuid PRIMARY KEY,
    secret sealed NOT NULL
);
CREATE UNIQUE INDEX exchange_keys_one ON auth.exchange_keys ((true));

-- Other installations with their public keys: proposed by one person, confirmed by another.
CREATE TABLE exchange_peer (
    id           uuid PRIMARY KEY,
    name         text NOT NULL CHECK (name <> ''),
    address      text CHECK (address <> ''),
    sign         blind NOT NULL,
    open         blind NOT NULL,
    serves       int8multirange NOT NULL CHECK (NOT isempty(serves)),
    proposed_by  uuid NOT NULL REFERENCES organisation_officer,
    proposed_at  timestamptz NOT NULL,
    confirmed_by uuid REFERENCES organisation_officer,
    confirmed_at timestamptz,
    revoked_by   uuid REFERENCES organisation_officer,
    revoked_at   timestamptz,
    CHECK (confirmed_by <> proposed_by),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);
CREATE UNIQUE INDEX exchange_peer_sign ON exchange_peer (sign) WHERE revoked_at IS NULL;
ALTER TABLE exchange_peer ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON exchange_peer FOR SELECT USING ((SELECT auth.officer()) IS NOT NULL);
GRANT SELECT ON exchange_peer TO hutong_app;

-- Which part of an application another installation has. Where that is the deciding part, the three people are there.
ALTER TABLE applications_application ADD COLUMN afar text CHECK (afar IN ('accepting', 'deciding'));
ALTER TABLE applications_application
    DROP CONSTRAINT applications_application_check9,
    DROP CONSTRAINT applications_application_check10,
    DROP CONSTRAINT applications_application_check11,
    ADD CONSTRAINT applications_application_three
        CHECK (afar IS NOT DISTINCT FROM 'deciding' OR stage NOT IN ('confirmed', 'refused') OR num_nulls(verifier_id, proposer_id, decider_id, decided) = 0),
    ADD CONSTRAINT applications_application_proposed
        CHECK (afar IS NOT DISTINCT FROM 'deciding' OR stage <> 'confirmed' OR (proposed = 'grant' AND decided = 'grant')),
    ADD CONSTRAINT applications_application_on_file
        CHECK (afar IS NOT DISTINCT FROM 'deciding' OR stage <> 'confirmed' OR child_id IS NOT NULL),
    ADD CONSTRAINT applications_application_afar
        CHECK (afar IS NULL OR path IN ('provincewide', 'nationwide')),
    -- One unit stands for the part that is elsewhere.
    ADD CONSTRAINT applications_application_stands_in
        CHECK (afar IS NULL OR accepting_unit = verifying_unit),
    ADD CONSTRAINT applications_application_decided_afar
        CHECK (afar IS DISTINCT FROM 'deciding' OR num_nonnulls(verifier_id, proposer_id, decider_id) = 0);
-- A town above the one that accepted it sees what waits there for another installation: the household is in nobody's reach.
ALTER POLICY reach ON applications_application USING (
    CASE WHEN sealed THEN household <@ (SELECT auth.reach()) AND id = ANY (ARRAY(SELECT auth.named()))
         WHEN child_id IS NULL THEN household <@ (SELECT auth.reach()) OR accepting_unit = (SELECT auth.casework_unit())
             OR afar = 'deciding' AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = accepting_unit AND u.division <@ (SELECT auth.reach()))
         ELSE EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) END);

-- What another installation did bears no officer of this one.
ALTER TABLE applications_step ADD COLUMN peer_id uuid REFERENCES exchange_peer,
    DROP CONSTRAINT applications_step_check,
    ADD CONSTRAINT applications_step_by CHECK (officer_id IS NOT NULL OR act = 'submit' OR peer_id IS NOT NULL);
ALTER TABLE applications_decision ADD COLUMN peer_id uuid REFERENCES exchange_peer,
    ALTER COLUMN verifier_id DROP NOT NULL, ALTER COLUMN proposer_id DROP NOT NULL, ALTER COLUMN decider_id DROP NOT NULL,
    ADD CONSTRAINT applications_decision_by CHECK (num_nulls(verifier_id, proposer_id, decider_id) = CASE WHEN peer_id IS NULL THEN 0 ELSE 3 END);

-- An application shared with a peer. Both sides call it by its id at the accepting one, and count what they report.
CREATE TABLE exchange_case (
    application_id uuid PRIMARY KEY REFERENCES applications_application,
    peer_id        uuid NOT NULL REFERENCES exchange_peer,
    shared         uuid NOT NULL,
    far_unit       text NOT NULL CHECK (far_unit <> ''),
    far_number     text,
    told           integer NOT NULL DEFAULT 0,
    heard          integer NOT NULL DEFAULT 0,
    UNIQUE (peer_id, shared)
);
COMMENT ON COLUMN exchange_case.far_unit IS 'the accepting town there, or the installation that decides';
COMMENT ON COLUMN exchange_case.told IS 'how many reports went out; heard: the number of the newest that came in';
ALTER TABLE exchange_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON exchange_case USING (EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id));
GRANT SELECT, INSERT, UPDATE (told) ON exchange_case TO hutong_app;

-- Packages on their way out: the same bytes until the receipt is there. They are sealed to the receiver.
CREATE TABLE exchange_outbox (
    id             uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications_application,
    peer_id        uuid NOT NULL REFERENCES exchange_peer,
    kind           text NOT NULL CHECK (kind IN ('application', 'status')),
    package        bytea,
    made_at        timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    tries          integer NOT NULL DEFAULT 0,
    next_at        timestamptz NOT NULL,
    trouble        text,
    received_at    timestamptz,
    taken          text CHECK (taken IN ('applied', 'older', 'unfitting')),
    CHECK (num_nulls(package) = CASE WHEN received_at IS NULL THEN 0 ELSE 1 END),
    CHECK ((received_at IS NULL) = (taken IS NULL))
);
COMMENT ON COLUMN exchange_outbox.trouble IS 'the code with which it was last not taken';
CREATE INDEX exchange_outbox_waiting ON exchange_outbox (next_at) WHERE received_at IS NULL;
CREATE INDEX exchange_outbox_application ON exchange_outbox (application_id);
ALTER TABLE exchange_outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON exchange_outbox USING (EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id));
GRANT SELECT, INSERT ON exchange_outbox TO hutong_app;

-- Packages that came in, each once: who sends one again is answered with the same receipt.
CREATE TABLE exchange_inbox (
    peer_id        uuid NOT NULL REFERENCES exchange_peer,
    id             uuid NOT NULL,
    application_id uuid NOT NULL REFERENCES applications_application,
    kind           text NOT NULL CHECK (kind IN ('application', 'status')),
    at             timestamptz NOT NULL,
    taken          text NOT NULL CHECK (taken IN ('applied', 'older', 'unfitting')),
    receipt        bytea NOT NULL,
    PRIMARY KEY (peer_id, id)
);
CREATE INDEX exchange_inbox_application ON exchange_inbox (application_id);
ALTER TABLE exchange_inbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON exchange_inbox USING (EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id));
GRANT SELECT ON exchange_inbox TO hutong_app;

-- The journal's entry about something that came from another installation.
CREATE FUNCTION auth.exchange_note(of_action text, of_kind text, subject uuid, of_unit uuid, of_place bigint, is_refused boolean, says jsonb, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    INSERT INTO journal_entry (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, refused, after)
    SELECT at, '00000000-0000-0000-0000-000000000000', u.id, 'exchange', 'exchange.inbox', of_action, of_kind, subject,
           coalesce(of_place, u.division), is_refused, says
    FROM organisation_unit u WHERE CASE WHEN of_unit IS NULL THEN u.parent IS NULL ELSE u.id = of_unit END LIMIT 1;
END $$;

CREATE FUNCTION auth.exchange_own() RETURNS TABLE (id uuid, secret bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN RETURN QUERY SELECT k.id, k.secret::bytea FROM auth.exchange_keys k; END $$;

-- Whoever is first makes them.
CREATE FUNCTION auth.exchange_make_own(of_id uuid, of_secret bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN INSERT INTO auth.exchange_keys (id, secret) VALUES (of_id, of_secret) ON CONFLICT DO NOTHING; END $$;

-- What the county bureaus of this installation serve.
CREATE FUNCTION auth.exchange_served() RETURNS int8multirange
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce(range_agg(u.serves), '{}') FROM organisation_unit u WHERE u.kind = 'county_bureau'); END $$;

-- One person proposes a peer. Answers what stands against it, if anything does.
CREATE FUNCTION auth.exchange_propose(peer uuid, of_name text, at_address text, of_sign bytea, of_open bytea, of_serves int8multirange, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    me uuid := (SELECT w.officer_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.proposes);
BEGIN
    IF me IS NULL THEN
        RETURN 'not_allowed';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('exchange peers', 0));
    IF EXISTS (SELECT 1 FROM exchange_peer p WHERE p.sign = of_sign AND p.revoked_at IS NULL) THEN
        RETURN 'known';
    END IF;
    IF of_serves && auth.exchange_served() OR EXISTS (SELECT 1 FROM exchange_peer p WHERE p.revoked_at IS NULL AND p.serves && of_serves) THEN
        RETURN 'overlap';
    END IF;
    INSERT INTO exchange_peer (id, name, address, sign, open, serves, proposed_by, proposed_at)
    VALUES (peer, of_name, at_address, of_sign, of_open, of_serves, me, at);
    RETURN 'done';
END $$;

-- Another one confirms it.
CREATE FUNCTION auth.exchange_confirm(peer uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    me uuid := (SELECT w.officer_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.confirms);
BEGIN
    UPDATE exchange_peer p SET confirmed_by = me, confirmed_at = at
    WHERE p.id = peer AND me IS NOT NULL AND p.proposed_by <> me AND p.confirmed_at IS NULL AND p.revoked_at IS NULL;
    RETURN FOUND;
END $$;

-- To end it takes one person alone.
CREATE FUNCTION auth.exchange_revoke(peer uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    me uuid := (SELECT w.officer_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.proposes);
BEGIN
    UPDATE exchange_peer p SET revoked_by = me, revoked_at = at WHERE p.id = peer AND me IS NOT NULL AND p.revoked_at IS NULL;
    RETURN FOUND;
END $$;

-- The peer of a signing key, pinned or not.
CREATE FUNCTION auth.exchange_sender(of_sign bytea)
RETURNS TABLE (id uuid, name text, address text, sign bytea, open bytea, serves text, proposed_by uuid, confirmed_by uuid, revoked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT p.id, p.name, p.address, p.sign::bytea, p.open::bytea, p.serves::text, p.proposed_by, p.confirmed_by, p.revoked_at IS NOT NULL
                 FROM exchange_peer p WHERE p.sign = of_sign ORDER BY p.revoked_at DESC NULLS FIRST LIMIT 1;
END $$;

-- The receipt of a package that came before. Until the transaction ends, nobody else takes the same one.
CREATE FUNCTION auth.exchange_receipt(peer uuid, package uuid) RETURNS bytea
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('exchange ' || peer || package, 0));
    RETURN (SELECT i.receipt FROM exchange_inbox i WHERE i.peer_id = peer AND i.id = package);
END $$;

CREATE FUNCTION auth.exchange_keep(peer uuid, package uuid, application uuid, of_kind text, was_taken text, of_receipt bytea, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    INSERT INTO exchange_inbox (peer_id, id, application_id, kind, at, taken, receipt) VALUES (peer, package, application, of_kind, at, was_taken, of_receipt);
END $$;

-- A shared application as it stands, held until the transaction ends. Keys pinned anew are the same peer's.
CREATE FUNCTION auth.exchange_case_of(of_sign bytea, of_shared uuid)
RETURNS TABLE (id uuid, stage text, afar text, accepting uuid, verifying uuid, deciding uuid, household bigint, category text, path text,
    decided text, leg text, began date, days integer, due date, provisional boolean, calendar text, heard integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT a.id, a.stage, a.afar, a.accepting_unit, a.verifying_unit, a.deciding_unit, a.household, a.category, a.path,
                        a.decided, a.leg, a.began, a.days, a.due, a.provisional, a.calendar, c.heard
                 FROM exchange_case c JOIN exchange_peer p ON p.id = c.peer_id JOIN applications_application a ON a.id = c.application_id
                 WHERE p.sign = of_sign AND c.shared = of_shared FOR UPDATE OF a;
END $$;

-- Takes an application in at the household's town, to be verified; answers its number, or nothing where the peer may not
-- speak for the town that accepted it, or it does not belong here. Nothing sealed goes this way: a town would see it.
CREATE FUNCTION auth.exchange_take(peer uuid, application uuid, step uuid, of_shared uuid, town bigint, town_name text, of_number text,
    of_category text, of_path text, verifying uuid, deciding uuid, of_household bigint, child text, states bytea,
    of_leg text, of_began date, of_days integer, of_due date, is_provisional boolean, by_calendar text, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    given text;
BEGIN
    IF of_category = 'aids_affected'
       OR NOT EXISTS (SELECT 1 FROM exchange_peer p WHERE p.id = peer AND p.confirmed_at IS NOT NULL AND p.revoked_at IS NULL AND p.serves @> town)
       OR NOT EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = verifying AND u.kind = 'town' AND u.serves @> of_household)
       OR NOT EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = deciding AND u.kind = 'county_bureau' AND u.serves @> of_household) THEN
        RETURN NULL;
    END IF;
    given := nextval('applications_number')::text;
    given := 'SQ-' || extract(year FROM of_began)::integer || '-' || lpad(given, greatest(6, length(given)), '0');
    INSERT INTO applications_application (id, number, matter, category, path, stage, accepting_unit, verifying_unit, deciding_unit, owner_unit,
        household, child_name, stated, leg, began, days, due, provisional, calendar, opened_at, afar)
    VALUES (application, given, 'recognition', of_category, of_path, 'forwarded', verifying, verifying, deciding, verifying,
        of_household, child, states, of_leg, of_began, of_days, of_due, is_provisional, by_calendar, at, 'accepting');
    INSERT INTO exchange_case (application_id, peer_id, shared, far_unit, far_number) VALUES (application, peer, of_shared, town_name, of_number);
    INSERT INTO applications_step (id, application_id, act, stage, at, officer_id, unit_id, leg, due, peer_id)
    VALUES (step, application, 'forward', 'forwarded', at, NULL, verifying, of_leg, of_due, peer);
    PERFORM auth.exchange_note('applications.taken_from_afar', 'application', application, verifying, of_household, false,
        jsonb_build_object('number', given, 'category', of_category, 'path', of_path, 'town', town, 'peer', peer, 'due', of_due), at);
    RETURN given;
END $$;

CREATE FUNCTION auth.exchange_take_paper(application uuid, paper uuid, of_code text, of_state text, of_type text, scan bytea, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    INSERT INTO applications_paper (id, application_id, code, state, media_type, content, noted_at, noted_by)
    SELECT paper, a.id, of_code, of_state, of_type, scan, at, NULL FROM applications_application a
    WHERE a.id = application AND a.afar = 'accepting' AND NOT EXISTS (SELECT 1 FROM exchange_inbox i WHERE i.application_id = a.id);
END $$;

-- Takes over where the other side says the application stands. Whoever has not the deciding part decides nothing.
CREATE FUNCTION auth.exchange_hear(of_sign bytea, application uuid, step uuid, of_act text, to_stage text, owner uuid, why bytea, of_decided text,
    of_leg text, of_began date, of_days integer, of_due date, is_provisional boolean, by_calendar text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    peer uuid := (SELECT p.id FROM exchange_peer p JOIN exchange_case c ON c.application_id = application JOIN exchange_peer q ON q.id = c.peer_id
                  WHERE p.sign = of_sign AND q.sign = of_sign AND p.confirmed_at IS NOT NULL AND p.revoked_at IS NULL);
    a applications_application;
BEGIN
    UPDATE applications_application SET stage = to_stage, owner_unit = owner, decided = coalesce(of_decided, decided), leg = of_leg, began = of_began,
        days = of_days, due = of_due, provisional = is_provisional, calendar = by_calendar, version = version + 1
    WHERE id = application AND peer IS NOT NULL
      AND (afar = 'deciding' OR afar = 'accepting' AND of_decided IS NULL AND to_stage IN ('told', 'objected', 'closed', 'withdrawn'))
    RETURNING * INTO a;
    IF a.id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO applications_step (id, application_id, act, stage, at, officer_id, unit_id, reason, outcome, leg, due, peer_id)
    VALUES (step, application, of_act, to_stage, at, NULL, a.accepting_unit, why, of_decided, of_leg, of_due, peer);
    IF to_stage IN ('closed', 'withdrawn') THEN
        PERFORM auth.end_application_grant(application);
    END IF;
    PERFORM auth.exchange_note('applications.heard', 'application', application, a.accepting_unit, a.household, false,
        jsonb_build_object('stage', to_stage, 'due', of_due, 'peer', peer, 'outcome', of_decided), at);
    RETURN true;
END $$;

-- The decision of the household's installation, kept where the applicant is told of it.
CREATE FUNCTION auth.exchange_decide(application uuid, decision uuid, of_number text, of_outcome text, of_day date, of_rulebook text, rests_on bytea, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    INSERT INTO applications_decision (id, application_id, outcome, decided_on, rulebook, grounds, at, number, peer_id)
    SELECT decision, a.id, of_outcome, of_day, of_rulebook, rests_on, at, of_number, c.peer_id
    FROM applications_application a JOIN exchange_case c ON c.application_id = a.id
    WHERE a.id = application AND a.afar = 'deciding' AND a.decided = of_outcome
    ON CONFLICT (id) DO NOTHING;
END $$;

-- The newest report heard of a case.
CREATE FUNCTION auth.exchange_count(application uuid, newest integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN UPDATE exchange_case SET heard = newest WHERE application_id = application AND heard < newest; END $$;

-- That nothing was taken from a sender, known or not.
CREATE FUNCTION auth.exchange_refuse(peer uuid, of_code text, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    PERFORM auth.exchange_note('exchange.not_taken', 'exchange_peer', coalesce(peer, '00000000-0000-0000-0000-000000000000'), NULL, NULL, true,
        jsonb_build_object('code', of_code), at);
END $$;

-- Packages to be sent over the network now; whoever asks again within the lease gets others.
CREATE FUNCTION auth.exchange_waiting(at timestamptz, lease timestamptz)
RETURNS TABLE (id uuid, package bytea, address text, sign bytea, open bytea, tries integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH due AS (SELECT o.id FROM exchange_outbox o JOIN exchange_peer p ON p.id = o.peer_id
                 WHERE o.received_at IS NULL AND o.next_at <= at AND o.expires_at > at AND p.address IS NOT NULL
                   AND p.confirmed_at IS NOT NULL AND p.revoked_at IS NULL
                 ORDER BY o.made_at, o.id LIMIT 1 FOR UPDATE OF o SKIP LOCKED)
    UPDATE exchange_outbox o SET next_at = lease, tries = o.tries + 1 FROM due, exchange_peer p
    WHERE o.id = due.id AND p.id = o.peer_id
    RETURNING o.id, o.package, p.address, p.sign::bytea, p.open::bytea, o.tries;
END $$;

-- The receipt is there: the package has done its work.
CREATE FUNCTION auth.exchange_received(of_sign bytea, of_package uuid, was_taken text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE exchange_outbox o SET package = NULL, received_at = at, taken = was_taken, trouble = NULL FROM exchange_peer p
    WHERE o.id = of_package AND o.received_at IS NULL AND p.id = o.peer_id AND p.sign = of_sign;
    RETURN FOUND;
END $$;

CREATE FUNCTION auth.exchange_failed(of_package uuid, of_code text, again timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN UPDATE exchange_outbox SET trouble = of_code, next_at = again WHERE id = of_package AND received_at IS NULL; END $$;

GRANT EXECUTE ON FUNCTION auth.public_units(), auth.exchange_own(), auth.exchange_make_own(uuid, bytea), auth.exchange_served(),
    auth.exchange_propose(uuid, text, text, bytea, bytea, int8multirange, timestamptz), auth.exchange_confirm(uuid, timestamptz),
    auth.exchange_revoke(uuid, timestamptz), auth.exchange_sender(bytea), auth.exchange_receipt(uuid, uuid),
    auth.exchange_keep(uuid, uuid, uuid, text, text, bytea, timestamptz), auth.exchange_case_of(bytea, uuid),
    auth.exchange_take(uuid, uuid, uuid, uuid, bigint, text, text, text, text, uuid, uuid, bigint, text, bytea,
        text, date, integer, date, boolean, text, timestamptz),
    auth.exchange_take_paper(uuid, uuid, text, text, text, bytea, timestamptz),
    auth.exchange_hear(bytea, uuid, uuid, text, text, uuid, bytea, text, text, date, integer, date, boolean, text, timestamptz),
    auth.exchange_decide(uuid, uuid, text, text, date, text, bytea, timestamptz), auth.exchange_count(uuid, integer),
    auth.exchange_refuse(uuid, text, timestamptz), auth.exchange_waiting(timestamptz, timestamptz),
    auth.exchange_received(bytea, uuid, text, timestamptz), auth.exchange_failed(uuid, text, timestamptz)
    TO hutong_app;
