-- A standard that waits for its second person.
INSERT INTO allowances_standard (id, unit_id, class, place, monthly_fen, from_month, document_title, state, proposed_by, proposed_at) VALUES
    ('00000000-0000-7000-8000-000000002201', '00000000-0000-7000-8000-000000000011', 'key_hardship', 370481000000, 121000, '2022-01-01', '虚构的通知',
     'proposed', '00000000-0000-7000-8000-000000000022', now());
