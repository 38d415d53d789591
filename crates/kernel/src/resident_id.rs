//! The resident identity number of GB 11643-1999: eighteen characters, the most personal field there is.
//!
//! **Invariant.** A [`ResidentId`] is always sound (characters, length, province, birth, check character).
//! It shows itself masked; the full number leaves only through [`ResidentId::reveal`], so that every such
//! use is visible in review. It has no `Serialize`.

use std::fmt;

use jiff::civil::Date;

use crate::explain::{Explain, Lang};

const LENGTH: usize = 18;

/// GB 11643-1999: weight of each of the first seventeen digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// GB 11643-1999: the check character for each remainder modulo 11.
const CHECKS: [u8; 11] = *b"10X98765432";

/// The sex that the number records.
///
/// ```
/// use kernel::resident_id::Sex;
/// assert_eq!(serde_json::to_string(&Sex::Female)?, "\"female\"");
/// assert_eq!(Sex::Female.zh(), "女");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男, an odd sequence number.
    Male,
    /// 女, an even sequence number.
    Female,
}

impl Sex {
    /// The stable code: `male` or `female`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }

    /// 男 or 女.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }

    /// The sex with this stable code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Male, Self::Female]
            .into_iter()
            .find(|sex| sex.code() == code)
    }
}

/// Why a text is no resident id. The first fault in this order is the one reported.
///
/// ```
/// use kernel::explain::Explain;
/// use kernel::resident_id::{ResidentId, ResidentIdError};
/// assert_eq!(ResidentId::parse("370481120304001"), Err(ResidentIdError::OldForm));
/// assert_eq!(ResidentIdError::OldForm.code(), "id.old_form");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ResidentIdError {
    /// Something other than a digit, or an X that is not the last character.
    #[error("character not allowed in a resident id")]
    Character,
    /// Exactly fifteen digits: the form given out before 1999.
    #[error("fifteen-digit resident id of the old form")]
    OldForm,
    /// Not eighteen characters.
    #[error("resident id is not eighteen characters long")]
    Length,
    /// The first two digits are no province.
    #[error("resident id names no province")]
    Region,
    /// The birth is no day of the calendar, or lies before 1900.
    #[error("resident id holds no calendar date of birth")]
    Date,
    /// The check character does not follow from the first seventeen.
    #[error("resident id fails its checksum")]
    Checksum,
}

impl ResidentIdError {
    /// Every fault, in the order of precedence.
    pub const ALL: [Self; 6] = [
        Self::Character,
        Self::OldForm,
        Self::Length,
        Self::Region,
        Self::Date,
        Self::Checksum,
    ];

    /// The stable code, such as `id.checksum`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Character => "id.character",
            Self::OldForm => "id.old_form",
            Self::Length => "id.length",
            Self::Region => "id.region",
            Self::Date => "id.date",
            Self::Checksum => "id.checksum",
        }
    }
}

impl Explain for ResidentIdError {
    fn code(&self) -> &'static str {
        (*self).code()
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Character => (
                "身份证号含有不允许的字符：前17位应为数字，末位为数字或X。请对照户口簿或身份证核对。",
                "The resident id has a character that is not allowed: digits only, and X only at the end. Check it against the household register.",
            ),
            Self::OldForm => (
                "这是15位的旧身份证号，请改填18位号码。",
                "This is an old fifteen-digit resident id. Enter the eighteen-digit number.",
            ),
            Self::Length => (
                "身份证号不是18位，请对照户口簿或身份证补齐。",
                "The resident id does not have eighteen characters. Check it against the household register.",
            ),
            Self::Region => (
                "身份证号前两位不是有效的省级代码，请核对。",
                "The first two digits of the resident id are no province's code. Check the number.",
            ),
            Self::Date => (
                "身份证号中的出生日期（第7至14位）不存在，请核对。",
                "The birth in the resident id (digits 7 to 14) is no day of the calendar. Check the number.",
            ),
            Self::Checksum => (
                "身份证号校验码不符，可能有一位数字录错，请逐位核对。",
                "The resident id fails its checksum: one digit is probably wrong. Check it digit by digit.",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .to_owned()
    }
}

/// A sound resident identity number.
///
/// ```
/// use jiff::civil::date;
/// use kernel::resident_id::{ResidentId, Sex};
/// let id = ResidentId::parse("11010519491231002x")?;
/// assert_eq!(id.birth(), date(1949, 12, 31));
/// assert_eq!(id.sex(), Sex::Female);
/// assert_eq!(id.place(), 110105);
/// assert_eq!(id.to_string(), "1101************2X");
/// assert_eq!(id.reveal(), "11010519491231002X");
/// # Ok::<(), kernel::resident_id::ResidentIdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId {
    characters: [u8; LENGTH],
    birth: Date,
}

impl ResidentId {
    /// Reads a number exactly as written: no spaces are forgiven, a lower-case x is raised.
    ///
    /// A birth in the future is not refused here: what is too late depends on the day the number is
    /// judged by, which the caller knows. County codes since revoked are sound, as the place is that of
    /// the first registration.
    ///
    /// # Errors
    /// The first fault in the order of [`ResidentIdError::ALL`].
    pub fn parse(text: &str) -> Result<Self, ResidentIdError> {
        Self::parse_bytes(text.as_bytes())
    }

    /// As [`ResidentId::parse`], for bytes that may not be UTF-8.
    ///
    /// # Errors
    /// The first fault in the order of [`ResidentIdError::ALL`].
    pub fn parse_bytes(text: &[u8]) -> Result<Self, ResidentIdError> {
        check_characters(text)?;
        let mut characters: [u8; LENGTH] = text.try_into().map_err(|_| match text {
            [.., last] if text.len() == 15 && last.is_ascii_digit() => ResidentIdError::OldForm,
            _ => ResidentIdError::Length,
        })?;
        characters[LENGTH - 1] = characters[LENGTH - 1].to_ascii_uppercase();
        if !is_province(number(&characters[..2])) {
            return Err(ResidentIdError::Region);
        }
        let birth = birth_of(&characters).ok_or(ResidentIdError::Date)?;
        if characters[LENGTH - 1] != check_character(&characters) {
            return Err(ResidentIdError::Checksum);
        }
        Ok(Self { characters, birth })
    }

    /// The full number. The name is long on purpose: each call site says that the number leaves the type.
    #[must_use]
    pub fn reveal(&self) -> &str {
        // Only ASCII digits and X pass `parse`.
        std::str::from_utf8(&self.characters).unwrap_or_default()
    }

    /// The date of birth it records, from 1900 on.
    #[must_use]
    pub const fn birth(&self) -> Date {
        self.birth
    }

    /// The sex it records.
    #[must_use]
    pub const fn sex(&self) -> Sex {
        if self.characters[16] % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        }
    }

    /// The six-digit division of first registration, possibly revoked since; not the present household.
    #[must_use]
    pub fn place(&self) -> i32 {
        number(&self.characters[..6])
    }

    /// The first four and last two characters, the rest hidden: `3704************14`.
    #[must_use]
    pub fn masked(&self) -> String {
        let full = self.reveal();
        format!("{}************{}", &full[..4], &full[LENGTH - 2..])
    }
}

impl fmt::Display for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({self})")
    }
}

impl std::str::FromStr for ResidentId {
    type Err = ResidentIdError;

    fn from_str(text: &str) -> Result<Self, ResidentIdError> {
        Self::parse(text)
    }
}

/// X may stand only at the end, whatever the length, so that `37048X` is short and `X70481` is wrong.
fn check_characters(text: &[u8]) -> Result<(), ResidentIdError> {
    let Some((last, rest)) = text.split_last() else {
        return Ok(());
    };
    let sound = rest.iter().all(u8::is_ascii_digit)
        && (last.is_ascii_digit() || matches!(last, b'X' | b'x'));
    if sound {
        Ok(())
    } else {
        Err(ResidentIdError::Character)
    }
}

/// The provinces of GB/T 2260, with Taiwan (71, 83), Hong Kong (81) and Macao (82).
const fn is_province(code: i32) -> bool {
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

fn birth_of(characters: &[u8; LENGTH]) -> Option<Date> {
    let year = number(&characters[6..10]);
    if year < 1900 {
        return None;
    }
    let part = |range: std::ops::Range<usize>| i8::try_from(number(&characters[range])).ok();
    Date::new(i16::try_from(year).ok()?, part(10..12)?, part(12..14)?).ok()
}

fn check_character(characters: &[u8; LENGTH]) -> u8 {
    let sum: u32 = characters
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECKS[(sum % 11) as usize]
}

/// The value of a few ASCII digits.
fn number(digits: &[u8]) -> i32 {
    digits
        .iter()
        .fold(0, |value, digit| value * 10 + i32::from(digit - b'0'))
}

#[cfg(test)]
#[path = "resident_id_tests.rs"]
mod tests;
