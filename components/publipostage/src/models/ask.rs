//! Whom a letter is to, as a query or a JSON body says it.

use mailing::model::{Addressed, Choices, Copy, Selection};
use people::Profile;
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem};

/// The query of a preview and of a count; each may be given several times.
#[derive(Debug, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(default)]
pub(crate) struct Asked {
    /// "student", "relative", "teacher", "staff", "guest"; may be repeated.
    pub(crate) profile: Option<String>,
    /// Id of a class or teaching group that narrows the profiles; may be repeated.
    pub(crate) class: Option<String>,
    /// Id of a group of the establishment; may be repeated.
    pub(crate) group: Option<String>,
    /// Id of a person; may be repeated.
    pub(crate) person: Option<String>,
    /// Id of a message to a population: those whom it is to reach on paper.
    pub(crate) message: Option<String>,
    /// Which letter is shown, from 0.
    pub(crate) at: Option<u32>,
}

/// A selection in JSON: profiles of classes, groups, single people.
#[derive(Debug, Default, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipients {
    /// "student", "relative", "teacher", "staff", "guest"
    #[serde(default)]
    pub(crate) profiles: Vec<String>,
    /// Ids of classes and teaching groups that narrow the profiles.
    #[serde(default)]
    pub(crate) classes: Vec<String>,
    /// Ids of groups of the establishment.
    #[serde(default)]
    pub(crate) groups: Vec<String>,
    /// Ids of people.
    #[serde(default)]
    pub(crate) people: Vec<String>,
    /// Id of a message to a population: those whom it is to reach on paper.
    #[serde(default)]
    pub(crate) message: String,
}

impl Recipients {
    pub(crate) fn selection(self) -> Result<Selection, Problem> {
        let Self { profiles, classes, groups, people, message } = self;
        checked(Selection { profiles, classes, groups, people, message })
    }
}

/// The selection of pairs of a query or a form.
pub(crate) fn selection<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Selection, Problem> {
    let mut selection = Selection::default();
    for (name, value) in pairs {
        let list = match name {
            "profile" => &mut selection.profiles,
            "class" => &mut selection.classes,
            "group" => &mut selection.groups,
            "person" => &mut selection.people,
            "message" => {
                value.clone_into(&mut selection.message);
                continue;
            }
            _ => continue,
        };
        if !list.iter().any(|known| known == value) {
            list.push(value.to_owned());
        }
    }
    checked(selection)
}

/// The selection of the query.
pub(crate) fn of_query(exchange: &Exchange<'_>) -> Result<Selection, Problem> {
    let pairs = exchange.query_pairs()?;
    selection(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn checked(selection: Selection) -> Result<Selection, Problem> {
    if selection.profiles.iter().any(|word| word.parse::<Profile>().is_err()) {
        return Err(Problem::invalid("profile", "Les profils sont student, relative, teacher, staff et guest."));
    }
    Ok(selection)
}

/// The same as a query.
pub(crate) fn query(selection: &Selection) -> String {
    let lists = [
        ("profile", &selection.profiles),
        ("class", &selection.classes),
        ("group", &selection.groups),
        ("person", &selection.people),
    ];
    let message = Some(&selection.message).filter(|message| !message.is_empty());
    let pairs = lists
        .iter()
        .flat_map(|(name, list)| list.iter().map(move |value| (*name, value)))
        .chain(message.map(|message| ("message", message)))
        .map(|(name, value)| format!("{name}={}", web::url_escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Who gets copies, of pairs of a form: `cc` and `bcc`.
pub(crate) fn copies<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Copy> {
    pairs
        .filter(|(name, _)| matches!(*name, "cc" | "bcc"))
        .map(|(name, person)| Copy { hidden: name == "bcc", person: person.to_owned() })
        .collect()
}

/// The selection in words: "Parents, Élèves de 6A, 6B ; Conseil d’administration ; 2 personnes".
pub(crate) fn words(selection: &Selection, choices: &Choices, people: &[Addressed]) -> String {
    let name = |id: &String| {
        let all = choices.classes.iter().chain(&choices.teaching_groups).chain(&choices.groups);
        all.filter(|(known, _)| known == id).map(|(_, name)| name.as_str()).next().unwrap_or("?").to_owned()
    };
    let mut parts = Vec::new();
    let profiles: Vec<_> =
        selection.profiles.iter().filter_map(|word| word.parse::<Profile>().ok()).map(Profile::plural).collect();
    if !profiles.is_empty() {
        let classes: Vec<_> = selection.classes.iter().map(name).collect();
        let whom = profiles.join(", ");
        parts.push(if classes.is_empty() { whom } else { format!("{whom} de {}", classes.join(", ")) });
    }
    parts.extend(selection.groups.iter().map(name));
    match selection.people.as_slice() {
        [] => {}
        [one] => parts.extend(people.iter().find(|person| &person.id == one).map(Addressed::name)),
        several => parts.push(format!("{} personnes", several.len())),
    }
    if !selection.message.is_empty() {
        parts.push("Ceux qu’un message n’a pas atteints".to_owned());
    }
    let words = parts.join(" ; ");
    if words.chars().count() <= 200 { words } else { words.chars().take(199).chain(['…']).collect() }
}
