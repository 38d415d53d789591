//! The facts of one child, as an application states them and a decision goes by them.

use std::fmt;

use jiff::civil::Date;
use kernel::division::Division;
use kernel::resident_id::Sex;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fact::Fact;
use crate::situation::{DisabilityKind, Situation};

/// What is known about a child. Throughout, a missing key is unknown and `null` is known to be absent; an
/// object that is `null` stands for one whose every key is.
///
/// ```
/// use policy::{Fact, Facts, Situation};
/// let facts: Facts = serde_json::from_str(
///     r#"{"father":{"situation":"dead"},"mother":{"situation":"imprisoned","since":"2021-02-01","months":18}}"#,
/// )?;
/// assert_eq!(facts.mother.situation, Fact::Known(Situation::Imprisoned));
/// assert!(facts.rural.is_unknown());
/// assert!(serde_json::from_str::<Facts>(r#"{"farther":{}}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, remote = "Self")]
#[schemars(title = "The facts of a child")]
pub struct Facts {
    /// The child itself.
    #[serde(deserialize_with = "part")]
    #[schemars(with = "Option<ChildFacts>")]
    pub child: ChildFacts,
    /// The father.
    #[serde(deserialize_with = "part")]
    #[schemars(with = "Option<ParentFacts>")]
    pub father: ParentFacts,
    /// The mother.
    #[serde(deserialize_with = "part")]
    #[schemars(with = "Option<ParentFacts>")]
    pub mother: ParentFacts,
    /// The family's means.
    #[serde(deserialize_with = "part")]
    #[schemars(with = "Option<HouseholdFacts>")]
    pub household: HouseholdFacts,
    /// Whether the natural parents cannot be found (查找不到生父母).
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub parents_unknown: Fact<bool>,
    /// Whether the household is a rural one.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub rural: Fact<bool>,
    /// Whether the child can normally live with its parents.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub lives_with_parents: Fact<bool>,
}

/// The child itself.
///
/// ```
/// let child: policy::ChildFacts = serde_json::from_str(r#"{"born":"2012-03-04","hukou":370481001001}"#)?;
/// assert_eq!(serde_json::to_string(&child)?, r#"{"born":"2012-03-04","hukou":370481001001}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, remote = "Self")]
pub struct ChildFacts {
    /// The day of birth, such as 2012-03-04.
    #[serde(deserialize_with = "day", skip_serializing_if = "Fact::is_unknown")]
    #[schemars(schema_with = "crate::schema::day")]
    pub born: Fact<Date>,
    /// No rule asks for it.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    #[schemars(schema_with = "crate::schema::sex")]
    pub sex: Fact<Sex>,
    /// The division of the household (户籍): 2, 4, 6, 9 or 12 digits. The rules are those of the place that
    /// decides, which is asked for beside the facts.
    #[serde(
        deserialize_with = "division",
        skip_serializing_if = "Fact::is_unknown"
    )]
    #[schemars(schema_with = "crate::schema::division")]
    pub hukou: Fact<Division>,
    /// Whether it is raised in a children's home (机构养育).
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub in_institution: Fact<bool>,
    /// Whether it studies full time.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub studying_full_time: Fact<bool>,
    /// Whether it is infected with HIV.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub hiv_infected: Fact<bool>,
    /// Its disability.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub disability: Fact<Disability>,
    /// Whether it has a major illness (重大疾病) that needs long treatment.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub major_illness: Fact<bool>,
    /// Whether it has a rare illness (罕见病) that needs long treatment.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub rare_illness: Fact<bool>,
}

/// A father or a mother.
///
/// ```
/// let parent: policy::ParentFacts = serde_json::from_str(r#"{"situation":"able","disability":null}"#)?;
/// assert_eq!(parent.disability, policy::Fact::Absent);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, remote = "Self")]
pub struct ParentFacts {
    /// What is the matter; `able` where nothing is, `unknown` where it is not established who the parent is.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub situation: Fact<Situation>,
    /// For severe_disability.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub disability: Fact<Disability>,
    /// The first day: of the term for imprisoned, compulsory_rehab and other_restraint; for lost_contact the
    /// day on which the police accepted the report; for working_away the day of leaving.
    #[serde(deserialize_with = "day", skip_serializing_if = "Fact::is_unknown")]
    #[schemars(schema_with = "crate::schema::day")]
    pub since: Fact<Date>,
    /// The term ordered, in months.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub months: Fact<u16>,
}

/// The family's means.
///
/// ```
/// let household: policy::HouseholdFacts = serde_json::from_str(r#"{"poor":true}"#)?;
/// assert!(household.minimum_living.is_unknown());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, remote = "Self")]
pub struct HouseholdFacts {
    /// Whether it is too poor to raise the child (经济困难), as the town has found.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub poor: Fact<bool>,
    /// Whether it draws the minimum living allowance (低保). Such a household is poor.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub minimum_living: Fact<bool>,
}

/// A disability as the certificate states it.
///
/// ```
/// let lame: policy::Disability = serde_json::from_str(r#"{"kind":"physical","level":2}"#)?;
/// assert_eq!(lame.level.known().map(|level| level.get()), Some(2));
/// assert!(serde_json::from_str::<policy::Disability>(r#"{"level":5}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, remote = "Self")]
pub struct Disability {
    /// Its kind.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub kind: Fact<DisabilityKind>,
    /// Its level.
    #[serde(skip_serializing_if = "Fact::is_unknown")]
    pub level: Fact<DisabilityLevel>,
}

/// The level of a disability, 1 (most severe) to 4.
///
/// ```
/// use policy::DisabilityLevel;
/// assert_eq!(DisabilityLevel::new(3).map(DisabilityLevel::get), Some(3));
/// assert_eq!(DisabilityLevel::new(0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct DisabilityLevel(#[schemars(range(min = 1, max = 4))] u8);

impl DisabilityLevel {
    /// The level with this number, or `None` outside 1 to 4.
    #[must_use]
    pub const fn new(level: u8) -> Option<Self> {
        if level >= 1 && level <= 4 {
            Some(Self(level))
        } else {
            None
        }
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl<'de> Deserialize<'de> for DisabilityLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let level = u8::deserialize(deserializer)?;
        let wrong =
            || D::Error::invalid_value(Unexpected::Unsigned(level.into()), &"a level 1 to 4");
        Self::new(level).ok_or_else(wrong)
    }
}

/// What serde derives would also take these types from an array, by position; facts are told by name alone.
macro_rules! told_by_name {
    ($($part:ty),*) => {$(
        impl Serialize for $part {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <$part>::serialize(self, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $part {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Named;

                impl<'de> Visitor<'de> for Named {
                    type Value = $part;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$part, A::Error> {
                        <$part>::deserialize(MapAccessDeserializer::new(map))
                    }
                }

                deserializer.deserialize_map(Named)
            }
        }
    )*};
}

told_by_name!(Facts, ChildFacts, ParentFacts, HouseholdFacts, Disability);

/// An object of facts of which every one may be absent.
trait Part {
    /// All known to be absent.
    fn absent() -> Self;
}

impl Part for ChildFacts {
    fn absent() -> Self {
        Self {
            born: Fact::Absent,
            sex: Fact::Absent,
            hukou: Fact::Absent,
            in_institution: Fact::Absent,
            studying_full_time: Fact::Absent,
            hiv_infected: Fact::Absent,
            disability: Fact::Absent,
            major_illness: Fact::Absent,
            rare_illness: Fact::Absent,
        }
    }
}

impl Part for ParentFacts {
    fn absent() -> Self {
        Self {
            situation: Fact::Absent,
            disability: Fact::Absent,
            since: Fact::Absent,
            months: Fact::Absent,
        }
    }
}

impl Part for HouseholdFacts {
    fn absent() -> Self {
        Self {
            poor: Fact::Absent,
            minimum_living: Fact::Absent,
        }
    }
}

fn part<'de, D: Deserializer<'de>, T: Part + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let part = Option::<T>::deserialize(deserializer)?;
    Ok(part.unwrap_or_else(T::absent))
}

/// Exactly `2012-03-04`; jiff alone would also take times and dates without hyphens.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fact<Date>, D::Error> {
    let Some(text) = Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)? else {
        return Ok(Fact::Absent);
    };
    let hyphens = text
        .bytes()
        .enumerate()
        .all(|(at, byte)| (byte == b'-') == matches!(at, 4 | 7));
    let plain = text.len() == "2012-03-04".len() && hyphens;
    let date = plain.then(|| text.parse().ok()).flatten();
    let wrong = || D::Error::invalid_value(Unexpected::Str(&text), &"a date such as 2012-03-04");
    date.map(Fact::Known).ok_or_else(wrong)
}

/// The digits of a division, as a number or in quotation marks.
fn division<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fact<Division>, D::Error> {
    #[derive(Deserialize)]
    #[serde(
        untagged,
        expecting = "expected the 2, 4, 6, 9 or 12 digits of a division"
    )]
    enum Digits {
        Number(u64),
        Text(String),
    }
    let digits = match Option::<Digits>::deserialize(deserializer)? {
        None => return Ok(Fact::Absent),
        Some(Digits::Number(number)) => number.to_string(),
        Some(Digits::Text(text)) => text,
    };
    let wrong = |_| {
        let wanted = "the 2, 4, 6, 9 or 12 digits of a division";
        D::Error::invalid_value(Unexpected::Str(&digits), &wanted)
    };
    Division::parse(&digits).map(Fact::Known).map_err(wrong)
}
