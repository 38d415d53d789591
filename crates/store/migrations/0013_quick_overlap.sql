-- Whether statuses overlap is asked only where a changed child has an ended one. As it was planned before, every
-- statement of an import read all open statuses on file to find those of its two thousand children.
CREATE OR REPLACE FUNCTION auth.refuse_overlap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
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
