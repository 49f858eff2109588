-- What a school is given to begin with: profiles, kinds of group, and the presets of its rules (R-2).
--
-- All instants are UTC milliseconds; all ids are ULIDs in text. A list of words that later features extend is a table of one
-- column, and what uses it refers to it: a new word is a new row, while SQLite changes a CHECK only by making the table again.
-- A list that is complete (yes or no, to or cc or bcc) is a CHECK. With 100,000 rows the reference takes less time than a
-- CHECK of more than two words, and as much as one of two, so that tables written by the ten thousand have it too.

-- What somebody is in an establishment (A-5).
CREATE TABLE profile (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO profile (name) VALUES ('student'), ('relative'), ('teacher'), ('staff'), ('guest');

-- What a group is. Groups of the first six kinds are automatic; people make the others (D-3: 'ad-hoc'; R-5: 'list').
CREATE TABLE group_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO group_kind (name) VALUES
    ('network'), ('establishment'), ('class'), ('teaching-group'), ('discipline'), ('head-teacher'), ('manual'), ('ad-hoc'), ('list');

-- The presets, and whether each lets a relative and her own child write to each other whatever the groups.
CREATE TABLE preset_kinship (
    preset TEXT PRIMARY KEY,
    relative_to_child INTEGER NOT NULL CHECK (relative_to_child IN (0, 1)),
    child_to_relative INTEGER NOT NULL CHECK (child_to_relative IN (0, 1))
) STRICT, WITHOUT ROWID;

-- What a preset brings (R-2, DOMAIN §1). A scope is a kind of automatic group: the establishment's own, those of each class,
-- those of each teaching group, those of the head teachers, those of the disciplines, those of the network. From a class to a
-- class means within the same class. `settled` says which scopes it makes rules between.
CREATE TABLE preset_rule (
    preset TEXT NOT NULL REFERENCES preset_kinship (preset),
    from_scope TEXT NOT NULL REFERENCES group_kind (name),
    from_profile TEXT NOT NULL REFERENCES profile (name),
    to_scope TEXT NOT NULL REFERENCES group_kind (name),
    to_profile TEXT NOT NULL REFERENCES profile (name),
    PRIMARY KEY (preset, from_scope, from_profile, to_scope, to_profile)
) STRICT, WITHOUT ROWID;
CREATE TABLE preset_participation (
    preset TEXT NOT NULL REFERENCES preset_kinship (preset),
    scope TEXT NOT NULL REFERENCES group_kind (name),
    profile TEXT NOT NULL REFERENCES profile (name),
    participation TEXT NOT NULL CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    PRIMARY KEY (preset, scope, profile)
) STRICT, WITHOUT ROWID;

INSERT INTO preset_kinship VALUES ('minors-2025', 1, 1), ('midi-pyrenees-2009', 1, 1), ('edifice', 0, 0);

-- The same everywhere: teachers and staff among themselves, everybody there for them, and head teachers to be written to.
INSERT INTO preset_participation (preset, scope, profile, participation)
    SELECT p.preset, 'establishment', v.column1, v.column2
    FROM preset_kinship p, (VALUES ('teacher', 'both'), ('staff', 'both'), ('student', 'outgoing'), ('relative', 'outgoing'), ('guest', 'outgoing')) v
    UNION ALL
    SELECT p.preset, s.column1, v.column1, v.column2
    FROM preset_kinship p, (VALUES ('class'), ('teaching-group')) s, (VALUES ('student', 'both'), ('teacher', 'outgoing'), ('staff', 'outgoing')) v
    UNION ALL
    SELECT p.preset, 'head-teacher', 'teacher', 'outgoing' FROM preset_kinship p;
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
    ('edifice', 'class', 'relative', 'class', 'staff'),
    -- The head teachers of the class, in `edifice` only (seed 001, DOMAIN §1).
    ('edifice', 'class', 'student', 'head-teacher', 'teacher'),
    ('edifice', 'class', 'relative', 'head-teacher', 'teacher');
