-- Files that were joined: what was confirmed of a child says nothing of what was joined to it later, and what a double's file
-- knows of other benefits is known of the child.
--
-- Reach: as confirmations, and as the children whom the session's unit answers for.
-- Invariant: a confirmation stands while the files are joined as they were when it was made; parted again, what stood before
-- stands again.

ALTER TABLE allowances_confirmation ADD COLUMN merge_id uuid REFERENCES registry_merge;
COMMENT ON COLUMN allowances_confirmation.merge_id IS 'the last file that was joined to the child''s by then';
UPDATE allowances_confirmation c SET merge_id =
    (SELECT m.id FROM registry_merge m WHERE m.child_id = c.child_id AND m.undone_at IS NULL AND m.done_at <= c.confirmed_at
     ORDER BY m.done_at DESC, m.id DESC LIMIT 1);
ALTER TABLE allowances_confirmation DROP CONSTRAINT allowances_confirmation_child_id_quarter_key;
ALTER TABLE allowances_confirmation ADD CONSTRAINT allowances_confirmation_once UNIQUE NULLS NOT DISTINCT (child_id, quarter, merge_id);

CREATE OR REPLACE FUNCTION auth.seal_confirmation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    NEW.sealed := auth.is_paid_sealed(NEW.child_id)
        AND NOT EXISTS (SELECT 1 FROM registry_span WHERE child_id = NEW.child_id AND status_group = 0 AND to_day IS NULL);
    NEW.merge_id := (SELECT m.id FROM registry_merge m WHERE m.child_id = NEW.child_id AND m.undone_at IS NULL ORDER BY m.done_at DESC, m.id DESC LIMIT 1);
    RETURN NEW;
END $$;

-- Confirmations that stand.
CREATE VIEW allowances_confirmed WITH (security_invoker = true) AS
    SELECT c.id, c.child_id, c.quarter, c.confirmed_by, c.confirmed_at FROM allowances_confirmation c
    WHERE c.merge_id IS NOT DISTINCT FROM
        (SELECT m.id FROM registry_merge m WHERE m.child_id = c.child_id AND m.undone_at IS NULL ORDER BY m.done_at DESC, m.id DESC LIMIT 1);
GRANT SELECT ON allowances_confirmed TO hutong_app;

-- What the children whom the session's unit answers for draw beside their allowances, by their own files or by those that were
-- joined to them, as far as it may know of it. It stands above the policies, which show no file that was joined to another.
CREATE VIEW allowances_benefit WITH (security_barrier) AS
    SELECT p.id AS child_id, f.code AS benefit, f.from_month, f.to_month, f.known, f.id
    FROM allowances_fact f
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) m ON m.id = f.child_id
    JOIN registry_person p ON p.id = coalesce(m.merged_into, f.child_id)
    WHERE f.kind = 'benefit' AND p.merged_into IS NULL
      AND (p.household_division <@ (SELECT auth.reach()) OR p.id IN (SELECT auth.housed()))
      AND (NOT (p.sealed OR f.sealed) OR p.id IN (SELECT auth.named()));
GRANT SELECT ON allowances_benefit TO hutong_app;
