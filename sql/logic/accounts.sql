-- Roles, and what administrators set (A-5).

-- The roles that a person has: those of her profile where she is, and what departs from them for her. Here and in all views
-- that others are made of: UNION ALL of like types, so that SQLite takes the arms apart and follows indexes; rows may repeat.
CREATE VIEW person_role (person_id, role) AS
    SELECT p.id, r.role
    FROM person p JOIN profile_role r ON r.uai = p.uai AND r.profile = p.profile
    WHERE NOT EXISTS (SELECT 1 FROM role_override o WHERE o.person_id = p.id AND o.role = r.role AND o.granted = 0)
    UNION ALL
    SELECT o.person_id, o.role FROM role_override o WHERE o.granted = 1;

-- A change of a setting is made by the row that tells of it (`setting_change`).
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
CREATE TRIGGER setting_changed_retention AFTER INSERT ON setting_change WHEN new.setting = 'left_retention_days' BEGIN
    UPDATE establishment SET left_retention_days = CAST(new.after AS INTEGER) WHERE uai = new.uai;
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
