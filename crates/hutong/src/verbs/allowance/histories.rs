//! A file of histories, taken by blocks of whole lines on all cores, its results given back in the order of the lines.
//!
//! **Invariant.** Memory is bounded by a few blocks, whatever the file holds; a bad line and all after it are not taken,
//! everything before it is.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;

use super::fault::{HistoriesError, LineFault};

/// How much is read at once, about two thousand children of a few years.
const BLOCK: usize = 4 << 20;

/// How long a line may be: tens of thousands of facts.
const LINE_LIMIT: usize = 16 << 20;

/// How many lines one task takes.
const LINES_A_TASK: usize = 32;

/// Takes every line of the file (`-` is standard input) through `step`. Each task begins with a state of its own, and
/// `done` is given them back in the order of the lines, with the number of lines taken up to the end of their block.
pub(super) fn for_each<S: Send>(
    path: &Path,
    state: impl Fn() -> S + Sync,
    step: impl Fn(&mut S, &[u8]) -> Result<(), LineFault> + Sync,
    mut done: impl FnMut(S, u64) -> Result<(), HistoriesError>,
) -> Result<(), HistoriesError> {
    let unread = |cause| HistoriesError::Unread {
        path: path.to_owned(),
        cause,
    };
    let mut blocks = Blocks::open(path).map_err(unread)?;
    let mut before = 0;
    let mut block = blocks.next().map_err(unread)?;
    while let Some(text) = block.take() {
        let lines: Vec<&[u8]> = lines_of(&text).collect();
        let taken = || take(&lines, &state, &step);
        let (tasks, next) = rayon::join(taken, || blocks.next());
        let through = before + lines.len() as u64;
        for task in tasks {
            done(task.state, through)?;
            if let Some((line, fault)) = task.fault {
                let line = before + line + 1;
                return Err(HistoriesError::Line { line, fault });
            }
        }
        before = through;
        block = next.map_err(unread)?;
    }
    Ok(())
}

/// What a task came to.
struct Taken<S> {
    state: S,
    /// The first bad line, counted from the beginning of the block; no line after it was taken.
    fault: Option<(u64, LineFault)>,
}

fn take<S: Send>(
    lines: &[&[u8]],
    state: &(impl Fn() -> S + Sync),
    step: &(impl Fn(&mut S, &[u8]) -> Result<(), LineFault> + Sync),
) -> Vec<Taken<S>> {
    let task = |(number, lines): (usize, &[&[u8]])| {
        let mut state = state();
        for (at, line) in lines.iter().enumerate() {
            let line = line.trim_ascii();
            let taken = match line.len() {
                // A line without anything on it is no child.
                0 => Ok(()),
                length if length > LINE_LIMIT => Err(LineFault::TooLong { limit: LINE_LIMIT }),
                _ => step(&mut state, line),
            };
            if let Err(fault) = taken {
                let fault = Some(((number * LINES_A_TASK + at) as u64, fault));
                return Taken { state, fault };
            }
        }
        Taken { state, fault: None }
    };
    let tasks = lines.par_chunks(LINES_A_TASK).enumerate();
    tasks.map(task).collect()
}

/// The lines of a block; nothing after the last line end is no line.
fn lines_of(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr_iter(b'\n', text).map(|end| end + 1);
    let unended = (!text.ends_with(b"\n") && !text.is_empty()).then_some(text.len());
    let mut from = 0;
    ends.chain(unended)
        .map(move |end| &text[std::mem::replace(&mut from, end)..end])
}

/// Blocks of whole lines.
struct Blocks {
    source: Box<dyn Read + Send>,
    /// The beginning of a line whose end has not been read.
    rest: Vec<u8>,
    is_begun: bool,
}

impl Blocks {
    fn open(path: &Path) -> io::Result<Self> {
        let source: Box<dyn Read + Send> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path)?)
        };
        Ok(Self {
            source,
            rest: Vec::new(),
            is_begun: false,
        })
    }

    /// The next block, `None` at the end. A line longer than a line may be comes cut short, but still too long.
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut block = std::mem::take(&mut self.rest);
        loop {
            let had = block.len();
            let read = self
                .source
                .by_ref()
                .take(BLOCK as u64)
                .read_to_end(&mut block)?;
            if !self.is_begun {
                self.is_begun = true;
                // Files saved on Windows begin with a byte order mark, which belongs to no line.
                if block.starts_with("\u{feff}".as_bytes()) {
                    block.drain(..3);
                }
            }
            if read == 0 {
                return Ok(Some(block).filter(|block| !block.is_empty()));
            }
            let from = had.min(block.len());
            if let Some(end) = memchr::memrchr(b'\n', &block[from..]) {
                self.rest = block.split_off(from + end + 1);
                return Ok(Some(block));
            }
            if block.len() > LINE_LIMIT {
                return Ok(Some(block));
            }
        }
    }
}
