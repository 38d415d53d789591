INSERT INTO installation_epoch (number, id, begun_at, backup_made_at)
VALUES (2, '00000000-0000-7000-8000-0000000000e2', '2021-11-05T01:00:00Z', '2021-11-04T18:30:00Z');
INSERT INTO installation_backup (begun_at, ended_at, bytes) VALUES ('2021-11-04T18:30:00Z', '2021-11-04T18:30:40Z', 1000000);
INSERT INTO installation_backup (begun_at, ended_at, failure) VALUES ('2021-11-05T18:30:00Z', '2021-11-05T18:30:01Z', 'backup.disk_full');
