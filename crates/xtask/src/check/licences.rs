//! Every part we ship or build with may be used by anyone: permissive licences only.

use std::path::Path;

use anyhow::Result;

use super::{Violation, layers};
use crate::workspace;

/// Licences that ask for no more than to be named.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Asks cargo for every dependency's licence and checks it.
pub(super) fn check(root: &Path) -> Result<Vec<Violation>> {
    let mut tree = layers::cargo(root);
    tree.args([
        "tree",
        "--locked",
        "--workspace",
        "--prefix",
        "none",
        "--format",
        "{p}|{l}",
    ]);
    Ok(licences_are_permissive(&workspace::output(&mut tree)?))
}

/// One violation for each package whose licence leaves no permissive choice.
fn licences_are_permissive(tree: &str) -> Vec<Violation> {
    let mut packages: Vec<(&str, &str)> = tree
        .lines()
        .filter_map(|line| line.trim_end_matches(" (*)").split_once('|'))
        .filter(|(_, licence)| !is_permissive(licence))
        .collect();
    packages.sort_unstable();
    packages.dedup();
    let advice = |package: &str, licence: &str| {
        format!(
            "{package} is under {licence:?}: use another part, or add a permissive licence to the list in this check"
        )
    };
    packages
        .into_iter()
        .map(|(package, licence)| Violation {
            path: "Cargo.lock".to_owned(),
            line: 0,
            rule: "licences",
            advice: advice(package, licence),
        })
        .collect()
}

/// Whether an SPDX expression offers a way to use the package under permissive licences alone.
fn is_permissive(licence: &str) -> bool {
    // Older manifests write "MIT/Apache-2.0" for a choice.
    let choices = licence.replace('/', " OR ").replace(['(', ')'], "");
    // With the parentheses gone "A AND B OR C" could hide a condition, so then every part has to be permissive.
    let known = |part: &str| PERMISSIVE.contains(&part.trim());
    if choices.contains(" AND ") {
        return choices
            .split(" AND ")
            .flat_map(|part| part.split(" OR "))
            .all(known);
    }
    choices.split(" OR ").any(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_needs_one_permissive_licence_and_a_sum_needs_all() {
        for permissive in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/GPL-3.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR MIT",
        ] {
            assert!(is_permissive(permissive), "{permissive}");
        }
        for other in [
            "",
            "GPL-3.0",
            "AGPL-3.0-only",
            "MIT AND GPL-2.0",
            "MIT AND (Zlib OR LGPL-3.0)",
            "MPL-2.0",
        ] {
            assert!(!is_permissive(other), "{other}");
        }
    }

    #[test]
    fn each_package_is_named_once() {
        let tree = "a v1.0.0|MIT\nb v2.0.0|GPL-3.0\nb v2.0.0|GPL-3.0 (*)\n";
        let found = licences_are_permissive(tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].advice.starts_with("b v2.0.0 is under \"GPL-3.0\""));
    }
}
