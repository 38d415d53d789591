//! Prints what `cargo xtask codegen` writes to `docs/states/applications.md`.

fn main() {
    print!("{}", domain::applications::diagram());
}
