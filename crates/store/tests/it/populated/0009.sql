-- An application that was granted, with its history, a paper, and the decision that a status bears.
INSERT INTO organisation_officer (id, name, unit_id, invented) VALUES
    ('00000000-0000-7000-8000-000000000941', '审批（虚构）', '00000000-0000-7000-8000-000000000011', true);
INSERT INTO applications_application (id, number, matter, category, path, stage, accepting_unit, verifying_unit, deciding_unit, owner_unit, household,
        child_id, child_name, stated, leg, began, days, due, provisional, calendar, verifier_id, proposer_id, proposed, decided, opened_at) VALUES
    ('00000000-0000-7000-8000-000000000901', 'SQ-2021-000001', 'recognition', 'key_hardship', 'within_county', 'proposed',
     '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000011',
     '00000000-0000-7000-8000-000000000011', 370481001001, '00000000-0000-7000-8000-000000000102', '虚构乙', decode(repeat('95', 60), 'hex'),
     'confirm', '2021-11-04', 5, '2021-11-11', false, '2026.0', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000022', 'grant', NULL, now());
INSERT INTO applications_step (id, application_id, act, stage, at, officer_id, unit_id, reason, outcome, leg, due) VALUES
    ('00000000-0000-7000-8000-000000000911', '00000000-0000-7000-8000-000000000901', 'propose', 'proposed', now(), '00000000-0000-7000-8000-000000000022',
     '00000000-0000-7000-8000-000000000011', decode(repeat('96', 60), 'hex'), 'grant', 'confirm', '2021-11-11');
INSERT INTO applications_paper (id, application_id, code, state, media_type, content, noted_at, noted_by) VALUES
    ('00000000-0000-7000-8000-000000000921', '00000000-0000-7000-8000-000000000901', 'household_register', 'checked', 'image/png',
     decode(repeat('97', 99), 'hex'), now(), '00000000-0000-7000-8000-000000000022');
INSERT INTO applications_decision (id, application_id, outcome, decided_on, rulebook, grounds, verifier_id, proposer_id, decider_id, at)
SELECT '00000000-0000-7000-8000-000000000931', '00000000-0000-7000-8000-000000000901', 'grant', '2021-11-04', '0', decode(repeat('98', 60), 'hex'),
       (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id))[2], (array_agg(id ORDER BY id))[3], now() FROM organisation_officer;
UPDATE registry_span SET decision_id = '00000000-0000-7000-8000-000000000931' WHERE id = '00000000-0000-7000-8000-000000000132';
