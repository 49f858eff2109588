-- Who writes or is written to: the people of the establishment ?1, and whoever else is in a group of it or related to one of them. Of
-- each, whether she is of the establishment, whether she may write beyond it, and her groups.
WITH mine (id) AS MATERIALIZED (
    SELECT p.id FROM person p WHERE p.uai = ?1 AND p.blocked_at IS NULL AND p.left_at IS NULL),
met (id) AS MATERIALIZED (
    SELECT x.id FROM mine x
    UNION SELECT m.person_id FROM person_group g CROSS JOIN membership m ON m.group_id = g.id WHERE g.uai = ?1
    UNION SELECT k.student_id FROM mine x CROSS JOIN kinship k ON k.relative_id = x.id
    UNION SELECT k.relative_id FROM mine x CROSS JOIN kinship k ON k.student_id = x.id)
SELECT p.id, p.uai = ?1,
    p.uai = ?1 AND EXISTS (SELECT 1 FROM person_role y WHERE y.person_id = p.id AND y.role = 'send-extended'),
    coalesce((SELECT group_concat(m.group_id, ' ') FROM membership m WHERE m.person_id = p.id), '')
FROM met t CROSS JOIN person p ON p.id = t.id
WHERE p.blocked_at IS NULL AND p.left_at IS NULL
