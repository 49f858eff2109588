INSERT INTO establishment (uai, name, domain, created_at) VALUES
    ('0310001A', 'Collège Alexis-Monteil', 'college.ent.example', 0), ('0310002B', 'Collège Jean-Moulin', 'moulin.ent.example', 0);
INSERT INTO profile_role (uai, profile, role)
    SELECT e.uai, p.profile, r.role FROM establishment e,
        (SELECT 'student' AS profile UNION ALL SELECT 'relative' UNION ALL SELECT 'teacher' UNION ALL SELECT 'staff') p,
        (SELECT 'send' AS role UNION ALL SELECT 'mailbox' UNION ALL SELECT 'user') r;
INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at) VALUES
    ('01TEACHER00000000000000000', '0310001A', 'teacher', 'Vidal', 'Claire', 'vidal claire', 'claire.vidal', 'claire.vidal@college.ent.example', 0),
    ('01HEAD00000000000000000000', '0310001A', 'staff', 'Faure', 'Marc', 'faure marc', 'marc.faure', 'marc.faure@college.ent.example', 0),
    ('01A11CE0000000000000000000', '0310001A', 'student', 'Petit', 'Alice', 'petit alice', 'alice.petit', 'alice.petit@college.ent.example', 0),
    ('01B0B000000000000000000000', '0310001A', 'student', 'Roux', 'Bob', 'roux bob', 'bob.roux', 'bob.roux@college.ent.example', 0),
    ('01CAR1A0000000000000000000', '0310001A', 'student', 'Blanc', 'Carla', 'blanc carla', 'carla.blanc', 'carla.blanc@college.ent.example', 0),
    ('01PARENT000000000000000000', '0310001A', 'relative', 'Petit', 'Paul', 'petit paul', 'paul.petit', 'paul.petit@college.ent.example', 0),
    ('01PARENT0THER0000000000000', '0310001A', 'relative', 'Roux', 'Rose', 'roux rose', 'rose.roux', 'rose.roux@college.ent.example', 0),
    ('01STRANGER0000000000000000', '0310002B', 'student', 'Noir', 'Nina', 'noir nina', 'nina.noir', 'nina.noir@moulin.ent.example', 0);
INSERT INTO kinship (relative_id, student_id) VALUES
    ('01PARENT000000000000000000', '01A11CE0000000000000000000'), ('01PARENT0THER0000000000000', '01B0B000000000000000000000');
INSERT INTO redirect (person_id, address, verified_at) VALUES
    ('01PARENT000000000000000000', 'paul@mail.example', 0), ('01TEACHER00000000000000000', 'claire@mail.example', 0);
INSERT INTO class (id, uai, kind, name) VALUES
    ('01C1ASS6A00000000000000000', '0310001A', 'class', '6A'), ('01C1ASS6B00000000000000000', '0310001A', 'class', '6B');
INSERT INTO person_group (id, uai, kind, profile, class_id, name, folded_name, members_hidden) VALUES
    ('01GR0VPTEACHERS00000000000', '0310001A', 'establishment', 'teacher', NULL, 'Enseignants', 'enseignants', 0),
    ('01GR0VPSTAFF00000000000000', '0310001A', 'establishment', 'staff', NULL, 'Personnels', 'personnels', 0),
    ('01GR0VPSTVDENTS00000000000', '0310001A', 'establishment', 'student', NULL, 'Élèves', 'eleves', 0),
    ('01GR0VPPARENTS000000000000', '0310001A', 'establishment', 'relative', NULL, 'Parents', 'parents', 0),
    ('01GR0VPSTVDENTS6A000000000', '0310001A', 'class', 'student', '01C1ASS6A00000000000000000', 'Élèves de 6A', 'eleves de 6a', 0),
    ('01GR0VPPARENTS6A0000000000', '0310001A', 'class', 'relative', '01C1ASS6A00000000000000000', 'Parents de 6A', 'parents de 6a', 0),
    ('01GR0VPTEACHERS6A000000000', '0310001A', 'class', 'teacher', '01C1ASS6A00000000000000000', 'Enseignants de 6A', 'enseignants de 6a', 0),
    ('01GR0VPSTVDENTS6B000000000', '0310001A', 'class', 'student', '01C1ASS6B00000000000000000', 'Élèves de 6B', 'eleves de 6b', 0),
    ('01GR0VP11ST000000000000000', '0310001A', 'list', 'relative', NULL, 'Tous les parents', 'tous les parents', 1);
INSERT INTO membership (group_id, person_id) VALUES
    ('01GR0VPTEACHERS00000000000', '01TEACHER00000000000000000'), ('01GR0VPTEACHERS6A000000000', '01TEACHER00000000000000000'),
    ('01GR0VPSTAFF00000000000000', '01HEAD00000000000000000000'),
    ('01GR0VPSTVDENTS00000000000', '01A11CE0000000000000000000'), ('01GR0VPSTVDENTS00000000000', '01B0B000000000000000000000'),
    ('01GR0VPSTVDENTS00000000000', '01CAR1A0000000000000000000'),
    ('01GR0VPSTVDENTS6A000000000', '01A11CE0000000000000000000'), ('01GR0VPSTVDENTS6A000000000', '01B0B000000000000000000000'),
    ('01GR0VPSTVDENTS6B000000000', '01CAR1A0000000000000000000'),
    ('01GR0VPPARENTS000000000000', '01PARENT000000000000000000'), ('01GR0VPPARENTS000000000000', '01PARENT0THER0000000000000'),
    ('01GR0VPPARENTS6A0000000000', '01PARENT000000000000000000'), ('01GR0VPPARENTS6A0000000000', '01PARENT0THER0000000000000'),
    ('01GR0VP11ST000000000000000', '01PARENT000000000000000000'), ('01GR0VP11ST000000000000000', '01PARENT0THER0000000000000');
