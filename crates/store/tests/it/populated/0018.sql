-- A peer, an application shared with it, and a package each way.
INSERT INTO auth.exchange_keys (id, secret) VALUES ('00000000-0000-7000-8000-000000001801', decode(repeat('b1', 99), 'hex'));
INSERT INTO exchange_peer (id, name, address, sign, open, serves, proposed_by, proposed_at, confirmed_by, confirmed_at) VALUES
    ('00000000-0000-7000-8000-000000001802', '虚构市', 'https://hutong.example.org', decode(repeat('b2', 32), 'hex'), decode(repeat('b3', 32), 'hex'),
     '{[320500000000,320600000000)}', '00000000-0000-7000-8000-000000000021', now(), '00000000-0000-7000-8000-000000000022', now());
INSERT INTO exchange_case (application_id, peer_id, shared, far_unit, far_number, told, heard) VALUES
    ('00000000-0000-7000-8000-000000000901', '00000000-0000-7000-8000-000000001802', '00000000-0000-7000-8000-000000001803', '虚构镇', 'SQ-2021-000009', 1, 1);
INSERT INTO exchange_outbox (id, application_id, peer_id, kind, package, made_at, expires_at, next_at) VALUES
    ('00000000-0000-7000-8000-000000001804', '00000000-0000-7000-8000-000000000901', '00000000-0000-7000-8000-000000001802', 'status',
     decode(repeat('b4', 300), 'hex'), now(), now(), now());
INSERT INTO exchange_inbox (peer_id, id, application_id, kind, at, taken, receipt) VALUES
    ('00000000-0000-7000-8000-000000001802', '00000000-0000-7000-8000-000000001805', '00000000-0000-7000-8000-000000000901', 'application',
     now(), 'applied', decode(repeat('b5', 300), 'hex'));
