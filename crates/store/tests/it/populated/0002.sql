-- Three invented children: one with every fact, one pending its id, one sealed.
INSERT INTO registry_person (id, name, sex, birth, resident_id, resident_id_index, household_division, residence_division, sealed) VALUES
    ('00000000-0000-7000-8000-000000000101', '虚构甲', 'male', '2012-06-05', decode(repeat('11', 50), 'hex'), decode(repeat('11', 32), 'hex'), 370481001001, 370481001000, false),
    ('00000000-0000-7000-8000-000000000102', '虚构乙', NULL, NULL, NULL, NULL, 370481001001, NULL, false),
    ('00000000-0000-7000-8000-000000000103', '虚构丙', 'female', '2010-01-01', decode(repeat('13', 50), 'hex'), decode(repeat('13', 32), 'hex'), 370481001001, NULL, true);
INSERT INTO registry_named_officer (child_id, officer_id) VALUES
    ('00000000-0000-7000-8000-000000000103', '00000000-0000-7000-8000-000000000022');
INSERT INTO registry_child (id, file_number, national_number, likeness, ethnicity, address, school_stage, boarding, health,
        disability_kind, disability_level, illness, bank_name, bank_account, note, opened_on, version) VALUES
    ('00000000-0000-7000-8000-000000000101', '370481-0000001', '虚构编号1', decode(repeat('25', 32), 'hex'), '汉族', decode(repeat('21', 50), 'hex'), '小学', true, '残疾',
     '肢体', '二级', '无', '虚构银行', decode(repeat('22', 50), 'hex'), decode(repeat('23', 50), 'hex'), '2021-01-01', 3),
    ('00000000-0000-7000-8000-000000000102', '370481-0000002', NULL, decode(repeat('24', 32), 'hex'), NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, '2021-01-01', 1),
    ('00000000-0000-7000-8000-000000000103', '370481-0000003', NULL, decode(repeat('26', 32), 'hex'), NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, '2021-01-01', 1);
INSERT INTO registry_name_key (key, person_id, household_division, residence_division, sealed) VALUES
    ('虚构甲', '00000000-0000-7000-8000-000000000101', 370481001001, 370481001000, false),
    ('xgj', '00000000-0000-7000-8000-000000000101', 370481001001, 370481001000, false),
    ('虚构乙', '00000000-0000-7000-8000-000000000102', 370481001001, NULL, false),
    ('虚构丙', '00000000-0000-7000-8000-000000000103', 370481001001, NULL, true);
INSERT INTO registry_guardian (id, child_id, name, relation, resident_id, resident_id_index, phone, phone_index, from_day, to_day) VALUES
    ('00000000-0000-7000-8000-000000000111', '00000000-0000-7000-8000-000000000101', '虚构祖父', '祖父', decode(repeat('31', 50), 'hex'), decode(repeat('31', 32), 'hex'),
     decode(repeat('32', 44), 'hex'), decode(repeat('32', 32), 'hex'), '2020-01-01', '2021-01-01'),
    ('00000000-0000-7000-8000-000000000112', '00000000-0000-7000-8000-000000000101', '虚构祖母', '祖母', NULL, NULL, NULL, NULL, '2021-01-01', NULL);
INSERT INTO registry_relative (id, child_id, relation, name, phone, phone_index, works_at) VALUES
    ('00000000-0000-7000-8000-000000000121', '00000000-0000-7000-8000-000000000101', 'mother', '虚构母亲', decode(repeat('41', 44), 'hex'), decode(repeat('41', 32), 'hex'), '虚构市');
INSERT INTO registry_span (id, child_id, category, from_day, to_day) VALUES
    ('00000000-0000-7000-8000-000000000131', '00000000-0000-7000-8000-000000000101', 'de_facto_unattended', '2019-01-01', '2020-01-01'),
    ('00000000-0000-7000-8000-000000000132', '00000000-0000-7000-8000-000000000101', 'scattered_orphan', '2020-01-01', NULL),
    ('00000000-0000-7000-8000-000000000133', '00000000-0000-7000-8000-000000000101', 'left_behind', '2019-06-01', NULL),
    ('00000000-0000-7000-8000-000000000134', '00000000-0000-7000-8000-000000000103', 'aids_affected', '2020-01-01', NULL);
INSERT INTO registry_placement (id, child_id, unit_id, from_day, to_day) VALUES
    ('00000000-0000-7000-8000-000000000141', '00000000-0000-7000-8000-000000000102', '00000000-0000-7000-8000-000000000013', '2021-01-01', NULL);
INSERT INTO registry_grant (id, child_id, unit_id, purpose, until_day) VALUES
    ('00000000-0000-7000-8000-000000000151', '00000000-0000-7000-8000-000000000102', '00000000-0000-7000-8000-000000000011', '虚构异地受理', '2999-12-31');
INSERT INTO registry_document (id, child_id, kind, title, media_type, content, added_at) VALUES
    ('00000000-0000-7000-8000-000000000161', '00000000-0000-7000-8000-000000000101', 'scan', '虚构户口簿', 'image/png', decode(repeat('51', 99), 'hex'), now());
INSERT INTO registry_ledger (id, place, as_of, file_name, digest, content, imported_at, imported_by, rows, left_out) VALUES
    ('00000000-0000-7000-8000-000000000171', 370481000000, '2021-10-31', '虚构台账.xlsx', decode(repeat('61', 32), 'hex'), decode(repeat('62', 99), 'hex'), now(),
     '00000000-0000-7000-8000-000000000022', 2, 1);
INSERT INTO registry_ledger_row (id, ledger_id, row_number, child_id, as_of, digest, content) VALUES
    ('00000000-0000-7000-8000-000000000181', '00000000-0000-7000-8000-000000000171', 3, '00000000-0000-7000-8000-000000000101', '2021-10-31',
     decode(repeat('71', 32), 'hex'), decode(repeat('72', 99), 'hex'));
INSERT INTO registry_work_item (id, division, child_id, ledger_id, row_number, code, field, raw, opened_at, cleared_at, cleared_by) VALUES
    ('00000000-0000-7000-8000-000000000191', 370481001001, '00000000-0000-7000-8000-000000000102', '00000000-0000-7000-8000-000000000171', 4, 'id.checksum', '身份证号',
     decode(repeat('81', 50), 'hex'), now(), NULL, NULL),
    ('00000000-0000-7000-8000-000000000192', 370481000000, NULL, NULL, NULL, 'child.ambiguous', NULL, NULL, now(), now(), '00000000-0000-7000-8000-000000000022');
