//! Code generation and architecture checks.
fn main() {}
