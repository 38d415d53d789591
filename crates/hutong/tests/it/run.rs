//! Runs the binary and hands back all it said.

use std::io::Write;
use std::process::{Child, Command, Stdio};

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Standard output as one JSON value a line.
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The code of its one message; it must have failed as bad use or a fault.
    pub(crate) fn refusal(&self) -> String {
        assert_eq!(self.stdout, "");
        let code = self.refusal_code();
        code.unwrap_or_else(|| panic!("no refusal: {}", self.stderr))
            .to_owned()
    }

    /// The code of its one message, if it failed with one as bad use or a fault, whatever it did before.
    pub(crate) fn refusal_code(&self) -> Option<&str> {
        let one = self.code == Some(2) && self.stderr.lines().count() == 1;
        let code = self.stderr.split_once('[')?.1.split_once(']')?.0;
        one.then_some(code)
    }
}

/// The binary with these arguments, in English unless they say otherwise, and on its own private cluster.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hutong"));
    command
        .args(arguments)
        .env("LC_ALL", "en_GB.UTF-8")
        .env_remove("DATABASE_URL")
        .env_remove("HUTONG_OWNER_URL")
        .env_remove("HUTONG_PUBLIC_URL");
    command
}

/// Starts `hutong` in the background, its words kept for [`end`].
pub(crate) fn start(arguments: &[&str]) -> Child {
    start_by(&mut command(arguments))
}

/// The same of a command.
pub(crate) fn start_by(command: &mut Command) -> Child {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits for a program started before.
pub(crate) fn end(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Runs `hutong` in English with these arguments and this standard input.
pub(crate) fn hutong(arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
    run(&mut command(arguments), input)
}

/// Runs a command with this standard input.
pub(crate) fn run(command: &mut Command, input: impl AsRef<[u8]>) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.as_ref().to_vec());
    // On a thread of its own: a program that answers as it reads would otherwise block on a full pipe.
    // It may also end without reading, which is no fault of the run.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let ran = end(child);
    writer.join().unwrap();
    ran
}

/// The code of the one message that these arguments bring, in English and in Chinese.
pub(crate) fn refused(arguments: &[&str]) -> String {
    let english = hutong(arguments, "");
    let code = english.refusal();
    assert!(english.stderr.starts_with("error["), "{}", english.stderr);
    let chinese = hutong(&[&["--lang", "zh"], arguments].concat(), "");
    assert_eq!(chinese.refusal(), code);
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c));
    let message = chinese.stderr.split_once(']').unwrap().1;
    assert!(
        chinese.stderr.starts_with("错误[") && is_chinese(message),
        "{}",
        chinese.stderr
    );
    code
}
