//! Tells cargo to look at the built console: a release embeds it.

fn main() {
    println!("cargo:rerun-if-changed=../../frontend/dist");
}
