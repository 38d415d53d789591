//! What is unsafe about a configuration that makes sense.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use api::Tls;
use store::backup::Recipient;
use store::cluster::{ClusterError, Place};
use store::keys::KeyFile;

use super::finding::Finding;
use super::layers::Layers;
use super::typed::{Backup, Configuration};

/// Variables with the address, and the password, of a database.
const DATABASE_VARIABLES: [&str; 3] = ["DATABASE_URL", "HUTONG_OWNER_URL", "HUTONG_PUBLIC_URL"];

/// Everything unsafe, in the order of the settings.
pub(crate) fn unsafe_settings(
    configuration: &Configuration,
    layers: &Layers,
    place: &Place,
) -> Vec<Finding> {
    let mut findings = network(configuration);
    findings.extend(backup(configuration, place));
    findings.extend(database());
    // An external server needs the public pages' own account named.
    let external = env::var("DATABASE_URL").is_ok_and(|address| !address.is_empty());
    if external && configuration.public.is_some() && env::var("HUTONG_PUBLIC_URL").is_err() {
        findings.push(Finding::other(&ClusterError::NoPublicUrl));
    }
    let ours = [layers.file.as_path(), place.data()];
    findings.extend(
        ours.into_iter()
            .filter(|path| mode(path).is_some_and(|mode| mode & 0o022 != 0))
            .map(|path| Finding::Writable(path.to_path_buf())),
    );
    findings.extend(keys(place));
    findings
}

/// That nothing can be printed: no office stays closed for it, but whoever checks is told.
pub(crate) fn unprintable(configuration: &Configuration) -> Option<Finding> {
    let error = configuration.press().ready().err()?;
    Some(Finding::other(&error))
}

fn network(configuration: &Configuration) -> Vec<Finding> {
    let Configuration {
        address,
        tls,
        trusted_proxies,
        public,
        ..
    } = configuration;
    let mut findings = Vec::new();
    let public = public.as_ref().map(|public| public.address);
    for address in [Some(*address), public].into_iter().flatten() {
        if !address.ip().is_loopback() && tls.is_none() && trusted_proxies.is_empty() {
            findings.push(Finding::Exposed(address.to_string()));
        }
    }
    if let Some((certificate, key)) = tls {
        findings.extend(
            Tls::read(certificate, key)
                .err()
                .map(|error| Finding::other(&error)),
        );
        // The group may read it, as Debian's ssl-cert does.
        if mode(key).is_some_and(|mode| mode & 0o027 != 0) {
            findings.push(Finding::KeyExposed(key.clone()));
        }
    }
    let token = configuration.metrics_token.iter();
    findings.extend(
        token
            .filter(|token| mode(token).is_none_or(|mode| mode & 0o027 != 0))
            .map(|token| Finding::KeyExposed(token.clone())),
    );
    let vast = trusted_proxies.iter().filter(|network| network.is_vast());
    findings.extend(vast.map(|network| Finding::VastProxy(network.to_string())));
    findings
}

fn backup(configuration: &Configuration, place: &Place) -> Vec<Finding> {
    let Some(Backup {
        folder, recipient, ..
    }) = &configuration.backup
    else {
        return Vec::new();
    };
    let inside = resolved(folder).starts_with(resolved(place.data()));
    let unreadable = Recipient::read(recipient).err();
    inside
        .then(|| Finding::BackupInside(folder.clone()))
        .into_iter()
        .chain(unreadable.map(|error| Finding::other(&error)))
        .collect()
}

/// The path without links, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let Some(above) = path.parent() else {
        return path.to_path_buf();
    };
    fs::canonicalize(path)
        .unwrap_or_else(|_| resolved(above).join(path.file_name().unwrap_or_default()))
}

fn database() -> Vec<Finding> {
    let named = DATABASE_VARIABLES.into_iter().filter(|variable| {
        let address = env::var(variable).unwrap_or_default();
        over_network(&address) && !demands_encryption(&address)
    });
    named.map(Finding::DatabaseUnencrypted).collect()
}

/// Whether the address names another machine.
fn over_network(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let own = ["", "localhost", "127.", "[::1]", "%2F", "%2f"];
    let is_own = |own: &str| match own {
        "" => host.is_empty() || host.starts_with(':'),
        own => host.starts_with(own),
    };
    !own.into_iter().any(is_own)
}

fn demands_encryption(address: &str) -> bool {
    ["require", "verify-ca", "verify-full"]
        .iter()
        .any(|mode| address.contains(&format!("sslmode={mode}")))
}

/// The key file, which may be missing where nothing has been founded, or a founding was broken off before it.
fn keys(place: &Place) -> Option<Finding> {
    let path = place.key_file();
    let unfounded = !place.cluster().exists() || place.founding().exists();
    if unfounded && !path.exists() {
        return None;
    }
    let error = KeyFile::open(&path).err()?;
    Some(Finding::other(&error))
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|found| found.mode())
}

/// The addresses of the databases named in the environment, without their passwords.
pub(crate) fn masked() -> Vec<(&'static str, String)> {
    DATABASE_VARIABLES
        .into_iter()
        .filter_map(|variable| {
            let address = env::var(variable)
                .ok()
                .filter(|address| !address.is_empty())?;
            Some((variable, mask(&address)))
        })
        .collect()
}

/// What stands between `user:` and `@` is a password, and so may be what follows `?`.
fn mask(address: &str) -> String {
    const HIDDEN: &str = "******";
    let Some((scheme, rest)) = address.split_once("://") else {
        return HIDDEN.to_owned();
    };
    let (authority, path) = match rest.rsplit_once('@') {
        Some((user, rest)) => {
            let name = user.split(':').next().unwrap_or_default();
            (format!("{name}:{HIDDEN}@"), rest)
        }
        None => (String::new(), rest),
    };
    let (path, options) = path.split_once('?').unwrap_or((path, ""));
    let options = if options.is_empty() { "" } else { "?…" };
    format!("{scheme}://{authority}{path}{options}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        for (address, shown) in [
            (
                "postgres://app:s3cret@db:5432/hutong",
                "postgres://app:******@db:5432/hutong",
            ),
            (
                "postgres://app:p@ss:w@db/hutong?password=x",
                "postgres://app:******@db/hutong?…",
            ),
            ("postgres://db/hutong", "postgres://db/hutong"),
            ("host=db password=x", "******"),
        ] {
            assert_eq!(mask(address), shown);
        }
    }

    #[test]
    fn a_database_elsewhere_is_told_from_ones_own() {
        for own in [
            "postgres://a:b@localhost/x",
            "postgres://%2Frun%2Fpg/x",
            "postgres:///x",
            "postgres://a@127.0.0.1:5432/x",
        ] {
            assert!(!over_network(own), "{own}");
        }
        assert!(over_network("postgres://a:b@10.0.0.4/x"));
        assert!(demands_encryption("postgres://a@db/x?sslmode=verify-full"));
    }
}
