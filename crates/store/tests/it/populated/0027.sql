-- The attempt that was paid before is a run of one now.
DO $$ BEGIN
    ASSERT (SELECT count(*) FROM allowances_attempt WHERE paid_in = '00000000-0000-7000-8000-000000002105') = 1, 'who was paid is not paid any more';
    ASSERT (SELECT count(*) FROM allowances_paid) = 1, 'one run';
END $$;
