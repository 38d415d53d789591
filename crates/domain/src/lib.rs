//! What may happen: one module per subsystem. No I/O.
