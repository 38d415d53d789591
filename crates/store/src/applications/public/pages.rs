//! The store as the public pages see it.

use std::sync::Arc;

use kernel::clock::{Clock, Entropy};
use sqlx::PgPool;

use crate::seal::Sealer;
use crate::work::Store;

/// Connections of the public pages' role, with what seals and digests.
#[derive(Clone)]
pub struct PublicStore {
    pool: PgPool,
    sealer: Arc<Sealer>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl PublicStore {
    /// Beside the office's store, over connections of the public pages' own role.
    #[must_use]
    pub fn beside(store: &Store, pool: PgPool) -> Self {
        Self {
            pool,
            sealer: store.shared_sealer(),
            clock: store.shared_clock(),
            entropy: store.shared_entropy(),
        }
    }

    /// The installation's clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The source of chance.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// Closes its connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(super) fn sealer(&self) -> &Sealer {
        &self.sealer
    }
}
