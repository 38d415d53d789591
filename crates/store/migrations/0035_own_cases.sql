-- An application stays before the units that deal with it, wherever its child moves meanwhile and whatever becomes of its file:
-- nobody's papers lie in a drawer.
--
-- Reach: as before, and the units that accept, verify and decide a case that is not sealed, of a child who is not. They read
-- what was stated to them; the child's file stays beyond them.
ALTER POLICY reach ON applications_application USING (
    CASE WHEN sealed THEN household <@ (SELECT auth.reach()) AND id = ANY (ARRAY(SELECT auth.named()))
         WHEN child_id IS NULL THEN household <@ (SELECT auth.reach()) OR accepting_unit = (SELECT auth.casework_unit())
             OR afar = 'deciding' AND EXISTS (SELECT 1 FROM organisation_unit u WHERE u.id = accepting_unit AND u.division <@ (SELECT auth.reach()))
         ELSE EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id)
             OR (SELECT auth.casework_unit()) IN (accepting_unit, verifying_unit, deciding_unit) AND NOT auth.is_hidden(child_id) END);

-- A case is linked to a file that its officer sees; what was linked stays so, though the file goes beyond him.
CREATE FUNCTION auth.link_within_reach() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF row_security_active('applications_application') AND NOT auth.sees(NEW.child_id) THEN
        RAISE EXCEPTION 'no such file within reach' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER link_within_reach BEFORE UPDATE OF child_id ON applications_application
    FOR EACH ROW WHEN (NEW.child_id IS NOT NULL AND NEW.child_id IS DISTINCT FROM OLD.child_id) EXECUTE FUNCTION auth.link_within_reach();
