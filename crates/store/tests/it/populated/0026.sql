-- Reasons as they were written before codes were told in words are changed by the migration itself; it makes no table.
SELECT 1;
