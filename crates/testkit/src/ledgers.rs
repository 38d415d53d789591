//! Ledgers as offices keep them, made for tests and benches.
