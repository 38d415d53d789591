-- A second decision, with the number its letter bears.
INSERT INTO applications_decision (id, application_id, outcome, decided_on, rulebook, grounds, verifier_id, proposer_id, decider_id, at, number)
SELECT '00000000-0000-7000-8000-000000001131', application_id, 'refuse', '2021-11-25', '0', decode(repeat('99', 60), 'hex'),
       verifier_id, proposer_id, decider_id, now(), '儿保决〔2021〕1号' FROM applications_decision WHERE id = '00000000-0000-7000-8000-000000000931';
