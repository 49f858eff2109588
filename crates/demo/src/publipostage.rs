//! Account letters (P-1 to P-4): what the sources know of families, a letterhead, a class that was given to its teacher, and the
//! letters that were printed at the beginning of the year.

use store::{Database, params};

use crate::leads::Leads;
use crate::rng::Rng;
use crate::school::School;
use crate::{Error, Options};

const WEEK: i64 = 7 * 24 * 3600 * 1000;

/// Streets and towns of families, by turns.
const HOMES: &str = r#"[["rue des Écoles","31000","Toulouse"],["avenue de la Gloire","31500","Toulouse"],["chemin du Moulin","31320","Castanet-Tolosan"],
    ["impasse des Lilas","31400","Toulouse"],["place de l’Église","31450","Montgiscard"],["allée Jean-Jaurès","31000","Toulouse"],["rue d’Alsace","31130","Balma"]]"#;

pub(crate) fn write(
    database: &dyn Database,
    school: &School,
    leads: Leads,
    options: &Options,
    rng: Rng,
) -> Result<(), Error> {
    let uai = school.uai.as_str();
    // Two families of three gave an address at enrolment; all live somewhere.
    database.execute(
        "INSERT INTO person_detail (person_id, mail, street, postcode, city)
         SELECT p.id, CASE WHEN p.n % 3 = 0 THEN '' ELSE p.login || '@example.net' END,
            (1 + p.n * 7 % 88) || ' ' || (h.value ->> 0), h.value ->> 1, h.value ->> 2
         FROM person p JOIN json_each(?2) h ON h.key = p.n % json_array_length(?2)
         WHERE p.uai = ?1 AND p.profile = 'relative'
         ON CONFLICT DO NOTHING",
        params![uai, HOMES],
    )?;
    database.execute(
        "INSERT INTO establishment_letterhead (uai, address, signatory) VALUES (?1, '14 rue des Platanes' || char(10) || '31000 Toulouse',
            'Sophie Le Goff' || char(10) || 'Principale adjointe')",
        params![uai],
    )?;
    let id = |index: usize| school.people.get(index).map(|person| person.id.as_str());
    let class = school.classes.iter().rfind(|class| school.members(class.teachers).contains(&leads.colleague));
    if let (Some(colleague), Some(class)) = (id(leads.colleague), class) {
        database
            .execute("INSERT INTO class_admin (person_id, class_id) VALUES (?1, ?2)", params![colleague, &class.id])?;
    }
    let Some(admin) = id(leads.admin) else { return Ok(()) };
    for (number, (weeks, profile, kind)) in [(6, "student", "eight"), (5, "relative", "one")].into_iter().enumerate() {
        let at = options.now - weeks * WEEK;
        let ulid = |n: usize| {
            ulid::Ulid::from_parts(at.cast_unsigned(), rng.branch(u64::try_from(n).unwrap_or(0)).bits()).to_string()
        };
        let (campaign, job) = (ulid(2 * number), ulid(2 * number + 1));
        database.execute(
            "INSERT INTO campaign_launch (id, uai, by_id, kind, criteria, at, job_id, file_name, accounts)
             SELECT ?1, ?2, ?3, ?4, json_object('profiles', json_array(?5), 'active', json('false')), ?6, ?7,
                'publipostage-' || date(?6 / 1000, 'unixepoch') || '.pdf', json_group_array(json_array(o.position, o.id, '', 0))
             FROM (SELECT row_number() OVER (ORDER BY p.folded_name, p.id) - 1 AS position, p.id FROM person p
                WHERE p.uai = ?2 AND p.profile = ?5 AND p.blocked_at IS NULL AND p.left_at IS NULL) o",
            params![campaign.as_str(), uai, admin, kind, profile, at, job.as_str()],
        )?;
        database.execute(
            "UPDATE job SET state = 'done', done = total, finished_at = ?2, purged_at = ?2 + 86400000 WHERE id = ?1",
            params![job, at + 4000],
        )?;
    }
    Ok(())
}
