//! How far a file of histories has got, on a terminal.

use std::time::{Duration, Instant};

use kernel::explain::Lang;

use crate::progress::Bar;

/// A count that appears once the file takes more than a second.
pub(super) struct Progress {
    began: Instant,
    bar: Option<Bar>,
    word: &'static str,
}

impl Progress {
    pub(super) fn new(lang: Lang) -> Self {
        Self {
            began: Instant::now(),
            bar: None,
            word: match lang {
                Lang::Zh => "已计算的儿童",
                Lang::En => "children reckoned",
            },
        }
    }

    /// So many lines are done.
    pub(super) fn at(&mut self, done: u64) {
        if self.bar.is_none() && self.began.elapsed() > Duration::from_secs(1) {
            self.bar = Some(Bar::counting(self.word));
        }
        if let Some(bar) = &self.bar {
            bar.at(done);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish();
        }
    }
}
