-- Functions alone: no table, no row.
SELECT 1;
