-- A request that created something, answered once.
INSERT INTO auth.answered (appointment_id, key, request, made, version) VALUES
    ('00000000-0000-7000-8000-000000000033', 'invented-key', decode(repeat('91', 32), 'hex'), '00000000-0000-7000-8000-000000000101', 1);
