-- A stage is filled with what differs from line to line. What all of a batch have in common is the tables' to say: the
-- program may not write it, so nothing has to be compared with it row by row.
CREATE OR REPLACE FUNCTION auth.open_stage(batch uuid, month date, is_sealed boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    unit uuid := auth.paying_unit();
    lines text := auth.stage_name('line', batch);
    levels text := auth.stage_name('level', batch);
BEGIN
    IF unit IS NULL THEN
        RAISE EXCEPTION 'this session prepares no batch' USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('CREATE TABLE month.%I (LIKE public.allowances_line INCLUDING CONSTRAINTS,
        CHECK (pay_month IS NOT NULL AND pay_month = %L)) WITH (autovacuum_enabled = off)', lines, month);
    EXECUTE format('ALTER TABLE month.%I ALTER pay_month SET DEFAULT %L, ALTER batch_id SET DEFAULT %L, ALTER sealed SET DEFAULT %L',
        lines, month, batch, is_sealed);
    EXECUTE format('CREATE TABLE month.%I (LIKE public.allowances_level INCLUDING CONSTRAINTS,
        CHECK (pay_month IS NOT NULL AND pay_month = %L)) WITH (autovacuum_enabled = off)', levels, month);
    EXECUTE format('ALTER TABLE month.%I ALTER pay_month SET DEFAULT %L, ALTER unit_id SET DEFAULT %L, ALTER sealed SET DEFAULT %L',
        levels, month, unit, is_sealed);
    EXECUTE format('GRANT INSERT (number, child_id, payee, for_month, kind, class, place, amount_fen, due_fen, reason) ON month.%I TO hutong_app', lines);
    EXECUTE format('GRANT INSERT (child_id, payee, from_month, level_fen) ON month.%I TO hutong_app', levels);
END $$;

-- Takes off a partition what its parent does not ask for, and lets autovacuum have it.
CREATE OR REPLACE FUNCTION auth.open_partition(partition text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    own text;
BEGIN
    FOR own IN SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(format('month.%I', partition)) AND contype = 'c' AND coninhcount = 0 LOOP
        EXECUTE format('ALTER TABLE month.%I DROP CONSTRAINT %I', partition, own);
    END LOOP;
    FOR own IN SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(format('month.%I', partition)) AND atthasdef LOOP
        EXECUTE format('ALTER TABLE month.%I ALTER %I DROP DEFAULT', partition, own);
    END LOOP;
    EXECUTE format('ALTER TABLE month.%I RESET (autovacuum_enabled)', partition);
END $$;

-- Lines come in the order of both keys: sorting them is a look at each, which helpers only divide and join again.
ALTER FUNCTION auth.key_stage(uuid, boolean) SET max_parallel_maintenance_workers = 0;
