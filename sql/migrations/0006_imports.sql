-- From the files of an academy or a school to people, classes and groups (A-7, DOMAIN §2), and out of them again.

-- What the sources know of people beside what the directory shows: for publipostage, and to know somebody again. Empty: not
-- known. Nothing here is an address that messages go to (F-1).
CREATE TABLE person_detail (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    title TEXT NOT NULL DEFAULT '',
    birth_name TEXT NOT NULL DEFAULT '',
    -- YYYY-MM-DD
    birth_date TEXT NOT NULL DEFAULT '',
    ine TEXT NOT NULL DEFAULT '',
    level TEXT NOT NULL DEFAULT '',
    mail TEXT NOT NULL DEFAULT '',
    mobile TEXT NOT NULL DEFAULT '',
    home_phone TEXT NOT NULL DEFAULT '',
    work_phone TEXT NOT NULL DEFAULT '',
    -- Lines of the postal address, joined by line feeds.
    street TEXT NOT NULL DEFAULT '',
    postcode TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX person_detail_by_ine ON person_detail (ine) WHERE ine <> '';

-- What an entry of a source tells of.
CREATE TABLE source_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO source_kind (name) VALUES
    ('establishment'), ('subject'), ('level'), ('student'), ('relative'), ('adult');

-- The mirror: what each source says now, entry by entry (`feed::Record` as JSON, empty fields left out). A full file puts,
-- a delta patches: so a full import is the previous one and its delta, and what is equal is left alone.
CREATE TABLE source_record (
    n INTEGER PRIMARY KEY,
    -- 'aaf', 'aaf:<prefix of the files>', 'school:<UAI>' (ONDE, CSV): ids mean something within it only.
    source TEXT NOT NULL,
    kind TEXT NOT NULL REFERENCES source_kind (name),
    id TEXT NOT NULL,
    record TEXT NOT NULL,
    -- The source has it no more; kept to know it again, until its person is purged.
    gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    -- The directory does not follow it yet. The last thing each step of an import does is to put this out.
    dirty INTEGER NOT NULL DEFAULT 1 CHECK (dirty IN (0, 1)),
    -- The person it tells of: given before she is written, so that writing twice makes one person. No foreign key for that.
    person_id TEXT,
    -- The only establishments where that person may be found among those who are there already, and have children, as a JSON
    -- array: those of the limited imports that told of her. Null: all.
    limits TEXT,
    UNIQUE (source, kind, id)
) STRICT;
CREATE INDEX source_record_dirty ON source_record (kind, source, id) WHERE dirty = 1;
CREATE INDEX source_record_by_person ON source_record (person_id) WHERE person_id IS NOT NULL;

-- Ties of kin as the sources tell them: by a student, to the id of a relative; or by a relative, to a child's id or name.
CREATE TABLE source_tie (
    n INTEGER NOT NULL REFERENCES source_record (n) ON DELETE CASCADE,
    source TEXT NOT NULL,
    -- 'id:' and a relative's id, 'student:' and a student's, or 'name:' and a folded name.
    target TEXT NOT NULL,
    -- The child's class, where there may be homonyms.
    class TEXT NOT NULL DEFAULT '',
    legal INTEGER NOT NULL CHECK (legal IN (0, 1)),
    PRIMARY KEY (n, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_tie_by_target ON source_tie (source, target);

-- Classes that came from a source: those that nobody is in any more are taken away. Noted before the class is made, hence no
-- foreign key.
CREATE TABLE source_class (class_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- How far an import is.
CREATE TABLE import_state (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO import_state (name) VALUES ('reading'), ('ready'), ('applying'), ('applied'), ('cancelled');

CREATE TABLE directory_import (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
    source TEXT NOT NULL,
    -- 'full': what is not in it has left.
    mode TEXT NOT NULL CHECK (mode IN ('full', 'delta')),
    state TEXT NOT NULL REFERENCES import_state (name),
    -- The only establishments it may touch, as a JSON array; null: all (command line).
    limits TEXT,
    -- Who asked for it; null: the command line.
    person_id TEXT REFERENCES person (id),
    -- Domain of the addresses in establishments that are new (A-1); null: none may be.
    domain TEXT,
    -- {"name", "read"}: how many entries, null while it is being read.
    files TEXT NOT NULL DEFAULT '[]',
    -- JSON, made when it becomes ready: what it would do.
    counts TEXT NOT NULL DEFAULT '[]',
    -- How many imports of the source had been applied when this one became ready: the preview is true as long as it is so.
    seen INTEGER,
    -- How many entries of the mirror the directory had to follow.
    dirtied INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX directory_import_by_person ON directory_import (person_id, n);
CREATE INDEX directory_import_by_state ON directory_import (source, state, n);

-- The entries of an import that is not applied yet.
CREATE TABLE import_entry (
    import_n INTEGER NOT NULL REFERENCES directory_import (n) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('put', 'patch', 'delete')),
    -- The establishment it names first, by its id in the source.
    structure TEXT NOT NULL DEFAULT '',
    -- What the mirror would hold; empty for a 'delete'.
    record TEXT NOT NULL,
    -- What the file said, where `record` was made of it and of what the mirror holds.
    said TEXT,
    UNIQUE (import_n, kind, id)
) STRICT;

-- What was left out, and remarks on what was not.
CREATE TABLE import_reject (
    import_n INTEGER NOT NULL REFERENCES directory_import (n) ON DELETE CASCADE,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    -- Which entry of the file it was, where that was known: several may stand on one line.
    position INTEGER NOT NULL DEFAULT 0,
    code TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT '',
    id TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL,
    -- A remark: the entry itself is taken.
    remark INTEGER NOT NULL DEFAULT 0 CHECK (remark IN (0, 1)),
    PRIMARY KEY (import_n, file, line, position, code, kind, id)
) STRICT, WITHOUT ROWID;
-- Whoever stands in a file has not left, even where her entry cannot be used.
CREATE INDEX import_reject_by_id ON import_reject (import_n, id);
