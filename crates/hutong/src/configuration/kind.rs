//! What a setting may be.

use std::net::SocketAddr;
use std::path::Path;

use api::Network;
use jiff::civil::Time;
use kernel::explain::Lang;
use toml::Value;

/// What a setting may be. Its value is text; in the file a number is written as one, and a list as a list.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// An address with its port.
    Address,
    /// An absolute path.
    Path,
    /// Addresses or networks.
    Networks,
    /// Origins of pages.
    Origins,
    /// A whole number of something.
    Number {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
        /// Its unit.
        zh: &'static str,
        /// Its unit.
        en: &'static str,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An hour and minute of the day.
    TimeOfDay,
}

impl Kind {
    /// Whether the text is a value of this kind and in its range.
    pub(crate) fn allows(self, text: &str) -> bool {
        match self {
            Self::Address => text.parse::<SocketAddr>().is_ok(),
            Self::Path => Path::new(text).is_absolute(),
            Self::Networks => networks(text).is_some(),
            Self::Origins => list(text).all(is_origin),
            Self::Number { least, most, .. } => text
                .parse()
                .is_ok_and(|number| (least..=most).contains(&number)),
            Self::Choice(words) => words.contains(&text),
            Self::TimeOfDay => time_of_day(text).is_some(),
        }
    }

    /// The value in the file as text; `None` for a value of another type.
    pub(crate) fn text(self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Number { .. }, Value::Integer(number)) => Some(number.to_string()),
            (Self::Number { .. }, _) => None,
            (Self::Networks | Self::Origins, Value::Array(list)) => {
                let list: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
                Some(list?.join(","))
            }
            (Self::Networks | Self::Origins, _) => None,
            (_, Value::String(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// What it may be, in words.
    pub(crate) fn range(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Address, Lang::Zh) => "IP 地址:端口，如 0.0.0.0:8443".into(),
            (Self::Address, Lang::En) => "IP address:port, such as 0.0.0.0:8443".into(),
            (Self::Path, Lang::Zh) => "绝对路径".into(),
            (Self::Path, Lang::En) => "an absolute path".into(),
            (Self::Networks, Lang::Zh) => {
                "IP 地址或网段的列表，如 [\"10.0.0.5\", \"10.1.0.0/24\"]；环境变量中用逗号隔开".into()
            }
            (Self::Networks, Lang::En) => {
                "a list of addresses or networks, such as [\"10.0.0.5\", \"10.1.0.0/24\"]; with commas in the environment".into()
            }
            (Self::Origins, Lang::Zh) => {
                "网址的列表，如 [\"https://hutong.example.gov.cn\"]；环境变量中用逗号隔开".into()
            }
            (Self::Origins, Lang::En) => {
                "a list of origins, such as [\"https://hutong.example.gov.cn\"]; with commas in the environment".into()
            }
            (Self::Number { least, most, zh, .. }, Lang::Zh) => format!("{least} 至 {most} {zh}"),
            (Self::Number { least, most, en, .. }, Lang::En) => format!("{least} to {most} {en}"),
            (Self::Choice(words), Lang::Zh) => words.join(" 或 "),
            (Self::Choice(words), Lang::En) => words.join(" or "),
            (Self::TimeOfDay, Lang::Zh) => "24 小时制，如 02:30".into(),
            (Self::TimeOfDay, Lang::En) => "hours and minutes, such as 02:30".into(),
        }
    }

    /// How this text is written in the file.
    pub(super) fn written(self, text: &str) -> String {
        match self {
            Self::Number { .. } => text.to_owned(),
            Self::Networks | Self::Origins => {
                let items = list(text).map(|item| Value::from(item).to_string());
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
            Self::Address | Self::Path | Self::Choice(_) | Self::TimeOfDay => {
                Value::from(text).to_string()
            }
        }
    }

    /// How the default, or where there is none an example, is written in the file.
    pub(super) fn example(self, default: &str) -> String {
        match self {
            Self::Number { .. } => default.to_owned(),
            Self::Networks => "[\"10.0.0.5\"]".to_owned(),
            Self::Origins => "[\"https://hutong.example.gov.cn\"]".to_owned(),
            Self::Path if default.is_empty() => "\"/etc/hutong/…\"".to_owned(),
            Self::Address if default.is_empty() => "\"127.0.0.1:8081\"".to_owned(),
            Self::Path | Self::Address | Self::Choice(_) | Self::TimeOfDay => {
                format!("\"{default}\"")
            }
        }
    }
}

/// What stands between the commas.
pub(super) fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

/// The networks of a list with commas.
pub(super) fn networks(text: &str) -> Option<Vec<Network>> {
    list(text).map(|network| network.parse().ok()).collect()
}

/// `https://host` or `https://host:port`, and nothing behind it.
fn is_origin(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']))
}

/// `02:30`.
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    Time::new(two(hour)?, two(minute)?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_none() {
        let number = Kind::Number {
            least: 1,
            most: 60,
            zh: "秒",
            en: "seconds",
        };
        let allowed = [
            (Kind::Address, "0.0.0.0:8443"),
            (Kind::Address, "[::1]:80"),
            (Kind::Path, "/etc/x"),
            (Kind::Networks, "10.0.0.1, fd00::/8"),
            (Kind::Origins, "https://a.gov.cn, http://127.0.0.1:8080"),
            (number, "60"),
            (Kind::TimeOfDay, "00:00"),
        ];
        for (kind, text) in allowed {
            assert!(kind.allows(text), "{text}");
        }
        let refused = [
            (Kind::Address, "localhost:8443"),
            (Kind::Address, "0.0.0.0"),
            (Kind::Path, "etc/x"),
            (Kind::Networks, "proxy"),
            (Kind::Origins, "https://a.gov.cn/"),
            (Kind::Origins, "a.gov.cn"),
            (number, "0"),
            (number, "61"),
            (number, "9999999999999"),
            (Kind::TimeOfDay, "24:00"),
            (Kind::TimeOfDay, "2:30"),
            (Kind::Choice(&["text"]), "TEXT"),
        ];
        for (kind, text) in refused {
            assert!(!kind.allows(text), "{text}");
        }
    }
}
