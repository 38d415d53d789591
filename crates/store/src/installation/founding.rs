//! Founding an office: a note in the data folder says that it is under way, until the first officers have their codes.
//!
//! **Invariant.** While the note lies there nobody has worked in the database, so that a founding which was broken off
//! may be thrown away and begun anew.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;

use sqlx::PgPool;

use super::open::{OpenError, Opened, Wanted};
use super::record::standing;
use crate::cluster::{ClusterError, External, Place, Startup};
use crate::error::StoreError;

impl Opened {
    /// Makes an empty office: schema, keys and divisions, but no unit yet. One that an earlier founding left half made
    /// is made anew. The founding lasts until [`Opened::founded`].
    ///
    /// # Errors
    /// [`StoreError::Founded`] where there is an installation already, [`StoreError::HalfFounded`] for one that was
    /// broken off on a server that is not this program's own; otherwise as [`Opened::open`].
    pub async fn found(place: &Place, startup: Startup) -> Result<Self, OpenError> {
        match Self::open(place, startup, Wanted::NewOffice).await {
            Err(OpenError::Store(StoreError::HalfFounded)) if External::from_env()?.is_none() => {
                fs::remove_dir_all(place.cluster())
                    .map_err(|cause| ClusterError::io(place.cluster(), cause))?;
                Self::open(place, startup, Wanted::NewOffice).await
            }
            opened => opened,
        }
    }

    /// The founding is over: the first officers have their codes.
    ///
    /// # Errors
    /// When the note cannot be removed.
    pub fn founded(&self, place: &Place) -> Result<(), OpenError> {
        let note = place.founding();
        Ok(fs::remove_file(&note).map_err(|cause| ClusterError::io(note, cause))?)
    }
}

/// Notes that a founding is under way, where nothing has been founded.
pub(super) async fn begin(owner: &PgPool, place: &Place) -> Result<(), OpenError> {
    let note = place.founding();
    match (standing(owner).await?, note.exists()) {
        (None, _) => Ok(note_in(place).map_err(|cause| ClusterError::io(note, cause))?),
        (Some(_), true) => Err(StoreError::HalfFounded.into()),
        (Some(_), false) => Err(StoreError::Founded.into()),
    }
}

/// Where the server is not this program's own, nobody has made the data folder yet.
fn note_in(place: &Place) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(place.data())?;
    fs::write(place.founding(), "")
}

/// Refuses an office whose founding was broken off.
pub(super) fn is_over(place: &Place) -> Result<(), OpenError> {
    match fs::metadata(place.founding()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(ClusterError::io(place.founding(), error).into()),
        Ok(_) => Err(StoreError::HalfFounded.into()),
    }
}
