-- Epochs of the installation, and its nightly backups.

-- A restore takes the installation back in time, so it begins a new epoch: whatever a phone heard from the database after
-- the backup was made is no longer so. The first epoch bears the installation's own id.
CREATE TABLE installation_epoch (
    number         integer PRIMARY KEY CHECK (number > 0),
    id             uuid NOT NULL UNIQUE,
    begun_at       timestamptz NOT NULL,
    backup_made_at timestamptz,
    CHECK ((number = 1) = (backup_made_at IS NULL))
);
COMMENT ON COLUMN installation_epoch.backup_made_at IS 'when the backup was made that was restored; the founding has none';
INSERT INTO installation_epoch (number, id, begun_at) SELECT 1, id, founded_at FROM installation;
GRANT SELECT ON installation_epoch TO hutong_app;

-- What came of each scheduled backup: a file of so many bytes, or the stable code of what went wrong.
CREATE TABLE installation_backup (
    begun_at timestamptz PRIMARY KEY,
    ended_at timestamptz NOT NULL CHECK (ended_at >= begun_at),
    bytes    bigint CHECK (bytes > 0),
    failure  text CHECK (failure <> ''),
    CHECK ((bytes IS NULL) <> (failure IS NULL))
);
GRANT SELECT ON installation_backup TO hutong_app;
