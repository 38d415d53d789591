//! The database server: a private PostgreSQL that the program starts, watches and stops, or one named by `DATABASE_URL`.
//!
//! The private cluster lives under one data folder ([`Place`]) and is used by one program at a time.
//! It answers on a Unix socket in a folder only its own account may enter, never on TCP, with scram
//! passwords, checksums and fsync. The security settings go on the postmaster's command line at every start,
//! so that nothing written into the data folder can undo them.
//!
//! **Invariant.** A living [`Cluster`] holds the lock of its data folder; whoever holds the lock owns every
//! PostgreSQL process that works in that folder, and may stop what a killed program left behind.

mod access;
mod account;
mod bare;
mod binaries;
mod data_folder;
mod dump;
mod embedded;
mod error;
mod explain;
mod initialise;
mod leaked;
mod lock;
mod orphan;
mod place;
mod postmaster;
mod roles;
mod running;
mod secret;
mod server;
mod settings;
mod socket;
mod supervisor;

pub use access::Access;
pub use account::Account;
pub use bare::bare_start;
pub use binaries::{Binaries, Majors};
pub use error::ClusterError;
pub use leaked::Leaked;
pub use place::Place;
pub use roles::{DATABASE, Role};
pub use running::{Cluster, Startup};
pub use server::{External, Server};
pub use supervisor::Health;
