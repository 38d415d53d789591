-- The demo city's figures, counted by the owner because nobody's reach contains the sealed child.
-- Granted to the program only while a demo is founded; in an office the function refuses whoever asks.

CREATE FUNCTION demo_figures(as_of date) RETURNS TABLE (key text, value bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF (SELECT kind FROM installation) IS DISTINCT FROM 'demo' THEN
        RAISE EXCEPTION 'figures without a reach are for the demo only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
        SELECT s.category, count(DISTINCT s.child_id) FROM registry_span s
        WHERE s.from_day <= as_of AND (s.to_day IS NULL OR s.to_day > as_of)
        GROUP BY s.category;
    RETURN QUERY
        SELECT CASE u.kind WHEN 'town' THEN 'towns' ELSE 'villages' END, count(*) FROM organisation_unit u
        WHERE u.kind IN ('town', 'village') AND u.counted GROUP BY u.kind;
    RETURN QUERY
        SELECT CASE a.role WHEN 'child_supervisor' THEN 'supervisors' ELSE 'directors' END, count(DISTINCT a.unit_id)
        FROM organisation_appointment a JOIN organisation_unit u ON u.id = a.unit_id
        WHERE a.role IN ('child_supervisor', 'child_director') AND u.counted AND a.from_day <= as_of AND (a.to_day IS NULL OR a.to_day >= as_of)
        GROUP BY a.role;
END $$;
