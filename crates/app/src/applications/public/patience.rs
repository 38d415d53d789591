//! How often a code may be tried, and how much an address may do.
//!
//! **Invariant.** Address and code are asked in this order and by the same statements, whether the code exists or not.

use jiff::Timestamp;
use store::accounts::TicketCode;
use store::applications::public::{Counter, PublicStore, Tried, count, forget, try_once};

use super::error::PublicError;

/// The length of a stretch in which visits are counted, in seconds.
const STRETCH: i64 = 3600;

/// What an address does, and how often in an hour it may: a village committee, or a whole network, stands behind some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visit {
    /// Begins a case.
    Begins,
    /// Saves, or sends a photograph.
    Saves,
    /// Submits.
    Submits,
}

impl Visit {
    const fn kind(self) -> &'static str {
        match self {
            Self::Begins => "begins",
            Self::Saves => "saves",
            Self::Submits => "submits",
        }
    }

    const fn most(self) -> u32 {
        match self {
            Self::Begins => 30,
            Self::Saves => 600,
            Self::Submits => 30,
        }
    }
}

/// Counts a visit.
pub(super) async fn visit(
    store: &PublicStore,
    address: &str,
    visit: Visit,
) -> Result<(), PublicError> {
    let stretch = store.clock().now().as_second() / STRETCH;
    let counter = Counter::of_visits(store, address, visit.kind(), stretch);
    if count(store, &counter).await? <= visit.most() {
        return Ok(());
    }
    let next = Timestamp::from_second((stretch + 1) * STRETCH);
    Err(PublicError::Wait(next.unwrap_or(Timestamp::MAX)))
}

/// A try of a code, counted as failed until it is known better.
#[must_use]
pub(super) struct Try {
    counters: [Counter; 2],
}

impl Try {
    /// Counts it for the address and for the code.
    pub(super) async fn begin(
        store: &PublicStore,
        code: &TicketCode,
        address: &str,
    ) -> Result<Self, PublicError> {
        let counters = [
            Counter::of_address(store, address),
            Counter::of_code(store, code),
        ];
        for counter in &counters {
            if let Tried::Not(until) = try_once(store, counter).await? {
                return Err(PublicError::Wait(until));
            }
        }
        Ok(Self { counters })
    }

    /// What was found is answered, and forgotten as a failure; nothing found stays one.
    pub(super) async fn found<T>(
        self,
        store: &PublicStore,
        found: Option<T>,
    ) -> Result<T, PublicError> {
        let found = found.ok_or(PublicError::NoSuchCase)?;
        for counter in &self.counters {
            forget(store, counter).await?;
        }
        Ok(found)
    }
}
