//! Writes a school: one prepared statement per table, all rows of it, inside the caller's transaction. Triggers fill the
//! search index and the register of addresses.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher as _;
use people::{Profile, default_roles, fold, network_group};
use store::{Database, params};

use crate::Error;
use crate::person::{CREATED, Person};
use crate::school::School;

/// Argon2id in PHC form, with a salt made from the seed so that the same demo has the same content.
pub(crate) fn hash(password: &str, seed: u64) -> Result<String, Error> {
    let mut salt = [0; 16];
    salt.iter_mut().zip(seed.to_be_bytes().into_iter().chain(*b"the-demo")).for_each(|(to, from)| *to = from);
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| Error::Hash(error.to_string()))
}

pub(crate) fn school(database: &dyn Database, school: &School, password: &str) -> Result<(), Error> {
    let created = CREATED.cast_signed();
    database.execute(
        "INSERT INTO establishment (uai, name, domain, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![&school.uai, &school.name, &school.domain, created],
    )?;
    for profile in Profile::ALL {
        for role in default_roles(*profile) {
            database.execute(
                "INSERT INTO profile_role (uai, profile, role) VALUES (?1, ?2, ?3)",
                params![&school.uai, profile.as_str(), role.as_str()],
            )?;
        }
    }
    for person in &school.people {
        add_person(database, &school.uai, person, password)?;
    }
    for class in &school.classes {
        database.execute(
            "INSERT INTO class (id, uai, kind, name, level) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![&class.id, &school.uai, class.kind.as_str(), &class.name, class.level],
        )?;
    }
    add_groups(database, school)?;
    add_ties(database, school)
}

fn add_person(database: &dyn Database, uai: &str, person: &Person, password: &str) -> Result<(), Error> {
    let created = CREATED.cast_signed();
    let active = person.activation_code.is_none();
    let month = 30 * 86_400_000;
    database.execute(
        "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, function, login, universal_address,
            password_hash, activation_code, activated_at, blocked_at, left_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            &person.id,
            uai,
            person.profile.as_str(),
            &person.last,
            &person.first,
            fold(&format!("{} {}", person.last, person.first)),
            &person.function,
            &person.login,
            &person.address,
            active.then_some(password),
            person.activation_code.as_deref(),
            active.then_some(created + 86_400_000),
            None::<i64>,
            person.left.then_some(created + month),
            created,
        ],
    )?;
    if person.blocked {
        database.execute(
            "INSERT INTO blocking (id, uai, person_id, reason, at) VALUES (?1, ?2, ?1, 'Charte non respectée', ?3)",
            params![&person.id, uai, created + month],
        )?;
    }
    if let Some(outside) = &person.redirect {
        database.execute(
            "INSERT INTO redirect (person_id, address, verified_at) VALUES (?1, ?2, ?3)",
            params![&person.id, outside, created + 86_400_000],
        )?;
    }
    if !person.mailbox {
        database.execute(
            "INSERT INTO role_override (person_id, role, granted) VALUES (?1, 'mailbox', 0)",
            params![&person.id],
        )?;
    }
    join(database, network_group(person.profile), &person.id)
}

fn add_groups(database: &dyn Database, school: &School) -> Result<(), Error> {
    for group in &school.groups {
        database.execute(
            "INSERT INTO person_group (id, uai, kind, profile, class_id, discipline, name, folded_name, participation,
                members_hidden, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                &group.id,
                &school.uai,
                group.kind.as_str(),
                group.profile.map(Profile::as_str),
                group.class.as_deref(),
                group.discipline.as_deref(),
                &group.name,
                fold(&group.name),
                group.participation,
                group.members_hidden,
                CREATED.cast_signed(),
            ],
        )?;
        for member in group.members.iter().filter_map(|member| school.people.get(*member)) {
            join(database, &group.id, &member.id)?;
        }
        for manager in group.managers.iter().filter_map(|manager| school.people.get(*manager)) {
            database.execute(
                "INSERT INTO group_manager (group_id, person_id) VALUES (?1, ?2)",
                params![&group.id, &manager.id],
            )?;
        }
    }
    for (from, to) in &school.rules {
        if let (Some(from), Some(to)) = (school.groups.get(*from), school.groups.get(*to)) {
            database.execute("INSERT INTO rule (from_group, to_group) VALUES (?1, ?2)", params![&from.id, &to.id])?;
        }
    }
    Ok(())
}

fn add_ties(database: &dyn Database, school: &School) -> Result<(), Error> {
    for kinship in &school.kinships {
        if let (Some(relative), Some(student)) =
            (school.people.get(kinship.relative), school.people.get(kinship.student))
        {
            database.execute(
                "INSERT INTO kinship (relative_id, student_id, legal) VALUES (?1, ?2, ?3)",
                params![&relative.id, &student.id, kinship.legal],
            )?;
        }
    }
    for admin in school.admins.iter().filter_map(|admin| school.people.get(*admin)) {
        database
            .execute("INSERT INTO local_admin (person_id, uai) VALUES (?1, ?2)", params![&admin.id, &school.uai])?;
    }
    Ok(())
}

fn join(database: &dyn Database, group: &str, person: &str) -> Result<(), Error> {
    database.execute("INSERT INTO membership (group_id, person_id) VALUES (?1, ?2)", params![group, person])?;
    Ok(())
}
