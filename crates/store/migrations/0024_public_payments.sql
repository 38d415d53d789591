-- A guardian reads by the code of the application what the child is paid: the lines of released batches to the guardian, and
-- how far their money has come. Nothing of a home's account, and nothing that is sealed.
CREATE FUNCTION auth.public_payments(of_code bytea, of_id_end bytea, at timestamptz)
RETURNS TABLE (pay_month date, for_month date, kind smallint, amount_fen bigint, state text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    t auth.ticket;
    child uuid;
BEGIN
    SELECT * INTO t FROM auth.ticket k WHERE k.code = of_code;
    IF t.id_end IS DISTINCT FROM of_id_end OR t.expires_at <= at THEN
        RETURN;
    END IF;
    SELECT coalesce(p.merged_into, p.id) INTO child
    FROM applications_application a JOIN registry_person p ON p.id = a.child_id WHERE a.id = t.application_id;
    RETURN QUERY
    SELECT l.pay_month, l.for_month, l.kind, l.amount_fen, s.state
    FROM allowances_line l
    JOIN allowances_batch b ON b.id = l.batch_id AND b.released_at IS NOT NULL
    LEFT JOIN allowances_claim_state s ON s.batch_id = l.batch_id AND s.payee = l.payee AND s.child_id = l.child_id
    WHERE l.child_id IN (SELECT child UNION ALL SELECT p.id FROM registry_person p WHERE p.merged_into = child)
      AND l.payee = 0 AND NOT l.sealed AND l.pay_month > at - interval '2 years'
    ORDER BY l.pay_month DESC, l.for_month DESC, l.number;
END $$;
GRANT EXECUTE ON FUNCTION auth.public_payments(bytea, bytea, timestamptz) TO hutong_public;
