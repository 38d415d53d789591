//! Lists in pages: a cursor says where the next page begins.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, Type};
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::problem::{Kind, Problem};

/// The most bytes a cursor may have.
const LONGEST: usize = 512;

/// How many a page holds where nobody says.
const USUAL: u16 = 50;
/// How many it holds at most.
const MOST: u16 = 200;

/// Which part of a list is asked for; `#[serde(flatten)]` does not go with strict reading, so a query repeats these
/// two fields and calls [`PageSize::of`] and [`Cursor::read`].
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PageSize {
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    pub limit: Option<u16>,
}

impl PageSize {
    /// The size of the page asked for.
    ///
    /// # Errors
    /// [`Kind::BadRequest`] outside 1 to 200.
    pub fn of(limit: Option<u16>) -> Result<usize, Problem> {
        match limit.unwrap_or(USUAL) {
            limit @ 1..=MOST => Ok(limit.into()),
            _ => Err(Kind::BadRequest.into()),
        }
    }
}

/// The place in a list after which the next page begins. It carries keys, never anything personal: addresses end up in
/// proxies' logs.
///
/// ```
/// use api::operation::Cursor;
/// let text = Cursor::write(&("370481-0000123", 7));
/// let (number, _): (String, i64) = Cursor::read(&text)?;
/// assert_eq!(number, "370481-0000123");
/// # Ok::<(), api::problem::Problem>(())
/// ```
#[derive(Debug)]
pub struct Cursor;

impl Cursor {
    /// The cursor for these keys.
    pub fn write(keys: &impl Serialize) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(keys).unwrap_or_default())
    }

    /// The keys of a cursor that [`Cursor::write`] made.
    ///
    /// # Errors
    /// [`Kind::BadRequest`] for anything else.
    pub fn read<K: DeserializeOwned>(text: &str) -> Result<K, Problem> {
        let bytes = Some(text)
            .filter(|text| text.len() <= LONGEST)
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or(Kind::BadRequest.into())
    }
}

/// A part of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// What is in it.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is answered whole.
    pub(crate) fn whole(items: impl IntoIterator<Item = T>) -> Self {
        Self {
            items: items.into_iter().collect(),
            next: None,
        }
    }
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let row = Ref::from_schema_name(T::name().into_owned());
        let next = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Where the next page begins; absent on the last."));
        ObjectBuilder::new()
            .description(Some("A part of a list."))
            .property("items", ArrayBuilder::new().items(row))
            .required("items")
            .property("next", next)
            .into()
    }
}

/// Each page has a schema of its own, named after what is in it.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_cursor_is_a_bad_request() {
        let long = "a".repeat(LONGEST + 4);
        for text in ["", "!", "AAAA", "%00", &long] {
            let read: Result<(String, i64), Problem> = Cursor::read(text);
            assert_eq!(read.unwrap_err().kind(), Kind::BadRequest, "{text}");
        }
    }

    #[test]
    fn a_page_has_a_size() {
        assert_eq!(PageSize::of(None), Ok(50));
        assert_eq!(PageSize::of(Some(200)), Ok(200));
        assert!(PageSize::of(Some(0)).is_err() && PageSize::of(Some(201)).is_err());
    }
}
