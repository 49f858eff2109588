-- Messages, from draft to mailbox. `post` is the only component that writes here (but for a draft, which its author
-- edits through send-message, and the marks a person puts on her own mailbox entries).

CREATE TABLE message (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    -- Null: written by the service itself (notices).
    author_id TEXT REFERENCES person (id),
    -- The first message of the conversation; itself for a new one.
    thread_id TEXT NOT NULL,
    -- The message this one answers: it opens the way to its author, To and Cc (M-7). A forward has none.
    in_reply_to TEXT REFERENCES message (id),
    -- RFC 5322 Message-ID without angle brackets; the same on every mail that leaves.
    message_id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL DEFAULT '' CHECK (length(subject) <= 400 AND instr(subject, char(10)) = 0 AND instr(subject, char(13)) = 0),
    -- Sanitised HTML, and its text rendering.
    body_html TEXT NOT NULL DEFAULT '',
    body_text TEXT NOT NULL DEFAULT '',
    -- As typed: JSON array of {"field": "to"|"cc"|"bcc", "kind": "person"|"group", "id": ULID}.
    addressees TEXT NOT NULL DEFAULT '[]' CHECK (json_type(addressees) = 'array'),
    -- M-4: a copy to the author's own redirect address.
    copy_to_author INTEGER NOT NULL DEFAULT 0 CHECK (copy_to_author IN (0, 1)),
    -- The client's Idempotency-Key of the request that made the message.
    idempotency_key TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (author_id, idempotency_key)
) STRICT;
CREATE INDEX message_by_thread ON message (thread_id);
CREATE INDEX message_by_author ON message (author_id, updated_at);

-- M-10: content is stored once by SHA-256 (hex), in chunks of at most 256 KiB, however many messages refer to it.
CREATE TABLE content_chunk (
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL CHECK (length(bytes) <= 262144),
    PRIMARY KEY (sha256, position)
) STRICT;
CREATE TABLE attachment (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    sha256 TEXT NOT NULL,
    -- Joining the same file again, after a broken request say, changes nothing.
    UNIQUE (message_id, name, sha256)
) STRICT;
CREATE INDEX attachment_by_content ON attachment (sha256);

-- A message is a draft until it has a row here. Inserting the row is the whole decision: the trigger below expands the
-- recipients, judges them, and fills mailboxes and outbox, or aborts with `post:<reason>` and leaves nothing.
CREATE TABLE submission (
    message_id TEXT PRIMARY KEY REFERENCES message (id),
    submitted_at INTEGER NOT NULL,
    -- Bytes counted in quotas: subject, body and attachments.
    size INTEGER NOT NULL,
    -- B-1: sent to a population, without the limit of M-2.
    broadcast INTEGER NOT NULL DEFAULT 0 CHECK (broadcast IN (0, 1)),
    -- Order of the mails in the outbox: 0 before 1 (flash messages).
    priority INTEGER NOT NULL DEFAULT 1 CHECK (priority IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Who received: the typed persons and the members of the typed groups, each once, in the most visible field.
CREATE TABLE recipient (
    message_id TEXT NOT NULL REFERENCES message (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    field TEXT NOT NULL CHECK (field IN ('to', 'cc', 'bcc')),
    -- How the message reaches her: an entry in her mailbox, a mail to her redirect address, or neither (M-9).
    by_mailbox INTEGER NOT NULL CHECK (by_mailbox IN (0, 1)),
    by_redirect INTEGER NOT NULL CHECK (by_redirect IN (0, 1)),
    PRIMARY KEY (message_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recipient_by_person ON recipient (person_id, message_id);

-- One counter for every mailbox change: the state that a client compares (JMAP `changes`, polling).
CREATE TABLE modseq (value INTEGER NOT NULL) STRICT;
INSERT INTO modseq VALUES (1);

CREATE TABLE mailbox_entry (
    person_id TEXT NOT NULL REFERENCES person (id),
    message_id TEXT NOT NULL REFERENCES message (id),
    -- Someone who writes to herself has two entries.
    side TEXT NOT NULL CHECK (side IN ('author', 'recipient')),
    -- 'destroyed': gone from the trash; the row stays as a tombstone, so that clients learn of it.
    folder TEXT NOT NULL DEFAULT 'inbox' CHECK (folder IN ('inbox', 'sent', 'trash', 'destroyed')),
    seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
    answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)),
    received_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    PRIMARY KEY (person_id, message_id, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX mailbox_entry_by_folder ON mailbox_entry (person_id, folder, received_at, message_id);
CREATE INDEX mailbox_entry_unseen ON mailbox_entry (person_id, folder) WHERE seen = 0;
CREATE INDEX mailbox_entry_by_modseq ON mailbox_entry (person_id, modseq);
CREATE INDEX mailbox_entry_size ON mailbox_entry (person_id, size);

CREATE TRIGGER mailbox_entry_marked AFTER UPDATE OF seen, folder ON mailbox_entry BEGIN
    UPDATE modseq SET value = value + 1;
    UPDATE mailbox_entry SET modseq = (SELECT value FROM modseq)
    WHERE person_id = new.person_id AND message_id = new.message_id AND side = new.side;
END;

-- What the service itself has to tell one person; the trigger writes the message.
CREATE TABLE notice (
    message_id TEXT PRIMARY KEY CHECK (length(message_id) = 26),
    -- The message it is about, if any.
    about_id TEXT REFERENCES message (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('unreachable', 'undelivered', 'verification')),
    -- F-1: an address that is not verified yet: the notice goes there and nowhere else.
    address TEXT,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- Told once, however often the cause comes back.
    UNIQUE (about_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    message_id TEXT NOT NULL REFERENCES message (id),
    person_id TEXT REFERENCES person (id),
    -- The outside address as it was at submission: never shown to another person, never logged (F-2).
    address TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'leased', 'sent', 'failed', 'held', 'cancelled', 'dead')),
    priority INTEGER NOT NULL DEFAULT 1,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    lease_id TEXT,
    -- Enhanced status (RFC 3463) and words of the server at the last attempt, addresses taken out.
    last_status TEXT,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    CHECK ((state = 'leased') = (lease_id IS NOT NULL)),
    CHECK ((state IN ('sent', 'failed', 'cancelled', 'dead')) = (finished_at IS NOT NULL))
) STRICT;
-- The queue: new, deferred and abandoned rows alike.
CREATE INDEX delivery_due ON delivery (priority, due_at) WHERE state IN ('pending', 'leased');
CREATE INDEX delivery_by_message ON delivery (message_id, state);

CREATE TABLE delivery_attempt (
    delivery_id TEXT NOT NULL REFERENCES delivery (id),
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'retry', 'reject')),
    status TEXT,
    words TEXT,
    PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;

-- A relay that cannot be reached is left alone until an instant; its rows keep their attempts (DOMAIN §4).
CREATE TABLE relay_pause (
    relay TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    until INTEGER NOT NULL,
    last_error TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

-- M-3: the addressees of a message that its author may not write to.
CREATE VIEW refused_addressee (message_id, position, field, kind, id) AS
    SELECT a.message_id, a.position, a.field, a.kind, a.id
    FROM addressee a
    WHERE a.author_id IS NOT NULL AND CASE a.kind
        WHEN 'person' THEN
            NOT EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = a.author_id AND v.recipient_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM answerable w JOIN person p ON p.id = w.recipient_id
                WHERE w.message_id = a.in_reply_to AND w.sender_id = a.author_id AND w.recipient_id = a.id
                AND p.blocked_at IS NULL AND p.left_at IS NULL)
        ELSE NOT EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = a.author_id AND v.group_id = a.id)
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

CREATE TRIGGER submission_accepted AFTER INSERT ON submission BEGIN
    SELECT RAISE(ABORT, 'post:author') WHERE EXISTS (
        SELECT 1 FROM message m JOIN person p ON p.id = m.author_id
        WHERE m.id = new.message_id AND (p.blocked_at IS NOT NULL OR p.left_at IS NOT NULL
            OR NOT EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = p.id AND x.role IN ('send', 'send-extended', 'mailbox'))));
    SELECT RAISE(ABORT, 'post:refused') WHERE EXISTS (
        SELECT 1 FROM refused_addressee x WHERE x.message_id = new.message_id);

    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT x.message_id, x.person_id, max(x.field),
        EXISTS (SELECT 1 FROM person_role y WHERE y.person_id = x.person_id AND y.role = 'mailbox'),
        EXISTS (SELECT 1 FROM redirect y WHERE y.person_id = x.person_id AND y.address IS NOT NULL)
    FROM expanded x JOIN person p ON p.id = x.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
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
    WHERE m.id = new.message_id AND m.author_id IS NOT NULL
    GROUP BY m.id;
END;

-- M-5: bytes in the mailbox of each recipient who has one.
CREATE VIEW full_mailbox (message_id, person_id, used, quota) AS
    SELECT x.message_id, x.person_id,
        (SELECT coalesce(sum(y.size), 0) FROM mailbox_entry y WHERE y.person_id = x.person_id), e.mailbox_quota
    FROM recipient x JOIN person p ON p.id = x.person_id JOIN establishment e ON e.uai = p.uai
    WHERE x.by_mailbox;

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

-- A code does not outlive its mail.
CREATE TRIGGER verification_finished AFTER UPDATE OF state ON delivery
WHEN new.state IN ('sent', 'failed', 'dead', 'cancelled')
    AND EXISTS (SELECT 1 FROM notice n WHERE n.message_id = new.message_id AND n.kind = 'verification') BEGIN
    UPDATE message SET body_text = '' WHERE id = new.message_id;
    UPDATE notice SET body_text = '' WHERE message_id = new.message_id;
END;

-- O-1: when nothing of a message is on its way any more and something failed, its author is told, once.
CREATE TRIGGER delivery_finished AFTER UPDATE OF state ON delivery
WHEN new.state IN ('sent', 'failed', 'dead', 'cancelled') AND new.state <> old.state BEGIN
    INSERT INTO notice (message_id, about_id, person_id, kind, subject, body_text, created_at)
    SELECT substr(m.id, 1, 10) || substr(hex(randomblob(8)), 1, 16), m.id, m.author_id, 'undelivered',
        substr('Message non remis : ' || m.subject, 1, 400),
        'Votre message « ' || m.subject || ' » n’a pas pu être remis à l’adresse personnelle des destinataires suivants. '
        || 'S’ils ont une messagerie interne, ils l’y trouveront.'
        || char(10) || char(10)
        || group_concat('– ' || p.first_name || ' ' || p.last_name || ' : ' || coalesce(d.last_error, 'pas de réponse du serveur'), char(10)),
        new.finished_at
    FROM message m
    JOIN delivery d ON d.message_id = m.id AND d.state IN ('failed', 'dead')
    JOIN person p ON p.id = d.person_id
    WHERE m.id = new.message_id AND m.author_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.message_id = m.id AND o.state IN ('pending', 'leased', 'held'))
    GROUP BY m.id
    ON CONFLICT (about_id, kind) DO NOTHING;
END;
