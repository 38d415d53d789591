//! The layers a configuration is made of, each setting with where it comes from.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use store::cluster::Place;
use toml::{Table, Value};

use super::finding::{ConfigError, Finding, Findings};
use super::settings::{SETTINGS, Setting, of_name};
use super::typed::Configuration;

/// The variable that names the file.
const FILE: &str = "HUTONG_CONFIG";
/// Variables of the program that are no settings.
const OTHER_VARIABLES: &[&str] = &[
    FILE,
    "HUTONG_DATA",
    "HUTONG_MAX_CELLS",
    "HUTONG_MAX_INFLATED_MIB",
    "HUTONG_NODE_MODULES",
    "HUTONG_OWNER_URL",
    "HUTONG_PASSPHRASE",
    "HUTONG_PG_BIN",
    "HUTONG_PUBLIC_URL",
    "HUTONG_TEST_SERVER",
];

/// What the command line says of the configuration.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Sources {
    /// Data folder [default: HUTONG_DATA, or the installation's usual folder].
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
    /// Configuration file [default: HUTONG_CONFIG, or hutong.toml in the data folder].
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Address and port to answer on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// Address and port of the public pages.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) public_listen: Option<String>,
    /// TLS certificate (PEM).
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// A reverse proxy, or its network, that is believed about who calls; may be repeated.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) trusted_proxy: Vec<String>,
    /// Form of the log: text or json.
    #[arg(long, value_name = "FORM")]
    pub(crate) log_format: Option<String>,
}

impl Sources {
    /// The installation.
    pub(crate) fn place(&self) -> Result<Place, store::cluster::ClusterError> {
        Place::find(self.data.as_deref())
    }

    /// The settings made on the command line.
    pub(crate) fn made(&self) -> Vec<(&'static str, String)> {
        let path = |path: &PathBuf| {
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            absolute.display().to_string()
        };
        let proxies = Some(self.trusted_proxy.join(",")).filter(|list| !list.is_empty());
        [
            ("listen.address", self.listen.clone()),
            ("public.address", self.public_listen.clone()),
            ("listen.tls_cert", self.tls_cert.as_ref().map(path)),
            ("listen.tls_key", self.tls_key.as_ref().map(path)),
            ("listen.trusted_proxies", proxies),
            ("log.format", self.log_format.clone()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// Where a setting was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Nowhere.
    Default,
    /// In the file.
    File,
    /// In the environment.
    Environment,
    /// On the command line.
    CommandLine,
}

impl Source {
    /// The stable word for it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::CommandLine => "command line",
        }
    }
}

/// A setting with the text that holds and where that comes from.
#[derive(Debug)]
pub(crate) struct Held {
    /// The setting.
    pub(crate) setting: &'static Setting,
    /// What holds; empty for nothing.
    pub(crate) text: String,
    /// Where from.
    pub(crate) source: Source,
}

/// Every setting as it holds, and what was found wrong on the way.
#[derive(Debug)]
pub(crate) struct Layers {
    /// The file that was looked for.
    pub(crate) file: PathBuf,
    /// Whether it is there.
    pub(crate) file_exists: bool,
    /// One for each setting, in their order.
    pub(crate) held: Vec<Held>,
    findings: Vec<Finding>,
}

impl Layers {
    /// Gathers the layers; a file named by nobody may be missing.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read as TOML.
    pub(crate) fn gather(sources: &Sources, place: &Place) -> Result<Self, ConfigError> {
        Self::gather_from(sources, place, Missing::IfUnnamed)
    }

    /// Gathers the layers of an installation to be made, whose file may be missing.
    ///
    /// # Errors
    /// [`ConfigError`] when there is a file and it cannot be read as TOML.
    pub(crate) fn gather_for_new(sources: &Sources, place: &Place) -> Result<Self, ConfigError> {
        Self::gather_from(sources, place, Missing::Allowed)
    }

    fn gather_from(
        sources: &Sources,
        place: &Place,
        missing: Missing,
    ) -> Result<Self, ConfigError> {
        let named = sources.config.clone().or_else(|| {
            env::var_os(FILE)
                .filter(|file| !file.is_empty())
                .map(PathBuf::from)
        });
        let file = named
            .clone()
            .unwrap_or_else(|| place.data().join("hutong.toml"));
        let needed = named.is_some() && missing == Missing::IfUnnamed;
        let table = read(&file, needed)?;
        let mut layers = Self {
            file,
            file_exists: table.is_some(),
            held: SETTINGS.iter().map(unmade).collect(),
            findings: Vec::new(),
        };
        layers.take_file(&table.unwrap_or_default());
        layers.take_environment();
        for (name, text) in sources.made() {
            layers.hold(name, text, Source::CommandLine);
        }
        Ok(layers)
    }

    /// The configuration, or everything that is unknown or out of range, in every layer.
    ///
    /// # Errors
    /// The findings.
    pub(crate) fn judge(&self) -> Result<Configuration, Findings> {
        let mut findings = self.findings.clone();
        let senseless = self
            .held
            .iter()
            .filter(|held| !held.text.is_empty() && !held.setting.kind.allows(&held.text))
            .map(|held| self.wrong(held.setting.name));
        findings.extend(senseless);
        match (Configuration::of(self), Findings::of(findings)) {
            (Ok(configuration), None) => Ok(configuration),
            (Ok(_), Some(findings)) => Err(findings),
            (Err(finding), None) => Err(Findings::one(finding)),
            (Err(finding), Some(findings)) => Err(findings.and(finding)),
        }
    }

    /// What holds for the setting of this name, if anything does.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let held = self.held.iter().find(|held| held.setting.name == name)?;
        Some(held.text.as_str()).filter(|text| !text.is_empty())
    }

    /// That the setting of this name has a value it may not have.
    pub(super) fn wrong(&self, name: &'static str) -> Finding {
        Finding::Value {
            name,
            value: self.text(name).unwrap_or_default().to_owned(),
        }
    }

    fn hold(&mut self, name: &str, text: String, source: Source) {
        if let Some(held) = self.held.iter_mut().find(|held| held.setting.name == name) {
            held.text = text;
            held.source = source;
        }
    }

    fn take_file(&mut self, table: &Table) {
        for (section, value) in table {
            match value {
                Value::Table(settings) => {
                    for (name, value) in settings {
                        self.take(&format!("{section}.{name}"), value);
                    }
                }
                _ => self.findings.push(Finding::Unknown(section.clone())),
            }
        }
    }

    fn take(&mut self, name: &str, value: &Value) {
        let Some(setting) = of_name(name) else {
            self.findings.push(Finding::Unknown(name.to_owned()));
            return;
        };
        match setting.kind.text(value) {
            Some(text) => self.hold(name, text, Source::File),
            None => self.findings.push(Finding::Value {
                name: setting.name,
                value: value.to_string(),
            }),
        }
    }

    fn take_environment(&mut self) {
        let mut made: Vec<(String, String)> = env::vars_os()
            .filter_map(|(name, value)| {
                let name = name.into_string().ok()?;
                let ours = name.starts_with("HUTONG_") && !value.is_empty();
                ours.then(|| (name, value.to_string_lossy().into_owned()))
            })
            .collect();
        made.sort();
        for (variable, text) in made {
            match SETTINGS.iter().find(|setting| setting.variable == variable) {
                Some(setting) => self.hold(setting.name, text, Source::Environment),
                None if OTHER_VARIABLES.contains(&variable.as_str()) => {}
                None => self.findings.push(Finding::UnknownVariable(variable)),
            }
        }
    }
}

fn unmade(setting: &'static Setting) -> Held {
    Held {
        setting,
        text: setting.default.to_owned(),
        source: Source::Default,
    }
}

/// When there may be no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    IfUnnamed,
    Allowed,
}

/// Where no file can be there is none; whether the data can be there is found when the data is made.
fn is_nowhere(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | InvalidFilename)
}

/// The file as a table; `None` where there is none and none is needed.
fn read(file: &Path, needed: bool) -> Result<Option<Table>, ConfigError> {
    let text = match fs::read_to_string(file) {
        Err(error) if !needed && is_nowhere(&error) => return Ok(None),
        read => read.map_err(|cause| ConfigError::Unreadable {
            path: file.to_path_buf(),
            cause,
        })?,
    };
    text.parse().map(Some).map_err(|error: toml::de::Error| {
        let before = error.span().map_or(0, |span| span.start);
        ConfigError::Syntax {
            path: file.to_path_buf(),
            line: text.get(..before).unwrap_or_default().matches('\n').count() + 1,
            message: error.message().to_owned(),
        }
    })
}
