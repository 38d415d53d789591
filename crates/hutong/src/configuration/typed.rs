//! The configuration as the program uses it.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use api::Network;
use jiff::civil::Time;
use press::Press;
use tracing::Level;

use super::finding::Finding;
use super::kind::{list, networks, time_of_day};
use super::layers::Layers;

/// All that holds.
#[derive(Debug)]
pub(crate) struct Configuration {
    /// Where to answer.
    pub(crate) address: SocketAddr,
    /// The files of the certificate and its key.
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    /// Who is believed about who calls.
    pub(crate) trusted_proxies: Vec<Network>,
    /// The origins of the system's own pages.
    pub(crate) origins: Vec<String>,
    /// How many requests are worked on at once.
    pub(crate) requests_at_once: usize,
    /// The file of the token for `/metrics`.
    pub(crate) metrics_token: Option<PathBuf>,
    /// The most connections open at once.
    pub(crate) connections: usize,
    /// How long a caller may take to say what it wants.
    pub(crate) patience: Duration,
    /// How long open requests may take to finish at the end.
    pub(crate) grace: Duration,
    /// The public pages, if there are to be any.
    pub(crate) public: Option<Public>,
    /// The log's form.
    pub(crate) log_format: LogFormat,
    /// How much the log tells.
    pub(crate) log_level: Level,
    /// The nightly backup, if there is to be one.
    pub(crate) backup: Option<Backup>,
    /// The file of the font that documents are printed in, and of the one for what it has not.
    pub(crate) fonts: [PathBuf; 2],
}

/// The form of the program's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The public pages.
#[derive(Debug)]
pub(crate) struct Public {
    /// Where to answer.
    pub(crate) address: SocketAddr,
    /// Their origins.
    pub(crate) origins: Vec<String>,
    /// How many requests are worked on at once.
    pub(crate) requests_at_once: usize,
}

/// A nightly backup.
#[derive(Debug)]
pub(crate) struct Backup {
    /// Where to.
    pub(crate) folder: PathBuf,
    /// The file of the public key it is sealed to.
    pub(crate) recipient: PathBuf,
    /// When, Beijing time.
    pub(crate) at: Time,
    /// How many are kept.
    pub(crate) keep: NonZeroU32,
}

impl Configuration {
    /// What prints with these fonts.
    pub(crate) fn press(&self) -> Press {
        let [font, fallback] = &self.fonts;
        Press::new(font, fallback)
    }

    /// What the layers come to.
    ///
    /// # Errors
    /// The first setting without a sense.
    pub(super) fn of(layers: &Layers) -> Result<Self, Finding> {
        let seconds = |name| Ok(Duration::from_secs(parsed(layers, name)?));
        let json = layers.text("log.format") == Some("json");
        Ok(Self {
            address: parsed(layers, "listen.address")?,
            tls: pair(layers, "listen.tls_cert", "listen.tls_key")?,
            trusted_proxies: networks(layers.text("listen.trusted_proxies").unwrap_or_default())
                .ok_or_else(|| layers.wrong("listen.trusted_proxies"))?,
            origins: origins(layers, "listen.origins"),
            requests_at_once: parsed(layers, "listen.requests_at_once")?,
            metrics_token: layers.text("listen.metrics_token").map(PathBuf::from),
            connections: parsed(layers, "listen.connections")?,
            patience: seconds("listen.patience_seconds")?,
            grace: seconds("listen.grace_seconds")?,
            public: public(layers)?,
            log_format: if json {
                LogFormat::Json
            } else {
                LogFormat::Text
            },
            log_level: parsed(layers, "log.level")?,
            backup: backup(layers)?,
            fonts: [
                parsed(layers, "print.font")?,
                parsed(layers, "print.fallback_font")?,
            ],
        })
    }
}

fn parsed<T: FromStr>(layers: &Layers, name: &'static str) -> Result<T, Finding> {
    let text = layers.text(name).and_then(|text| text.parse().ok());
    text.ok_or_else(|| layers.wrong(name))
}

/// Two paths, or neither.
fn pair(
    layers: &Layers,
    one: &'static str,
    other: &'static str,
) -> Result<Option<(PathBuf, PathBuf)>, Finding> {
    match (layers.text(one), layers.text(other)) {
        (Some(first), Some(second)) => Ok(Some((first.into(), second.into()))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Finding::Alone {
            made: one,
            missing: other,
        }),
        (None, Some(_)) => Err(Finding::Alone {
            made: other,
            missing: one,
        }),
    }
}

fn origins(layers: &Layers, name: &'static str) -> Vec<String> {
    let origins = list(layers.text(name).unwrap_or_default());
    origins.map(str::to_owned).collect()
}

fn public(layers: &Layers) -> Result<Option<Public>, Finding> {
    if layers.text("public.address").is_none() {
        return Ok(None);
    }
    Ok(Some(Public {
        address: parsed(layers, "public.address")?,
        origins: origins(layers, "public.origins"),
        requests_at_once: parsed(layers, "public.requests_at_once")?,
    }))
}

fn backup(layers: &Layers) -> Result<Option<Backup>, Finding> {
    let Some((folder, recipient)) = pair(layers, "backup.folder", "backup.recipient")? else {
        return Ok(None);
    };
    let at = layers.text("backup.at").and_then(time_of_day);
    Ok(Some(Backup {
        folder,
        recipient,
        at: at.ok_or_else(|| layers.wrong("backup.at"))?,
        keep: parsed(layers, "backup.keep")?,
    }))
}
