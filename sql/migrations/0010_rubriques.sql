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
    profile TEXT NOT NULL DEFAULT '' CHECK (profile IN ('', 'student', 'relative', 'teacher', 'staff', 'guest')),
    PRIMARY KEY (rubrique_id, group_id, profile)
) STRICT, WITHOUT ROWID;
CREATE INDEX rubrique_editor_by_group ON rubrique_editor (group_id);

-- Those who can read the rubrique, and the only ones it can write to.
CREATE TABLE population (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    rubrique_id TEXT NOT NULL REFERENCES rubrique (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    profile TEXT NOT NULL DEFAULT '' CHECK (profile IN ('', 'student', 'relative', 'teacher', 'staff', 'guest')),
    UNIQUE (rubrique_id, group_id, profile)
) STRICT;
CREATE INDEX population_by_group ON population (group_id);

CREATE VIEW population_member (population_id, person_id) AS
    SELECT o.id, p.id
    FROM population o JOIN membership m ON m.group_id = o.group_id
    JOIN person p ON p.id = m.person_id AND (o.profile = '' OR p.profile = o.profile)
        AND p.blocked_at IS NULL AND p.left_at IS NULL;

-- Editors by their groups, and the local administrators of the establishment.
CREATE VIEW editable_rubrique (person_id, rubrique_id) AS
    SELECT p.id, e.rubrique_id
    FROM person p JOIN membership m ON m.person_id = p.id
    JOIN rubrique_editor e ON e.group_id = m.group_id AND (e.profile = '' OR e.profile = p.profile)
    JOIN rubrique r ON r.id = e.rubrique_id AND r.closed_at IS NULL
    WHERE p.blocked_at IS NULL AND p.left_at IS NULL
    UNION
    SELECT a.person_id, r.id
    FROM local_admin a JOIN rubrique r ON r.uai = a.uai AND r.closed_at IS NULL;

CREATE VIEW readable_rubrique (person_id, rubrique_id) AS
    SELECT x.person_id, o.rubrique_id
    FROM membership x JOIN population o ON o.group_id = x.group_id
    JOIN person p ON p.id = x.person_id AND (o.profile = '' OR p.profile = o.profile)
        AND p.blocked_at IS NULL AND p.left_at IS NULL
    JOIN rubrique r ON r.id = o.rubrique_id AND r.closed_at IS NULL
    UNION
    SELECT x.person_id, x.rubrique_id FROM editable_rubrique x;

-- What a population is called: "Parents de 6A", "Club théâtre (parents)".
CREATE VIEW population_label (population_id, rubrique_id, label) AS
    SELECT o.id, o.rubrique_id, g.name || CASE o.profile WHEN 'student' THEN ' (élèves)' WHEN 'relative' THEN ' (parents)'
        WHEN 'teacher' THEN ' (enseignants)' WHEN 'staff' THEN ' (personnels)' WHEN 'guest' THEN ' (invités)' ELSE '' END
    FROM population o JOIN person_group g ON g.id = o.group_id;

-- The populations that an editor may write to: of her rubrique, and within her rights (R-4).
CREATE VIEW writable_population (person_id, population_id) AS
    SELECT e.person_id, o.id
    FROM editable_rubrique e JOIN population o ON o.rubrique_id = e.rubrique_id
    WHERE EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = e.person_id AND v.group_id = o.group_id);

-- The audience of a message, as its addressee names it ({"field": "bcc", "kind": 'population' | …, "id": ULID}). A row is
-- written while the message is submitted; for each kind a trigger judges whether the author may write to this one
-- (RAISE 'post:audience') and fills `recipient`, always in 'bcc': recipients never see each other. What is there then is
-- what was sent to, whatever becomes of groups and rubriques later.
CREATE TABLE audience (
    message_id TEXT PRIMARY KEY REFERENCES message (id),
    author_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('population', 'news', 'event', 'flash', 'liaison')),
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

-- How somebody can be reached (M-9). The role is `person_role`'s, asked by its two keys: an EXISTS over the view costs each
-- recipient of a broadcast three times as much.
CREATE VIEW conveyance (person_id, by_mailbox, by_redirect) AS
    SELECT p.id, coalesce((SELECT o.granted FROM role_override o WHERE o.person_id = p.id AND o.role = 'mailbox'),
            EXISTS (SELECT 1 FROM profile_role r WHERE r.uai = p.uai AND r.profile = p.profile AND r.role = 'mailbox')),
        EXISTS (SELECT 1 FROM redirect y WHERE y.person_id = p.id AND y.address IS NOT NULL)
    FROM person p;

-- Each entry of each recipient's mailbox is written into every index, each in a page of its own when mailboxes are full: one
-- index serves lists, the space used and what is unread.
DROP INDEX mailbox_entry_size;
DROP INDEX mailbox_entry_unseen;
DROP INDEX mailbox_entry_by_folder;
CREATE INDEX mailbox_entry_by_folder ON mailbox_entry (person_id, folder, received_at, message_id, seen, size);

-- Whom a message to a population reaches, for each editor who may write to it: told before sending, and sent to.
CREATE VIEW population_audience (author_id, population_id, person_id, by_mailbox, by_redirect) AS
    SELECT w.person_id, w.population_id, m.person_id, c.by_mailbox, c.by_redirect
    FROM writable_population w JOIN population_member m ON m.population_id = w.population_id AND m.person_id <> w.person_id
    JOIN conveyance c ON c.person_id = m.person_id
    WHERE NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = w.person_id AND x.recipient_id = m.person_id);

CREATE TRIGGER audience_of_population AFTER INSERT ON audience WHEN new.kind = 'population' BEGIN
    SELECT RAISE(ABORT, 'post:audience') WHERE NOT EXISTS (
        SELECT 1 FROM writable_population w WHERE w.person_id = new.author_id AND w.population_id = new.about_id);
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT new.message_id, x.person_id, 'bcc', x.by_mailbox, x.by_redirect
    FROM population_audience x WHERE x.author_id = new.author_id AND x.population_id = new.about_id;
    UPDATE audience SET (label, rubrique_id, members_hidden) = (SELECT r.name || ' : ' || l.label, r.id, g.members_hidden
        FROM population_label l JOIN rubrique r ON r.id = l.rubrique_id JOIN population o ON o.id = l.population_id
        JOIN person_group g ON g.id = o.group_id WHERE l.population_id = new.about_id)
    WHERE message_id = new.message_id;
END;

-- As in 0002, and: an audience is judged by its own trigger; it is one addressee alone; a broadcast is not followed by a
-- notice naming whom nothing reaches, since its report says so.
DROP VIEW refused_addressee;
CREATE VIEW refused_addressee (message_id, position, field, kind, id) AS
    SELECT a.message_id, a.position, a.field, a.kind, a.id
    FROM addressee a
    WHERE a.author_id IS NOT NULL AND CASE a.kind
        WHEN 'person' THEN
            NOT EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = a.author_id AND v.recipient_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM answerable w JOIN person p ON p.id = w.recipient_id
                WHERE w.message_id = a.in_reply_to AND w.sender_id = a.author_id AND w.recipient_id = a.id
                AND p.blocked_at IS NULL AND p.left_at IS NULL)
        WHEN 'group' THEN NOT EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = a.author_id AND v.group_id = a.id)
        ELSE 0
        END;

DROP TRIGGER submission_accepted;
CREATE TRIGGER submission_accepted AFTER INSERT ON submission BEGIN
    SELECT RAISE(ABORT, 'post:author') WHERE EXISTS (
        SELECT 1 FROM message m JOIN person p ON p.id = m.author_id
        WHERE m.id = new.message_id AND (p.blocked_at IS NOT NULL OR p.left_at IS NOT NULL
            OR NOT EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = p.id AND x.role IN ('send', 'send-extended', 'mailbox'))));
    SELECT RAISE(ABORT, 'post:refused') WHERE EXISTS (
        SELECT 1 FROM refused_addressee x WHERE x.message_id = new.message_id);
    SELECT RAISE(ABORT, 'post:audience') WHERE new.broadcast AND 1 < (
        SELECT count(*) FROM addressee a WHERE a.message_id = new.message_id);

    INSERT INTO audience (message_id, author_id, kind, about_id, made_at)
    SELECT a.message_id, a.author_id, a.kind, a.id, new.submitted_at
    FROM addressee a WHERE a.message_id = new.message_id AND a.kind NOT IN ('person', 'group');
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT x.message_id, x.person_id, max(x.field), c.by_mailbox, c.by_redirect
    FROM expanded x JOIN person p ON p.id = x.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    JOIN conveyance c ON c.person_id = x.person_id
    WHERE x.message_id = new.message_id
    GROUP BY x.person_id;

    SELECT RAISE(ABORT, 'post:nobody') WHERE NOT EXISTS (SELECT 1 FROM recipient x WHERE x.message_id = new.message_id);
    SELECT RAISE(ABORT, 'post:too-many') WHERE new.broadcast = 0 AND (
        SELECT count(*) FROM recipient x WHERE x.message_id = new.message_id) > (
        SELECT e.max_recipients FROM message m JOIN establishment e ON e.uai = m.uai WHERE m.id = new.message_id);
    SELECT RAISE(ABORT, 'post:quota') WHERE new.broadcast = 0 AND EXISTS (
        SELECT 1 FROM full_mailbox x WHERE x.message_id = new.message_id AND x.used + new.size > x.quota);

    UPDATE modseq SET value = value + 1;
    INSERT INTO mailbox_entry (person_id, message_id, side, folder, seen, received_at, size, modseq)
    SELECT x.person_id, x.message_id, 'recipient', 'inbox', 0, new.submitted_at, new.size, (SELECT value FROM modseq)
    FROM recipient x WHERE x.message_id = new.message_id AND x.by_mailbox;
    INSERT INTO mailbox_entry (person_id, message_id, side, folder, seen, received_at, size, modseq)
    SELECT m.author_id, m.id, 'author', 'sent', 1, new.submitted_at, new.size, (SELECT value FROM modseq)
    FROM message m WHERE m.id = new.message_id AND m.author_id IS NOT NULL;
    UPDATE mailbox_entry SET answered = 1, modseq = (SELECT value FROM modseq)
    WHERE (person_id, message_id) = (SELECT m.author_id, m.in_reply_to FROM message m WHERE m.id = new.message_id);

    INSERT INTO delivery (id, uai, message_id, person_id, address, priority, due_at, expires_at, created_at)
    SELECT substr(new.message_id, 1, 10) || substr(hex(randomblob(8)), 1, 16), m.uai, m.id, d.person_id, d.address,
        new.priority, new.submitted_at, new.submitted_at + 172800000, new.submitted_at
    FROM message m JOIN redirect d ON d.address IS NOT NULL
    WHERE m.id = new.message_id AND (
        d.person_id IN (SELECT x.person_id FROM recipient x WHERE x.message_id = new.message_id AND x.by_redirect)
        OR (m.copy_to_author AND d.person_id = m.author_id));

    -- M-9: who has neither is named to the sender.
    INSERT INTO notice (message_id, about_id, person_id, kind, subject, body_text, created_at)
    SELECT substr(m.id, 1, 10) || substr(hex(randomblob(8)), 1, 16), m.id, m.author_id, 'unreachable',
        substr('Destinataires non joints : ' || m.subject, 1, 400),
        'Votre message « ' || m.subject || ' » n’a pas pu être remis aux personnes suivantes, qui n’ont ni messagerie '
        || 'interne ni adresse de redirection. Vous pouvez les joindre autrement (carnet de liaison, courrier).'
        || char(10) || char(10) || group_concat('– ' || p.first_name || ' ' || p.last_name, char(10)),
        new.submitted_at
    FROM message m
    JOIN recipient x ON x.message_id = m.id AND NOT x.by_mailbox AND NOT x.by_redirect
    JOIN person p ON p.id = x.person_id
    WHERE m.id = new.message_id AND m.author_id IS NOT NULL AND NOT new.broadcast
    GROUP BY m.id;
END;
