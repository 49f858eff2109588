//! The criteria as addresses and forms carry them, and as sentences.

use mailing::{Class, Criteria, Sort};
use people::Profile;
use serde::Deserialize;
use web::Problem;

use crate::access::Place;

/// What a list is asked by. `profile`, `level` and `class` may be repeated; what is left out selects everybody.
#[derive(Debug, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[expect(dead_code, reason = "describes the query, which is read pair by pair since some names are repeated")]
pub(crate) struct Asked {
    /// The establishment; by default the viewer's own.
    uai: Option<String>,
    /// `student`, `relative`, `teacher`, `staff`, `guest`; may be repeated.
    profile: Option<String>,
    /// "6EME"; may be repeated.
    level: Option<String>,
    /// The id of a class; may be repeated.
    class: Option<String>,
    /// `yes`: active accounts, `no`: those that are not.
    active: Option<String>,
    /// `with` a mail address, or `without`.
    mail: Option<String>,
    /// `1`: local administrators of the establishment only.
    admins: Option<String>,
    /// Created this day (`YYYY-MM-DD`) or later.
    from: Option<String>,
    /// Created this day or before.
    until: Option<String>,
    /// `name`, `profile` or `class`.
    sort: Option<String>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Reads the criteria among `pairs`; other names are somebody else's.
pub(crate) fn criteria(pairs: &[(String, String)], place: &Place) -> Result<Criteria, Problem> {
    let mut found = Criteria::default();
    for (name, value) in pairs {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        match name.as_str() {
            "profile" => found.profiles.push(value.parse().map_err(|_| unknown("profile", value))?),
            "level" => found.levels.push(value.to_owned()),
            "class" => found.classes.push(value.to_owned()),
            "active" => found.active = Some(either("active", value, "yes", "no")?),
            "mail" => found.mail = Some(either("mail", value, "with", "without")?),
            "admins" => found.admins = true,
            "from" => found.from = Some(place.zone.start_of_day(value).ok_or_else(|| not_a_day("from"))?),
            "until" => found.until = Some(place.zone.end_of_day(value).ok_or_else(|| not_a_day("until"))?),
            "sort" => found.sort = sort(value)?,
            _ => {}
        }
    }
    Ok(found)
}

/// Classes of other levels than those chosen are not offered, and count no more: those chosen before go with them.
pub(crate) fn offered<'a>(criteria: &mut Criteria, classes: &'a [Class]) -> Vec<&'a Class> {
    let of_level = |class: &&Class| criteria.levels.is_empty() || criteria.levels.contains(&class.level);
    let offered: Vec<_> = classes.iter().filter(of_level).collect();
    criteria.classes.retain(|id| offered.iter().any(|class| class.id == *id));
    offered
}

/// The same criteria as pairs again, for addresses and hidden fields.
pub(crate) fn pairs(criteria: &Criteria, place: &Place) -> Vec<(&'static str, String)> {
    let mut pairs = vec![("uai", place.uai.clone())];
    pairs.extend(criteria.profiles.iter().map(|profile| ("profile", profile.as_str().to_owned())));
    pairs.extend(criteria.levels.iter().map(|level| ("level", level.clone())));
    pairs.extend(criteria.classes.iter().map(|class| ("class", class.clone())));
    pairs.extend(criteria.active.map(|active| ("active", if active { "yes" } else { "no" }.to_owned())));
    pairs.extend(criteria.mail.map(|mail| ("mail", if mail { "with" } else { "without" }.to_owned())));
    pairs.extend(criteria.admins.then(|| ("admins", "1".to_owned())));
    pairs.extend(criteria.from.map(|from| ("from", place.zone.day(from))));
    pairs.extend(criteria.until.map(|until| ("until", place.zone.day(until - 1))));
    pairs.extend((criteria.sort != Sort::Name).then(|| ("sort", criteria.sort.as_str().to_owned())));
    pairs
}

/// An address with these parameters.
pub(crate) fn address(path: &str, pairs: &[(&str, String)]) -> String {
    let query: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", web::url_escape(value))).collect();
    format!("{path}?{}", query.join("&"))
}

/// The criteria in words, for the page of a campaign.
pub(crate) fn words(criteria: &Criteria, classes: &[Class], place: &Place) -> String {
    let mut words = Vec::new();
    if !criteria.profiles.is_empty() {
        words.push(criteria.profiles.iter().map(|profile| profile.plural()).collect::<Vec<_>>().join(", "));
    }
    if !criteria.levels.is_empty() {
        words.push(format!("niveaux {}", criteria.levels.join(", ")));
    }
    if !criteria.classes.is_empty() {
        let name =
            |id: &String| classes.iter().find(|class| class.id == *id).map_or("(supprimée)", |class| &class.name);
        words.push(format!("classes {}", criteria.classes.iter().map(name).collect::<Vec<_>>().join(", ")));
    }
    words.extend(criteria.active.map(|on| if on { "comptes activés" } else { "comptes non activés" }.to_owned()));
    words.extend(criteria.mail.map(|with| if with { "avec e-mail" } else { "sans e-mail" }.to_owned()));
    words.extend(criteria.admins.then(|| "administrateurs locaux".to_owned()));
    words.extend(criteria.from.map(|from| format!("créés à partir du {}", place.zone.figures(from))));
    words.extend(criteria.until.map(|until| format!("créés jusqu’au {}", place.zone.figures(until - 1))));
    if words.is_empty() { "tous les comptes".to_owned() } else { words.join(" ; ") }
}

/// The choices of the form, as the field names and values above.
pub(crate) const ACTIVE: [(&str, &str); 3] = [("", "Tous"), ("no", "Non activés"), ("yes", "Activés")];
pub(crate) const MAIL: [(&str, &str); 3] = [("", "Avec ou sans"), ("with", "Avec e-mail"), ("without", "Sans e-mail")];
pub(crate) const SORTS: [(&str, &str); 3] =
    [("name", "Ordre alphabétique"), ("profile", "Profil, puis nom"), ("class", "Classe, puis nom")];

pub(crate) fn sort(word: &str) -> Result<Sort, Problem> {
    [Sort::Name, Sort::Profile, Sort::Class]
        .into_iter()
        .find(|sort| sort.as_str() == word)
        .ok_or_else(|| unknown("sort", word))
}

pub(crate) fn profiles(words: &[String]) -> Result<Vec<Profile>, Problem> {
    words.iter().map(|word| word.parse().map_err(|_| unknown("profiles", word))).collect()
}

fn either(name: &str, value: &str, yes: &str, no: &str) -> Result<bool, Problem> {
    if value == yes {
        Ok(true)
    } else if value == no {
        Ok(false)
    } else {
        Err(unknown(name, value))
    }
}

fn unknown(name: &str, value: &str) -> Problem {
    let value: String = value.chars().take(40).collect();
    Problem::invalid(name, format!("« {value} » n’est pas une des valeurs possibles de « {name} »."))
}

pub(crate) fn not_a_day(name: &str) -> Problem {
    Problem::invalid(name, "Donnez une date qui existe, sous la forme AAAA-MM-JJ.")
}

/// Where a list of so many a page goes on: the number of rows before.
pub(crate) fn cursor(text: &str) -> Result<u32, Problem> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse().map_err(|_| Problem::invalid("cursor", "Ce curseur n’est pas celui d’une page de cette liste."))
}
