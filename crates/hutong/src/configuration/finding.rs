//! What is wrong with a configuration: settings unknown, senseless or unsafe.

use std::io;
use std::path::PathBuf;

use kernel::explain::{Explain, Lang};

use super::settings::{SETTINGS, of_name};

/// A file that cannot be read as a configuration at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// It is no TOML.
    #[error("no TOML at line {line} of {}", path.display())]
    Syntax {
        path: PathBuf,
        line: usize,
        message: String,
    },
}

impl Explain for ConfigError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "config.unreadable",
            Self::Syntax { .. } => "config.syntax",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unreadable { path, cause }, Lang::Zh) => {
                format!(
                    "无法读取配置文件 {}：{cause}。请核对路径和权限。",
                    path.display()
                )
            }
            (Self::Unreadable { path, cause }, Lang::En) => format!(
                "The configuration {} cannot be read: {cause}. Check path and permissions.",
                path.display()
            ),
            (
                Self::Syntax {
                    path,
                    line,
                    message,
                },
                Lang::Zh,
            ) => format!(
                "配置文件 {} 第 {line} 行不符合 TOML 格式（{message}）。请更正后重试。",
                path.display()
            ),
            (
                Self::Syntax {
                    path,
                    line,
                    message,
                },
                Lang::En,
            ) => format!(
                "Line {line} of the configuration {} is no TOML ({message}). Correct it and try again.",
                path.display()
            ),
        }
    }
}

/// One thing wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Finding {
    /// A setting in the file that nobody knows.
    #[error("unknown setting {0}")]
    Unknown(String),
    /// A variable that looks like a setting and is none.
    #[error("unknown variable {0}")]
    UnknownVariable(String),
    /// A value of the wrong type or out of range.
    #[error("{name} cannot be {value}")]
    Value { name: &'static str, value: String },
    /// A setting that needs another beside it.
    #[error("{made} needs {missing}")]
    Alone {
        made: &'static str,
        missing: &'static str,
    },
    /// Answering the network without TLS or a trusted proxy.
    #[error("{0} is not this machine's own and there is neither TLS nor a trusted proxy")]
    Exposed(String),
    /// Proxies that are half the world.
    #[error("{0} is no proxy's network")]
    VastProxy(String),
    /// A private key or token that others may read, or that is not there.
    #[error("others may read {}", .0.display())]
    KeyExposed(PathBuf),
    /// A file or folder of the installation that others may change.
    #[error("others may change {}", .0.display())]
    Writable(PathBuf),
    /// Backups that would be lost with the data.
    #[error("the backup folder {} lies in the data folder", .0.display())]
    BackupInside(PathBuf),
    /// A database on the network, reached without encryption.
    #[error("{0} does not encrypt the way to the database")]
    DatabaseUnencrypted(&'static str),
    /// Something the program would stumble over, in that thing's own words.
    #[error("{code}")]
    Other {
        code: &'static str,
        zh: String,
        en: String,
    },
}

impl Finding {
    /// What another part of the program says of it.
    pub(crate) fn other(error: &impl Explain) -> Self {
        Self::Other {
            code: error.code(),
            zh: error.explain(Lang::Zh),
            en: error.explain(Lang::En),
        }
    }

    fn in_chinese(&self) -> String {
        match self {
            Self::Unknown(name) => format!(
                "没有设置项 {name}{}。请更正或删除。",
                near(name, "（是否为 ", "？）")
            ),
            Self::UnknownVariable(name) => format!(
                "没有环境变量 {name}{}。请更正或删除。",
                near_variable(name, "（是否为 ", "？）")
            ),
            Self::Value { name, value } => {
                format!(
                    "设置项 {name} 不能是“{value}”，应为：{}。",
                    range(name, Lang::Zh)
                )
            }
            Self::Alone { made, missing } => format!("设置了 {made}，就必须同时设置 {missing}。"),
            Self::Exposed(address) => format!(
                "监听地址 {address} 不是本机地址，却没有 TLS，也没有可信代理，口令和档案会明文传输。请配置 tls_cert 和 tls_key，或 trusted_proxies，或改为 127.0.0.1。"
            ),
            Self::VastProxy(network) => format!(
                "可信代理 {network} 几乎包括所有地址，任何人都能伪造来源。请只填反向代理自己的地址。"
            ),
            Self::KeyExposed(path) => format!(
                "私钥或令牌文件 {} 不存在，或其他用户可以读取。请执行 chmod 640 或更严，并检查内容是否已经泄露。",
                path.display()
            ),
            Self::Writable(path) => {
                format!("其他用户可以改动 {}。请执行 chmod go-w。", path.display())
            }
            Self::BackupInside(path) => format!(
                "备份文件夹 {} 在数据文件夹之内，磁盘损坏时会一同丢失。请改到其他磁盘或主机。",
                path.display()
            ),
            Self::DatabaseUnencrypted(variable) => format!(
                "{variable} 指向网络上的数据库，但未要求加密。请在地址后加 sslmode=verify-full（并用 sslrootcert 指明证书）。"
            ),
            Self::Other { zh, .. } => zh.clone(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Unknown(name) => format!(
                "There is no setting {name}{}. Correct or remove it.",
                near(name, " (is it ", "?)")
            ),
            Self::UnknownVariable(name) => format!(
                "There is no variable {name}{}. Correct or remove it.",
                near_variable(name, " (is it ", "?)")
            ),
            Self::Value { name, value } => {
                format!(
                    "{name} cannot be {value:?}; it is {}.",
                    range(name, Lang::En)
                )
            }
            Self::Alone { made, missing } => format!("Where {made} is set, {missing} must be too."),
            Self::Exposed(address) => format!(
                "{address} is not this machine's own address, yet there is neither TLS nor a trusted proxy: passwords and files would travel in plain. Set tls_cert and tls_key, or trusted_proxies, or listen on 127.0.0.1."
            ),
            Self::VastProxy(network) => format!(
                "The trusted proxies {network} are nearly every address there is, so anybody could forge where a call comes from. Name the reverse proxy's own address."
            ),
            Self::KeyExposed(path) => format!(
                "The key or token file {} is missing, or others may read it. Run chmod 640 or stricter, and consider whether it is known already.",
                path.display()
            ),
            Self::Writable(path) => {
                format!("Others may change {}. Run chmod go-w.", path.display())
            }
            Self::BackupInside(path) => format!(
                "The backup folder {} lies in the data folder and would be lost with it. Name one on another disk or machine.",
                path.display()
            ),
            Self::DatabaseUnencrypted(variable) => format!(
                "{variable} names a database on the network without demanding encryption. Add sslmode=verify-full (and sslrootcert) to the address."
            ),
            Self::Other { en, .. } => en.clone(),
        }
    }
}

impl Explain for Finding {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "config.unknown",
            Self::UnknownVariable(_) => "config.unknown_variable",
            Self::Value { .. } => "config.value",
            Self::Alone { .. } => "config.alone",
            Self::Exposed(_) => "config.exposed",
            Self::VastProxy(_) => "config.vast_proxy",
            Self::KeyExposed(_) => "config.key_exposed",
            Self::Writable(_) => "config.writable",
            Self::BackupInside(_) => "config.backup_inside",
            Self::DatabaseUnencrypted(_) => "config.database_unencrypted",
            Self::Other { code, .. } => code,
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        }
    }
}

/// One thing wrong, and what else is.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{first}")]
pub(crate) struct Findings {
    first: Finding,
    others: Vec<Finding>,
}

impl Findings {
    /// These, if there are any.
    pub(crate) fn of(findings: Vec<Finding>) -> Option<Self> {
        let mut findings = findings.into_iter();
        findings.next().map(|first| Self {
            first,
            others: findings.collect(),
        })
    }

    /// This one.
    pub(super) fn one(first: Finding) -> Self {
        Self {
            first,
            others: Vec::new(),
        }
    }

    /// These, and one more if it is not among them.
    pub(super) fn and(mut self, finding: Finding) -> Self {
        if self.iter().all(|known| *known != finding) {
            self.others.push(finding);
        }
        self
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Finding> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl Explain for Findings {
    fn code(&self) -> &'static str {
        self.first.code()
    }

    fn explain(&self, lang: Lang) -> String {
        let first = self.first.explain(lang);
        match (self.others.len(), lang) {
            (0, _) => first,
            (more, Lang::Zh) => {
                format!("{first}（配置中另有 {more} 处问题，见 hutong config check）")
            }
            (more, Lang::En) => format!("{first} ({more} more: see hutong config check)"),
        }
    }
}

fn range(name: &str, lang: Lang) -> String {
    of_name(name).map_or_else(String::new, |setting| setting.kind.range(lang))
}

/// The setting that was probably meant: the same name in another section, or one a slip away.
fn near(name: &str, before: &str, after: &str) -> String {
    let names = SETTINGS.iter().map(|setting| setting.name);
    nearest(name, names).map_or_else(String::new, |near| format!("{before}{near}{after}"))
}

fn near_variable(name: &str, before: &str, after: &str) -> String {
    let names = SETTINGS.iter().map(|setting| setting.variable);
    nearest(name, names).map_or_else(String::new, |near| format!("{before}{near}{after}"))
}

fn nearest(name: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
    names
        .map(|known| {
            let away = if last(known) == last(name) {
                1
            } else {
                slips(known, name)
            };
            (away, known)
        })
        .min()
        .filter(|(away, _)| *away <= 3)
        .map(|(_, known)| known)
}

/// How many letters have to be put in, left out or changed to get from one word to the other.
fn slips(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (index, theirs) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *theirs);
            diagonal = row[index + 1];
            row[index + 1] = changed.min(row[index] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_was_probably_meant() {
        let meant = |name| nearest(name, SETTINGS.iter().map(|setting| setting.name));
        assert_eq!(meant("listen.adress"), Some("listen.address"));
        assert_eq!(meant("server.tls_cert"), Some("listen.tls_cert"));
        assert_eq!(meant("colour.of_the_door"), None);
        assert_eq!(slips("kitten", "sitting"), 3);
    }
}
