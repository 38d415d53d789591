-- What a status costs that a ledger brings, without a rule less. The foreign key looked up one file after the other, and
-- marked each as held; now a statement looks them all up at once, and holds those alone that others can hold: not what its
-- own transaction has just registered, which nobody else sees.
ALTER TABLE registry_span DROP CONSTRAINT registry_span_child_id_fkey;

-- By index, however few children the planner believes there are: of a ledger that is coming in it has counted none.
CREATE OR REPLACE FUNCTION auth.refuse_overlap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed c LEFT JOIN registry_child f ON f.id = c.child_id WHERE f.id IS NULL) THEN
        RAISE EXCEPTION 'a status of no child on file'
            USING ERRCODE = 'foreign_key_violation', TABLE = 'registry_span', CONSTRAINT = 'registry_span_child_id_fkey';
    END IF;
    -- Waits for whoever holds one of the files; what comes after looks anew.
    PERFORM 1 FROM registry_child f
    WHERE f.id IN (SELECT c.child_id FROM changed c) AND f.xmin <> pg_current_xact_id()::xid
    ORDER BY f.id FOR KEY SHARE;
    IF NOT EXISTS (SELECT 1 FROM changed c JOIN registry_span ended ON ended.child_id = c.child_id AND ended.to_day IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT 1 FROM changed c
        JOIN registry_span ended ON ended.child_id = c.child_id AND ended.to_day IS NOT NULL
        JOIN registry_span open ON open.child_id = c.child_id AND open.status_group = ended.status_group AND open.to_day IS NULL
        WHERE ended.to_day > greatest(ended.from_day, open.from_day)
    ) THEN
        RAISE EXCEPTION 'statuses of one group overlap'
            USING ERRCODE = 'exclusion_violation', TABLE = 'registry_span', CONSTRAINT = 'registry_span_no_overlap';
    END IF;
    RETURN NULL;
END $$;
