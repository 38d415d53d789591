//! Who sees what: every table, view and function, asked bare by the program's role.

mod catalogue;
mod census;
mod counts;
mod functions;
mod payment;
mod powers;
mod public;
mod scene;
mod sealed;
mod standards;
