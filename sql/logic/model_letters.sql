-- How the letters of a model are made, sent and forgotten (P-5, P-6).

-- A PDF that no message has, and no other letter is to leave with, is not kept.
CREATE TRIGGER model_pdf_dropped AFTER UPDATE OF sha256 ON model_letter
WHEN old.sha256 IS NOT NULL AND new.sha256 IS NOT old.sha256 BEGIN
    DELETE FROM content_chunk WHERE sha256 = old.sha256
        AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = old.sha256)
        AND NOT EXISTS (SELECT 1 FROM model_letter l WHERE l.sha256 = old.sha256);
END;

-- INSERT INTO model_launch freezes a run, with the job that makes its letters. `letters`: JSON array of {"person", "children",
-- "addressee", "subject", "body", "left_out"}.
CREATE VIEW model_launch (id, uai, by_id, model_id, name, way, audience, dated, signature, copies, idempotency_key, digest, at, letters,
    job_id, file_name) AS
    SELECT r.id, r.uai, r.by_id, r.model_id, r.name, r.way, r.audience, r.dated, r.signature, r.copies, r.idempotency_key, r.digest,
        r.created_at, '[]', '', '' FROM model_run r;
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

-- INSERT INTO model_slice keeps the letters that a slice of the job made: JSON array of {"position", "body", "text", "sha256",
-- "size", "pdf" (hexadecimal)}. Made again, they are the same.
CREATE VIEW model_slice (run_id, letters) AS SELECT r.id, '[]' FROM model_run r;
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

-- INSERT INTO model_mailing sends the letters of a run, once, all or none: a message each, from who started it, judged as any
-- message is when its row is put in `submission`. Who cannot be written to any more is left out and named in the report,
-- never silently. `broadcast`: no limit of M-2 and no notice, since the run has its own report.
CREATE VIEW model_mailing (run_id, id_prefix, at) AS
    SELECT r.id, '', r.sent_at FROM model_run r WHERE r.sent_at IS NOT NULL;
CREATE TRIGGER model_letters_mailed INSTEAD OF INSERT ON model_mailing BEGIN
    INSERT INTO model_mailing_judging (run_id) VALUES (new.run_id);
    INSERT INTO model_letter_choosing (run_id, id_prefix) VALUES (new.run_id, new.id_prefix);
    INSERT INTO model_letter_submitting (run_id, at) VALUES (new.run_id, new.at);
    INSERT INTO model_letter_copying (run_id, at) VALUES (new.run_id, new.at);
    INSERT INTO model_run_closing (run_id, at) VALUES (new.run_id, new.at);
END;

-- The run is ready and was not sent; whoever sends it administers the establishment still, and may write to those who get copies.
CREATE VIEW model_mailing_judging (run_id) AS SELECT NULL WHERE 0;
CREATE TRIGGER model_mailing_judged INSTEAD OF INSERT ON model_mailing_judging BEGIN
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
END;

-- This decides who gets a message and why the others do not, and gives each message its id. Who was left out at the start stays
-- so: there is no letter for her.
CREATE VIEW model_letter_choosing (run_id, id_prefix) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER model_letters_chosen INSTEAD OF INSERT ON model_letter_choosing BEGIN
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
END;

-- Each letter becomes a message with its PDF, and is submitted as any message is.
CREATE VIEW model_letter_submitting (run_id, at) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER model_letters_submitted INSTEAD OF INSERT ON model_letter_submitting BEGIN
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
END;

-- Those who get copies have one of each letter, in Cc or Cci, seen or not as in any message.
CREATE VIEW model_letter_copying (run_id, at) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER model_letters_copied INSTEAD OF INSERT ON model_letter_copying BEGIN
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
END;

-- The run is over: the messages have what the letters had.
CREATE VIEW model_run_closing (run_id, at) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER model_run_closed INSTEAD OF INSERT ON model_run_closing BEGIN
    UPDATE model_run SET sent_at = new.at WHERE id = new.run_id;
    UPDATE model_letter SET body = '', body_text = '', addressee = '' WHERE run_id = new.run_id AND left_out = '';
    UPDATE model_letter SET sha256 = NULL WHERE run_id = new.run_id AND sha256 IS NOT NULL;
END;

-- The contents of a printed letter go with its file, and those of a run that comes to nothing with the run.
CREATE TRIGGER model_job_ended AFTER UPDATE OF state, purged_at ON job
WHEN new.kind = 'model' AND (new.state IN ('failed', 'cancelled') AND old.state = 'running' OR new.purged_at IS NOT NULL) BEGIN
    UPDATE model_letter SET body = '', body_text = '', addressee = '', sha256 = NULL WHERE run_id = new.about_id;
END;

-- With the name goes the address (A-7), and the name in letters about her: `children` are names, so those of a namesake go too.
CREATE TRIGGER person_purged_from_runs AFTER UPDATE OF purged_at ON person
WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    UPDATE model_letter SET body = '', body_text = '', addressee = '', children = '[]', subject = '', sha256 = NULL
    WHERE person_id = new.id;
    UPDATE model_letter SET body = '', body_text = '', children = '[]', subject = '', sha256 = NULL
    WHERE old.profile = 'student' AND EXISTS (SELECT 1 FROM json_each(model_letter.children) c
        WHERE c.value = old.first_name || ' ' || old.last_name
            OR substr(c.value, 1, length(old.first_name) + length(old.last_name) + 3) = old.first_name || ' ' || old.last_name || ' (');
END;
