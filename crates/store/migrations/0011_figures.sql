-- Figures of two hundred thousand children while their reader waits. Under the policies of two tables the planner looks
-- every child up twice and takes each policy for a filter that lets next to nobody through; so these functions stand
-- above the policies and say once what those say. A test compares them with what the reader sees.

-- Children by class on a day, in the parts of a range of divisions: `bounds` are the first codes of the parts, ascending,
-- and behind the last the end. `holders` hold the class; `children` are those of them not counted under another class
-- of that part, so that the sum over the classes counts nobody twice. A child counts where its household is, or where it
-- lives if only that is within reach. What the session may not see, and what it sees by a grant alone, is not counted.
--
-- Large tables are joined whole: hashing them is right, whatever the planner guesses. Places are told apart when all is
-- counted, because the planner takes a reach for a filter that lets next to nobody through.
CREATE FUNCTION auth.count_children(bounds bigint[], on_day date) RETURNS TABLE (part bigint, category text, holders bigint, children bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
SET jit = off SET work_mem = '64MB' SET enable_nestloop = off SET enable_mergejoin = off SET enable_sort = off
SET parallel_tuple_cost = 0.01 SET parallel_setup_cost = 100
AS $$
#variable_conflict use_column
DECLARE
    reach int8multirange := auth.reach();
    named uuid[] := ARRAY(SELECT auth.named());
BEGIN
    IF isempty(reach) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT h.part, h.category, count(*), count(*) FILTER (WHERE NOT h.again) FROM (
        SELECT s.category, o.child_id IS NOT NULL AS again,
               bounds[width_bucket(CASE WHEN p.household_division <@ reach THEN p.household_division
                                        WHEN p.residence_division <@ reach THEN p.residence_division END, bounds)] AS part
        FROM registry_span s
        JOIN registry_person p ON p.id = s.child_id
        -- No two classes of a group are held on one day, so only another group's can count the child before.
        LEFT JOIN registry_span o ON s.status_group = 1 AND o.child_id = s.child_id AND o.status_group = 0
            AND o.from_day <= on_day AND (o.to_day IS NULL OR o.to_day > on_day)
        WHERE s.from_day <= on_day AND (s.to_day IS NULL OR s.to_day > on_day) AND NOT s.sealed
          AND p.merged_into IS NULL AND (NOT p.sealed OR p.id = ANY (named))
    ) h
    GROUP BY h.part, h.category
    UNION ALL
    -- The sealed ones are few, and fewer still are known to the reader.
    SELECT h.part, h.category, count(*), count(*) FILTER (WHERE NOT h.again) FROM (
        SELECT s.category,
               EXISTS (SELECT 1 FROM registry_span o WHERE o.child_id = s.child_id AND NOT o.sealed
                       AND o.from_day <= on_day AND (o.to_day IS NULL OR o.to_day > on_day)) AS again,
               bounds[width_bucket(CASE WHEN p.household_division <@ reach THEN p.household_division
                                        WHEN p.residence_division <@ reach THEN p.residence_division END, bounds)] AS part
        FROM registry_span s JOIN registry_person p ON p.id = s.child_id
        WHERE s.from_day <= on_day AND (s.to_day IS NULL OR s.to_day > on_day) AND s.sealed AND s.child_id = ANY (named)
          AND p.merged_into IS NULL AND p.id = ANY (named)
    ) h
    GROUP BY h.part, h.category;
END $$;

-- What changed in a range of divisions from one day to another, class by class, counting whom auth.count_children counts.
-- Most statuses hold on both days and make no change: they are only counted. The others are put together child by child.
CREATE FUNCTION auth.count_changes(low bigint, high bigint, first_day date, last_day date)
RETURNS TABLE (category text, before bigint, new bigint, came bigint, went bigint, removed bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
SET jit = off SET work_mem = '64MB' SET enable_nestloop = off SET enable_mergejoin = off SET enable_sort = off
SET parallel_tuple_cost = 0.01 SET parallel_setup_cost = 100
AS $$
#variable_conflict use_column
DECLARE
    reach int8multirange := auth.reach();
    named uuid[] := ARRAY(SELECT auth.named());
BEGIN
    IF isempty(reach) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH held AS (
        SELECT max(h.category) FILTER (WHERE h.at_first) AS was, max(h.category) FILTER (WHERE h.at_last) AS is_now,
               CASE WHEN bool_and(h.at_first AND h.at_last) THEN count(*) ELSE 1 END AS children
        FROM (
            SELECT s.child_id, s.category, s.status_group,
                   CASE WHEN p.household_division <@ reach THEN p.household_division
                        WHEN p.residence_division <@ reach THEN p.residence_division END AS place,
                   s.from_day <= first_day AND (s.to_day IS NULL OR s.to_day > first_day) AS at_first,
                   s.from_day <= last_day AND (s.to_day IS NULL OR s.to_day > last_day) AS at_last
            FROM registry_span s JOIN registry_person p ON p.id = s.child_id
            WHERE s.from_day <= last_day AND (s.to_day IS NULL OR s.to_day > first_day) AND (NOT s.sealed OR s.child_id = ANY (named))
              AND p.merged_into IS NULL AND (NOT p.sealed OR p.id = ANY (named))
        ) h
        WHERE h.place >= low AND h.place < high
        GROUP BY CASE WHEN h.at_first AND h.at_last THEN NULL ELSE h.child_id END, h.status_group,
                 CASE WHEN h.at_first AND h.at_last THEN h.category END
    ), way AS (
        SELECT was, is_now, sum(held.children)::bigint AS children FROM held GROUP BY was, is_now
    )
    SELECT c.category, coalesce(sum(w.children) FILTER (WHERE w.was = c.category), 0)::bigint,
           coalesce(sum(w.children) FILTER (WHERE w.is_now = c.category AND w.was IS NULL), 0)::bigint,
           coalesce(sum(w.children) FILTER (WHERE w.is_now = c.category AND w.was <> c.category), 0)::bigint,
           coalesce(sum(w.children) FILTER (WHERE w.was = c.category AND w.is_now <> c.category), 0)::bigint,
           coalesce(sum(w.children) FILTER (WHERE w.was = c.category AND w.is_now IS NULL), 0)::bigint
    FROM way w CROSS JOIN LATERAL (SELECT w.was UNION SELECT w.is_now) c (category)
    WHERE c.category IS NOT NULL GROUP BY c.category;
END $$;

GRANT EXECUTE ON FUNCTION auth.count_children(bigint[], date), auth.count_changes(bigint, bigint, date, date) TO hutong_app;
