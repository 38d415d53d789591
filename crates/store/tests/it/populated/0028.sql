-- The standard that waits has the scan of its document.
INSERT INTO allowances_standard_scan (standard_id, media_type, bytes, content, added_by, added_at) VALUES
    ('00000000-0000-7000-8000-000000002201', 'image/png', 4, decode(repeat('5a', 48), 'hex'), '00000000-0000-7000-8000-000000000022', now());
