-- News (B-3), flash messages (B-4), liaison notices (B-5). What is shown is decided by the clock and these rows alone, so that
-- nothing depends on when the cron trigger fires; it only sends the messages. Each of them is sent once: the trigger of its
-- audience refuses what has `notified_at`, and sets it, in the one statement that submits the message.

-- --- News ------------------------------------------------------------------------------------------------------------

CREATE TABLE news (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    rubrique_id TEXT NOT NULL REFERENCES rubrique (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES person (id),
    -- Who saved it last: the message that tells of it leaves in her name, and is judged by her rights.
    edited_by TEXT NOT NULL REFERENCES person (id),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 150),
    -- Sanitised HTML, and its text rendering.
    body_html TEXT NOT NULL,
    body_text TEXT NOT NULL,
    -- JSON array of ids of populations of the rubrique; null: all who can read it.
    audience TEXT CHECK (json_type(audience) = 'array'),
    -- Readers see it from then on; null: a draft.
    publish_at INTEGER,
    expires_at INTEGER,
    comments INTEGER NOT NULL CHECK (comments IN (0, 1)),
    -- Readers are asked to say that they have read it.
    acknowledge INTEGER NOT NULL CHECK (acknowledge IN (0, 1)),
    -- The poll: a question and its 2 to 10 choices (JSON array of texts); neither for none.
    question TEXT NOT NULL DEFAULT '' CHECK (length(question) <= 200),
    choices TEXT NOT NULL DEFAULT '[]' CHECK (json_array_length(choices) BETWEEN 2 AND 10 OR choices = '[]'),
    -- Editors see who chose what; otherwise only how many.
    named INTEGER NOT NULL DEFAULT 0 CHECK (named IN (0, 1)),
    -- Those who have answered see how many chose what.
    results_shown INTEGER NOT NULL DEFAULT 0 CHECK (results_shown IN (0, 1)),
    -- Tell its audience by a message, once, when it is published.
    notify INTEGER NOT NULL DEFAULT 0 CHECK (notify IN (0, 1)),
    notified_at INTEGER,
    -- Code of the refusal that no further try would change; taken back by saving the news again.
    notify_problem TEXT,
    idempotency_key TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((question = '') = (choices = '[]')),
    CHECK (expires_at > publish_at),
    UNIQUE (author_id, idempotency_key)
) STRICT;
CREATE INDEX news_by_rubrique ON news (rubrique_id, publish_at);
CREATE INDEX news_to_tell ON news (publish_at) WHERE notify = 1 AND notified_at IS NULL AND notify_problem IS NULL;

-- The populations of `audience`; one that is taken off the rubrique reads its news no more.
CREATE TABLE news_population (
    news_id TEXT NOT NULL REFERENCES news (id) ON DELETE CASCADE,
    population_id TEXT NOT NULL REFERENCES population (id) ON DELETE CASCADE,
    PRIMARY KEY (news_id, population_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX news_population_by_population ON news_population (population_id);

CREATE TABLE news_reading (
    news_id TEXT NOT NULL REFERENCES news (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    seen_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    PRIMARY KEY (news_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX news_reading_by_person ON news_reading (person_id);

CREATE TABLE news_vote (
    news_id TEXT NOT NULL REFERENCES news (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- Place in `choices`, from 0.
    choice INTEGER NOT NULL CHECK (choice >= 0),
    at INTEGER NOT NULL,
    PRIMARY KEY (news_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX news_vote_by_person ON news_vote (person_id);

CREATE TABLE news_comment (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    news_id TEXT NOT NULL REFERENCES news (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES person (id),
    body TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 2000),
    at INTEGER NOT NULL,
    deleted_at INTEGER,
    deleted_by TEXT REFERENCES person (id)
) STRICT;
CREATE INDEX news_comment_by_news ON news_comment (news_id, id);

-- --- Flash messages --------------------------------------------------------------------------------------------------

CREATE TABLE flash (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    author_id TEXT NOT NULL REFERENCES person (id),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
    level TEXT NOT NULL CHECK (level IN ('information', 'warning', 'urgent')),
    -- JSON array of the profiles it is for.
    profiles TEXT NOT NULL CHECK (json_array_length(profiles) > 0),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    withdrawn_by TEXT REFERENCES person (id),
    notified_at INTEGER,
    notify_problem TEXT,
    idempotency_key TEXT,
    created_at INTEGER NOT NULL,
    CHECK (ends_at > starts_at),
    UNIQUE (author_id, idempotency_key)
) STRICT;
CREATE INDEX flash_by_establishment ON flash (uai, id);
CREATE INDEX flash_open ON flash (uai, ends_at) WHERE withdrawn_at IS NULL;
CREATE INDEX flash_to_tell ON flash (starts_at) WHERE notified_at IS NULL AND withdrawn_at IS NULL AND notify_problem IS NULL;

CREATE TABLE flash_dismissal (
    person_id TEXT NOT NULL REFERENCES person (id),
    flash_id TEXT NOT NULL REFERENCES flash (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, flash_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX flash_dismissal_by_flash ON flash_dismissal (flash_id);

-- --- Liaison notices -------------------------------------------------------------------------------------------------

CREATE TABLE liaison (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    -- That of the pupils, whose administrators follow it; the author may be of another.
    uai TEXT NOT NULL REFERENCES establishment (uai),
    author_id TEXT NOT NULL REFERENCES person (id),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 150),
    body_html TEXT NOT NULL,
    body_text TEXT NOT NULL,
    -- As chosen: JSON arrays of ids. Who is concerned is in `liaison_pupil`.
    groups TEXT NOT NULL CHECK (json_type(groups) = 'array'),
    pupils TEXT NOT NULL CHECK (json_type(pupils) = 'array'),
    -- A reminder by itself, once, so many days after it was sent.
    remind_days INTEGER CHECK (remind_days BETWEEN 1 AND 60),
    notified_at INTEGER,
    notify_problem TEXT,
    idempotency_key TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (author_id, idempotency_key)
) STRICT;
CREATE INDEX liaison_by_author ON liaison (author_id, id);
CREATE INDEX liaison_by_establishment ON liaison (uai, id);
CREATE INDEX liaison_to_tell ON liaison (created_at) WHERE notified_at IS NULL AND notify_problem IS NULL;
CREATE INDEX liaison_to_remind ON liaison (notified_at) WHERE remind_days IS NOT NULL;

-- Who is concerned, and who was asked, as it was when the notice was written: rules, groups and classes may change later.
CREATE TABLE liaison_pupil (
    liaison_id TEXT NOT NULL REFERENCES liaison (id) ON DELETE CASCADE,
    student_id TEXT NOT NULL REFERENCES person (id),
    class_name TEXT NOT NULL,
    PRIMARY KEY (liaison_id, student_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE liaison_addressee (
    liaison_id TEXT NOT NULL REFERENCES liaison (id) ON DELETE CASCADE,
    student_id TEXT NOT NULL REFERENCES person (id),
    relative_id TEXT NOT NULL REFERENCES person (id),
    confirmed_at INTEGER,
    PRIMARY KEY (liaison_id, student_id, relative_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX liaison_addressee_by_relative ON liaison_addressee (relative_id, liaison_id);

CREATE TABLE liaison_reminder (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    liaison_id TEXT NOT NULL REFERENCES liaison (id) ON DELETE CASCADE,
    scheduled INTEGER NOT NULL CHECK (scheduled IN (0, 1)),
    created_at INTEGER NOT NULL,
    notified_at INTEGER,
    notify_problem TEXT
) STRICT;
CREATE INDEX liaison_reminder_by_notice ON liaison_reminder (liaison_id, created_at);
CREATE UNIQUE INDEX liaison_reminder_scheduled ON liaison_reminder (liaison_id) WHERE scheduled = 1;
CREATE INDEX liaison_reminder_to_tell ON liaison_reminder (created_at) WHERE notified_at IS NULL AND notify_problem IS NULL;
