-- What events hold, and whom a message about one goes to (B-2).

-- No resource is held twice at one time, whoever asks and however many at once.
CREATE TRIGGER booking_made BEFORE INSERT ON booking BEGIN
    SELECT RAISE(ABORT, 'post:booked') WHERE EXISTS (
        SELECT 1 FROM booking b WHERE b.resource_id = new.resource_id AND b.event_id <> new.event_id
            AND b.starts_at > new.starts_at - 31708800000 AND b.starts_at < new.ends_at AND b.ends_at > new.starts_at);
END;

CREATE TRIGGER event_books AFTER INSERT ON event BEGIN
    SELECT RAISE(ABORT, 'post:resource') WHERE EXISTS (
        SELECT 1 FROM json_each(new.resources) j WHERE NOT EXISTS (
            SELECT 1 FROM resource r WHERE r.id = j.value AND r.uai = new.uai AND r.retired_at IS NULL));
    INSERT INTO booking (resource_id, starts_at, event_id, ends_at)
    SELECT DISTINCT j.value, new.starts_at, new.id, new.ends_at FROM json_each(new.resources) j
    WHERE new.state = 'published' OR new.publish_at IS NOT NULL;
END;
CREATE TRIGGER event_books_again AFTER UPDATE OF resources, starts_at, ends_at, state, publish_at ON event BEGIN
    SELECT RAISE(ABORT, 'post:resource') WHERE EXISTS (
        SELECT 1 FROM json_each(new.resources) j WHERE NOT EXISTS (
            SELECT 1 FROM resource r WHERE r.id = j.value AND r.uai = new.uai AND r.retired_at IS NULL)
            AND j.value NOT IN (SELECT b.resource_id FROM booking b WHERE b.event_id = new.id)
            AND new.state <> 'cancelled');
    DELETE FROM booking WHERE event_id = new.id;
    INSERT INTO booking (resource_id, starts_at, event_id, ends_at)
    SELECT DISTINCT j.value, new.starts_at, new.id, new.ends_at FROM json_each(new.resources) j
    WHERE new.state = 'published' OR new.publish_at IS NOT NULL;
END;

-- The first notification goes to the chosen populations, within the rights of whoever publishes; the next ones to those
-- who had the first, even if they have left the population since: they must learn that it is called off. Only the message
-- that was written for the version as it is now pays what the event owes: one of an older version, or an editor's own, would
-- take the place of the change that people have to learn.
CREATE TRIGGER audience_of_event AFTER INSERT ON audience WHEN new.kind = 'event' BEGIN
    SELECT RAISE(ABORT, 'post:audience') WHERE NOT EXISTS (
        SELECT 1 FROM event e JOIN editable_rubrique r ON r.person_id = new.author_id AND r.rubrique_id = e.rubrique_id
        JOIN message m ON m.id = new.message_id AND m.idempotency_key = 'agenda-' || e.id || '-' || e.sequence
        WHERE e.id = new.about_id AND e.owes AND e.state <> 'draft' AND (e.told OR e.notify = 'all' OR EXISTS (
            SELECT 1 FROM writable_population w JOIN population o ON o.id = w.population_id
            WHERE w.person_id = new.author_id AND o.id = e.notify AND o.rubrique_id = e.rubrique_id)));
    INSERT OR IGNORE INTO invitation (event_id, person_id, token, invited_at)
    SELECT new.about_id, m.person_id, lower(hex(randomblob(16))), new.made_at
    FROM event e JOIN population o ON o.rubrique_id = e.rubrique_id AND (e.notify = 'all' OR e.notify = o.id)
    JOIN population_member m ON m.population_id = o.id
    WHERE e.id = new.about_id AND e.told = 0 AND m.person_id <> new.author_id
        AND EXISTS (SELECT 1 FROM writable_population w WHERE w.person_id = new.author_id AND w.population_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = new.author_id AND x.recipient_id = m.person_id);
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT new.message_id, i.person_id, 'bcc', c.by_mailbox, c.by_redirect
    FROM invitation i JOIN conveyance c ON c.person_id = i.person_id
    JOIN person p ON p.id = i.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    WHERE i.event_id = new.about_id AND i.person_id <> new.author_id
        AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = new.author_id AND x.recipient_id = i.person_id);
    UPDATE event SET owes = 0, told = 1, untold = NULL WHERE id = new.about_id;
    UPDATE audience SET (label, rubrique_id, members_hidden) = (SELECT r.name || ' : ' || e.title, r.id, EXISTS (
            SELECT 1 FROM population o JOIN person_group g ON g.id = o.group_id AND g.members_hidden
            WHERE o.rubrique_id = r.id AND (e.notify = 'all' OR e.notify = o.id)) FROM event e JOIN rubrique r ON r.id = e.rubrique_id
        WHERE e.id = new.about_id)
    WHERE message_id = new.message_id;
END;
