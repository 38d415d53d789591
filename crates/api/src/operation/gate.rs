//! How many requests are worked on at once, and what becomes of the others.
//!
//! **Invariant.** A place is held while the program works, never while a caller's body arrives: whoever sends slowly
//! keeps nobody else waiting.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Kind, Problem};

/// How long a request waits for a place before it is told to come back.
const WAIT: Duration = Duration::from_secs(2);

/// How many requests may wait for each place there is.
const WAITING: usize = 16;

/// The places at which requests are worked on.
#[derive(Clone)]
pub(crate) struct Gate {
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

/// A place at work; dropping it lets the next request in.
pub(crate) struct AtWork {
    _place: OwnedSemaphorePermit,
}

impl Gate {
    /// A gate with so many places.
    pub(crate) fn new(places: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            queue: Arc::new(Semaphore::new(places * WAITING)),
        }
    }

    /// Waits for a place.
    ///
    /// # Errors
    /// [`Kind::Overloaded`] when too many wait already, or none came free in time.
    pub(crate) async fn enter(&self) -> Result<AtWork, Problem> {
        let overloaded = || Problem::from(Kind::Overloaded);
        let _in_queue = self.queue.try_acquire().map_err(|_| overloaded())?;
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(WAIT, place)
            .await
            .map_err(|_| overloaded())?;
        Ok(AtWork {
            _place: place.map_err(|_| overloaded())?,
        })
    }

    /// How many places are free.
    pub(crate) fn free(&self) -> usize {
        self.places.available_permits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_finds_no_place_in_time_is_told_to_come_back() {
        let gate = Gate::new(1);
        let at_work = gate.enter().await.unwrap();
        let Err(problem) = gate.enter().await else {
            panic!("a second place");
        };
        assert_eq!(problem.kind(), Kind::Overloaded);
        drop(at_work);
        assert!(gate.enter().await.is_ok());
    }

    #[tokio::test]
    async fn the_queue_is_bounded_too() {
        let gate = Gate::new(1);
        let _at_work = gate.enter().await.unwrap();
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let gate = gate.clone();
                tokio::spawn(async move { gate.enter().await.is_ok() })
            })
            .collect();
        tokio::task::yield_now().await;
        assert!(gate.enter().await.is_err(), "answered at once");
        drop(waiting);
    }
}
