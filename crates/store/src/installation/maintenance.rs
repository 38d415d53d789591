//! The owner at work on an installation, beside the running program or without it.

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::open::OpenError;
use super::record::{is_whole, standing};
use crate::cluster::{Place, Server, Startup};
use crate::error::StoreError;

/// The owner's connection to an installation that stands.
pub struct Maintenance {
    server: Server,
    /// Its one connection.
    pub owner: PgPool,
}

impl Maintenance {
    /// Connects; a program that runs the private cluster is joined, and nothing is founded.
    ///
    /// # Errors
    /// [`crate::cluster::ClusterError::None`] or [`StoreError::NotFounded`] where nothing stands; otherwise when the
    /// server does not start or answer.
    pub async fn open(place: &Place, startup: Startup) -> Result<Self, OpenError> {
        let server = Server::open_or_join(place, startup).await?;
        match Self::over(&server).await {
            Ok(owner) => Ok(Self { server, owner }),
            Err(error) => {
                server.stop().await;
                Err(error)
            }
        }
    }

    async fn over(server: &Server) -> Result<PgPool, OpenError> {
        let owner = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(server.owner_options()?)
            .await?;
        is_whole(&owner).await?;
        match standing(&owner).await? {
            Some(_) => Ok(owner),
            None => Err(StoreError::NotFounded.into()),
        }
    }

    /// Closes the connection, and stops the private cluster if it was not another program's.
    pub async fn close(self) {
        self.owner.close().await;
        self.server.stop().await;
    }
}
