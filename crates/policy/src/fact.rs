//! A fact that may be known, known to be absent, or not known at all.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is known of one thing. In JSON a missing key is unknown, and `null` is known to be absent.
///
/// ```
/// use policy::{Fact, Facts};
/// let facts: Facts = serde_json::from_str(r#"{"child":{"hiv_infected":null,"major_illness":true}}"#)?;
/// assert_eq!(facts.child.hiv_infected, Fact::Absent);
/// assert_eq!(facts.child.major_illness, Fact::Known(true));
/// assert_eq!(facts.child.rare_illness, Fact::Unknown);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fact<T> {
    /// Nobody has said.
    #[default]
    Unknown,
    /// There is none: no disability, no term, no infection.
    Absent,
    /// This is it.
    Known(T),
}

impl<T> Fact<T> {
    /// Whether nobody has said.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The value, where there is one and it is known.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown | Self::Absent => None,
        }
    }
}

impl Fact<bool> {
    /// Yes, no, or not known; what is known to be absent is a no.
    #[must_use]
    pub const fn holds(self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Absent => Some(false),
            Self::Known(holds) => Some(holds),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Fact<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<T>::deserialize(deserializer)?;
        Ok(value.map_or(Self::Absent, Self::Known))
    }
}

/// An unknown fact has no key: fields that hold one are skipped.
impl<T: Serialize> Serialize for Fact<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => serializer.serialize_some(value),
            Self::Unknown | Self::Absent => serializer.serialize_none(),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Fact<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}
