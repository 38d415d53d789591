-- The lines that were there stand, and no partition says whose a line is.
DO $$
DECLARE
    before bigint := (SELECT count(*) FROM allowances_line);
BEGIN
    IF EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'month'::regnamespace AND a.atthasdef) THEN
        RAISE EXCEPTION 'a partition says whose its lines are';
    END IF;
    IF before = 0 THEN
        RAISE EXCEPTION 'there are no lines to stand';
    END IF;
END $$;
