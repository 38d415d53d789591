//! The texts of a history line as values: exactly the forms that are documented, read without a copy.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::arguments;

/// A value that is written as a text of a certain form.
pub(super) trait Text: Sized {
    /// What a message says was expected.
    const EXPECTED: &'static str;

    /// The value of a text, if it has the form.
    fn read(text: &str) -> Option<Self>;
}

impl Text for Date {
    const EXPECTED: &'static str = "a day such as \"2021-02-10\"";

    fn read(text: &str) -> Option<Self> {
        arguments::day(text)
    }
}

impl Text for Month {
    const EXPECTED: &'static str = "a month such as \"2021-03\"";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Text for Money {
    const EXPECTED: &'static str = "an amount of yuan such as \"1600.00\"";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Text for Timestamp {
    const EXPECTED: &'static str = "a moment with its offset such as \"2021-02-10T09:00:00+08:00\"";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A text of a form, as a field of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<T>(pub(super) T);

impl<'de, T: Text> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: Text> Visitor<'_> for TextVisitor<T> {
    type Value = Written<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let unlike = || E::invalid_value(serde::de::Unexpected::Str(text), &self);
        T::read(text).map(Written).ok_or_else(unlike)
    }
}

/// A division as a number of 2, 4, 6, 9 or 12 digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(pub(super) Division);

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(PlaceVisitor)
    }
}

struct PlaceVisitor;

impl Visitor<'_> for PlaceVisitor {
    type Value = Place;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a division as a number of 2, 4, 6, 9 or 12 digits such as 370481")
    }

    fn visit_u64<E: Error>(self, code: u64) -> Result<Place, E> {
        let unlike = || E::invalid_value(serde::de::Unexpected::Unsigned(code), &self);
        // A number has no leading zeros, so its digits are those that were written.
        let digits = code.checked_ilog10().map_or(1, |power| power + 1);
        let missing = match digits {
            2 | 4 | 6 | 9 | 12 => 12 - digits,
            _ => return Err(unlike()),
        };
        let filled = i64::try_from(code * 10_u64.pow(missing)).ok();
        let division = filled.and_then(|code| Division::new(code).ok());
        division.map(Place).ok_or_else(unlike)
    }
}

/// A text that is kept as it is, borrowed from the line unless it holds escapes.
#[derive(Debug, Clone)]
pub(super) struct Name<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}
