-- The only statement of who may write to whom (DOMAIN §1, R-1, R-4, R-7), and what administrators do about it.

-- The groups through which a sender reaches members: targets of the rules she may use, and her own `both` groups. Beyond the
-- group's own establishment a rule serves those who have `send-extended` only (A-5). `way`, `kin_way` and `barred` stand apart,
-- so that a search can ask each of them once instead of `reachable` for each candidate.
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

-- Whom she reaches whatever the groups: her child, her relative, where the preset says so.
CREATE VIEW kin_way (sender_id, recipient_id) AS
    SELECT k.relative_id, k.student_id
    FROM kinship k JOIN person c ON c.id = k.student_id JOIN establishment e ON e.uai = c.uai
    JOIN preset_kinship pk ON pk.preset = e.preset AND pk.relative_to_child = 1
    UNION ALL
    SELECT k.student_id, k.relative_id
    FROM kinship k JOIN person c ON c.id = k.student_id JOIN establishment e ON e.uai = c.uai
    JOIN preset_kinship pk ON pk.preset = e.preset AND pk.child_to_relative = 1;

-- R-7: the prohibitions in force.
CREATE VIEW barred (sender_id, recipient_id) AS
    SELECT x.sender_id, x.recipient_id FROM prohibition x WHERE x.until IS NULL OR x.until > unixepoch('subsec') * 1000;

-- Who may write to whom: one row per way that leads from a sender to a recipient, with the rule's two groups (null for kin). A
-- pair may appear more than once. Always ask with `sender_id = ?`.
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

-- The groups that rules let a sender name as a recipient: their targets, and her own `both` groups.
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

-- All the groups she may name: those, and their parts. Who may write to all students of an establishment may write to those of
-- one class; who may write to its teachers, to those of a class, of a discipline, to the head teachers; who may write to the
-- teachers of a class, to its head teachers; who may write to the staff of the network, to those of one establishment. So a rule
-- is stated once, and taken back once (R-3). CROSS JOIN: from the few groups the sender may name to their parts; left to itself
-- SQLite begins with all the class groups of the network, which takes 70 ms with 100 establishments instead of a third of one.
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

-- The rules that each preset makes between the automatic groups of an establishment (R-2). A rule finds its target by kind and profile in the
-- establishment or the network; in the same class; or among the head teachers of the class.
CREATE VIEW preset_made_rule (uai, preset, from_group, to_group) AS
    SELECT f.uai, r.preset, f.id, t.id
    FROM person_group f
    JOIN preset_rule r ON r.from_scope = f.kind AND r.from_profile = f.profile AND r.to_scope IN ('establishment', 'network')
    JOIN person_group t ON t.uai IS CASE r.to_scope WHEN 'network' THEN NULL ELSE f.uai END
        AND t.kind = r.to_scope AND t.profile = r.to_profile
    WHERE f.uai IS NOT NULL
    UNION ALL
    SELECT f.uai, r.preset, f.id, t.id
    FROM person_group f
    JOIN preset_rule r ON r.from_scope = f.kind AND r.from_profile = f.profile
        AND r.to_scope IN ('class', 'teaching-group', 'head-teacher')
    JOIN person_group t ON t.class_id = f.class_id AND t.kind = r.to_scope AND t.profile = r.to_profile
    WHERE f.class_id IS NOT NULL;

-- How the members of each automatic group take part under each preset.
CREATE VIEW preset_made_participation (group_id, uai, preset, participation) AS
    SELECT g.id, g.uai, k.preset, coalesce((SELECT p.participation FROM preset_participation p
        WHERE p.preset = k.preset AND p.scope = g.kind AND p.profile = g.profile), 'none')
    FROM person_group g JOIN preset_kinship k
    WHERE g.kind IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'discipline');

-- Gives the groups of an establishment that are not settled yet what its preset says: INSERT INTO settling. A group is settled once: what
-- administrators changed since stays.
CREATE TRIGGER settled AFTER INSERT ON settling BEGIN
    INSERT INTO rule (from_group, to_group)
    SELECT v.from_group, v.to_group
    FROM establishment e
    JOIN preset_made_rule v ON v.uai = new.uai AND v.preset = e.preset
    JOIN person_group f ON f.id = v.from_group
    JOIN person_group t ON t.id = v.to_group
    WHERE e.uai = new.uai AND (f.settled = 0 OR t.settled = 0)
    ON CONFLICT DO NOTHING;
    UPDATE person_group
    SET settled = 1, participation = (SELECT v.participation FROM preset_made_participation v
        WHERE v.group_id = person_group.id AND v.preset = (SELECT e.preset FROM establishment e WHERE e.uai = new.uai))
    WHERE uai = new.uai AND settled = 0
        AND kind IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'discipline');
    DELETE FROM settling WHERE uai = new.uai;
END;

-- R-3: one change of the rules of an establishment. What it brings was told before, from the same tables (crates/rights, `effect`); the row
-- is the history. A step is a procedure: a view without rows whose trigger runs when a row is inserted into it.
CREATE TRIGGER rights_changed AFTER INSERT ON rights_change BEGIN
    INSERT INTO rights_change_adding (from_group, to_group) SELECT new.from_group, new.to_group WHERE new.kind = 'add-rule';
    INSERT INTO rights_change_removing (uai, from_group, to_group) SELECT new.uai, new.from_group, new.to_group WHERE new.kind = 'remove-rule';
    UPDATE person_group SET participation = new.participation WHERE new.kind = 'participation' AND id = new.from_group;
    INSERT INTO rights_change_presetting (uai, preset) SELECT new.uai, new.preset WHERE new.kind = 'preset';
END;

-- A rule makes its source incoming and its target outgoing; a list stays none (R-5).
CREATE VIEW rights_change_adding (from_group, to_group) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER rights_change_added INSTEAD OF INSERT ON rights_change_adding BEGIN
    INSERT INTO rule (from_group, to_group) SELECT new.from_group, new.to_group WHERE true ON CONFLICT DO NOTHING;
    UPDATE person_group SET participation = CASE participation WHEN 'none' THEN 'incoming' WHEN 'outgoing' THEN 'both' ELSE participation END
    WHERE id = new.from_group;
    UPDATE person_group SET participation = CASE participation WHEN 'none' THEN 'outgoing' WHEN 'incoming' THEN 'both' ELSE participation END
    WHERE id = new.to_group AND kind <> 'list';
END;

-- Taking a rule back takes back what no other rule needs, of groups that it served.
CREATE VIEW rights_change_removing (uai, from_group, to_group) AS SELECT NULL, NULL, NULL WHERE 0;
CREATE TRIGGER rights_change_removed INSTEAD OF INSERT ON rights_change_removing BEGIN
    DELETE FROM rule WHERE from_group = new.from_group AND to_group = new.to_group;
    UPDATE person_group SET participation = CASE participation WHEN 'both' THEN 'outgoing' WHEN 'incoming' THEN 'none' ELSE participation END
    WHERE id = new.from_group AND NOT EXISTS (SELECT 1 FROM rule r WHERE r.from_group = new.from_group);
    UPDATE person_group SET participation = CASE participation WHEN 'both' THEN 'incoming' WHEN 'outgoing' THEN 'none' ELSE participation END
    WHERE id = new.to_group AND uai = new.uai AND NOT EXISTS (SELECT 1 FROM rule r WHERE r.to_group = new.to_group);
END;

-- A preset takes back the rules between automatic groups; those that touch a group made by people or a list stay. `+`: from the few groups of
-- the establishment, not from all those of the network.
CREATE VIEW rights_change_presetting (uai, preset) AS SELECT NULL, NULL WHERE 0;
CREATE TRIGGER rights_change_preset INSTEAD OF INSERT ON rights_change_presetting BEGIN
    DELETE FROM rule
    WHERE from_group IN (SELECT g.id FROM person_group g WHERE g.uai = new.uai
            AND g.kind IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'discipline'))
        AND +to_group IN (SELECT g.id FROM person_group g WHERE g.kind NOT IN ('manual', 'ad-hoc', 'list'));
    UPDATE person_group SET settled = 0, participation = 'none'
    WHERE uai = new.uai AND kind IN ('establishment', 'class', 'teaching-group', 'head-teacher', 'discipline');
    UPDATE establishment SET preset = new.preset WHERE uai = new.uai;
    INSERT INTO settling (uai) VALUES (new.uai);
END;

-- R-7: what a prohibition was is kept.
CREATE TRIGGER prohibition_lifted AFTER UPDATE OF ended_at ON prohibition WHEN new.ended_at IS NOT NULL BEGIN
    INSERT OR IGNORE INTO prohibition_past (sender_id, recipient_id, reason, until, by_id, created_at, ended_at, ended_by)
    VALUES (new.sender_id, new.recipient_id, new.reason, new.until, new.by_id, new.created_at, min(new.ended_at, coalesce(new.until, new.ended_at)), new.ended_by);
    DELETE FROM prohibition WHERE sender_id = new.sender_id AND recipient_id = new.recipient_id;
END;
CREATE TRIGGER prohibition_replaced AFTER UPDATE OF created_at ON prohibition WHEN new.created_at <> old.created_at BEGIN
    INSERT OR IGNORE INTO prohibition_past (sender_id, recipient_id, reason, until, by_id, created_at, ended_at, ended_by)
    VALUES (old.sender_id, old.recipient_id, old.reason, old.until, old.by_id, old.created_at, min(new.created_at, coalesce(old.until, new.created_at)), new.by_id);
END;

-- A-3: `person.blocked_at` follows the rows of `blocking`.
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
