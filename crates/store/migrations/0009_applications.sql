-- Applications: from any town to a decision of the household county.
--
-- Reach: until its child is on file, an application is seen by the unit that takes it in and by those whose reach contains
-- the household; afterwards by whoever sees the child, an accepting town elsewhere by a grant that ends with the case. A
-- sealed application is known to its named officers alone: they are named for the application's own id, as for a child's.

CREATE SEQUENCE applications_number;
-- A gap in the numbers of the others would tell of a sealed one.
CREATE SEQUENCE applications_sealed_number;
GRANT USAGE ON SEQUENCE applications_number, applications_sealed_number TO hutong_app;

CREATE TABLE applications_application (
    id             uuid PRIMARY KEY,
    number         text NOT NULL UNIQUE,
    matter         text NOT NULL CHECK (matter IN ('recognition', 'change', 'termination')),
    category       text NOT NULL CHECK (category IN ('institution_orphan', 'scattered_orphan', 'aids_affected', 'de_facto_unattended', 'key_hardship')),
    sealed         boolean NOT NULL GENERATED ALWAYS AS (category = 'aids_affected') STORED,
    ends_on        date,
    path           text NOT NULL CHECK (path IN ('within_county', 'provincewide', 'nationwide', 'home', 'sealed')),
    stage          text NOT NULL CHECK (stage IN ('draft', 'submitted', 'noticed', 'resubmitted', 'accepted', 'forwarded', 'verified', 'not_verified',
                       'proposed', 'returned', 'confirmed', 'refused', 'told', 'objected', 'closed', 'withdrawn')),
    accepting_unit uuid NOT NULL REFERENCES organisation_unit,
    verifying_unit uuid NOT NULL REFERENCES organisation_unit,
    deciding_unit  uuid NOT NULL REFERENCES organisation_unit,
    -- Who deals with it now: what lists are drawn by.
    owner_unit     uuid REFERENCES organisation_unit,
    household      bigint NOT NULL,
    child_id       uuid REFERENCES registry_child,
    merged_from    uuid REFERENCES registry_child,
    grant_id       uuid REFERENCES registry_grant,
    child_name     text NOT NULL CHECK (child_name <> ''),
    stated         sealed NOT NULL,
    leg            text CHECK (leg IN ('accept', 'supplement', 'verify', 'confirm', 'tell', 'object', 'review')),
    began          date,
    days           integer CHECK (days >= 0),
    due            date,
    provisional    boolean,
    calendar       text,
    verifier_id    uuid REFERENCES organisation_officer,
    proposer_id    uuid REFERENCES organisation_officer,
    proposed       text CHECK (proposed IN ('grant', 'refuse')),
    decider_id     uuid REFERENCES organisation_officer,
    decided        text CHECK (decided IN ('grant', 'refuse')),
    opened_at      timestamptz NOT NULL,
    version        integer NOT NULL DEFAULT 1,
    CHECK ((matter = 'termination') = (ends_on IS NOT NULL)),
    CHECK ((category = 'aids_affected') = (path = 'sealed')),
    -- Nothing is ownerless before its end, and from the submission on a clock runs.
    CHECK ((owner_unit IS NULL) = (stage IN ('closed', 'withdrawn'))),
    CHECK (owner_unit IN (accepting_unit, verifying_unit, deciding_unit)),
    CHECK ((leg IS NULL) = (stage IN ('draft', 'closed', 'withdrawn'))),
    CHECK (num_nulls(leg, began, days, due, provisional, calendar) IN (0, 6)),
    -- Three people.
    CHECK ((proposer_id IS NULL) = (proposed IS NULL)),
    CHECK (proposer_id <> verifier_id),
    CHECK (decider_id <> verifier_id AND decider_id <> proposer_id),
    CHECK (stage NOT IN ('confirmed', 'refused') OR num_nulls(verifier_id, proposer_id, decider_id, decided) = 0),
    CHECK (stage <> 'confirmed' OR (proposed = 'grant' AND decided = 'grant')),
    CHECK (stage <> 'confirmed' OR child_id IS NOT NULL)
);
COMMENT ON COLUMN applications_application.due IS 'the last day in time of the running leg; provisional: counted by weekdays beyond the last published calendar';
CREATE INDEX applications_application_owner ON applications_application (owner_unit, due) WHERE owner_unit IS NOT NULL;
CREATE INDEX applications_application_accepting ON applications_application (accepting_unit);
CREATE INDEX applications_application_household ON applications_application (household);
CREATE INDEX applications_application_provisional ON applications_application (due) WHERE provisional;
-- One open application a child; a sealed one stands beside it unseen, and one that came with a doubled file as well.
CREATE UNIQUE INDEX applications_application_open ON applications_application (child_id, sealed)
    WHERE child_id IS NOT NULL AND merged_from IS NULL AND stage NOT IN ('closed', 'withdrawn');
COMMENT ON COLUMN applications_application.merged_from IS 'the double whose file was joined to its child''s: what hung on that hangs on the file that is kept';
CREATE INDEX applications_application_child ON applications_application (child_id) WHERE child_id IS NOT NULL;

-- What was done, by whom, and why.
CREATE TABLE applications_step (
    id             uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications_application,
    act            text NOT NULL,
    stage          text NOT NULL,
    at             timestamptz NOT NULL,
    officer_id     uuid NOT NULL REFERENCES organisation_officer,
    unit_id        uuid NOT NULL REFERENCES organisation_unit,
    reason         sealed,
    outcome        text CHECK (outcome IN ('grant', 'refuse')),
    leg            text,
    due            date
);
COMMENT ON COLUMN applications_step.stage IS 'the stage it led to';
CREATE INDEX applications_step_application ON applications_step (application_id);

-- The checklist: a paper by its code, how it was seen, and its scan where there is one.
CREATE TABLE applications_paper (
    id             uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications_application,
    code           text NOT NULL CHECK (code <> ''),
    state          text NOT NULL CHECK (state IN ('received', 'checked', 'missing')),
    media_type     text,
    content        sealed,
    noted_at       timestamptz NOT NULL,
    noted_by       uuid NOT NULL REFERENCES organisation_officer,
    UNIQUE (application_id, code),
    CHECK ((media_type IS NULL) = (content IS NULL))
);

-- A decision, with everything it rests on, so that it can be made again from the same facts.
CREATE TABLE applications_decision (
    id             uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications_application,
    outcome        text NOT NULL CHECK (outcome IN ('grant', 'refuse')),
    decided_on     date NOT NULL,
    rulebook       text NOT NULL CHECK (rulebook <> ''),
    grounds        sealed NOT NULL,
    verifier_id    uuid NOT NULL REFERENCES organisation_officer,
    proposer_id    uuid NOT NULL REFERENCES organisation_officer,
    decider_id     uuid NOT NULL REFERENCES organisation_officer,
    at             timestamptz NOT NULL,
    CHECK (proposer_id <> verifier_id AND decider_id <> verifier_id AND decider_id <> proposer_id)
);
COMMENT ON COLUMN applications_decision.grounds IS 'the facts, what the rulebook says of them with its citations, and the reasons given';
CREATE INDEX applications_decision_application ON applications_decision (application_id);
ALTER TABLE registry_span ADD CONSTRAINT registry_span_decision FOREIGN KEY (decision_id) REFERENCES applications_decision;
CREATE INDEX registry_span_decision ON registry_span (decision_id) WHERE decision_id IS NOT NULL;

-- The unit of this session where its role sees children.
CREATE FUNCTION auth.casework_unit() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT w.unit_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.sees_children); END $$;

-- Whoever verifies, proposes or decides does it in his own name, whatever the program says.
CREATE FUNCTION auth.own_hand() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF (NEW.verifier_id IS DISTINCT FROM OLD.verifier_id AND NEW.verifier_id <> auth.officer())
       OR (NEW.proposer_id IS DISTINCT FROM OLD.proposer_id AND NEW.proposer_id <> auth.officer())
       OR (NEW.decider_id IS DISTINCT FROM OLD.decider_id AND NEW.decider_id <> auth.officer()) THEN
        RAISE EXCEPTION 'in another officer''s name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_hand BEFORE UPDATE ON applications_application FOR EACH ROW EXECUTE FUNCTION auth.own_hand();

-- Applications go with their child's file when it is joined to another, and come back when it is parted.
CREATE FUNCTION auth.follow_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF NEW.merged_into IS NOT NULL THEN
        UPDATE applications_application SET child_id = NEW.merged_into, merged_from = NEW.id WHERE child_id = NEW.id AND merged_from IS NULL;
    ELSE
        UPDATE applications_application SET child_id = NEW.id, merged_from = NULL WHERE merged_from = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_merge AFTER UPDATE OF merged_into ON registry_person
    FOR EACH ROW WHEN (OLD.merged_into IS DISTINCT FROM NEW.merged_into) EXECUTE FUNCTION auth.follow_merge();

-- Ends the look that an accepting unit was given, once its application is at its end. The unit itself may not touch it.
CREATE FUNCTION auth.end_application_grant(application uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    UPDATE registry_grant g SET until_day = auth.today() - 1 FROM applications_application a
    WHERE a.id = application AND g.id = a.grant_id AND a.stage IN ('closed', 'withdrawn') AND g.until_day >= auth.today();
END $$;

-- A named officer lets a colleague of the same unit know of a sealed application.
CREATE FUNCTION auth.confide_application(application uuid, colleague uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    here uuid := auth.casework_unit();
BEGIN
    IF here IS NULL OR NOT application = ANY (ARRAY(SELECT auth.named()))
       OR NOT EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application AND a.sealed AND a.deciding_unit = here)
       OR NOT EXISTS (SELECT 1 FROM organisation_appointment a JOIN auth.role r ON r.code = a.role AND r.sees_sealed
                      WHERE a.officer_id = colleague AND a.unit_id = here
                        AND a.from_day <= auth.today() AND (a.to_day IS NULL OR a.to_day >= auth.today())) THEN
        RETURN false;
    END IF;
    INSERT INTO registry_named_officer (child_id, officer_id) VALUES (application, colleague) ON CONFLICT DO NOTHING;
    PERFORM auth.confide_child(application);
    RETURN true;
END $$;

-- Whoever is named for a sealed application is named for its child as well, once that is on file.
CREATE FUNCTION auth.confide_child(application uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    INSERT INTO registry_named_officer (child_id, officer_id)
    SELECT a.child_id, n.officer_id FROM applications_application a JOIN registry_named_officer n ON n.child_id = a.id
    WHERE a.id = application AND a.sealed AND a.child_id IS NOT NULL AND a.id = ANY (ARRAY(SELECT auth.named()))
    ON CONFLICT DO NOTHING;
END $$;

-- A journal entry about an application is as hidden as the child it is for.
CREATE OR REPLACE FUNCTION auth.is_hidden(subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (
    SELECT EXISTS (
        SELECT 1 FROM registry_person p
        WHERE p.id = ANY (ARRAY[subject, (SELECT w.child_id FROM registry_work_item w WHERE w.id = subject),
                                (SELECT a.child_id FROM applications_application a WHERE a.id = subject)])
          AND p.sealed AND p.id <> ALL (ARRAY(SELECT auth.named()))));
END $$;
GRANT EXECUTE ON FUNCTION auth.casework_unit(), auth.end_application_grant(uuid), auth.confide_application(uuid, uuid), auth.confide_child(uuid) TO hutong_app;

ALTER TABLE applications_application ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON applications_application USING (
    CASE WHEN sealed THEN household <@ (SELECT auth.reach()) AND id = ANY (ARRAY(SELECT auth.named()))
         WHEN child_id IS NULL THEN household <@ (SELECT auth.reach()) OR accepting_unit = (SELECT auth.casework_unit())
         ELSE EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) END);
-- An officer opens applications for the own unit, and as drafts.
CREATE POLICY open ON applications_application AS RESTRICTIVE FOR INSERT
    WITH CHECK (accepting_unit = (SELECT auth.casework_unit()) AND stage = 'draft'
        AND num_nonnulls(verifier_id, proposer_id, decider_id) = 0);
GRANT SELECT, INSERT, UPDATE (stage, owner_unit, child_id, grant_id, child_name, stated, leg, began, days, due, provisional, calendar,
    verifier_id, proposer_id, proposed, decider_id, decided, version) ON applications_application TO hutong_app;

ALTER TABLE applications_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON applications_step USING (EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id))
    WITH CHECK (officer_id = (SELECT auth.officer()) AND EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id));
GRANT SELECT, INSERT ON applications_step TO hutong_app;

ALTER TABLE applications_paper ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON applications_paper USING (EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id));
GRANT SELECT, INSERT, UPDATE (state, media_type, content, noted_at, noted_by) ON applications_paper TO hutong_app;

ALTER TABLE applications_decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON applications_decision USING (EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id))
    WITH CHECK (decider_id = (SELECT auth.officer()) AND EXISTS (SELECT 1 FROM applications_application a WHERE a.id = application_id));
GRANT SELECT, INSERT ON applications_decision TO hutong_app;
