-- No foreign key says it any more, and yet: a status of no child on file is refused.
DO $$ BEGIN
    INSERT INTO registry_span (id, child_id, category, from_day)
    VALUES ('00000000-0000-7000-8000-0000000032ff', '00000000-0000-7000-8000-0000000032fe', 'key_hardship', '2021-01-01');
    RAISE EXCEPTION 'a status of nobody was entered';
EXCEPTION WHEN foreign_key_violation THEN NULL;
END $$;
