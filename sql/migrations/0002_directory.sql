-- Who is who: establishments, people, their kin, and classes.

CREATE TABLE establishment (
    uai TEXT PRIMARY KEY CHECK (uai GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][A-Z]'),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- Domain of the universal addresses (A-1).
    domain TEXT NOT NULL CHECK (domain GLOB '?*.?*' AND domain = lower(domain)),
    -- Which rules the establishment was given (R-2); kept to know what an edit departs from.
    preset TEXT NOT NULL DEFAULT 'minors-2025' REFERENCES preset_kinship (preset),
    -- M-2: recipients of one message after expansion.
    max_recipients INTEGER NOT NULL DEFAULT 50 CHECK (max_recipients BETWEEN 1 AND 1000),
    -- M-5: bytes a mailbox may hold.
    mailbox_quota INTEGER NOT NULL DEFAULT 47185920 CHECK (mailbox_quota > 0),
    -- M-10: bytes of one attachment, and the file name extensions that are let through (JSON array, lower case).
    attachment_max_bytes INTEGER NOT NULL DEFAULT 10485760 CHECK (attachment_max_bytes > 0),
    attachment_extensions TEXT NOT NULL DEFAULT
        '["pdf","txt","csv","ics","vcf","odt","ods","odp","odg","doc","docx","xls","xlsx","ppt","pptx","rtf","png","jpg","jpeg","gif","webp","svgz","mp3","ogg","wav","mp4","webm","zip","ggb","sb3","py"]'
        CHECK (json_valid(attachment_extensions)),
    -- IANA name; dates are shown in it (schools overseas).
    timezone TEXT NOT NULL DEFAULT 'Europe/Paris',
    -- A-7: how many days people who left are kept before they are purged.
    left_retention_days INTEGER NOT NULL DEFAULT 90 CHECK (left_retention_days BETWEEN 0 AND 3650),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
    -- The rowid that full-text search refers to; never leaves the database.
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    profile TEXT NOT NULL REFERENCES profile (name),
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    -- "last first" folded for search and sort: lower case, no accent, ligatures opened (people::fold).
    folded_name TEXT NOT NULL,
    -- What the person does, shown beside the name: "Professeur de mathématiques", "CPE".
    function TEXT NOT NULL DEFAULT '',
    login TEXT NOT NULL UNIQUE,
    universal_address TEXT NOT NULL UNIQUE CHECK (universal_address GLOB '?*@?*'),
    -- Argon2id in PHC form; null until activation (A-2).
    password_hash TEXT,
    activation_code TEXT,
    activated_at INTEGER,
    -- Part of every session: a new password or "sign out everywhere" moves it on, and older sessions open nothing any more.
    -- Sessions themselves live in key-value.
    session_epoch INTEGER NOT NULL DEFAULT 0,
    -- A-3: a blocked person cannot sign in, and shows nowhere.
    blocked_at INTEGER,
    -- A-7: no longer in the import; kept for the legal delay.
    left_at INTEGER,
    -- A-7: when the personal data of somebody who left was taken out; the row stays, since messages refer to it.
    purged_at INTEGER,
    created_at INTEGER NOT NULL,
    CHECK ((activated_at IS NULL) = (password_hash IS NULL))
) STRICT;
CREATE INDEX person_by_name ON person (uai, folded_name, id);
CREATE INDEX person_by_profile ON person (uai, profile, folded_name);
-- The directory of the whole network, page after page.
CREATE INDEX person_by_folded_name ON person (folded_name, id);
-- Those who count no more as members of their groups.
CREATE INDEX person_away ON person (id) WHERE blocked_at IS NOT NULL OR left_at IS NOT NULL;
CREATE INDEX person_left ON person (uai, left_at) WHERE left_at IS NOT NULL;

-- A-1: every universal address ever given, so that none is given again, even after a change of name or a purge.
CREATE TABLE taken_address (
    address TEXT PRIMARY KEY,
    person_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- D-1: prefix search on names. External content: the text lives in `person` only; triggers keep the index.
CREATE VIRTUAL TABLE person_search USING fts5 (
    folded_name, content = 'person', content_rowid = 'n', prefix = '1 2 3', tokenize = 'unicode61', detail = 'none'
);
-- D-6: the words that names are made of, for those who misspell one. A view of the search index; it stores nothing.
CREATE VIRTUAL TABLE person_word USING fts5vocab('person_search', 'row');

-- A local administrator manages establishments, not people one by one.
CREATE TABLE local_admin (
    person_id TEXT NOT NULL REFERENCES person (id),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    PRIMARY KEY (person_id, uai)
) STRICT, WITHOUT ROWID;

CREATE TABLE kinship (
    relative_id TEXT NOT NULL REFERENCES person (id),
    student_id TEXT NOT NULL REFERENCES person (id),
    -- The relative is a legal representative of the student.
    legal INTEGER NOT NULL DEFAULT 1 CHECK (legal IN (0, 1)),
    PRIMARY KEY (relative_id, student_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kinship_by_student ON kinship (student_id, relative_id);

CREATE TABLE class (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    kind TEXT NOT NULL CHECK (kind IN ('class', 'teaching-group')),
    name TEXT NOT NULL,
    -- "6EME", "2NDE"; empty for a teaching group across levels.
    level TEXT NOT NULL DEFAULT '',
    UNIQUE (uai, kind, name)
) STRICT;
