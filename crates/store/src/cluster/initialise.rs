//! Makes a new cluster: beside its place first, so that a kill in the middle leaves nothing half-made.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::process::Command;

use secrecy::{ExposeSecret, SecretString};

use super::account::Account;
use super::binaries::Binaries;
use super::data_folder;
use super::error::ClusterError;
use super::orphan;
use super::place::Place;
use super::roles::Role;
use super::settings;

/// Runs `initdb` and moves the finished cluster to its place.
pub(super) fn initialise(
    place: &Place,
    binaries: &Binaries,
    account: &Account,
    password: &SecretString,
) -> Result<(), ClusterError> {
    let nursery = place.nursery();
    let at = |error| ClusterError::io(&nursery, error);
    orphan::clear_nursery(&nursery)?;
    clear(&nursery).map_err(at)?;
    DirBuilder::new().mode(0o700).create(&nursery).map_err(at)?;
    let password_file = nursery.join("password");
    write_password(&password_file, password).map_err(at)?;
    account.give(&password_file)?;
    account.give(&nursery)?;

    let made = initdb(&nursery, &password_file, binaries, account).and_then(|()| {
        let fresh = nursery.join("data");
        tune(&fresh)
            .and_then(|()| settle(&fresh))
            .and_then(|()| fs::rename(&fresh, place.cluster()))
            .map_err(at)?;
        File::open(place.data())
            .and_then(|folder| folder.sync_all())
            .map_err(at)
    });
    // On success only the password file is left in it; after a failure the reason matters more than a leftover.
    let cleared = clear(&nursery).map_err(at);
    made.and(cleared)
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write_password(path: &Path, password: &SecretString) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{}", password.expose_secret())
}

/// Locale C: text sorts by code point on every machine, and prefix searches can use plain indexes.
fn initdb(
    nursery: &Path,
    password_file: &Path,
    binaries: &Binaries,
    account: &Account,
) -> Result<(), ClusterError> {
    let mut command = Command::new(binaries.program("initdb"));
    command
        .args([
            "--encoding=UTF8",
            "--locale=C",
            "--data-checksums",
            "--auth-local=scram-sha-256",
            "--auth-host=reject",
        ])
        .args([
            "--no-instructions",
            "--no-sync",
            "--username",
            Role::Superuser.name(),
        ])
        .arg("--pwfile")
        .arg(password_file)
        .arg("--pgdata")
        .arg(nursery.join("data"))
        .current_dir(nursery)
        .env_clear()
        .env("LC_ALL", "C");
    let output = account
        .run_as(&mut command)
        .output()
        .map_err(|error| ClusterError::io(binaries.bin(), error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = format!(
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    // PostgreSQL tells of a block that went in by half without the system's word for the cause.
    let full = [
        "No space left on device",
        "Disk quota exceeded",
        "wrote only ",
    ]
    .iter()
    .any(|sign| said.contains(sign));
    if full || data_folder::is_full(nursery) {
        return Err(ClusterError::DiskFull(
            nursery.parent().unwrap_or(nursery).to_path_buf(),
        ));
    }
    let telling =
        |line: &&str| line.contains("error:") || line.contains("FATAL:") || line.contains("PANIC:");
    let reason = said
        .lines()
        .find(telling)
        .or_else(|| said.lines().rfind(|line| !line.trim().is_empty()));
    Err(ClusterError::Initialise(reason.map_or_else(
        || output.status.to_string(),
        |line| line.trim().to_owned(),
    )))
}

fn tune(cluster: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .append(true)
        .open(cluster.join("postgresql.conf"))?;
    file.write_all(settings::TUNABLE.as_bytes())
}

/// Everything reaches the disk in one call for the whole file system, where `initdb` would sync a thousand files.
fn settle(cluster: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(cluster)?)?)
}
