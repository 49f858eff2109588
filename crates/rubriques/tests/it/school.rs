//! A teacher, her rubrique, and a population of relatives, as many as a test wants: every third has a redirect address, and
//! of those every other one no mailbox; every tenth has neither.

use std::path::Path;

use store::{Database as _, File, params};
use submission::{Addressee, Desk, Draft, Field, Kind};

pub(crate) const NOW: i64 = 1_788_249_600_000;
pub(crate) const TEACHER: &str = "01TEACHER00000000000000000";
pub(crate) const POPULATION: &str = "01P0PV1AT10N00000000000000";
pub(crate) const RUBRIQUE: &str = "01RVBR1QVE0000000000000000";
pub(crate) const RELATIVES: &str = "01GR0VPRE1AT1VES0000000000";

const PEOPLE: &str = "
    WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?1)
    INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
    SELECT printf('01RE1AT1VE%016d', value), '0310001A', 'relative', 'Nom' || value, 'Prénom', 'nom' || value || ' prenom',
        'r' || value, 'r' || value || '@ent.test', 0 FROM n";

/// Fills an empty database.
pub(crate) fn fill(file: &File, relatives: u32) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    store::apply_migrations(file, &root.join("sql/migrations")).unwrap();
    file.batch(&format!(
        "BEGIN;
        INSERT INTO establishment (uai, name, domain, created_at) VALUES ('0310001A', 'Collège', 'ent.test', 0);
        INSERT INTO profile_role VALUES ('0310001A', 'teacher', 'send'), ('0310001A', 'teacher', 'mailbox'), ('0310001A', 'relative', 'mailbox');
        INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
        VALUES ('{TEACHER}', '0310001A', 'teacher', 'Vidal', 'Anne', 'vidal anne', 'vidal', 'vidal@ent.test', 0);
        INSERT INTO person_group (id, uai, kind, profile, name, folded_name, participation, settled) VALUES
            ('{RELATIVES}', '0310001A', 'establishment', 'relative', 'Tous les parents', 'tous les parents', 'outgoing', 1),
            ('01GR0VPTEACHERS00000000000', '0310001A', 'establishment', 'teacher', 'Tous les enseignants', 'tous les enseignants', 'incoming', 1);
        INSERT INTO rule VALUES ('01GR0VPTEACHERS00000000000', '{RELATIVES}');
        INSERT INTO membership VALUES ('01GR0VPTEACHERS00000000000', '{TEACHER}');
        INSERT INTO rubrique (id, uai, name, folded_name, created_at) VALUES ('{RUBRIQUE}', '0310001A', 'Vie scolaire', 'vie scolaire', 0);
        INSERT INTO rubrique_editor VALUES ('{RUBRIQUE}', '01GR0VPTEACHERS00000000000', '');
        INSERT INTO population VALUES ('{POPULATION}', '{RUBRIQUE}', '{RELATIVES}', '')"
    ))
    .unwrap();
    file.execute(PEOPLE, params![relatives]).unwrap();
    file.batch(&format!(
        "INSERT INTO membership SELECT '{RELATIVES}', id FROM person WHERE profile = 'relative';
        INSERT INTO redirect (person_id, address, verified_at)
            SELECT id, login || '@mail.example', 1 FROM person WHERE profile = 'relative' AND n % 3 = 0;
        INSERT INTO role_override SELECT id, 'mailbox', 0 FROM person WHERE profile = 'relative' AND (n % 6 = 0 OR n % 10 = 1);
        COMMIT"
    ))
    .unwrap();
}

pub(crate) fn message() -> Draft {
    let addressees = vec![Addressee { field: Field::Bcc, kind: Kind::Population, id: POPULATION.to_owned() }];
    Draft { subject: "Réunion".into(), body: "<p>Mardi</p>".into(), addressees, ..Draft::default() }
}

pub(crate) fn draft(file: &File) -> String {
    submission::save(desk(file), TEACHER, None, &message(), None).unwrap()
}

pub(crate) fn desk(file: &File) -> Desk<'_> {
    Desk { database: file, now: NOW }
}

pub(crate) fn count(file: &File, what: &str) -> i64 {
    file.first(&format!("SELECT count(*) FROM {what}"), &[]).unwrap().unwrap().integer(0).unwrap()
}

/// How many rows each table that a submission writes has.
pub(crate) fn written(file: &File) -> Vec<i64> {
    ["submission", "audience", "recipient", "mailbox_entry", "delivery", "notice"]
        .map(|table| count(file, table))
        .to_vec()
}
