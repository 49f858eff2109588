-- All kinds of automatic group, and what groups that people make need (A-7, D-2, D-3, R-5).
-- SQLite cannot widen a CHECK in place: the tables are made again. Rows that refer to a group find it back before the end
-- of the transaction.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE person_group_before AS SELECT * FROM person_group;
DROP TABLE person_group;
-- `profile`, `class_id`, `discipline` say what feeds an automatic group: a profile of the establishment, a profile of a
-- class, the teachers of a discipline, the head teachers of a class or (without class) of the establishment. A list is fed
-- by `profile`, and where they are given by `level` and `discipline` and `function` as well (R-5).
CREATE TABLE person_group (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    -- Null: a group of the whole network.
    uai TEXT REFERENCES establishment (uai),
    kind TEXT NOT NULL CHECK (kind IN
        ('network', 'establishment', 'class', 'teaching-group', 'discipline', 'head-teacher', 'manual', 'ad-hoc', 'list')),
    profile TEXT CHECK (profile IN ('student', 'relative', 'teacher', 'staff', 'guest')),
    class_id TEXT REFERENCES class (id),
    discipline TEXT,
    level TEXT,
    function TEXT,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    folded_name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
    -- DOMAIN §1: how members take part in the rules.
    participation TEXT NOT NULL DEFAULT 'none' CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    -- R-5: a distribution list can be written to, and hides who is in it.
    members_hidden INTEGER NOT NULL DEFAULT 0 CHECK (members_hidden IN (0, 1)),
    -- D-3, pérenne: not purged at the end of the school year.
    permanent INTEGER NOT NULL DEFAULT 1 CHECK (permanent IN (0, 1)),
    -- The preset has been applied to this automatic group: its rules are the administrators' business from now on.
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
    created_at INTEGER NOT NULL DEFAULT 0,
    CHECK ((uai IS NULL) = (kind = 'network')),
    CHECK (kind <> 'discipline' OR (discipline IS NOT NULL AND profile = 'teacher')),
    CHECK (kind <> 'list' OR (profile IS NOT NULL AND members_hidden = 1 AND participation = 'none')),
    CHECK (level IS NULL AND function IS NULL OR kind = 'list')
) STRICT;
-- Lists made before had no profile: they were nobody's, and are groups made by hand.
INSERT INTO person_group (id, uai, kind, profile, class_id, name, folded_name, participation, members_hidden, settled)
    SELECT id, uai, CASE WHEN kind = 'list' AND (profile IS NULL OR members_hidden = 0) THEN 'manual' ELSE kind END, profile,
        class_id, name, folded_name, CASE WHEN kind = 'list' AND profile IS NOT NULL AND members_hidden THEN 'none' ELSE participation END,
        members_hidden, settled
    FROM person_group_before;
DROP TABLE person_group_before;
CREATE INDEX person_group_by_class ON person_group (class_id) WHERE class_id IS NOT NULL;
CREATE INDEX person_group_by_name ON person_group (uai, folded_name);
CREATE INDEX person_group_automatic ON person_group (kind, profile, uai);
CREATE UNIQUE INDEX person_group_discipline ON person_group (uai, discipline) WHERE kind = 'discipline';
CREATE UNIQUE INDEX person_group_of_class ON person_group (class_id, kind, profile)
    WHERE kind IN ('class', 'teaching-group', 'head-teacher') AND class_id IS NOT NULL;
CREATE UNIQUE INDEX person_group_of_establishment ON person_group (uai, kind, profile)
    WHERE kind = 'establishment' OR kind = 'head-teacher' AND class_id IS NULL;

-- D-3: those who keep an ad hoc group; they are members of it too.
CREATE TABLE group_manager (
    group_id TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_manager_by_person ON group_manager (person_id, group_id);

-- The scopes of presets, head teachers among them (`edifice`: seed 001, DOMAIN §1).
CREATE TABLE preset_rule_before AS SELECT * FROM preset_rule;
DROP TABLE preset_rule;
CREATE TABLE preset_rule (
    preset TEXT NOT NULL,
    from_scope TEXT NOT NULL CHECK (from_scope IN ('establishment', 'class', 'teaching-group')),
    from_profile TEXT NOT NULL,
    to_scope TEXT NOT NULL CHECK (to_scope IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'network')),
    to_profile TEXT NOT NULL,
    PRIMARY KEY (preset, from_scope, from_profile, to_scope, to_profile)
) STRICT, WITHOUT ROWID;
INSERT INTO preset_rule SELECT * FROM preset_rule_before;
DROP TABLE preset_rule_before;
INSERT INTO preset_rule (preset, from_scope, from_profile, to_scope, to_profile) VALUES
    ('edifice', 'class', 'student', 'head-teacher', 'teacher'),
    ('edifice', 'class', 'relative', 'head-teacher', 'teacher');
CREATE TABLE preset_participation_before AS SELECT * FROM preset_participation;
DROP TABLE preset_participation;
CREATE TABLE preset_participation (
    preset TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'discipline')),
    profile TEXT NOT NULL,
    participation TEXT NOT NULL CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    PRIMARY KEY (preset, scope, profile)
) STRICT, WITHOUT ROWID;
INSERT INTO preset_participation SELECT * FROM preset_participation_before;
DROP TABLE preset_participation_before;
INSERT INTO preset_participation (preset, scope, profile, participation)
    SELECT p.preset, 'head-teacher', 'teacher', 'outgoing' FROM preset_kinship p;

-- The groups one may name, and their parts: of an establishment's teachers those of a class, of a discipline, the head
-- teachers; of a class's teachers its head teachers. So a rule is stated once, and taken back once (R-3).
DROP VIEW reachable_group;
CREATE VIEW reachable_group (sender_id, group_id) AS
    SELECT w.sender_id, w.group_id FROM named_group w
    UNION ALL
    SELECT w.sender_id, g.id
    FROM named_group w
    JOIN person_group whole ON whole.id = w.group_id AND whole.kind = 'establishment'
    JOIN person_group g ON g.kind IN ('class', 'teaching-group', 'discipline', 'head-teacher')
        AND g.profile = whole.profile AND g.uai = whole.uai
    UNION ALL
    SELECT w.sender_id, g.id
    FROM named_group w
    JOIN person_group whole ON whole.id = w.group_id AND whole.kind = 'class'
    JOIN person_group g ON g.class_id = whole.class_id AND g.kind = 'head-teacher' AND g.profile = whole.profile
    UNION ALL
    SELECT w.sender_id, g.id
    FROM named_group w
    JOIN person_group whole ON whole.id = w.group_id AND whole.kind = 'network'
    JOIN person_group g ON g.kind = 'establishment' AND g.profile = whole.profile;
