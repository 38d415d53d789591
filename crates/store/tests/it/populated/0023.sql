-- Functions alone, and a grant: no table, no row.
SELECT 1;
