//! The committed documents are those of the operations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use api::operation::Access;
use serde_json::Value;

fn committed(path: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    std::fs::read_to_string(&file).unwrap_or_default()
}

fn document() -> Value {
    serde_json::to_value(api::openapi(&api::every_operation())).unwrap()
}

#[test]
fn openapi_json_is_fresh() {
    let committed: Value = serde_json::from_str(&committed("openapi.json")).unwrap_or_default();
    assert!(
        committed == document(),
        "openapi.json is stale: run cargo xtask codegen and commit it"
    );
}

#[test]
fn the_permissions_are_fresh() {
    assert!(
        committed("docs/permissions.md") == api::permissions(&api::every_operation()),
        "docs/permissions.md is stale: run cargo xtask codegen and commit it"
    );
}

#[test]
fn every_operation_has_an_id_of_its_own_and_a_summary() {
    let mut ids = BTreeSet::new();
    let mut routes = BTreeSet::new();
    for operation in api::every_operation() {
        let id = operation.id();
        assert!(ids.insert(id), "{id} twice");
        let route = (operation.method().name(), operation.path());
        assert!(routes.insert(route), "{route:?} twice");
        assert!(!operation.summary().is_empty(), "{id}: no summary");
        let (subsystem, verb) = id.split_once('.').unwrap_or_default();
        assert!(!subsystem.is_empty() && !verb.is_empty(), "{id}");
    }
}

#[test]
fn no_two_types_are_written_under_one_name() {
    let mut written: BTreeMap<String, Value> = BTreeMap::new();
    for operation in api::every_operation() {
        for (name, schema) in &operation.description().schemas {
            let schema = serde_json::to_value(schema).unwrap();
            let first = written
                .entry(name.clone())
                .or_insert_with(|| schema.clone());
            assert!(*first == schema, "{}: another {name}", operation.id());
        }
    }
}

#[test]
fn nobody_is_asked_for_where_anyone_may_call() {
    for operation in api::every_operation() {
        let public = operation.access() == Access::Public;
        assert!(
            !(public && operation.description().asks_caller),
            "{} is public and asks who calls",
            operation.id()
        );
    }
}

#[test]
fn bodies_and_queries_are_read_strictly() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let Some(name) = schema["$ref"].as_str() else {
                continue;
            };
            let name = name.rsplit('/').next().unwrap();
            let schema = &document["components"]["schemas"][name];
            let variants = schema["oneOf"].as_array().cloned();
            for schema in variants.unwrap_or_else(|| vec![schema.clone()]) {
                assert_eq!(
                    schema["additionalProperties"], false,
                    "{method} {path}: {name} takes unknown fields"
                );
            }
        }
    }
}

#[test]
fn no_reference_leads_nowhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| match value {
                Value::String(target) if name == "$ref" => {
                    found.insert(target.clone());
                }
                value => references(value, found),
            }),
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for target in found {
        let pointer = target.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
}
