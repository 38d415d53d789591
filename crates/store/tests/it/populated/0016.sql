-- A batch of a month with a line, its level, its reason and an exception, and a fact of an allowance.
INSERT INTO allowances_series (unit_id, sealed, from_month) VALUES ('00000000-0000-7000-8000-000000000011', false, '2021-11-01');
INSERT INTO allowances_batch (id, pay_month, unit_id, sealed, stage, known_at, rulebook, first_line, lines, children, exceptions, paid_fen, recovered_fen,
        lines_hash, digest, prepared_by, prepared_at) VALUES
    ('00000000-0000-7000-8000-000000001601', '2021-11-01', '00000000-0000-7000-8000-000000000011', false, 'prepared', now(), '0', 1, 1, 1, 1, 110000, 0,
     sha256('x'), 1, '00000000-0000-7000-8000-000000000022', now());
SELECT auth.part_months();
INSERT INTO allowances_line (pay_month, number, batch_id, child_id, payee, for_month, kind, class, place, amount_fen, due_fen, reason, sealed) VALUES
    ('2021-11-01', 1, '00000000-0000-7000-8000-000000001601', '00000000-0000-7000-8000-000000000102', 0, '2021-11-01', 0, 4, 370481001001, 110000, 110000, 0, false);
INSERT INTO allowances_level (pay_month, unit_id, sealed, child_id, payee, from_month, level_fen) VALUES
    ('2021-11-01', '00000000-0000-7000-8000-000000000011', false, '00000000-0000-7000-8000-000000000102', 0, '2021-11-01', 110000);
INSERT INTO allowances_reason (batch_id, number, unit_id, sealed, zh, en, cite) VALUES
    ('00000000-0000-7000-8000-000000001601', 0, '00000000-0000-7000-8000-000000000011', false, '虚构', 'invented', '虚构');
INSERT INTO allowances_exception (batch_id, child_id, code, from_month, through_month, sealed) VALUES
    ('00000000-0000-7000-8000-000000001601', '00000000-0000-7000-8000-000000000101', 'no_rate', '2021-11-01', '2021-11-01', false);
INSERT INTO allowances_fact (id, child_id, kind, known, from_month, officer_id) VALUES
    ('00000000-0000-7000-8000-000000001611', '00000000-0000-7000-8000-000000000102', 'study', now(), '2021-09-01', '00000000-0000-7000-8000-000000000022');
