-- What administrators do about rights: edits with a rehearsal, distribution lists, prohibitions, blocking (R-3, R-5, R-7,
-- A-3). Each is one INSERT or UPDATE whose trigger is the whole decision; the rows are the history.

-- Gives the groups of an establishment that are not settled yet what its preset says: INSERT INTO settling. A group is
-- settled once: what administrators changed since stays. Three ways for a rule to find its target: by kind and profile in
-- the establishment or the network; in the same class; the head teachers of the class.
CREATE TABLE settling (uai TEXT PRIMARY KEY REFERENCES establishment (uai)) STRICT, WITHOUT ROWID;
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

-- R-3: one change of the rules of an establishment, or its rehearsal: done, counted, and undone in the same statement, so
-- that the very views that judge say what it would bring.
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
CREATE INDEX rights_change_by_establishment ON rights_change (uai, at);

-- What a change brings. It is written before the row of the change, so that the statement that inserts that one can return it.
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
-- The same with the names of the groups in order, as JSON arrays.
CREATE VIEW rights_effect_named (change_id, gaining, losing, opened, closed) AS
SELECT e.change_id, e.gaining, e.losing,
    (SELECT json_group_array(o.name) FROM (SELECT g.name FROM json_each(e.opened) j JOIN person_group g ON g.id = j.value ORDER BY g.folded_name) o),
    (SELECT json_group_array(o.name) FROM (SELECT g.name FROM json_each(e.closed) j JOIN person_group g ON g.id = j.value ORDER BY g.folded_name) o)
FROM rights_effect e;

-- The groups a change touches, as they were; empty but within the trigger below.
CREATE TABLE touched_group (
    id TEXT PRIMARY KEY, participation TEXT NOT NULL, settled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE touched_rule (
    from_group TEXT NOT NULL, to_group TEXT NOT NULL, PRIMARY KEY (from_group, to_group)
) STRICT, WITHOUT ROWID;
-- Who may write to whom before (0) and after (1), for the senders concerned: `person.n` of a person of the establishment,
-- minus the rowid of a group for lists and for groups beyond it, where people can be a whole network. What a group of the
-- network has in the establishment is the establishment's own group of that profile.
CREATE TABLE touched_sender (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE touched_pair (
    phase INTEGER NOT NULL, sender INTEGER NOT NULL, recipient INTEGER NOT NULL, PRIMARY KEY (phase, sender, recipient)
) STRICT, WITHOUT ROWID;

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

-- R-5: who a distribution list is fed with: one profile of the establishment, and where they are given a level (by class),
-- a discipline, a function. INSERT INTO feeding brings its members up to date.
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
CREATE TABLE feeding (uai TEXT PRIMARY KEY REFERENCES establishment (uai)) STRICT, WITHOUT ROWID;
CREATE TRIGGER lists_fed AFTER INSERT ON feeding BEGIN
    DELETE FROM membership WHERE group_id IN (SELECT l.id FROM person_group l WHERE l.kind = 'list' AND l.uai = new.uai)
        AND (group_id, person_id) NOT IN (SELECT f.group_id, f.person_id FROM fed_member f WHERE f.uai = new.uai);
    INSERT INTO membership (group_id, person_id)
    SELECT f.group_id, f.person_id FROM fed_member f WHERE f.uai = new.uai ON CONFLICT DO NOTHING;
    DELETE FROM feeding WHERE uai = new.uai;
END;

-- R-7: who forbade. One that is lifted or replaced goes to the past; one whose time is over stays until it is replaced.
ALTER TABLE prohibition ADD COLUMN by_id TEXT REFERENCES person (id);
-- Set to lift it: the trigger takes the row to the past.
ALTER TABLE prohibition ADD COLUMN ended_at INTEGER;
ALTER TABLE prohibition ADD COLUMN ended_by TEXT REFERENCES person (id);
CREATE INDEX prohibition_by_recipient ON prohibition (recipient_id);
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
CREATE TRIGGER prohibition_lifted AFTER UPDATE OF ended_at ON prohibition WHEN new.ended_at IS NOT NULL BEGIN
    INSERT OR IGNORE INTO prohibition_past (sender_id, recipient_id, reason, until, by_id, created_at, ended_at, ended_by)
    VALUES (new.sender_id, new.recipient_id, new.reason, new.until, new.by_id, new.created_at, min(new.ended_at, coalesce(new.until, new.ended_at)), new.ended_by);
    DELETE FROM prohibition WHERE sender_id = new.sender_id AND recipient_id = new.recipient_id;
END;
CREATE TRIGGER prohibition_replaced AFTER UPDATE OF created_at ON prohibition WHEN new.created_at <> old.created_at BEGIN
    INSERT OR IGNORE INTO prohibition_past (sender_id, recipient_id, reason, until, by_id, created_at, ended_at, ended_by)
    VALUES (old.sender_id, old.recipient_id, old.reason, old.until, old.by_id, old.created_at, min(new.created_at, coalesce(old.until, new.created_at)), new.by_id);
END;

-- A group that goes takes its members, its rules and their history along.
CREATE TRIGGER group_gone BEFORE DELETE ON person_group BEGIN
    DELETE FROM membership WHERE group_id = old.id;
    DELETE FROM rule WHERE from_group = old.id OR to_group = old.id;
    DELETE FROM rights_change WHERE from_group = old.id OR to_group = old.id;
END;

-- A-3: a person, or a profile of an establishment, is blocked from an instant until it is lifted. `person.blocked_at` is
-- kept by the triggers. Local administrators are not blocked with their profile: nobody would be left to lift it.
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
CREATE UNIQUE INDEX blocking_of_person ON blocking (person_id) WHERE person_id IS NOT NULL AND lifted_at IS NULL;
CREATE UNIQUE INDEX blocking_of_profile ON blocking (uai, profile) WHERE profile IS NOT NULL AND lifted_at IS NULL;
CREATE INDEX blocking_by_establishment ON blocking (uai, at);
-- Whoever was blocked before this table is blocked by nobody in particular.
INSERT INTO blocking (id, uai, person_id, reason, at)
    SELECT p.id, p.uai, p.id, 'Avant la tenue de l’historique', p.blocked_at FROM person p WHERE p.blocked_at IS NOT NULL;
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
-- A newcomer of a blocked profile.
CREATE TRIGGER blocking_of_newcomer AFTER INSERT ON person
WHEN new.blocked_at IS NULL AND EXISTS
    (SELECT 1 FROM blocking b WHERE b.uai = new.uai AND b.profile = new.profile AND b.lifted_at IS NULL) BEGIN
    UPDATE person SET blocked_at = new.created_at WHERE id = new.id;
END;

-- What an administrator set: who, when, what. INSERT is the change itself, the trigger makes it: `name`, `domain`… are
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
