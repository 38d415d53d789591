-- The registry: one child, one file.
--
-- Reach: a person is visible to a unit whose reach contains the household (户籍) or residence division, where the child
-- has an open placement, or by a dated grant. A sealed child is visible to its named officers alone.
-- Names stay readable; resident ids, phones, accounts, street addresses and remarks are sealed, the first two
-- found again by blind index.

CREATE TABLE registry_person (
    id                 uuid PRIMARY KEY,
    name               text NOT NULL CHECK (name <> ''),
    sex                text CHECK (sex IN ('male', 'female')),
    birth              date,
    resident_id        sealed,
    resident_id_index  blind,
    household_division bigint NOT NULL,
    residence_division bigint,
    sealed             boolean NOT NULL DEFAULT false,
    CHECK ((resident_id IS NULL) = (resident_id_index IS NULL))
);
COMMENT ON COLUMN registry_person.sealed IS 'known to its named officers alone: it has had a sealed status, and no other open one brings it into view';
CREATE UNIQUE INDEX registry_person_resident_id ON registry_person (resident_id_index);
CREATE INDEX registry_person_household ON registry_person (household_division);
CREATE INDEX registry_person_residence ON registry_person (residence_division) WHERE residence_division IS NOT NULL;

CREATE SEQUENCE registry_file_number;
GRANT USAGE ON SEQUENCE registry_file_number TO hutong_app;

CREATE TABLE registry_child (
    id               uuid PRIMARY KEY REFERENCES registry_person,
    file_number      text NOT NULL UNIQUE,
    national_number  text,
    likeness         blind NOT NULL,
    ethnicity        text,
    address          sealed,
    school           text,
    school_stage     text,
    boarding         boolean,
    health           text,
    disability_kind  text,
    disability_level text,
    illness          text,
    bank_name        text,
    bank_account     sealed,
    note             sealed,
    opened_on        date NOT NULL,
    version          integer NOT NULL DEFAULT 1
);
COMMENT ON COLUMN registry_child.national_number IS 'the number the national child-welfare system gave the child, where known';
COMMENT ON COLUMN registry_child.likeness IS 'finds a child again where a row brings no sound resident id: keyed digest of name, birth and county';
-- Not unique: a number that an office typed twice must keep no child out.
CREATE INDEX registry_child_national_number ON registry_child (national_number) WHERE national_number IS NOT NULL;
CREATE INDEX registry_child_likeness ON registry_child (likeness);

-- Search keys of a name: its characters, pinyin and initials from each place where a reader would begin.
-- Derived data without a foreign key (it would cost a look-up per key); a test compares it with the names.
CREATE TABLE registry_name_key (
    key                text COLLATE "C" NOT NULL,
    person_id          uuid NOT NULL,
    household_division bigint NOT NULL,
    residence_division bigint,
    sealed             boolean NOT NULL DEFAULT false,
    -- The whole row, so that a search never leaves the index.
    PRIMARY KEY (key, person_id) INCLUDE (household_division, residence_division, sealed)
);

CREATE TABLE registry_guardian (
    id                uuid PRIMARY KEY,
    child_id          uuid NOT NULL REFERENCES registry_child,
    name              text CHECK (name <> ''),
    relation          text,
    resident_id       sealed,
    resident_id_index blind,
    phone             sealed,
    phone_index       blind,
    from_day          date NOT NULL,
    to_day            date,
    CHECK (to_day IS NULL OR to_day >= from_day)
);
CREATE INDEX registry_guardian_child ON registry_guardian (child_id);

CREATE TABLE registry_relative (
    id                uuid PRIMARY KEY,
    child_id          uuid NOT NULL REFERENCES registry_child,
    relation          text NOT NULL CHECK (relation IN ('father', 'mother', 'paternal_grandfather', 'paternal_grandmother', 'maternal_grandfather', 'maternal_grandmother')),
    name              text,
    resident_id       sealed,
    resident_id_index blind,
    phone             sealed,
    phone_index       blind,
    works_at          text,
    UNIQUE (child_id, relation)
);

-- Who was what on day D. Left-behind is a care status, so a child can have it beside a cash class. A sealed class has a
-- group of its own: a clash with it would tell an officer who does not know of it. That a child is paid under one cash
-- class is the named officer's to settle.
CREATE TABLE registry_span (
    id          uuid PRIMARY KEY,
    child_id    uuid NOT NULL REFERENCES registry_child,
    category    text NOT NULL CHECK (category IN ('institution_orphan', 'scattered_orphan', 'aids_affected', 'de_facto_unattended', 'key_hardship', 'left_behind', 'migrant')),
    sealed      boolean NOT NULL GENERATED ALWAYS AS (category = 'aids_affected') STORED,
    from_day    date NOT NULL,
    to_day      date,
    decision_id uuid,
    ledger_id   uuid,
    CHECK (to_day IS NULL OR to_day >= from_day),
    -- Child and group as one eight-byte hash: the index is several times quicker to extend than by both in full. Equal
    -- children and groups have equal hashes, so no overlap passes; two children with one hash would at worst be refused.
    CONSTRAINT registry_span_no_overlap EXCLUDE USING gist (
        uuid_hash_extended(child_id, CASE WHEN category IN ('left_behind', 'migrant') THEN 1 WHEN category = 'aids_affected' THEN 2 ELSE 0 END) WITH =,
        daterange(from_day, to_day, '[)') WITH &&)
);
COMMENT ON COLUMN registry_span.to_day IS 'the first day on which the status no longer holds';
CREATE INDEX registry_span_child ON registry_span (child_id);
CREATE INDEX registry_span_sealed ON registry_span (child_id) WHERE sealed;

-- Keeps a person's seal in step with the statuses, of which a single officer may not see all.
CREATE FUNCTION auth.settle_seals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM changed c JOIN registry_span x ON x.child_id = c.child_id AND x.sealed) THEN
        RETURN NULL;
    END IF;
    WITH settled AS (
        SELECT s.child_id, NOT coalesce(bool_or(NOT s.sealed) FILTER (WHERE s.to_day IS NULL), false) AS sealed
        FROM registry_span s
        WHERE s.child_id IN (SELECT c.child_id FROM changed c)
          AND s.child_id IN (SELECT x.child_id FROM registry_span x WHERE x.sealed)
        GROUP BY s.child_id
    ), person AS (
        UPDATE registry_person p SET sealed = s.sealed FROM settled s WHERE p.id = s.child_id AND p.sealed <> s.sealed
    )
    UPDATE registry_name_key k SET sealed = s.sealed FROM settled s WHERE k.person_id = s.child_id AND k.sealed <> s.sealed;
    RETURN NULL;
END $$;
CREATE TRIGGER settle_seals_of_new AFTER INSERT ON registry_span
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION auth.settle_seals();
CREATE TRIGGER settle_seals_of_changed AFTER UPDATE ON registry_span
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION auth.settle_seals();

CREATE TABLE registry_placement (
    id       uuid PRIMARY KEY,
    child_id uuid NOT NULL REFERENCES registry_child,
    unit_id  uuid NOT NULL REFERENCES organisation_unit,
    from_day date NOT NULL,
    to_day   date,
    CHECK (to_day IS NULL OR to_day >= from_day)
);
CREATE INDEX registry_placement_child ON registry_placement (child_id);
CREATE INDEX registry_placement_unit ON registry_placement (unit_id);

CREATE TABLE registry_grant (
    id        uuid PRIMARY KEY,
    child_id  uuid NOT NULL REFERENCES registry_child,
    unit_id   uuid NOT NULL REFERENCES organisation_unit,
    purpose   text NOT NULL CHECK (purpose <> ''),
    until_day date NOT NULL
);
CREATE INDEX registry_grant_child ON registry_grant (child_id);
CREATE INDEX registry_grant_unit ON registry_grant (unit_id);

-- The officers a sealed child is known to. No foreign key: the first name is entered just before the child itself.
CREATE TABLE registry_named_officer (
    child_id   uuid NOT NULL,
    officer_id uuid NOT NULL REFERENCES organisation_officer,
    PRIMARY KEY (child_id, officer_id)
);

CREATE TABLE registry_document (
    id         uuid PRIMARY KEY,
    child_id   uuid NOT NULL REFERENCES registry_child,
    kind       text NOT NULL,
    title      text NOT NULL,
    media_type text NOT NULL,
    content    sealed NOT NULL,
    added_at   timestamptz NOT NULL
);
CREATE INDEX registry_document_child ON registry_document (child_id);

-- An imported ledger, its file sealed, and what each of its rows became.
CREATE TABLE registry_ledger (
    id          uuid PRIMARY KEY,
    place       bigint NOT NULL REFERENCES organisation_division,
    as_of       date NOT NULL,
    file_name   text NOT NULL,
    digest      blind NOT NULL,
    content     sealed NOT NULL,
    imported_at timestamptz NOT NULL,
    imported_by uuid NOT NULL REFERENCES organisation_officer,
    sealed      boolean NOT NULL DEFAULT false,
    rows        integer NOT NULL,
    left_out    integer NOT NULL
);
COMMENT ON COLUMN registry_ledger.sealed IS 'a row of it states a sealed status: whoever imported it alone reads it again';
CREATE INDEX registry_ledger_digest ON registry_ledger (digest);

CREATE TABLE registry_ledger_row (
    id         uuid PRIMARY KEY,
    ledger_id  uuid NOT NULL,
    row_number integer NOT NULL,
    child_id   uuid NOT NULL REFERENCES registry_child,
    as_of      date NOT NULL,
    digest     blind NOT NULL,
    content    sealed NOT NULL,
    sealed     boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN registry_ledger_row.sealed IS 'it states a sealed status';
COMMENT ON COLUMN registry_ledger_row.digest IS 'keyed digest of the normalised row: the same row is never taken in twice';
CREATE INDEX registry_ledger_row_child ON registry_ledger_row (child_id);

-- Something an officer has to clear: a doubtful field, a likely double, a conflict of classes.
CREATE TABLE registry_work_item (
    id         uuid PRIMARY KEY,
    division   bigint NOT NULL,
    child_id   uuid REFERENCES registry_child,
    ledger_id  uuid,
    row_number integer,
    code       text NOT NULL,
    field      text,
    raw        sealed,
    opened_at  timestamptz NOT NULL,
    cleared_at timestamptz,
    cleared_by uuid REFERENCES organisation_officer,
    CHECK ((cleared_at IS NULL) = (cleared_by IS NULL))
);
CREATE INDEX registry_work_item_open ON registry_work_item (division, opened_at) WHERE cleared_at IS NULL;
CREATE INDEX registry_work_item_child ON registry_work_item (child_id);

-- Sealed children this session's officer is named for.
CREATE FUNCTION auth.named() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT n.child_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role AND r.sees_sealed
    JOIN registry_named_officer n ON n.officer_id = w.officer_id;
END $$;

-- Children the session's unit sees whatever their divisions: an open placement, or a grant that has not ended.
CREATE FUNCTION auth.granted() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT x.child_id FROM auth.whoami() w JOIN auth.role r ON r.code = w.role AND r.sees_children, LATERAL (
        SELECT p.child_id FROM registry_placement p
        WHERE p.unit_id = w.unit_id AND p.from_day <= auth.today() AND (p.to_day IS NULL OR p.to_day > auth.today())
        UNION
        SELECT g.child_id FROM registry_grant g WHERE g.unit_id = w.unit_id AND g.until_day >= auth.today()
    ) x
    JOIN registry_person c ON c.id = x.child_id
    WHERE NOT c.sealed OR c.id = ANY (ARRAY(SELECT auth.named()));
END $$;

CREATE FUNCTION auth.is_registered(child uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ SELECT EXISTS (SELECT 1 FROM registry_person WHERE id = child) $$;

-- Whether somebody answers for a child as its named officer already.
CREATE FUNCTION auth.is_confided(child uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$ SELECT EXISTS (SELECT 1 FROM registry_named_officer WHERE child_id = child) $$;

-- Whether this subject of a journal entry is a sealed child that the session does not know, or is about one.
CREATE FUNCTION auth.is_hidden(subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN (
    SELECT EXISTS (
        SELECT 1 FROM registry_person p
        WHERE p.id = ANY (ARRAY[subject, (SELECT w.child_id FROM registry_work_item w WHERE w.id = subject)])
          AND p.sealed AND p.id <> ALL (ARRAY(SELECT auth.named()))));
END $$;

-- Which of these resident ids belong to children beyond the session's sight: existence alone, to avoid a doubled child.
-- A residence that is not known is no residence within reach, hence IS NOT TRUE.
CREATE FUNCTION auth.known_elsewhere(indexes bytea[]) RETURNS SETOF bytea
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT p.resident_id_index::bytea FROM registry_person p
    WHERE p.resident_id_index = ANY (indexes) AND (SELECT auth.officer()) IS NOT NULL
      AND ((p.household_division <@ (SELECT auth.reach()) OR p.residence_division <@ (SELECT auth.reach())
            OR p.id = ANY (ARRAY(SELECT auth.granted())))
           AND (NOT p.sealed OR p.id = ANY (ARRAY(SELECT auth.named())))) IS NOT TRUE;
END $$;
-- The planner's picture of the registry, which autovacuum would draw only minutes after a large ledger.
CREATE FUNCTION auth.refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    ANALYZE registry_person, registry_child, registry_name_key, registry_guardian, registry_relative, registry_span,
        registry_placement, registry_ledger_row, registry_work_item;
END $$;
GRANT EXECUTE ON FUNCTION auth.refresh_statistics(), auth.granted(), auth.named(), auth.is_registered(uuid), auth.is_confided(uuid), auth.is_hidden(uuid),
    auth.known_elsewhere(bytea[]) TO hutong_app;

ALTER TABLE registry_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON registry_person USING (
    (household_division <@ (SELECT auth.reach()) OR residence_division <@ (SELECT auth.reach()) OR id = ANY (ARRAY(SELECT auth.granted())))
    AND (NOT sealed OR id = ANY (ARRAY(SELECT auth.named()))));
GRANT SELECT, INSERT, UPDATE ON registry_person TO hutong_app;

ALTER TABLE registry_name_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON registry_name_key USING (
    (household_division <@ (SELECT auth.reach()) OR residence_division <@ (SELECT auth.reach()) OR person_id = ANY (ARRAY(SELECT auth.granted())))
    AND (NOT sealed OR person_id = ANY (ARRAY(SELECT auth.named()))));
GRANT SELECT, INSERT, DELETE ON registry_name_key TO hutong_app;

-- Everything below a person follows the person: what the policy of registry_person hides, hides its rows too.
ALTER TABLE registry_child ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_child USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = registry_child.id));
GRANT SELECT, INSERT, UPDATE ON registry_child TO hutong_app;

ALTER TABLE registry_guardian ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_guardian USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id));
GRANT SELECT, INSERT, UPDATE ON registry_guardian TO hutong_app;

ALTER TABLE registry_relative ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_relative USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON registry_relative TO hutong_app;

ALTER TABLE registry_span ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_span USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))));
GRANT SELECT, INSERT, UPDATE (to_day, decision_id) ON registry_span TO hutong_app;

-- A unit that holds a grant cannot make its look last by placing the child with itself.
ALTER TABLE registry_placement ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_placement USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id));
CREATE POLICY place ON registry_placement AS RESTRICTIVE FOR INSERT WITH CHECK (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id
    AND (p.household_division <@ (SELECT auth.reach()) OR p.residence_division <@ (SELECT auth.reach()))));
GRANT SELECT, INSERT, UPDATE (to_day) ON registry_placement TO hutong_app;

-- A grant is given by whoever has the child in reach; the unit that holds it cannot lengthen it.
ALTER TABLE registry_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_grant USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id))
    WITH CHECK (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id
        AND (p.household_division <@ (SELECT auth.reach()) OR p.residence_division <@ (SELECT auth.reach()))));
GRANT SELECT, INSERT, UPDATE ON registry_grant TO hutong_app;

ALTER TABLE registry_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_document USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id));
GRANT SELECT, INSERT ON registry_document TO hutong_app;

ALTER TABLE registry_ledger_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_ledger_row USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named()))));
GRANT SELECT, INSERT ON registry_ledger_row TO hutong_app;

-- An officer names only himself: for a child that is not registered yet, or that he sees and nobody is named for.
ALTER TABLE registry_named_officer ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON registry_named_officer FOR SELECT USING (officer_id = (SELECT auth.officer()));
CREATE POLICY add ON registry_named_officer FOR INSERT
    WITH CHECK (officer_id = (SELECT auth.officer()) AND (SELECT auth.sees_sealed()) AND (NOT auth.is_registered(child_id)
        OR EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND NOT auth.is_confided(child_id)));
GRANT SELECT, INSERT ON registry_named_officer TO hutong_app;

ALTER TABLE registry_ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON registry_ledger USING (place <@ (SELECT auth.reach()) AND (NOT sealed OR imported_by = (SELECT auth.officer())));
GRANT SELECT, INSERT ON registry_ledger TO hutong_app;

ALTER TABLE registry_work_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON registry_work_item USING (
    CASE WHEN child_id IS NULL THEN division <@ (SELECT auth.reach())
         ELSE EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) END);
GRANT SELECT, INSERT, UPDATE ON registry_work_item TO hutong_app;

-- A child that is sealed today takes its earlier entries out of sight too.
CREATE POLICY read ON journal_entry FOR SELECT USING (
    (officer_id = (SELECT auth.officer()) OR division <@ (SELECT auth.journal_reach()))
    AND (refused OR (NOT sealed OR subject_id = ANY (ARRAY(SELECT auth.named()))) AND NOT auth.is_hidden(subject_id)));
