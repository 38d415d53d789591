//! What is promised of the benches on demand, at the sizes at which it is; at any other they measure and judge nothing.

use kernel::explain::Lang;

use crate::outcome::Outcome;

/// A city's children, and fewer.
const CITY: u32 = 5_000;
const MILLION: u32 = 1_000_000;
const TEN_MILLION: u32 = 10_000_000;

/// Whether a promise is kept; `None` where none was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Promise(Option<bool>);

impl Promise {
    /// A month's run, its speed as a share of a bare sorted COPY's, and its memory in MiB.
    pub(super) fn month(children: u32, seconds: f64, ratio: f64, peak: f64) -> Self {
        Self(match children {
            ..=CITY => Some(seconds < 1.0),
            MILLION => Some(ratio >= 0.9 && peak <= 512.0),
            TEN_MILLION => Some(seconds <= 60.0 && peak <= 1536.0),
            _ => None,
        })
    }

    /// Rates tried out over so many children, loading included.
    pub(super) fn what_if(children: u32, seconds: f64) -> Self {
        Self(match children {
            ..=CITY => Some(seconds < 0.2),
            MILLION => Some(seconds < 2.0),
            _ => None,
        })
    }

    /// A bank's answer of so many lines.
    pub(super) fn answer(lines: u32, seconds: f64) -> Self {
        Self((lines == MILLION).then_some(seconds < 10.0))
    }

    /// For a report in JSON.
    pub(super) fn kept(self) -> Option<bool> {
        self.0
    }

    /// The last line of a report.
    pub(super) fn in_words(self, lang: Lang) -> &'static str {
        match (self.0, lang) {
            (None, _) => "",
            (Some(true), Lang::Zh) => "目标：达到\n",
            (Some(false), Lang::Zh) => "目标：未达到\n",
            (Some(true), Lang::En) => "what is promised: kept\n",
            (Some(false), Lang::En) => "what is promised: not kept\n",
        }
    }

    /// How the command ends.
    pub(super) fn outcome(self) -> Outcome {
        match self.0 {
            Some(false) => Outcome::Findings,
            _ => Outcome::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_judged_at_three_sizes() {
        let judged =
            |children, seconds, ratio, peak| Promise::month(children, seconds, ratio, peak).kept();
        assert_eq!(judged(4_998, 0.99, 0.1, 9.0), Some(true));
        assert_eq!(judged(4_998, 1.0, 0.1, 9.0), Some(false));
        assert_eq!(judged(MILLION, 9.0, 0.9, 512.0), Some(true));
        assert_eq!(judged(MILLION, 2.0, 0.89, 512.0), Some(false));
        assert_eq!(judged(MILLION, 2.0, 1.0, 513.0), Some(false));
        assert_eq!(judged(TEN_MILLION, 60.0, 0.1, 1536.0), Some(true));
        assert_eq!(judged(TEN_MILLION, 60.1, 1.0, 600.0), Some(false));
        assert_eq!(judged(TEN_MILLION, 30.0, 1.0, 1537.0), Some(false));
        assert_eq!(judged(200_000, 99.0, 0.1, 9_000.0), None);
    }

    #[test]
    fn a_question_and_an_answer_are_judged_by_their_time() {
        assert_eq!(Promise::what_if(CITY, 0.19).kept(), Some(true));
        assert_eq!(Promise::what_if(CITY, 0.2).kept(), Some(false));
        assert_eq!(Promise::what_if(MILLION, 1.9).kept(), Some(true));
        assert_eq!(Promise::what_if(MILLION, 2.0).kept(), Some(false));
        assert_eq!(Promise::what_if(CITY + 1, 9.0).kept(), None);
        assert_eq!(Promise::answer(MILLION, 9.9).kept(), Some(true));
        assert_eq!(Promise::answer(MILLION, 10.0).kept(), Some(false));
        assert_eq!(Promise::answer(1_000, 99.0).kept(), None);
    }

    #[test]
    fn a_promise_that_is_not_kept_is_said_and_is_something_to_look_at() {
        let missed = Promise::answer(MILLION, 11.0);
        assert_eq!(missed.outcome(), Outcome::Findings);
        assert_eq!(missed.in_words(Lang::En), "what is promised: not kept\n");
        let none = Promise::answer(1, 11.0);
        assert_eq!(
            (none.outcome(), none.in_words(Lang::Zh)),
            (Outcome::Done, "")
        );
    }
}
