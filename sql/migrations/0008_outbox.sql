-- The outbox (DOMAIN §4): mails that leave, and what became of them.

-- Where a mail is. 'leased': on its way in the hands of one run; 'dead': given up after too long.
CREATE TABLE delivery_state (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO delivery_state (name) VALUES
    ('pending'), ('leased'), ('sent'), ('failed'), ('held'), ('cancelled'), ('dead');

CREATE TABLE delivery (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    message_id TEXT NOT NULL REFERENCES message (id),
    person_id TEXT REFERENCES person (id),
    -- The outside address as it was at submission: never shown to another person, never logged (F-2).
    address TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' REFERENCES delivery_state (name),
    priority INTEGER NOT NULL DEFAULT 1,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    lease_id TEXT,
    -- Of the last attempt: when it ended, the enhanced status (RFC 3463), what the sender is told, and the server's own words,
    -- addresses taken out, for administrators.
    last_at INTEGER,
    last_status TEXT,
    last_error TEXT,
    last_words TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    CHECK ((state = 'leased') = (lease_id IS NOT NULL)),
    CHECK ((state IN ('sent', 'failed', 'cancelled', 'dead')) = (finished_at IS NOT NULL))
) STRICT;
-- The queue: new, deferred and abandoned rows alike.
CREATE INDEX delivery_due ON delivery (priority, due_at) WHERE state IN ('pending', 'leased');
CREATE INDEX delivery_by_message ON delivery (message_id, state);
-- Lists and counts of one establishment by state, newest first.
CREATE INDEX delivery_by_establishment ON delivery (uai, state, id);
-- The state of each recipient of a message, and one mail at most for each.
CREATE UNIQUE INDEX delivery_by_recipient ON delivery (message_id, person_id);

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
