//! What an installation hands to another one, so that the two may exchange packages.

use kernel::explain::{Explain, Lang};
use kernel::reach::Reach;
use serde::{Deserialize, Serialize};

/// An installation's card: its name, its public keys, the divisions it serves. Nothing of it is secret; that it is
/// genuine, two people make sure of by reading the keys' fingerprint to each other.
///
/// ```
/// use domain::exchange::Card;
/// let card = Card { format: 1, name: "虚构市".into(), sign: [7; 32], open: [9; 32], serves: "{[320583000000,320584000000)}".into() };
/// assert_eq!(Card::read(&card.text())?, card);
/// # Ok::<(), domain::exchange::CardError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The card's format: 1.
    pub format: u8,
    /// The installation's name.
    pub name: String,
    /// Its Ed25519 key.
    #[serde(with = "hex")]
    pub sign: [u8; 32],
    /// Its X25519 key.
    #[serde(with = "hex")]
    pub open: [u8; 32],
    /// What it serves, as half-open ranges of division codes.
    pub serves: String,
}

/// Why a card is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a card of an installation")]
pub struct CardError;

impl Card {
    /// As it is handed over.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a card.
    ///
    /// # Errors
    /// [`CardError`] for anything else: a name of more than 100 characters, no divisions.
    pub fn read(text: &str) -> Result<Self, CardError> {
        let card: Self = serde_json::from_str(text).map_err(|_| CardError)?;
        let named = (1..=100).contains(&card.name.chars().count())
            && !card.name.chars().any(char::is_control);
        match card.format == 1 && named && !card.reach()?.ranges().is_empty() {
            true => Ok(card),
            false => Err(CardError),
        }
    }

    /// What it serves.
    ///
    /// # Errors
    /// [`CardError`] where that is no set of divisions.
    pub fn reach(&self) -> Result<Reach, CardError> {
        self.serves.parse().map_err(|_| CardError)
    }
}

impl Explain for CardError {
    fn code(&self) -> &'static str {
        "exchange.card"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => "这不是对方系统的名片文件，请向对方重新索取。",
            Lang::En => "This is no installation's card: ask the other side for it again.",
        }
        .into()
    }
}

/// Thirty-two bytes as hexadecimal digits.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        to.serialize_str(&digits)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 64 || !text.is_ascii() {
            return Err(D::Error::custom("not 64 digits"));
        }
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(D::Error::custom)?;
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_card_is_told() {
        let card = Card {
            format: 1,
            name: "虚构市".into(),
            sign: [7; 32],
            open: [9; 32],
            serves: "{[320583000000,320584000000)}".into(),
        };
        let with = |from: &str, to: &str| Card::read(&card.text().replace(from, to));
        assert!(with("虚构市", "虚构县").is_ok());
        for (from, to) in [
            ("虚构市", ""),
            ("虚构市", "\\n"),
            ("\"format\": 1", "\"format\": 2"),
            ("0707", "07é7"),
            ("0707", "07g7"),
            ("{[320583000000,320584000000)}", "{}"),
            ("{[320583000000,320584000000)}", "everything"),
        ] {
            assert_eq!(with(from, to), Err(CardError), "{from} → {to}");
        }
    }
}
