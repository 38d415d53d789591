-- A status that ended where another of its group begins.
INSERT INTO registry_span (id, child_id, category, from_day, to_day) VALUES
    ('00000000-0000-7000-8000-000000000801', '00000000-0000-7000-8000-000000000102', 'key_hardship', '2020-01-01', '2021-01-01'),
    ('00000000-0000-7000-8000-000000000802', '00000000-0000-7000-8000-000000000102', 'scattered_orphan', '2021-01-01', NULL);
