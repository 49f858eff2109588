-- The search of people and groups at the speed of typing (D-1, D-2, D-6), and groups that people make (D-3).

-- What `reachable` is made of, so that a search can ask each part once instead of the whole for each candidate. The meaning
-- is that of the first migration, word for word.

-- The groups through which a sender reaches members: targets of the rules she may use, and her own `both` groups.
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

DROP VIEW reachable;
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

-- The same groups as before. CROSS JOIN: from the few groups the sender may name to their parts; left to itself SQLite begins
-- with all the class groups of the network, which took 70 ms with 100 establishments, and takes a third of one now.
DROP VIEW reachable_group;
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

-- The members of the great groups (a profile of an establishment, of the network) in order of name: a page of those whom a
-- teacher reaches is the first rows of a few rosters, whether she reaches a thousand people or a hundred thousand.
CREATE TABLE roster (
    group_id TEXT NOT NULL,
    profile TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (group_id, profile, folded_name, person_id)
) STRICT, WITHOUT ROWID;
INSERT INTO roster (group_id, profile, folded_name, person_id)
    SELECT g.id, p.profile, p.folded_name, p.id
    FROM person_group g JOIN membership m ON m.group_id = g.id JOIN person p ON p.id = m.person_id
    WHERE g.kind IN ('network', 'establishment');
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
CREATE TRIGGER roster_renamed AFTER UPDATE OF folded_name, profile ON person
WHEN new.folded_name <> old.folded_name OR new.profile <> old.profile BEGIN
    DELETE FROM roster WHERE profile = old.profile AND folded_name = old.folded_name AND person_id = old.id
        AND group_id IN (SELECT m.group_id FROM membership m WHERE m.person_id = old.id);
    INSERT INTO roster (group_id, profile, folded_name, person_id)
    SELECT m.group_id, new.profile, new.folded_name, new.id
    FROM membership m JOIN person_group g ON g.id = m.group_id
    WHERE m.person_id = new.id AND g.kind IN ('network', 'establishment')
    ON CONFLICT DO NOTHING;
END;

-- A discipline in several establishments (D-1).
CREATE INDEX person_group_by_discipline ON person_group (discipline) WHERE kind = 'discipline';
