-- News (B-3), flash messages (B-4), liaison notices (B-5): who writes and reads them, and whom their messages go to.

-- --- News ------------------------------------------------------------------------------------------------------------

-- Saving a news is one INSERT or UPDATE that names `audience`: these judge it. What another editor chose is judged again,
-- since it would leave in the name of who saves.
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

-- The populations a news is for.
CREATE VIEW news_audience (news_id, population_id) AS
    SELECT n.id, o.id FROM news n JOIN population o ON o.rubrique_id = n.rubrique_id WHERE n.audience IS NULL
    UNION ALL
    SELECT c.news_id, c.population_id FROM news_population c;

-- Who may read a news once it is published, and until it expires; editors of its rubrique at any time.
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

-- --- Flash messages --------------------------------------------------------------------------------------------------

-- Who may write them: the head of an establishment, in her own, and local administrators where they are. A head is who has
-- the function itself (annual files: DIR without "adjoint"; our CSV: the title); a deputy is not, unless she is an
-- administrator, and neither is a head of a primary school whom the files give as a teacher.
CREATE VIEW flash_author (person_id, uai) AS
    SELECT p.id, p.uai FROM person p
    WHERE p.profile IN ('staff', 'teacher') AND p.blocked_at IS NULL AND p.left_at IS NULL
        AND replace(p.function, '''', '’') IN ('Principal', 'Principale', 'Proviseur', 'Proviseure', 'Directeur', 'Directrice',
            'Directeur d’école', 'Directrice d’école', 'Chef d’établissement', 'Cheffe d’établissement')
    UNION
    SELECT a.person_id, a.uai FROM local_admin a
    JOIN person p ON p.id = a.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL;

CREATE TRIGGER flash_written AFTER INSERT ON flash BEGIN
    SELECT RAISE(ABORT, 'post:not-author') WHERE NOT EXISTS (
        SELECT 1 FROM flash_author a WHERE a.person_id = new.author_id AND a.uai = new.uai);
END;

-- Whom a flash message is for: the profiles of its establishment, by their automatic groups, so that somebody of two schools
-- sees those of both.
CREATE VIEW flash_audience (flash_id, person_id) AS
    SELECT f.id, m.person_id
    FROM flash f JOIN person_group g ON g.uai = f.uai AND g.kind = 'establishment'
        AND EXISTS (SELECT 1 FROM json_each(f.profiles) j WHERE j.value = g.profile)
    JOIN membership m ON m.group_id = g.id
    JOIN person p ON p.id = m.person_id AND p.blocked_at IS NULL AND p.left_at IS NULL;

-- For every page of everybody: WHERE person_id = ? AND starts_at <= now AND ends_at > now. From the few groups of one person to
-- what is still open in their establishments, which is nothing on most days.
CREATE VIEW flash_shown (person_id, id, level, text, starts_at, ends_at) AS
    SELECT m.person_id, f.id, f.level, f.text, f.starts_at, f.ends_at
    FROM membership m
    CROSS JOIN person_group g ON g.id = m.group_id AND +g.kind = 'establishment'
    CROSS JOIN flash f ON f.uai = g.uai AND f.withdrawn_at IS NULL
        AND EXISTS (SELECT 1 FROM json_each(f.profiles) j WHERE j.value = g.profile)
    WHERE NOT EXISTS (SELECT 1 FROM flash_dismissal d WHERE d.person_id = m.person_id AND d.flash_id = f.id);

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

-- --- Liaison notices -------------------------------------------------------------------------------------------------

-- Whom a notice may concern: for a teacher or somebody of the staff the pupils she may write to, for a local administrator all
-- pupils of the establishments she administers.
CREATE VIEW liaison_pupil_of (author_id, student_id) AS
    SELECT a.id, v.recipient_id
    FROM person a JOIN reachable v ON v.sender_id = a.id
    JOIN person s ON s.id = v.recipient_id AND s.profile = 'student'
    WHERE a.profile IN ('teacher', 'staff') AND a.blocked_at IS NULL AND a.left_at IS NULL
    UNION ALL
    SELECT a.person_id, s.id
    FROM local_admin a JOIN person s ON s.uai = a.uai AND s.profile = 'student' AND s.blocked_at IS NULL AND s.left_at IS NULL;

-- And whom it goes to: the legal parents of that very child, for a teacher or somebody of the staff those she may write to.
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

-- The groups she may choose pupils by; not those that hide who is in them (R-5).
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

-- Who was asked and is a legal parent of the child still: she alone reads, confirms, is reminded, and counts. The rest of what
-- was is kept for whoever has to look it up.
CREATE VIEW liaison_asked (liaison_id, student_id, relative_id, confirmed_at) AS
    SELECT d.liaison_id, d.student_id, d.relative_id, d.confirmed_at FROM liaison_addressee d
    WHERE EXISTS (SELECT 1 FROM kinship k WHERE k.relative_id = d.relative_id AND k.student_id = d.student_id AND k.legal);

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

-- The parents whom one sending goes to: a notice to all it was written for, a reminder to those of the pupils for whom nobody
-- has confirmed.
CREATE VIEW liaison_sending (id, liaison_id, author_id, notified_at, student_id, relative_id) AS
    SELECT l.id, l.id, l.author_id, l.notified_at, d.student_id, d.relative_id
    FROM liaison l JOIN liaison_asked d ON d.liaison_id = l.id
    UNION ALL
    SELECT r.id, l.id, l.author_id, r.notified_at, d.student_id, d.relative_id
    FROM liaison_reminder r JOIN liaison l ON l.id = r.liaison_id JOIN liaison_asked d ON d.liaison_id = l.id
    WHERE NOT EXISTS (SELECT 1 FROM liaison_asked y
        WHERE y.liaison_id = d.liaison_id AND y.student_id = d.student_id AND y.confirmed_at IS NOT NULL);

-- Reminders outlive rules and groups, as the notice itself does: families were asked, and may confirm. They do not outlive
-- the author's place in the establishment: who is there no more, by home, group or administration, writes to none of its parents.
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

-- --- Purge -----------------------------------------------------------------------------------------------------------

-- Nothing of a purged person's reading stays (A-7); what the school asked of her and her comments stay without her name.
CREATE TRIGGER person_purged_reading AFTER UPDATE OF purged_at ON person WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    DELETE FROM news_reading WHERE person_id = new.id;
    DELETE FROM news_vote WHERE person_id = new.id;
    DELETE FROM flash_dismissal WHERE person_id = new.id;
END;
