//! What an academy's directory says that the demo's schools do not need: codes, labels, addresses, numbers.

use crate::rng::Rng;

/// Code, label in the directory, and our own name.
pub(super) const SUBJECTS: [(&str, &str, &str); 14] = [
    ("061300", "MATHEMATIQUES", "mathématiques"),
    ("020700", "FRANCAIS", "français"),
    ("043700", "HISTOIRE-GEOGRAPHIE", "histoire-géographie"),
    ("030201", "ANGLAIS LV1", "anglais"),
    ("100100", "EDUCATION PHYSIQUE & SPORTIVE", "EPS"),
    ("062900", "SCIENCES DE LA VIE & DE LA TERRE", "sciences de la vie et de la Terre"),
    ("062300", "PHYSIQUE-CHIMIE", "physique-chimie"),
    ("030602", "ESPAGNOL LV2", "espagnol"),
    ("070800", "TECHNOLOGIE", "technologie"),
    ("090100", "ARTS PLASTIQUES", "arts plastiques"),
    ("080500", "EDUCATION MUSICALE", "éducation musicale"),
    ("030102", "ALLEMAND LV2", "allemand"),
    ("020300", "LETTRES CLASSIQUES", "lettres classiques"),
    ("992100", "DOCUMENTATION", "documentation"),
];

/// What the demo's staff does, as the directory has it: the beginning of our own words, code, label.
const POSTS: [(&str, &str, &str); 9] = [
    ("Principal", "DIR", "DIRECTION"),
    ("Conseill", "EDU", "EDUCATION"),
    ("Secrétaire", "ADF", "PERSONNELS ADMINISTRATIFS"),
    ("Adjoint", "ADF", "PERSONNELS ADMINISTRATIFS"),
    ("Infirm", "MDS", "PERSONNELS MEDICO-SOCIAUX"),
    ("Assistant", "AED", "ASSISTANT D'EDUCATION"),
    ("Psychologue", "ORI", "ORIENTATION"),
    ("AESH", "AVS", "ACCOMPAGNANT ELEVES EN SITUATION DE HANDICAP"),
    ("Agent", "OUV", "PERSONNELS OUVRIERS ET DE SERVICE"),
];

const STREETS: [&str; 10] = [
    "rue des Lilas",
    "rue de l'Église",
    "avenue Jean-Jaurès",
    "chemin du Moulin",
    "place de la République",
    "impasse des Tilleuls",
    "boulevard Victor-Hugo",
    "rue du Pré-Fleuri",
    "allée des Érables",
    "route d'Albi",
];
const TOWNS: [(&str, &str); 6] = [
    ("31000", "TOULOUSE"),
    ("81000", "ALBI"),
    ("32000", "AUCH"),
    ("65000", "TARBES"),
    ("09000", "FOIX"),
    ("46000", "CAHORS"),
];

/// Code and label of what somebody of the staff does.
pub(super) fn post(function: &str) -> (&'static str, &'static str) {
    let post = POSTS.iter().find(|(beginning, ..)| function.starts_with(beginning));
    post.map_or(("ADF", "PERSONNELS ADMINISTRATIFS"), |(_, code, label)| (*code, *label))
}

/// The lines of an address, its postcode and town.
pub(super) fn home(rng: &mut Rng) -> (Vec<String>, (&'static str, &'static str)) {
    let street = rng.pick(&STREETS).copied().unwrap_or_default();
    let mut lines = vec![format!("{} {street}", rng.below(180) + 1)];
    if rng.chance(25) {
        lines.push(format!("Bât. {}, appt {}", letter(rng), rng.below(60) + 1));
    }
    (lines, rng.pick(&TOWNS).copied().unwrap_or_default())
}

pub(super) fn letter(rng: &mut Rng) -> char {
    rng.pick(b"ABCDEFGHJK").map_or('A', |byte| char::from(*byte))
}

pub(super) fn birth(rng: &mut Rng, year: usize) -> String {
    format!("{year}-{:02}-{:02}", rng.below(12) + 1, rng.below(28) + 1)
}

/// A number that is never given to anybody (Arcep).
pub(super) fn number(prefix: &str, number: usize) -> String {
    format!("{prefix} {:02} {:02}", number / 100 % 100, number % 100)
}
