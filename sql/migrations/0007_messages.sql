-- Messages, from draft to mailbox. `post` is the only component that writes here (but for a draft, which its author
-- edits through send-message, and the marks a person puts on her own mailbox entries).

-- What a message is addressed to one by one, and bookmarks keep; audiences have kinds of their own (`audience_kind`).
CREATE TABLE addressee_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO addressee_kind (name) VALUES ('person'), ('group');

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
    -- As typed: JSON array of {"field": "to"|"cc"|"bcc", "kind", "id": ULID}; `kind` is one of `addressee_kind`, or of
    -- `audience_kind`.
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

-- A message is a draft until it has a row here. Inserting the row is the whole decision: the trigger
-- `submission_accepted` judges, expands the recipients, and fills mailboxes and outbox, or aborts with `post:<reason>` and leaves
-- nothing.
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

-- Where a message lies in a mailbox. 'destroyed': gone from the trash; the row stays as a tombstone, so that clients learn
-- of it.
CREATE TABLE folder (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO folder (name) VALUES ('inbox'), ('sent'), ('trash'), ('destroyed');

CREATE TABLE mailbox_entry (
    person_id TEXT NOT NULL REFERENCES person (id),
    message_id TEXT NOT NULL REFERENCES message (id),
    -- Someone who writes to herself has two entries.
    side TEXT NOT NULL CHECK (side IN ('author', 'recipient')),
    folder TEXT NOT NULL DEFAULT 'inbox' REFERENCES folder (name),
    seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
    answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)),
    received_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modseq INTEGER NOT NULL,
    PRIMARY KEY (person_id, message_id, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX mailbox_entry_by_modseq ON mailbox_entry (person_id, modseq);
CREATE INDEX mailbox_entry_by_folder ON mailbox_entry (person_id, folder, received_at, message_id, seen, size);

-- What a notice is about: recipients whom nothing reaches (M-9), mails that failed (O-1), a code (F-1).
CREATE TABLE notice_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO notice_kind (name) VALUES ('unreachable'), ('undelivered'), ('verification');

-- What the service itself has to tell one person; `notice_written` writes the message.
CREATE TABLE notice (
    message_id TEXT PRIMARY KEY CHECK (length(message_id) = 26),
    -- The message it is about, if any.
    about_id TEXT REFERENCES message (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL REFERENCES notice_kind (name),
    -- F-1: an address that is not verified yet: the notice goes there and nowhere else.
    address TEXT,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- Told once, however often the cause comes back.
    UNIQUE (about_id, kind)
) STRICT, WITHOUT ROWID;
