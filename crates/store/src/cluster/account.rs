//! The system account PostgreSQL runs as: the caller's own, or for root a lesser one, because PostgreSQL refuses root.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::ClusterError;

/// The account made for the database by the set-up.
const DEDICATED: &str = "hutong";
/// The account a demonstration or a test may borrow.
const BORROWED: &str = "nobody";

/// The user and group PostgreSQL runs as, and owns its folders as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    name: String,
    uid: u32,
    gid: u32,
    /// Whether the program must change to it, being root.
    switch: bool,
}

impl Account {
    /// The account for this process: its own, or as root `hutong`, or if `allow_nobody` and there is none, `nobody`.
    ///
    /// # Errors
    /// [`ClusterError::NoAccount`] as root without such a user.
    pub fn choose(allow_nobody: bool) -> Result<Self, ClusterError> {
        let uid = rustix::process::geteuid();
        if !uid.is_root() {
            let name = named(|entry| entry.uid == uid.as_raw())
                .map_or_else(|| uid.as_raw().to_string(), |entry| entry.name);
            return Ok(Self {
                name,
                uid: uid.as_raw(),
                gid: rustix::process::getegid().as_raw(),
                switch: false,
            });
        }
        named(|entry| entry.name == DEDICATED)
            .or_else(|| named(|entry| allow_nobody && entry.name == BORROWED))
            .filter(|entry| entry.uid != 0)
            .ok_or(ClusterError::NoAccount)
    }

    /// The account that owns an existing cluster folder, where root may act for it; otherwise `self`.
    ///
    /// # Errors
    /// [`ClusterError::NotOwner`] when the folder is another user's (or, as root, root's or a borrowed account's that was not allowed).
    pub(super) fn for_cluster(
        self,
        cluster: &Path,
        allow_nobody: bool,
    ) -> Result<Self, ClusterError> {
        let owner = fs::metadata(cluster)
            .map_err(|error| ClusterError::io(cluster, error))?
            .uid();
        if owner == self.uid {
            return Ok(self);
        }
        named(|entry| entry.uid == owner)
            .filter(|entry| {
                self.switch && entry.uid != 0 && (allow_nobody || entry.name != BORROWED)
            })
            .ok_or_else(|| ClusterError::NotOwner(cluster.to_path_buf()))
    }

    /// The account's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account's user id.
    pub(super) fn uid(&self) -> u32 {
        self.uid
    }

    /// Makes a command run as this account, in its own process group, with no supplementary groups.
    ///
    /// (The standard library drops the supplementary groups when root sets a user id.)
    pub(super) fn run_as<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if self.switch {
            command.uid(self.uid).gid(self.gid);
        }
        command.process_group(0)
    }

    /// Gives a path to this account, when the program is root.
    pub(super) fn give(&self, path: &Path) -> Result<(), ClusterError> {
        if !self.switch {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).map_err(|error| ClusterError::io(path, error))
    }

    /// Whether the program acts for another account.
    pub(super) fn is_other(&self) -> bool {
        self.switch
    }

    /// Checks that this account may pass through `folder` and every folder above it.
    ///
    /// # Errors
    /// [`ClusterError::Unreachable`] with the first folder that is closed to it.
    pub(super) fn may_enter(&self, folder: &Path) -> Result<(), ClusterError> {
        if !self.switch {
            return Ok(());
        }
        let folder = fs::canonicalize(folder).map_err(|error| ClusterError::io(folder, error))?;
        let mut above: Vec<&Path> = folder.ancestors().collect();
        above.reverse();
        for path in above {
            let found = fs::metadata(path).map_err(|error| ClusterError::io(path, error))?;
            let bit = if found.uid() == self.uid {
                0o100
            } else if found.gid() == self.gid {
                0o010
            } else {
                0o001
            };
            if found.mode() & bit == 0 {
                return Err(ClusterError::Unreachable {
                    path: PathBuf::from(path),
                    account: self.name.clone(),
                });
            }
        }
        Ok(())
    }
}

/// The first user of `/etc/passwd` that fits.
fn named(fits: impl Fn(&Account) -> bool) -> Option<Account> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    users.lines().filter_map(parse).find(|entry| fits(entry))
}

fn parse(line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Account {
        name,
        uid,
        gid,
        switch: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_line_of_the_user_table() {
        let entry = parse("nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin").unwrap();
        assert_eq!(
            (entry.name.as_str(), entry.uid, entry.gid),
            ("nobody", 65534, 65533)
        );
        assert_eq!(parse("# comment"), None);
        assert_eq!(parse("broken:x:not-a-number:1"), None);
    }
}
