//! Trying a backup: restored into a scratch cluster, read back and compared. No key of the installation is needed.

use std::path::Path;

use sqlx::postgres::PgPoolOptions;

use super::envelope::OpenWith;
use super::error::BackupError;
use super::load;
use super::manifest::{Comparison, Head};
use crate::cluster::{Cluster, DATABASE, Place, Startup};

/// What came of trying a backup.
#[derive(Debug)]
pub struct Verified {
    /// What the backup said of itself.
    pub head: Head,
    /// What was compared; a finding means that the backup is not to be relied on.
    pub comparison: Comparison,
}

/// Restores a backup into a cluster of its own in the folder `scratch`, which is the caller's to remove.
///
/// # Errors
/// [`BackupError`] when it does not open or load at all; differences are no error here.
pub async fn verify(
    file: &Path,
    with: OpenWith,
    scratch: &Path,
    startup: Startup,
    progress: impl FnMut(u64),
) -> Result<Verified, BackupError> {
    let backup = load::Opened::open(file, with).await?;
    let head = backup.head.clone();
    let place = Place::at(scratch.join("data"))?;
    let cluster = Cluster::start(&place, startup).await?;
    let owner = PgPoolOptions::new()
        .max_connections(2)
        .connect_with(cluster.owner_options(DATABASE))
        .await;
    let loaded = match owner {
        Ok(owner) => {
            let loaded = backup.load(&owner, progress).await;
            owner.close().await;
            loaded
        }
        Err(error) => Err(error.into()),
    };
    cluster.stop().await;
    match loaded {
        Ok(comparison) => Ok(Verified { head, comparison }),
        Err(BackupError::Differs(comparison)) => Ok(Verified {
            head,
            comparison: *comparison,
        }),
        Err(error) => Err(error),
    }
}
