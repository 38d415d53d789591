//! The passwords of the database's roles: one 0600 file each, made once from the system's randomness.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::clock::Entropy;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::error::ClusterError;
use super::place::Place;
use super::roles::Role;
use crate::entropy::OsEntropy;

/// The passwords of all roles of one installation.
#[derive(Debug, Clone)]
pub(super) struct Passwords {
    superuser: SecretString,
    owner: SecretString,
    app: SecretString,
    public: SecretString,
}

impl Passwords {
    /// Reads the passwords and makes those that are missing.
    ///
    /// A new password for owner and program is given to the database by its superuser; a new one for the
    /// superuser only `initdb` can give, so that one is made only while there is no cluster.
    ///
    /// # Errors
    /// [`ClusterError::Secrets`] when the superuser's is missing although the cluster exists.
    pub(super) fn load(place: &Place, has_cluster: bool) -> Result<Self, ClusterError> {
        let folder = place.secrets();
        DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(&folder)
            .map_err(|error| ClusterError::io(&folder, error))?;
        let read = |role: Role, may_make| password(&folder.join(role.name()), may_make);
        Ok(Self {
            superuser: read(Role::Superuser, !has_cluster)?,
            owner: read(Role::Owner, true)?,
            app: read(Role::App, true)?,
            public: read(Role::Public, true)?,
        })
    }

    /// Reads the passwords of a cluster that another program made; makes none.
    ///
    /// # Errors
    /// [`ClusterError::Secrets`] when one is missing.
    pub(super) fn read(place: &Place) -> Result<Self, ClusterError> {
        let read = |role: Role| password(&place.secrets().join(role.name()), false);
        Ok(Self {
            superuser: read(Role::Superuser)?,
            owner: read(Role::Owner)?,
            app: read(Role::App)?,
            public: read(Role::Public)?,
        })
    }

    /// The password of one role.
    pub(super) fn of(&self, role: Role) -> &SecretString {
        match role {
            Role::Superuser => &self.superuser,
            Role::Owner => &self.owner,
            Role::App => &self.app,
            Role::Public => &self.public,
        }
    }
}

fn password(path: &Path, may_make: bool) -> Result<SecretString, ClusterError> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            let password = text.trim();
            let sound = password.len() == 43
                && password
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            if sound {
                Ok(SecretString::from(password))
            } else {
                Err(ClusterError::Secrets(path.to_path_buf()))
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && may_make => {
            make(path).map_err(|error| ClusterError::io(path, error))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(ClusterError::Secrets(path.to_path_buf()))
        }
        Err(error) => Err(ClusterError::io(path, error)),
    }
}

/// Writes a new password beside its place and moves it there, so that a kill leaves no half-written one.
fn make(path: &Path) -> io::Result<SecretString> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    OsEntropy.fill(&mut *bytes);
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes));
    let draft = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    writeln!(file, "{}", text.as_str())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    Ok(SecretString::from(text.as_str()))
}
