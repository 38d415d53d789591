//! Why sealed data does not open.

use kernel::explain::{Explain, Lang};

/// Why sealed data does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Too short, or of a version this program does not know.
    #[error("not a sealed value")]
    Malformed,
    /// Sealed by a key that is not in the key file.
    #[error("sealed by key {0}, which is not in the key file")]
    UnknownKey(u32),
    /// Changed, moved from another cell, or sealed by another installation.
    #[error("changed since it was sealed, or moved from another place")]
    Tampered,
}

impl Explain for SealError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "seal.malformed",
            Self::UnknownKey(_) => "seal.unknown_key",
            Self::Tampered => "seal.tampered",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Malformed, Lang::Zh) => "一项加密内容的格式不对，无法读取。请勿改动数据，联系维护人员从备份中核对。".into(),
            (Self::Malformed, Lang::En) => "A sealed value is not in the right form and cannot be read. Change nothing and have maintenance compare it with a backup.".into(),
            (Self::UnknownKey(id), Lang::Zh) => format!("一项内容由第 {id} 号密钥加密，而密钥文件中没有该密钥。请放回含有该密钥的密钥文件，或从密钥托管文件恢复。"),
            (Self::UnknownKey(id), Lang::En) => format!("A value was sealed by key {id}, which the key file does not hold. Put the key file that holds it back, or restore an escrow."),
            (Self::Tampered, Lang::Zh) => "一项加密内容在保存之后被改动或移动过，已拒绝读取。请保留现场，联系维护人员从备份中核对。".into(),
            (Self::Tampered, Lang::En) => "A sealed value was changed or moved after it was saved and is not read. Keep everything as it is and have maintenance compare it with a backup.".into(),
        }
    }
}
