-- The child was confirmed after a file had been joined to its own, and stands confirmed.
DO $$ BEGIN
    ASSERT (SELECT count(*) FROM allowances_confirmed WHERE id = '00000000-0000-7000-8000-000000002501') = 1, 'nobody is confirmed any more';
END $$;
