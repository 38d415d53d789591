//! Restoring: into an empty place only, compared before it is put to use, and told as a new epoch.
//!
//! **Invariant.** The table `restore_unfinished` stands in the database from before the first row until everything has
//! been checked; nothing but a restore opens a database that has it.

use std::path::Path;

use kernel::clock::{Clock, Entropy};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::envelope::OpenWith;
use super::error::BackupError;
use super::load;
use super::manifest::{Comparison, Head};
use crate::cluster::{Place, Server, Startup};
use crate::error::StoreError;
use crate::installation::{self, Epoch, Kind};
use crate::keys::{KeyFile, MasterKey};
use crate::schema::migrate;
use crate::seal::{SEALED_COLUMNS, keys_in_use};

/// What a restore needs.
#[derive(Debug)]
pub struct Source<'a> {
    /// The backup.
    pub file: &'a Path,
    /// What opens it.
    pub with: OpenWith,
    /// The key file of the installation, which is put into the place; `None` where it lies there already.
    pub keys: Option<&'a Path>,
}

/// A restore that is done.
#[derive(Debug)]
pub struct Restored {
    /// What the backup said of itself.
    pub head: Head,
    /// What was compared.
    pub comparison: Comparison,
    /// The epoch that began.
    pub epoch: Epoch,
    /// Demo or office.
    pub kind: Kind,
}

/// Restores a backup into a place where no installation is.
///
/// # Errors
/// [`BackupError`]. What an unfinished restore leaves opens for nobody; the same restore run again clears it.
pub async fn restore(
    place: &Place,
    startup: Startup,
    source: Source<'_>,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    progress: impl FnMut(u64),
) -> Result<Restored, BackupError> {
    let backup = load::Opened::open(source.file, source.with).await?;
    let keys = keys(place, source.keys, &backup.head)?;
    let server = Server::open(place, startup).await?;
    let restored = into(&server, place, backup, &keys, clock, entropy, progress).await;
    server.stop().await;
    restored
}

/// The installation's key file: the named one, or the one in the place. Where both are they are the same.
fn keys(place: &Place, named: Option<&Path>, head: &Head) -> Result<KeyFile, BackupError> {
    let there = place.key_file();
    let keys = KeyFile::open(named.unwrap_or(&there))?;
    keys.belongs_to(&head.keys)?;
    if named.is_some() && there.symlink_metadata().is_ok() {
        KeyFile::open(&there)?.belongs_to(&head.keys)?;
    }
    Ok(keys)
}

async fn into(
    server: &Server,
    place: &Place,
    backup: load::Opened,
    keys: &KeyFile,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    progress: impl FnMut(u64),
) -> Result<Restored, BackupError> {
    let owner = PgPoolOptions::new()
        .max_connections(2)
        .connect_with(server.owner_options()?)
        .await?;
    let head = backup.head.clone();
    let restored = async {
        clear(&owner, place).await?;
        mark(&owner).await?;
        let comparison = backup.load(&owner, progress).await?;
        migrate(&owner).await?;
        has_every_key(&owner, keys).await?;
        if place.key_file().symlink_metadata().is_err() {
            keys.write_new(&place.key_file())?;
        }
        let (epoch, kind) = put_to_use(&owner, &head, clock, entropy).await?;
        Ok(Restored {
            head,
            comparison,
            epoch,
            kind,
        })
    }
    .await;
    owner.close().await;
    restored
}

/// Makes sure that nothing is there, or what is there was left by a killed restore.
async fn clear(owner: &PgPool, place: &Place) -> Result<(), BackupError> {
    let occupied = || BackupError::Occupied(place.data().to_path_buf());
    let found = sqlx::query!(
        r#"SELECT to_regclass('public.restore_unfinished') IS NOT NULL AS "unfinished!",
                  to_regclass('public.installation') IS NOT NULL AS "migrated!",
                  EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                          WHERE n.nspname IN ('public', 'auth') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) AS "anything!""#
    )
    .fetch_one(owner)
    .await?;
    if !found.anything {
        return Ok(());
    }
    if !found.unfinished && (!found.migrated || installation::read(owner).await?.is_some()) {
        return Err(occupied());
    }
    sqlx::raw_sql(
        "BEGIN; DROP SCHEMA IF EXISTS auth CASCADE; DROP SCHEMA IF EXISTS month CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; COMMIT",
    )
    .execute(owner)
    .await?;
    Ok(())
}

async fn mark(owner: &PgPool) -> Result<(), StoreError> {
    sqlx::raw_sql(
        "CREATE TABLE public.restore_unfinished (begun_at timestamptz NOT NULL DEFAULT now())",
    )
    .execute(owner)
    .await?;
    Ok(())
}

/// A key that was dropped after the backup was made is missed only when somebody opens a child's file, so it is asked
/// for now.
async fn has_every_key(owner: &PgPool, keys: &KeyFile) -> Result<(), BackupError> {
    let held: Vec<u32> = keys.keys().iter().map(MasterKey::id).collect();
    let used = keys_in_use(owner, SEALED_COLUMNS).await?;
    let missing: Vec<u32> = used.into_iter().filter(|id| !held.contains(id)).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(BackupError::KeysMissing(missing))
    }
}

/// Begins the new epoch and takes the mark away. Sessions of the old one end: some of them were revoked since.
async fn put_to_use(
    owner: &PgPool,
    head: &Head,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<(Epoch, Kind), BackupError> {
    let founded = installation::read(owner)
        .await?
        .ok_or(StoreError::NotFounded)?;
    let mut id = [0; 16];
    entropy.fill(&mut id);
    let id = uuid::Builder::from_random_bytes(id).into_uuid();
    let mut tx = owner.begin().await?;
    installation::begin_epoch(&mut tx, id, clock.now(), Some(head.made_at)).await?;
    installation::admit_to_figures(&mut tx, founded.kind).await?;
    sqlx::query!("UPDATE auth.session SET expires_at = least(expires_at, now())")
        .execute(&mut *tx)
        .await?;
    sqlx::raw_sql("DROP TABLE public.restore_unfinished")
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok((installation::epoch(owner).await?, founded.kind))
}
