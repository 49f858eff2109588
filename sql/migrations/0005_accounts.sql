-- What a person may do and how she comes in: roles, settings, passwords, her own address outside (A-2, A-5, F-1).

-- What a person may do (A-5).
CREATE TABLE role (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO role (name) VALUES
    ('send'), ('send-extended'), ('mailbox'), ('user'), ('advanced-user'), ('directory-manager');
-- A-5: roles by profile in each establishment, and what departs from them for one person.
CREATE TABLE profile_role (
    uai TEXT NOT NULL REFERENCES establishment (uai),
    profile TEXT NOT NULL REFERENCES profile (name),
    role TEXT NOT NULL REFERENCES role (name),
    PRIMARY KEY (uai, profile, role)
) STRICT, WITHOUT ROWID;
CREATE TABLE role_override (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL REFERENCES role (name),
    granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
    PRIMARY KEY (person_id, role)
) STRICT, WITHOUT ROWID;

-- What an administrator set: who, when, what. INSERT is the change itself, triggers make it: `name`, `domain`… are
-- columns of `establishment`; `role:<profile>:<role>` is '1' or '0'; `role:<person id>:<role>` is 'granted', 'refused', or
-- '' for as the profile has it.
CREATE TABLE setting_change (
    n INTEGER PRIMARY KEY,
    uai TEXT NOT NULL REFERENCES establishment (uai),
    at INTEGER NOT NULL,
    by_id TEXT REFERENCES person (id),
    setting TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;
CREATE INDEX setting_change_by_establishment ON setting_change (uai, n);

-- Wrong passwords, counted per login to slow guessing down (A-2).
CREATE TABLE sign_in_failure (
    login TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A-2: password renewal by a mailed link, good for one hour and one use. SHA-256 of the link's token, so that a copy of
-- the database opens no account. One at a time: asking again puts out the link before.
CREATE TABLE password_renewal (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- F-1: the person's own address outside, used once verified by a mailed code.
CREATE TABLE redirect (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    address TEXT,
    verified_at INTEGER,
    pending_address TEXT,
    -- SHA-256 of the code, so that a copy of the database does not give it.
    pending_code_hash TEXT,
    pending_expires_at INTEGER,
    pending_attempts INTEGER NOT NULL DEFAULT 0,
    -- Codes mailed to the person within the hour that began at `codes_since`, so that nobody's mailbox can be flooded.
    codes_sent INTEGER NOT NULL DEFAULT 0,
    codes_since INTEGER NOT NULL DEFAULT 0,
    CHECK ((address IS NULL) = (verified_at IS NULL)),
    CHECK ((pending_address IS NULL) = (pending_code_hash IS NULL)),
    CHECK ((pending_address IS NULL) = (pending_expires_at IS NULL))
) STRICT, WITHOUT ROWID;

-- What is done once in a while for the whole deployment, by whichever instance comes first.
CREATE TABLE periodic_task (
    name TEXT PRIMARY KEY,
    done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
