-- 测算 over many children: what a change of rates is weighed by, alike children counted once, and of no child who it is.
--
-- Reach: the children of the divisions that the session's unit serves, for posts that weigh, finance among them: what it gets
-- bears no id and no name. Nothing sealed is in it, whoever asks.

UPDATE auth.role SET weighs = true WHERE code = 'finance_officer';

DROP VIEW allowances_weighed_fact, allowances_weighed_span, allowances_weighed;

-- The first month that any unit within the session's reach pays here; none before the first batch.
CREATE FUNCTION auth.weighed_since() RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (SELECT min(s.from_month) FROM allowances_series s JOIN organisation_unit u ON u.id = s.unit_id
            WHERE NOT s.sealed AND u.serves && auth.weighing_reach());
END $$;

-- Children as a change of rates from `first` on is weighed. Those who stand as they have stood since `settled` or longer, who
-- come to no age before the end (born on `grown` or later), and who draw nothing, or what they drew in `first` already and
-- without an end, are told by class and by what they draw; the others by day of birth, statuses and facts. `place` is where
-- the household is, `from_month` from when on its county pays here.
CREATE FUNCTION auth.weighed(first date, settled date, grown date, known_at timestamptz)
RETURNS TABLE (place bigint, from_month date, class text, birth date, statuses text, facts text, children bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp SET work_mem = '128MB'
AS $$
#variable_conflict use_column
DECLARE
    reach int8multirange := auth.weighing_reach();
BEGIN
    IF isempty(reach) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH fact AS MATERIALIZED (
        SELECT coalesce(m.merged_into, f.child_id) AS child_id,
               bool_and(f.kind = 'benefit' AND f.known <= weighed.known_at AND f.from_month <= first AND f.to_month IS NULL)
                   AND count(*) = count(DISTINCT f.code) AS lasting,
               jsonb_agg(jsonb_build_object('code', f.code, 'fen', f.monthly_fen) ORDER BY f.code, f.monthly_fen)::text AS drawn,
               jsonb_agg(jsonb_build_object('kind', f.kind, 'known', f.known, 'on', f.on_day, 'from', f.from_month, 'to', f.to_month, 'code', f.code,
                         'fen', f.monthly_fen, 'from_place', f.from_place, 'to_place', f.to_place) ORDER BY f.known, f.id)::text AS all_of_it
        FROM allowances_fact f
        LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) m ON m.id = f.child_id
        WHERE NOT f.sealed AND (m.id IS NULL OR f.kind <> 'moved')
        GROUP BY 1
    ), alike AS (
        SELECT p.household_division AS place, s.category AS class, f.drawn, count(*) AS children
        FROM registry_span s
        JOIN registry_person p ON p.id = s.child_id
        LEFT JOIN fact f ON f.child_id = s.child_id
        WHERE s.status_group = 0 AND s.to_day IS NULL AND s.from_day <= settled AND (s.known IS NULL OR s.known <= weighed.known_at)
          AND p.merged_into IS NULL AND p.birth >= grown AND p.household_division <@ reach AND coalesce(f.lasting, true)
        GROUP BY 1, 2, 3
    ), own AS MATERIALIZED (
        SELECT s.child_id FROM registry_span s
        WHERE s.status_group = 0 AND (s.to_day > settled OR s.to_day IS NULL AND (s.from_day > settled OR s.known > weighed.known_at))
        UNION
        SELECT f.child_id FROM fact f WHERE NOT f.lasting
        UNION
        SELECT p.id FROM registry_person p JOIN registry_span s ON s.child_id = p.id AND s.status_group = 0 AND (s.to_day IS NULL OR s.to_day > settled)
        WHERE p.birth < grown
    ), apart AS (
        SELECT p.household_division AS place, p.birth,
               jsonb_agg(jsonb_build_object('class', s.category, 'from', s.from_day, 'to', s.to_day, 'known', s.known, 'end_known', s.end_known)
                         ORDER BY s.from_day)::text AS statuses,
               f.all_of_it
        FROM own o
        JOIN registry_person p ON p.id = o.child_id
        JOIN registry_span s ON s.child_id = p.id AND s.status_group = 0 AND (s.to_day IS NULL OR s.to_day > s.from_day)
        LEFT JOIN fact f ON f.child_id = p.id
        WHERE p.merged_into IS NULL AND p.birth IS NOT NULL AND p.household_division <@ reach
        GROUP BY p.id, f.all_of_it
    ), found AS (
        SELECT a.place, a.class, NULL::date AS birth, NULL::text AS statuses, a.drawn AS facts, a.children FROM alike a
        UNION ALL
        SELECT a.place, NULL, a.birth, a.statuses, a.all_of_it, count(*) FROM apart a GROUP BY 1, 3, 4, 5
    )
    SELECT f.place, c.from_month, f.class, f.birth, f.statuses, f.facts, f.children
    FROM found f
    LEFT JOIN (SELECT u.serves, s.from_month FROM allowances_series s JOIN organisation_unit u ON u.id = s.unit_id WHERE NOT s.sealed) c
        ON f.place <@ c.serves;
END $$;

GRANT EXECUTE ON FUNCTION auth.weighed_since(), auth.weighed(date, date, date, timestamptz) TO hutong_app;

-- Reasons of batches that were prepared before codes were told in words.
UPDATE allowances_reason r SET zh = replace(r.zh, '停发（' || w.code || '）', '停发（' || w.zh || '）'), en = replace(r.en, '(' || w.code || ')', '(' || w.en || ')')
FROM (VALUES ('adopted', '被收养', 'adopted'), ('parent_found', '找到父母', 'parents found'), ('care_resumed', '父母恢复抚养', 'parents care again'),
             ('moved_out', '户籍迁出本市', 'moved out of the city'), ('deceased', '死亡', 'deceased'), ('earning', '就业', 'earns a living'),
             ('other', '其他原因', 'another reason'), ('ended', '保障身份终止', 'status ended')) w (code, zh, en)
WHERE r.zh LIKE '%停发（' || w.code || '）%';
UPDATE allowances_reason r SET zh = replace(r.zh, '领取' || w.code || '每月', '领取' || w.zh || '每月'), en = replace(r.en, 'Draws ' || w.code || ' of', 'Draws ' || w.en || ' of')
FROM (VALUES ('minimum_living', '最低生活保障金', 'the minimum living allowance'), ('destitute', '特困人员救助供养金', 'the support of the destitute'),
             ('severe_disability', '重度残疾人护理补贴', 'the nursing subsidy for severe disability'),
             ('disability_hardship', '困难残疾人生活补贴', 'the living subsidy for disability in hardship')) w (code, zh, en)
WHERE r.zh LIKE '%领取' || w.code || '每月%';
