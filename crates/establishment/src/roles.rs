//! Roles: what each profile may do, and what departs from it for one person. Which profiles have a mailbox (M-6) is
//! the role `mailbox`.

use std::collections::BTreeSet;

use people::{PersonId, Profile, Role, Uai};
use store::{Database, Error, params};

/// The roles of each profile in the establishment.
///
/// # Errors
/// When the database cannot be used.
pub fn profile_roles(database: &impl Database, uai: &Uai) -> Result<BTreeSet<(Profile, Role)>, Error> {
    let rows = database.execute("SELECT profile, role FROM profile_role WHERE uai = ?1", params![uai.as_str()])?;
    rows.iter()
        .map(|row| {
            let profile = row.text(0)?.parse().map_err(|_| Error::Column(0))?;
            Ok((profile, row.text(1)?.parse().map_err(|_| Error::Column(1))?))
        })
        .collect()
}

/// Makes `roles` the roles of the profiles, in one statement, and gives how many changed; none when `by` does not administer
/// the establishment.
///
/// # Errors
/// When the database cannot be used; nothing changed then.
pub fn save_profile_roles(
    database: &impl Database,
    uai: &Uai,
    by: &PersonId,
    roles: &BTreeSet<(Profile, Role)>,
    now: i64,
) -> Result<usize, Error> {
    let all: Vec<(String, String)> = Profile::ALL
        .iter()
        .flat_map(|profile| Role::ALL.iter().map(move |role| (*profile, *role)))
        .map(|pair| (format!("role:{}:{}", pair.0, pair.1), i32::from(roles.contains(&pair)).to_string()))
        .collect();
    let all = serde_json::to_string(&all).map_err(|error| Error::Unavailable(error.to_string()))?;
    let rows = database.execute(
        "INSERT INTO setting_change (uai, at, by_id, setting, before, after)
         SELECT ?1, ?4, ?2, x.setting, x.before, x.after
         FROM (SELECT j.value ->> 0 AS setting, j.value ->> 1 AS after, CAST(EXISTS (SELECT 1 FROM profile_role r
                WHERE r.uai = ?1 AND 'role:' || r.profile || ':' || r.role = j.value ->> 0) AS TEXT) AS before
            FROM json_each(?3) j) x
         WHERE x.before <> x.after AND EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?2 AND a.uai = ?1)
         RETURNING 1",
        params![uai.as_str(), by.as_str(), all, now],
    )?;
    Ok(rows.len())
}

/// A role as one person has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonRole {
    /// Which.
    pub role: Role,
    /// Whether her profile has it.
    pub by_profile: bool,
    /// What was decided for her; `None`: as her profile.
    pub exception: Option<bool>,
}

/// All roles, as the person has them.
///
/// # Errors
/// When the database cannot be used.
pub fn person_roles(database: &impl Database, person: &PersonId) -> Result<Vec<PersonRole>, Error> {
    let rows = database.execute(
        "SELECT r.role, NULL FROM person p JOIN profile_role r ON r.uai = p.uai AND r.profile = p.profile WHERE p.id = ?1
         UNION ALL SELECT o.role, o.granted FROM role_override o WHERE o.person_id = ?1",
        params![person.as_str()],
    )?;
    let mut roles: Vec<PersonRole> =
        Role::ALL.iter().map(|role| PersonRole { role: *role, by_profile: false, exception: None }).collect();
    for row in &rows {
        let found: Role = row.text(0)?.parse().map_err(|_| Error::Column(0))?;
        let granted = row.optional_integer(1)?;
        if let Some(role) = roles.iter_mut().find(|role| role.role == found) {
            match granted {
                None => role.by_profile = true,
                Some(granted) => role.exception = Some(granted == 1),
            }
        }
    }
    Ok(roles)
}

/// Decides a role for one person, or leaves it to her profile (`None`). False when nothing changed: it was so, or `by` does
/// not administer her establishment.
///
/// # Errors
/// When the database cannot be used; nothing changed then.
pub fn override_role(
    database: &impl Database,
    by: &PersonId,
    person: &PersonId,
    role: Role,
    exception: Option<bool>,
    now: i64,
) -> Result<bool, Error> {
    let after = exception.map_or("", |granted| if granted { "granted" } else { "refused" });
    let row = database.first(
        "INSERT INTO setting_change (uai, at, by_id, setting, before, after)
         SELECT x.uai, ?5, ?1, 'role:' || ?2 || ':' || ?3, x.before, ?4
         FROM (SELECT p.uai, coalesce((SELECT iif(o.granted, 'granted', 'refused') FROM role_override o
                WHERE o.person_id = p.id AND o.role = ?3), '') AS before FROM person p WHERE p.id = ?2) x
         WHERE x.before <> ?4 AND EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?1 AND a.uai = x.uai)
         RETURNING 1",
        params![by.as_str(), person.as_str(), role.as_str(), after, now],
    )?;
    Ok(row.is_some())
}
