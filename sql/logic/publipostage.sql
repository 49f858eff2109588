-- Publipostage (P-1 to P-4, P-7): who may make whose letters, the jobs that make files, and the mails of a campaign.

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
-- there. `texts`: JSON array of {"profile", "active", "subject", "text"} with the markers below. What the account is now decides
-- the text; whoever may not make this letter any more, has left or has no code gets none.
CREATE VIEW account_mailing (campaign_id, id_prefix, at, texts) AS
    SELECT c.id, '', c.mailed_at, '[]' FROM campaign c WHERE c.mailed_at IS NOT NULL;
CREATE TRIGGER accounts_mailed INSTEAD OF INSERT ON account_mailing BEGIN
    INSERT INTO account_mailing_judging (campaign_id) VALUES (new.campaign_id);
    UPDATE campaign SET mailed_at = new.at WHERE id = new.campaign_id;
    INSERT INTO account_mail_choosing (campaign_id, id_prefix) VALUES (new.campaign_id, new.id_prefix);
    INSERT INTO account_mail_writing (campaign_id, at, texts) VALUES (new.campaign_id, new.at, new.texts);
    INSERT INTO account_mail_queueing (campaign_id, at) VALUES (new.campaign_id, new.at);
END;

-- The mails are queued once, and only while whoever started the campaign is there.
CREATE VIEW account_mailing_judging (campaign_id) AS SELECT NULL WHERE 0;
CREATE TRIGGER account_mailing_judged INSTEAD OF INSERT ON account_mailing_judging BEGIN
    SELECT RAISE(ABORT, 'post:campaign-unknown') WHERE NOT EXISTS (
        SELECT 1 FROM campaign c WHERE c.id = new.campaign_id AND c.kind = 'mail');
    SELECT RAISE(ABORT, 'post:campaign-mailed') WHERE EXISTS (
        SELECT 1 FROM campaign c WHERE c.id = new.campaign_id AND c.mailed_at IS NOT NULL);
    SELECT RAISE(ABORT, 'post:author') WHERE NOT EXISTS (
        SELECT 1 FROM campaign c JOIN person p ON p.id = c.by_id AND p.blocked_at IS NULL AND p.left_at IS NULL
        WHERE c.id = new.campaign_id);
END;

-- This decides who gets a mail and why the others do not, and gives each mail its id.
CREATE VIEW account_mail_choosing (campaign_id, id_prefix) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER account_mails_chosen INSTEAD OF INSERT ON account_mail_choosing BEGIN
    UPDATE campaign_account SET left_out = (
        SELECT CASE WHEN o.obstacle = '' AND campaign_account.address = '' THEN 'no-address' ELSE o.obstacle END
        FROM campaign_obstacle o
        WHERE o.campaign_id = campaign_account.campaign_id AND o.position = campaign_account.position)
    WHERE campaign_id = new.campaign_id;
    -- In their order, so that rows that follow each other stand beside each other in the tables.
    UPDATE campaign_account SET message_id = new.id_prefix || printf('%08X', position) || hex(randomblob(4))
    WHERE campaign_id = new.campaign_id AND left_out = '';
END;

-- The texts are merged. The name is put in last, so that nothing in a name is taken for a marker.
CREATE VIEW account_mail_writing (campaign_id, at, texts) AS SELECT NULL, NULL, NULL WHERE 0;
CREATE TRIGGER account_mails_written INSTEAD OF INSERT ON account_mail_writing BEGIN
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
END;

-- Each mail leaves to the address that was frozen.
CREATE VIEW account_mail_queueing (campaign_id, at) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER account_mails_queued INSTEAD OF INSERT ON account_mail_queueing BEGIN
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
