-- Who may write to whom, and what administrators do about it: rules, prohibitions, blocking (R-1, R-3, R-7, A-3). Each of
-- their acts is one INSERT or UPDATE whose trigger is the whole decision; the rows are the history.

-- R-1: members of `from_group` may write to members of `to_group`.
CREATE TABLE rule (
    from_group TEXT NOT NULL REFERENCES person_group (id),
    to_group TEXT NOT NULL REFERENCES person_group (id),
    PRIMARY KEY (from_group, to_group)
) STRICT, WITHOUT ROWID;
CREATE INDEX rule_by_target ON rule (to_group, from_group);

-- INSERT INTO settling gives the groups of an establishment that are not settled yet what its preset says; the row goes within
-- the same statement. A group is settled once: what administrators changed since stays.
CREATE TABLE settling (uai TEXT PRIMARY KEY REFERENCES establishment (uai)) STRICT, WITHOUT ROWID;

-- R-3: one change of the rules of an establishment, and what it was told to bring. The trigger `rights_changed` makes it.
CREATE TABLE rights_change (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    -- Null: by whoever runs the service.
    by_id TEXT REFERENCES person (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('add-rule', 'remove-rule', 'participation', 'preset')),
    -- The rule; for 'participation' the group is `from_group`.
    from_group TEXT REFERENCES person_group (id),
    to_group TEXT REFERENCES person_group (id),
    participation TEXT CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    preset TEXT REFERENCES preset_kinship (preset),
    -- People who can write to somebody they could not write to before, and people who cannot any more to somebody they could.
    gaining INTEGER NOT NULL,
    losing INTEGER NOT NULL,
    -- Ids of the groups whose members can write to each other from now on, and could not before: JSON array.
    opened TEXT NOT NULL,
    -- Ids of those whose members cannot any more.
    closed TEXT NOT NULL,
    CHECK ((kind IN ('add-rule', 'remove-rule')) = (to_group IS NOT NULL)),
    CHECK ((kind = 'preset') = (from_group IS NULL)),
    CHECK ((kind = 'preset') = (preset IS NOT NULL)),
    CHECK ((kind = 'participation') = (participation IS NOT NULL))
) STRICT;
CREATE INDEX rights_change_by_establishment ON rights_change (uai, at);

-- R-7: one precise person may not write to one other, for a reason and for a time.
CREATE TABLE prohibition (
    sender_id TEXT NOT NULL REFERENCES person (id),
    recipient_id TEXT NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    until INTEGER,
    -- Who forbade.
    by_id TEXT REFERENCES person (id),
    created_at INTEGER NOT NULL,
    -- Set to lift it: `prohibition_lifted` takes the row to the past.
    ended_at INTEGER,
    ended_by TEXT REFERENCES person (id),
    PRIMARY KEY (sender_id, recipient_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX prohibition_by_recipient ON prohibition (recipient_id);
-- A prohibition that is lifted or replaced goes here; one whose time is over stays where it is until it is replaced.
CREATE TABLE prohibition_past (
    sender_id TEXT NOT NULL REFERENCES person (id),
    recipient_id TEXT NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    until INTEGER,
    by_id TEXT REFERENCES person (id),
    created_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    ended_by TEXT REFERENCES person (id),
    PRIMARY KEY (sender_id, recipient_id, created_at)
) STRICT, WITHOUT ROWID;

-- A-3: a person, or a profile of an establishment, is blocked from an instant until it is lifted. Triggers keep
-- `person.blocked_at`. Local administrators are not blocked with their profile: nobody would be left to lift it.
CREATE TABLE blocking (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    person_id TEXT REFERENCES person (id),
    profile TEXT REFERENCES profile (name),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    by_id TEXT REFERENCES person (id),
    at INTEGER NOT NULL,
    lifted_by TEXT REFERENCES person (id),
    lifted_at INTEGER,
    CHECK ((person_id IS NULL) <> (profile IS NULL))
) STRICT;
CREATE UNIQUE INDEX blocking_of_person ON blocking (person_id) WHERE person_id IS NOT NULL AND lifted_at IS NULL;
CREATE UNIQUE INDEX blocking_of_profile ON blocking (uai, profile) WHERE profile IS NOT NULL AND lifted_at IS NULL;
CREATE INDEX blocking_by_establishment ON blocking (uai, at);
