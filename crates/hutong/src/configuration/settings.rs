//! Every setting there is: its name in the file, its variable, its kind with unit and range, its default, its meaning.

use kernel::explain::Lang;

use super::kind::Kind;

/// One setting.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its section and name in the file.
    pub(crate) name: &'static str,
    /// The environment variable that overrides the file.
    pub(crate) variable: &'static str,
    /// What it may be.
    pub(crate) kind: Kind,
    /// What holds when nothing is said; empty for nothing.
    pub(crate) default: &'static str,
    zh: &'static str,
    en: &'static str,
}

impl Setting {
    /// What it means, with its range.
    pub(crate) fn meaning(&self, lang: Lang) -> String {
        let (meaning, range) = match lang {
            Lang::Zh => (self.zh, self.kind.range(lang)),
            Lang::En => (self.en, self.kind.range(lang)),
        };
        match lang {
            Lang::Zh => format!("{meaning}（{range}）"),
            Lang::En => format!("{meaning} ({range})"),
        }
    }
}

/// All settings, in the order of the file.
pub(crate) static SETTINGS: &[Setting] = &[
    Setting {
        name: "listen.address",
        variable: "HUTONG_LISTEN",
        kind: Kind::Address,
        default: "127.0.0.1:8080",
        zh: "监听地址和端口；除本机地址外，须配置 TLS 或可信代理",
        en: "Address and port to answer on; any but this machine's own needs TLS or a trusted proxy",
    },
    Setting {
        name: "listen.tls_cert",
        variable: "HUTONG_TLS_CERT",
        kind: Kind::Path,
        default: "",
        zh: "TLS 服务器证书，含中间证书，PEM 格式",
        en: "The TLS certificate with those between it and the authority, PEM",
    },
    Setting {
        name: "listen.tls_key",
        variable: "HUTONG_TLS_KEY",
        kind: Kind::Path,
        default: "",
        zh: "TLS 证书的私钥，PEM 格式，其他用户不得可读",
        en: "The certificate's private key, PEM, readable by nobody else",
    },
    Setting {
        name: "listen.trusted_proxies",
        variable: "HUTONG_TRUSTED_PROXIES",
        kind: Kind::Networks,
        default: "",
        zh: "可信反向代理：只相信它们给出的来源地址；未配 TLS 时只应答它们和本机",
        en: "Reverse proxies believed about who calls; without TLS nobody but they and this machine is answered",
    },
    Setting {
        name: "listen.origins",
        variable: "HUTONG_ORIGINS",
        kind: Kind::Origins,
        default: "",
        zh: "本系统网页的网址；不填则以被访问的主机名为准",
        en: "The origins of the system's own pages; none, the host that was asked",
    },
    Setting {
        name: "listen.connections",
        variable: "HUTONG_CONNECTIONS",
        kind: Kind::Number {
            least: 10,
            most: 20_000,
            zh: "个",
            en: "connections",
        },
        default: "1000",
        zh: "同时打开的网络连接上限，超出的等候",
        en: "The most network connections open at once; callers beyond wait",
    },
    Setting {
        name: "listen.patience_seconds",
        variable: "HUTONG_PATIENCE_SECONDS",
        kind: Kind::Number {
            least: 1,
            most: 60,
            zh: "秒",
            en: "seconds",
        },
        default: "10",
        zh: "等候 TLS 握手、请求头和下一个请求的时间",
        en: "How long a TLS handshake, a request's head and the next request are waited for",
    },
    Setting {
        name: "listen.grace_seconds",
        variable: "HUTONG_GRACE_SECONDS",
        kind: Kind::Number {
            least: 1,
            most: 300,
            zh: "秒",
            en: "seconds",
        },
        default: "10",
        zh: "停止时留给未完成请求的时间",
        en: "How long open requests may take to finish after the word to stop",
    },
    Setting {
        name: "listen.requests_at_once",
        variable: "HUTONG_REQUESTS_AT_ONCE",
        kind: Kind::Number {
            least: 4,
            most: 1_000,
            zh: "个",
            en: "requests",
        },
        default: "64",
        zh: "同时处理的请求上限，超出的答复 503 并请稍后重试",
        en: "How many requests are worked on at once; those beyond are answered 503 and asked to come again",
    },
    Setting {
        name: "listen.metrics_token",
        variable: "HUTONG_METRICS_TOKEN",
        kind: Kind::Path,
        default: "",
        zh: "监控令牌的文件：凭其内容可从别的主机读取 /metrics；不填则仅限本机",
        en: "File of the token that lets another machine read /metrics; none, this machine alone",
    },
    Setting {
        name: "public.address",
        variable: "HUTONG_PUBLIC_LISTEN",
        kind: Kind::Address,
        default: "",
        zh: "公众网页（查询、申请）监听的地址和端口，与工作台分开；不填则不开放。TLS 和可信代理同 listen",
        en: "Address and port of the public pages, apart from the officers'; none, there are none. TLS and proxies are those of listen",
    },
    Setting {
        name: "public.origins",
        variable: "HUTONG_PUBLIC_ORIGINS",
        kind: Kind::Origins,
        default: "",
        zh: "公众网页的网址；不填则以被访问的主机名为准",
        en: "The origins of the public pages; none, the host that was asked",
    },
    Setting {
        name: "public.requests_at_once",
        variable: "HUTONG_PUBLIC_REQUESTS_AT_ONCE",
        kind: Kind::Number {
            least: 2,
            most: 500,
            zh: "个",
            en: "requests",
        },
        default: "16",
        zh: "公众网页同时处理的请求上限，超出的答复 503 并请稍后重试",
        en: "How many requests of the public pages are worked on at once; those beyond are answered 503",
    },
    Setting {
        name: "log.format",
        variable: "HUTONG_LOG_FORMAT",
        kind: Kind::Choice(&["text", "json"]),
        default: "text",
        zh: "运行日志的格式",
        en: "The form of the program's log",
    },
    Setting {
        name: "log.level",
        variable: "HUTONG_LOG_LEVEL",
        kind: Kind::Choice(&["error", "warn", "info", "debug"]),
        default: "info",
        zh: "运行日志记到哪一级",
        en: "How much the log tells",
    },
    Setting {
        name: "backup.folder",
        variable: "HUTONG_BACKUP_FOLDER",
        kind: Kind::Path,
        default: "",
        zh: "每夜备份写入的文件夹，须在数据文件夹之外，最好在另一块磁盘；不填则不自动备份",
        en: "Folder of the nightly backup, outside the data folder and best on another disk; none, no nightly backup",
    },
    Setting {
        name: "backup.recipient",
        variable: "HUTONG_BACKUP_RECIPIENT",
        kind: Kind::Path,
        default: "",
        zh: "备份所用公钥的文件（hutong backup key 生成）；私钥不放在本机",
        en: "File of the public key that backups are sealed to (made by hutong backup key); its secret stays elsewhere",
    },
    Setting {
        name: "backup.at",
        variable: "HUTONG_BACKUP_AT",
        kind: Kind::TimeOfDay,
        default: "02:30",
        zh: "每夜备份的时刻，北京时间",
        en: "When at night, Beijing time",
    },
    Setting {
        name: "backup.keep",
        variable: "HUTONG_BACKUP_KEEP",
        kind: Kind::Number {
            least: 2,
            most: 400,
            zh: "份",
            en: "backups",
        },
        default: "30",
        zh: "保留最近多少份每夜备份",
        en: "How many nightly backups are kept",
    },
    Setting {
        name: "print.font",
        variable: "HUTONG_PRINT_FONT",
        kind: Kind::Path,
        default: press::FONT,
        zh: "打印文书用的中文字体文件（TTF、OTF 或 TTC），如 Debian 软件包 fonts-noto-cjk 所装",
        en: "File of the Chinese font that documents are printed in (TTF, OTF, TTC), such as Debian's fonts-noto-cjk",
    },
    Setting {
        name: "print.fallback_font",
        variable: "HUTONG_PRINT_FALLBACK_FONT",
        kind: Kind::Path,
        default: press::FALLBACK_FONT,
        zh: "主字体缺字时所用的字体文件，如 Debian 软件包 fonts-lxgw-wenkai 所装",
        en: "File of the font for characters that the first has not, such as Debian's fonts-lxgw-wenkai",
    },
];

/// The setting of this name.
pub(crate) fn of_name(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// A file with every setting explained, and these made.
pub(crate) fn template(lang: Lang, made: &[(&str, String)]) -> String {
    let mut text = match lang {
        Lang::Zh => "# 护童配置。去掉行首的 # 即可启用；改后执行 hutong config check，再重启服务。\n\
                     # 环境变量优先于本文件，命令行参数优先于环境变量。数据库口令不写在这里（见 docs/operations.md）。\n"
            .to_owned(),
        Lang::En => "# Hutong's configuration. Remove the # to set something, run hutong config check, then restart.\n\
                     # The environment overrides this file, the command line the environment. No password belongs here.\n"
            .to_owned(),
    };
    let mut section = "";
    for setting in SETTINGS {
        let (of, name) = setting.name.split_once('.').unwrap_or(("", setting.name));
        if of != section {
            section = of;
            text.push_str(&format!("\n[{section}]\n"));
        }
        text.push_str(&format!(
            "# {} {}\n",
            setting.meaning(lang),
            setting.variable
        ));
        let own = made.iter().find(|(name, _)| *name == setting.name);
        text.push_str(&match own {
            Some((_, value)) => format!("{name} = {}\n", setting.kind.written(value)),
            None => format!("# {name} = {}\n", setting.kind.example(setting.default)),
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_allowed_and_every_name_stands_once() {
        for (index, setting) in SETTINGS.iter().enumerate() {
            assert!(setting.default.is_empty() || setting.kind.allows(setting.default));
            let again = SETTINGS[index + 1..]
                .iter()
                .any(|other| other.name == setting.name || other.variable == setting.variable);
            assert!(!again, "{}", setting.name);
        }
    }

    #[test]
    fn the_template_with_its_settings_made_is_understood() {
        for lang in [Lang::Zh, Lang::En] {
            let made = template(lang, &[]).replace("# ", "#");
            let made: Vec<&str> = made
                .lines()
                .map(|line| match line.strip_prefix('#') {
                    Some(rest) if rest.contains(" = ") => rest,
                    _ => line,
                })
                .collect();
            let table: toml::Table = made.join("\n").parse().unwrap();
            let count: usize = table
                .values()
                .map(|section| section.as_table().unwrap().len())
                .sum();
            assert_eq!(count, SETTINGS.len());
        }
    }

    #[test]
    fn what_is_made_stands_in_the_file_as_it_was_said() {
        let said = [
            ("listen.address", "0.0.0.0:8443"),
            ("listen.trusted_proxies", "10.0.0.5,10.1.0.0/24"),
            ("listen.connections", "200"),
            ("backup.folder", "/srv/备份 \"一\""),
        ];
        let made = said.map(|(name, text)| (name, text.to_owned()));
        let table: toml::Table = template(Lang::Zh, &made).parse().unwrap();
        for (name, text) in said {
            let (section, key) = name.split_once('.').unwrap();
            let kind = of_name(name).unwrap().kind;
            assert_eq!(kind.text(&table[section][key]).as_deref(), Some(text));
        }
    }
}
