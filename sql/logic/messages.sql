-- Messages: whom they may go to, how they are submitted, and what the service says itself.

-- The addressees of each message, as they were typed.
CREATE VIEW addressee (message_id, author_id, in_reply_to, position, field, kind, id) AS
    SELECT m.id, m.author_id, m.in_reply_to, j.key, CAST(j.value ->> 'field' AS TEXT), CAST(j.value ->> 'kind' AS TEXT),
        CAST(j.value ->> 'id' AS TEXT)
    FROM message m, json_each(m.addressees) j;

-- M-7, M-8: whom an answer to `message_id` may go to: its author, and its To and Cc for those who could see them.
CREATE VIEW answerable (message_id, sender_id, recipient_id) AS
    SELECT r.message_id, r.person_id, m.author_id FROM recipient r JOIN message m ON m.id = r.message_id
    UNION ALL
    SELECT me.message_id, me.person_id, o.person_id
    FROM recipient me JOIN recipient o ON o.message_id = me.message_id AND o.field IN ('to', 'cc')
    WHERE me.field IN ('to', 'cc')
    UNION ALL
    SELECT m.id, m.author_id, o.person_id
    FROM message m JOIN recipient o ON o.message_id = m.id AND o.field IN ('to', 'cc');

-- M-3: the addressees of a message that its author may not write to. An audience is judged by the trigger of its kind.
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

-- The expansion (M-1): typed persons, members of typed groups; a list that hides its members goes in bcc (R-5). Someone
-- reached twice has two rows: she keeps the most visible field, which is the last in alphabetical order.
CREATE VIEW expanded (message_id, person_id, field) AS
    SELECT a.message_id, a.id, a.field FROM addressee a WHERE a.kind = 'person'
    UNION ALL
    SELECT a.message_id, s.person_id, CAST(CASE WHEN g.members_hidden THEN 'bcc' ELSE a.field END AS TEXT)
    FROM addressee a
    JOIN person_group g ON g.id = a.id
    JOIN membership s ON s.group_id = g.id
    WHERE a.kind = 'group' AND s.person_id IS NOT a.author_id
        AND NOT EXISTS (SELECT 1 FROM prohibition x WHERE x.sender_id = a.author_id AND x.recipient_id = s.person_id
            AND (x.until IS NULL OR x.until > unixepoch('subsec') * 1000));

-- How somebody can be reached (M-9). The role is `person_role`'s, asked by its two keys: an EXISTS over the view costs each
-- recipient of a broadcast three times as much.
CREATE VIEW conveyance (person_id, by_mailbox, by_redirect) AS
    SELECT p.id, coalesce((SELECT o.granted FROM role_override o WHERE o.person_id = p.id AND o.role = 'mailbox'),
            EXISTS (SELECT 1 FROM profile_role r WHERE r.uai = p.uai AND r.profile = p.profile AND r.role = 'mailbox')),
        EXISTS (SELECT 1 FROM redirect y WHERE y.person_id = p.id AND y.address IS NOT NULL)
    FROM person p;

-- M-5: bytes in the mailbox of each recipient who has one.
CREATE VIEW full_mailbox (message_id, person_id, used, quota) AS
    SELECT x.message_id, x.person_id,
        (SELECT coalesce(sum(y.size), 0) FROM mailbox_entry y WHERE y.person_id = x.person_id), e.mailbox_quota
    FROM recipient x JOIN person p ON p.id = x.person_id JOIN establishment e ON e.uai = p.uai
    WHERE x.by_mailbox;

-- The whole decision, in steps. A step is a procedure: a view without rows, whose columns are its arguments, and whose trigger
-- runs when a row is inserted into it. They are part of the statement that inserts into `submission`: if one of them aborts,
-- nothing of the others stays.
CREATE TRIGGER submission_accepted AFTER INSERT ON submission BEGIN
    INSERT INTO submission_judging (message_id, broadcast) VALUES (new.message_id, new.broadcast);
    INSERT INTO submission_expanding (message_id, submitted_at) VALUES (new.message_id, new.submitted_at);
    INSERT INTO submission_measuring (message_id, size, broadcast) VALUES (new.message_id, new.size, new.broadcast);
    INSERT INTO submission_filing (message_id, submitted_at, size) VALUES (new.message_id, new.submitted_at, new.size);
    INSERT INTO submission_queueing (message_id, submitted_at, priority) VALUES (new.message_id, new.submitted_at, new.priority);
    INSERT INTO submission_reporting (message_id, submitted_at, broadcast) VALUES (new.message_id, new.submitted_at, new.broadcast);
END;

-- The author may send, and may write to each addressee (M-3). An audience is the only addressee of its message, and is judged
-- by the trigger of its kind.
CREATE VIEW submission_judging (message_id, broadcast) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER submission_judged INSTEAD OF INSERT ON submission_judging BEGIN
    SELECT RAISE(ABORT, 'post:author') WHERE EXISTS (
        SELECT 1 FROM message m JOIN person p ON p.id = m.author_id
        WHERE m.id = new.message_id AND (p.blocked_at IS NOT NULL OR p.left_at IS NOT NULL
            OR NOT EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = p.id AND x.role IN ('send', 'send-extended', 'mailbox'))));
    SELECT RAISE(ABORT, 'post:refused') WHERE EXISTS (
        SELECT 1 FROM refused_addressee x WHERE x.message_id = new.message_id);
    SELECT RAISE(ABORT, 'post:audience') WHERE new.broadcast AND 1 < (
        SELECT count(*) FROM addressee a WHERE a.message_id = new.message_id);
END;

-- The addressees become recipients (M-1). The trigger of an audience's kind fills `recipient` itself.
CREATE VIEW submission_expanding (message_id, submitted_at) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER submission_expanded INSTEAD OF INSERT ON submission_expanding BEGIN
    INSERT INTO audience (message_id, author_id, kind, about_id, made_at)
    SELECT a.message_id, a.author_id, a.kind, a.id, new.submitted_at
    FROM addressee a WHERE a.message_id = new.message_id AND a.kind NOT IN ('person', 'group');
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT x.message_id, x.person_id, max(x.field), c.by_mailbox, c.by_redirect
    FROM expanded x JOIN person p ON p.id = x.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    JOIN conveyance c ON c.person_id = x.person_id
    WHERE x.message_id = new.message_id
    GROUP BY x.person_id;
END;

-- There is somebody to receive it. The recipients are not too many (M-2) and have room (M-5); neither is asked of a broadcast.
CREATE VIEW submission_measuring (message_id, size, broadcast) AS SELECT NULL, NULL, NULL WHERE 0;
CREATE TRIGGER submission_measured INSTEAD OF INSERT ON submission_measuring BEGIN
    SELECT RAISE(ABORT, 'post:nobody') WHERE NOT EXISTS (SELECT 1 FROM recipient x WHERE x.message_id = new.message_id);
    SELECT RAISE(ABORT, 'post:too-many') WHERE new.broadcast = 0 AND (
        SELECT count(*) FROM recipient x WHERE x.message_id = new.message_id) > (
        SELECT e.max_recipients FROM message m JOIN establishment e ON e.uai = m.uai WHERE m.id = new.message_id);
    SELECT RAISE(ABORT, 'post:quota') WHERE new.broadcast = 0 AND EXISTS (
        SELECT 1 FROM full_mailbox x WHERE x.message_id = new.message_id AND x.used + new.size > x.quota);
END;

-- Each mailbox gets an entry, and the author has one among what she sent; the message that she answers is marked.
CREATE VIEW submission_filing (message_id, submitted_at, size) AS SELECT NULL, NULL, NULL WHERE 0;
CREATE TRIGGER submission_filed INSTEAD OF INSERT ON submission_filing BEGIN
    UPDATE modseq SET value = value + 1;
    INSERT INTO mailbox_entry (person_id, message_id, side, folder, seen, received_at, size, modseq)
    SELECT x.person_id, x.message_id, 'recipient', 'inbox', 0, new.submitted_at, new.size, (SELECT value FROM modseq)
    FROM recipient x WHERE x.message_id = new.message_id AND x.by_mailbox;
    INSERT INTO mailbox_entry (person_id, message_id, side, folder, seen, received_at, size, modseq)
    SELECT m.author_id, m.id, 'author', 'sent', 1, new.submitted_at, new.size, (SELECT value FROM modseq)
    FROM message m WHERE m.id = new.message_id AND m.author_id IS NOT NULL;
    UPDATE mailbox_entry SET answered = 1, modseq = (SELECT value FROM modseq)
    WHERE (person_id, message_id) = (SELECT m.author_id, m.in_reply_to FROM message m WHERE m.id = new.message_id);
END;

-- A mail leaves to each redirect address, and to the author's own if she wants a copy (M-4).
CREATE VIEW submission_queueing (message_id, submitted_at, priority) AS SELECT NULL, NULL, NULL WHERE 0;
CREATE TRIGGER submission_queued INSTEAD OF INSERT ON submission_queueing BEGIN
    INSERT INTO delivery (id, uai, message_id, person_id, address, priority, due_at, expires_at, created_at)
    SELECT substr(new.message_id, 1, 10) || substr(hex(randomblob(8)), 1, 16), m.uai, m.id, d.person_id, d.address,
        new.priority, new.submitted_at, new.submitted_at + 172800000, new.submitted_at
    FROM message m JOIN redirect d ON d.address IS NOT NULL
    WHERE m.id = new.message_id AND (
        d.person_id IN (SELECT x.person_id FROM recipient x WHERE x.message_id = new.message_id AND x.by_redirect)
        OR (m.copy_to_author AND d.person_id = m.author_id));
END;

-- M-9: who has neither mailbox nor redirect address is named to the sender. Of a broadcast the report says it.
CREATE VIEW submission_reporting (message_id, submitted_at, broadcast) AS SELECT NULL, NULL, NULL WHERE 0;
CREATE TRIGGER submission_reported INSTEAD OF INSERT ON submission_reporting BEGIN
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

-- Each change of a mailbox has a number of its own.
CREATE TRIGGER mailbox_entry_marked AFTER UPDATE OF seen, folder ON mailbox_entry BEGIN
    UPDATE modseq SET value = value + 1;
    UPDATE mailbox_entry SET modseq = (SELECT value FROM modseq)
    WHERE person_id = new.person_id AND message_id = new.message_id AND side = new.side;
END;

-- A notice is a message from the service to one person: to her mailbox, and to her redirect address if she has one; or
-- to the address it names, and then before other mail, since somebody is waiting for it.
CREATE TRIGGER notice_written AFTER INSERT ON notice BEGIN
    INSERT INTO message (id, uai, author_id, thread_id, message_id, subject, body_text, addressees, created_at, updated_at)
    SELECT new.message_id, p.uai, NULL, coalesce((SELECT a.thread_id FROM message a WHERE a.id = new.about_id), new.message_id),
        lower(new.message_id) || '@' || e.domain, new.subject, new.body_text,
        json_array(json_object('field', 'to', 'kind', 'person', 'id', p.id)), new.created_at, new.created_at
    FROM person p JOIN establishment e ON e.uai = p.uai WHERE p.id = new.person_id;
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT new.message_id, new.person_id, 'to', new.address IS NULL, new.address IS NOT NULL
        OR EXISTS (SELECT 1 FROM redirect y WHERE y.person_id = new.person_id AND y.address IS NOT NULL);
    UPDATE modseq SET value = value + 1;
    -- Even without the mailbox role: a notice that nobody could read would be a loss.
    INSERT INTO mailbox_entry (person_id, message_id, side, folder, received_at, size, modseq)
    SELECT new.person_id, new.message_id, 'recipient', 'inbox', new.created_at,
        length(CAST(new.subject AS BLOB)) + length(CAST(new.body_text AS BLOB)), value
    FROM modseq WHERE new.address IS NULL;
    INSERT INTO delivery (id, uai, message_id, person_id, address, priority, due_at, expires_at, created_at)
    SELECT substr(new.message_id, 1, 10) || substr(hex(randomblob(8)), 1, 16), p.uai, new.message_id, p.id,
        coalesce(new.address, d.address), new.address IS NULL, new.created_at, new.created_at + 172800000, new.created_at
    FROM person p LEFT JOIN redirect d ON d.person_id = p.id
    WHERE p.id = new.person_id AND coalesce(new.address, d.address) IS NOT NULL;
END;
