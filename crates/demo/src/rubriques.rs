//! The rubriques of a school (B-1): who reads them, who edits them. What is sent from them is among the letters.

use people::{Profile, fold};
use store::{Database, params};
use ulid::Ulid;

use crate::Error;
use crate::person::CREATED;
use crate::rng::Rng;
use crate::school::School;

/// The one that the head writes from.
pub(crate) const HEAD_OFFICE: &str = "Direction";

/// A group by its index in the school, and a profile of it; empty for all of its members.
type Seat = (usize, &'static str);

struct Rubrique {
    name: String,
    description: String,
    editors: Vec<Seat>,
    populations: Vec<Seat>,
}

/// Writes them. Before the letters, some of which are sent from them.
pub(crate) fn write(database: &dyn Database, school: &School, mut rng: Rng) -> Result<(), Error> {
    let mut id = || Ulid::from_parts(CREATED, rng.bits()).to_string();
    for rubrique in rubriques(school) {
        let rubrique_id = id();
        database.execute(
            "INSERT INTO rubrique (id, uai, name, folded_name, description, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                &rubrique_id,
                &school.uai,
                &rubrique.name,
                fold(&rubrique.name),
                &rubrique.description,
                CREATED.cast_signed()
            ],
        )?;
        let group = |index: usize| school.groups.get(index).map(|group| group.id.as_str());
        for (index, profile) in rubrique.editors {
            database.execute(
                "INSERT INTO rubrique_editor (rubrique_id, group_id, profile) VALUES (?1, ?2, ?3)",
                params![&rubrique_id, group(index), profile],
            )?;
        }
        for (index, profile) in rubrique.populations {
            database.execute(
                "INSERT INTO population (id, rubrique_id, group_id, profile) VALUES (?1, ?2, ?3, ?4)",
                params![id(), &rubrique_id, group(index), profile],
            )?;
        }
    }
    Ok(())
}

fn rubriques(school: &School) -> Vec<Rubrique> {
    let [students, relatives, teachers, staff] =
        [Profile::Student, Profile::Relative, Profile::Teacher, Profile::Staff].map(School::everybody);
    let named = |name: &str| school.groups.iter().position(|group| group.name == name);
    let classes = school.classes.iter().filter(|class| class.name.starts_with('6'));
    let mut all = vec![
        Rubrique {
            name: HEAD_OFFICE.to_owned(),
            description: "Les informations de la direction : calendrier, conseils, vie de l’établissement.".to_owned(),
            editors: named("Conseil d’administration").map(|board| (board, "staff")).into_iter().collect(),
            populations: vec![(students, ""), (relatives, ""), (teachers, ""), (staff, "")],
        },
        Rubrique {
            name: "Vie scolaire".to_owned(),
            description: "Absences, retards, demi-pension, études surveillées.".to_owned(),
            editors: vec![(staff, "")],
            populations: [students, relatives, teachers]
                .into_iter()
                .chain(classes.map(|class| class.relatives))
                .map(|group| (group, ""))
                .collect(),
        },
        Rubrique {
            name: "CDI".to_owned(),
            description: "Horaires, nouveautés, concours de lecture : le centre de documentation et d’information."
                .to_owned(),
            editors: named("Enseignants – Français").map(|group| (group, "")).into_iter().collect(),
            populations: vec![(students, ""), (teachers, "")],
        },
    ];
    all.extend(school.classes.first().map(|class| Rubrique {
        name: format!("Classe de {}", class.name),
        description: "Le carnet de bord de la classe : sorties, projets, réunions.".to_owned(),
        editors: vec![(class.teachers, "")],
        populations: vec![(class.students, ""), (class.relatives, ""), (class.teachers, "")],
    }));
    all.extend(named("Club théâtre").map(|club| Rubrique {
        name: "Club théâtre".to_owned(),
        description: "Répétitions du jeudi, décors, spectacle de juin.".to_owned(),
        editors: vec![(club, "teacher")],
        populations: vec![(club, "student"), (club, "guest")],
    }));
    all
}
