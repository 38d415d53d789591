//! A private cluster for tests, one database per test from a template, personas, builders, a fixed clock.
