-- Publipostage of accounts (P-1 to P-4, P-7): who may make whose letters, campaigns and what became of each person, and the
-- long jobs that make a file slice by slice (model letters have the same: P-5).

-- Administrators of classes: named by a local administrator, they make the letters of the students of their classes and of
-- these students' relatives, and of nobody else.
CREATE TABLE class_admin (
    person_id TEXT NOT NULL REFERENCES person (id),
    class_id TEXT NOT NULL REFERENCES class (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, class_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX class_admin_by_class ON class_admin (class_id);

-- Whose letters somebody may make, in an establishment that she administers in whole or by classes. Rows may repeat.
CREATE VIEW letter_subject (viewer_id, uai, person_id) AS
    SELECT a.person_id, a.uai, p.id FROM local_admin a JOIN person p ON p.uai = a.uai
    UNION ALL
    SELECT a.person_id, c.uai, p.id
    FROM class_admin a
    JOIN class c ON c.id = a.class_id
    JOIN person_group g ON g.class_id = c.id AND g.profile IN ('student', 'relative')
    JOIN membership m ON m.group_id = g.id
    JOIN person p ON p.id = m.person_id AND p.uai = c.uai AND p.profile IN ('student', 'relative');

-- What somebody answers for: the establishments she administers, in whole or by classes, and the one she is head (or deputy
-- head) of. The functions are those of the sources (AAF, ONDE) and the words schools use.
CREATE VIEW entrusted (person_id, uai) AS
    SELECT a.person_id, a.uai FROM local_admin a
    UNION ALL
    SELECT a.person_id, c.uai FROM class_admin a JOIN class c ON c.id = a.class_id
    UNION ALL
    SELECT p.id, p.uai FROM person p
    WHERE p.profile IN ('staff', 'teacher') AND (p.function LIKE '%chef% d_établissement%' OR p.function LIKE 'princip%'
        OR p.function LIKE 'proviseur%' OR p.function LIKE 'direct%');

-- An activation code opens an account: it is shown only to a local administrator of everything that its owner answers for.
-- So an administrator of classes sees no code of the head, of a local administrator or of her like; and an administrator of
-- one school none of somebody who administers another.
CREATE VIEW withheld_code (viewer_id, person_id) AS
    SELECT v.id, e.person_id
    FROM person v JOIN entrusted e
    WHERE NOT EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = v.id AND a.uai = e.uai);

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

-- A job makes a file, slice by slice. Whoever has time carries it on: a page, or cron. A slice counts when it is inserted
-- into `job_slice`, for the generation it was made from: twice, at the same time, or killed half-way, the file is the same.
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

-- INSERT INTO job_slice is the whole decision. `remarks`: JSON array of [position, words]. `bytes`: at most 4 MiB.
CREATE VIEW job_slice (job_id, generation, done, bytes, progress, remarks, finished, at) AS
    SELECT j.id, j.generation, j.done, x'', j.progress, '[]', 0, j.touched_at FROM job j;
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

-- What nobody may download any more is not kept.
CREATE TRIGGER job_ended AFTER UPDATE OF state, purged_at ON job
WHEN new.state IN ('failed', 'cancelled') AND old.state = 'running' OR new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    DELETE FROM job_part WHERE job_id = new.id;
END;

-- A campaign is a selection as it was when it was started: who, in which order, at which address. It is kept; codes never are.
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
CREATE INDEX campaign_by_establishment ON campaign (uai, id);
CREATE INDEX campaign_by_origin ON campaign (after_id) WHERE after_id IS NOT NULL;

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
CREATE UNIQUE INDEX campaign_account_by_person ON campaign_account (person_id, campaign_id);
CREATE INDEX campaign_account_by_message ON campaign_account (message_id) WHERE message_id IS NOT NULL;

-- Why no letter of a campaign can be made for somebody now; '' when it can. Who started the campaign may have less to see than
-- she had then, and a person may have left.
CREATE VIEW campaign_obstacle (campaign_id, position, obstacle) AS
    SELECT a.campaign_id, a.position, CASE
        WHEN p.uai <> c.uai OR p.blocked_at IS NOT NULL OR p.left_at IS NOT NULL THEN 'away'
        WHEN NOT EXISTS (SELECT 1 FROM letter_subject s WHERE s.viewer_id = c.by_id AND s.uai = c.uai AND s.person_id = p.id)
            OR p.activated_at IS NULL
            AND EXISTS (SELECT 1 FROM withheld_code w WHERE w.viewer_id = c.by_id AND w.person_id = p.id) THEN 'withheld'
        WHEN p.activated_at IS NULL AND p.activation_code IS NULL THEN 'no-code'
        ELSE '' END
    FROM campaign c JOIN campaign_account a ON a.campaign_id = c.id JOIN person p ON p.id = a.person_id;

-- INSERT INTO campaign_launch freezes a selection, and begins the job of a printed one. `accounts`: JSON array of
-- [position, person, address, active]; `progress`: what its first slice goes on from.
CREATE VIEW campaign_launch (id, uai, by_id, kind, criteria, after_id, idempotency_key, at, accounts, job_id,
    file_name, progress) AS
    SELECT c.id, c.uai, c.by_id, c.kind, c.criteria, c.after_id, c.idempotency_key, c.created_at, '[]', '', '', NULL FROM campaign c;
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

-- INSERT INTO account_mailing queues the mails of a campaign, once (P-4): one message from the service for each account, to
-- the address that was frozen, and to no mailbox: who has not activated her account cannot read it, and a code must not lie
-- there. `texts`: JSON array of {"profile", "active", "subject", "text"} with the markers below. The name is put in last, so
-- that nothing in a name is taken for a marker. What the account is now decides the text; whoever may not make this letter
-- any more, has left or has no code gets none. The texts lie in `account_text` while they are merged; else it is empty.
CREATE TABLE account_text (
    profile TEXT NOT NULL, active INTEGER NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (profile, active)
) STRICT, WITHOUT ROWID;
CREATE VIEW account_mailing (campaign_id, id_prefix, at, texts) AS
    SELECT c.id, '', c.mailed_at, '[]' FROM campaign c WHERE c.mailed_at IS NOT NULL;
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

-- A code does not outlive its mail (as `verification_finished`).
CREATE TRIGGER account_mail_finished AFTER UPDATE OF state ON delivery
WHEN new.state IN ('sent', 'failed', 'dead', 'cancelled')
    AND EXISTS (SELECT 1 FROM campaign_account a WHERE a.message_id = new.message_id) BEGIN
    UPDATE message SET body_text = '' WHERE id = new.message_id;
END;

-- With the name goes the address (A-7), and what somebody administered.
CREATE TRIGGER person_purged_from_campaigns AFTER UPDATE OF purged_at ON person
WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    UPDATE campaign_account SET address = '' WHERE person_id = new.id;
    DELETE FROM class_admin WHERE person_id = new.id;
END;
