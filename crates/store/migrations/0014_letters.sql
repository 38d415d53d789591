-- Decision letters: the words a decision was told in are kept with its grounds; here it gets its number (文号).

ALTER TABLE applications_decision ADD COLUMN number text CHECK (number <> '');
COMMENT ON COLUMN applications_decision.number IS 'counted in each office and year; none for a decision from before letters';

-- The next number of this session's unit in a year, for a decision on this application; sealed ones are counted by
-- themselves. Decisions are never deleted, so counting them leaves no gap; until the work ends nobody else counts.
CREATE FUNCTION auth.next_letter(application uuid, of_year integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    here uuid := auth.casework_unit();
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('letters ' || here, 0));
    RETURN (SELECT count(d.id) + 1 FROM applications_application a
            LEFT JOIN applications_application o ON o.deciding_unit = a.deciding_unit AND o.sealed = a.sealed
            LEFT JOIN applications_decision d ON d.application_id = o.id AND extract(year FROM d.decided_on) = of_year
            WHERE a.id = application AND a.deciding_unit = here);
END $$;
GRANT EXECUTE ON FUNCTION auth.next_letter(uuid, integer) TO hutong_app;
