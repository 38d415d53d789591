-- Children whose name has a key that begins with $1, up to $2; the reach stands here again because the index needs it.
SELECT p.id, p.name, p.birth, p.household_division, c.file_number, p.resident_id::bytea AS resident_id
FROM (
    SELECT k.person_id, min(k.key) AS key FROM (
        SELECT key, person_id FROM registry_name_key
        WHERE key >= $1 AND key < $2
          AND (household_division <@ $3::text::int8multirange OR residence_division <@ $3::text::int8multirange
               OR person_id = ANY ($4))
        ORDER BY key, person_id LIMIT 4 * $5::int8
    ) k GROUP BY k.person_id ORDER BY min(k.key), k.person_id LIMIT $5::int8
) hit
JOIN registry_person p ON p.id = hit.person_id
JOIN registry_child c ON c.id = hit.person_id
ORDER BY hit.key, p.id
