-- The policy names the units of a case.
DO $$ BEGIN
    ASSERT (SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = 'applications_application'::regclass AND polname = 'reach')
        LIKE '%verifying_unit%', 'a case is out of sight of whoever deals with it';
END $$;
