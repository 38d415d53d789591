//! The sealed child.
