-- Functions alone: no table, no row.
SELECT 1;
-- Reasons as they were told by codes, which a later migration puts into words.
INSERT INTO allowances_reason (batch_id, number, unit_id, sealed, zh, en, cite) VALUES
    ('00000000-0000-7000-8000-000000001601', 1, '00000000-0000-7000-8000-000000000011', false, '2021-09-03停发（adopted）', 'Stopped on 2021-09-03 (adopted)', '虚构'),
    ('00000000-0000-7000-8000-000000001601', 2, '00000000-0000-7000-8000-000000000011', false, '自2021-08起领取destitute每月580.00元',
     'Draws destitute of 580.00 a month from 2021-08 on', '虚构');
