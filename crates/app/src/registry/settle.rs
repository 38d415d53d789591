//! What a list leaves behind as work items: opens those that are new, clears those that no longer stand.
//!
//! **Invariant.** What waits already is not opened a second time, and what an officer cleared is not opened again by the
//! same words of a list.

use std::collections::HashSet;

use kernel::division::Division;
use kernel::ids::{ChildId, WorkItemId};
use store::error::StoreError;
use store::registry::{Raised, WorkItem, WorkItemCleared, WorkItemsOpened, raised, work_item};
use store::work::Work;

/// Something that a list shows.
#[derive(Debug)]
pub(super) struct Shows {
    pub(super) code: &'static str,
    pub(super) child: Option<ChildId>,
    pub(super) row: Option<u32>,
    pub(super) field: Option<&'static str>,
    /// What the list says, to be sealed.
    pub(super) raw: Option<String>,
}

/// How items of a list are told from one another and what becomes of those that it no longer shows.
pub(super) struct Settling<'a> {
    /// The codes of its items.
    pub(super) codes: &'a [&'static str],
    /// What of its words an item is known by beside its code and its child.
    pub(super) mark: fn(Option<ChildId>, &str) -> Option<String>,
    /// Whether what an officer cleared stays cleared.
    pub(super) remembers: bool,
    /// Whether an item that the list no longer shows goes on waiting.
    pub(super) keeps: &'a (dyn Fn(&Raised) -> bool + Sync),
}

type Key = (String, Option<ChildId>, Option<String>);

/// Opens what is new and clears what no longer stands: how many of each.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn settle(
    work: &mut Work,
    place: Division,
    shown: Vec<Shows>,
    settling: &Settling<'_>,
) -> Result<(u64, u64), StoreError> {
    let before = raised(work, place, settling.codes, settling.remembers).await?;
    let mark = |child, raw: Option<&str>| raw.and_then(|raw| (settling.mark)(child, raw));
    let key_of = |one: &Raised| -> Key {
        (
            one.code.clone(),
            one.child,
            mark(one.child, one.raw.as_deref()),
        )
    };
    let known: HashSet<Key> = before.iter().map(key_of).collect();
    let mut now: HashSet<Key> = HashSet::new();
    let mut new = Vec::new();
    for one in shown {
        let key: Key = (
            one.code.to_owned(),
            one.child,
            mark(one.child, one.raw.as_deref()),
        );
        if !known.contains(&key) {
            new.push(WorkItem {
                id: WorkItemId::generate(work.now(), work.store().entropy()),
                division: place,
                child: one.child,
                ledger: None,
                row: one.row,
                code: one.code,
                field: one.field.map(str::to_owned),
                raw: one.raw,
            });
        }
        now.insert(key);
    }
    work.apply(&WorkItemsOpened(&new)).await?;
    let mut cleared = 0;
    for one in before.iter().filter(|one| one.is_waiting) {
        if now.contains(&key_of(one)) || (settling.keeps)(one) {
            continue;
        }
        let item = work_item(work, one.item).await?;
        work.apply(&WorkItemCleared(&item)).await?;
        cleared += 1;
    }
    Ok((new.len() as u64, cleared))
}
