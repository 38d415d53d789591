//! Rotating the keys of an installation, beside the running program or without it.

use std::sync::Arc;

use kernel::clock::{Clock, Entropy};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::reseal::{Progress, Resealed, SEALED_COLUMNS, keys_in_use, reseal};
use super::sealer::Sealer;
use crate::cluster::{Place, Server, Startup};
use crate::error::StoreError;
use crate::installation::{self, OpenError};
use crate::keys::KeyFile;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Add a new active key and seal everything anew under it.
    NewKey,
    /// Finish what an interrupted rotation left, then drop the retired keys that seal nothing any more and were
    /// retired long enough ago.
    DropRetired,
}

/// What a rotation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// What was sealed anew.
    pub resealed: Resealed,
    /// The ids of the keys that were dropped.
    pub dropped: Vec<u32>,
    /// The keys as they are now.
    pub keys: usize,
}

/// Rotates the keys of this place's installation.
///
/// # Errors
/// [`OpenError`]: no database or no keys here, keys of another installation, or a database that does not answer. A
/// rotation that was interrupted loses nothing: the old key still opens, and [`Rotation::DropRetired`] finishes it.
pub async fn rotate(
    place: &Place,
    startup: Startup,
    rotation: Rotation,
    clock: &dyn Clock,
    entropy: Arc<dyn Entropy>,
    progress: impl FnMut(Progress),
) -> Result<Rotated, OpenError> {
    let keys = KeyFile::open(&place.key_file())?;
    let server = Server::open_or_join(place, startup).await?;
    let rotated = over(&server, place, &keys, rotation, clock, entropy, progress).await;
    server.stop().await;
    rotated
}

async fn over(
    server: &Server,
    place: &Place,
    keys: &KeyFile,
    rotation: Rotation,
    clock: &dyn Clock,
    entropy: Arc<dyn Entropy>,
    progress: impl FnMut(Progress),
) -> Result<Rotated, OpenError> {
    let owner = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(server.owner_options()?)
        .await?;
    let founded = installation::read(&owner)
        .await?
        .ok_or(StoreError::NotFounded)?;
    keys.belongs_to(&founded.keys)?;
    let path = place.key_file();
    if rotation == Rotation::NewKey {
        KeyFile::rotate(&path, clock, &*entropy)?;
    }
    let sealer = Sealer::open_file(&path, entropy)?;
    let resealed = reseal(&owner, &sealer, SEALED_COLUMNS, progress).await?;
    let dropped = match rotation {
        Rotation::NewKey => Vec::new(),
        Rotation::DropRetired => drop_retired(&owner, place, clock, resealed).await?,
    };
    owner.close().await;
    Ok(Rotated {
        resealed,
        dropped,
        keys: KeyFile::open(&path)?.keys().len(),
    })
}

/// A value that does not open may open again with a key nobody thought needed, so then every key stays.
async fn drop_retired(
    owner: &PgPool,
    place: &Place,
    clock: &dyn Clock,
    resealed: Resealed,
) -> Result<Vec<u32>, OpenError> {
    if resealed.unreadable > 0 {
        return Ok(Vec::new());
    }
    let used: Vec<u32> = keys_in_use(owner, SEALED_COLUMNS)
        .await?
        .into_iter()
        .collect();
    Ok(KeyFile::drop_retired(&place.key_file(), clock, &used)?)
}
