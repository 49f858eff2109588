-- The agenda of a rubrique (B-2): events, what they book, who was told of them, and what she answered.

-- What an establishment lends: rooms, vehicles, trolleys of laptops.
CREATE TABLE resource_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO resource_kind (name) VALUES ('room'), ('vehicle'), ('equipment');
CREATE TABLE resource (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    kind TEXT NOT NULL REFERENCES resource_kind (name),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    folded_name TEXT NOT NULL CHECK (folded_name <> ''),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    created_at INTEGER NOT NULL,
    -- Not lent any more; events that hold it keep it.
    retired_at INTEGER
) STRICT;
CREATE UNIQUE INDEX resource_by_name ON resource (uai, folded_name) WHERE retired_at IS NULL;

CREATE TABLE event (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    rubrique_id TEXT NOT NULL REFERENCES rubrique (id),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    -- The organiser, and who changed it last: notifications leave in her name.
    author_id TEXT NOT NULL REFERENCES person (id),
    changed_by TEXT NOT NULL REFERENCES person (id),
    -- RFC 5545 UID: the same for ever, whatever becomes of the establishment's domain.
    uid TEXT NOT NULL UNIQUE,
    -- Its page, when the deployment knows its own address; else empty.
    url TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 150),
    place TEXT NOT NULL DEFAULT '' CHECK (length(place) <= 200),
    summary TEXT NOT NULL DEFAULT '' CHECK (length(summary) <= 4000),
    -- By the wall clock of `zone`: days (YYYY-MM-DD, the last one included) when all_day, else YYYY-MM-DDTHH:MM; and the
    -- instants that these are, the end excluded.
    all_day INTEGER NOT NULL CHECK (all_day IN (0, 1)),
    starts TEXT NOT NULL CHECK (length(starts) = CASE all_day WHEN 1 THEN 10 ELSE 16 END),
    ends TEXT NOT NULL CHECK (length(ends) = length(starts)),
    zone TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    -- Lists look back so far for what is still going on.
    ends_at INTEGER NOT NULL CHECK (ends_at > starts_at AND ends_at - starts_at <= 31708800000),
    -- JSON array of the resources that are wanted; `booking` has those that are held.
    resources TEXT NOT NULL DEFAULT '[]' CHECK (json_type(resources) = 'array'),
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'cancelled')),
    -- A draft that is to be published by itself.
    publish_at INTEGER CHECK (publish_at IS NULL OR state = 'draft'),
    -- Whom to tell: nobody (''), every population of the rubrique ('all'), or one population. No reference: were it to
    -- go, nobody is told, not everybody.
    notify TEXT NOT NULL DEFAULT '',
    confirmation INTEGER NOT NULL DEFAULT 0 CHECK (confirmation IN (0, 1)),
    follow_up TEXT NOT NULL DEFAULT 'off' CHECK (follow_up IN ('off', 'moderated', 'open')),
    -- RFC 5545 SEQUENCE: one more at each change after publication.
    sequence INTEGER NOT NULL DEFAULT 0,
    -- Since which SEQUENCE it is on these dates: an older answer was about others, and counts no more.
    dates_since INTEGER NOT NULL DEFAULT 0,
    revised_at INTEGER NOT NULL,
    -- A notification has left; another is to leave (kept here, so that a crash in between loses none); why none could.
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    owes INTEGER NOT NULL DEFAULT 0 CHECK (owes IN (0, 1)),
    untold TEXT,
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    cancelled_at INTEGER
) STRICT;
CREATE INDEX event_by_rubrique ON event (rubrique_id, starts_at);
CREATE INDEX event_to_publish ON event (publish_at) WHERE publish_at IS NOT NULL;
CREATE INDEX event_owing ON event (id) WHERE owes = 1;

-- What is held, by events that are published or will be by themselves: a publication at night must not fail for want of
-- the room. Other drafts and cancelled events hold nothing.
CREATE TABLE booking (
    resource_id TEXT NOT NULL REFERENCES resource (id),
    starts_at INTEGER NOT NULL,
    event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (resource_id, starts_at, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_by_event ON booking (event_id);

-- Who was told of an event. The token is half of the address that her mail client answers to: `reponse+<token>@domain`
-- names event and person, and nobody guesses it.
CREATE TABLE invitation (
    event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    token TEXT NOT NULL UNIQUE CHECK (length(token) = 32),
    invited_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, person_id)
) STRICT, WITHOUT ROWID;

-- The last answer of each person, from the page or from her mail client.
CREATE TABLE answer (
    event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    participation TEXT NOT NULL CHECK (participation IN ('accepted', 'declined', 'tentative')),
    comment TEXT NOT NULL DEFAULT '' CHECK (length(comment) <= 1000),
    -- The version that was answered, and when by whoever answered: RFC 5546 §2.1.5 orders answers by these.
    sequence INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    by_mail INTEGER NOT NULL DEFAULT 0 CHECK (by_mail IN (0, 1)),
    answered_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, person_id)
) STRICT, WITHOUT ROWID;

-- The follow-up of an event. Nothing is lost: what an editor takes away is hidden.
CREATE TABLE event_comment (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES person (id),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    state TEXT NOT NULL CHECK (state IN ('pending', 'shown', 'removed')),
    created_at INTEGER NOT NULL,
    decided_by TEXT REFERENCES person (id),
    decided_at INTEGER
) STRICT;
CREATE INDEX event_comment_by_event ON event_comment (event_id, created_at, id);

-- Private links to an agenda: one for each person and rubrique ('': all that she may read). Only the SHA-256 of the
-- token is kept, so that a copy of the database opens no agenda; taking a link back deletes its row.
CREATE TABLE agenda_feed (
    token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
    person_id TEXT NOT NULL REFERENCES person (id),
    rubrique_id TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    UNIQUE (person_id, rubrique_id)
) STRICT, WITHOUT ROWID;
