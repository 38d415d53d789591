-- Views alone: whatever was on file is read as before.
SELECT 1;
