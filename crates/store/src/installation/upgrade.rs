//! Before an office is served: that it is one, that its keys are there, and what becomes of an older schema.
//!
//! **Invariant.** No migration runs on an office's data before the state from before lies in a dump.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;

use kernel::clock::{Clock, SystemClock};
use sqlx::PgPool;

use super::founding;
use super::open::OpenError;
use super::record::{Kind, standing};
use crate::cluster::{ClusterError, Place, Server};
use crate::error::StoreError;
use crate::keys::KeyFile;
use crate::schema::{Standing, standing as schema_standing};

/// Refuses what cannot be served, and dumps a database whose schema is about to change. `dumped` says that the person
/// has a dump already.
pub(super) async fn prepare(
    owner: &PgPool,
    server: &Server,
    place: &Place,
    dumped: bool,
) -> Result<(), OpenError> {
    let Standing { applied, pending } = schema_standing(owner).await?;
    let installation = standing(owner).await?.ok_or(StoreError::NotFounded)?;
    if installation.kind == Kind::Demo {
        return Err(StoreError::ADemo.into());
    }
    founding::is_over(place)?;
    KeyFile::open(&place.key_file())?.belongs_to(&installation.keys)?;
    if pending == 0 || dumped {
        return Ok(());
    }
    dump(server, place, applied).await
}

async fn dump(server: &Server, place: &Place, applied: i64) -> Result<(), OpenError> {
    let Server::Private(cluster) = server else {
        return Err(StoreError::NotDumped.into());
    };
    let folder = place.upgrades();
    DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(&folder)
        .map_err(|error| ClusterError::io(&folder, error))?;
    let second = SystemClock.now().as_second();
    let file = folder.join(format!("schema-{applied}-{second}.dump"));
    cluster.dump(&file).await?;
    tracing::info!(file = %file.display(), schema = applied, "the state before the upgrade was dumped");
    Ok(())
}
