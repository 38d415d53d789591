//! Dependencies point down only, and the pure crates can reach neither the machine nor the network.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Violation;
use crate::workspace;

/// Our crates from the ground up; a crate may depend on those of a lower floor.
const FLOORS: &[&[&str]] = &[
    &["kernel", "xtask"],
    &["policy"],
    &["domain"],
    &["envelope", "ledger", "press"],
    &["store"],
    &["app", "testkit"],
    &["api"],
    &["hutong"],
];

/// The crates that do no I/O, read no clock and draw no random number.
const PURE: &[&str] = &["kernel", "policy", "domain"];

/// What would let them.
const IMPURE: &[&str] = &[
    "getrandom",
    "rand",
    "rand_core",
    "tokio",
    "sqlx",
    "mio",
    "reqwest",
    "hyper",
];

/// A dependency between two crates of ours.
#[derive(Debug, PartialEq, Eq)]
struct Edge {
    from: String,
    to: String,
    dev: bool,
}

/// Asks cargo for the dependencies and checks them.
pub(super) fn check(root: &Path) -> Result<Vec<Violation>> {
    let metadata =
        workspace::output(cargo(root).args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let mut found = dependencies_point_down(&edges(&metadata)?);
    for name in PURE {
        let mut tree = cargo(root);
        tree.args([
            "tree",
            "--locked",
            "--package",
            name,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]);
        found.extend(pure_crates_stay_pure(name, &workspace::output(&mut tree)?));
    }
    Ok(found)
}

/// Cargo, run in the workspace.
pub(super) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(workspace::cargo());
    command.current_dir(root);
    command
}

/// The dependencies among our crates, from `cargo metadata --no-deps`.
fn edges(metadata: &str) -> Result<Vec<Edge>> {
    let metadata: Value = serde_json::from_str(metadata)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let ours: Vec<String> = packages.iter().map(name).collect();
    let mut edges = Vec::new();
    for package in packages {
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            if ours.contains(&name(dependency)) {
                edges.push(Edge {
                    from: name(package),
                    to: name(dependency),
                    dev: dependency["kind"] == "dev",
                });
            }
        }
    }
    Ok(edges)
}

/// Each crate depends on lower floors only; `testkit` serves tests, everyone's, and nothing else.
fn dependencies_point_down(edges: &[Edge]) -> Vec<Violation> {
    let floor = |name: &str| FLOORS.iter().position(|crates| crates.contains(&name));
    let mut found = Vec::new();
    for Edge { from, to, dev } in edges {
        let allowed = match (floor(from), floor(to)) {
            _ if to == "testkit" => *dev,
            (Some(upper), Some(lower)) => lower < upper,
            _ => false,
        };
        if !allowed {
            let path = format!("crates/{from}/Cargo.toml");
            let advice = format!(
                "{from} depends on {to}: dependencies point down only, and testkit is for tests (floors: crates/xtask/src/check/layers.rs)"
            );
            found.push(Violation {
                path,
                line: 0,
                rule: "layers",
                advice,
            });
        }
    }
    found
}

/// Nothing impure in the tree of normal dependencies of a pure crate.
fn pure_crates_stay_pure(name: &str, tree: &str) -> Vec<Violation> {
    let mut impure: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|found| IMPURE.contains(found))
        .collect();
    impure.sort_unstable();
    impure.dedup();
    let advice = |found: &str| {
        format!(
            "{name} reaches {found}, but does no I/O and draws no chance: cargo tree --package {name} --edges normal --invert {found}"
        )
    };
    impure
        .into_iter()
        .map(|found| Violation {
            path: format!("crates/{name}/Cargo.toml"),
            line: 0,
            rule: "pure",
            advice: advice(found),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: &str, to: &str, dev: bool) -> Edge {
        Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            dev,
        }
    }

    #[test]
    fn an_upward_dependency_is_found() {
        assert_eq!(
            dependencies_point_down(&[edge("store", "app", false)]).len(),
            1
        );
        assert_eq!(
            dependencies_point_down(&[edge("kernel", "policy", true)]).len(),
            1
        );
        assert_eq!(
            dependencies_point_down(&[
                edge("app", "store", false),
                edge("hutong", "kernel", false)
            ]),
            []
        );
    }

    #[test]
    fn testkit_is_for_tests() {
        assert_eq!(
            dependencies_point_down(&[edge("hutong", "testkit", false)]).len(),
            1
        );
        assert_eq!(
            dependencies_point_down(&[edge("store", "testkit", true)]),
            []
        );
    }

    #[test]
    fn a_crate_without_a_floor_is_found() {
        assert_eq!(
            dependencies_point_down(&[edge("attic", "kernel", false)]).len(),
            1
        );
    }

    #[test]
    fn an_impure_dependency_is_found_once() {
        let tree = "kernel v0.1.0 (crates/kernel)\nuuid v1.0.0\ngetrandom v0.4.0\ngetrandom v0.4.0 (*)\nrandom_word v1\n";
        let found = pure_crates_stay_pure("kernel", tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].advice.contains("getrandom"));
    }

    #[test]
    fn edges_are_read_from_cargo() {
        let metadata = r#"{"packages":[{"name":"app","dependencies":[{"name":"store","kind":null},{"name":"serde","kind":null},{"name":"testkit","kind":"dev"}]},{"name":"store","dependencies":[]},{"name":"testkit","dependencies":[]}]}"#;
        assert_eq!(
            edges(metadata).unwrap(),
            [edge("app", "store", false), edge("app", "testkit", true)]
        );
    }
}
