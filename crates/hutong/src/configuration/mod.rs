//! The configuration: one TOML file, overridden by the environment, overridden by the command line.
//!
//! **Invariant.** No secret stands in the file: the database's address with its password comes from the environment
//! alone, keys and certificates are named by their files. A setting nobody knows is a finding, never ignored.

mod finding;
mod kind;
mod layers;
mod safety;
mod settings;
mod typed;

pub(crate) use finding::Findings;
pub(crate) use layers::{Layers, Source, Sources};
pub(crate) use safety::{masked, unprintable, unsafe_settings};
pub(crate) use settings::template;
pub(crate) use typed::{Configuration, LogFormat, Public};
