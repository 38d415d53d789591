//! `docs/permissions.md`: every operation with the action it needs and the roles that have it.

use std::fmt::Write;

use kernel::roles::Role;

use crate::operation::{Access, Operation};

const HEAD: &str = "\
# Operations and what they need

Written by `cargo xtask codegen` from the declarations in `crates/api`; a test fails when it is stale.

An officer whose role is not named gets the same answer as for what does not exist. Whose children a role sees is a
question of reach, which the database answers; the roles' table is `kernel::roles`. What is answered at the public listener
is answered there alone, over a database role of its own, and nothing else is.

| operation | address | needs | roles |
|---|---|---|---|
";

/// The text of `docs/permissions.md`.
#[must_use]
pub fn permissions(operations: &[Operation]) -> String {
    let mut lines: Vec<String> = operations.iter().map(line).collect();
    lines.sort();
    let mut text = HEAD.to_owned();
    for line in lines {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text
}

fn line(operation: &Operation) -> String {
    let (needs, roles) = match operation.access() {
        Access::Public if operation.is_on_public_listener() => (
            "nothing".to_owned(),
            "anyone, at the public listener".to_owned(),
        ),
        Access::Public => ("nothing".to_owned(), "anyone, without a session".to_owned()),
        Access::AnySignedIn => ("a session".to_owned(), "every role".to_owned()),
        Access::Needs(action) => (format!("`{}`", action.code()), roles(operation.access())),
    };
    let (id, method, path) = (operation.id(), operation.method().name(), operation.path());
    format!("| `{id}` | `{method} {path}` | {needs} | {roles} |")
}

fn roles(access: Access) -> String {
    let named: Vec<String> = Role::ALL
        .into_iter()
        .filter(|role| access.allows(*role))
        .map(|role| format!("`{}`", role.code()))
        .collect();
    named.join(" ")
}
