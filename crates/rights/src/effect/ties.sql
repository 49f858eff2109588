-- What lies between two people whatever their groups, for senders of the establishment ?1: kinship, by whether the preset of the child's
-- establishment lets the sender write to her relative now and under the preset ?2 (null: it stays); and prohibitions in force at ?3.
SELECT k.relative_id, k.student_id, held.relative_to_child, CASE c.uai WHEN ?1 THEN coalesce(other.relative_to_child, held.relative_to_child)
    ELSE held.relative_to_child END, 0
FROM person p CROSS JOIN kinship k ON k.relative_id = p.id CROSS JOIN person c ON c.id = k.student_id
    JOIN establishment e ON e.uai = c.uai JOIN preset_kinship held ON held.preset = e.preset
    LEFT JOIN preset_kinship other ON other.preset = ?2
WHERE p.uai = ?1
UNION ALL
SELECT k.student_id, k.relative_id, held.child_to_relative, CASE c.uai WHEN ?1 THEN coalesce(other.child_to_relative, held.child_to_relative)
    ELSE held.child_to_relative END, 0
FROM person c CROSS JOIN kinship k ON k.student_id = c.id
    JOIN establishment e ON e.uai = c.uai JOIN preset_kinship held ON held.preset = e.preset
    LEFT JOIN preset_kinship other ON other.preset = ?2
WHERE c.uai = ?1
UNION ALL
SELECT x.sender_id, x.recipient_id, 0, 0, 1
FROM prohibition x JOIN person p ON p.id = x.sender_id AND p.uai = ?1
WHERE x.until IS NULL OR x.until > ?3
