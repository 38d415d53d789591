//! Why an envelope is not made or not opened.

use kernel::explain::{Explain, Lang};

/// Why an envelope is not made or not opened. Nothing of its content was used then.
///
/// ```
/// use envelope::EnvelopeError;
/// use kernel::explain::{Explain, Lang};
/// assert_eq!(EnvelopeError::Expired.code(), "exchange.expired");
/// assert!(EnvelopeError::Expired.explain(Lang::Zh).contains("有效期"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// It has more than [`LARGEST`](crate::LARGEST) bytes.
    #[error("larger than 20 MB")]
    TooLarge,
    /// It is no envelope of this format.
    #[error("not an envelope")]
    NotAnEnvelope,
    /// The signature is not the sender's over these bytes.
    #[error("the signature does not hold")]
    Signature,
    /// It is sealed to somebody else.
    #[error("meant for another installation")]
    NotForUs,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// It claims to be made in the future.
    #[error("made in the future")]
    NotYet,
    /// It does not open, or a key is none.
    #[error("does not open")]
    Sealed,
}

impl Explain for EnvelopeError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "exchange.too_large",
            Self::NotAnEnvelope => "exchange.not_a_package",
            Self::Signature => "exchange.signature",
            Self::NotForUs => "exchange.not_for_us",
            Self::Expired => "exchange.expired",
            Self::NotYet => "exchange.not_yet",
            Self::Sealed => "exchange.sealed",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::TooLarge => (
                "数据包超过 20 MB。请压缩或减少扫描件后重新推送。",
                "The package is larger than 20 MB: make the scans smaller or fewer, then forward again.",
            ),
            Self::NotAnEnvelope => (
                "这不是本系统之间交换的数据包，请核对文件。",
                "This is no package of this exchange: check the file.",
            ),
            Self::Signature => (
                "数据包签名不符，内容可能被改动，未接收。请联系发送方重新发送。",
                "The package's signature does not hold, it may have been altered and was not taken: ask the sender to send it again.",
            ),
            Self::NotForUs => (
                "数据包不是发给本系统的，未接收。请核对接收方。",
                "The package is meant for another installation and was not taken: check the receiver.",
            ),
            Self::Expired => (
                "数据包已过有效期，未接收。请联系发送方重新封装发送。",
                "The package has expired and was not taken: ask the sender to make it anew.",
            ),
            Self::NotYet => (
                "数据包的制作时间晚于现在，未接收。请双方核对系统时间。",
                "The package says it was made in the future and was not taken: compare the two clocks.",
            ),
            Self::Sealed => (
                "数据包无法解开，未接收。请双方核对交换密钥的指纹。",
                "The package does not open and was not taken: compare the fingerprints of the keys.",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .into()
    }
}
