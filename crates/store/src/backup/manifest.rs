//! What a backup says of itself, and how far two such accounts agree.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is known before the first row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The newest migration applied.
    pub schema: i64,
    /// Digest of all migrations applied: the same number must mean the same schema.
    pub migrations: String,
    /// The installation's id.
    pub installation: Uuid,
    /// Fingerprint of the key file that opens what is sealed in it.
    pub keys: String,
    /// The number of the epoch it was made in.
    pub epoch: i32,
    /// That epoch's id.
    pub epoch_id: Uuid,
    /// When it was made.
    pub made_at: Timestamp,
    /// The program's version.
    pub program: String,
}

/// What must be found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Every table, in the order of their names.
    pub tables: Vec<TableTotals>,
    /// Where every sequence stands.
    pub sequences: Vec<SequenceState>,
    /// The end of the journal.
    pub journal: JournalHead,
}

/// What a table comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableTotals {
    /// Schema and name, quoted where SQL wants it.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// Digest of its content: the sum modulo 2²⁵⁶ of the SHA-256 of each row, so that the rows' order is no matter.
    pub digest: String,
    /// The sum of each column of money (named `…_fen`), in fen.
    pub sums: BTreeMap<String, String>,
}

/// Where a sequence stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequenceState {
    /// Schema and name, quoted where SQL wants it.
    pub sequence: String,
    /// Its last value.
    pub last: i64,
    /// Whether that value has been given out.
    pub is_called: bool,
}

/// The end of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalHead {
    /// The number of its last entry; none while it is empty.
    pub last: Option<i64>,
    /// A digest chained over all entries in their order.
    pub chain: String,
}

/// Two manifests side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Every table: its name, the rows expected and those found.
    pub tables: Vec<(String, u64, Option<u64>)>,
    /// Where they differ.
    pub findings: Vec<Finding>,
}

/// Something that is not as the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A table that only one of the two has.
    Table(String),
    /// Other counts of rows in this table.
    Rows(String),
    /// Other content in this table.
    Content(String),
    /// Another sum of this table's column.
    Sum(String, String),
    /// A sequence stands elsewhere.
    Sequence(String),
    /// The journal ends otherwise, or is another on the way there.
    Journal,
}

impl Finding {
    /// The table or sequence it is about.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::Table(name)
            | Self::Rows(name)
            | Self::Content(name)
            | Self::Sum(name, _)
            | Self::Sequence(name) => name,
            Self::Journal => "public.journal_entry",
        }
    }
}

impl Manifest {
    /// Compares what was found with what this manifest says.
    #[must_use]
    pub fn compare(&self, found: &Self) -> Comparison {
        let mut findings = Vec::new();
        let mut tables = Vec::new();
        for expected in &self.tables {
            let other = found
                .tables
                .iter()
                .find(|table| table.table == expected.table);
            tables.push((
                expected.table.clone(),
                expected.rows,
                other.map(|table| table.rows),
            ));
            match other {
                None => findings.push(Finding::Table(expected.table.clone())),
                Some(other) => expected.compare(other, &mut findings),
            }
        }
        for other in &found.tables {
            if !self.tables.iter().any(|table| table.table == other.table) {
                findings.push(Finding::Table(other.table.clone()));
            }
        }
        if self.sequences != found.sequences {
            let differing = self
                .sequences
                .iter()
                .filter(|state| !found.sequences.contains(state))
                .chain(
                    found
                        .sequences
                        .iter()
                        .filter(|state| !self.sequences.contains(state)),
                );
            findings.extend(differing.map(|state| Finding::Sequence(state.sequence.clone())));
        }
        if self.journal != found.journal {
            findings.push(Finding::Journal);
        }
        Comparison { tables, findings }
    }
}

impl TableTotals {
    fn compare(&self, other: &Self, findings: &mut Vec<Finding>) {
        if self.rows != other.rows {
            findings.push(Finding::Rows(self.table.clone()));
        } else if self.digest != other.digest {
            findings.push(Finding::Content(self.table.clone()));
        }
        let columns = self.sums.keys().chain(other.sums.keys());
        let differing = columns.filter(|column| self.sums.get(*column) != other.sums.get(*column));
        let mut differing: Vec<&String> = differing.collect();
        differing.dedup();
        findings.extend(
            differing
                .into_iter()
                .map(|column| Finding::Sum(self.table.clone(), column.clone())),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let table = |name: &str| TableTotals {
            table: name.into(),
            rows: 3,
            digest: "ab".into(),
            sums: BTreeMap::from([("paid_fen".to_owned(), "120000".to_owned())]),
        };
        Manifest {
            tables: vec![table("a"), table("b")],
            sequences: vec![SequenceState {
                sequence: "s".into(),
                last: 7,
                is_called: true,
            }],
            journal: JournalHead {
                last: Some(9),
                chain: "cd".into(),
            },
        }
    }

    #[test]
    fn an_equal_manifest_has_no_finding_and_every_difference_is_one() {
        let expected = manifest();
        assert_eq!(expected.compare(&manifest()).findings, []);
        let changed = |change: &dyn Fn(&mut Manifest)| {
            let mut found = manifest();
            change(&mut found);
            expected.compare(&found).findings
        };
        assert_eq!(
            changed(&|m| m.tables[0].rows = 2),
            [Finding::Rows("a".into())]
        );
        assert_eq!(
            changed(&|m| m.tables[1].digest.clear()),
            [Finding::Content("b".into())]
        );
        assert_eq!(
            changed(&|m| {
                m.tables[1].sums.insert("paid_fen".into(), "1".into());
            }),
            [Finding::Sum("b".into(), "paid_fen".into())]
        );
        assert_eq!(
            changed(&|m| {
                m.tables.pop();
            }),
            [Finding::Table("b".into())]
        );
        assert_eq!(changed(&|m| m.journal.last = None), [Finding::Journal]);
        assert!(!changed(&|m| m.sequences[0].last = 8).is_empty());
    }
}
