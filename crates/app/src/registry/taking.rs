//! Taking in a chunk of rows: who is known, what is new, what changed, what is left to clear.

use std::collections::{HashMap, HashSet};

use domain::registry::{Particulars, StatusDecision, amend, place_in};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::clock::legal_day;
use kernel::division::Division;
use kernel::ids::{ChildId, LedgerId, WorkItemId};
use store::error::StoreError;
use store::registry::{
    Amended, Blind, ChildFile, ListedAgain, Prepared, Preparing, RegisteredUnfiled, Registration,
    RowRead, RowTaken, WaitingCell, WorkItem, WorkItemsOpened, cells_raised, cells_waiting, files,
    known, known_elsewhere, likeness, rows_read,
};
use store::work::{Store, Work};

use super::record::{Doubt, Row};

/// Codes of work items that the import itself finds, beside the codes of a check.
pub(super) mod code {
    /// The child is on file where this officer cannot see.
    pub(super) const KNOWN_ELSEWHERE: &str = "child.known_elsewhere";
    /// Two ledgers of one day put a child in two classes.
    pub(super) const CLASS_CONFLICT: &str = "category.conflict";
    /// Several children on file could be this one.
    pub(super) const AMBIGUOUS: &str = "child.ambiguous";
}

/// What became of rows, counted, and what is left to do when all are read.
#[derive(Default)]
pub(super) struct Taken {
    /// Rows whose resident id is on file under another name: left out.
    pub(super) other_name: Vec<u32>,
    pub(super) registered: u64,
    pub(super) amended: u64,
    pub(super) linked: u64,
    pub(super) unchanged: u64,
    pub(super) elsewhere: u64,
    pub(super) work_items: u64,
}

impl Taken {
    pub(super) fn add(&mut self, other: Self) {
        self.other_name.extend(other.other_name);
        self.registered += other.registered;
        self.amended += other.amended;
        self.linked += other.linked;
        self.unchanged += other.unchanged;
        self.elsewhere += other.elsewhere;
        self.work_items += other.work_items;
    }
}

/// The ledger that is being taken in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source {
    pub(super) ledger: LedgerId,
    pub(super) as_of: Date,
    pub(super) place: Division,
    /// The moment of the work.
    pub(super) now: Timestamp,
}

/// A row with the digests it is looked up by, and the file it becomes should its child not be on file.
pub(super) struct Sought {
    number: u32,
    category: Option<Category>,
    doubts: Vec<Doubt>,
    /// Keyed digest of the row.
    digest: Blind,
    resident_id: Option<Blind>,
    likeness: Blind,
    /// The digest under which the child stands if its birth was not known then.
    birthless: Option<Blind>,
    file: Prepared,
}

impl Sought {
    fn facts(&self) -> &Particulars {
        &self.file.registration.facts
    }

    fn taken(&self) -> Option<&RowTaken> {
        self.file.registration.row.as_ref()
    }

    /// The whole row as it was taken in.
    fn text(&self) -> Option<String> {
        let row = self.taken()?;
        Some(String::from_utf8_lossy(&row.content).into_owned())
    }
}

/// Takes a chunk of rows in: what became of them, and the children that were registered, whose names are still to be
/// filed.
pub(super) async fn take(
    work: &mut Work,
    source: Source,
    sought: Vec<Sought>,
) -> Result<(Taken, Vec<Prepared>), StoreError> {
    let directory = Directory::look_up(work, &sought).await?;
    let children: Vec<ChildId> = directory.children().collect();
    let on_file = files(work, &children)
        .await?
        .into_iter()
        .map(|file| (file.child, file))
        .collect();
    let earlier = rows_read(work, &children).await?;
    let raised = match directory.elsewhere.is_empty() {
        true => Vec::new(),
        false => cells_raised(work, code::KNOWN_ELSEWHERE).await?,
    };
    let mut chunk = Chunk {
        source,
        directory,
        on_file,
        earlier,
        waiting: cells_waiting(work, &children).await?,
        raised: raised
            .into_iter()
            .filter(|cell| cell.division == source.place)
            .map(|cell| cell.raw)
            .collect(),
        taken: Taken::default(),
        new: Vec::with_capacity(sought.len()),
        listed_again: Vec::new(),
        items: Vec::new(),
    };
    for row in sought {
        match chunk.whom(&row) {
            Match::Nobody => chunk.register(work, row),
            Match::Another => {
                chunk.open_item(work, &row, None, code::AMBIGUOUS, None, None);
                chunk.register(work, row);
            }
            Match::OneOf(child) => chunk.leave_to_an_officer(work, child, row),
            Match::Elsewhere => chunk.leave_to_elsewhere(work, &row),
            Match::OtherName => chunk.taken.other_name.push(row.number),
            Match::Repeated(child) => chunk.repeat(work, child, row),
            Match::One(child) => chunk.update(work, child, row).await?,
        }
    }
    chunk.write(work).await
}

/// What a row is looked up by, and its file. Beside the database, whose answers most of an import waits for.
pub(super) fn seek(store: &Store, source: Source, row: Row) -> Result<Sought, StoreError> {
    let sealer = store.sealer();
    let taken = RowTaken::new(
        sealer,
        source.ledger,
        row.number,
        source.as_of,
        &row.facts,
        row.category,
    )?;
    let digest = taken.digest;
    let birthless = row.facts.birth.map(|_| {
        let facts = Particulars::of(row.facts.name.clone(), row.facts.household);
        likeness(sealer, &facts)
    });
    let registration = Registration {
        // Of this moment, not of the work's: then the children of a ledger follow each other in every index, which takes
        // the database a quarter less time than to scatter them.
        child: ChildId::generate(store.clock().now(), store.entropy()),
        statuses: row
            .category
            .map(|category| (category, source.as_of, None))
            .into_iter()
            .collect(),
        facts: row.facts,
        placement: None,
        opened_on: source.as_of.min(legal_day(source.now)),
        row: Some(taken),
    };
    let with = Preparing {
        sealer,
        entropy: store.entropy(),
        now: source.now,
    };
    let file = Prepared::new(registration, &with);
    Ok(Sought {
        number: row.number,
        category: row.category,
        doubts: row.doubts,
        digest,
        resident_id: file.resident_id_index(),
        likeness: file.likeness(),
        birthless,
        file,
    })
}

/// Whom a row means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    /// A child not on file.
    Nobody,
    /// This child.
    One(ChildId),
    /// This child, and the row says nothing that was not taken in before.
    Repeated(ChildId),
    /// Another child than those on file, or in this ledger already, that agree in name, birth and county.
    Another,
    /// One of several on file that agree in name, birth and county, this one or another.
    OneOf(ChildId),
    /// A child of another name: one of the two numbers or names is wrong, and only the office can tell.
    OtherName,
    /// A child on file beyond the officer's sight.
    Elsewhere,
}

/// Children by the digests of this chunk's rows.
struct Directory {
    by_id: HashMap<Blind, ChildId>,
    by_likeness: HashMap<Blind, Vec<ChildId>>,
    /// Those of them whose resident id is known.
    identified: HashSet<ChildId>,
    elsewhere: HashSet<Blind>,
}

impl Directory {
    async fn look_up(work: &mut Work, rows: &[Sought]) -> Result<Self, StoreError> {
        let ids: Vec<Blind> = rows.iter().filter_map(|s| s.resident_id).collect();
        let likenesses: Vec<Blind> = rows
            .iter()
            .flat_map(|s| [Some(s.likeness), s.birthless])
            .flatten()
            .collect();
        let mut directory = Self {
            by_id: HashMap::new(),
            by_likeness: HashMap::new(),
            identified: HashSet::new(),
            elsewhere: HashSet::new(),
        };
        for child in known(work, &ids, &likenesses).await? {
            directory.add(child.resident_id, child.likeness, child.child);
        }
        let unknown: Vec<Blind> = ids
            .into_iter()
            .filter(|id| !directory.by_id.contains_key(id))
            .collect();
        directory.elsewhere = known_elsewhere(work, &unknown).await?.into_iter().collect();
        Ok(directory)
    }

    fn add(&mut self, resident_id: Option<Blind>, likeness: Option<Blind>, child: ChildId) {
        if let Some(id) = resident_id {
            self.by_id.insert(id, child);
            self.identified.insert(child);
        }
        if let Some(key) = likeness {
            self.by_likeness.entry(key).or_default().push(child);
        }
    }

    fn children(&self) -> impl Iterator<Item = ChildId> {
        self.by_id
            .values()
            .chain(self.by_likeness.values().flatten())
            .copied()
    }
}

/// A chunk of rows on its way into the registry, and what it writes at its end.
struct Chunk {
    source: Source,
    directory: Directory,
    on_file: HashMap<ChildId, ChildFile>,
    /// What ledgers said of the children, the latest first; the chunk adds what it takes in itself.
    earlier: HashMap<ChildId, Vec<RowRead>>,
    /// Rows of children elsewhere that have their work item.
    raised: HashSet<String>,
    /// Cells of the children that wait to be cleared.
    waiting: HashSet<WaitingCell>,
    taken: Taken,
    new: Vec<Prepared>,
    listed_again: Vec<(ChildId, Division, RowTaken)>,
    items: Vec<WorkItem>,
}

impl Chunk {
    /// By resident id where there is one; else by name, birth and county, and while the id is new among those without.
    ///
    /// Two rows of one ledger that agree in name, birth and county may be two children: the second is registered too,
    /// and an officer decides. No child is missed because another has the same name; and none is doubled because a later
    /// ledger does not say which of the two a changed row means.
    fn whom(&self, sought: &Sought) -> Match {
        if let Some(id) = sought.resident_id {
            if let Some(&child) = self.directory.by_id.get(&id) {
                let ever = self
                    .rows_of(child)
                    .iter()
                    .any(|row| row.digest == sought.digest);
                if !ever && !self.bears(child, &sought.facts().name) {
                    return Match::OtherName;
                }
                let repeated = self.has_said(child, sought) || self.is_of_this_ledger(child);
                return if repeated {
                    Match::Repeated(child)
                } else {
                    Match::One(child)
                };
            }
            if self.directory.elsewhere.contains(&id) {
                return Match::Elsewhere;
            }
        }
        let alike = self.alike(sought);
        let mut had_said = alike.iter().filter(|&&child| self.had_said(child, sought));
        if let Some(&child) = had_said
            .clone()
            .find(|&&child| !self.is_of_this_ledger(child))
            .or_else(|| had_said.next())
        {
            return Match::Repeated(child);
        }
        // A child with another resident id is another child, or one of the two ids is wrong.
        let another = |child: &ChildId| {
            sought.resident_id.is_some() && self.directory.identified.contains(child)
        };
        let (others, candidates): (Vec<ChildId>, Vec<ChildId>) =
            alike.iter().partition(|c| another(c));
        let mut free = candidates
            .iter()
            .copied()
            .filter(|&child| !self.is_of_this_ledger(child) && self.agrees(child, sought));
        match (candidates.as_slice(), free.next()) {
            // Of two in one ledger the checker has told already.
            ([], _) if others.iter().all(|&child| self.is_of_this_ledger(child)) => Match::Nobody,
            (_, None) => Match::Another,
            ([_], Some(child)) => Match::One(child),
            (_, Some(child)) => Match::OneOf(child),
        }
    }

    /// The children that a row may mean: by name, birth and county, or by name and village those whose birth was not
    /// known.
    fn alike(&self, sought: &Sought) -> &[ChildId] {
        [Some(sought.likeness), sought.birthless]
            .into_iter()
            .flatten()
            .find_map(|key| self.directory.by_likeness.get(&key))
            .map_or(&[], Vec::as_slice)
    }

    /// Name and village alone make no child: where the birth was not known, the family has to agree.
    fn agrees(&self, child: ChildId, sought: &Sought) -> bool {
        let row = sought.facts();
        match self.on_file.get(&child) {
            Some(file) if file.facts.birth.is_none() && row.birth.is_some() => {
                file.facts.shares_family(row)
            }
            _ => true,
        }
    }

    /// Whether the child goes by this name: on file, or in a ledger before, where an officer corrected it since. The
    /// checker compares the rows of one file itself.
    fn bears(&self, child: ChildId, name: &str) -> bool {
        let on_file = self.on_file.get(&child);
        on_file.is_none_or(|file| file.facts.name == name)
            || self.rows_of(child).iter().any(|row| row.name == name)
    }

    /// Whether the row says of the child what ledgers said of it last: those of this ledger's day or later, and of those
    /// before, those of the last day; offices keep several side by side. What only an older one said is news again.
    fn has_said(&self, child: ChildId, sought: &Sought) -> bool {
        let mut rows = self.rows_that_count(child);
        rows.any(|row| row.digest == sought.digest)
    }

    /// As [`Self::has_said`], before this ledger: two rows of one ledger that agree in everything may be two children.
    fn had_said(&self, child: ChildId, sought: &Sought) -> bool {
        let mut rows = self.rows_that_count(child);
        rows.any(|row| row.digest == sought.digest && row.ledger != self.source.ledger)
    }

    fn rows_that_count(&self, child: ChildId) -> impl Iterator<Item = &RowRead> {
        let (rows, day) = (self.rows_of(child), self.source.as_of);
        let before = rows.iter().map(|row| row.as_of).filter(|of| *of < day);
        let last = before.max();
        rows.iter()
            .filter(move |row| row.as_of >= day || Some(row.as_of) == last)
    }

    /// Whether a ledger of this one's day, or a later one, has this row already.
    fn is_noted(&self, child: ChildId, sought: &Sought) -> bool {
        let mut rows = self.rows_of(child).iter();
        rows.any(|row| row.digest == sought.digest && row.as_of >= self.source.as_of)
    }

    fn is_of_this_ledger(&self, child: ChildId) -> bool {
        self.rows_of(child)
            .iter()
            .any(|row| row.ledger == self.source.ledger)
    }

    fn rows_of(&self, child: ChildId) -> &[RowRead] {
        self.earlier.get(&child).map_or(&[], Vec::as_slice)
    }

    fn note(&mut self, child: ChildId, sought: &Sought) {
        let row = RowRead {
            ledger: self.source.ledger,
            as_of: self.source.as_of,
            digest: sought.digest,
            name: sought.facts().name.clone(),
            facts: None,
        };
        self.earlier.entry(child).or_default().push(row);
    }

    fn register(&mut self, work: &Work, sought: Sought) {
        let child = sought.file.registration.child;
        self.directory
            .add(sought.resident_id, Some(sought.likeness), child);
        self.note(child, &sought);
        self.open_doubts(work, &sought, Some(child));
        self.taken.registered += 1;
        self.new.push(sought.file);
    }

    /// A child on file: the row says something new, or merely lists the child once more.
    async fn update(
        &mut self,
        work: &mut Work,
        child: ChildId,
        mut sought: Sought,
    ) -> Result<(), StoreError> {
        let file = self.on_file.remove(&child).ok_or(StoreError::NotFound)?;
        // A name is put right by an officer alone.
        sought
            .file
            .registration
            .facts
            .name
            .clone_from(&file.facts.name);
        let latest = self.rows_of(child).first();
        let fill_only = latest.is_some_and(|row| row.as_of > self.source.as_of);
        let amendment = amend(
            &file.facts,
            latest.and_then(|row| row.facts.as_ref()),
            sought.facts(),
            fill_only,
        );
        let status = sought.category.map(|category| {
            let decision = place_in(category, &file.statuses, self.source.as_of);
            // An older ledger moves nobody out of a class that a newer one still lists.
            let decision = match decision {
                StatusDecision::Replace(other) if fill_only => StatusDecision::Conflict(other),
                other => other,
            };
            (category, decision)
        });
        if let Some((_, StatusDecision::Conflict(_))) = status {
            self.open_item(work, &sought, Some(child), code::CLASS_CONFLICT, None, None);
        }
        self.open_doubts(work, &sought, Some(child));
        let opens = matches!(
            status,
            Some((_, StatusDecision::Open | StatusDecision::Replace(_)))
        );
        match amendment.is_some() || opens {
            true => self.taken.amended += 1,
            false => self.taken.linked += 1,
        }
        self.note(child, &sought);
        self.directory.add(sought.resident_id, None, child);
        let row = sought.taken();
        work.apply(&Amended {
            file: &file,
            amendment: amendment.as_ref(),
            status,
            on: self.source.as_of,
            row,
        })
        .await
    }

    /// The row was taken in before, or its child stands in this ledger already: then its doubts get their items. It is noted,
    /// so that it is never taken for news, and that an older ledger that comes later does not undo it.
    fn repeat(&mut self, work: &Work, child: ChildId, sought: Sought) {
        self.taken.unchanged += 1;
        if !self.has_said(child, &sought) {
            self.open_doubts(work, &sought, Some(child));
        }
        if !self.is_noted(child, &sought) {
            self.note(child, &sought);
            self.list_again(child, sought);
        }
    }

    /// Which child the row means is an officer's to say: it waits, whole, and changes nobody's file.
    fn leave_to_an_officer(&mut self, work: &Work, child: ChildId, sought: Sought) {
        let raw = sought.text();
        self.open_item(work, &sought, Some(child), code::AMBIGUOUS, None, raw);
        self.open_doubts(work, &sought, Some(child));
        self.taken.linked += 1;
        self.note(child, &sought);
        self.list_again(child, sought);
    }

    fn list_again(&mut self, child: ChildId, sought: Sought) {
        let household = sought.facts().household;
        let row = sought.file.registration.row;
        self.listed_again
            .extend(row.map(|row| (child, household, row)));
    }

    fn leave_to_elsewhere(&mut self, work: &Work, sought: &Sought) {
        self.taken.elsewhere += 1;
        let raw = sought.text();
        if raw.clone().is_none_or(|raw| self.raised.insert(raw)) {
            self.open_item(work, sought, None, code::KNOWN_ELSEWHERE, None, raw);
        }
    }

    fn open_doubts(&mut self, work: &Work, sought: &Sought, child: Option<ChildId>) {
        for doubt in &sought.doubts {
            let (field, raw) = (Some(doubt.field.as_str()), Some(doubt.raw.clone()));
            let cell = child.map(|child| WaitingCell {
                child,
                code: doubt.code.to_owned(),
                field: doubt.field.as_str().to_owned(),
                raw: doubt.raw.clone(),
            });
            // What an officer has yet to clear does not wait twice.
            if cell.is_none_or(|cell| self.waiting.insert(cell)) {
                self.open_item(work, sought, child, doubt.code, field, raw);
            }
        }
    }

    fn open_item(
        &mut self,
        work: &Work,
        sought: &Sought,
        child: Option<ChildId>,
        code: &'static str,
        field: Option<&str>,
        raw: Option<String>,
    ) {
        self.taken.work_items += 1;
        self.items.push(WorkItem {
            id: WorkItemId::generate(work.now(), work.store().entropy()),
            // Where nobody of this officer's is on file, the item stays with the place that sent the ledger.
            division: if child.is_some() {
                sought.facts().household
            } else {
                self.source.place
            },
            child,
            ledger: Some(self.source.ledger),
            row: Some(sought.number),
            code,
            field: field.map(str::to_owned),
            raw,
        });
    }

    async fn write(self, work: &mut Work) -> Result<(Taken, Vec<Prepared>), StoreError> {
        if !self.new.is_empty() {
            work.apply(&RegisteredUnfiled(&self.new)).await?;
        }
        if !self.listed_again.is_empty() {
            work.apply(&ListedAgain(&self.listed_again)).await?;
        }
        if !self.items.is_empty() {
            work.apply(&WorkItemsOpened(&self.items)).await?;
        }
        Ok((self.taken, self.new))
    }
}
