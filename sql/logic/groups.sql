-- Lists, rosters and groups that people make (D-3, R-5).

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

CREATE TRIGGER lists_fed AFTER INSERT ON feeding BEGIN
    DELETE FROM membership WHERE group_id IN (SELECT l.id FROM person_group l WHERE l.kind = 'list' AND l.uai = new.uai)
        AND (group_id, person_id) NOT IN (SELECT f.group_id, f.person_id FROM fed_member f WHERE f.uai = new.uai);
    INSERT INTO membership (group_id, person_id)
    SELECT f.group_id, f.person_id FROM fed_member f WHERE f.uai = new.uai ON CONFLICT DO NOTHING;
    DELETE FROM feeding WHERE uai = new.uai;
END;

-- A group that goes takes its members, its rules and their history along.
CREATE TRIGGER group_gone BEFORE DELETE ON person_group BEGIN
    DELETE FROM membership WHERE group_id = old.id;
    DELETE FROM rule WHERE from_group = old.id OR to_group = old.id;
    DELETE FROM rights_change WHERE from_group = old.id OR to_group = old.id;
END;

-- Triggers keep `roster`: who joins or leaves a great group, and who changes her name.
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
-- Another trigger may have taken her out of her groups already (a purge does both): the groups of her profile are looked at
-- whether she is a member still or not.
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

-- Who may change an ad hoc group: its managers while they have the role, and the local administrators of its establishment.
CREATE VIEW group_keeper (group_id, person_id) AS
    SELECT k.group_id, k.person_id
    FROM group_manager k JOIN person_group g ON g.id = k.group_id AND g.kind = 'ad-hoc'
    WHERE EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = k.person_id AND x.role = 'directory-manager')
    UNION ALL
    SELECT g.id, a.person_id
    FROM local_admin a JOIN person_group g ON g.uai = a.uai AND g.kind = 'ad-hoc' AND g.keepers_of IS NULL;

-- Who may be a manager in an establishment: the role (A-5), or its administration; neither blocked nor gone.
CREATE VIEW possible_manager (uai, person_id) AS
    SELECT e.uai, p.id
    FROM person p JOIN establishment e
    WHERE p.blocked_at IS NULL AND p.left_at IS NULL AND (
        EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = p.id AND x.role = 'directory-manager')
        OR EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = p.id AND a.uai = e.uai));

-- Managers are members.
CREATE TRIGGER manager_joined AFTER INSERT ON group_manager BEGIN
    INSERT INTO membership (group_id, person_id) VALUES (new.group_id, new.person_id) ON CONFLICT DO NOTHING;
    INSERT INTO membership (group_id, person_id)
    SELECT g.id, new.person_id FROM person_group g WHERE g.keepers_of = new.group_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER manager_left AFTER DELETE ON group_manager BEGIN
    DELETE FROM membership WHERE person_id = old.person_id
        AND group_id IN (SELECT g.id FROM person_group g WHERE g.keepers_of = old.group_id);
END;

-- An ad hoc group as its keepers write it: INSERT, UPDATE or DELETE of one row is the whole decision. `by_id` is who asks;
-- `managers` a JSON array of their ids; `keepers_id` an id to give to the group of the managers if one has to be made.
CREATE VIEW ad_hoc_group (id, uai, name, folded_name, description, permanent, open, managers, created_at, keepers_id, by_id) AS
    SELECT g.id, g.uai, g.name, g.folded_name, g.description, g.permanent, g.participation = 'both',
        (SELECT json_group_array(k.person_id) FROM group_manager k WHERE k.group_id = g.id), g.created_at,
        CAST(NULL AS TEXT), CAST(NULL AS TEXT)
    FROM person_group g WHERE g.kind = 'ad-hoc' AND g.keepers_of IS NULL;

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

-- Managers who are there stay without being judged again. What an administrator made of the group's participation stays
-- too, unless `open` changes.
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
