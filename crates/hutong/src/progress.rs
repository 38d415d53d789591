//! Progress bars, on a terminal alone.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that says how far a verb has got.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar of `length` steps.
    pub(crate) fn new(length: u64, word: &'static str) -> Self {
        Self::drawn(
            Some(length),
            "{msg} {wide_bar} {human_pos}/{human_len}",
            word,
        )
    }

    /// A count of steps whose number is not known before the end.
    pub(crate) fn counting(word: &'static str) -> Self {
        Self::drawn(None, "{spinner} {msg} {human_pos}", word)
    }

    fn drawn(length: Option<u64>, template: &str, word: &'static str) -> Self {
        let target = match std::io::stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(length, target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(word);
        Self(bar)
    }

    /// So many steps are done.
    pub(crate) fn at(&self, done: u64) {
        self.0.set_position(done);
    }

    /// The work is over: the bar goes.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
