-- Accounts, a proposal, a code and a name that was tried.
INSERT INTO auth.account (officer_id, login, password_hash, totp_secret, totp_step, recovery_codes, made_at, changed_at) VALUES
    ('00000000-0000-7000-8000-000000000021', 'invented.admin', '$argon2id$invented', decode(repeat('ab', 53), 'hex'), 5, ARRAY[decode(repeat('41', 32), 'hex')], now(), now()),
    ('00000000-0000-7000-8000-000000000022', 'invented.officer', '$argon2id$invented', NULL, NULL, '{}', now(), now());
INSERT INTO auth.try (key, failures, last_at) VALUES (decode(repeat('42', 32), 'hex'), 3, now());
INSERT INTO auth.invitation (id, code, officer_id, expires_at) VALUES
    ('00000000-0000-7000-8000-000000000041', decode(repeat('43', 32), 'hex'), '00000000-0000-7000-8000-000000000022', now() + interval '1 day');
INSERT INTO organisation_proposal (id, matter, officer_id, name, unit_id, role, from_day, proposed_by, proposed_at) VALUES
    ('00000000-0000-7000-8000-000000000042', 'appoint', '00000000-0000-7000-8000-000000000043', '虚构新人',
     '00000000-0000-7000-8000-000000000012', 'county_officer', '2021-11-04', '00000000-0000-7000-8000-000000000021', now());
