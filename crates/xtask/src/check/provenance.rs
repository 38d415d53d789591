//! Nothing tracked says where it was made: no package registry's host, no path of somebody's machine.

use super::Violation;
use crate::workspace::Source;

/// Registry hosts, in two pieces so that this file does not hold them either.
const HOSTS: &[(&str, &str)] = &[
    ("crates", ".io"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("npmmirror", ".com"),
    ("yarnpkg", ".com"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("deb.debian", ".org"),
];

/// Folders in which people keep their checkouts.
const HOMES: &[(&str, &str)] = &[
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/wo", "rk/"),
    ("/Use", "rs/"),
    ("/fa", "rm/"),
];

/// No registry host and no machine's path, the registry's own line in Cargo.lock excepted.
pub(super) fn no_place_of_origin(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        let lock_line = source.path.ends_with("Cargo.lock") && line.starts_with("source = ");
        if !lock_line
            && HOSTS
                .iter()
                .any(|(name, end)| line.contains(&format!("{name}{end}")))
        {
            found.push(Violation::new(
                source,
                index + 1,
                "origin",
                "a registry's host: packages are named, the client knows where they are",
            ));
        }
        if HOMES
            .iter()
            .any(|(start, end)| begins_a_path(line, &format!("{start}{end}")))
        {
            found.push(Violation::new(
                source,
                index + 1,
                "origin",
                "a path of one machine: say it relative to the workspace",
            ));
        }
    }
    found
}

/// Whether `folder` stands where a path begins, not in the middle of a longer one.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-~}*/".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{lines, source};
    use super::*;

    #[test]
    fn hosts_and_paths_are_found() {
        for (start, end) in HOSTS.iter().chain(HOMES) {
            let text = format!("first\nsee \"{start}{end}x\"\n");
            assert_eq!(
                lines(&no_place_of_origin(&source("docs/a.md", &text))),
                [2],
                "{start}{end}"
            );
        }
    }

    #[test]
    fn the_lock_files_line_and_inner_folders_pass() {
        let lock = format!(
            "source = \"registry+https://github.com/rust-lang/{}{}-index\"\n",
            HOSTS[0].0, HOSTS[0].1
        );
        assert!(no_place_of_origin(&source("Cargo.lock", &lock)).is_empty());
        assert!(
            no_place_of_origin(&source(
                "docs/a.md",
                &format!("crates/store/src{}{}mod.rs", HOMES[2].0, HOMES[2].1)
            ))
            .is_empty()
        );
    }
}
