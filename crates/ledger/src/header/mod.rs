//! Finds the header of a ledger: which row, which columns, which group each belongs to.

mod find;
mod footer;
mod layout;
mod synonyms;

pub use find::{find, find_with};
pub use footer::RowKind;
pub use layout::{Column, Field, Group, Layout, Required};
pub use synonyms::{ListState, Synonyms};
