//! What papers are called.

use std::collections::BTreeMap;

use kernel::explain::Lang;

use crate::finding::{At, Finding, Flaw};
use crate::rows::PaperNameRow;

/// The names of papers by their codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PaperNames(BTreeMap<String, [String; 2]>);

impl PaperNames {
    /// The names these entries give; a second one for a code is a finding.
    pub(crate) fn of(rows: Vec<(PaperNameRow, At)>, findings: &mut Vec<Finding>) -> Self {
        let mut names = BTreeMap::new();
        for (row, at) in rows {
            let PaperNameRow { paper, zh, en } = row;
            if names.insert(paper.clone(), [zh, en]).is_some() {
                let flaw = Flaw::Unreadable(format!("paper: {paper} has a name already"));
                findings.push(Finding { at, flaw });
            }
        }
        Self(names)
    }

    /// The name for a code, or the code itself where it has none.
    pub(crate) fn name<'a>(&'a self, paper: &'a str, lang: Lang) -> &'a str {
        match (self.0.get(paper), lang) {
            (Some([zh, _]), Lang::Zh) => zh,
            (Some([_, en]), Lang::En) => en,
            (None, _) => paper,
        }
    }

    pub(crate) fn contains(&self, paper: &str) -> bool {
        self.0.contains_key(paper)
    }
}
