//! Reads rules files into entries: every table of every kind, each with the line it stands on.
//!
//! **Invariant.** Nothing in a file is passed over: what is not understood becomes a finding.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::finding::{At, Finding, Flaw};
use crate::head::Head;

/// A rules file: what it is called in findings, and its text.
///
/// ```
/// let set = policy::Rulebook::check(&[policy::Source { name: "empty.toml", text: "" }]);
/// assert!(set.findings.is_empty());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Such as `cn-37.toml`.
    pub name: &'a str,
    /// TOML.
    pub text: &'a str,
}

/// A kind of rule: an array of tables, each of which has the keys of this type beside those of [`Head`].
pub(crate) trait Row: DeserializeOwned {
    /// The name of the array.
    const KIND: &'static str;

    /// What the type alone cannot refuse.
    fn fault(&self) -> Option<String> {
        None
    }
}

/// One entry as read.
#[derive(Debug, Clone)]
pub(crate) struct Entry<T> {
    pub(crate) row: T,
    pub(crate) head: Head,
    pub(crate) at: At,
}

impl<T> Entry<T> {
    /// A finding at this entry's line.
    pub(crate) fn finding(&self, flaw: Flaw) -> Finding {
        Finding {
            at: self.at.clone(),
            flaw,
        }
    }
}

/// The files' tables, not yet taken by the kinds they belong to.
pub(crate) struct Reading<'a> {
    tables: BTreeMap<String, Vec<Table<'a>>>,
    /// How many dated entries were taken, and how many of them are not verified.
    pub(crate) entries: usize,
    pub(crate) unverified: usize,
    pub(crate) findings: Vec<Finding>,
}

/// One table of an array, with the keys that have not been read.
pub(crate) struct Table<'a> {
    pub(crate) file: File<'a>,
    pub(crate) at: At,
    span: Range<usize>,
    pub(crate) keys: DeTable<'a>,
}

/// A file, to say where in it something stands.
#[derive(Clone)]
pub(crate) struct File<'a> {
    name: Arc<str>,
    text: &'a str,
}

impl File<'_> {
    /// The line on which a span of bytes begins.
    pub(crate) fn at(&self, span: &Range<usize>) -> At {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        At {
            file: self.name.clone(),
            line: 1 + before.bytes().filter(|byte| *byte == b'\n').count(),
        }
    }

    fn finding(&self, span: &Range<usize>, flaw: Flaw) -> Finding {
        Finding {
            at: self.at(span),
            flaw,
        }
    }

    /// What the reader of TOML objects to.
    fn objection(&self, error: &toml::de::Error, otherwise: &Range<usize>) -> Finding {
        let message = error.message().replace('\n', " ");
        let flaw = if message.starts_with("unknown field") {
            Flaw::UnknownKey(message)
        } else {
            Flaw::Unreadable(message)
        };
        self.finding(&error.span().unwrap_or_else(|| otherwise.clone()), flaw)
    }
}

impl<'a> Reading<'a> {
    /// Every table of these files.
    pub(crate) fn of(sources: &[Source<'a>]) -> Self {
        let mut reading = Self {
            tables: BTreeMap::new(),
            entries: 0,
            unverified: 0,
            findings: Vec::new(),
        };
        for source in sources {
            reading.read(*source);
        }
        reading
    }

    fn read(&mut self, source: Source<'a>) {
        let file = File {
            name: source.name.into(),
            text: source.text,
        };
        let (root, errors) = DeTable::parse_recoverable(source.text);
        if !errors.is_empty() {
            // A text that is no TOML is not looked at further: what could be recovered may mislead.
            let objections = errors.iter().map(|error| file.objection(error, &(0..0)));
            self.findings.extend(objections);
            return;
        }
        for (kind, value) in root.into_inner() {
            let span = kind.span();
            let kind = kind.into_inner().into_owned();
            let DeValue::Array(rows) = value.into_inner() else {
                self.findings
                    .push(file.finding(&span, Flaw::UnknownKind { kind }));
                continue;
            };
            for row in rows {
                self.take_in(&kind, &file, row);
            }
        }
    }

    fn take_in(&mut self, kind: &str, file: &File<'a>, row: Spanned<DeValue<'a>>) {
        let span = row.span();
        let DeValue::Table(keys) = row.into_inner() else {
            let flaw = Flaw::Unreadable(format!("expected [[{kind}]]"));
            self.findings.push(file.finding(&span, flaw));
            return;
        };
        let table = Table {
            at: file.at(&span),
            file: file.clone(),
            span,
            keys,
        };
        self.tables.entry(kind.to_owned()).or_default().push(table);
    }

    /// The dated entries of one kind, in the files' order.
    pub(crate) fn dated<T: Row>(&mut self) -> Vec<Entry<T>> {
        let tables = self.tables.remove(T::KIND).unwrap_or_default();
        tables
            .into_iter()
            .filter_map(|table| self.entry(table))
            .collect()
    }

    /// The entries of a kind that has no keys but its own.
    pub(crate) fn undated<T: Row>(&mut self) -> Vec<(T, At)> {
        let tables = self.tables.remove(T::KIND).unwrap_or_default();
        tables
            .into_iter()
            .filter_map(|table| {
                let at = table.at.clone();
                Some((self.row(table)?, at))
            })
            .collect()
    }

    /// Reports the kinds that nobody took.
    pub(crate) fn finish(&mut self) {
        for (kind, tables) in std::mem::take(&mut self.tables) {
            self.findings
                .extend(tables.into_iter().map(|table| Finding {
                    at: table.at,
                    flaw: Flaw::UnknownKind { kind: kind.clone() },
                }));
        }
        self.findings.sort();
    }

    fn entry<T: Row>(&mut self, mut table: Table<'a>) -> Option<Entry<T>> {
        let at = table.at.clone();
        // Both halves are read before either is given up, so that each fault is told.
        let head = Head::take(&mut table, &mut self.findings);
        let row = self.row(table);
        let entry = Entry {
            row: row?,
            head: head?,
            at,
        };
        self.entries += 1;
        self.unverified += usize::from(!entry.head.verified);
        Some(entry)
    }

    fn row<T: Row>(&mut self, table: Table<'a>) -> Option<T> {
        let Table {
            file,
            span,
            keys,
            at,
        } = table;
        let whole = Spanned::new(span.clone(), DeValue::Table(keys));
        match T::deserialize(ValueDeserializer::from(whole)) {
            Err(error) => {
                self.findings.push(file.objection(&error, &span));
                None
            }
            Ok(row) => match row.fault() {
                Some(fault) => {
                    let flaw = Flaw::Unreadable(fault);
                    self.findings.push(Finding { at, flaw });
                    None
                }
                None => Some(row),
            },
        }
    }
}
