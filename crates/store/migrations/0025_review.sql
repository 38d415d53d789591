-- 动态管理: the confirmation of each quarter that a child who draws an allowance is still one of its class and still here, and
-- lists of other departments that are compared with who is paid.
--
-- Reach: a confirmation is its child's. Where the child draws under a sealed class alone, it is its named officers'.
-- Invariant: one confirmation for a child and a quarter, by a post that answers for the child; it is never changed and never
-- removed. What is not confirmed stops nothing.

ALTER TABLE auth.role ADD COLUMN reviews boolean NOT NULL DEFAULT false;
UPDATE auth.role SET reviews = code IN ('child_supervisor', 'county_officer', 'home_staff');

CREATE TABLE allowances_confirmation (
    id           uuid PRIMARY KEY,
    child_id     uuid NOT NULL REFERENCES registry_child,
    quarter      date NOT NULL CHECK (extract(day FROM quarter) = 1 AND extract(month FROM quarter) IN (1, 4, 7, 10)),
    note         sealed,
    sealed       boolean NOT NULL DEFAULT false,
    confirmed_by uuid NOT NULL REFERENCES organisation_officer,
    confirmed_at timestamptz NOT NULL,
    UNIQUE (child_id, quarter)
);
COMMENT ON COLUMN allowances_confirmation.quarter IS 'its first day';
COMMENT ON COLUMN allowances_confirmation.sealed IS 'the child draws under a sealed class alone';

CREATE FUNCTION auth.seal_confirmation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    NEW.sealed := auth.is_paid_sealed(NEW.child_id)
        AND NOT EXISTS (SELECT 1 FROM registry_span WHERE child_id = NEW.child_id AND status_group = 0 AND to_day IS NULL);
    RETURN NEW;
END $$;
CREATE TRIGGER seal_confirmation BEFORE INSERT ON allowances_confirmation FOR EACH ROW EXECUTE FUNCTION auth.seal_confirmation();

-- Children who live with the session's unit.
CREATE FUNCTION auth.housed() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT l.child_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role AND r.sees_children
    JOIN registry_placement l ON l.unit_id = w.unit_id AND l.from_day <= auth.today() AND (l.to_day IS NULL OR l.to_day > auth.today());
END $$;

-- Whether this session's post answers for the child: by its household, or because it lives with the unit. A grant shows a
-- file, and no more.
CREATE FUNCTION auth.reviews(child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM auth.whoami() w JOIN auth.role r ON r.code = w.role AND r.reviews
                   JOIN registry_person p ON p.id = child AND p.merged_into IS NULL
                   WHERE (p.household_division <@ w.serves OR p.id IN (SELECT auth.housed()))
                     AND (NOT p.sealed OR p.id IN (SELECT auth.named())));
END $$;
GRANT EXECUTE ON FUNCTION auth.housed(), auth.reviews(uuid) TO hutong_app;

ALTER TABLE allowances_confirmation ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON allowances_confirmation USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))))
    WITH CHECK (auth.reviews(child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))) AND confirmed_by = (SELECT auth.officer()));
GRANT SELECT, INSERT ON allowances_confirmation TO hutong_app;

-- Cash classes of the children whom the session's unit answers for, as far as it may know of them, with the day of a stop on
-- record that was not struck out. It stands above the policies, which would look every child up again for every class, and
-- says once whom the session sees.
CREATE VIEW allowances_answered WITH (security_barrier) AS
    SELECT p.id AS child_id, p.name, p.household_division AS place, p.sealed, s.category, s.sealed AS of_sealed, s.from_day, s.to_day, t.stopped_on
    FROM registry_person p JOIN registry_span s ON s.child_id = p.id
    LEFT JOIN (
        SELECT f.child_id, max(f.on_day) AS stopped_on FROM allowances_fact f
        WHERE f.kind = 'stopped' AND (NOT f.sealed OR f.child_id IN (SELECT auth.named()))
          AND NOT EXISTS (SELECT 1 FROM allowances_fact r
                          WHERE r.child_id = f.child_id AND r.kind = 'revoked' AND r.code = 'stopped' AND r.on_day = f.on_day AND r.known > f.known)
        GROUP BY f.child_id) t ON t.child_id = p.id AND t.stopped_on >= s.from_day
    WHERE p.merged_into IS NULL AND s.status_group <> 1 AND (s.to_day IS NULL OR s.to_day > s.from_day)
      AND (p.household_division <@ (SELECT auth.reach()) OR p.id IN (SELECT auth.housed()))
      AND (NOT (p.sealed OR s.sealed) OR p.id IN (SELECT auth.named()));
GRANT SELECT ON allowances_answered TO hutong_app;

ALTER TABLE registry_job DROP CONSTRAINT registry_job_kind_check;
ALTER TABLE registry_job ADD CONSTRAINT registry_job_kind_check
    CHECK (kind IN ('ledger_import', 'national_comparison', 'department_comparison', 'children_export'));

-- A child beyond the age who stays because of study: the record of study that carries it ends.
ALTER TABLE applications_limit DROP CONSTRAINT applications_limit_kind_check;
ALTER TABLE applications_limit ADD CONSTRAINT applications_limit_kind_check
    CHECK (kind IN ('age', 'father_term', 'mother_term', 'study', 'study_end'));
