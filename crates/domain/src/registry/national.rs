//! 与全国儿童福利信息系统比对: what differs between the children on file and those that the national system lists.
//!
//! **Invariant.** A list says nothing of a class that it does not name: a list of orphans misses no child left behind.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kernel::category::Category;
use kernel::ids::ChildId;

/// A keyed digest of a resident id: two are equal where the ids are.
pub type IdDigest = [u8; 32];

/// A child on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The child.
    pub child: ChildId,
    /// Its number in the national system, where known.
    pub number: Option<String>,
    /// Its resident id, where known.
    pub resident_id: Option<IdDigest>,
    /// The classes it holds.
    pub classes: BTreeSet<Category>,
}

/// A row of the national system's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The spreadsheet's own row number.
    pub row: u32,
    /// The national system's number.
    pub number: Option<String>,
    /// The resident id, where it is sound.
    pub resident_id: Option<IdDigest>,
    /// The class, where the list tells one that is known.
    pub class: Option<Category>,
    /// Whether it is over there: 终止、停发、退出.
    pub has_ended: bool,
}

impl Entered {
    const fn is_nameless(&self) -> bool {
        self.number.is_none() && self.resident_id.is_none()
    }
}

/// How the two systems differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// A child on file is not in the list.
    NotThere,
    /// A child in the list is not on file.
    NotHere,
    /// The two name different classes.
    Class,
    /// Over in one and not in the other.
    State,
    /// The number leads to one child and the resident id to another.
    Identity,
    /// The list has the child twice in one class.
    Repeated,
}

impl Difference {
    /// Every difference.
    pub const ALL: [Self; 6] = [
        Self::NotThere,
        Self::NotHere,
        Self::Class,
        Self::State,
        Self::Identity,
        Self::Repeated,
    ];

    /// The stable code of its work item.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotThere => "national.not_there",
            Self::NotHere => "national.not_here",
            Self::Class => "national.class",
            Self::State => "national.state",
            Self::Identity => "national.identity",
            Self::Repeated => "national.repeated",
        }
    }

    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::NotThere => "本系统有，全国系统无",
            Self::NotHere => "全国系统有，本系统无",
            Self::Class => "类别不一致",
            Self::State => "在册状态不一致",
            Self::Identity => "编号与身份证号不对应",
            Self::Repeated => "全国系统重复",
        }
    }
}

/// A difference, and where it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// What differs.
    pub difference: Difference,
    /// The child on file, if there is one.
    pub child: Option<ChildId>,
    /// The row of the list, if there is one.
    pub row: Option<u32>,
}

/// What a comparison came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Every difference: those of the list's rows in their order, then the children it lacks.
    pub found: Vec<Found>,
    /// Numbers of the national system that were not known here, of children whom the resident id leads to.
    pub numbers: Vec<(ChildId, String)>,
}

/// Compares the children on file with the list.
///
/// ```
/// use domain::registry::{Difference, Entered, compare};
/// let row = Entered { row: 2, number: Some("3704".into()), resident_id: None, class: None, has_ended: false };
/// let compared = compare(&[], &[row]);
/// assert_eq!(compared.found[0].difference, Difference::NotHere);
/// ```
#[must_use]
pub fn compare(held: &[Held], list: &[Entered]) -> Comparison {
    let directory = Directory::of(held);
    let mut compared = Comparison::default();
    let mut rows: BTreeMap<usize, Vec<&Entered>> = BTreeMap::new();
    let mut unknown = HashSet::new();
    for row in list {
        match directory.whom(held, row) {
            Whom::Nobody if row.has_ended => {}
            // A child with two classes has two rows, and is told once.
            Whom::Nobody => {
                if row.is_nameless() || unknown.insert((&row.number, row.resident_id)) {
                    compared.note(Difference::NotHere, None, Some(row));
                }
            }
            Whom::Doubtful(at) => {
                compared.note(Difference::Identity, Some(&held[at]), Some(row));
                rows.entry(at).or_default();
            }
            Whom::One(at) => {
                let of = &held[at];
                if let (None, Some(number)) = (&of.number, &row.number) {
                    compared.learn(of.child, number);
                }
                let earlier = rows.entry(at).or_default();
                if earlier.iter().any(|one| is_again(one, row)) {
                    compared.note(Difference::Repeated, Some(of), Some(row));
                }
                earlier.push(row);
            }
        }
    }
    let covered = covered(list);
    for (at, of) in held.iter().enumerate() {
        match rows.get(&at) {
            None if of.classes.iter().any(|class| covered.contains(class)) => {
                compared.note(Difference::NotThere, Some(of), None);
            }
            // Who it is has to be settled first.
            None => {}
            Some(rows) => {
                if let (Some(difference), Some(first)) = (between(of, rows, &covered), rows.first())
                {
                    compared.note(difference, Some(of), Some(first));
                }
            }
        }
    }
    compared
}

impl Comparison {
    fn note(&mut self, difference: Difference, held: Option<&Held>, row: Option<&Entered>) {
        self.found.push(Found {
            difference,
            child: held.map(|held| held.child),
            row: row.map(|row| row.row),
        });
    }

    fn learn(&mut self, child: ChildId, number: &str) {
        if !self.numbers.iter().any(|(known, _)| *known == child) {
            self.numbers.push((child, number.to_owned()));
        }
    }
}

/// Whether a row says again what one above it said of the same child.
fn is_again(one: &Entered, row: &Entered) -> bool {
    one.class == row.class && !one.has_ended && !row.has_ended
}

/// The classes that a list is about: those it names, or all where a row of it names none.
fn covered(list: &[Entered]) -> BTreeSet<Category> {
    let named: Option<BTreeSet<Category>> = list.iter().map(|row| row.class).collect();
    named.unwrap_or_else(|| Category::ALL.into_iter().collect())
}

/// How a child on file and its rows in the list differ.
fn between(held: &Held, rows: &[&Entered], covered: &BTreeSet<Category>) -> Option<Difference> {
    let classes = |has_ended: bool| {
        let rows = rows.iter().filter(move |row| row.has_ended == has_ended);
        rows.map(|row| row.class).collect::<Vec<_>>()
    };
    let (active, ended) = (classes(false), classes(true));
    let here: BTreeSet<Category> = held.classes.intersection(covered).copied().collect();
    if active.is_empty() {
        let still = |class: &Option<Category>| class.is_none_or(|class| here.contains(&class));
        return match (here.is_empty(), ended.iter().any(still)) {
            (true, _) => None,
            (false, true) => Some(Difference::State),
            (false, false) => Some(Difference::Class),
        };
    }
    if held.classes.is_empty() {
        return Some(Difference::State);
    }
    let there: Option<BTreeSet<Category>> = active.into_iter().collect();
    match there {
        Some(there) if there.is_subset(&held.classes) && here.is_subset(&there) => None,
        Some(_) => Some(Difference::Class),
        // A class that is not told cannot differ.
        None => None,
    }
}

enum Whom {
    Nobody,
    One(usize),
    Doubtful(usize),
}

/// The children on file by what a row may name them with.
struct Directory<'a> {
    by_number: HashMap<&'a str, usize>,
    by_id: HashMap<IdDigest, usize>,
}

impl<'a> Directory<'a> {
    fn of(held: &'a [Held]) -> Self {
        let number = |(at, one): (usize, &'a Held)| Some((one.number.as_deref()?, at));
        let id = |(at, one): (usize, &'a Held)| Some((one.resident_id?, at));
        Self {
            by_number: held.iter().enumerate().filter_map(number).collect(),
            by_id: held.iter().enumerate().filter_map(id).collect(),
        }
    }

    fn whom(&self, held: &[Held], row: &Entered) -> Whom {
        let number = row.number.as_deref();
        let numbered = number
            .and_then(|number| self.by_number.get(number))
            .copied();
        let identified = row.resident_id.and_then(|id| self.by_id.get(&id)).copied();
        let Some(at) = identified.or(numbered) else {
            return Whom::Nobody;
        };
        let of = &held[at];
        let differs = |known: bool, same: bool| known && !same;
        let other_number = differs(
            of.number.is_some() && number.is_some(),
            of.number.as_deref() == number,
        );
        let other_id = differs(
            of.resident_id.is_some() && row.resident_id.is_some(),
            of.resident_id == row.resident_id,
        );
        let other_child = numbered.is_some_and(|numbered| numbered != at);
        match other_number || other_id || other_child {
            true => Whom::Doubtful(at),
            false => Whom::One(at),
        }
    }
}

#[cfg(test)]
#[path = "national_tests.rs"]
mod tests;
