-- A double that was joined, one that was parted again, a file's revision, and jobs in every state.
INSERT INTO registry_person (id, name, household_division, merged_into) VALUES
    ('00000000-0000-7000-8000-000000000501', '虚构甲', 370481001001, '00000000-0000-7000-8000-000000000101');
INSERT INTO registry_child (id, file_number, likeness, opened_on) VALUES
    ('00000000-0000-7000-8000-000000000501', '370481-0000501', decode(repeat('5a', 32), 'hex'), '2021-01-01');
INSERT INTO registry_merge (id, child_id, merged_id, moved, snapshot, done_at, done_by, undone_at, undone_by) VALUES
    ('00000000-0000-7000-8000-000000000511', '00000000-0000-7000-8000-000000000101', '00000000-0000-7000-8000-000000000501', '{"stretched": [], "registry_span": []}',
     decode(repeat('5b', 60), 'hex'), now(), '00000000-0000-7000-8000-000000000022', NULL, NULL),
    ('00000000-0000-7000-8000-000000000512', '00000000-0000-7000-8000-000000000101', '00000000-0000-7000-8000-000000000102', '{"stretched": [], "registry_span": []}',
     decode(repeat('5b', 60), 'hex'), now(), '00000000-0000-7000-8000-000000000022', now(), '00000000-0000-7000-8000-000000000022');
INSERT INTO registry_revision (child_id, version, at, officer_id, fields) VALUES
    ('00000000-0000-7000-8000-000000000101', 3, now(), '00000000-0000-7000-8000-000000000022', '{school,resident_id}');
INSERT INTO registry_job (id, kind, officer_id, appointment_id, place, purpose, state, request, content, result, fault, file, file_name, made_at, finished_at) VALUES
    ('00000000-0000-7000-8000-000000000521', 'ledger_import', '00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000033', 370481000000, '虚构导入',
     'queued', '{"as_of": "2021-10-31"}', decode(repeat('5c', 60), 'hex'), NULL, NULL, NULL, NULL, now(), NULL),
    ('00000000-0000-7000-8000-000000000522', 'children_export', '00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000033', 370481000000, '虚构导出',
     'done', '{}', NULL, '{"children": 1}', NULL, decode(repeat('5d', 60), 'hex'), '虚构.xlsx', now(), now()),
    ('00000000-0000-7000-8000-000000000523', 'children_export', '00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000033', 370481000000, '虚构导出',
     'failed', '{}', NULL, NULL, 'job.given_up', NULL, NULL, now(), now());
