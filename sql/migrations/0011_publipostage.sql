-- Publipostage of accounts (P-1 to P-4, P-7): who makes whose letters, campaigns and what became of each person, and the
-- long jobs that make a file slice by slice (model letters have the same: P-5).

-- Administrators of classes: named by a local administrator, they make the letters of the students of their classes and of
-- these students' relatives, and of nobody else.
CREATE TABLE class_admin (
    person_id TEXT NOT NULL REFERENCES person (id),
    class_id TEXT NOT NULL REFERENCES class (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, class_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX class_admin_by_class ON class_admin (class_id);

-- What letters of an establishment have on them (P-3, P-5). Pictures were checked: PNG or JPEG.
CREATE TABLE establishment_letterhead (
    uai TEXT PRIMARY KEY REFERENCES establishment (uai),
    -- Postal address, joined by line feeds.
    address TEXT NOT NULL DEFAULT '' CHECK (length(address) <= 600),
    logo BLOB CHECK (length(logo) <= 1048576),
    -- Scanned, for model letters.
    signature BLOB CHECK (length(signature) <= 1048576),
    -- Name and function of who signs, joined by line feeds.
    signatory TEXT NOT NULL DEFAULT '' CHECK (length(signatory) <= 300)
) STRICT, WITHOUT ROWID;

-- What the file of a job is made of. 'accounts': a campaign; 'model': a run of a model letter.
CREATE TABLE job_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO job_kind (name) VALUES ('accounts'), ('model');
CREATE TABLE job_state (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO job_state (name) VALUES ('running'), ('done'), ('failed'), ('cancelled');

-- A job makes a file, slice by slice. Whoever has time carries it on: a page, or cron. A slice counts when it is inserted
-- into `job_slice`, for the generation it was made from: twice, at the same time, or killed half-way, the file is the same.
CREATE TABLE job (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    by_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL REFERENCES job_kind (name),
    about_id TEXT NOT NULL CHECK (length(about_id) = 26),
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL DEFAULT 'application/pdf',
    state TEXT NOT NULL DEFAULT 'running' REFERENCES job_state (name),
    -- Moves on with each slice that is kept.
    generation INTEGER NOT NULL DEFAULT 0,
    -- Slices begun since the last one that was kept.
    tries INTEGER NOT NULL DEFAULT 0,
    -- Things to do, and done or left out.
    total INTEGER NOT NULL CHECK (total >= 0),
    done INTEGER NOT NULL DEFAULT 0 CHECK (done <= total),
    -- Of the file so far.
    parts INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    -- What the next slice goes on from; a version byte, then whatever the kind keeps there. May hold codes: gone at the end.
    progress BLOB,
    -- Why it failed: French.
    reason TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    -- When a slice was last begun.
    touched_at INTEGER NOT NULL,
    finished_at INTEGER,
    -- When its file was thrown away.
    purged_at INTEGER,
    CHECK ((state = 'running') = (finished_at IS NULL)),
    CHECK (state = 'running' OR progress IS NULL)
) STRICT;
CREATE INDEX job_by_subject ON job (kind, about_id);
CREATE INDEX job_running ON job (touched_at) WHERE state = 'running';
CREATE INDEX job_kept ON job (finished_at) WHERE parts > 0 AND purged_at IS NULL;

CREATE TABLE job_part (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL CHECK (length(bytes) <= 262144),
    PRIMARY KEY (job_id, position)
) STRICT;

-- Things that were left out of the file, by their place among those to do, and why: French.
CREATE TABLE job_remark (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

-- How the letters of a campaign are given out: one on a sheet, eight on a sheet, by mail.
CREATE TABLE campaign_kind (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO campaign_kind (name) VALUES ('one'), ('eight'), ('mail');

-- A campaign is a selection as it was when it was started: who, in which order, at which address. It is kept; codes never are.
CREATE TABLE campaign (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    by_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL REFERENCES campaign_kind (name),
    -- What was asked for (`mailing::Criteria` as JSON).
    criteria TEXT NOT NULL CHECK (json_valid(criteria)),
    -- The mail campaign that this one prints the rest of.
    after_id TEXT REFERENCES campaign (id),
    total INTEGER NOT NULL CHECK (total > 0),
    -- The request that started it: sent twice, it starts one campaign.
    idempotency_key TEXT,
    created_at INTEGER NOT NULL,
    mailed_at INTEGER,
    UNIQUE (by_id, idempotency_key)
) STRICT;
CREATE INDEX campaign_by_establishment ON campaign (uai, id);
CREATE INDEX campaign_by_origin ON campaign (after_id) WHERE after_id IS NOT NULL;

-- Why no letter goes to somebody; '' when one does. Of a campaign: 'withheld', 'no-address', 'away', 'no-code'; of a model
-- letter: 'away' (blocked or gone), 'refused' (not to be written to by who sends), 'nowhere' (neither mailbox nor redirect).
CREATE TABLE letter_obstacle (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO letter_obstacle (name) VALUES (''), ('withheld'), ('no-address'), ('away'), ('no-code'), ('refused'), ('nowhere');

CREATE TABLE campaign_account (
    campaign_id TEXT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    -- From 0, in the order asked for.
    position INTEGER NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- Where a mail goes; empty: none is known. Never logged.
    address TEXT NOT NULL DEFAULT '',
    -- Whether the account was active already when the campaign was started.
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- The mail. No foreign key: it is given before the message is made, and each message made would look for it.
    message_id TEXT,
    -- Why there is none.
    left_out TEXT NOT NULL DEFAULT '' REFERENCES letter_obstacle (name),
    PRIMARY KEY (campaign_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX campaign_account_by_person ON campaign_account (person_id, campaign_id);
CREATE INDEX campaign_account_by_message ON campaign_account (message_id) WHERE message_id IS NOT NULL;

-- The texts of the mails of a campaign while `account_mails_written` merges them; else it is empty.
CREATE TABLE account_text (
    profile TEXT NOT NULL, active INTEGER NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (profile, active)
) STRICT, WITHOUT ROWID;
