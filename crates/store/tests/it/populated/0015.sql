-- A case that is filled in, with a photograph, and a count of tries.
INSERT INTO auth.ticket (id, code, phone, draft, expires_at) VALUES
    ('00000000-0000-7000-8000-000000001101', decode(repeat('a1', 32), 'hex'), decode(repeat('a2', 32), 'hex'), decode(repeat('a3', 60), 'hex'),
     '2031-01-01T00:00:00Z');
INSERT INTO auth.ticket_photo (id, ticket_id, code, media_type, content) VALUES
    ('00000000-0000-7000-8000-000000001102', '00000000-0000-7000-8000-000000001101', 'household_register', 'image/jpeg', decode(repeat('a4', 99), 'hex'));
INSERT INTO auth.public_try (key, failures, last_at) VALUES (decode(repeat('a5', 32), 'hex'), 2, now());
