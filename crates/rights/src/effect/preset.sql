-- What the preset ?2 makes of the automatic groups of the establishment ?1: each with its participation and the groups its rules lead to.
SELECT v.group_id, v.participation,
    (SELECT json_group_array(r.to_group) FROM preset_made_rule r WHERE r.uai = ?1 AND r.preset = ?2 AND r.from_group = v.group_id)
FROM preset_made_participation v
WHERE v.uai = ?1 AND v.preset = ?2
