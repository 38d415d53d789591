//! What is remembered: PostgreSQL through sqlx, the private cluster, sealing.
