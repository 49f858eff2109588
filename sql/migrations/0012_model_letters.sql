-- Model letters (P-5, P-6): templates shared in an establishment, and their runs: whom a letter went to, and how.

CREATE TABLE model (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    folded_name TEXT NOT NULL CHECK (folded_name <> ''),
    -- As typed, with merge fields: plain text, and sanitised HTML. It may have mistakes: they are told until it is sent.
    subject TEXT NOT NULL DEFAULT '' CHECK (length(subject) <= 400),
    body TEXT NOT NULL DEFAULT '' CHECK (length(body) <= 60000),
    author_id TEXT NOT NULL REFERENCES person (id),
    editor_id TEXT NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Counted up by each edit: who saves over another's edit is told so.
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (uai, folded_name)
) STRICT;

-- The scanned signature of a model, apart so that lists do not drag it along; without one, the establishment's stands there.
CREATE TABLE model_signature (
    model_id TEXT PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
    picture BLOB NOT NULL CHECK (length(picture) BETWEEN 1 AND 307200)
) STRICT;

-- What becomes of the letters of a run. 'attached': a message each, with the letter as PDF; 'body': the letter is the message;
-- 'print': one PDF of all.
CREATE TABLE model_way (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO model_way (name) VALUES ('attached'), ('body'), ('print');

-- One use of a model, frozen as it was checked. It outlives its model.
CREATE TABLE model_run (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    by_id TEXT NOT NULL REFERENCES person (id),
    model_id TEXT REFERENCES model (id) ON DELETE SET NULL,
    -- Of the model then.
    name TEXT NOT NULL,
    way TEXT NOT NULL REFERENCES model_way (name),
    -- In words: "Parents de 6A".
    audience TEXT NOT NULL,
    -- The date on the letters, written out, and who signs.
    dated TEXT NOT NULL,
    signature BLOB,
    -- Who gets a copy of each: JSON array of {"field": "cc" | "bcc", "kind": "person", "id": ULID}.
    copies TEXT NOT NULL DEFAULT '[]' CHECK (json_type(copies) = 'array'),
    -- The request that started it: sent twice, it starts one run; `digest` is of what was asked for, since a key is for that alone.
    idempotency_key TEXT,
    digest TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    -- Why it was not sent: French.
    refused TEXT NOT NULL DEFAULT '',
    UNIQUE (by_id, idempotency_key)
) STRICT;
CREATE INDEX model_run_by_establishment ON model_run (uai, id);
CREATE INDEX model_run_by_model ON model_run (model_id) WHERE model_id IS NOT NULL;
CREATE INDEX model_run_unsent ON model_run (id) WHERE sent_at IS NULL AND way <> 'print';

CREATE TABLE model_letter (
    run_id TEXT NOT NULL REFERENCES model_run (id) ON DELETE CASCADE,
    -- From 0, by name.
    position INTEGER NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- The children it is about, as it names them: JSON array of "Lina Martin (6A)".
    children TEXT NOT NULL DEFAULT '[]' CHECK (json_type(children) = 'array'),
    -- Name and postal address, joined by line feeds; emptied when the run is over.
    addressee TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL,
    -- Merged; emptied when the run is over (the message has them).
    body TEXT NOT NULL,
    body_text TEXT NOT NULL DEFAULT '',
    -- Of the PDF to be joined, in `content_chunk`; gone when the run is over (the message has it).
    sha256 TEXT,
    size INTEGER NOT NULL DEFAULT 0,
    -- The message, and why there is none.
    message_id TEXT REFERENCES message (id),
    left_out TEXT NOT NULL DEFAULT '' REFERENCES letter_obstacle (name),
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX model_letter_by_person ON model_letter (person_id);
CREATE INDEX model_letter_by_message ON model_letter (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX model_letter_by_content ON model_letter (sha256) WHERE sha256 IS NOT NULL;
