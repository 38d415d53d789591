//! What is remembered: PostgreSQL through sqlx, the private cluster, sealing.
//!
//! All SQL of the product lies here. [`work::Work`] is the only way to a business row, and row-level security asks the
//! session's token, not the program, what may be seen.

pub mod accounts;
pub mod allowances;
mod answered;
pub mod applications;
pub mod backup;
pub mod bench;
mod caller;
pub mod cluster;
pub mod demo;
pub mod entropy;
pub mod error;
pub mod exchange;
pub mod installation;
pub mod journal;
pub mod keys;
pub mod organisation;
mod refusal;
pub mod registry;
mod rehearsal;
pub mod schema;
pub mod seal;
pub mod session;
pub mod work;

pub use answered::Answered;
pub use caller::SignedIn;
