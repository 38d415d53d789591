//! The lock that keeps a data folder to one program at a time.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;

use rustix::fs::{FlockOperation, flock};

use super::error::ClusterError;
use super::place::Place;

/// The held lock; the system releases it when the program ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    /// Closed on exec, so that no PostgreSQL process inherits the lock.
    _file: File,
}

impl Lock {
    /// Takes the lock, or names the living program that holds it.
    pub(super) fn take(place: &Place) -> Result<Self, ClusterError> {
        let path = place.lock();
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path);
        let mut file = open.map_err(|error| ClusterError::io(&path, error))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut holder = String::new();
                let pid = file
                    .read_to_string(&mut holder)
                    .ok()
                    .and_then(|_| holder.trim().parse().ok());
                return Err(ClusterError::InUse {
                    path: place.data().to_path_buf(),
                    pid,
                });
            }
            Err(error) => return Err(ClusterError::io(&path, error.into())),
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(|error| ClusterError::io(&path, error))?;
        Ok(Self { _file: file })
    }
}
