//! What made the lines of a batch, each reason kept once.

use std::collections::HashMap;
use std::ptr;

use domain::allowances::{Because, Fact, History, Line, Reason};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::month::Month;
use policy::allowance::Rate;
use store::allowances::ReasonText;

/// What tells two reasons apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Said {
    Rate(Category, Division, Date, Timestamp),
    Fact(Fact),
    Age(Month),
    Nothing,
}

/// The reasons met so far, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Reasons<'r> {
    /// For each class the rate that made a line last, as the next line mostly has the same.
    last: [Option<(&'r Rate, &'r str, i32)>; Category::ALL.len()],
    numbers: HashMap<(Said, &'r str), i32>,
    texts: Vec<ReasonText>,
}

impl<'r> Reasons<'r> {
    /// The number of the reason of this line.
    pub(super) fn number(&mut self, line: &Line<'r>, history: &History) -> i32 {
        let Because::Rate(rate) = line.because else {
            return self.sought(line, history);
        };
        let last = self.last[rate.class as usize];
        let same = last.filter(|(of, cite, _)| ptr::eq(*of, rate) && ptr::eq(*cite, line.cite));
        let number = same.map_or_else(|| self.sought(line, history), |(.., number)| number);
        self.last[rate.class as usize] = Some((rate, line.cite, number));
        number
    }

    fn sought(&mut self, line: &Line<'r>, history: &History) -> i32 {
        let said = match line.because {
            Because::Rate(rate) => Said::Rate(rate.class, rate.place, rate.from, rate.announced),
            Because::Fact(fact) => Said::Fact(history.facts[fact].fact.clone()),
            Because::Age(last) => Said::Age(last),
            Because::Nothing => Said::Nothing,
        };
        let texts = &mut self.texts;
        *self.numbers.entry((said, line.cite)).or_insert_with(|| {
            let in_words = |lang| {
                let because = &line.because;
                Reason {
                    because,
                    history,
                    lang,
                }
                .to_string()
            };
            texts.push(ReasonText {
                zh: in_words(Lang::Zh),
                en: in_words(Lang::En),
                cite: line.cite.to_owned(),
            });
            i32::try_from(texts.len() - 1).unwrap_or(i32::MAX)
        })
    }

    /// All of them, in the order of their numbers.
    pub(super) fn texts(&self) -> &[ReasonText] {
        &self.texts
    }
}
