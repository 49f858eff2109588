-- Who edits and who reads a rubrique, whom it can write to, and what became of a message to an audience (B-1).

-- Who is in a population now.
CREATE VIEW population_member (population_id, person_id) AS
    SELECT o.id, p.id
    FROM population o JOIN membership m ON m.group_id = o.group_id
    JOIN person p ON p.id = m.person_id AND (o.profile = '' OR p.profile = o.profile)
        AND p.blocked_at IS NULL AND p.left_at IS NULL;

-- Editors by their groups, and the local administrators of the establishment.
CREATE VIEW editable_rubrique (person_id, rubrique_id) AS
    SELECT p.id, e.rubrique_id
    FROM person p JOIN membership m ON m.person_id = p.id
    JOIN rubrique_editor e ON e.group_id = m.group_id AND (e.profile = '' OR e.profile = p.profile)
    JOIN rubrique r ON r.id = e.rubrique_id AND r.closed_at IS NULL
    WHERE p.blocked_at IS NULL AND p.left_at IS NULL
    UNION
    SELECT a.person_id, r.id
    FROM local_admin a JOIN rubrique r ON r.uai = a.uai AND r.closed_at IS NULL;

-- Readers by the populations they are in, and its editors.
CREATE VIEW readable_rubrique (person_id, rubrique_id) AS
    SELECT x.person_id, o.rubrique_id
    FROM membership x JOIN population o ON o.group_id = x.group_id
    JOIN person p ON p.id = x.person_id AND (o.profile = '' OR p.profile = o.profile)
        AND p.blocked_at IS NULL AND p.left_at IS NULL
    JOIN rubrique r ON r.id = o.rubrique_id AND r.closed_at IS NULL
    UNION
    SELECT x.person_id, x.rubrique_id FROM editable_rubrique x;

-- What a population is called: "Parents de 6A", "Club théâtre (parents)".
CREATE VIEW population_label (population_id, rubrique_id, label) AS
    SELECT o.id, o.rubrique_id, g.name || CASE o.profile WHEN 'student' THEN ' (élèves)' WHEN 'relative' THEN ' (parents)'
        WHEN 'teacher' THEN ' (enseignants)' WHEN 'staff' THEN ' (personnels)' WHEN 'guest' THEN ' (invités)' ELSE '' END
    FROM population o JOIN person_group g ON g.id = o.group_id;

-- The populations that an editor may write to: of her rubrique, and within her rights (R-4).
CREATE VIEW writable_population (person_id, population_id) AS
    SELECT e.person_id, o.id
    FROM editable_rubrique e JOIN population o ON o.rubrique_id = e.rubrique_id
    WHERE EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = e.person_id AND v.group_id = o.group_id);

-- Whom a message to a population reaches, for each editor who may write to it: told before sending, and sent to.
CREATE VIEW population_audience (author_id, population_id, person_id, by_mailbox, by_redirect) AS
    SELECT w.person_id, w.population_id, m.person_id, c.by_mailbox, c.by_redirect
    FROM writable_population w JOIN population_member m ON m.population_id = w.population_id AND m.person_id <> w.person_id
    JOIN conveyance c ON c.person_id = m.person_id
    WHERE NOT EXISTS (SELECT 1 FROM barred x WHERE x.sender_id = w.person_id AND x.recipient_id = m.person_id);

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

-- A rubrique as its local administrators keep it; editors and populations are JSON arrays of {"group": ULID, "profile": ''
-- or one}. Written whole, by INSERT for a new one and for one that is there: what is listed stays or comes, the rest goes. A
-- population that stays keeps its id, which drafts name.
CREATE VIEW rubrique_saved (id, uai, name, folded_name, description, editors, populations, by_id, at) AS
    SELECT '', '', '', '', '', '[]', '[]', '', 0 WHERE 0;
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

-- Who may read what a rubrique sent: who edits it, and the local administrators of the establishment, even when it is closed.
CREATE VIEW history_reader (person_id, rubrique_id) AS
    SELECT e.person_id, e.rubrique_id FROM editable_rubrique e
    UNION ALL
    SELECT l.person_id, r.id FROM local_admin l JOIN rubrique r ON r.uai = l.uai;

-- And what became of one message to an audience: who sent it, too.
CREATE VIEW report_reader (person_id, message_id) AS
    SELECT a.author_id, a.message_id FROM audience a
    UNION ALL
    SELECT h.person_id, a.message_id FROM audience a JOIN history_reader h ON h.rubrique_id = a.rubrique_id;

-- Who reads it by name: of what went to a group that hides its members, the local administrators alone.
CREATE VIEW report_names (person_id, message_id) AS
    SELECT v.person_id, v.message_id FROM report_reader v JOIN audience a ON a.message_id = v.message_id
    WHERE NOT a.members_hidden OR EXISTS (SELECT 1 FROM message m JOIN local_admin l ON l.uai = m.uai
        WHERE m.id = v.message_id AND l.person_id = v.person_id);

-- What became of it for each recipient: `state` is that of the mail if there is one, else 'mailbox' or 'neither'; `on_paper`:
-- nothing has reached her, and no mail is under way.
CREATE VIEW outcome (message_id, person_id, by_mailbox, by_redirect, state, reason, on_paper) AS
    SELECT r.message_id, r.person_id, r.by_mailbox, r.by_redirect,
        CASE WHEN d.state IN ('pending', 'leased', 'held') THEN 'pending' WHEN d.state = 'sent' THEN 'sent'
            WHEN d.state IS NOT NULL THEN 'failed' WHEN r.by_mailbox THEN 'mailbox' ELSE 'neither' END,
        CASE WHEN d.state <> 'sent' THEN d.last_error END,
        NOT r.by_mailbox AND (d.state IS NULL OR d.state IN ('failed', 'dead', 'cancelled'))
    FROM recipient r LEFT JOIN delivery d ON d.message_id = r.message_id AND d.person_id = r.person_id;
