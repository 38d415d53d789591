-- Lists by name, as an office sorts them: by pinyin, whatever the server's locale. What the order is, the program says
-- (domain::registry::name_order); of who was on file before, it says it when the schema is brought up to date.
ALTER TABLE registry_person ADD COLUMN name_order text COLLATE "C" NOT NULL DEFAULT '';
COMMENT ON COLUMN registry_person.name_order IS 'where the name stands among others, compared byte by byte; empty until the program says it';
CREATE INDEX registry_person_listed_by_name ON registry_person (name_order, id);
