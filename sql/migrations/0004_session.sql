-- Accounts and sessions (A-2, A-3). Sessions themselves live in key-value; what ends them all at once lives here.

-- Part of every session: a new password or "sign out everywhere" moves it on, and older sessions open nothing any more.
ALTER TABLE person ADD COLUMN session_epoch INTEGER NOT NULL DEFAULT 0;

-- A-2: password renewal by a mailed link, good for one hour and one use. SHA-256 of the link's token, so that a copy of
-- the database opens no account. One at a time: asking again puts out the link before.
CREATE TABLE password_renewal (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is done once in a while for the whole deployment, by whichever instance comes first.
CREATE TABLE periodic_task (
    name TEXT PRIMARY KEY,
    -- UTC milliseconds.
    done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- F-1: codes mailed to a person within the hour that began at `codes_since`, so that nobody's mailbox can be flooded.
ALTER TABLE redirect ADD COLUMN codes_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE redirect ADD COLUMN codes_since INTEGER NOT NULL DEFAULT 0;
