-- Made by the migrations; do not edit (crates/store/tests/schema.rs).

CREATE TABLE account_text (
    profile TEXT NOT NULL, active INTEGER NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (profile, active)
) STRICT, WITHOUT ROWID;

CREATE TABLE agenda_feed (
    token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
    person_id TEXT NOT NULL REFERENCES person (id),
    rubrique_id TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    UNIQUE (person_id, rubrique_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
    event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    participation TEXT NOT NULL CHECK (participation IN ('accepted', 'declined', 'tentative')),
    comment TEXT NOT NULL DEFAULT '' CHECK (length(comment) <= 1000),
    -- The version that was answered, and when by whoever answered: RFC 5546 §2.1.5 orders answers by these.
    sequence INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    by_mail INTEGER NOT NULL DEFAULT 0 CHECK (by_mail IN (0, 1)),
    answered_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, person_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE blocking (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    person_id TEXT REFERENCES person (id),
    profile TEXT CHECK (profile IN ('student', 'relative', 'teacher', 'staff', 'guest')),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    by_id TEXT REFERENCES person (id),
    at INTEGER NOT NULL,
    lifted_by TEXT REFERENCES person (id),
    lifted_at INTEGER,
    CHECK ((person_id IS NULL) <> (profile IS NULL))
) STRICT;

CREATE TABLE booking (
    resource_id TEXT NOT NULL REFERENCES resource (id),
    starts_at INTEGER NOT NULL,
    event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (resource_id, starts_at, event_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE bookmark (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    owner_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    folded_name TEXT NOT NULL CHECK (folded_name <> ''),
    UNIQUE (owner_id, folded_name)
) STRICT;

CREATE TABLE bookmark_entry (
    bookmark_id TEXT NOT NULL REFERENCES bookmark (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'group')),
    target_id TEXT NOT NULL CHECK (length(target_id) = 26),
    PRIMARY KEY (bookmark_id, kind, target_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    by_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('one', 'eight', 'mail')),
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

CREATE TABLE campaign_account (
    campaign_id TEXT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    -- From 0, in the order asked for.
    position INTEGER NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- Where a mail goes; empty: none is known. Never logged.
    address TEXT NOT NULL DEFAULT '',
    -- Whether the account was active already when the campaign was started.
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- The mail, and why there is none: 'withheld', 'no-address', 'away', 'no-code'. No foreign key: it is given before the
    -- message is made, and each message made would look for it.
    message_id TEXT,
    left_out TEXT NOT NULL DEFAULT '' CHECK (left_out IN ('', 'withheld', 'no-address', 'away', 'no-code')),
    PRIMARY KEY (campaign_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE class (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    kind TEXT NOT NULL CHECK (kind IN ('class', 'teaching-group')),
    name TEXT NOT NULL,
    -- "6EME", "2NDE"; empty for a teaching group across levels.
    level TEXT NOT NULL DEFAULT '',
    UNIQUE (uai, kind, name)
) STRICT;

CREATE TABLE class_admin (
    person_id TEXT NOT NULL REFERENCES person (id),
    class_id TEXT NOT NULL REFERENCES class (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, class_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    owner_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    person_id TEXT CHECK (length(person_id) = 26),
    card TEXT CHECK (json_type(card) = 'object'),
    -- For order and search; empty for a person, whose own is used.
    folded_name TEXT NOT NULL DEFAULT '',
    -- What the card is known by when it comes again (RFC 6350 §6.7.6).
    uid TEXT NOT NULL CHECK (length(uid) BETWEEN 1 AND 255),
    CHECK ((person_id IS NULL) <> (card IS NULL)),
    CHECK (person_id IS NULL OR uid = 'person:' || person_id),
    UNIQUE (owner_id, uid),
    UNIQUE (owner_id, id)
) STRICT;

CREATE TABLE contact_group (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    owner_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    folded_name TEXT NOT NULL CHECK (folded_name <> ''),
    UNIQUE (owner_id, folded_name),
    UNIQUE (owner_id, id)
) STRICT;

CREATE TABLE contact_import (
    owner_id TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    parsed TEXT NOT NULL CHECK (json_valid(parsed)),
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_membership (
    owner_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (group_id, contact_id),
    FOREIGN KEY (owner_id, group_id) REFERENCES contact_group (owner_id, id) ON DELETE CASCADE,
    FOREIGN KEY (owner_id, contact_id) REFERENCES contact (owner_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE content_chunk (
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL CHECK (length(bytes) <= 262144),
    PRIMARY KEY (sha256, position)
) STRICT;

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
    finished_at INTEGER, last_words TEXT, last_at INTEGER,
    CHECK ((state = 'leased') = (lease_id IS NOT NULL)),
    CHECK ((state IN ('sent', 'failed', 'cancelled', 'dead')) = (finished_at IS NOT NULL))
) STRICT;

CREATE TABLE delivery_attempt (
    delivery_id TEXT NOT NULL REFERENCES delivery (id),
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'retry', 'reject')),
    status TEXT,
    words TEXT,
    PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE directory_import (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
    source TEXT NOT NULL,
    -- 'full': what is not in it has left.
    mode TEXT NOT NULL CHECK (mode IN ('full', 'delta')),
    state TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'applying', 'applied', 'cancelled')),
    -- The only establishments it may touch, as a JSON array; null: all (command line).
    limits TEXT,
    -- Who asked for it; null: the command line.
    person_id TEXT REFERENCES person (id),
    -- Domain of the addresses in establishments that are new (A-1); null: none may be.
    domain TEXT,
    -- {"name", "read"}: how many entries, null while it is being read.
    files TEXT NOT NULL DEFAULT '[]',
    -- JSON, made when it becomes ready: what it would do.
    counts TEXT NOT NULL DEFAULT '[]',
    -- How many imports of the source had been applied when this one became ready: the preview is true as long as it is so.
    seen INTEGER,
    -- How many entries of the mirror the directory had to follow.
    dirtied INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

CREATE TABLE establishment (
    uai TEXT PRIMARY KEY CHECK (uai GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][A-Z]'),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- Domain of the universal addresses (A-1).
    domain TEXT NOT NULL CHECK (domain GLOB '?*.?*' AND domain = lower(domain)),
    -- Which rules the establishment was given (R-2); kept to know what an edit departs from.
    preset TEXT NOT NULL DEFAULT 'minors-2025' CHECK (preset IN ('midi-pyrenees-2009', 'edifice', 'minors-2025')),
    -- M-2: recipients of one message after expansion.
    max_recipients INTEGER NOT NULL DEFAULT 50 CHECK (max_recipients BETWEEN 1 AND 1000),
    -- M-5: bytes a mailbox may hold.
    mailbox_quota INTEGER NOT NULL DEFAULT 47185920 CHECK (mailbox_quota > 0),
    -- M-10: bytes of one attachment, and the file name extensions that are let through (JSON array, lower case).
    attachment_max_bytes INTEGER NOT NULL DEFAULT 10485760 CHECK (attachment_max_bytes > 0),
    attachment_extensions TEXT NOT NULL DEFAULT
        '["pdf","txt","csv","ics","vcf","odt","ods","odp","odg","doc","docx","xls","xlsx","ppt","pptx","rtf","png","jpg","jpeg","gif","webp","svgz","mp3","ogg","wav","mp4","webm","zip","ggb","sb3","py"]'
        CHECK (json_valid(attachment_extensions)),
    -- IANA name; dates are shown in it (schools overseas).
    timezone TEXT NOT NULL DEFAULT 'Europe/Paris',
    created_at INTEGER NOT NULL
, left_retention_days INTEGER NOT NULL DEFAULT 90 CHECK (left_retention_days BETWEEN 0 AND 3650)) STRICT;

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

CREATE TABLE event (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    rubrique_id TEXT NOT NULL REFERENCES rubrique (id),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    -- The organiser, and who changed it last: notifications leave in her name.
    author_id TEXT NOT NULL REFERENCES person (id),
    changed_by TEXT NOT NULL REFERENCES person (id),
    -- RFC 5545 UID: the same for ever, whatever becomes of the establishment's domain.
    uid TEXT NOT NULL UNIQUE,
    -- Its page, when the deployment knows its own address; else empty.
    url TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 150),
    place TEXT NOT NULL DEFAULT '' CHECK (length(place) <= 200),
    summary TEXT NOT NULL DEFAULT '' CHECK (length(summary) <= 4000),
    -- By the wall clock of `zone`: days (YYYY-MM-DD, the last one included) when all_day, else YYYY-MM-DDTHH:MM; and the
    -- instants that these are, the end excluded.
    all_day INTEGER NOT NULL CHECK (all_day IN (0, 1)),
    starts TEXT NOT NULL CHECK (length(starts) = CASE all_day WHEN 1 THEN 10 ELSE 16 END),
    ends TEXT NOT NULL CHECK (length(ends) = length(starts)),
    zone TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    -- Lists look back so far for what is still going on.
    ends_at INTEGER NOT NULL CHECK (ends_at > starts_at AND ends_at - starts_at <= 31708800000),
    -- JSON array of the resources that are wanted; `booking` has those that are held.
    resources TEXT NOT NULL DEFAULT '[]' CHECK (json_type(resources) = 'array'),
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'cancelled')),
    -- A draft that is to be published by itself.
    publish_at INTEGER CHECK (publish_at IS NULL OR state = 'draft'),
    -- Whom to tell: nobody (''), every population of the rubrique ('all'), or one population. No reference: were it to
    -- go, nobody is told, not everybody.
    notify TEXT NOT NULL DEFAULT '',
    confirmation INTEGER NOT NULL DEFAULT 0 CHECK (confirmation IN (0, 1)),
    follow_up TEXT NOT NULL DEFAULT 'off' CHECK (follow_up IN ('off', 'moderated', 'open')),
    -- RFC 5545 SEQUENCE: one more at each change after publication.
    sequence INTEGER NOT NULL DEFAULT 0,
    -- Since which SEQUENCE it is on these dates: an older answer was about others, and counts no more.
    dates_since INTEGER NOT NULL DEFAULT 0,
    revised_at INTEGER NOT NULL,
    -- A notification has left; another is to leave (kept here, so that a crash in between loses none); why none could.
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    owes INTEGER NOT NULL DEFAULT 0 CHECK (owes IN (0, 1)),
    untold TEXT,
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    cancelled_at INTEGER
) STRICT;

CREATE TABLE event_comment (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES person (id),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    state TEXT NOT NULL CHECK (state IN ('pending', 'shown', 'removed')),
    created_at INTEGER NOT NULL,
    decided_by TEXT REFERENCES person (id),
    decided_at INTEGER
) STRICT;

CREATE TABLE feeding (uai TEXT PRIMARY KEY REFERENCES establishment (uai)) STRICT, WITHOUT ROWID;

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

CREATE TABLE flash_dismissal (
    person_id TEXT NOT NULL REFERENCES person (id),
    flash_id TEXT NOT NULL REFERENCES flash (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, flash_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_manager (
    group_id TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_entry (
    import_n INTEGER NOT NULL REFERENCES directory_import (n) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('put', 'patch', 'delete')),
    -- The establishment it names first, by its id in the source.
    structure TEXT NOT NULL DEFAULT '',
    -- What the mirror would hold; empty for a 'delete'.
    record TEXT NOT NULL,
    -- What the file said, where `record` was made of it and of what the mirror holds.
    said TEXT,
    UNIQUE (import_n, kind, id)
) STRICT;

CREATE TABLE import_reject (
    import_n INTEGER NOT NULL REFERENCES directory_import (n) ON DELETE CASCADE,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    -- Which entry of the file it was, where that was known: several may stand on one line.
    position INTEGER NOT NULL DEFAULT 0,
    code TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT '',
    id TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL,
    -- A remark: the entry itself is taken.
    remark INTEGER NOT NULL DEFAULT 0 CHECK (remark IN (0, 1)),
    PRIMARY KEY (import_n, file, line, position, code, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
    event_id TEXT NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    token TEXT NOT NULL UNIQUE CHECK (length(token) = 32),
    invited_at INTEGER NOT NULL,
    PRIMARY KEY (event_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    by_id TEXT NOT NULL REFERENCES person (id),
    -- 'accounts': of a campaign; 'model': of a run of a model letter.
    kind TEXT NOT NULL CHECK (kind IN ('accounts', 'model')),
    about_id TEXT NOT NULL CHECK (length(about_id) = 26),
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL DEFAULT 'application/pdf',
    state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
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

CREATE TABLE job_part (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL CHECK (length(bytes) <= 262144),
    PRIMARY KEY (job_id, position)
) STRICT;

CREATE TABLE job_remark (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE kinship (
    relative_id TEXT NOT NULL REFERENCES person (id),
    student_id TEXT NOT NULL REFERENCES person (id),
    -- The relative is a legal representative of the student.
    legal INTEGER NOT NULL DEFAULT 1 CHECK (legal IN (0, 1)),
    PRIMARY KEY (relative_id, student_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE liaison_addressee (
    liaison_id TEXT NOT NULL REFERENCES liaison (id) ON DELETE CASCADE,
    student_id TEXT NOT NULL REFERENCES person (id),
    relative_id TEXT NOT NULL REFERENCES person (id),
    confirmed_at INTEGER,
    PRIMARY KEY (liaison_id, student_id, relative_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE liaison_pupil (
    liaison_id TEXT NOT NULL REFERENCES liaison (id) ON DELETE CASCADE,
    student_id TEXT NOT NULL REFERENCES person (id),
    class_name TEXT NOT NULL,
    PRIMARY KEY (liaison_id, student_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE liaison_reminder (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    liaison_id TEXT NOT NULL REFERENCES liaison (id) ON DELETE CASCADE,
    scheduled INTEGER NOT NULL CHECK (scheduled IN (0, 1)),
    created_at INTEGER NOT NULL,
    notified_at INTEGER,
    notify_problem TEXT
) STRICT;

CREATE TABLE local_admin (
    person_id TEXT NOT NULL REFERENCES person (id),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    PRIMARY KEY (person_id, uai)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE membership (
    group_id TEXT NOT NULL REFERENCES person_group (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;

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
    -- The message, and why there is none: blocked or gone, not to be written to by who sends, neither mailbox nor redirect.
    message_id TEXT REFERENCES message (id),
    left_out TEXT NOT NULL DEFAULT '' CHECK (left_out IN ('', 'away', 'refused', 'nowhere')),
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE model_run (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    by_id TEXT NOT NULL REFERENCES person (id),
    model_id TEXT REFERENCES model (id) ON DELETE SET NULL,
    -- Of the model then.
    name TEXT NOT NULL,
    -- 'attached': a message each, with the letter as PDF; 'body': the letter is the message; 'print': one PDF of all.
    way TEXT NOT NULL CHECK (way IN ('attached', 'body', 'print')),
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

CREATE TABLE model_signature (
    model_id TEXT PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
    picture BLOB NOT NULL CHECK (length(picture) BETWEEN 1 AND 307200)
) STRICT;

CREATE TABLE modseq (value INTEGER NOT NULL) STRICT;

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

CREATE TABLE news_comment (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    news_id TEXT NOT NULL REFERENCES news (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES person (id),
    body TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 2000),
    at INTEGER NOT NULL,
    deleted_at INTEGER,
    deleted_by TEXT REFERENCES person (id)
) STRICT;

CREATE TABLE news_population (
    news_id TEXT NOT NULL REFERENCES news (id) ON DELETE CASCADE,
    population_id TEXT NOT NULL REFERENCES population (id) ON DELETE CASCADE,
    PRIMARY KEY (news_id, population_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE news_reading (
    news_id TEXT NOT NULL REFERENCES news (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    seen_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    PRIMARY KEY (news_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE news_vote (
    news_id TEXT NOT NULL REFERENCES news (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id),
    -- Place in `choices`, from 0.
    choice INTEGER NOT NULL CHECK (choice >= 0),
    at INTEGER NOT NULL,
    PRIMARY KEY (news_id, person_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE password_renewal (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE periodic_task (
    name TEXT PRIMARY KEY,
    -- UTC milliseconds.
    done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    -- The rowid that full-text search refers to; never leaves the database.
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    profile TEXT NOT NULL CHECK (profile IN ('student', 'relative', 'teacher', 'staff', 'guest')),
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    -- "last first" folded for search and sort: lower case, no accent, ligatures opened (people::fold).
    folded_name TEXT NOT NULL,
    -- What the person does, shown beside the name: "Professeur de mathématiques", "CPE".
    function TEXT NOT NULL DEFAULT '',
    login TEXT NOT NULL UNIQUE,
    universal_address TEXT NOT NULL UNIQUE CHECK (universal_address GLOB '?*@?*'),
    -- Argon2id in PHC form; null until activation (A-2).
    password_hash TEXT,
    activation_code TEXT,
    activated_at INTEGER,
    -- A-3: a blocked person cannot sign in, and shows nowhere.
    blocked_at INTEGER,
    -- A-7: no longer in the import; kept for the legal delay.
    left_at INTEGER,
    created_at INTEGER NOT NULL, session_epoch INTEGER NOT NULL DEFAULT 0, purged_at INTEGER,
    CHECK ((activated_at IS NULL) = (password_hash IS NULL))
) STRICT;

CREATE TABLE person_detail (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    title TEXT NOT NULL DEFAULT '',
    birth_name TEXT NOT NULL DEFAULT '',
    -- YYYY-MM-DD
    birth_date TEXT NOT NULL DEFAULT '',
    ine TEXT NOT NULL DEFAULT '',
    level TEXT NOT NULL DEFAULT '',
    mail TEXT NOT NULL DEFAULT '',
    mobile TEXT NOT NULL DEFAULT '',
    home_phone TEXT NOT NULL DEFAULT '',
    work_phone TEXT NOT NULL DEFAULT '',
    -- Lines of the postal address, joined by line feeds.
    street TEXT NOT NULL DEFAULT '',
    postcode TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE person_group (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    -- Null: a group of the whole network.
    uai TEXT REFERENCES establishment (uai),
    kind TEXT NOT NULL CHECK (kind IN
        ('network', 'establishment', 'class', 'teaching-group', 'discipline', 'head-teacher', 'manual', 'ad-hoc', 'list')),
    profile TEXT CHECK (profile IN ('student', 'relative', 'teacher', 'staff', 'guest')),
    class_id TEXT REFERENCES class (id),
    discipline TEXT,
    level TEXT,
    function TEXT,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    folded_name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
    -- DOMAIN §1: how members take part in the rules.
    participation TEXT NOT NULL DEFAULT 'none' CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    -- R-5: a distribution list can be written to, and hides who is in it.
    members_hidden INTEGER NOT NULL DEFAULT 0 CHECK (members_hidden IN (0, 1)),
    -- D-3, pérenne: not purged at the end of the school year.
    permanent INTEGER NOT NULL DEFAULT 1 CHECK (permanent IN (0, 1)),
    -- The preset has been applied to this automatic group: its rules are the administrators' business from now on.
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
    created_at INTEGER NOT NULL DEFAULT 0, keepers_of TEXT REFERENCES person_group (id) ON DELETE CASCADE,
    CHECK ((uai IS NULL) = (kind = 'network')),
    CHECK (kind <> 'discipline' OR (discipline IS NOT NULL AND profile = 'teacher')),
    CHECK (kind <> 'list' OR (profile IS NOT NULL AND members_hidden = 1 AND participation = 'none')),
    CHECK (level IS NULL AND function IS NULL OR kind = 'list')
) STRICT;

CREATE VIRTUAL TABLE person_search USING fts5 (
    folded_name, content = 'person', content_rowid = 'n', prefix = '1 2 3', tokenize = 'unicode61', detail = 'none'
);

CREATE VIRTUAL TABLE person_word USING fts5vocab('person_search', 'row');

CREATE TABLE population (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    rubrique_id TEXT NOT NULL REFERENCES rubrique (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    profile TEXT NOT NULL DEFAULT '' CHECK (profile IN ('', 'student', 'relative', 'teacher', 'staff', 'guest')),
    UNIQUE (rubrique_id, group_id, profile)
) STRICT;

CREATE TABLE preset_kinship (
    preset TEXT PRIMARY KEY,
    relative_to_child INTEGER NOT NULL CHECK (relative_to_child IN (0, 1)),
    child_to_relative INTEGER NOT NULL CHECK (child_to_relative IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE preset_participation (
    preset TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'discipline')),
    profile TEXT NOT NULL,
    participation TEXT NOT NULL CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    PRIMARY KEY (preset, scope, profile)
) STRICT, WITHOUT ROWID;

CREATE TABLE preset_rule (
    preset TEXT NOT NULL,
    from_scope TEXT NOT NULL CHECK (from_scope IN ('establishment', 'class', 'teaching-group')),
    from_profile TEXT NOT NULL,
    to_scope TEXT NOT NULL CHECK (to_scope IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'network')),
    to_profile TEXT NOT NULL,
    PRIMARY KEY (preset, from_scope, from_profile, to_scope, to_profile)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_role (
    uai TEXT NOT NULL REFERENCES establishment (uai),
    profile TEXT NOT NULL CHECK (profile IN ('student', 'relative', 'teacher', 'staff', 'guest')),
    role TEXT NOT NULL CHECK (role IN ('send', 'send-extended', 'mailbox', 'user', 'advanced-user', 'directory-manager')),
    PRIMARY KEY (uai, profile, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE prohibition (
    sender_id TEXT NOT NULL REFERENCES person (id),
    recipient_id TEXT NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    until INTEGER,
    created_at INTEGER NOT NULL, by_id TEXT REFERENCES person (id), ended_at INTEGER, ended_by TEXT REFERENCES person (id),
    PRIMARY KEY (sender_id, recipient_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE prohibition_past (
    sender_id TEXT NOT NULL REFERENCES person (id),
    recipient_id TEXT NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    until INTEGER,
    by_id TEXT REFERENCES person (id),
    created_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    ended_by TEXT REFERENCES person (id),
    PRIMARY KEY (sender_id, recipient_id, created_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipient (
    message_id TEXT NOT NULL REFERENCES message (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    field TEXT NOT NULL CHECK (field IN ('to', 'cc', 'bcc')),
    -- How the message reaches her: an entry in her mailbox, a mail to her redirect address, or neither (M-9).
    by_mailbox INTEGER NOT NULL CHECK (by_mailbox IN (0, 1)),
    by_redirect INTEGER NOT NULL CHECK (by_redirect IN (0, 1)),
    PRIMARY KEY (message_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE redirect (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    address TEXT,
    verified_at INTEGER,
    pending_address TEXT,
    -- SHA-256 of the code, so that a copy of the database does not give it.
    pending_code_hash TEXT,
    pending_expires_at INTEGER,
    pending_attempts INTEGER NOT NULL DEFAULT 0, codes_sent INTEGER NOT NULL DEFAULT 0, codes_since INTEGER NOT NULL DEFAULT 0,
    CHECK ((address IS NULL) = (verified_at IS NULL)),
    CHECK ((pending_address IS NULL) = (pending_code_hash IS NULL)),
    CHECK ((pending_address IS NULL) = (pending_expires_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE relay_pause (
    relay TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    until INTEGER NOT NULL,
    last_error TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    kind TEXT NOT NULL CHECK (kind IN ('room', 'vehicle', 'equipment')),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    folded_name TEXT NOT NULL CHECK (folded_name <> ''),
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 500),
    created_at INTEGER NOT NULL,
    -- Not lent any more; events that hold it keep it.
    retired_at INTEGER
) STRICT;

CREATE TABLE rights_change (
    id TEXT PRIMARY KEY CHECK (length(id) = 26),
    uai TEXT NOT NULL REFERENCES establishment (uai),
    -- Null: by whoever runs the service.
    by_id TEXT REFERENCES person (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('add-rule', 'remove-rule', 'participation', 'preset')),
    -- The rule; for 'participation' the group is `from_group`.
    from_group TEXT REFERENCES person_group (id),
    to_group TEXT REFERENCES person_group (id),
    participation TEXT CHECK (participation IN ('none', 'incoming', 'outgoing', 'both')),
    preset TEXT REFERENCES preset_kinship (preset),
    rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
    CHECK ((kind IN ('add-rule', 'remove-rule')) = (to_group IS NOT NULL)),
    CHECK ((kind = 'preset') = (from_group IS NULL)),
    CHECK ((kind = 'preset') = (preset IS NOT NULL)),
    CHECK ((kind = 'participation') = (participation IS NOT NULL))
) STRICT;

CREATE TABLE rights_effect (
    change_id TEXT PRIMARY KEY REFERENCES rights_change (id) ON DELETE CASCADE,
    -- People who can write to somebody they could not write to before, and people who cannot any more to somebody they could.
    gaining INTEGER NOT NULL,
    losing INTEGER NOT NULL,
    -- Ids of the groups whose members can write to each other from now on, and could not before: JSON array.
    opened TEXT NOT NULL,
    -- Ids of those whose members cannot any more.
    closed TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE role_override (
    person_id TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('send', 'send-extended', 'mailbox', 'user', 'advanced-user', 'directory-manager')),
    granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
    PRIMARY KEY (person_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE roster (
    group_id TEXT NOT NULL,
    profile TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (group_id, profile, folded_name, person_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE rubrique_editor (
    rubrique_id TEXT NOT NULL REFERENCES rubrique (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    profile TEXT NOT NULL DEFAULT '' CHECK (profile IN ('', 'student', 'relative', 'teacher', 'staff', 'guest')),
    PRIMARY KEY (rubrique_id, group_id, profile)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule (
    from_group TEXT NOT NULL REFERENCES person_group (id),
    to_group TEXT NOT NULL REFERENCES person_group (id),
    PRIMARY KEY (from_group, to_group)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting_change (
    n INTEGER PRIMARY KEY,
    uai TEXT NOT NULL REFERENCES establishment (uai),
    at INTEGER NOT NULL,
    by_id TEXT REFERENCES person (id),
    setting TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;

CREATE TABLE settling (uai TEXT PRIMARY KEY REFERENCES establishment (uai)) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in_failure (
    login TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source_class (class_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE source_record (
    n INTEGER PRIMARY KEY,
    -- 'aaf', 'aaf:<prefix of the files>', 'school:<UAI>' (ONDE, CSV): ids mean something within it only.
    source TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('establishment', 'subject', 'level', 'student', 'relative', 'adult')),
    id TEXT NOT NULL,
    record TEXT NOT NULL,
    -- The source has it no more; kept to know it again, until its person is purged.
    gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
    -- The directory does not follow it yet. The last thing each step of an import does is to put this out.
    dirty INTEGER NOT NULL DEFAULT 1 CHECK (dirty IN (0, 1)),
    -- The person it tells of: given before she is written, so that writing twice makes one person. No foreign key for that.
    person_id TEXT,
    -- The only establishments where that person may be found among those who are there already, and have children, as a JSON
    -- array: those of the limited imports that told of her. Null: all.
    limits TEXT,
    UNIQUE (source, kind, id)
) STRICT;

CREATE TABLE source_tie (
    n INTEGER NOT NULL REFERENCES source_record (n) ON DELETE CASCADE,
    source TEXT NOT NULL,
    -- 'id:' and a relative's id, 'student:' and a student's, or 'name:' and a folded name.
    target TEXT NOT NULL,
    -- The child's class, where there may be homonyms.
    class TEXT NOT NULL DEFAULT '',
    legal INTEGER NOT NULL CHECK (legal IN (0, 1)),
    PRIMARY KEY (n, target)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE taken_address (
    address TEXT PRIMARY KEY,
    person_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE touched_group (
    id TEXT PRIMARY KEY, participation TEXT NOT NULL, settled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE touched_pair (
    phase INTEGER NOT NULL, sender INTEGER NOT NULL, recipient INTEGER NOT NULL, PRIMARY KEY (phase, sender, recipient)
) STRICT, WITHOUT ROWID;

CREATE TABLE touched_rule (
    from_group TEXT NOT NULL, to_group TEXT NOT NULL, PRIMARY KEY (from_group, to_group)
) STRICT, WITHOUT ROWID;

CREATE TABLE touched_sender (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE INDEX attachment_by_content ON attachment (sha256);

CREATE INDEX audience_by_rubrique ON audience (rubrique_id, made_at, message_id) WHERE rubrique_id IS NOT NULL;

CREATE INDEX audience_by_subject ON audience (kind, about_id, made_at);

CREATE INDEX blocking_by_establishment ON blocking (uai, at);

CREATE UNIQUE INDEX blocking_of_person ON blocking (person_id) WHERE person_id IS NOT NULL AND lifted_at IS NULL;

CREATE UNIQUE INDEX blocking_of_profile ON blocking (uai, profile) WHERE profile IS NOT NULL AND lifted_at IS NULL;

CREATE INDEX booking_by_event ON booking (event_id);

CREATE INDEX campaign_by_establishment ON campaign (uai, id);

CREATE INDEX campaign_by_origin ON campaign (after_id) WHERE after_id IS NOT NULL;

CREATE INDEX campaign_account_by_message ON campaign_account (message_id) WHERE message_id IS NOT NULL;

CREATE UNIQUE INDEX campaign_account_by_person ON campaign_account (person_id, campaign_id);

CREATE INDEX class_admin_by_class ON class_admin (class_id);

CREATE INDEX contact_import_by_age ON contact_import (made_at);

CREATE INDEX contact_membership_by_contact ON contact_membership (contact_id, group_id);

CREATE INDEX delivery_by_establishment ON delivery (uai, state, id);

CREATE INDEX delivery_by_message ON delivery (message_id, state);

CREATE UNIQUE INDEX delivery_by_recipient ON delivery (message_id, person_id);

CREATE INDEX delivery_due ON delivery (priority, due_at) WHERE state IN ('pending', 'leased');

CREATE INDEX directory_import_by_person ON directory_import (person_id, n);

CREATE INDEX directory_import_by_state ON directory_import (source, state, n);

CREATE INDEX event_by_rubrique ON event (rubrique_id, starts_at);

CREATE INDEX event_owing ON event (id) WHERE owes = 1;

CREATE INDEX event_to_publish ON event (publish_at) WHERE publish_at IS NOT NULL;

CREATE INDEX event_comment_by_event ON event_comment (event_id, created_at, id);

CREATE INDEX flash_by_establishment ON flash (uai, id);

CREATE INDEX flash_open ON flash (uai, ends_at) WHERE withdrawn_at IS NULL;

CREATE INDEX flash_to_tell ON flash (starts_at) WHERE notified_at IS NULL AND withdrawn_at IS NULL AND notify_problem IS NULL;

CREATE INDEX flash_dismissal_by_flash ON flash_dismissal (flash_id);

CREATE INDEX group_manager_by_person ON group_manager (person_id, group_id);

CREATE INDEX import_reject_by_id ON import_reject (import_n, id);

CREATE INDEX job_by_subject ON job (kind, about_id);

CREATE INDEX job_kept ON job (finished_at) WHERE parts > 0 AND purged_at IS NULL;

CREATE INDEX job_running ON job (touched_at) WHERE state = 'running';

CREATE INDEX kinship_by_student ON kinship (student_id, relative_id);

CREATE INDEX liaison_by_author ON liaison (author_id, id);

CREATE INDEX liaison_by_establishment ON liaison (uai, id);

CREATE INDEX liaison_to_remind ON liaison (notified_at) WHERE remind_days IS NOT NULL;

CREATE INDEX liaison_to_tell ON liaison (created_at) WHERE notified_at IS NULL AND notify_problem IS NULL;

CREATE INDEX liaison_addressee_by_relative ON liaison_addressee (relative_id, liaison_id);

CREATE INDEX liaison_reminder_by_notice ON liaison_reminder (liaison_id, created_at);

CREATE UNIQUE INDEX liaison_reminder_scheduled ON liaison_reminder (liaison_id) WHERE scheduled = 1;

CREATE INDEX liaison_reminder_to_tell ON liaison_reminder (created_at) WHERE notified_at IS NULL AND notify_problem IS NULL;

CREATE INDEX mailbox_entry_by_folder ON mailbox_entry (person_id, folder, received_at, message_id, seen, size);

CREATE INDEX mailbox_entry_by_modseq ON mailbox_entry (person_id, modseq);

CREATE INDEX membership_by_person ON membership (person_id, group_id);

CREATE INDEX message_by_author ON message (author_id, updated_at);

CREATE INDEX message_by_thread ON message (thread_id);

CREATE INDEX model_letter_by_content ON model_letter (sha256) WHERE sha256 IS NOT NULL;

CREATE INDEX model_letter_by_message ON model_letter (message_id) WHERE message_id IS NOT NULL;

CREATE INDEX model_letter_by_person ON model_letter (person_id);

CREATE INDEX model_run_by_establishment ON model_run (uai, id);

CREATE INDEX model_run_by_model ON model_run (model_id) WHERE model_id IS NOT NULL;

CREATE INDEX model_run_unsent ON model_run (id) WHERE sent_at IS NULL AND way <> 'print';

CREATE INDEX news_by_rubrique ON news (rubrique_id, publish_at);

CREATE INDEX news_to_tell ON news (publish_at) WHERE notify = 1 AND notified_at IS NULL AND notify_problem IS NULL;

CREATE INDEX news_comment_by_news ON news_comment (news_id, id);

CREATE INDEX news_population_by_population ON news_population (population_id);

CREATE INDEX news_reading_by_person ON news_reading (person_id);

CREATE INDEX news_vote_by_person ON news_vote (person_id);

CREATE INDEX person_away ON person (id) WHERE blocked_at IS NOT NULL OR left_at IS NOT NULL;

CREATE INDEX person_by_folded_name ON person (folded_name, id);

CREATE INDEX person_by_name ON person (uai, folded_name, id);

CREATE INDEX person_by_profile ON person (uai, profile, folded_name);

CREATE INDEX person_left ON person (uai, left_at) WHERE left_at IS NOT NULL;

CREATE INDEX person_detail_by_ine ON person_detail (ine) WHERE ine <> '';

CREATE INDEX person_group_automatic ON person_group (kind, profile, uai);

CREATE INDEX person_group_by_class ON person_group (class_id) WHERE class_id IS NOT NULL;

CREATE INDEX person_group_by_discipline ON person_group (discipline) WHERE kind = 'discipline';

CREATE INDEX person_group_by_name ON person_group (uai, folded_name);

CREATE UNIQUE INDEX person_group_discipline ON person_group (uai, discipline) WHERE kind = 'discipline';

CREATE UNIQUE INDEX person_group_of_class ON person_group (class_id, kind, profile)
    WHERE kind IN ('class', 'teaching-group', 'head-teacher') AND class_id IS NOT NULL;

CREATE UNIQUE INDEX person_group_of_establishment ON person_group (uai, kind, profile)
    WHERE kind = 'establishment' OR kind = 'head-teacher' AND class_id IS NULL;

CREATE UNIQUE INDEX person_group_of_keepers ON person_group (keepers_of) WHERE keepers_of IS NOT NULL;

CREATE INDEX population_by_group ON population (group_id);

CREATE INDEX prohibition_by_recipient ON prohibition (recipient_id);

CREATE INDEX recipient_by_person ON recipient (person_id, message_id);

CREATE UNIQUE INDEX resource_by_name ON resource (uai, folded_name) WHERE retired_at IS NULL;

CREATE INDEX rights_change_by_establishment ON rights_change (uai, at);

CREATE UNIQUE INDEX rubrique_by_name ON rubrique (uai, folded_name) WHERE closed_at IS NULL;

CREATE INDEX rubrique_editor_by_group ON rubrique_editor (group_id);

CREATE INDEX rule_by_target ON rule (to_group, from_group);

CREATE INDEX setting_change_by_establishment ON setting_change (uai, n);

CREATE INDEX source_record_by_person ON source_record (person_id) WHERE person_id IS NOT NULL;

CREATE INDEX source_record_dirty ON source_record (kind, source, id) WHERE dirty = 1;

CREATE INDEX source_tie_by_target ON source_tie (source, target);

CREATE VIEW account_mailing (campaign_id, id_prefix, at, texts) AS
    SELECT c.id, '', c.mailed_at, '[]' FROM campaign c WHERE c.mailed_at IS NOT NULL;

CREATE VIEW ad_hoc_group (id, uai, name, folded_name, description, permanent, open, managers, created_at, keepers_id, by_id) AS
    SELECT g.id, g.uai, g.name, g.folded_name, g.description, g.permanent, g.participation = 'both',
        (SELECT json_group_array(k.person_id) FROM group_manager k WHERE k.group_id = g.id), g.created_at,
        CAST(NULL AS TEXT), CAST(NULL AS TEXT)
    FROM person_group g WHERE g.kind = 'ad-hoc' AND g.keepers_of IS NULL;

CREATE VIEW addressee (message_id, author_id, in_reply_to, position, field, kind, id) AS
    SELECT m.id, m.author_id, m.in_reply_to, j.key, CAST(j.value ->> 'field' AS TEXT), CAST(j.value ->> 'kind' AS TEXT),
        CAST(j.value ->> 'id' AS TEXT)
    FROM message m, json_each(m.addressees) j;

CREATE VIEW answerable (message_id, sender_id, recipient_id) AS
    SELECT r.message_id, r.person_id, m.author_id FROM recipient r JOIN message m ON m.id = r.message_id
    UNION ALL
    SELECT me.message_id, me.person_id, o.person_id
    FROM recipient me JOIN recipient o ON o.message_id = me.message_id AND o.field IN ('to', 'cc')
    WHERE me.field IN ('to', 'cc')
    UNION ALL
    SELECT m.id, m.author_id, o.person_id
    FROM message m JOIN recipient o ON o.message_id = m.id AND o.field IN ('to', 'cc');

CREATE VIEW barred (sender_id, recipient_id) AS
    SELECT x.sender_id, x.recipient_id FROM prohibition x WHERE x.until IS NULL OR x.until > unixepoch('subsec') * 1000;

CREATE VIEW bookmark_saved (owner_id, id, name, folded_name, entries, drop_hidden) AS
    SELECT '', '', '', '', '[]', 0 WHERE 0;

CREATE VIEW bookmark_visible (owner_id, bookmark_id, kind, target_id) AS
    SELECT b.owner_id, e.bookmark_id, e.kind, e.target_id
    FROM bookmark b JOIN bookmark_entry e ON e.bookmark_id = b.id
    WHERE CASE e.kind
        WHEN 'person' THEN EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = b.owner_id AND v.recipient_id = e.target_id)
        ELSE EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = b.owner_id AND v.group_id = e.target_id)
    END;

CREATE VIEW campaign_launch (id, uai, by_id, kind, criteria, after_id, idempotency_key, at, accounts, job_id,
    file_name, progress) AS
    SELECT c.id, c.uai, c.by_id, c.kind, c.criteria, c.after_id, c.idempotency_key, c.created_at, '[]', '', '', NULL FROM campaign c;

CREATE VIEW campaign_obstacle (campaign_id, position, obstacle) AS
    SELECT a.campaign_id, a.position, CASE
        WHEN p.uai <> c.uai OR p.blocked_at IS NOT NULL OR p.left_at IS NOT NULL THEN 'away'
        WHEN NOT EXISTS (SELECT 1 FROM letter_subject s WHERE s.viewer_id = c.by_id AND s.uai = c.uai AND s.person_id = p.id)
            OR p.activated_at IS NULL
            AND EXISTS (SELECT 1 FROM withheld_code w WHERE w.viewer_id = c.by_id AND w.person_id = p.id) THEN 'withheld'
        WHEN p.activated_at IS NULL AND p.activation_code IS NULL THEN 'no-code'
        ELSE '' END
    FROM campaign c JOIN campaign_account a ON a.campaign_id = c.id JOIN person p ON p.id = a.person_id;

CREATE VIEW contact_batch (owner_id, new_groups, contacts) AS SELECT '', '[]', '[]' WHERE 0;

CREATE VIEW conveyance (person_id, by_mailbox, by_redirect) AS
    SELECT p.id, coalesce((SELECT o.granted FROM role_override o WHERE o.person_id = p.id AND o.role = 'mailbox'),
            EXISTS (SELECT 1 FROM profile_role r WHERE r.uai = p.uai AND r.profile = p.profile AND r.role = 'mailbox')),
        EXISTS (SELECT 1 FROM redirect y WHERE y.person_id = p.id AND y.address IS NOT NULL)
    FROM person p;

CREATE VIEW editable_rubrique (person_id, rubrique_id) AS
    SELECT p.id, e.rubrique_id
    FROM person p JOIN membership m ON m.person_id = p.id
    JOIN rubrique_editor e ON e.group_id = m.group_id AND (e.profile = '' OR e.profile = p.profile)
    JOIN rubrique r ON r.id = e.rubrique_id AND r.closed_at IS NULL
    WHERE p.blocked_at IS NULL AND p.left_at IS NULL
    UNION
    SELECT a.person_id, r.id
    FROM local_admin a JOIN rubrique r ON r.uai = a.uai AND r.closed_at IS NULL;

CREATE VIEW entrusted (person_id, uai) AS
    SELECT a.person_id, a.uai FROM local_admin a
    UNION ALL
    SELECT a.person_id, c.uai FROM class_admin a JOIN class c ON c.id = a.class_id
    UNION ALL
    SELECT p.id, p.uai FROM person p
    WHERE p.profile IN ('staff', 'teacher') AND (p.function LIKE '%chef% d_établissement%' OR p.function LIKE 'princip%'
        OR p.function LIKE 'proviseur%' OR p.function LIKE 'direct%');

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

CREATE VIEW fed_member (group_id, uai, person_id) AS
    SELECT l.id, l.uai, p.id
    FROM person_group l
    JOIN person_group e ON e.kind = 'establishment' AND e.uai = l.uai AND e.profile = l.profile
    JOIN membership m ON m.group_id = e.id
    JOIN person p ON p.id = m.person_id AND p.left_at IS NULL AND (l.function IS NULL OR p.function = l.function)
    WHERE l.kind = 'list'
        AND (l.level IS NULL OR EXISTS (SELECT 1 FROM membership o JOIN person_group g ON g.id = o.group_id AND g.profile = l.profile
            JOIN class c ON c.id = g.class_id AND c.uai = l.uai AND c.level = l.level WHERE o.person_id = p.id))
        AND (l.discipline IS NULL OR EXISTS (SELECT 1 FROM membership o JOIN person_group g ON g.id = o.group_id
            AND g.kind = 'discipline' AND g.uai = l.uai AND g.discipline = l.discipline WHERE o.person_id = p.id));

CREATE VIEW flash_audience (flash_id, person_id) AS
    SELECT f.id, m.person_id
    FROM flash f JOIN person_group g ON g.uai = f.uai AND g.kind = 'establishment'
        AND EXISTS (SELECT 1 FROM json_each(f.profiles) j WHERE j.value = g.profile)
    JOIN membership m ON m.group_id = g.id
    JOIN person p ON p.id = m.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL;

CREATE VIEW flash_author (person_id, uai) AS
    SELECT p.id, p.uai FROM person p
    WHERE p.profile IN ('staff', 'teacher') AND p.blocked_at IS NULL AND p.left_at IS NULL
        AND replace(p.function, '''', '’') IN ('Principal', 'Principale', 'Proviseur', 'Proviseure', 'Directeur', 'Directrice',
            'Directeur d’école', 'Directrice d’école', 'Chef d’établissement', 'Cheffe d’établissement')
    UNION
    SELECT a.person_id, a.uai FROM local_admin a
    JOIN person p ON p.id = a.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL;

CREATE VIEW flash_shown (person_id, id, level, text, starts_at, ends_at) AS
    SELECT m.person_id, f.id, f.level, f.text, f.starts_at, f.ends_at
    FROM membership m
    CROSS JOIN person_group g ON g.id = m.group_id AND +g.kind = 'establishment'
    CROSS JOIN flash f ON f.uai = g.uai AND f.withdrawn_at IS NULL
        AND EXISTS (SELECT 1 FROM json_each(f.profiles) j WHERE j.value = g.profile)
    WHERE NOT EXISTS (SELECT 1 FROM flash_dismissal d WHERE d.person_id = m.person_id AND d.flash_id = f.id);

CREATE VIEW full_mailbox (message_id, person_id, used, quota) AS
    SELECT x.message_id, x.person_id,
        (SELECT coalesce(sum(y.size), 0) FROM mailbox_entry y WHERE y.person_id = x.person_id), e.mailbox_quota
    FROM recipient x JOIN person p ON p.id = x.person_id JOIN establishment e ON e.uai = p.uai
    WHERE x.by_mailbox;

CREATE VIEW group_keeper (group_id, person_id) AS
    SELECT k.group_id, k.person_id
    FROM group_manager k JOIN person_group g ON g.id = k.group_id AND g.kind = 'ad-hoc'
    WHERE EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = k.person_id AND x.role = 'directory-manager')
    UNION ALL
    SELECT g.id, a.person_id
    FROM local_admin a JOIN person_group g ON g.uai = a.uai AND g.kind = 'ad-hoc' AND g.keepers_of IS NULL;

CREATE VIEW history_reader (person_id, rubrique_id) AS
    SELECT e.person_id, e.rubrique_id FROM editable_rubrique e
    UNION ALL
    SELECT l.person_id, r.id FROM local_admin l JOIN rubrique r ON r.uai = l.uai;

CREATE VIEW job_slice (job_id, generation, done, bytes, progress, remarks, finished, at) AS
    SELECT j.id, j.generation, j.done, x'', j.progress, '[]', 0, j.touched_at FROM job j;

CREATE VIEW kin_way (sender_id, recipient_id) AS
    SELECT k.relative_id, k.student_id
    FROM kinship k JOIN person c ON c.id = k.student_id JOIN establishment e ON e.uai = c.uai
    JOIN preset_kinship pk ON pk.preset = e.preset AND pk.relative_to_child = 1
    UNION ALL
    SELECT k.student_id, k.relative_id
    FROM kinship k JOIN person c ON c.id = k.student_id JOIN establishment e ON e.uai = c.uai
    JOIN preset_kinship pk ON pk.preset = e.preset AND pk.child_to_relative = 1;

CREATE VIEW letter_subject (viewer_id, uai, person_id) AS
    SELECT a.person_id, a.uai, p.id FROM local_admin a JOIN person p ON p.uai = a.uai
    UNION ALL
    SELECT a.person_id, c.uai, p.id
    FROM class_admin a
    JOIN class c ON c.id = a.class_id
    JOIN person_group g ON g.class_id = c.id AND g.profile IN ('student', 'relative')
    JOIN membership m ON m.group_id = g.id
    JOIN person p ON p.id = m.person_id AND p.uai = c.uai AND p.profile IN ('student', 'relative');

CREATE VIEW liaison_asked (liaison_id, student_id, relative_id, confirmed_at) AS
    SELECT d.liaison_id, d.student_id, d.relative_id, d.confirmed_at FROM liaison_addressee d
    WHERE EXISTS (SELECT 1 FROM kinship k WHERE k.relative_id = d.relative_id AND k.student_id = d.student_id AND k.legal);

CREATE VIEW liaison_group (author_id, group_id) AS
    SELECT a.id, g.id
    FROM person a JOIN reachable_group v ON v.sender_id = a.id
    JOIN person_group g ON g.id = v.group_id AND NOT g.members_hidden AND g.uai IS NOT NULL AND g.keepers_of IS NULL
        AND (g.profile = 'student' OR g.kind IN ('manual', 'ad-hoc'))
    WHERE a.profile IN ('teacher', 'staff') AND a.blocked_at IS NULL AND a.left_at IS NULL
    UNION
    SELECT a.person_id, g.id
    FROM local_admin a JOIN person_group g ON g.uai = a.uai AND NOT g.members_hidden AND g.keepers_of IS NULL
        AND (g.profile = 'student' OR g.kind IN ('manual', 'ad-hoc'));

CREATE VIEW liaison_parent_of (author_id, student_id, relative_id) AS
    SELECT a.id, k.student_id, k.relative_id
    FROM person a JOIN reachable v ON v.sender_id = a.id
    JOIN kinship k ON k.relative_id = v.recipient_id AND k.legal
    WHERE a.profile IN ('teacher', 'staff') AND a.blocked_at IS NULL AND a.left_at IS NULL
    UNION ALL
    SELECT a.person_id, k.student_id, k.relative_id
    FROM local_admin a JOIN person s ON s.uai = a.uai AND s.profile = 'student'
    JOIN kinship k ON k.student_id = s.id AND k.legal
    JOIN person q ON q.id = k.relative_id AND q.blocked_at IS NULL AND q.left_at IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = a.person_id AND x.recipient_id = k.relative_id);

CREATE VIEW liaison_pupil_of (author_id, student_id) AS
    SELECT a.id, v.recipient_id
    FROM person a JOIN reachable v ON v.sender_id = a.id
    JOIN person s ON s.id = v.recipient_id AND s.profile = 'student'
    WHERE a.profile IN ('teacher', 'staff') AND a.blocked_at IS NULL AND a.left_at IS NULL
    UNION ALL
    SELECT a.person_id, s.id
    FROM local_admin a JOIN person s ON s.uai = a.uai AND s.profile = 'student' AND s.blocked_at IS NULL AND s.left_at IS NULL;

CREATE VIEW liaison_sending (id, liaison_id, author_id, notified_at, student_id, relative_id) AS
    SELECT l.id, l.id, l.author_id, l.notified_at, d.student_id, d.relative_id
    FROM liaison l JOIN liaison_asked d ON d.liaison_id = l.id
    UNION ALL
    SELECT r.id, l.id, l.author_id, r.notified_at, d.student_id, d.relative_id
    FROM liaison_reminder r JOIN liaison l ON l.id = r.liaison_id JOIN liaison_asked d ON d.liaison_id = l.id
    WHERE NOT EXISTS (SELECT 1 FROM liaison_asked y
        WHERE y.liaison_id = d.liaison_id AND y.student_id = d.student_id AND y.confirmed_at IS NOT NULL);

CREATE VIEW model_launch (id, uai, by_id, model_id, name, way, audience, dated, signature, copies, idempotency_key, digest, at, letters,
    job_id, file_name) AS
    SELECT r.id, r.uai, r.by_id, r.model_id, r.name, r.way, r.audience, r.dated, r.signature, r.copies, r.idempotency_key, r.digest,
        r.created_at, '[]', '', '' FROM model_run r;

CREATE VIEW model_mailing (run_id, id_prefix, at) AS
    SELECT r.id, '', r.sent_at FROM model_run r WHERE r.sent_at IS NOT NULL;

CREATE VIEW model_slice (run_id, letters) AS SELECT r.id, '[]' FROM model_run r;

CREATE VIEW named_group (sender_id, group_id) AS
    SELECT s.person_id, r.to_group
    FROM membership s
    JOIN person_group sg ON sg.id = s.group_id AND sg.participation IN ('incoming', 'both')
    JOIN rule r ON r.from_group = sg.id
    JOIN person_group tg ON tg.id = r.to_group
        AND (tg.uai IS sg.uai OR EXISTS
            (SELECT 1 FROM person_role x WHERE x.person_id = s.person_id AND x.role = 'send-extended'))
    UNION ALL
    SELECT s.person_id, s.group_id
    FROM membership s JOIN person_group g ON g.id = s.group_id AND g.participation = 'both';

CREATE VIEW news_audience (news_id, population_id) AS
    SELECT n.id, o.id FROM news n JOIN population o ON o.rubrique_id = n.rubrique_id WHERE n.audience IS NULL
    UNION ALL
    SELECT c.news_id, c.population_id FROM news_population c;

CREATE VIEW news_reader (person_id, news_id) AS
    SELECT x.person_id, n.id
    FROM readable_rubrique x JOIN news n ON n.rubrique_id = x.rubrique_id AND n.audience IS NULL
    UNION
    SELECT x.person_id, c.news_id
    FROM membership x JOIN population o ON o.group_id = x.group_id
    JOIN person p ON p.id = x.person_id AND (o.profile = '' OR p.profile = o.profile)
        AND p.blocked_at IS NULL AND p.left_at IS NULL
    JOIN rubrique r ON r.id = o.rubrique_id AND r.closed_at IS NULL
    JOIN news_population c ON c.population_id = o.id
    UNION
    SELECT e.person_id, n.id
    FROM editable_rubrique e JOIN news n ON n.rubrique_id = e.rubrique_id;

CREATE VIEW outcome (message_id, person_id, by_mailbox, by_redirect, state, reason, on_paper) AS
    SELECT r.message_id, r.person_id, r.by_mailbox, r.by_redirect,
        CASE WHEN d.state IN ('pending', 'leased', 'held') THEN 'pending' WHEN d.state = 'sent' THEN 'sent'
            WHEN d.state IS NOT NULL THEN 'failed' WHEN r.by_mailbox THEN 'mailbox' ELSE 'neither' END,
        CASE WHEN d.state <> 'sent' THEN d.last_error END,
        NOT r.by_mailbox AND (d.state IS NULL OR d.state IN ('failed', 'dead', 'cancelled'))
    FROM recipient r LEFT JOIN delivery d ON d.message_id = r.message_id AND d.person_id = r.person_id;

CREATE VIEW person_role (person_id, role) AS
    SELECT p.id, r.role
    FROM person p JOIN profile_role r ON r.uai = p.uai AND r.profile = p.profile
    WHERE NOT EXISTS (SELECT 1 FROM role_override o WHERE o.person_id = p.id AND o.role = r.role AND o.granted = 0)
    UNION ALL
    SELECT o.person_id, o.role FROM role_override o WHERE o.granted = 1;

CREATE VIEW population_audience (author_id, population_id, person_id, by_mailbox, by_redirect) AS
    SELECT w.person_id, w.population_id, m.person_id, c.by_mailbox, c.by_redirect
    FROM writable_population w JOIN population_member m ON m.population_id = w.population_id AND m.person_id <> w.person_id
    JOIN conveyance c ON c.person_id = m.person_id
    WHERE NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = w.person_id AND x.recipient_id = m.person_id);

CREATE VIEW population_label (population_id, rubrique_id, label) AS
    SELECT o.id, o.rubrique_id, g.name || CASE o.profile WHEN 'student' THEN ' (élèves)' WHEN 'relative' THEN ' (parents)'
        WHEN 'teacher' THEN ' (enseignants)' WHEN 'staff' THEN ' (personnels)' WHEN 'guest' THEN ' (invités)' ELSE '' END
    FROM population o JOIN person_group g ON g.id = o.group_id;

CREATE VIEW population_member (population_id, person_id) AS
    SELECT o.id, p.id
    FROM population o JOIN membership m ON m.group_id = o.group_id
    JOIN person p ON p.id = m.person_id AND (o.profile = '' OR p.profile = o.profile)
        AND p.blocked_at IS NULL AND p.left_at IS NULL;

CREATE VIEW possible_manager (uai, person_id) AS
    SELECT e.uai, p.id
    FROM person p JOIN establishment e
    WHERE p.blocked_at IS NULL AND p.left_at IS NULL AND (
        EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = p.id AND x.role = 'directory-manager')
        OR EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = p.id AND a.uai = e.uai));

CREATE VIEW reachable (sender_id, recipient_id, from_group, to_group) AS
    SELECT w.sender_id, w.recipient_id, w.from_group, w.to_group
    FROM (
        SELECT a.sender_id, t.person_id AS recipient_id, a.from_group, a.to_group
        FROM way a JOIN membership t ON t.group_id = a.to_group
        UNION ALL
        SELECT k.sender_id, k.recipient_id, CAST(NULL AS TEXT), CAST(NULL AS TEXT) FROM kin_way k
    ) w
    JOIN person p ON p.id = w.recipient_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = w.sender_id AND x.recipient_id = w.recipient_id);

CREATE VIEW reachable_group (sender_id, group_id) AS
    SELECT w.sender_id, w.group_id FROM named_group w
    UNION ALL
    SELECT w.sender_id, g.id
    FROM named_group w
    CROSS JOIN person_group whole ON whole.id = w.group_id AND whole.kind = 'establishment'
    CROSS JOIN person_group g ON g.kind IN ('class', 'teaching-group', 'discipline', 'head-teacher')
        AND g.profile = whole.profile AND g.uai = whole.uai
    UNION ALL
    SELECT w.sender_id, g.id
    FROM named_group w
    CROSS JOIN person_group whole ON whole.id = w.group_id AND whole.kind = 'class'
    CROSS JOIN person_group g ON g.class_id = whole.class_id AND +g.kind = 'head-teacher' AND g.profile = whole.profile
    UNION ALL
    SELECT w.sender_id, g.id
    FROM named_group w
    CROSS JOIN person_group whole ON whole.id = w.group_id AND whole.kind = 'network'
    CROSS JOIN person_group g ON g.kind = 'establishment' AND g.profile = whole.profile;

CREATE VIEW readable_rubrique (person_id, rubrique_id) AS
    SELECT x.person_id, o.rubrique_id
    FROM membership x JOIN population o ON o.group_id = x.group_id
    JOIN person p ON p.id = x.person_id AND (o.profile = '' OR p.profile = o.profile)
        AND p.blocked_at IS NULL AND p.left_at IS NULL
    JOIN rubrique r ON r.id = o.rubrique_id AND r.closed_at IS NULL
    UNION
    SELECT x.person_id, x.rubrique_id FROM editable_rubrique x;

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

CREATE VIEW report_names (person_id, message_id) AS
    SELECT v.person_id, v.message_id FROM report_reader v JOIN audience a ON a.message_id = v.message_id
    WHERE NOT a.members_hidden OR EXISTS (SELECT 1 FROM message m JOIN local_admin l ON l.uai = m.uai
        WHERE m.id = v.message_id AND l.person_id = v.person_id);

CREATE VIEW report_reader (person_id, message_id) AS
    SELECT a.author_id, a.message_id FROM audience a
    UNION ALL
    SELECT h.person_id, a.message_id FROM audience a JOIN history_reader h ON h.rubrique_id = a.rubrique_id;

CREATE VIEW rights_effect_named (change_id, gaining, losing, opened, closed) AS
SELECT e.change_id, e.gaining, e.losing,
    (SELECT json_group_array(o.name) FROM (SELECT g.name FROM json_each(e.opened) j JOIN person_group g ON g.id = j.value ORDER BY g.folded_name) o),
    (SELECT json_group_array(o.name) FROM (SELECT g.name FROM json_each(e.closed) j JOIN person_group g ON g.id = j.value ORDER BY g.folded_name) o)
FROM rights_effect e;

CREATE VIEW rubrique_saved (id, uai, name, folded_name, description, editors, populations, by_id, at) AS
    SELECT '', '', '', '', '', '[]', '[]', '', 0 WHERE 0;

CREATE VIEW way (sender_id, from_group, to_group) AS
    SELECT s.person_id, r.from_group, r.to_group
    FROM membership s
    JOIN person_group sg ON sg.id = s.group_id AND sg.participation IN ('incoming', 'both')
    JOIN rule r ON r.from_group = sg.id
    JOIN person_group tg ON tg.id = r.to_group AND tg.participation IN ('outgoing', 'both')
        AND (tg.uai IS sg.uai OR EXISTS
            (SELECT 1 FROM person_role x WHERE x.person_id = s.person_id AND x.role = 'send-extended'))
    UNION ALL
    SELECT s.person_id, s.group_id, s.group_id
    FROM membership s JOIN person_group g ON g.id = s.group_id AND g.participation = 'both';

CREATE VIEW withheld_code (viewer_id, person_id) AS
    SELECT v.id, e.person_id
    FROM person v JOIN entrusted e
    WHERE NOT EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = v.id AND a.uai = e.uai);

CREATE VIEW writable_population (person_id, population_id) AS
    SELECT e.person_id, o.id
    FROM editable_rubrique e JOIN population o ON o.rubrique_id = e.rubrique_id
    WHERE EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = e.person_id AND v.group_id = o.group_id);

CREATE TRIGGER accounts_mailed INSTEAD OF INSERT ON account_mailing BEGIN
    SELECT RAISE(ABORT, 'post:campaign-unknown') WHERE NOT EXISTS (
        SELECT 1 FROM campaign c WHERE c.id = new.campaign_id AND c.kind = 'mail');
    SELECT RAISE(ABORT, 'post:campaign-mailed') WHERE EXISTS (
        SELECT 1 FROM campaign c WHERE c.id = new.campaign_id AND c.mailed_at IS NOT NULL);
    SELECT RAISE(ABORT, 'post:author') WHERE NOT EXISTS (
        SELECT 1 FROM campaign c JOIN person p ON p.id = c.by_id AND p.blocked_at IS NULL AND p.left_at IS NULL
        WHERE c.id = new.campaign_id);
    UPDATE campaign SET mailed_at = new.at WHERE id = new.campaign_id;
    UPDATE campaign_account SET left_out = (
        SELECT CASE WHEN o.obstacle = '' AND campaign_account.address = '' THEN 'no-address' ELSE o.obstacle END
        FROM campaign_obstacle o
        WHERE o.campaign_id = campaign_account.campaign_id AND o.position = campaign_account.position)
    WHERE campaign_id = new.campaign_id;
    -- In their order, so that rows that follow each other stand beside each other in the tables.
    UPDATE campaign_account SET message_id = new.id_prefix || printf('%08X', position) || hex(randomblob(4))
    WHERE campaign_id = new.campaign_id AND left_out = '';
    INSERT INTO account_text (profile, active, subject, text)
    SELECT CAST(t.value ->> 'profile' AS TEXT), CAST(t.value ->> 'active' AS INTEGER), CAST(t.value ->> 'subject' AS TEXT),
        CAST(t.value ->> 'text' AS TEXT)
    FROM json_each(new.texts) t;
    INSERT INTO message (id, uai, author_id, thread_id, message_id, subject, body_text, addressees, created_at, updated_at)
    SELECT a.message_id, c.uai, NULL, a.message_id, lower(a.message_id) || '@' || e.domain, t.subject,
        replace(replace(replace(replace(t.text, 'MARQUELOGIN', p.login),
            'MARQUECODE', coalesce(p.activation_code, '')), 'MARQUENOM', p.last_name), 'MARQUEPRENOM', p.first_name),
        json_array(json_object('field', 'to', 'kind', 'person', 'id', p.id)), new.at, new.at
    FROM campaign_account a
    JOIN campaign c ON c.id = a.campaign_id
    JOIN establishment e ON e.uai = c.uai
    JOIN person p ON p.id = a.person_id
    JOIN account_text t ON t.profile = p.profile AND t.active = (p.activated_at IS NOT NULL)
    WHERE a.campaign_id = new.campaign_id AND a.message_id IS NOT NULL;
    DELETE FROM account_text;
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT a.message_id, a.person_id, 'to', 0, 1
    FROM campaign_account a WHERE a.campaign_id = new.campaign_id AND a.message_id IS NOT NULL;
    INSERT INTO delivery (id, uai, message_id, person_id, address, due_at, expires_at, created_at)
    SELECT a.message_id, c.uai, a.message_id, a.person_id, a.address, new.at, new.at + 172800000, new.at
    FROM campaign c JOIN campaign_account a ON a.campaign_id = c.id AND a.message_id IS NOT NULL
    WHERE c.id = new.campaign_id;
END;

CREATE TRIGGER ad_hoc_group_changed INSTEAD OF UPDATE ON ad_hoc_group BEGIN
    SELECT RAISE(ABORT, 'post:group-keeper') WHERE NOT EXISTS (
        SELECT 1 FROM group_keeper x WHERE x.group_id = old.id AND x.person_id = new.by_id);
    SELECT RAISE(ABORT, 'post:group-managers') WHERE json_array_length(new.managers) = 0 OR EXISTS (
        SELECT 1 FROM json_each(new.managers) j
        WHERE NOT EXISTS (SELECT 1 FROM group_manager k WHERE k.group_id = old.id AND k.person_id = j.value)
            AND (NOT EXISTS (SELECT 1 FROM possible_manager x WHERE x.uai = old.uai AND x.person_id = j.value)
                OR j.value <> new.by_id AND NOT EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = new.by_id AND v.recipient_id = j.value)));
    UPDATE person_group SET name = new.name, folded_name = new.folded_name, description = new.description, permanent = new.permanent,
        participation = CASE WHEN new.open = old.open THEN participation WHEN new.open THEN 'both' ELSE 'none' END
    WHERE id = old.id;
    DELETE FROM person_group WHERE keepers_of = old.id AND new.open AND NOT old.open;
    INSERT INTO person_group (id, uai, kind, name, folded_name, participation, permanent, settled, created_at, keepers_of)
    SELECT new.keepers_id, old.uai, 'ad-hoc', new.name, new.folded_name, 'incoming', new.permanent, 1, old.created_at, old.id
    WHERE old.open AND NOT new.open AND NOT EXISTS (SELECT 1 FROM person_group k WHERE k.keepers_of = old.id);
    INSERT INTO rule (from_group, to_group)
    SELECT k.id, old.id FROM person_group k WHERE k.keepers_of = old.id AND old.open AND NOT new.open ON CONFLICT DO NOTHING;
    UPDATE person_group SET participation = 'incoming' WHERE keepers_of = old.id AND old.open AND NOT new.open;
    UPDATE person_group SET name = substr('Gestionnaires : ' || new.name, 1, 200), folded_name = 'gestionnaires ' || new.folded_name,
        permanent = new.permanent
    WHERE keepers_of = old.id;
    DELETE FROM group_manager WHERE group_id = old.id AND person_id NOT IN (SELECT j.value FROM json_each(new.managers) j);
    INSERT INTO group_manager (group_id, person_id)
    SELECT DISTINCT old.id, j.value FROM json_each(new.managers) j WHERE true ON CONFLICT DO NOTHING;
    INSERT INTO membership (group_id, person_id)
    SELECT g.id, k.person_id FROM person_group g JOIN group_manager k ON k.group_id = old.id
    WHERE g.keepers_of = old.id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER ad_hoc_group_dropped INSTEAD OF DELETE ON ad_hoc_group BEGIN
    DELETE FROM person_group WHERE id = old.id;
END;

CREATE TRIGGER ad_hoc_group_made INSTEAD OF INSERT ON ad_hoc_group BEGIN
    SELECT RAISE(ABORT, 'post:group-establishment') WHERE NOT EXISTS (
        SELECT 1 FROM person p WHERE p.id = new.by_id AND p.uai = new.uai
        UNION ALL SELECT 1 FROM local_admin a WHERE a.person_id = new.by_id AND a.uai = new.uai);
    SELECT RAISE(ABORT, 'post:group-role') WHERE NOT EXISTS (
        SELECT 1 FROM possible_manager x WHERE x.uai = new.uai AND x.person_id = new.by_id);
    SELECT RAISE(ABORT, 'post:group-managers') WHERE json_array_length(new.managers) = 0 OR EXISTS (
        SELECT 1 FROM json_each(new.managers) j
        WHERE NOT EXISTS (SELECT 1 FROM possible_manager x WHERE x.uai = new.uai AND x.person_id = j.value)
            OR j.value <> new.by_id AND NOT EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = new.by_id AND v.recipient_id = j.value));
    INSERT INTO person_group (id, uai, kind, name, folded_name, description, participation, permanent, settled, created_at)
    VALUES (new.id, new.uai, 'ad-hoc', new.name, new.folded_name, new.description, CASE WHEN new.open THEN 'both' ELSE 'none' END,
        new.permanent, 1, new.created_at);
    INSERT INTO person_group (id, uai, kind, name, folded_name, participation, permanent, settled, created_at, keepers_of)
    SELECT new.keepers_id, new.uai, 'ad-hoc', substr('Gestionnaires : ' || new.name, 1, 200), 'gestionnaires ' || new.folded_name,
        'incoming', new.permanent, 1, new.created_at, new.id
    WHERE NOT new.open;
    INSERT INTO rule (from_group, to_group) SELECT new.keepers_id, new.id WHERE NOT new.open;
    INSERT INTO group_manager (group_id, person_id) SELECT DISTINCT new.id, j.value FROM json_each(new.managers) j;
END;

CREATE TRIGGER audience_of_event AFTER INSERT ON audience WHEN new.kind = 'event' BEGIN
    SELECT RAISE(ABORT, 'post:audience') WHERE NOT EXISTS (
        SELECT 1 FROM event e JOIN editable_rubrique r ON r.person_id = new.author_id AND r.rubrique_id = e.rubrique_id
        JOIN message m ON m.id = new.message_id AND m.idempotency_key = 'agenda-' || e.id || '-' || e.sequence
        WHERE e.id = new.about_id AND e.owes AND e.state <> 'draft' AND (e.told OR e.notify = 'all' OR EXISTS (
            SELECT 1 FROM writable_population w JOIN population o ON o.id = w.population_id
            WHERE w.person_id = new.author_id AND o.id = e.notify AND o.rubrique_id = e.rubrique_id)));
    INSERT OR IGNORE INTO invitation (event_id, person_id, token, invited_at)
    SELECT new.about_id, m.person_id, lower(hex(randomblob(16))), new.made_at
    FROM event e JOIN population o ON o.rubrique_id = e.rubrique_id AND (e.notify = 'all' OR e.notify = o.id)
    JOIN population_member m ON m.population_id = o.id
    WHERE e.id = new.about_id AND e.told = 0 AND m.person_id <> new.author_id
        AND EXISTS (SELECT 1 FROM writable_population w WHERE w.person_id = new.author_id AND w.population_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = new.author_id AND x.recipient_id = m.person_id);
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT new.message_id, i.person_id, 'bcc', c.by_mailbox, c.by_redirect
    FROM invitation i JOIN conveyance c ON c.person_id = i.person_id
    JOIN person p ON p.id = i.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    WHERE i.event_id = new.about_id AND i.person_id <> new.author_id
        AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = new.author_id AND x.recipient_id = i.person_id);
    UPDATE event SET owes = 0, told = 1, untold = NULL WHERE id = new.about_id;
    UPDATE audience SET (label, rubrique_id, members_hidden) = (SELECT r.name || ' : ' || e.title, r.id, EXISTS (
            SELECT 1 FROM population o JOIN person_group g ON g.id = o.group_id AND g.members_hidden
            WHERE o.rubrique_id = r.id AND (e.notify = 'all' OR e.notify = o.id)) FROM event e JOIN rubrique r ON r.id = e.rubrique_id
        WHERE e.id = new.about_id)
    WHERE message_id = new.message_id;
END;

CREATE TRIGGER audience_of_flash AFTER INSERT ON audience WHEN new.kind = 'flash' BEGIN
    SELECT RAISE(ABORT, 'post:audience') WHERE NOT EXISTS (
        SELECT 1 FROM flash f JOIN flash_author a ON a.uai = f.uai AND a.person_id = f.author_id
        WHERE f.id = new.about_id AND f.author_id = new.author_id AND f.notified_at IS NULL AND f.withdrawn_at IS NULL
            AND f.starts_at <= new.made_at AND f.ends_at > new.made_at);
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT DISTINCT new.message_id, m.person_id, 'bcc', c.by_mailbox, c.by_redirect
    FROM flash_audience m JOIN conveyance c ON c.person_id = m.person_id
    WHERE m.flash_id = new.about_id AND m.person_id <> new.author_id
        AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = new.author_id AND x.recipient_id = m.person_id);
    UPDATE audience SET label = 'Message flash' WHERE message_id = new.message_id;
    UPDATE flash SET notified_at = new.made_at WHERE id = new.about_id;
END;

CREATE TRIGGER audience_of_liaison AFTER INSERT ON audience WHEN new.kind = 'liaison' BEGIN
    SELECT RAISE(ABORT, 'post:audience') WHERE NOT EXISTS (
        SELECT 1 FROM liaison l WHERE l.id = coalesce(
                (SELECT r.liaison_id FROM liaison_reminder r WHERE r.id = new.about_id), new.about_id)
            AND l.uai IN (
                SELECT p.uai FROM person p WHERE p.id = new.author_id
                UNION ALL SELECT a.uai FROM local_admin a WHERE a.person_id = new.author_id
                UNION ALL SELECT g.uai FROM membership m JOIN person_group g ON g.id = m.group_id WHERE m.person_id = new.author_id));
    SELECT RAISE(ABORT, 'post:audience') WHERE NOT EXISTS (
        SELECT 1 FROM liaison l WHERE l.id = new.about_id AND l.author_id = new.author_id AND l.notified_at IS NULL
        UNION ALL
        SELECT 1 FROM liaison_reminder r JOIN liaison l ON l.id = r.liaison_id
        WHERE r.id = new.about_id AND l.author_id = new.author_id AND r.notified_at IS NULL);
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT DISTINCT new.message_id, s.relative_id, 'bcc', c.by_mailbox, c.by_redirect
    FROM liaison_sending s
    JOIN person p ON p.id = s.relative_id AND p.blocked_at IS NULL AND p.left_at IS NULL
    JOIN conveyance c ON c.person_id = s.relative_id
    WHERE s.id = new.about_id
        AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = new.author_id AND x.recipient_id = s.relative_id);
    UPDATE audience SET label = 'Carnet de liaison : ' || (SELECT l.title FROM liaison l WHERE l.id = new.about_id
        UNION ALL SELECT l.title || ' (rappel)' FROM liaison_reminder r JOIN liaison l ON l.id = r.liaison_id WHERE r.id = new.about_id)
    WHERE message_id = new.message_id;
    UPDATE liaison SET notified_at = new.made_at WHERE id = new.about_id;
    UPDATE liaison_reminder SET notified_at = new.made_at WHERE id = new.about_id;
END;

CREATE TRIGGER audience_of_news AFTER INSERT ON audience WHEN new.kind = 'news' BEGIN
    SELECT RAISE(ABORT, 'post:audience') WHERE NOT EXISTS (
        SELECT 1 FROM news n JOIN editable_rubrique e ON e.rubrique_id = n.rubrique_id AND e.person_id = new.author_id
        WHERE n.id = new.about_id AND n.edited_by = new.author_id AND n.notify AND n.notified_at IS NULL
            AND n.publish_at <= new.made_at AND (n.expires_at IS NULL OR n.expires_at > new.made_at));
    -- All of it or nothing: a population that she may not write to any more is not left out in silence.
    SELECT RAISE(ABORT, 'post:audience') WHERE EXISTS (
        SELECT 1 FROM news_audience o WHERE o.news_id = new.about_id AND NOT EXISTS (
            SELECT 1 FROM writable_population w WHERE w.person_id = new.author_id AND w.population_id = o.population_id));
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT DISTINCT new.message_id, m.person_id, 'bcc', c.by_mailbox, c.by_redirect
    FROM news_audience o JOIN population_member m ON m.population_id = o.population_id
    JOIN conveyance c ON c.person_id = m.person_id
    WHERE o.news_id = new.about_id AND m.person_id <> new.author_id
        AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = new.author_id AND x.recipient_id = m.person_id);
    UPDATE audience SET (label, rubrique_id, members_hidden) = (SELECT r.name || ' : ' || n.title, r.id, EXISTS (
            SELECT 1 FROM news_audience x JOIN population o ON o.id = x.population_id
            JOIN person_group g ON g.id = o.group_id AND g.members_hidden WHERE x.news_id = n.id) FROM news n JOIN rubrique r ON r.id = n.rubrique_id
        WHERE n.id = new.about_id)
    WHERE message_id = new.message_id;
    UPDATE news SET notified_at = new.made_at WHERE id = new.about_id;
END;

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

CREATE TRIGGER blocking_begun AFTER INSERT ON blocking WHEN new.lifted_at IS NULL BEGIN
    UPDATE person SET blocked_at = new.at WHERE blocked_at IS NULL AND (id = new.person_id
        OR uai = new.uai AND profile = new.profile AND id NOT IN (SELECT a.person_id FROM local_admin a));
END;

CREATE TRIGGER blocking_lifted AFTER UPDATE OF lifted_at ON blocking WHEN old.lifted_at IS NULL AND new.lifted_at IS NOT NULL BEGIN
    UPDATE person SET blocked_at = NULL
    WHERE (id = new.person_id OR uai = new.uai AND profile = new.profile)
        AND NOT EXISTS (SELECT 1 FROM blocking b WHERE b.person_id = person.id AND b.lifted_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM blocking b WHERE b.uai = person.uai AND b.profile = person.profile AND b.lifted_at IS NULL
            AND person.id NOT IN (SELECT a.person_id FROM local_admin a));
END;

CREATE TRIGGER booking_made BEFORE INSERT ON booking BEGIN
    SELECT RAISE(ABORT, 'post:booked') WHERE EXISTS (
        SELECT 1 FROM booking b WHERE b.resource_id = new.resource_id AND b.event_id <> new.event_id
            AND b.starts_at > new.starts_at - 31708800000 AND b.starts_at < new.ends_at AND b.ends_at > new.starts_at);
END;

CREATE TRIGGER bookmark_written INSTEAD OF INSERT ON bookmark_saved BEGIN
    INSERT INTO bookmark (id, owner_id, name, folded_name) VALUES (new.id, new.owner_id, new.name, new.folded_name)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded_name = excluded.folded_name
        WHERE bookmark.owner_id = excluded.owner_id;
    DELETE FROM bookmark_entry
    WHERE bookmark_id = (SELECT b.id FROM bookmark b WHERE b.id = new.id AND b.owner_id = new.owner_id)
        AND (new.drop_hidden OR EXISTS (SELECT 1 FROM bookmark_visible v WHERE v.bookmark_id = new.id
            AND v.kind = bookmark_entry.kind AND v.target_id = bookmark_entry.target_id));
    INSERT INTO bookmark_entry (bookmark_id, kind, target_id)
    SELECT b.id, j.value ->> 'kind', j.value ->> 'id'
    FROM bookmark b CROSS JOIN json_each(new.entries) j
    WHERE b.id = new.id AND b.owner_id = new.owner_id AND CASE j.value ->> 'kind'
        WHEN 'person' THEN EXISTS
            (SELECT 1 FROM reachable v WHERE v.sender_id = new.owner_id AND v.recipient_id = j.value ->> 'id')
        WHEN 'group' THEN EXISTS
            (SELECT 1 FROM reachable_group v WHERE v.sender_id = new.owner_id AND v.group_id = j.value ->> 'id')
        END
    ON CONFLICT DO NOTHING;
    SELECT RAISE(ABORT, 'post:too-many-bookmarks')
    WHERE (SELECT count(*) FROM bookmark b WHERE b.owner_id = new.owner_id) > 100;
    SELECT RAISE(ABORT, 'post:too-many-entries')
    WHERE (SELECT count(*) FROM bookmark_entry e WHERE e.bookmark_id = new.id) > 500;
END;

CREATE TRIGGER campaign_launched INSTEAD OF INSERT ON campaign_launch BEGIN
    SELECT RAISE(ABORT, 'post:campaign-empty') WHERE coalesce(json_array_length(new.accounts), 0) = 0;
    INSERT INTO campaign (id, uai, by_id, kind, criteria, after_id, total, idempotency_key, created_at)
    VALUES (new.id, new.uai, new.by_id, new.kind, new.criteria, new.after_id, json_array_length(new.accounts),
        new.idempotency_key, new.at);
    INSERT INTO campaign_account (campaign_id, position, person_id, address, active)
    SELECT new.id, CAST(a.value ->> 0 AS INTEGER), CAST(a.value ->> 1 AS TEXT), CAST(a.value ->> 2 AS TEXT),
        CAST(a.value ->> 3 AS INTEGER)
    FROM json_each(new.accounts) a;
    INSERT INTO job (id, uai, by_id, kind, about_id, file_name, total, progress, created_at, touched_at)
    SELECT new.job_id, new.uai, new.by_id, 'accounts', new.id, new.file_name, json_array_length(new.accounts), new.progress,
        new.at, new.at
    WHERE new.kind <> 'mail';
END;

CREATE TRIGGER contact_batch_written INSTEAD OF INSERT ON contact_batch BEGIN
    INSERT INTO contact_group (id, owner_id, name, folded_name)
    SELECT j.value ->> 'id', new.owner_id, j.value ->> 'name', j.value ->> 'folded_name' FROM json_each(new.new_groups) j
    WHERE true ON CONFLICT (owner_id, folded_name) DO NOTHING;
    INSERT INTO contact (id, owner_id, uid, person_id, card, folded_name)
    SELECT j.value ->> 'id', new.owner_id, j.value ->> 'uid', j.value ->> 'person_id', j.value ->> 'card',
        coalesce(j.value ->> 'folded_name', '')
    FROM json_each(new.contacts) j
    WHERE true ON CONFLICT (owner_id, uid) DO UPDATE SET card = excluded.card, folded_name = excluded.folded_name
        WHERE contact.person_id IS NULL;
    INSERT INTO contact_membership (owner_id, group_id, contact_id)
    SELECT new.owner_id, g.id, c.id
    FROM json_each(new.contacts) j CROSS JOIN json_each(j.value, '$.groups') m
    CROSS JOIN contact_group g ON g.owner_id = new.owner_id AND g.folded_name = m.value
    CROSS JOIN contact c ON c.owner_id = new.owner_id AND c.uid = j.value ->> 'uid'
    WHERE true ON CONFLICT DO NOTHING;
    SELECT RAISE(ABORT, 'post:too-many-contacts')
    WHERE (SELECT count(*) FROM contact c WHERE c.owner_id = new.owner_id) > 2000;
    SELECT RAISE(ABORT, 'post:too-many-groups')
    WHERE (SELECT count(*) FROM contact_group g WHERE g.owner_id = new.owner_id) > 100;
END;

CREATE TRIGGER account_mail_finished AFTER UPDATE OF state ON delivery
WHEN new.state IN ('sent', 'failed', 'dead', 'cancelled')
    AND EXISTS (SELECT 1 FROM campaign_account a WHERE a.message_id = new.message_id) BEGIN
    UPDATE message SET body_text = '' WHERE id = new.message_id;
END;

CREATE TRIGGER delivery_abandoned AFTER UPDATE OF lease_id ON delivery
WHEN old.state = 'leased' AND new.state = 'leased' AND old.lease_id <> new.lease_id BEGIN
    INSERT INTO delivery_attempt (delivery_id, attempt, at, outcome, status, words)
    SELECT new.id, coalesce(max(a.attempt), 0) + 1, old.due_at, 'retry', '4.3.0', 'interrompu'
    FROM delivery_attempt a WHERE a.delivery_id = new.id;
END;

CREATE TRIGGER delivery_attempted AFTER UPDATE OF state ON delivery
WHEN old.state = 'leased' AND new.state IN ('pending', 'sent', 'failed', 'dead') AND new.attempts = old.attempts BEGIN
    INSERT INTO delivery_attempt (delivery_id, attempt, at, outcome, status, words)
    SELECT new.id, coalesce(max(a.attempt), 0) + 1, new.last_at,
        CASE new.state WHEN 'sent' THEN 'sent' WHEN 'failed' THEN 'reject' ELSE 'retry' END, new.last_status, new.last_words
    FROM delivery_attempt a WHERE a.delivery_id = new.id;
END;

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

CREATE TRIGGER verification_finished AFTER UPDATE OF state ON delivery
WHEN new.state IN ('sent', 'failed', 'dead', 'cancelled')
    AND EXISTS (SELECT 1 FROM notice n WHERE n.message_id = new.message_id AND n.kind = 'verification') BEGIN
    UPDATE message SET body_text = '' WHERE id = new.message_id;
    UPDATE notice SET body_text = '' WHERE message_id = new.message_id;
END;

CREATE TRIGGER event_books AFTER INSERT ON event BEGIN
    SELECT RAISE(ABORT, 'post:resource') WHERE EXISTS (
        SELECT 1 FROM json_each(new.resources) j WHERE NOT EXISTS (
            SELECT 1 FROM resource r WHERE r.id = j.value AND r.uai = new.uai AND r.retired_at IS NULL));
    INSERT INTO booking (resource_id, starts_at, event_id, ends_at)
    SELECT DISTINCT j.value, new.starts_at, new.id, new.ends_at FROM json_each(new.resources) j
    WHERE new.state = 'published' OR new.publish_at IS NOT NULL;
END;

CREATE TRIGGER event_books_again AFTER UPDATE OF resources, starts_at, ends_at, state, publish_at ON event BEGIN
    SELECT RAISE(ABORT, 'post:resource') WHERE EXISTS (
        SELECT 1 FROM json_each(new.resources) j WHERE NOT EXISTS (
            SELECT 1 FROM resource r WHERE r.id = j.value AND r.uai = new.uai AND r.retired_at IS NULL)
            AND j.value NOT IN (SELECT b.resource_id FROM booking b WHERE b.event_id = new.id)
            AND new.state <> 'cancelled');
    DELETE FROM booking WHERE event_id = new.id;
    INSERT INTO booking (resource_id, starts_at, event_id, ends_at)
    SELECT DISTINCT j.value, new.starts_at, new.id, new.ends_at FROM json_each(new.resources) j
    WHERE new.state = 'published' OR new.publish_at IS NOT NULL;
END;

CREATE TRIGGER lists_fed AFTER INSERT ON feeding BEGIN
    DELETE FROM membership WHERE group_id IN (SELECT l.id FROM person_group l WHERE l.kind = 'list' AND l.uai = new.uai)
        AND (group_id, person_id) NOT IN (SELECT f.group_id, f.person_id FROM fed_member f WHERE f.uai = new.uai);
    INSERT INTO membership (group_id, person_id)
    SELECT f.group_id, f.person_id FROM fed_member f WHERE f.uai = new.uai ON CONFLICT DO NOTHING;
    DELETE FROM feeding WHERE uai = new.uai;
END;

CREATE TRIGGER flash_written AFTER INSERT ON flash BEGIN
    SELECT RAISE(ABORT, 'post:not-author') WHERE NOT EXISTS (
        SELECT 1 FROM flash_author a WHERE a.person_id = new.author_id AND a.uai = new.uai);
END;

CREATE TRIGGER manager_joined AFTER INSERT ON group_manager BEGIN
    INSERT INTO membership (group_id, person_id) VALUES (new.group_id, new.person_id) ON CONFLICT DO NOTHING;
    INSERT INTO membership (group_id, person_id)
    SELECT g.id, new.person_id FROM person_group g WHERE g.keepers_of = new.group_id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER manager_left AFTER DELETE ON group_manager BEGIN
    DELETE FROM membership WHERE person_id = old.person_id
        AND group_id IN (SELECT g.id FROM person_group g WHERE g.keepers_of = old.group_id);
END;

CREATE TRIGGER job_ended AFTER UPDATE OF state, purged_at ON job
WHEN new.state IN ('failed', 'cancelled') AND old.state = 'running' OR new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    DELETE FROM job_part WHERE job_id = new.id;
END;

CREATE TRIGGER model_job_ended AFTER UPDATE OF state, purged_at ON job
WHEN new.kind = 'model' AND (new.state IN ('failed', 'cancelled') AND old.state = 'running' OR new.purged_at IS NOT NULL) BEGIN
    UPDATE model_letter SET body = '', body_text = '', addressee = '', sha256 = NULL WHERE run_id = new.about_id;
END;

CREATE TRIGGER job_slice_kept INSTEAD OF INSERT ON job_slice BEGIN
    SELECT RAISE(ABORT, 'post:job-moved') WHERE NOT EXISTS (
        SELECT 1 FROM job j WHERE j.id = new.job_id AND j.generation = new.generation AND j.state = 'running');
    SELECT RAISE(ABORT, 'post:job-slice') WHERE length(new.bytes) > 4194304;
    INSERT INTO job_part (job_id, position, bytes)
    SELECT j.id, j.parts + s.value, substr(new.bytes, 1 + 262144 * s.value, 262144)
    FROM job j, json_each('[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]') s
    WHERE j.id = new.job_id AND 262144 * s.value < length(new.bytes);
    INSERT INTO job_remark (job_id, position, words)
    SELECT new.job_id, CAST(r.value ->> 0 AS INTEGER), CAST(r.value ->> 1 AS TEXT) FROM json_each(new.remarks) r;
    UPDATE job SET generation = generation + 1, tries = 0, done = new.done, parts = parts + (length(new.bytes) + 262143) / 262144,
        size = size + length(new.bytes), touched_at = new.at,
        progress = CASE WHEN new.finished THEN NULL ELSE new.progress END,
        state = CASE WHEN new.finished THEN 'done' ELSE 'running' END,
        finished_at = CASE WHEN new.finished THEN new.at END
    WHERE id = new.job_id;
END;

CREATE TRIGGER liaison_written AFTER INSERT ON liaison BEGIN
    SELECT RAISE(ABORT, 'post:groups') WHERE EXISTS (
        SELECT 1 FROM json_each(new.groups) j WHERE NOT EXISTS (
            SELECT 1 FROM liaison_group x WHERE x.author_id = new.author_id AND x.group_id = j.value));
    SELECT RAISE(ABORT, 'post:pupils') WHERE EXISTS (
        SELECT 1 FROM json_each(new.pupils) j WHERE NOT EXISTS (
            SELECT 1 FROM liaison_pupil_of x WHERE x.author_id = new.author_id AND x.student_id = j.value));
    INSERT INTO liaison_pupil (liaison_id, student_id, class_name)
    SELECT new.id, s.id, coalesce((SELECT min(k.name) FROM membership y JOIN person_group h ON h.id = y.group_id AND h.kind = 'class'
        JOIN class k ON k.id = h.class_id WHERE y.person_id = s.id), '')
    FROM person s
    WHERE s.id IN (
        SELECT j.value FROM json_each(new.pupils) j
        UNION
        SELECT m.person_id FROM json_each(new.groups) j JOIN membership m ON m.group_id = j.value
        JOIN person p ON p.id = m.person_id AND p.profile = 'student'
        WHERE EXISTS (SELECT 1 FROM liaison_pupil_of x WHERE x.author_id = new.author_id AND x.student_id = m.person_id));
    SELECT RAISE(ABORT, 'post:no-pupil') WHERE NOT EXISTS (SELECT 1 FROM liaison_pupil p WHERE p.liaison_id = new.id);
    SELECT RAISE(ABORT, 'post:establishments') WHERE 1 < (
        SELECT count(DISTINCT s.uai) FROM liaison_pupil p JOIN person s ON s.id = p.student_id WHERE p.liaison_id = new.id);
    UPDATE liaison SET uai = (SELECT s.uai FROM liaison_pupil p JOIN person s ON s.id = p.student_id
        WHERE p.liaison_id = new.id LIMIT 1)
    WHERE id = new.id;
    INSERT INTO liaison_addressee (liaison_id, student_id, relative_id)
    SELECT new.id, k.student_id, k.relative_id
    FROM liaison_pupil p JOIN kinship k ON k.student_id = p.student_id
    WHERE p.liaison_id = new.id AND EXISTS (SELECT 1 FROM liaison_parent_of x
        WHERE x.author_id = new.author_id AND x.student_id = k.student_id AND x.relative_id = k.relative_id);
END;

CREATE TRIGGER mailbox_entry_marked AFTER UPDATE OF seen, folder ON mailbox_entry BEGIN
    UPDATE modseq SET value = value + 1;
    UPDATE mailbox_entry SET modseq = (SELECT value FROM modseq)
    WHERE person_id = new.person_id AND message_id = new.message_id AND side = new.side;
END;

CREATE TRIGGER roster_joined AFTER INSERT ON membership
WHEN (SELECT g.kind FROM person_group g WHERE g.id = new.group_id) IN ('network', 'establishment') BEGIN
    INSERT INTO roster (group_id, profile, folded_name, person_id)
    SELECT new.group_id, p.profile, p.folded_name, p.id FROM person p WHERE p.id = new.person_id
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER roster_left AFTER DELETE ON membership
WHEN (SELECT g.kind FROM person_group g WHERE g.id = old.group_id) IN ('network', 'establishment') BEGIN
    DELETE FROM roster WHERE group_id = old.group_id AND person_id = old.person_id
        AND (profile, folded_name) = (SELECT p.profile, p.folded_name FROM person p WHERE p.id = old.person_id);
END;

CREATE TRIGGER model_launched INSTEAD OF INSERT ON model_launch BEGIN
    SELECT RAISE(ABORT, 'post:run-empty') WHERE coalesce(json_array_length(new.letters), 0) = 0;
    INSERT INTO model_run (id, uai, by_id, model_id, name, way, audience, dated, signature, copies, idempotency_key, digest,
        created_at)
    VALUES (new.id, new.uai, new.by_id, new.model_id, new.name, new.way, new.audience, new.dated, new.signature, new.copies,
        new.idempotency_key, new.digest, new.at);
    INSERT INTO model_letter (run_id, position, person_id, children, addressee, subject, body, left_out)
    SELECT new.id, l.key, CAST(l.value ->> 'person' AS TEXT), CAST(l.value -> 'children' AS TEXT), CAST(l.value ->> 'addressee' AS TEXT),
        CAST(l.value ->> 'subject' AS TEXT), CAST(l.value ->> 'body' AS TEXT), CAST(l.value ->> 'left_out' AS TEXT)
    FROM json_each(new.letters) l;
    INSERT INTO job (id, uai, by_id, kind, about_id, file_name, total, created_at, touched_at)
    VALUES (new.job_id, new.uai, new.by_id, 'model', new.id, new.file_name, json_array_length(new.letters), new.at, new.at);
END;

CREATE TRIGGER model_pdf_dropped AFTER UPDATE OF sha256 ON model_letter
WHEN old.sha256 IS NOT NULL AND new.sha256 IS NOT old.sha256 BEGIN
    DELETE FROM content_chunk WHERE sha256 = old.sha256
        AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = old.sha256)
        AND NOT EXISTS (SELECT 1 FROM model_letter l WHERE l.sha256 = old.sha256);
END;

CREATE TRIGGER model_letters_mailed INSTEAD OF INSERT ON model_mailing BEGIN
    SELECT RAISE(ABORT, 'post:run-unknown') WHERE NOT EXISTS (
        SELECT 1 FROM model_run r WHERE r.id = new.run_id AND r.way <> 'print' AND r.refused = '');
    SELECT RAISE(ABORT, 'post:run-sent') WHERE EXISTS (
        SELECT 1 FROM model_run r WHERE r.id = new.run_id AND r.sent_at IS NOT NULL);
    SELECT RAISE(ABORT, 'post:run-unready') WHERE NOT EXISTS (
        SELECT 1 FROM job j WHERE j.kind = 'model' AND j.about_id = new.run_id AND j.state = 'done');
    SELECT RAISE(ABORT, 'post:author') WHERE NOT EXISTS (
        SELECT 1 FROM model_run r JOIN local_admin a ON a.person_id = r.by_id AND a.uai = r.uai WHERE r.id = new.run_id);
    SELECT RAISE(ABORT, 'post:refused') WHERE EXISTS (
        SELECT 1 FROM model_run r, json_each(r.copies) c WHERE r.id = new.run_id AND NOT EXISTS (
            SELECT 1 FROM reachable v WHERE v.sender_id = r.by_id AND v.recipient_id = c.value ->> 'id'));
    -- Who was left out at the start stays so: there is no letter for her.
    UPDATE model_letter SET left_out = coalesce((
        SELECT CASE
            WHEN p.blocked_at IS NOT NULL OR p.left_at IS NOT NULL THEN 'away'
            -- Whom she may write to, found once for all letters.
            WHEN p.id NOT IN (SELECT v.recipient_id FROM reachable v
                WHERE v.sender_id = (SELECT o.by_id FROM model_run o WHERE o.id = new.run_id)) THEN 'refused'
            WHEN NOT c.by_mailbox AND NOT c.by_redirect THEN 'nowhere'
            ELSE '' END
        FROM person p JOIN conveyance c ON c.person_id = p.id WHERE p.id = model_letter.person_id), 'away')
    WHERE run_id = new.run_id AND left_out = '';
    SELECT RAISE(ABORT, 'post:nobody') WHERE NOT EXISTS (
        SELECT 1 FROM model_letter l WHERE l.run_id = new.run_id AND l.left_out = '');
    UPDATE model_letter SET message_id = new.id_prefix || printf('%08X', position) || substr(hex(randomblob(4)), 1, 8)
    WHERE run_id = new.run_id AND left_out = '';
    INSERT INTO message (id, uai, author_id, thread_id, message_id, subject, body_html, body_text, addressees, created_at, updated_at)
    SELECT l.message_id, r.uai, r.by_id, l.message_id, lower(l.message_id) || '@' || e.domain, l.subject, l.body, l.body_text,
        json_array(json_object('field', 'to', 'kind', 'person', 'id', l.person_id)), new.at, new.at
    FROM model_letter l JOIN model_run r ON r.id = l.run_id JOIN establishment e ON e.uai = r.uai
    WHERE l.run_id = new.run_id AND l.message_id IS NOT NULL;
    INSERT INTO attachment (id, message_id, name, media_type, size, sha256)
    SELECT substr(l.message_id, 1, 10) || substr(hex(randomblob(8)), 1, 16), l.message_id, j.file_name, 'application/pdf', l.size, l.sha256
    FROM model_letter l JOIN job j ON j.kind = 'model' AND j.about_id = l.run_id
    WHERE l.run_id = new.run_id AND l.message_id IS NOT NULL AND l.sha256 IS NOT NULL;
    INSERT INTO submission (message_id, submitted_at, size, broadcast)
    SELECT l.message_id, new.at, length(CAST(l.subject AS BLOB)) + length(CAST(l.body AS BLOB)) + l.size, 1
    FROM model_letter l WHERE l.run_id = new.run_id AND l.message_id IS NOT NULL ORDER BY l.position;
    -- The author's own mailbox would be full of them: the run shows each.
    DELETE FROM mailbox_entry WHERE person_id = (SELECT r.by_id FROM model_run r WHERE r.id = new.run_id) AND side = 'author'
        AND message_id IN (SELECT l.message_id FROM model_letter l WHERE l.run_id = new.run_id);

    -- Copies: of each letter, in Cc or Cci, seen or not as in any message.
    UPDATE message SET addressees = (
        SELECT json_group_array(json(x.value)) FROM (
            SELECT a.value FROM json_each(message.addressees) a
            UNION ALL
            SELECT c.value FROM model_run r, json_each(r.copies) c WHERE r.id = new.run_id
                AND c.value ->> 'id' <> message.addressees ->> '$[0].id') x)
    WHERE id IN (SELECT l.message_id FROM model_letter l WHERE l.run_id = new.run_id)
        AND EXISTS (SELECT 1 FROM model_run r WHERE r.id = new.run_id AND r.copies <> '[]');
    INSERT INTO recipient (message_id, person_id, field, by_mailbox, by_redirect)
    SELECT l.message_id, v.person_id, CAST(c.value ->> 'field' AS TEXT), v.by_mailbox, v.by_redirect
    FROM model_run r JOIN json_each(r.copies) c JOIN conveyance v ON v.person_id = c.value ->> 'id'
    JOIN model_letter l ON l.run_id = r.id AND l.message_id IS NOT NULL AND l.person_id <> v.person_id
    WHERE r.id = new.run_id;
    INSERT INTO mailbox_entry (person_id, message_id, side, folder, seen, received_at, size, modseq)
    SELECT x.person_id, x.message_id, 'recipient', 'inbox', 0, new.at, s.size, (SELECT value FROM modseq)
    FROM model_letter l JOIN submission s ON s.message_id = l.message_id
    JOIN recipient x ON x.message_id = l.message_id AND x.field <> 'to' AND x.by_mailbox
    WHERE l.run_id = new.run_id;
    INSERT INTO delivery (id, uai, message_id, person_id, address, due_at, expires_at, created_at)
    SELECT substr(m.id, 1, 10) || substr(hex(randomblob(8)), 1, 16), m.uai, m.id, d.person_id, d.address, new.at,
        new.at + 172800000, new.at
    FROM model_letter l JOIN message m ON m.id = l.message_id
    JOIN recipient x ON x.message_id = m.id AND x.field <> 'to' AND x.by_redirect
    JOIN redirect d ON d.person_id = x.person_id AND d.address IS NOT NULL
    WHERE l.run_id = new.run_id;

    UPDATE model_run SET sent_at = new.at WHERE id = new.run_id;
    UPDATE model_letter SET body = '', body_text = '', addressee = '' WHERE run_id = new.run_id AND left_out = '';
    UPDATE model_letter SET sha256 = NULL WHERE run_id = new.run_id AND sha256 IS NOT NULL;
END;

CREATE TRIGGER model_slice_kept INSTEAD OF INSERT ON model_slice BEGIN
    INSERT INTO content_chunk (sha256, position, bytes)
    SELECT CAST(l.value ->> 'sha256' AS TEXT), c.value, unhex(substr(l.value ->> 'pdf', 1 + 524288 * c.value, 524288))
    FROM json_each(new.letters) l, json_each('[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]') c
    WHERE 524288 * c.value < length(l.value ->> 'pdf')
    ON CONFLICT DO NOTHING;
    UPDATE model_letter SET (body, body_text, sha256, size) = (
        SELECT CAST(l.value ->> 'body' AS TEXT), CAST(l.value ->> 'text' AS TEXT), CAST(l.value ->> 'sha256' AS TEXT),
            CAST(l.value ->> 'size' AS INTEGER)
        FROM json_each(new.letters) l WHERE l.value ->> 'position' = model_letter.position)
    WHERE run_id = new.run_id AND left_out = ''
        AND position IN (SELECT l.value ->> 'position' FROM json_each(new.letters) l)
        AND EXISTS (SELECT 1 FROM model_run r WHERE r.id = new.run_id AND r.sent_at IS NULL);
END;

CREATE TRIGGER news_edited AFTER UPDATE OF audience ON news BEGIN
    SELECT RAISE(ABORT, 'post:not-editor') WHERE NOT EXISTS (
        SELECT 1 FROM editable_rubrique e WHERE e.person_id = new.edited_by AND e.rubrique_id = new.rubrique_id);
    SELECT RAISE(ABORT, 'post:audience') WHERE EXISTS (
        SELECT 1 FROM json_each(new.audience) j WHERE NOT EXISTS (
            SELECT 1 FROM population o JOIN writable_population w ON w.population_id = o.id
            WHERE o.id = j.value AND o.rubrique_id = new.rubrique_id AND w.person_id = new.edited_by));
    -- Whoever answered answered this question, named or not.
    SELECT RAISE(ABORT, 'post:poll-answered')
    WHERE (new.question, new.choices, new.named) IS NOT (old.question, old.choices, old.named)
        AND EXISTS (SELECT 1 FROM news_vote v WHERE v.news_id = new.id);
    DELETE FROM news_population WHERE news_id = new.id;
    INSERT INTO news_population (news_id, population_id)
    SELECT DISTINCT new.id, j.value FROM json_each(new.audience) j;
END;

CREATE TRIGGER news_written AFTER INSERT ON news BEGIN
    SELECT RAISE(ABORT, 'post:not-editor') WHERE NOT EXISTS (
        SELECT 1 FROM editable_rubrique e WHERE e.person_id = new.edited_by AND e.rubrique_id = new.rubrique_id);
    SELECT RAISE(ABORT, 'post:audience') WHERE EXISTS (
        SELECT 1 FROM json_each(new.audience) j WHERE NOT EXISTS (
            SELECT 1 FROM population o JOIN writable_population w ON w.population_id = o.id
            WHERE o.id = j.value AND o.rubrique_id = new.rubrique_id AND w.person_id = new.edited_by));
    INSERT INTO news_population (news_id, population_id)
    SELECT DISTINCT new.id, j.value FROM json_each(new.audience) j;
END;

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

CREATE TRIGGER blocking_of_newcomer AFTER INSERT ON person
WHEN new.blocked_at IS NULL AND EXISTS
    (SELECT 1 FROM blocking b WHERE b.uai = new.uai AND b.profile = new.profile AND b.lifted_at IS NULL) BEGIN
    UPDATE person SET blocked_at = new.created_at WHERE id = new.id;
END;

CREATE TRIGGER person_address_changed AFTER UPDATE OF universal_address ON person
WHEN new.universal_address <> old.universal_address
    AND NOT EXISTS (SELECT 1 FROM taken_address t WHERE t.address = new.universal_address AND t.person_id = new.id) BEGIN
    INSERT INTO taken_address (address, person_id) VALUES (new.universal_address, new.id);
END;

CREATE TRIGGER person_address_given AFTER INSERT ON person BEGIN
    INSERT INTO taken_address (address, person_id) VALUES (new.universal_address, new.id);
END;

CREATE TRIGGER person_purged AFTER UPDATE OF purged_at ON person WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    DELETE FROM source_record WHERE person_id = new.id;
    DELETE FROM person_detail WHERE person_id = new.id;
    DELETE FROM kinship WHERE relative_id = new.id;
    DELETE FROM kinship WHERE student_id = new.id;
    DELETE FROM membership WHERE person_id = new.id;
    DELETE FROM group_manager WHERE person_id = new.id;
    DELETE FROM local_admin WHERE person_id = new.id;
    DELETE FROM role_override WHERE person_id = new.id;
    DELETE FROM redirect WHERE person_id = new.id;
    DELETE FROM password_renewal WHERE person_id = new.id;
    DELETE FROM sign_in_failure WHERE login = old.login;
    DELETE FROM prohibition WHERE sender_id = new.id OR recipient_id = new.id;
    DELETE FROM prohibition_past WHERE sender_id = new.id OR recipient_id = new.id;
    DELETE FROM blocking WHERE person_id = new.id;
END;

CREATE TRIGGER person_purged_book AFTER UPDATE OF purged_at ON person WHEN new.purged_at IS NOT NULL BEGIN
    DELETE FROM contact WHERE owner_id = new.id;
    DELETE FROM contact_group WHERE owner_id = new.id;
    DELETE FROM contact_import WHERE owner_id = new.id;
    DELETE FROM bookmark WHERE owner_id = new.id;
END;

CREATE TRIGGER person_purged_from_campaigns AFTER UPDATE OF purged_at ON person
WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    UPDATE campaign_account SET address = '' WHERE person_id = new.id;
    DELETE FROM class_admin WHERE person_id = new.id;
END;

CREATE TRIGGER person_purged_from_runs AFTER UPDATE OF purged_at ON person
WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    UPDATE model_letter SET body = '', body_text = '', addressee = '', children = '[]', subject = '', sha256 = NULL
    WHERE person_id = new.id;
    UPDATE model_letter SET body = '', body_text = '', children = '[]', subject = '', sha256 = NULL
    WHERE old.profile = 'student' AND EXISTS (SELECT 1 FROM json_each(model_letter.children) c
        WHERE c.value = old.first_name || ' ' || old.last_name
            OR substr(c.value, 1, length(old.first_name) + length(old.last_name) + 3) = old.first_name || ' ' || old.last_name || ' (');
END;

CREATE TRIGGER person_purged_reading AFTER UPDATE OF purged_at ON person WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    DELETE FROM news_reading WHERE person_id = new.id;
    DELETE FROM news_vote WHERE person_id = new.id;
    DELETE FROM flash_dismissal WHERE person_id = new.id;
END;

CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN
    INSERT INTO person_search (person_search, rowid, folded_name) VALUES ('delete', old.n, old.folded_name);
END;

CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN
    INSERT INTO person_search (rowid, folded_name) VALUES (new.n, new.folded_name);
END;

CREATE TRIGGER person_search_update AFTER UPDATE OF folded_name ON person BEGIN
    INSERT INTO person_search (person_search, rowid, folded_name) VALUES ('delete', old.n, old.folded_name);
    INSERT INTO person_search (rowid, folded_name) VALUES (new.n, new.folded_name);
END;

CREATE TRIGGER roster_renamed AFTER UPDATE OF folded_name, profile ON person
WHEN new.folded_name <> old.folded_name OR new.profile <> old.profile BEGIN
    DELETE FROM roster WHERE profile = old.profile AND folded_name = old.folded_name AND person_id = old.id
        AND group_id IN (SELECT m.group_id FROM membership m WHERE m.person_id = old.id
            UNION ALL SELECT g.id FROM person_group g WHERE g.kind = 'network'
            UNION ALL SELECT g.id FROM person_group g WHERE g.kind = 'establishment' AND g.uai IN (old.uai, new.uai));
    INSERT INTO roster (group_id, profile, folded_name, person_id)
    SELECT m.group_id, new.profile, new.folded_name, new.id
    FROM membership m JOIN person_group g ON g.id = m.group_id
    WHERE m.person_id = new.id AND g.kind IN ('network', 'establishment')
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER group_gone BEFORE DELETE ON person_group BEGIN
    DELETE FROM membership WHERE group_id = old.id;
    DELETE FROM rule WHERE from_group = old.id OR to_group = old.id;
    DELETE FROM rights_change WHERE from_group = old.id OR to_group = old.id;
END;

CREATE TRIGGER prohibition_lifted AFTER UPDATE OF ended_at ON prohibition WHEN new.ended_at IS NOT NULL BEGIN
    INSERT OR IGNORE INTO prohibition_past (sender_id, recipient_id, reason, until, by_id, created_at, ended_at, ended_by)
    VALUES (new.sender_id, new.recipient_id, new.reason, new.until, new.by_id, new.created_at, min(new.ended_at, coalesce(new.until, new.ended_at)), new.ended_by);
    DELETE FROM prohibition WHERE sender_id = new.sender_id AND recipient_id = new.recipient_id;
END;

CREATE TRIGGER prohibition_replaced AFTER UPDATE OF created_at ON prohibition WHEN new.created_at <> old.created_at BEGIN
    INSERT OR IGNORE INTO prohibition_past (sender_id, recipient_id, reason, until, by_id, created_at, ended_at, ended_by)
    VALUES (old.sender_id, old.recipient_id, old.reason, old.until, old.by_id, old.created_at, min(new.created_at, coalesce(old.until, new.created_at)), new.by_id);
END;

CREATE TRIGGER rights_changed BEFORE INSERT ON rights_change BEGIN
    DELETE FROM rights_change WHERE rehearsal = 1 AND id <> new.id AND (by_id IS new.by_id OR at < new.at - 86400000);

    INSERT INTO touched_group (id, participation, settled)
    SELECT g.id, g.participation, g.settled FROM person_group g
    WHERE g.id IN (new.from_group, new.to_group) OR new.kind = 'preset' AND g.uai = new.uai
        AND g.kind IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'discipline');
    INSERT INTO touched_rule (from_group, to_group)
    SELECT r.from_group, r.to_group FROM rule r
    WHERE CASE new.kind WHEN 'preset' THEN r.from_group IN (SELECT t.id FROM touched_group t)
        ELSE r.from_group = new.from_group AND r.to_group = new.to_group END;

    -- Concerned: the members of these groups, and those whom a rule lets write to them. Of other establishments nothing is
    -- counted: an administrator does not learn who is there.
    INSERT OR IGNORE INTO touched_sender (id)
    SELECT m.person_id FROM touched_group t CROSS JOIN membership m ON m.group_id = t.id
        CROSS JOIN person p ON p.id = m.person_id AND p.uai = new.uai AND p.blocked_at IS NULL AND p.left_at IS NULL
    UNION ALL
    SELECT m.person_id FROM touched_group t CROSS JOIN rule r ON r.to_group = t.id CROSS JOIN membership m ON m.group_id = r.from_group
        CROSS JOIN person p ON p.id = m.person_id AND p.uai = new.uai AND p.blocked_at IS NULL AND p.left_at IS NULL
    WHERE new.kind <> 'preset';

    INSERT OR IGNORE INTO touched_pair (phase, sender, recipient)
    SELECT 0, p.n, q.n FROM touched_sender s CROSS JOIN person p ON p.id = s.id CROSS JOIN reachable v ON v.sender_id = s.id
        AND (v.to_group IS NULL OR v.to_group IN (SELECT g.id FROM person_group g WHERE g.uai = new.uai))
        CROSS JOIN person q ON q.id = v.recipient_id;
    INSERT OR IGNORE INTO touched_pair (phase, sender, recipient)
    SELECT 0, p.n, q.n FROM touched_sender s CROSS JOIN person p ON p.id = s.id CROSS JOIN named_group v ON v.sender_id = s.id
        CROSS JOIN person_group g ON g.id = v.group_id AND g.kind = 'network'
        CROSS JOIN person_group e ON e.kind = 'establishment' AND e.profile = g.profile AND e.uai = new.uai
        CROSS JOIN membership m ON m.group_id = e.id CROSS JOIN person q ON q.id = m.person_id AND q.blocked_at IS NULL AND q.left_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM prohibition x WHERE x.sender_id = s.id AND x.recipient_id = q.id
                AND (x.until IS NULL OR x.until > new.at));
    INSERT OR IGNORE INTO touched_pair (phase, sender, recipient)
    SELECT 0, p.n, -g.rowid FROM touched_sender s CROSS JOIN person p ON p.id = s.id CROSS JOIN named_group v ON v.sender_id = s.id
        CROSS JOIN person_group g ON g.id = v.group_id AND (g.uai IS NOT new.uai OR g.kind = 'list');

    -- The change itself. A rule makes its source incoming and its target outgoing; a list stays none (R-5).
    INSERT INTO rule (from_group, to_group) SELECT new.from_group, new.to_group WHERE new.kind = 'add-rule' ON CONFLICT DO NOTHING;
    UPDATE person_group SET participation = CASE participation WHEN 'none' THEN 'incoming' WHEN 'outgoing' THEN 'both' ELSE participation END
    WHERE new.kind = 'add-rule' AND id = new.from_group;
    UPDATE person_group SET participation = CASE participation WHEN 'none' THEN 'outgoing' WHEN 'incoming' THEN 'both' ELSE participation END
    WHERE new.kind = 'add-rule' AND id = new.to_group AND kind <> 'list';
    -- Taking a rule back takes back what no other rule needs, of groups that it served.
    DELETE FROM rule WHERE new.kind = 'remove-rule' AND from_group = new.from_group AND to_group = new.to_group;
    UPDATE person_group SET participation = CASE participation WHEN 'both' THEN 'outgoing' WHEN 'incoming' THEN 'none' ELSE participation END
    WHERE new.kind = 'remove-rule' AND id = new.from_group AND EXISTS (SELECT 1 FROM touched_rule)
        AND NOT EXISTS (SELECT 1 FROM rule r WHERE r.from_group = new.from_group);
    UPDATE person_group SET participation = CASE participation WHEN 'both' THEN 'incoming' WHEN 'outgoing' THEN 'none' ELSE participation END
    WHERE new.kind = 'remove-rule' AND id = new.to_group AND uai = new.uai AND EXISTS (SELECT 1 FROM touched_rule)
        AND NOT EXISTS (SELECT 1 FROM rule r WHERE r.to_group = new.to_group);
    UPDATE person_group SET participation = new.participation WHERE new.kind = 'participation' AND id = new.from_group;
    -- A preset takes back the rules between automatic groups; those that touch a group made by people or a list stay. `+`:
    -- from the few groups of the establishment, not from all those of the network.
    DELETE FROM rule WHERE new.kind = 'preset' AND from_group IN (SELECT t.id FROM touched_group t)
        AND +to_group IN (SELECT g.id FROM person_group g WHERE g.kind NOT IN ('manual', 'ad-hoc', 'list'));
    UPDATE person_group SET settled = 0, participation = 'none'
    WHERE new.kind = 'preset' AND id IN (SELECT t.id FROM touched_group t);
    -- What a group was before is kept with the rest, to be undone.
    INSERT INTO touched_group (id, participation, settled)
    SELECT 'preset', e.preset, 0 FROM establishment e WHERE new.kind = 'preset' AND e.uai = new.uai;
    UPDATE establishment SET preset = new.preset WHERE new.kind = 'preset' AND uai = new.uai;
    INSERT INTO settling (uai) SELECT new.uai WHERE new.kind = 'preset';

    INSERT OR IGNORE INTO touched_pair (phase, sender, recipient)
    SELECT 1, p.n, q.n FROM touched_sender s CROSS JOIN person p ON p.id = s.id CROSS JOIN reachable v ON v.sender_id = s.id
        AND (v.to_group IS NULL OR v.to_group IN (SELECT g.id FROM person_group g WHERE g.uai = new.uai))
        CROSS JOIN person q ON q.id = v.recipient_id;
    INSERT OR IGNORE INTO touched_pair (phase, sender, recipient)
    SELECT 1, p.n, q.n FROM touched_sender s CROSS JOIN person p ON p.id = s.id CROSS JOIN named_group v ON v.sender_id = s.id
        CROSS JOIN person_group g ON g.id = v.group_id AND g.kind = 'network'
        CROSS JOIN person_group e ON e.kind = 'establishment' AND e.profile = g.profile AND e.uai = new.uai
        CROSS JOIN membership m ON m.group_id = e.id CROSS JOIN person q ON q.id = m.person_id AND q.blocked_at IS NULL AND q.left_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM prohibition x WHERE x.sender_id = s.id AND x.recipient_id = q.id
                AND (x.until IS NULL OR x.until > new.at));
    INSERT OR IGNORE INTO touched_pair (phase, sender, recipient)
    SELECT 1, p.n, -g.rowid FROM touched_sender s CROSS JOIN person p ON p.id = s.id CROSS JOIN named_group v ON v.sender_id = s.id
        CROSS JOIN person_group g ON g.id = v.group_id AND (g.uai IS NOT new.uai OR g.kind = 'list');

    INSERT INTO rights_effect (change_id, gaining, losing, opened, closed)
    SELECT new.id,
        (SELECT count(DISTINCT x.sender) FROM touched_pair x WHERE x.phase = 1
            AND NOT EXISTS (SELECT 1 FROM touched_pair y WHERE y.phase = 0 AND y.sender = x.sender AND y.recipient = x.recipient)),
        (SELECT count(DISTINCT x.sender) FROM touched_pair x WHERE x.phase = 0
            AND NOT EXISTS (SELECT 1 FROM touched_pair y WHERE y.phase = 1 AND y.sender = x.sender AND y.recipient = x.recipient)),
        (SELECT json_group_array(g.id) FROM touched_group t JOIN person_group g ON g.id = t.id
            WHERE g.participation = 'both' AND t.participation <> 'both'),
        (SELECT json_group_array(g.id) FROM touched_group t JOIN person_group g ON g.id = t.id
            WHERE g.participation <> 'both' AND t.participation = 'both');

    -- The end of a rehearsal: everything is as it was.
    DELETE FROM rule WHERE new.rehearsal AND CASE new.kind WHEN 'preset' THEN from_group IN (SELECT t.id FROM touched_group t)
        ELSE from_group = new.from_group AND to_group = new.to_group END;
    INSERT INTO rule (from_group, to_group) SELECT t.from_group, t.to_group FROM touched_rule t WHERE new.rehearsal;
    UPDATE person_group SET (participation, settled) = (SELECT t.participation, t.settled FROM touched_group t WHERE t.id = person_group.id)
    WHERE new.rehearsal AND id IN (SELECT t.id FROM touched_group t);
    UPDATE establishment SET preset = (SELECT t.participation FROM touched_group t WHERE t.id = 'preset')
    WHERE new.rehearsal AND new.kind = 'preset' AND uai = new.uai;

    DELETE FROM touched_group;
    DELETE FROM touched_rule;
    DELETE FROM touched_sender;
    DELETE FROM touched_pair;
END;

CREATE TRIGGER rubrique_written INSTEAD OF INSERT ON rubrique_saved BEGIN
    SELECT RAISE(ABORT, 'post:rubrique-unknown') WHERE NOT EXISTS (
        SELECT 1 FROM local_admin a WHERE a.person_id = new.by_id AND a.uai = new.uai)
        OR EXISTS (SELECT 1 FROM rubrique r WHERE r.id = new.id AND r.uai <> new.uai);
    -- Groups of this very establishment: never those of the network nor of another one, nor the hidden group of the managers
    -- of an ad hoc group; and a group that has a profile has no members of another.
    SELECT RAISE(ABORT, 'post:rubrique-group') WHERE EXISTS (
        SELECT 1 FROM (SELECT value FROM json_each(new.editors) UNION ALL SELECT value FROM json_each(new.populations)) j
        WHERE NOT EXISTS (SELECT 1 FROM person_group g WHERE g.id = j.value ->> 'group' AND g.uai = new.uai
            AND g.kind <> 'network' AND g.keepers_of IS NULL
            AND (j.value ->> 'profile' = '' OR g.profile IS NULL)));
    INSERT INTO rubrique (id, uai, name, folded_name, description, created_at)
    VALUES (new.id, new.uai, new.name, new.folded_name, new.description, new.at)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded_name = excluded.folded_name, description = excluded.description;
    DELETE FROM rubrique_editor WHERE rubrique_id = new.id AND (group_id, profile) NOT IN (
        SELECT j.value ->> 'group', j.value ->> 'profile' FROM json_each(new.editors) j);
    INSERT INTO rubrique_editor (rubrique_id, group_id, profile)
    SELECT new.id, j.value ->> 'group', j.value ->> 'profile' FROM json_each(new.editors) j WHERE true ON CONFLICT DO NOTHING;
    DELETE FROM population WHERE rubrique_id = new.id AND (group_id, profile) NOT IN (
        SELECT j.value ->> 'group', j.value ->> 'profile' FROM json_each(new.populations) j);
    INSERT INTO population (id, rubrique_id, group_id, profile)
    SELECT substr(new.id, 1, 10) || substr(hex(randomblob(8)), 1, 16), new.id, j.value ->> 'group', j.value ->> 'profile'
    FROM json_each(new.populations) j WHERE true ON CONFLICT (rubrique_id, group_id, profile) DO NOTHING;
END;

CREATE TRIGGER role_changed AFTER INSERT ON setting_change WHEN new.setting LIKE 'role:%' BEGIN
    DELETE FROM profile_role WHERE new.after = '0' AND uai = new.uai AND 'role:' || profile || ':' || role = new.setting;
    INSERT INTO profile_role (uai, profile, role)
    SELECT new.uai, substr(new.setting, 6, instr(substr(new.setting, 6), ':') - 1),
        substr(new.setting, 6 + instr(substr(new.setting, 6), ':'))
    WHERE new.after = '1' ON CONFLICT DO NOTHING;
    DELETE FROM role_override WHERE new.after IN ('', 'granted', 'refused') AND person_id = substr(new.setting, 6, 26)
        AND role = substr(new.setting, 33);
    INSERT INTO role_override (person_id, role, granted)
    SELECT substr(new.setting, 6, 26), substr(new.setting, 33), new.after = 'granted'
    WHERE new.after IN ('granted', 'refused');
END;

CREATE TRIGGER setting_changed AFTER INSERT ON setting_change WHEN new.setting NOT LIKE 'role:%' BEGIN
    UPDATE establishment SET
        name = CASE new.setting WHEN 'name' THEN new.after ELSE name END,
        domain = CASE new.setting WHEN 'domain' THEN new.after ELSE domain END,
        timezone = CASE new.setting WHEN 'timezone' THEN new.after ELSE timezone END,
        max_recipients = CASE new.setting WHEN 'max_recipients' THEN CAST(new.after AS INTEGER) ELSE max_recipients END,
        mailbox_quota = CASE new.setting WHEN 'mailbox_quota' THEN CAST(new.after AS INTEGER) ELSE mailbox_quota END,
        attachment_max_bytes = CASE new.setting WHEN 'attachment_max_bytes' THEN CAST(new.after AS INTEGER) ELSE attachment_max_bytes END,
        attachment_extensions = CASE new.setting WHEN 'attachment_extensions' THEN new.after ELSE attachment_extensions END
    WHERE uai = new.uai;
END;

CREATE TRIGGER setting_changed_retention AFTER INSERT ON setting_change WHEN new.setting = 'left_retention_days' BEGIN
    UPDATE establishment SET left_retention_days = CAST(new.after AS INTEGER) WHERE uai = new.uai;
END;

CREATE TRIGGER settled AFTER INSERT ON settling BEGIN
    INSERT INTO rule (from_group, to_group)
    SELECT f.id, t.id
    FROM establishment e
    JOIN person_group f ON f.uai = e.uai AND f.profile IS NOT NULL
    JOIN preset_rule r ON r.preset = e.preset AND r.from_scope = f.kind AND r.from_profile = f.profile
        AND r.to_scope IN ('establishment', 'network')
    JOIN person_group t ON t.uai IS CASE r.to_scope WHEN 'network' THEN NULL ELSE e.uai END
        AND t.kind = r.to_scope AND t.profile = r.to_profile
    WHERE e.uai = new.uai AND (f.settled = 0 OR t.settled = 0)
    UNION ALL
    SELECT f.id, t.id
    FROM establishment e
    JOIN person_group f ON f.uai = e.uai AND f.class_id IS NOT NULL
    JOIN preset_rule r ON r.preset = e.preset AND r.from_scope = f.kind AND r.from_profile = f.profile
        AND r.to_scope IN ('class', 'teaching-group', 'head-teacher')
    JOIN person_group t ON t.class_id = f.class_id AND t.kind = r.to_scope AND t.profile = r.to_profile
    WHERE e.uai = new.uai AND (f.settled = 0 OR t.settled = 0)
    ON CONFLICT DO NOTHING;
    UPDATE person_group
    SET settled = 1, participation = coalesce((SELECT p.participation FROM preset_participation p
        JOIN establishment e ON e.preset = p.preset
        WHERE e.uai = person_group.uai AND p.scope = person_group.kind AND p.profile = person_group.profile), 'none')
    WHERE uai = new.uai AND settled = 0
        AND kind IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'discipline');
    DELETE FROM settling WHERE uai = new.uai;
END;

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
