-- A limit that waits and one that is settled, and a mandate whose round is made.
INSERT INTO applications_limit (id, child_id, category, kind, on_day, rule, cite, verified, noted_at, settled_at, settled_by, note) VALUES
    ('00000000-0000-7000-8000-000000001201', '00000000-0000-7000-8000-000000000102', 'key_hardship', 'age', '2021-11-20', 'age_limit.key_hardship@2010-01-01', '某文件', false, now(), NULL, NULL, NULL),
    ('00000000-0000-7000-8000-000000001202', '00000000-0000-7000-8000-000000000102', 'key_hardship', 'study', '2022-11-20', 'study_extension.key_hardship@2010-01-01', '某文件', false, now(), now(), '00000000-0000-7000-8000-000000000022', decode(repeat('9a', 60), 'hex'));
INSERT INTO auth.round (appointment_id, done_on, leased_until) SELECT id, '2021-11-04', '-infinity' FROM organisation_appointment LIMIT 1;
