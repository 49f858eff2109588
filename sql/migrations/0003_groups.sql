-- Groups: automatic ones, those that people make, and distribution lists (A-7, D-2, D-3, R-5).

-- `profile`, `class_id`, `discipline` say what feeds an automatic group: a profile of the establishment, a profile of a
-- class, the teachers of a discipline, the head teachers of a class or (without class) of the establishment. A list is fed
-- by `profile`, and where they are given by `level` and `discipline` and `function` as well (R-5).
CREATE TABLE person_group (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    -- Null: a group of the whole network.
    uai TEXT REFERENCES establishment (uai),
    kind TEXT NOT NULL REFERENCES group_kind (name),
    profile TEXT REFERENCES profile (name),
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
    -- D-3: an ad hoc group is `both` (its members may write to each other), or else only those who keep it may write to it: it
    -- is `none`, and a rule leads to it from a group of its managers, which lives and dies with it. So an administrator sees in
    -- the rules what is so, and can take it back.
    keepers_of TEXT REFERENCES person_group (id) ON DELETE CASCADE,
    CHECK ((uai IS NULL) = (kind = 'network')),
    CHECK (kind <> 'discipline' OR (discipline IS NOT NULL AND profile = 'teacher')),
    CHECK (kind <> 'list' OR (profile IS NOT NULL AND members_hidden = 1 AND participation = 'none')),
    CHECK (level IS NULL AND function IS NULL OR kind = 'list')
) STRICT;
CREATE INDEX person_group_by_class ON person_group (class_id) WHERE class_id IS NOT NULL;
CREATE INDEX person_group_by_name ON person_group (uai, folded_name);
CREATE INDEX person_group_automatic ON person_group (kind, profile, uai);
CREATE UNIQUE INDEX person_group_discipline ON person_group (uai, discipline) WHERE kind = 'discipline';
CREATE UNIQUE INDEX person_group_of_class ON person_group (class_id, kind, profile)
    WHERE kind IN ('class', 'teaching-group', 'head-teacher') AND class_id IS NOT NULL;
CREATE UNIQUE INDEX person_group_of_establishment ON person_group (uai, kind, profile)
    WHERE kind = 'establishment' OR kind = 'head-teacher' AND class_id IS NULL;
-- A discipline in several establishments (D-1).
CREATE INDEX person_group_by_discipline ON person_group (discipline) WHERE kind = 'discipline';
CREATE UNIQUE INDEX person_group_of_keepers ON person_group (keepers_of) WHERE keepers_of IS NOT NULL;

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

-- D-3: those who keep an ad hoc group; they are members of it too.
CREATE TABLE group_manager (
    group_id TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_manager_by_person ON group_manager (person_id, group_id);

-- INSERT INTO feeding brings the lists of an establishment up to date (R-5); the row goes within the same statement.
CREATE TABLE feeding (uai TEXT PRIMARY KEY REFERENCES establishment (uai)) STRICT, WITHOUT ROWID;

-- The members of the great groups (a profile of an establishment, of the network) in order of name: a page of those whom a
-- teacher reaches is the first rows of a few rosters, whether she reaches a thousand people or a hundred thousand.
CREATE TABLE roster (
    group_id TEXT NOT NULL,
    profile TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (group_id, profile, folded_name, person_id)
) STRICT, WITHOUT ROWID;
