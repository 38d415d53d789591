//! A passphrase from the environment, from the person at the terminal (unseen), or from standard input.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use kernel::explain::{Explain, Lang};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use store::keys::{KeyError, Passphrase};
use zeroize::Zeroizing;

use crate::outcome::Fault;

/// The variable that is looked at first.
const VARIABLE: &str = "HUTONG_PASSPHRASE";

/// Whether a new passphrase is chosen, and typed twice, or an old one given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// For something new.
    New,
    /// For something that exists.
    Known,
}

#[derive(Debug, thiserror::Error)]
enum PassphraseError {
    #[error("the two passphrases differ")]
    Differ,
    #[error("the passphrase cannot be read")]
    Unreadable(#[source] io::Error),
}

impl Explain for PassphraseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Differ => "passphrase.differ",
            Self::Unreadable(_) => "passphrase.unreadable",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Differ, Lang::Zh) => "两次输入的口令不一致，未作任何操作。请重新执行。".into(),
            (Self::Differ, Lang::En) => {
                "The two passphrases differ; nothing was done. Run the command again.".into()
            }
            (Self::Unreadable(cause), Lang::Zh) => {
                format!(
                    "无法读取口令：{cause}。请在终端中执行，或用环境变量 HUTONG_PASSPHRASE 给出。"
                )
            }
            (Self::Unreadable(cause), Lang::En) => {
                format!(
                    "The passphrase cannot be read: {cause}. Run this at a terminal, or give it in HUTONG_PASSPHRASE."
                )
            }
        }
    }
}

/// Reads a passphrase from the first line of a file, or where none is named, as [`read`].
pub(crate) fn of(file: Option<&Path>, asked: Asked, lang: Lang) -> Result<Passphrase, Fault> {
    let Some(file) = file else {
        return read(asked, lang);
    };
    let text = std::fs::read_to_string(file).map_err(PassphraseError::Unreadable)?;
    let text = Zeroizing::new(text);
    let line = text.lines().next().unwrap_or_default();
    Ok(Passphrase::new(Zeroizing::new(line.to_owned()))?)
}

/// Reads a passphrase.
pub(crate) fn read(asked: Asked, lang: Lang) -> Result<Passphrase, Fault> {
    if let Ok(text) = std::env::var(VARIABLE) {
        return Ok(Passphrase::new(Zeroizing::new(text))?);
    }
    if !io::stdin().is_terminal() {
        return Ok(Passphrase::new(line()?)?);
    }
    let text = unseen(match lang {
        Lang::Zh => "口令（至少 12 个字符）：",
        Lang::En => "Passphrase (at least 12 characters): ",
    })?;
    // Too short a one is refused before it is asked for again.
    let passphrase: Result<Passphrase, KeyError> = Passphrase::new(text.clone());
    let passphrase = passphrase?;
    if asked == Asked::New {
        let again = unseen(match lang {
            Lang::Zh => "请再输入一次：",
            Lang::En => "Once more: ",
        })?;
        if *again != *text {
            return Err(PassphraseError::Differ.into());
        }
    }
    Ok(passphrase)
}

fn line() -> Result<Zeroizing<String>, PassphraseError> {
    let mut text = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .read_line(&mut text)
        .map_err(PassphraseError::Unreadable)?;
    Ok(text)
}

/// Asks at the terminal without showing what is typed.
fn unseen(question: &str) -> Result<Zeroizing<String>, PassphraseError> {
    let mut terminal = io::stderr();
    let asked = write!(terminal, "{question}").and_then(|()| terminal.flush());
    asked.map_err(PassphraseError::Unreadable)?;
    let hidden = Hidden::begin().map_err(PassphraseError::Unreadable)?;
    let text = line();
    drop(hidden);
    // The line end that was typed was hidden as well.
    writeln!(terminal).map_err(PassphraseError::Unreadable)?;
    text
}

/// While it lives the terminal shows nothing that is typed.
struct Hidden(Termios);

impl Hidden {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &modes)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if let Err(error) = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0) {
            tracing::warn!(%error, "the terminal still hides what is typed: run `stty echo`");
        }
    }
}
