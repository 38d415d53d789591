//! Standard input answered line by line: streamed, and bounded in memory whatever a line holds.

use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Write};

use kernel::explain::{Explain, Lang};
use serde::Serialize;

/// How much of a line is looked at. The lines that verbs read have a few dozen characters; a longer one is
/// answered by its beginning.
const LINE_LIMIT: usize = 64 * 1024;

const BUFFER: usize = 64 * 1024;

/// Input or output that failed on the way.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StreamFault {
    /// Standard input could not be read.
    #[error("cannot read standard input")]
    Input(#[source] io::Error),
    /// Standard output could not be written.
    #[error("cannot write standard output")]
    Output(#[source] io::Error),
}

impl Explain for StreamFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Input(_) => "input.unreadable",
            Self::Output(_) => "output.unwritable",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Input(cause), Lang::Zh) => {
                format!("无法读取标准输入，请检查输入的文件或管道：{cause}")
            }
            (Self::Input(cause), Lang::En) => {
                format!(
                    "Standard input cannot be read; check the file or pipe it comes from: {cause}"
                )
            }
            (Self::Output(cause), Lang::Zh) => {
                format!("无法写到标准输出，请检查磁盘空间和输出的去处：{cause}")
            }
            (Self::Output(cause), Lang::En) => {
                format!(
                    "Standard output cannot be written; check the disk's space and where it goes: {cause}"
                )
            }
        }
    }
}

/// Answers each line of standard input on standard output. `answer` gets the line without the white space
/// around it; bytes that are not UTF-8 appear to it as U+FFFD.
///
/// Ends without a fault when the reader of the output has gone (`… | head`): it has seen enough.
pub(crate) fn answer_stdin(
    answer: impl FnMut(&str, &mut dyn Write) -> io::Result<()>,
) -> Result<(), StreamFault> {
    match answer_lines(io::stdin().lock(), io::stdout().lock(), answer) {
        Err(StreamFault::Output(cause)) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        ended => ended,
    }
}

/// Writes one JSON object and the end of its line.
pub(crate) fn write_json(output: &mut dyn Write, answer: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, answer)?;
    output.write_all(b"\n")
}

fn answer_lines(
    input: impl Read,
    output: impl Write,
    mut answer: impl FnMut(&str, &mut dyn Write) -> io::Result<()>,
) -> Result<(), StreamFault> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let mut line = Vec::new();
    let mut first = true;
    while next_line(&mut input, &mut line).map_err(StreamFault::Input)? {
        let text = String::from_utf8_lossy(&line);
        // Files saved on Windows begin with a byte order mark, which belongs to no line.
        let text = if first {
            text.trim_start_matches('\u{feff}')
        } else {
            &text
        };
        first = false;
        answer(text.trim(), &mut output).map_err(StreamFault::Output)?;
        // The next read may wait for a person or a program that waits for this answer.
        if input.buffer().is_empty() {
            output.flush().map_err(StreamFault::Output)?;
        }
    }
    output.flush().map_err(StreamFault::Output)
}

/// Reads the next line into `line`, without its end and no more than [`LINE_LIMIT`] of it; false where there
/// is none. Nothing after the last line end is no line.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut begun = false;
    loop {
        let chunk = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            chunk => chunk?,
        };
        if chunk.is_empty() {
            return Ok(begun);
        }
        begun = true;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let piece = &chunk[..end.unwrap_or(chunk.len())];
        let room = LINE_LIMIT - line.len();
        line.extend_from_slice(&piece[..piece.len().min(room)]);
        let used = piece.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(input: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        let read = answer_lines(input, io::sink(), |line, _| {
            lines.push(line.to_owned());
            Ok(())
        });
        assert!(read.is_ok());
        lines
    }

    #[test]
    fn each_line_is_seen_once_and_trimmed() {
        assert_eq!(seen(b""), [""; 0]);
        assert_eq!(seen(b"\n"), [""]);
        assert_eq!(seen(b" a \r\n\n\tb"), ["a", "", "b"]);
        assert_eq!(
            seen("\u{feff}a\u{3000}\n\u{feff}b\n".as_bytes()),
            ["a", "\u{feff}b"]
        );
    }

    #[test]
    fn a_line_is_kept_within_the_bound() {
        let mut input = vec![b'7'; 10 * LINE_LIMIT];
        input.extend(b"\nnext\n");
        let lines = seen(&input);
        assert_eq!(
            (lines[0].len(), &*lines[1], lines.len()),
            (LINE_LIMIT, "next", 2)
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_such() {
        assert_eq!(seen(b"37\xff\xfe81\n\0\n"), ["37\u{fffd}\u{fffd}81", "\0"]);
    }

    #[test]
    fn a_fault_says_which_side_failed() {
        let full = answer_lines(&b"a\n"[..], io::sink(), |_, _| {
            Err(io::Error::other("full"))
        });
        assert_eq!(full.unwrap_err().code(), "output.unwritable");
    }
}
