//! How a verb ends: exit code 0 for done, 1 for findings, 2 for bad use or a fault.

use std::io::Write;
use std::process::ExitCode;

use kernel::explain::{Explain, Lang};

/// What a verb reports when nothing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, nothing to look at.
    Done,
    /// Done, and there is something to look at.
    Findings,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::from(0),
            Outcome::Findings => Self::from(1),
        }
    }
}

/// An error on its way to the person at the terminal: a stable code and a message in both languages.
#[derive(Debug)]
pub(crate) struct Fault(Box<dyn Explain + Send + Sync>);

impl<E: Explain + Send + Sync + 'static> From<E> for Fault {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl Fault {
    /// The error's stable code.
    pub(crate) fn code(&self) -> &'static str {
        self.0.code()
    }

    /// Writes the one message to standard error and answers the exit code.
    pub(crate) fn report(&self, lang: Lang) -> ExitCode {
        let word = match lang {
            Lang::Zh => "错误",
            Lang::En => "error",
        };
        // Where not even this can be written, the exit code still tells.
        let _ = writeln!(
            std::io::stderr(),
            "{word}[{}] {}",
            self.0.code(),
            self.0.explain(lang)
        );
        ExitCode::from(2)
    }
}

/// What every verb answers.
pub(crate) type Verdict = Result<Outcome, Fault>;
