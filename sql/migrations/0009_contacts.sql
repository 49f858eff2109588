-- One's own address book and bookmarks (D-4, D-5). Every row belongs to one person, and goes with her.

-- A group of contacts; one name once, whatever its case and accents.
CREATE TABLE contact_group (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    owner_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    folded_name TEXT NOT NULL CHECK (folded_name <> ''),
    UNIQUE (owner_id, folded_name),
    UNIQUE (owner_id, id)
) STRICT;

-- A person of the directory, or a card of somebody outside (crates/contacts, `Card` as JSON). Nothing is kept of a person
-- but her id, and no foreign key: what may be shown of her is asked each time, and who is gone is told as such.
CREATE TABLE contact (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    owner_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    person_id TEXT CHECK (length(person_id) = 26),
    card TEXT CHECK (json_type(card) = 'object'),
    -- For order and search; empty for a person, whose own is used.
    folded_name TEXT NOT NULL DEFAULT '',
    -- What the card is known by when it comes again (RFC 6350 §6.7.6).
    uid TEXT NOT NULL CHECK (length(uid) BETWEEN 1 AND 255),
    CHECK ((person_id IS NULL) <> (card IS NULL)),
    CHECK (person_id IS NULL OR uid = 'person:' || person_id),
    UNIQUE (owner_id, uid),
    UNIQUE (owner_id, id)
) STRICT;

-- The owner stands in both keys, so that nobody's contact comes into another's group.
CREATE TABLE contact_membership (
    owner_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (group_id, contact_id),
    FOREIGN KEY (owner_id, group_id) REFERENCES contact_group (owner_id, id) ON DELETE CASCADE,
    FOREIGN KEY (owner_id, contact_id) REFERENCES contact (owner_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_membership_by_contact ON contact_membership (contact_id, group_id);

-- A file of cards that was read and shown, and waits for its owner to say yes: JSON of crates/contacts, `Parsed`.
CREATE TABLE contact_import (
    owner_id TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    parsed TEXT NOT NULL CHECK (json_valid(parsed)),
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_import_by_age ON contact_import (made_at);

-- Favori de partage: a named set of persons and groups. Ids only: they are filtered at each use, and those that are gone
-- still count among those that are not visible any more.
CREATE TABLE bookmark (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    owner_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    folded_name TEXT NOT NULL CHECK (folded_name <> ''),
    UNIQUE (owner_id, folded_name)
) STRICT;
CREATE TABLE bookmark_entry (
    bookmark_id TEXT NOT NULL REFERENCES bookmark (id) ON DELETE CASCADE,
    kind TEXT NOT NULL REFERENCES addressee_kind (name),
    target_id TEXT NOT NULL CHECK (length(target_id) = 26),
    PRIMARY KEY (bookmark_id, kind, target_id)
) STRICT, WITHOUT ROWID;
