//! The published schema of a rules file (JSON Schema 2020-12), made from the types that read it.

use kernel::category::{Category, Group};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::allowance_rows::{
    ClassRow, FundingRow, GrowthRow, RateRow, ReviewRow, ShareRow, StopRow,
};
use crate::facts::Facts;
use crate::reading::Row;
use crate::rows::{
    AgeLimitRow, CategoryRow, ClockRow, IntervalRow, PaperNameRow, PapersRow, PrecedenceRow,
    RemedyRow, SituationRow, StudyExtensionRow,
};
use crate::situation::DisabilityKind;

/// The JSON Schema of a rules file: what its keys are and mean. TOML's dates stand as texts of that format.
///
/// ```
/// let schema = policy::rules_schema();
/// assert_eq!(schema["properties"]["age_limit"]["type"], "array");
/// ```
#[must_use]
pub fn rules_schema() -> Value {
    let mut generator = SchemaGenerator::default();
    let mut kinds = Map::new();
    dated::<CategoryRow>(&mut generator, &mut kinds);
    dated::<AgeLimitRow>(&mut generator, &mut kinds);
    dated::<StudyExtensionRow>(&mut generator, &mut kinds);
    dated::<SituationRow>(&mut generator, &mut kinds);
    dated::<PrecedenceRow>(&mut generator, &mut kinds);
    dated::<PapersRow>(&mut generator, &mut kinds);
    undated::<PaperNameRow>(&mut generator, &mut kinds);
    dated::<ClockRow>(&mut generator, &mut kinds);
    dated::<RateRow>(&mut generator, &mut kinds);
    dated::<ClassRow>(&mut generator, &mut kinds);
    dated::<StopRow>(&mut generator, &mut kinds);
    dated::<ShareRow>(&mut generator, &mut kinds);
    dated::<ReviewRow>(&mut generator, &mut kinds);
    dated::<GrowthRow>(&mut generator, &mut kinds);
    dated::<FundingRow>(&mut generator, &mut kinds);
    dated::<IntervalRow>(&mut generator, &mut kinds);
    dated::<RemedyRow>(&mut generator, &mut kinds);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of rules",
        "description": "Every *.toml file of the folder given with --rules has this form. Each kind of rule is an array of tables; each dated entry cites its document.",
        "type": "object",
        "additionalProperties": false,
        "properties": kinds,
        "$defs": generator.take_definitions(true),
    });
    drop_examples(&mut schema);
    schema
}

/// Cuts the examples, which speak Rust, off the words that came from the types' own documentation.
fn drop_examples(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            if let Some(Value::String(text)) = keys.get_mut("description")
                && let Some(example) = text.find("\n\n```")
            {
                text.truncate(example);
            }
            keys.values_mut().for_each(drop_examples);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_examples),
        _ => {}
    }
}

/// The JSON Schema of the facts of a child.
///
/// ```
/// let schema = policy::facts_schema();
/// assert_eq!(schema["additionalProperties"], false);
/// assert!(schema["properties"]["lives_with_parents"].is_object());
/// ```
#[must_use]
pub fn facts_schema() -> Value {
    let root = SchemaGenerator::default().into_root_schema_for::<Facts>();
    let mut schema = root.to_value();
    drop_examples(&mut schema);
    schema
}

/// The digits of a division.
const DIGITS: &str = "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$";

/// Puts a kind under its name: the keys of its type.
fn undated<T: Row + JsonSchema>(generator: &mut SchemaGenerator, kinds: &mut Map<String, Value>) {
    let mut row = T::json_schema(generator).to_value();
    let description = row
        .as_object_mut()
        .and_then(|keys| keys.remove("description"));
    kinds.insert(
        T::KIND.to_owned(),
        json!({ "type": "array", "description": description, "items": row }),
    );
}

/// The same with the keys that every dated entry has.
fn dated<T: Row + JsonSchema>(generator: &mut SchemaGenerator, kinds: &mut Map<String, Value>) {
    undated::<T>(generator, kinds);
    let row = &mut kinds[T::KIND]["items"];
    if let (Some(keys), Value::Object(head)) = (row["properties"].as_object_mut(), head()) {
        keys.extend(head);
    }
    if let Some(required) = row["required"].as_array_mut() {
        required.extend(["from", "cite", "verified"].map(Value::from));
    }
}

fn head() -> Value {
    json!({
        "place": {
            "description": "The division it is for, and all that lies in it: 2, 4, 6, 9 or 12 digits. Of several places the most specific one's entry stands. Left out: the whole country.",
            "type": "string",
            "pattern": DIGITS,
        },
        "from": {
            "description": "The first day on which it is in force. It ends the entry before it.",
            "type": "string",
            "format": "date",
        },
        "until": {
            "description": "The last such day, where it ends by itself. Left out: until the next entry begins.",
            "type": "string",
            "format": "date",
        },
        "announced": {
            "description": "The moment it was made known: a date (its start in Asia/Shanghai) or a moment with its offset. Left out: the start of `from`.",
            "type": "string",
            "anyOf": [{ "format": "date" }, { "format": "date-time" }],
        },
        "cite": {
            "description": "The document that sets it.",
            "type": "string",
            "minLength": 1,
        },
        "verified": {
            "description": "Whether value and document were checked against each other.",
            "type": "boolean",
        },
    })
}

/// The code of any class.
pub(crate) fn category_code(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Category::ALL.map(Category::code) })
}

/// A list of cash classes, each once.
pub(crate) fn category_codes(_: &mut SchemaGenerator) -> Schema {
    let cash: Vec<_> = Category::ALL
        .into_iter()
        .filter(|category| category.group() == Group::Cash)
        .map(Category::code)
        .collect();
    json_schema!({
        "type": "array",
        "uniqueItems": true,
        "items": { "type": "string", "enum": cash },
    })
}

/// Levels by kind of disability.
pub(crate) fn level_of(generator: &mut SchemaGenerator) -> Schema {
    let kinds = DisabilityKind::json_schema(generator);
    json_schema!({
        "type": "object",
        "propertyNames": kinds,
        "additionalProperties": { "type": "integer", "minimum": 0, "maximum": 4 },
    })
}

/// A day that may be absent.
pub(crate) fn day(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "null"], "format": "date" })
}

/// A sex that may be absent.
pub(crate) fn sex(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": ["female", "male", null] })
}

/// The digits of a division, which may be absent.
pub(crate) fn division(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "integer", "minimum": 10 },
            { "type": "string", "pattern": DIGITS },
            { "type": "null" },
        ],
    })
}
