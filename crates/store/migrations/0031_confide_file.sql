-- A colleague let know of a sealed child. Before, that went with an application alone: a child from a ledger stayed with the one
-- officer who had entered it, and nobody was there to approve what it is paid.

-- Whether this session answers for the sealed status of a child that it sees.
CREATE FUNCTION auth.knows(child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ BEGIN RETURN auth.sees(child) AND auth.is_paid_sealed(child) AND child = ANY (ARRAY(SELECT auth.named())); END $$;

-- Who answers for it, for one of them.
CREATE FUNCTION auth.named_for(child uuid) RETURNS TABLE (officer_id uuid, name text)
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT auth.knows(child) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT o.id, o.name FROM registry_named_officer n JOIN organisation_officer o ON o.id = n.officer_id
    WHERE n.child_id = child ORDER BY o.name, o.id;
END $$;

-- A named officer lets a colleague of the same unit know of a sealed child.
CREATE FUNCTION auth.confide_file(child uuid, colleague uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    here uuid := auth.casework_unit();
BEGIN
    IF here IS NULL OR NOT auth.knows(child)
       OR NOT EXISTS (SELECT 1 FROM organisation_appointment a JOIN auth.role r ON r.code = a.role AND r.sees_sealed
                      WHERE a.officer_id = colleague AND a.unit_id = here
                        AND a.from_day <= auth.today() AND (a.to_day IS NULL OR a.to_day >= auth.today())) THEN
        RETURN false;
    END IF;
    INSERT INTO registry_named_officer (child_id, officer_id) VALUES (child, colleague) ON CONFLICT DO NOTHING;
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION auth.named_for(uuid), auth.confide_file(uuid, uuid) TO hutong_app;
