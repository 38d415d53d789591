-- 标准文件扫描件: the document that sets a standard, as a scan beside the standard.
--
-- Reach: as the standard itself, which every session reads.
-- Invariant: whoever proposed a standard adds its scan, once, while nobody has decided on it. It is never changed and never
-- removed, so that what was looked at before the publication is what is on record.

CREATE TABLE allowances_standard_scan (
    standard_id uuid PRIMARY KEY REFERENCES allowances_standard,
    media_type  text NOT NULL CHECK (media_type <> ''),
    bytes       integer NOT NULL CHECK (bytes > 0),
    content     sealed NOT NULL,
    added_by    uuid NOT NULL REFERENCES organisation_officer,
    added_at    timestamptz NOT NULL
);
COMMENT ON COLUMN allowances_standard_scan.bytes IS 'the size of what was sealed';

-- A publication waits for a scan that is being added, and a scan finds what was decided meanwhile.
CREATE FUNCTION auth.guard_scan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    PERFORM 1 FROM allowances_standard s WHERE s.id = NEW.standard_id AND s.state = 'proposed' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'what is decided stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_scan BEFORE INSERT ON allowances_standard_scan FOR EACH ROW EXECUTE FUNCTION auth.guard_scan();
-- But for what is sealed, which is sealed anew when keys change.
CREATE TRIGGER keep_committed BEFORE DELETE OR UPDATE OF standard_id, media_type, bytes, added_by, added_at ON allowances_standard_scan
    FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();

ALTER TABLE allowances_standard_scan ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON allowances_standard_scan FOR SELECT USING ((SELECT auth.officer()) IS NOT NULL);
CREATE POLICY add ON allowances_standard_scan FOR INSERT WITH CHECK (added_by = (SELECT auth.officer()) AND EXISTS (
    SELECT 1 FROM allowances_standard s
    WHERE s.id = standard_id AND s.proposed_by = (SELECT auth.officer()) AND s.unit_id = (SELECT auth.standards_unit(false))));
GRANT SELECT, INSERT ON allowances_standard_scan TO hutong_app;

-- The same of recoveries: their reasons and notices could not be sealed anew.
DROP TRIGGER keep_committed ON allowances_recovery;
CREATE TRIGGER keep_committed
    BEFORE DELETE OR UPDATE OF id, pay_month, number, batch_id, unit_id, child_id, payee, home_id, amount_fen, sealed, confirmed_by, confirmed_at
    ON allowances_recovery FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_committed();
