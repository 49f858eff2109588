-- Who is who: establishments, people, their kin, classes and groups, and the rules between groups.
-- All instants are UTC milliseconds; all ids are ULIDs in text.

CREATE TABLE establishment (
    uai TEXT PRIMARY KEY CHECK (uai GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][A-Z]'),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- Domain of the universal addresses (A-1).
    domain TEXT NOT NULL CHECK (domain GLOB '?*.?*' AND domain = lower(domain)),
    -- Which rules the establishment was given (R-2); kept to know what an edit departs from.
    preset TEXT NOT NULL DEFAULT 'minors-2025' CHECK (preset IN ('midi-pyrenees-2009', 'edifice', 'minors-2025')),
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
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
    -- The rowid that full-text search refers to; never leaves the database.
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    profile TEXT NOT NULL CHECK (profile IN ('student', 'relative', 'teacher', 'staff', 'guest')),
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
    -- A-3: a blocked person cannot sign in, and shows nowhere.
    blocked_at INTEGER,
    -- A-7: no longer in the import; kept for the legal delay.
    left_at INTEGER,
    created_at INTEGER NOT NULL,
    CHECK ((activated_at IS NULL) = (password_hash IS NULL))
) STRICT;
CREATE INDEX person_by_name ON person (uai, folded_name, id);
CREATE INDEX person_by_profile ON person (uai, profile, folded_name);
-- The directory of the whole network, page after page.
CREATE INDEX person_by_folded_name ON person (folded_name, id);
-- Those who count no more as members of their groups.
CREATE INDEX person_away ON person (id) WHERE blocked_at IS NOT NULL OR left_at IS NOT NULL;

-- A-1: every universal address ever given, so that none is given again, even after a change of name or a purge.
CREATE TABLE taken_address (
    address TEXT PRIMARY KEY,
    person_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER person_address_given AFTER INSERT ON person BEGIN
    INSERT INTO taken_address (address, person_id) VALUES (new.universal_address, new.id);
END;
-- She may have back an address that was hers.
CREATE TRIGGER person_address_changed AFTER UPDATE OF universal_address ON person
WHEN new.universal_address <> old.universal_address
    AND NOT EXISTS (SELECT 1 FROM taken_address t WHERE t.address = new.universal_address AND t.person_id = new.id) BEGIN
    INSERT INTO taken_address (address, person_id) VALUES (new.universal_address, new.id);
END;

-- D-1: prefix search on names. External content: the text lives in `person` only.
CREATE VIRTUAL TABLE person_search USING fts5 (
    folded_name, content = 'person', content_rowid = 'n', prefix = '1 2 3', tokenize = 'unicode61', detail = 'none'
);
CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN
    INSERT INTO person_search (rowid, folded_name) VALUES (new.n, new.folded_name);
END;
CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN
    INSERT INTO person_search (person_search, rowid, folded_name) VALUES ('delete', old.n, old.folded_name);
END;
CREATE TRIGGER person_search_update AFTER UPDATE OF folded_name ON person BEGIN
    INSERT INTO person_search (person_search, rowid, folded_name) VALUES ('delete', old.n, old.folded_name);
    INSERT INTO person_search (rowid, folded_name) VALUES (new.n, new.folded_name);
END;

-- A-5: roles by profile in each establishment, and what departs from them for one person.
CREATE TABLE profile_role (
    uai TEXT NOT NULL REFERENCES establishment (uai),
    profile TEXT NOT NULL CHECK (profile IN ('student', 'relative', 'teacher', 'staff', 'guest')),
    role TEXT NOT NULL CHECK (role IN ('send', 'send-extended', 'mailbox', 'user', 'advanced-user', 'directory-manager')),
    PRIMARY KEY (uai, profile, role)
) STRICT, WITHOUT ROWID;
CREATE TABLE role_override (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('send', 'send-extended', 'mailbox', 'user', 'advanced-user', 'directory-manager')),
    granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
    PRIMARY KEY (person_id, role)
) STRICT, WITHOUT ROWID;
-- UNION ALL of like types throughout these views, so that SQLite takes their arms apart and follows indexes; rows may repeat.
CREATE VIEW person_role (person_id, role) AS
    SELECT p.id, r.role
    FROM person p JOIN profile_role r ON r.uai = p.uai AND r.profile = p.profile
    WHERE NOT EXISTS (SELECT 1 FROM role_override o WHERE o.person_id = p.id AND o.role = r.role AND o.granted = 0)
    UNION ALL
    SELECT o.person_id, o.role FROM role_override o WHERE o.granted = 1;

-- An administrator local manages establishments, not people one by one.
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

-- `profile` and `class_id` say what feeds an automatic group: a profile of the establishment, or a profile of a class.
CREATE TABLE person_group (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    -- Null: a group of the whole network.
    uai TEXT REFERENCES establishment (uai),
    kind TEXT NOT NULL CHECK (kind IN ('network', 'establishment', 'class', 'teaching-group', 'manual', 'ad-hoc', 'list')),
    profile TEXT CHECK (profile IN ('student', 'relative', 'teacher', 'staff', 'guest')),
    class_id TEXT REFERENCES class (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    folded_name TEXT NOT NULL,
    -- DOMAIN §1: how members take part in the rules.
    participation TEXT NOT NULL DEFAULT 'none' CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    -- R-5: a distribution list can be written to, and hides who is in it.
    members_hidden INTEGER NOT NULL DEFAULT 0 CHECK (members_hidden IN (0, 1)),
    -- The preset has been applied to this automatic group: its rules are the administrators' business from now on.
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
    CHECK ((uai IS NULL) = (kind = 'network'))
) STRICT;
CREATE INDEX person_group_by_class ON person_group (class_id) WHERE class_id IS NOT NULL;
CREATE INDEX person_group_by_name ON person_group (uai, folded_name);
CREATE INDEX person_group_automatic ON person_group (kind, profile, uai);
-- Each profile of the whole network, whatever the number of establishments. Members can be reached through it.
INSERT INTO person_group (id, kind, profile, name, folded_name, participation, settled) VALUES
    ('00000000000000000000000001', 'network', 'student', 'Élèves de tous les établissements', 'eleves de tous les etablissements', 'outgoing', 1),
    ('00000000000000000000000002', 'network', 'relative', 'Parents de tous les établissements', 'parents de tous les etablissements', 'outgoing', 1),
    ('00000000000000000000000003', 'network', 'teacher', 'Enseignants de tous les établissements', 'enseignants de tous les etablissements', 'outgoing', 1),
    ('00000000000000000000000004', 'network', 'staff', 'Personnels de tous les établissements', 'personnels de tous les etablissements', 'outgoing', 1),
    ('00000000000000000000000005', 'network', 'guest', 'Invités de tous les établissements', 'invites de tous les etablissements', 'outgoing', 1);

CREATE TABLE membership (
    group_id TEXT NOT NULL REFERENCES person_group (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_person ON membership (person_id, group_id);

-- R-1: members of `from_group` may write to members of `to_group`.
CREATE TABLE rule (
    from_group TEXT NOT NULL REFERENCES person_group (id),
    to_group TEXT NOT NULL REFERENCES person_group (id),
    PRIMARY KEY (from_group, to_group)
) STRICT, WITHOUT ROWID;
CREATE INDEX rule_by_target ON rule (to_group, from_group);

-- What a preset brings (R-2, DOMAIN §1). A scope is a kind of automatic group: the establishment's own, those of each
-- class, those of each teaching group, those of the network. From a class to a class means within the same class.
CREATE TABLE preset_rule (
    preset TEXT NOT NULL,
    from_scope TEXT NOT NULL CHECK (from_scope IN ('establishment', 'class', 'teaching-group')),
    from_profile TEXT NOT NULL,
    to_scope TEXT NOT NULL CHECK (to_scope IN ('establishment', 'class', 'teaching-group', 'network')),
    to_profile TEXT NOT NULL,
    PRIMARY KEY (preset, from_scope, from_profile, to_scope, to_profile)
) STRICT, WITHOUT ROWID;
CREATE TABLE preset_participation (
    preset TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('establishment', 'class', 'teaching-group')),
    profile TEXT NOT NULL,
    participation TEXT NOT NULL CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    PRIMARY KEY (preset, scope, profile)
) STRICT, WITHOUT ROWID;
-- Whether a preset lets a relative and her own child write to each other whatever the groups.
CREATE TABLE preset_kinship (
    preset TEXT PRIMARY KEY,
    relative_to_child INTEGER NOT NULL CHECK (relative_to_child IN (0, 1)),
    child_to_relative INTEGER NOT NULL CHECK (child_to_relative IN (0, 1))
) STRICT, WITHOUT ROWID;

INSERT INTO preset_kinship VALUES ('minors-2025', 1, 1), ('midi-pyrenees-2009', 1, 1), ('edifice', 0, 0);

-- The same everywhere: teachers and staff among themselves, and everybody there for them.
INSERT INTO preset_participation (preset, scope, profile, participation)
    SELECT p.preset, 'establishment', v.column1, v.column2
    FROM preset_kinship p, (VALUES ('teacher', 'both'), ('staff', 'both'), ('student', 'outgoing'), ('relative', 'outgoing'), ('guest', 'outgoing')) v
    UNION ALL
    SELECT p.preset, s.column1, v.column1, v.column2
    FROM preset_kinship p, (VALUES ('class'), ('teaching-group')) s, (VALUES ('student', 'both'), ('teacher', 'outgoing'), ('staff', 'outgoing')) v;
INSERT INTO preset_participation (preset, scope, profile, participation) VALUES
    -- `incoming`: relatives use the rules of the class and are not reached through it, so not by one another.
    ('minors-2025', 'class', 'relative', 'incoming'),
    ('midi-pyrenees-2009', 'class', 'relative', 'both'),
    ('edifice', 'class', 'relative', 'both'),
    ('minors-2025', 'teaching-group', 'relative', 'incoming'),
    ('midi-pyrenees-2009', 'teaching-group', 'relative', 'incoming'),
    ('edifice', 'teaching-group', 'relative', 'incoming');

INSERT INTO preset_rule (preset, from_scope, from_profile, to_scope, to_profile)
    -- Teachers and staff reach everybody in the establishment, whatever the preset…
    SELECT p.preset, 'establishment', f.column1, 'establishment', t.column1
    FROM preset_kinship p, (VALUES ('teacher'), ('staff')) f,
        (VALUES ('student'), ('relative'), ('teacher'), ('staff'), ('guest')) t
    UNION ALL
    -- … and beyond it the staff, or everybody (seed 000), when they have `send-extended`.
    SELECT v.column1, 'establishment', f.column1, 'network', v.column2
    FROM (VALUES ('teacher'), ('staff')) f, (VALUES ('minors-2025', 'staff'), ('midi-pyrenees-2009', 'student'),
        ('midi-pyrenees-2009', 'relative'), ('midi-pyrenees-2009', 'teacher'), ('midi-pyrenees-2009', 'staff'), ('midi-pyrenees-2009', 'guest')) v
    UNION ALL
    -- Students and relatives reach the teachers of each class and teaching group.
    SELECT p.preset, s.column1, f.column1, s.column1, 'teacher'
    FROM preset_kinship p, (VALUES ('class'), ('teaching-group')) s, (VALUES ('student'), ('relative')) f;
INSERT INTO preset_rule (preset, from_scope, from_profile, to_scope, to_profile) VALUES
    ('minors-2025', 'class', 'student', 'establishment', 'staff'),
    ('minors-2025', 'class', 'relative', 'establishment', 'staff'),
    ('midi-pyrenees-2009', 'class', 'student', 'class', 'relative'),
    ('midi-pyrenees-2009', 'class', 'relative', 'class', 'student'),
    ('edifice', 'class', 'student', 'class', 'staff'),
    ('edifice', 'class', 'relative', 'class', 'student'),
    ('edifice', 'class', 'relative', 'class', 'staff');

-- R-7: one precise person may not write to one other, for a reason and for a time.
CREATE TABLE prohibition (
    sender_id TEXT NOT NULL REFERENCES person (id),
    recipient_id TEXT NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    until INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (sender_id, recipient_id)
) STRICT, WITHOUT ROWID;

-- F-1: the person's own address outside, used once verified by a mailed code.
CREATE TABLE redirect (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    address TEXT,
    verified_at INTEGER,
    pending_address TEXT,
    -- SHA-256 of the code, so that a copy of the database does not give it.
    pending_code_hash TEXT,
    pending_expires_at INTEGER,
    pending_attempts INTEGER NOT NULL DEFAULT 0,
    CHECK ((address IS NULL) = (verified_at IS NULL)),
    CHECK ((pending_address IS NULL) = (pending_code_hash IS NULL)),
    CHECK ((pending_address IS NULL) = (pending_expires_at IS NULL))
) STRICT, WITHOUT ROWID;

-- Wrong passwords, counted per login to slow guessing down (A-2).
CREATE TABLE sign_in_failure (
    login TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The only statement of who may write to whom (DOMAIN §1, R-1, R-4, R-7): one row per way that leads from a sender to
-- a recipient, with the rule's two groups (null for kin). A pair may appear more than once. Always ask with
-- `sender_id = ?`. Beyond the group's own establishment a rule serves those who have `send-extended` only (A-5).
CREATE VIEW reachable (sender_id, recipient_id, from_group, to_group) AS
    SELECT w.sender_id, w.recipient_id, w.from_group, w.to_group
    FROM (
        SELECT s.person_id AS sender_id, t.person_id AS recipient_id, r.from_group AS from_group, r.to_group AS to_group
        FROM membership s
        JOIN person_group sg ON sg.id = s.group_id AND sg.participation IN ('incoming', 'both')
        JOIN rule r ON r.from_group = sg.id
        JOIN person_group tg ON tg.id = r.to_group AND tg.participation IN ('outgoing', 'both')
            AND (tg.uai IS sg.uai OR EXISTS
                (SELECT 1 FROM person_role x WHERE x.person_id = s.person_id AND x.role = 'send-extended'))
        JOIN membership t ON t.group_id = tg.id
        UNION ALL
        SELECT s.person_id, t.person_id, s.group_id, s.group_id
        FROM membership s
        JOIN person_group g ON g.id = s.group_id AND g.participation = 'both'
        JOIN membership t ON t.group_id = g.id
        UNION ALL
        SELECT k.relative_id, k.student_id, CAST(NULL AS TEXT), CAST(NULL AS TEXT)
        FROM kinship k JOIN person c ON c.id = k.student_id JOIN establishment e ON e.uai = c.uai
        JOIN preset_kinship pk ON pk.preset = e.preset AND pk.relative_to_child = 1
        UNION ALL
        SELECT k.student_id, k.relative_id, CAST(NULL AS TEXT), CAST(NULL AS TEXT)
        FROM kinship k JOIN person c ON c.id = k.student_id JOIN establishment e ON e.uai = c.uai
        JOIN preset_kinship pk ON pk.preset = e.preset AND pk.child_to_relative = 1
    ) w
    JOIN person p ON p.id = w.recipient_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM prohibition x WHERE x.sender_id = w.sender_id AND x.recipient_id = w.recipient_id
        AND (x.until IS NULL OR x.until > unixepoch('subsec') * 1000));

-- The groups that rules let a sender name as a recipient: their targets, and her own `both` groups.
CREATE VIEW named_group (sender_id, group_id) AS
    SELECT s.person_id, r.to_group
    FROM membership s
    JOIN person_group sg ON sg.id = s.group_id AND sg.participation IN ('incoming', 'both')
    JOIN rule r ON r.from_group = sg.id
    JOIN person_group tg ON tg.id = r.to_group
        AND (tg.uai IS sg.uai OR EXISTS
            (SELECT 1 FROM person_role x WHERE x.person_id = s.person_id AND x.role = 'send-extended'))
    UNION ALL
    SELECT s.person_id, s.group_id
    FROM membership s JOIN person_group g ON g.id = s.group_id AND g.participation = 'both';

-- All the groups she may name: those, and their parts. Who may write to all students of an establishment may write to
-- those of one class; who may write to the staff of the network may write to those of one establishment. So a rule is
-- stated once, and taken back once (R-3).
CREATE VIEW reachable_group (sender_id, group_id) AS
    SELECT w.sender_id, w.group_id FROM named_group w
    UNION ALL
    SELECT w.sender_id, g.id
    FROM named_group w
    JOIN person_group whole ON whole.id = w.group_id AND whole.kind = 'establishment'
    JOIN person_group g ON g.kind IN ('class', 'teaching-group') AND g.profile = whole.profile AND g.uai = whole.uai
    UNION ALL
    SELECT w.sender_id, g.id
    FROM named_group w
    JOIN person_group whole ON whole.id = w.group_id AND whole.kind = 'network'
    JOIN person_group g ON g.kind = 'establishment' AND g.profile = whole.profile;
