-- What a month's batch comes to, for those who see money and no child, and how it differs from the one before.

-- Whether this session sees a batch: what the policy of allowances_batch says, for functions that stand above it.
CREATE FUNCTION auth.sees_batch(batch uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN coalesce((
        SELECT CASE WHEN b.sealed THEN b.unit_id = (SELECT auth.sealed_money_unit()) OR b.unit_id = (SELECT auth.releasing_unit())
                    ELSE (SELECT auth.sees_money()) AND auth.unit_serves(b.unit_id) <@ (SELECT auth.unit_reach()) END
        FROM allowances_batch b WHERE b.id = batch), false);
END $$;

-- The batch by town, class, kind and payee. Of a sealed batch neither town nor class is told: it stands under one heading.
CREATE FUNCTION auth.batch_totals(batch uuid)
RETURNS TABLE (place bigint, class smallint, kind smallint, payee smallint, lines bigint, children bigint, amount_fen bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT auth.sees_batch(batch) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT g.place, g.class, g.kind, g.payee, count(*), count(DISTINCT g.child_id), sum(g.amount_fen)::bigint FROM (
        SELECT CASE WHEN l.sealed THEN NULL ELSE l.place - l.place % 1000 END AS place, CASE WHEN l.sealed THEN NULL ELSE l.class END AS class,
               l.kind, l.payee, l.child_id, l.amount_fen
        FROM allowances_batch b JOIN allowances_line l ON l.pay_month = b.pay_month AND l.batch_id = b.id WHERE b.id = batch
    ) g
    GROUP BY g.place, g.class, g.kind, g.payee;
END $$;

-- How the batch differs from the one before it of the same unit and seal: parts that add up to the difference of the two
-- totals. The pay month itself is new, ended, in another class or at another amount; arrears and recoveries come and go.
CREATE FUNCTION auth.batch_differences(batch uuid) RETURNS TABLE (code text, children bigint, amount_fen bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    this allowances_batch;
    former allowances_batch;
BEGIN
    IF NOT auth.sees_batch(batch) THEN
        RETURN;
    END IF;
    SELECT * INTO this FROM allowances_batch b WHERE b.id = batch;
    SELECT * INTO former FROM allowances_batch b WHERE b.unit_id = this.unit_id AND b.sealed = this.sealed AND b.pay_month < this.pay_month
        ORDER BY b.pay_month DESC LIMIT 1;
    RETURN QUERY
    WITH now AS (
        SELECT l.child_id, max(l.class) FILTER (WHERE l.kind = 0) AS class, coalesce(sum(l.amount_fen) FILTER (WHERE l.kind = 0), 0) AS regular,
               coalesce(sum(l.amount_fen) FILTER (WHERE l.kind = 1), 0) AS arrears, coalesce(sum(l.amount_fen) FILTER (WHERE l.kind = 2), 0) AS recovery
        FROM allowances_line l WHERE l.pay_month = this.pay_month AND l.batch_id = this.id GROUP BY 1
    ), was AS (
        SELECT l.child_id, max(l.class) FILTER (WHERE l.kind = 0) AS class, coalesce(sum(l.amount_fen) FILTER (WHERE l.kind = 0), 0) AS regular,
               coalesce(sum(l.amount_fen) FILTER (WHERE l.kind = 1), 0) AS arrears, coalesce(sum(l.amount_fen) FILTER (WHERE l.kind = 2), 0) AS recovery
        FROM allowances_line l WHERE l.pay_month = former.pay_month AND l.batch_id = former.id GROUP BY 1
    ), both_months AS (
        SELECT now.class, was.class AS old_class, coalesce(now.regular, 0) AS regular, coalesce(was.regular, 0) AS old_regular,
               coalesce(now.arrears, 0) - coalesce(was.arrears, 0) AS arrears, coalesce(now.recovery, 0) - coalesce(was.recovery, 0) AS recovery
        FROM now FULL JOIN was ON was.child_id = now.child_id
    ), parts AS (
        SELECT CASE WHEN old_regular = 0 THEN 'new' WHEN regular = 0 THEN 'ended' WHEN class <> old_class THEN 'class' ELSE 'amount' END AS code,
               regular - old_regular AS fen FROM both_months
        UNION ALL SELECT 'arrears', arrears FROM both_months
        UNION ALL SELECT 'recovery', recovery FROM both_months
    )
    SELECT p.code, count(*), sum(p.fen)::bigint FROM parts p WHERE p.fen <> 0 GROUP BY p.code ORDER BY p.code;
END $$;

GRANT EXECUTE ON FUNCTION auth.sees_batch(uuid), auth.batch_totals(uuid), auth.batch_differences(uuid) TO hutong_app;
