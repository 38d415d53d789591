-- 保障标准: dated rates of allowances that an office publishes beside those of the rulebook.
--
-- Reach: rates are public and hold nothing of a person; every session reads them. They are written for places of the own
-- unit alone, by posts that propose and posts that publish.
-- Invariant: two persons publish; what was published, refused or withdrawn is never changed and never removed. A rate is
-- known from the moment it is published on, and no month that was prepared before knew it.

ALTER TABLE auth.role
    ADD COLUMN weighs              boolean NOT NULL DEFAULT false,
    ADD COLUMN proposes_standards  boolean NOT NULL DEFAULT false,
    ADD COLUMN publishes_standards boolean NOT NULL DEFAULT false;
UPDATE auth.role SET weighs = code IN ('county_officer', 'county_approver', 'city_officer', 'city_approver'),
                     proposes_standards = code IN ('county_officer', 'city_officer'),
                     publishes_standards = code IN ('county_approver', 'city_approver');

CREATE TABLE allowances_standard (
    id              uuid PRIMARY KEY,
    unit_id         uuid NOT NULL REFERENCES organisation_unit,
    class           text NOT NULL CHECK (class IN ('institution_orphan', 'scattered_orphan', 'aids_affected', 'de_facto_unattended', 'key_hardship')),
    place           bigint NOT NULL CHECK (place BETWEEN 0 AND 999999999999),
    monthly_fen     bigint NOT NULL CHECK (monthly_fen BETWEEN 1 AND 10000000),
    from_month      date NOT NULL CHECK (extract(day FROM from_month) = 1 AND extract(year FROM from_month) BETWEEN 2000 AND 2099),
    document_number text CHECK (document_number <> ''),
    document_title  text NOT NULL CHECK (document_title <> ''),
    document_day    date,
    state           text NOT NULL CHECK (state IN ('proposed', 'published', 'refused', 'withdrawn')),
    proposed_by     uuid NOT NULL REFERENCES organisation_officer,
    proposed_at     timestamptz NOT NULL,
    decided_by      uuid REFERENCES organisation_officer,
    decided_at      timestamptz,
    verified        boolean,
    reason          text CHECK (reason <> ''),
    CHECK (num_nulls(decided_by, decided_at) = CASE state WHEN 'proposed' THEN 2 ELSE 0 END),
    -- Persons, not posts: an officer is the same under every appointment.
    CHECK (state NOT IN ('published', 'refused') OR decided_by <> proposed_by),
    CHECK ((verified IS NOT NULL) = (state = 'published')),
    CHECK ((reason IS NOT NULL) = (state = 'refused')),
    CHECK (decided_at >= proposed_at)
);
COMMENT ON COLUMN allowances_standard.decided_at IS 'of a published one the moment from which on it is known';
COMMENT ON COLUMN allowances_standard.verified IS 'whether the publisher compared amount and document';
CREATE UNIQUE INDEX allowances_standard_waiting ON allowances_standard (class, place, from_month) WHERE state = 'proposed';
CREATE INDEX allowances_standard_published ON allowances_standard (decided_at) WHERE state = 'published';

-- The unit for which this session proposes standards, or publishes them.
CREATE FUNCTION auth.standards_unit(publishing boolean) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (SELECT w.unit_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role
            WHERE CASE WHEN publishing THEN r.publishes_standards ELSE r.proposes_standards END);
END $$;

-- The divisions whose children this session weighs a standard for.
CREATE FUNCTION auth.weighing_reach() RETURNS int8multirange
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN (SELECT coalesce((SELECT w.serves FROM auth.whoami() w JOIN auth.role r ON r.code = w.role WHERE r.weighs), '{}')); END $$;

-- Whether a month was prepared by what was known later than this: a rate published as of then would not have been known to it.
CREATE FUNCTION auth.is_known_later(moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM allowances_batch WHERE known_at > moment); END $$;

CREATE FUNCTION auth.guard_standard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF OLD.state <> 'proposed' THEN
        RAISE EXCEPTION 'what is decided stays' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'proposed' OR NEW.decided_by IS DISTINCT FROM auth.officer()
       OR OLD.unit_id IS DISTINCT FROM auth.standards_unit(NEW.state <> 'withdrawn') THEN
        RAISE EXCEPTION 'not this officer''s to decide' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Runs and publications go one after another, so that whoever knows what a run knew can make it again.
    IF NEW.state = 'published' AND (NOT auth.holds_months() OR auth.is_known_later(NEW.decided_at)) THEN
        RAISE EXCEPTION 'a month was prepared meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_standard BEFORE UPDATE ON allowances_standard FOR EACH ROW EXECUTE FUNCTION auth.guard_standard();
CREATE TRIGGER keep_committed BEFORE DELETE ON allowances_standard FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();

GRANT EXECUTE ON FUNCTION auth.standards_unit(boolean), auth.weighing_reach(), auth.is_known_later(timestamptz) TO hutong_app;

ALTER TABLE allowances_standard ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON allowances_standard FOR SELECT USING ((SELECT auth.officer()) IS NOT NULL);
CREATE POLICY propose ON allowances_standard FOR INSERT WITH CHECK (
    state = 'proposed' AND proposed_by = (SELECT auth.officer()) AND unit_id = (SELECT auth.standards_unit(false)) AND place <@ (SELECT auth.unit_reach()));
CREATE POLICY decide ON allowances_standard FOR UPDATE USING (
    unit_id = (SELECT auth.standards_unit(true)) OR unit_id = (SELECT auth.standards_unit(false)));
GRANT SELECT, INSERT, UPDATE (state, decided_by, decided_at, verified, reason) ON allowances_standard TO hutong_app;

-- Children within reach as a standard is weighed, with the month from which on their county pays here. They stand above the
-- policies and say once whom the session sees; what is sealed is in none of them, whoever asks.
CREATE VIEW allowances_weighed WITH (security_barrier) AS
    SELECT p.id AS child_id, p.birth, p.household_division AS place, c.from_month
    FROM registry_person p
    LEFT JOIN (SELECT u.serves, s.from_month FROM allowances_series s JOIN organisation_unit u ON u.id = s.unit_id WHERE NOT s.sealed) c
        ON p.household_division <@ c.serves
    WHERE p.merged_into IS NULL AND p.birth IS NOT NULL AND p.household_division <@ (SELECT auth.weighing_reach())
      AND p.id IN (SELECT s.child_id FROM registry_span s WHERE s.status_group <> 1 AND NOT s.sealed);

CREATE VIEW allowances_weighed_span WITH (security_barrier) AS
    SELECT c.child_id, s.category, s.from_day, s.to_day, s.known, s.end_known
    FROM registry_span s JOIN allowances_weighed c ON c.child_id = s.child_id
    WHERE s.status_group <> 1 AND NOT s.sealed AND (s.to_day IS NULL OR s.to_day > s.from_day);

CREATE VIEW allowances_weighed_fact WITH (security_barrier) AS
    SELECT c.child_id, f.id, f.kind, f.known, f.on_day, f.from_month, f.to_month, f.code, f.monthly_fen, f.from_place, f.to_place
    FROM allowances_fact f
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) m ON m.id = f.child_id
    JOIN allowances_weighed c ON c.child_id = coalesce(m.merged_into, f.child_id)
    WHERE NOT f.sealed AND (m.id IS NULL OR f.kind <> 'moved');
GRANT SELECT ON allowances_weighed, allowances_weighed_span, allowances_weighed_fact TO hutong_app;
