#!/usr/bin/env bash
# Runs the tests in the order in which they fail fastest; --fast runs the lints and, of the tests, the unit tests.
# What passed before with the same contents is not run again, unless ALL is set: see crates/xtask/src/passed.rs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fast=${1:-}

[ -z "${ALL:-}" ] || rm -rf target/passed

step() { printf '\n== %s\n' "$*"; }

step "format"
cargo fmt --all --check
step "architecture"
cargo xtask check
# Lints compile the workspace a second time, so they belong to the fast run, which is warm by nature.
if [ -n "$fast" ]; then
    step "lints"
    cargo clippy --workspace --all-targets --locked --quiet -- --deny warnings
else
    # The summary of the tests comes last, where people and machines look for it.
    step "documentation tests"
    cargo xtask unless-passed documentation --of crates --of Cargo.toml --of Cargo.lock -- \
        cargo test --doc --workspace --locked --quiet
fi
step "console"
setup/console_test.sh $fast
step "tests"
only=(--lib --bins)
if ! cargo nextest --version >/dev/null 2>&1; then
    echo "cargo-nextest is not installed: plain cargo test runs the same tests, more slowly"
    [ -n "$fast" ] || only=(--lib --bins --tests)
    cargo xtask testserver cargo test --workspace --locked "${only[@]}"
elif [ -n "$fast" ]; then
    cargo xtask testserver cargo nextest run --workspace --locked "${only[@]}"
else
    cargo xtask suite
fi
