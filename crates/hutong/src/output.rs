//! What verbs print on standard output.

use std::io::{self, ErrorKind, Write};

use crate::lines::StreamFault;

/// Prints one line.
pub(crate) fn say(text: &str) -> Result<(), StreamFault> {
    written(writeln!(io::stdout(), "{text}"))
}

/// How writing went. A reader that has gone (`… | head`) has seen enough, which is no fault; a full disk is one.
pub(crate) fn written(writing: io::Result<()>) -> Result<(), StreamFault> {
    match writing {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        writing => writing.map_err(StreamFault::Output),
    }
}
