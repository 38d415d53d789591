//! The lock that keeps a data folder to one program at a time.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use super::error::ClusterError;
use super::place::Place;

/// A program that was killed seems to hold its lock until the child that it was about to start has become PostgreSQL: looked
/// at as often as this, with this pause between.
const LOOKS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

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
        hold(&mut file, place)?;
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(|error| ClusterError::io(&path, error))?;
        Ok(Self { _file: file })
    }
}

fn hold(file: &mut File, place: &Place) -> Result<(), ClusterError> {
    for look in 1.. {
        match flock(&*file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => break,
            Err(Errno::WOULDBLOCK) => {
                let pid = holder(file);
                if !pid.is_some_and(is_gone) || look == LOOKS {
                    let path = place.data().to_path_buf();
                    let pid = pid.map(|pid| pid.as_raw_nonzero().get().unsigned_abs());
                    return Err(ClusterError::InUse { path, pid });
                }
                std::thread::sleep(PAUSE);
            }
            Err(error) => return Err(ClusterError::io(place.lock(), error.into())),
        }
    }
    Ok(())
}

/// Who wrote into the lock file last.
fn holder(file: &mut File) -> Option<Pid> {
    let mut said = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut said).ok()?;
    Pid::from_raw(said.trim().parse().ok()?)
}

fn is_gone(pid: Pid) -> bool {
    test_kill_process(pid) == Err(Errno::SRCH)
}

#[cfg(test)]
mod tests {
    //! A child that a killed program left behind lets go of the lock; a living program does not.

    use std::process::Command;
    use std::thread;

    use super::*;

    fn held_by(place: &Place, pid: u32) -> File {
        let mut file = File::create(place.lock()).unwrap();
        writeln!(file, "{pid}").unwrap();
        flock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
        file
    }

    #[test]
    fn the_child_of_a_killed_program_is_waited_for_and_a_living_program_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::at(folder.path()).unwrap();
        let mut gone = Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        let child = held_by(&place, gone.id());
        let letting_go = thread::spawn(move || {
            thread::sleep(PAUSE * 3);
            drop(child);
        });
        let taken = Lock::take(&place).unwrap();
        letting_go.join().unwrap();
        let me = Some(std::process::id());
        let refused = Lock::take(&place).unwrap_err();
        assert!(matches!(refused, ClusterError::InUse { pid, .. } if pid == me));
        drop(taken);
        Lock::take(&place).unwrap();
    }
}
