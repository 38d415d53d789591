-- An invented office, as the first migration leaves room for it.
INSERT INTO installation (id, kind, keys, founded_at) VALUES ('00000000-0000-7000-8000-000000000001', 'office', 'invented', now());
INSERT INTO organisation_division (code, name, level, parent) VALUES
    (370000000000, '虚构省', 'province', NULL),
    (370400000000, '虚构市', 'city', 370000000000),
    (370481000000, '虚构县', 'county', 370400000000),
    (370481001000, '虚构镇', 'town', 370481000000),
    (370481001001, '虚构村', 'village', 370481001000);
INSERT INTO organisation_unit (id, name, kind, parent, division, serves) VALUES
    ('00000000-0000-7000-8000-000000000011', '虚构市民政局', 'city_bureau', NULL, 370400000000, '{[370400000000,370500000000)}'),
    ('00000000-0000-7000-8000-000000000012', '虚构县民政局', 'county_bureau', '00000000-0000-7000-8000-000000000011', 370481000000, '{[370481000000,370482000000)}'),
    ('00000000-0000-7000-8000-000000000013', '虚构福利院', 'home', '00000000-0000-7000-8000-000000000011', 370400000000, '{}');
INSERT INTO organisation_officer (id, name, phone, unit_id, invented) VALUES
    ('00000000-0000-7000-8000-000000000021', '虚构管理员', NULL, '00000000-0000-7000-8000-000000000011', true),
    ('00000000-0000-7000-8000-000000000022', '虚构经办', decode(repeat('ab', 44), 'hex'), '00000000-0000-7000-8000-000000000012', true);
INSERT INTO organisation_appointment (id, officer_id, unit_id, role, from_day, to_day) VALUES
    ('00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000011', 'admin', '2021-01-01', NULL),
    ('00000000-0000-7000-8000-000000000032', '00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000012', 'county_officer', '2020-01-01', '2020-12-31'),
    ('00000000-0000-7000-8000-000000000033', '00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000012', 'county_officer', '2021-01-01', NULL);
INSERT INTO auth.session (token_hash, appointment_id, expires_at) VALUES
    (decode(repeat('01', 32), 'hex'), '00000000-0000-7000-8000-000000000033', now() + interval '1 hour'),
    (decode(repeat('02', 32), 'hex'), '00000000-0000-7000-8000-000000000031', now() - interval '1 hour');
INSERT INTO journal_entry (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, before, after) VALUES
    (now(), '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000011', 'admin',
     'founding', 'organisation.founded', 'appointment', '00000000-0000-7000-8000-000000000031', 370400000000, NULL, '{"name": "虚构管理员"}'),
    (now(), '00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000012', 'county_officer',
     '走访', 'registry.file_refused', 'child', '00000000-0000-7000-8000-000000000000', NULL, NULL, NULL);
