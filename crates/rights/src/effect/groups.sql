-- The groups through which people of the establishment ?1 write or are written to: its own, those of its people elsewhere, and what
-- rules lead to from them; with ?2 and ?3, the two groups of the edit (either may be null).
WITH mine (id) AS MATERIALIZED (
    SELECT p.id FROM person p WHERE p.uai = ?1 AND p.blocked_at IS NULL AND p.left_at IS NULL),
held (id) AS MATERIALIZED (
    SELECT DISTINCT m.group_id FROM mine p CROSS JOIN membership m ON m.person_id = p.id
    UNION SELECT g.id FROM person_group g WHERE g.uai = ?1),
near (id) AS MATERIALIZED (
    SELECT h.id FROM held h
    UNION SELECT r.to_group FROM held h CROSS JOIN rule r ON r.from_group = h.id
    UNION SELECT g.id FROM person_group g WHERE g.kind = 'network' OR g.id IN (?2, ?3))
SELECT g.id, coalesce(g.uai, ''), g.kind, coalesce(g.profile, ''), g.participation, g.name, g.folded_name,
    (SELECT json_group_array(r.to_group) FROM rule r WHERE r.from_group = g.id AND g.id IN (SELECT h.id FROM held h))
FROM near n CROSS JOIN person_group g ON g.id = n.id
