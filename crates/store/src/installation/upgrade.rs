//! Before an installation is worked in: that it stands, that its keys are there, and what becomes of an older schema.
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

/// Refuses a demo, which is no office.
pub(super) async fn refuse_demo(owner: &PgPool) -> Result<(), OpenError> {
    match standing(owner).await? {
        Some(installation) if installation.kind == Kind::Demo => Err(StoreError::ADemo.into()),
        _ => Ok(()),
    }
}

/// Refuses what does not stand, and dumps an office whose schema is about to change. `dumped` says that the person has
/// a dump already.
pub(super) async fn prepare(
    owner: &PgPool,
    server: &Server,
    place: &Place,
    dumped: bool,
) -> Result<(), OpenError> {
    let Standing { applied, pending } = schema_standing(owner).await?;
    let installation = standing(owner).await?.ok_or(StoreError::NotFounded)?;
    founding::is_over(place)?;
    KeyFile::open(&place.key_file())?.belongs_to(&installation.keys)?;
    if pending == 0 || dumped || installation.kind == Kind::Demo {
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
    // To the millisecond: an upgrade broken off and begun again within a second has two dumps.
    let at = SystemClock.now().as_millisecond();
    let file = folder.join(format!("schema-{applied}-{at}.dump"));
    cluster.dump(&file).await?;
    tracing::info!(file = %file.display(), schema = applied, "the state before the upgrade was dumped");
    Ok(())
}
