//! `hutong allowance compute`: the lines a month's run writes for histories in a file.

use std::io::{self, BufWriter, ErrorKind, Write};

use domain::allowances::{Replay, Run};
use kernel::explain::Lang;

use super::fault::{HistoriesError, LineFault};
use super::progress::Progress;
use super::{Question, answer, histories, history};
use crate::lines::StreamFault;
use crate::outcome::{Outcome, Verdict};

/// Answers every line.
pub(super) fn run(question: &Question, lang: Lang) -> Verdict {
    let rulebook = question.rules.rulebook()?;
    let run = Run::new(rulebook.allowances(), question.month, question.known_at)?;
    match compute(question, &run, lang) {
        // A reader that has gone (`… | head`) has seen enough.
        Err(HistoriesError::Output(StreamFault::Output(cause)))
            if cause.kind() == ErrorKind::BrokenPipe =>
        {
            Ok(Outcome::Done)
        }
        Err(fault) => Err(fault.into()),
        Ok(()) => Ok(Outcome::Done),
    }
}

/// What one task replays by, and what it has answered.
struct Task<'a, 'r> {
    replay: Replay<'a, 'r>,
    answers: Vec<u8>,
}

fn compute(question: &Question, run: &Run<'_>, lang: Lang) -> Result<(), HistoriesError> {
    let mut output = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let mut progress = Progress::new(lang);
    let task = || Task {
        replay: Replay::new(run),
        answers: Vec::new(),
    };
    let step = |task: &mut Task<'_, '_>, line: &[u8]| {
        let child = history::read(line)?;
        let answer = task.replay.child(&child.history)?;
        let name = serde_json::to_vec(&*child.name.0)?;
        // Writing into memory does not fail, and nothing of a line that did was written.
        let _ = answer::write(
            &mut task.answers,
            &name,
            &child.history,
            answer,
            run.month(),
            lang,
        );
        Ok::<(), LineFault>(())
    };
    let ended = histories::for_each(&question.histories, task, step, |task, lines| {
        output
            .write_all(&task.answers)
            .map_err(StreamFault::Output)?;
        progress.at(lines);
        Ok(())
    });
    // What was answered before a bad line is told, whatever it was.
    output.flush().map_err(StreamFault::Output)?;
    ended
}
