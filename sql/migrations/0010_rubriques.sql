-- Rubriques (B-1): sections of the site, who edits them and who reads them; and messages to an audience, which is named
-- by what it is the audience of, expanded when the message is sent, and kept with it.

CREATE TABLE rubrique (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    folded_name TEXT NOT NULL CHECK (folded_name <> ''),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
    created_at INTEGER NOT NULL,
    -- Nobody sees it any more but local administrators, who can open it again; what it sent stays.
    closed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX rubrique_by_name ON rubrique (uai, folded_name) WHERE closed_at IS NULL;

-- A group of the rubrique's own establishment crossed with a profile ('': all of its members).
CREATE TABLE rubrique_editor (
    rubrique_id TEXT NOT NULL REFERENCES rubrique (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    profile TEXT NOT NULL DEFAULT '',
    -- `profile` as a reference: null for all.
    only_profile TEXT AS (nullif(profile, '')) REFERENCES profile (name),
    PRIMARY KEY (rubrique_id, group_id, profile)
) STRICT, WITHOUT ROWID;
CREATE INDEX rubrique_editor_by_group ON rubrique_editor (group_id);

-- Those who can read the rubrique, and the only ones it can write to.
CREATE TABLE population (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    rubrique_id TEXT NOT NULL REFERENCES rubrique (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    profile TEXT NOT NULL DEFAULT '',
    -- `profile` as a reference: null for all.
    only_profile TEXT AS (nullif(profile, '')) REFERENCES profile (name),
    UNIQUE (rubrique_id, group_id, profile)
) STRICT;
CREATE INDEX population_by_group ON population (group_id);

-- What a message can be the message of; each kind has a trigger that judges and expands it.
CREATE TABLE audience_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO audience_kind (name) VALUES ('population'), ('news'), ('event'), ('flash'), ('liaison');

-- The audience of a message, as its addressee names it ({"field": "bcc", "kind": 'population' | …, "id": ULID}). A row is
-- written while the message is submitted; for each kind a trigger judges whether the author may write to this one
-- (RAISE 'post:audience') and fills `recipient`, always in 'bcc': recipients never see each other. What is there then is
-- what was sent to, whatever becomes of groups and rubriques later.
CREATE TABLE audience (
    message_id TEXT PRIMARY KEY REFERENCES message (id),
    author_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL REFERENCES audience_kind (name),
    about_id TEXT NOT NULL CHECK (length(about_id) = 26),
    -- What it was called when the message was sent, for the author's eyes: "Vie scolaire : parents de 6A".
    label TEXT NOT NULL DEFAULT '',
    -- The rubrique it was sent from, if any, for the history of its sends: populations and events come and go.
    rubrique_id TEXT REFERENCES rubrique (id),
    -- It went to a group that hides who is in it (R-5), and so does the report.
    members_hidden INTEGER NOT NULL DEFAULT 0 CHECK (members_hidden IN (0, 1)),
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audience_by_subject ON audience (kind, about_id, made_at);
CREATE INDEX audience_by_rubrique ON audience (rubrique_id, made_at, message_id) WHERE rubrique_id IS NOT NULL;
