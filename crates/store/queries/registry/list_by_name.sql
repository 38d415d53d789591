SELECT p.id AS "id!", p.name AS "name!", p.sex, p.birth, p.household_division AS "household_division!",
                      p.residence_division, p.sealed AS "sealed!", c.file_number AS "file_number!", c.version AS "version!",
                      p.resident_id::bytea AS resident_id,
                      ARRAY(SELECT s.category FROM registry_span s WHERE s.child_id = p.id AND s.from_day <= $6
                            AND (s.to_day IS NULL OR s.to_day > $6) ORDER BY s.category) AS "categories!"
               FROM (SELECT q.id FROM registry_person q
                     WHERE (q.household_division >= $1 AND q.household_division < $2
                            OR q.residence_division >= $1 AND q.residence_division < $2 OR q.id = ANY ($11))
                       AND ($7::text IS NULL OR EXISTS (SELECT 1 FROM registry_span s
                            WHERE s.child_id = q.id AND s.category = $7 AND s.from_day <= $6 AND (s.to_day IS NULL OR s.to_day > $6)))
                       AND ($8::text IS NULL OR q.sex = $8) AND ($9::date IS NULL OR q.birth >= $9) AND ($10::date IS NULL OR q.birth <= $10)
                       AND (q.name_order, q.id) > ($3::text COLLATE "C", $4::uuid) ORDER BY q.name_order, q.id LIMIT $5) hit
               JOIN registry_person p ON p.id = hit.id
               JOIN registry_child c ON c.id = hit.id
               ORDER BY p.name_order, p.id LIMIT $5