-- Nothing was joined by then; whoever owns the tables sees what was, and no session does.
DO $$ BEGIN
    ASSERT (SELECT count(*) FROM registry_joined) = 0, 'nobody sees a double';
END $$;
