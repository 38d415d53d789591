//! What can go wrong with the key file.

use std::io;
use std::path::{Path, PathBuf};

use kernel::explain::{Explain, Lang};

/// Why the key file or its escrow cannot be used. Holds paths and line numbers, never a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no key file.
    #[error("no key file at {0}")]
    Missing(PathBuf),
    /// There is one already, and it is never overwritten.
    #[error("{0} exists already")]
    Exists(PathBuf),
    /// The file is not a key file of a version this program reads.
    #[error("{path} is not a key file (line {line})")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where the first fault is, counted from 1.
        line: usize,
    },
    /// Others may read the key file, or it belongs to another user.
    #[error("{0} is open to other users")]
    Permissions(PathBuf),
    /// The key file is of another installation than the database.
    #[error("the key file is of another installation")]
    Foreign,
    /// The passphrase is shorter than [`crate::keys::Passphrase::SHORTEST`] characters.
    #[error("the passphrase is too short")]
    ShortPassphrase,
    /// The passphrase does not open this escrow.
    #[error("the passphrase does not open this escrow")]
    Passphrase,
    /// The escrow file is damaged or not an escrow of a version this program reads.
    #[error("{0} is not a whole escrow file")]
    Escrow(PathBuf),
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl KeyError {
    /// As [`Self::io`], of an escrow: where that or its folder is not there, no keys are missing.
    pub(super) fn of_escrow(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::Io {
                path: path.to_path_buf(),
                source,
            },
            _ => Self::io(path, source),
        }
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            io::ErrorKind::AlreadyExists => Self::Exists(path),
            _ => Self::Io { path, source },
        }
    }
}

impl Explain for KeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "keys.missing",
            Self::Exists(_) => "keys.exists",
            Self::Malformed { .. } => "keys.malformed",
            Self::Permissions(_) => "keys.permissions",
            Self::Foreign => "keys.foreign",
            Self::ShortPassphrase => "keys.passphrase_short",
            Self::Passphrase => "keys.passphrase",
            Self::Escrow(_) => "keys.escrow",
            Self::Io { .. } => "keys.io",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }
}

impl KeyError {
    fn zh(&self) -> String {
        match self {
            Self::Missing(path) => format!("未找到 {}。没有本库的密钥就无法读取加密内容，系统不会另造新密钥。请从密钥托管文件恢复（hutong keys restore），或把原密钥文件放回原处。", path.display()),
            Self::Exists(path) => format!("{} 已存在，不予覆盖。请先核实该文件，再另选位置。", path.display()),
            Self::Malformed { path, line } => format!("密钥文件 {} 第 {line} 行有误，未作改动。请从密钥托管文件恢复到新位置，或放回完好的原件。", path.display()),
            Self::Permissions(path) => format!("密钥文件 {} 可被其他用户读取，或不属于当前用户。请执行 chmod 600 并改正所有者；如可能已经外泄，请随后更换密钥（hutong keys rotate）。", path.display()),
            Self::Foreign => "密钥文件不属于本数据库，已拒绝启动，数据未受影响。请换用本数据库的密钥文件，或用 --data 指向该密钥所属的数据目录。".into(),
            Self::ShortPassphrase => "口令过短，至少需要 12 个字符。请换一个较长的口令。".into(),
            Self::Passphrase => "口令不正确，无法打开密钥托管文件。请核对口令（区分大小写和全角半角）后重试。".into(),
            Self::Escrow(path) => format!("{} 不是完整的密钥托管文件，或已损坏。请换用另一份副本。", path.display()),
            Self::Io { path, source } => format!("处理 {} 时出错：{source}。请检查路径、磁盘空间和权限后重试。", path.display()),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Missing(path) => format!("There is no {}. Without this database's keys nothing sealed can be read, and no new ones are made. Restore them from an escrow (hutong keys restore), or put the original file back.", path.display()),
            Self::Exists(path) => format!("{} exists already and is not overwritten. Check that file first, then choose another place.", path.display()),
            Self::Malformed { path, line } => format!("The key file {} is faulty in line {line}; nothing was changed. Restore an escrow to a new place, or put the sound original back.", path.display()),
            Self::Permissions(path) => format!("The key file {} can be read by other users or belongs to one. Run chmod 600 and correct its owner; if it may have been read, rotate the keys afterwards (hutong keys rotate).", path.display()),
            Self::Foreign => "The key file is not this database's; the start is refused and the data is untouched. Use this database's key file, or name the data folder these keys belong to with --data.".into(),
            Self::ShortPassphrase => "The passphrase is too short: at least 12 characters are needed. Choose a longer one.".into(),
            Self::Passphrase => "The passphrase does not open this escrow. Check it (upper and lower case matter), then try again.".into(),
            Self::Escrow(path) => format!("{} is not a whole escrow file, or is damaged. Use another copy.", path.display()),
            Self::Io { path, source } => format!("Working on {} failed: {source}. Check path, free space and permissions, then try again.", path.display()),
        }
    }
}
