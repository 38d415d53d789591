//! Fields of a body that may be left out, which leaves what is on file, or be null, which empties it.

use domain::registry::Hidden;
use serde::{Deserialize, Deserializer};

/// Tells null from nothing; for `#[serde(default, deserialize_with = "stated")]`.
pub(super) fn stated<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A stated secret, hidden from here on.
pub(super) fn hidden(stated: Option<Option<String>>) -> Option<Option<Hidden>> {
    stated.map(|text| text.map(Hidden::new))
}
