//! Prints what `cargo xtask codegen` writes: `openapi` (JSON) or `permissions` (Markdown).

use std::process::ExitCode;

fn main() -> ExitCode {
    let operations = api::every_operation();
    match std::env::args().nth(1).as_deref() {
        Some("openapi") => match serde_json::to_string_pretty(&api::openapi(&operations)) {
            Ok(document) => println!("{document}"),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        },
        Some("permissions") => print!("{}", api::permissions(&operations)),
        _ => {
            eprintln!("say openapi or permissions");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
