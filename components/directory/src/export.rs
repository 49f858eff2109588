//! Results as CSV (D-1, D-2).

use people::Profile;
use web::{Exchange, Problem, Response, Viewer};

use crate::ask::{GroupParameters, PeopleParameters, failed, reader};

/// Rows of one file, at most.
const MOST: u32 = 10_000;

/// `GET /api/v1/directory/people.csv`
pub(crate) fn people(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked = PeopleParameters::read(exchange)?;
    let found = people::all_people(&exchange.db(), &asked.query(viewer)?, MOST).map_err(failed)?;
    let rows = found.ok_or_else(too_many)?.into_iter().map(|person| {
        let what = match person.profile {
            Profile::Student => person.classes.join(", "),
            Profile::Relative if person.function.is_empty() => {
                let name = |child: &people::Child| match &child.class {
                    Some(class) => format!("{} ({class})", child.name),
                    None => child.name.clone(),
                };
                person.children.iter().map(name).collect::<Vec<_>>().join(", ")
            }
            _ => person.function,
        };
        let home = person.establishment.unwrap_or_else(|| viewer.establishment.clone());
        [person.last_name, person.first_name, person.profile.label().to_owned(), what, home, person.universal_address]
    });
    let heading = ["Nom", "Prénom", "Profil", "Fonction, classes ou enfants", "Établissement", "Adresse universelle"];
    Response::csv("Annuaire - personnes.csv", heading, rows)
}

/// `GET /api/v1/directory/groups.csv`
pub(crate) fn groups(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let asked = GroupParameters::read(exchange)?;
    let found = people::all_groups(&exchange.db(), &asked.query(viewer)?, MOST).map_err(failed)?;
    let rows = found.ok_or_else(too_many)?.into_iter().map(|group| {
        let members = group.members.map_or_else(|| "masqués".to_owned(), |members| members.to_string());
        let home = home(viewer, &group);
        [group.name, group.kind.label().to_owned(), members, home, group.description]
    });
    Response::csv("Annuaire - groupes.csv", ["Nom", "Type", "Membres", "Établissement", "Description"], rows)
}

fn home(viewer: &Viewer, group: &people::FoundGroup) -> String {
    match (&group.establishment, group.kind) {
        (_, people::GroupKind::Network) => String::new(),
        (Some(establishment), _) => establishment.clone(),
        (None, _) => viewer.establishment.clone(),
    }
}

fn too_many() -> Problem {
    Problem::refused(
        "too-many-results",
        format!("La recherche donne plus de {MOST} lignes. Précisez-la, puis exportez chaque partie."),
    )
    .with("allowed", MOST)
}
