-- How address books and bookmarks are written, and what their owners see of them (D-4, D-5).

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
