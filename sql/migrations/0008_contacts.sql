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

-- What goes into an address book in one statement, be it one contact or a whole file:
-- `new_groups` [{id, name, folded_name}], `contacts` [{id, uid, person_id, card, folded_name, groups: [folded name]}].
-- A card whose uid is known takes the place of the one before; a person who is known stays as she is.
CREATE VIEW contact_batch (owner_id, new_groups, contacts) AS SELECT '', '[]', '[]' WHERE 0;
CREATE TRIGGER contact_batch_written INSTEAD OF INSERT ON contact_batch BEGIN
    INSERT INTO contact_group (id, owner_id, name, folded_name)
    SELECT j.value ->> 'id', new.owner_id, j.value ->> 'name', j.value ->> 'folded_name' FROM json_each(new.new_groups) j
    WHERE true ON CONFLICT (owner_id, folded_name) DO NOTHING;
    INSERT INTO contact (id, owner_id, uid, person_id, card, folded_name)
    SELECT j.value ->> 'id', new.owner_id, j.value ->> 'uid', j.value ->> 'person_id', j.value ->> 'card',
        coalesce(j.value ->> 'folded_name', '')
    FROM json_each(new.contacts) j
    WHERE true ON CONFLICT (owner_id, uid) DO UPDATE SET card = excluded.card, folded_name = excluded.folded_name
        WHERE contact.person_id IS NULL;
    INSERT INTO contact_membership (owner_id, group_id, contact_id)
    SELECT new.owner_id, g.id, c.id
    FROM json_each(new.contacts) j CROSS JOIN json_each(j.value, '$.groups') m
    CROSS JOIN contact_group g ON g.owner_id = new.owner_id AND g.folded_name = m.value
    CROSS JOIN contact c ON c.owner_id = new.owner_id AND c.uid = j.value ->> 'uid'
    WHERE true ON CONFLICT DO NOTHING;
    SELECT RAISE(ABORT, 'post:too-many-contacts')
    WHERE (SELECT count(*) FROM contact c WHERE c.owner_id = new.owner_id) > 2000;
    SELECT RAISE(ABORT, 'post:too-many-groups')
    WHERE (SELECT count(*) FROM contact_group g WHERE g.owner_id = new.owner_id) > 100;
END;

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
    kind TEXT NOT NULL CHECK (kind IN ('person', 'group')),
    target_id TEXT NOT NULL CHECK (length(target_id) = 26),
    PRIMARY KEY (bookmark_id, kind, target_id)
) STRICT, WITHOUT ROWID;

-- A bookmark's entries as its owner may see them now.
CREATE VIEW bookmark_visible (owner_id, bookmark_id, kind, target_id) AS
    SELECT b.owner_id, e.bookmark_id, e.kind, e.target_id
    FROM bookmark b JOIN bookmark_entry e ON e.bookmark_id = b.id
    WHERE CASE e.kind
        WHEN 'person' THEN EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = b.owner_id AND v.recipient_id = e.target_id)
        ELSE EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = b.owner_id AND v.group_id = e.target_id)
    END;

-- A bookmark made or changed in one statement: `entries` [{kind, id}] takes the place of the visible ones. Those that are
-- not visible stay, unless `drop_hidden`: they may be again after the summer. What its owner may not write to stays out.
CREATE VIEW bookmark_saved (owner_id, id, name, folded_name, entries, drop_hidden) AS
    SELECT '', '', '', '', '[]', 0 WHERE 0;
CREATE TRIGGER bookmark_written INSTEAD OF INSERT ON bookmark_saved BEGIN
    INSERT INTO bookmark (id, owner_id, name, folded_name) VALUES (new.id, new.owner_id, new.name, new.folded_name)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded_name = excluded.folded_name
        WHERE bookmark.owner_id = excluded.owner_id;
    DELETE FROM bookmark_entry
    WHERE bookmark_id = (SELECT b.id FROM bookmark b WHERE b.id = new.id AND b.owner_id = new.owner_id)
        AND (new.drop_hidden OR EXISTS (SELECT 1 FROM bookmark_visible v WHERE v.bookmark_id = new.id
            AND v.kind = bookmark_entry.kind AND v.target_id = bookmark_entry.target_id));
    INSERT INTO bookmark_entry (bookmark_id, kind, target_id)
    SELECT b.id, j.value ->> 'kind', j.value ->> 'id'
    FROM bookmark b CROSS JOIN json_each(new.entries) j
    WHERE b.id = new.id AND b.owner_id = new.owner_id AND CASE j.value ->> 'kind'
        WHEN 'person' THEN EXISTS
            (SELECT 1 FROM reachable v WHERE v.sender_id = new.owner_id AND v.recipient_id = j.value ->> 'id')
        WHEN 'group' THEN EXISTS
            (SELECT 1 FROM reachable_group v WHERE v.sender_id = new.owner_id AND v.group_id = j.value ->> 'id')
        END
    ON CONFLICT DO NOTHING;
    SELECT RAISE(ABORT, 'post:too-many-bookmarks')
    WHERE (SELECT count(*) FROM bookmark b WHERE b.owner_id = new.owner_id) > 100;
    SELECT RAISE(ABORT, 'post:too-many-entries')
    WHERE (SELECT count(*) FROM bookmark_entry e WHERE e.bookmark_id = new.id) > 500;
END;

-- Nothing of a purged person's book stays (A-7).
CREATE TRIGGER person_purged_book AFTER UPDATE OF purged_at ON person WHEN new.purged_at IS NOT NULL BEGIN
    DELETE FROM contact WHERE owner_id = new.id;
    DELETE FROM contact_group WHERE owner_id = new.id;
    DELETE FROM contact_import WHERE owner_id = new.id;
    DELETE FROM bookmark WHERE owner_id = new.id;
END;
