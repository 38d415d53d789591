//! The rulebook: dated parameters with their citations. No I/O.
