-- An account of a child, a recovery, a claim with its child, a file of the bank, an attempt in it and the bank's answer.
INSERT INTO allowances_account (id, child_id, unit_id, holder, bank, number, number_index, name_match, proposed_by, proposed_at) VALUES
    ('00000000-0000-7000-8000-000000002101', '00000000-0000-7000-8000-000000000102', '00000000-0000-7000-8000-000000000011', '虚构', '虚构银行',
     decode(repeat('5a', 48), 'hex'), sha256('account'), 'guardian', '00000000-0000-7000-8000-000000000022', now());
ALTER TABLE allowances_recovery DISABLE TRIGGER fill_recovery;
INSERT INTO allowances_recovery (id, pay_month, number, batch_id, unit_id, child_id, payee, amount_fen, reason, notice, sealed, confirmed_by, confirmed_at) VALUES
    ('00000000-0000-7000-8000-000000002102', '2021-11-01', 1, '00000000-0000-7000-8000-000000001601', '00000000-0000-7000-8000-000000000011',
     '00000000-0000-7000-8000-000000000102', 0, 1, decode(repeat('5a', 48), 'hex'), decode(repeat('5a', 48), 'hex'), false,
     '00000000-0000-7000-8000-000000000022', now());
ALTER TABLE allowances_recovery ENABLE TRIGGER fill_recovery;
INSERT INTO allowances_claim (id, batch_id, unit_id, sealed, payee, child_id, payable_fen, offset_fen) VALUES
    ('00000000-0000-7000-8000-000000002103', '00000000-0000-7000-8000-000000001601', '00000000-0000-7000-8000-000000000011', false, 0,
     '00000000-0000-7000-8000-000000000102', 110000, 0);
INSERT INTO allowances_claim_child (claim_id, child_id, payable_fen, sealed) VALUES
    ('00000000-0000-7000-8000-000000002103', '00000000-0000-7000-8000-000000000102', 110000, false);
INSERT INTO allowances_bank_file (id, number, unit_id, sealed, template, count, total_fen, content, made_by, made_at) VALUES
    ('00000000-0000-7000-8000-000000002104', '37048120211120000001', '00000000-0000-7000-8000-000000000011', false, 'general_csv', 1, 110000,
     decode(repeat('5a', 48), 'hex'), '00000000-0000-7000-8000-000000000022', now());
INSERT INTO allowances_return (id, file_id, unit_id, sealed, digest, paid, paid_fen, returned, returned_fen, content, loaded_by, loaded_at) VALUES
    ('00000000-0000-7000-8000-000000002105', '00000000-0000-7000-8000-000000002104', '00000000-0000-7000-8000-000000000011', false, sha256('return'),
     1, 110000, 0, 0, decode(repeat('5a', 48), 'hex'), '00000000-0000-7000-8000-000000000022', now());
INSERT INTO allowances_transfer (file_id, serial, claim_id, account_id, unit_id, amount_fen, paid_in) VALUES
    ('00000000-0000-7000-8000-000000002104', 1, '00000000-0000-7000-8000-000000002103', '00000000-0000-7000-8000-000000002101',
     '00000000-0000-7000-8000-000000000011', 110000, '00000000-0000-7000-8000-000000002105');
