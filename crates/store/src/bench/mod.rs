//! Places to measure in: a private cluster with fresh offices, and the same work without our rules as the raw limit.
//!
//! **Invariant.** A bench works in clusters of its own making, never in a database that `DATABASE_URL` names.

mod dumping;
mod ground;
mod month;
mod payment;
mod requests;
mod statement;
mod weighing;

pub use ground::{Ground, Office};
pub use requests::Aim;
