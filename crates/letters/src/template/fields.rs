//! The merge fields: what they are called, what they say, and the values of one letter.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::Object;

/// A field as the palette of the editor shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldHelp {
    /// As typed between braces: `enfant.classe`.
    pub name: &'static str,
    /// What it says, in French.
    pub meaning: &'static str,
    /// An example of its value.
    pub example: &'static str,
}

const fn field(name: &'static str, meaning: &'static str, example: &'static str) -> FieldHelp {
    FieldHelp { name, meaning, example }
}

/// All fields. None is a secret: no activation code, no password, no outside address.
pub const FIELDS: &[FieldHelp] = &[
    field("civilité", "Civilité du destinataire", "Mme"),
    field("prénom", "Prénom du destinataire", "Sophie"),
    field("nom", "Nom du destinataire", "Martin"),
    field("profil", "Profil du destinataire", "Parent"),
    field("fonction", "Fonction du destinataire (personnels, enseignants)", "CPE"),
    field("classe", "Classe du destinataire (élèves)", "6A"),
    field("identifiant", "Identifiant de connexion du destinataire", "sophie.martin"),
    field("adresse", "Adresse universelle du destinataire", "sophie.martin@ent.exemple.fr"),
    field("enfant.prénom", "Prénom de l’enfant (parents)", "Lina"),
    field("enfant.nom", "Nom de l’enfant (parents)", "Martin"),
    field("enfant.classe", "Classe de l’enfant (parents)", "6A"),
    field("établissement", "Nom de l’établissement", "Collège Jean-Jaurès"),
    field("date", "Date du jour de l’envoi", "22 novembre 2026"),
    field("année_scolaire", "Année scolaire en cours", "2026-2027"),
    field("expéditeur", "Prénom et nom de l’auteur de l’envoi", "Claire Dubois"),
    field("fonction_expéditeur", "Fonction de l’auteur de l’envoi", "Principale"),
];

/// The list that a loop can go over, and what one of its members is called outside of a loop.
pub(super) const CHILDREN: &str = "enfants";
pub(super) const CHILD: &str = "enfant";
/// What `loop` knows, of all that it does.
pub(super) const LOOP: [&str; 3] = ["first", "last", "index"];

/// The longest value, in characters: a name of 10 kB makes a long line, not a book.
const MAX_VALUE: usize = 200;
/// More children than a person has.
const MAX_CHILDREN: usize = 30;

/// A child of the person written to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Child {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Class; may be empty.
    pub class: String,
}

/// The person written to. What is empty is missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// "Mme"
    pub civility: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// "Parent"
    pub profile: String,
    /// "CPE"
    pub function: String,
    /// The class of a student.
    pub class: String,
    /// What she signs in with.
    pub login: String,
    /// Her universal address.
    pub address: String,
    /// Her children, for whom she is written to.
    pub children: Vec<Child>,
}

/// What is the same in all letters of one mailing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setting {
    /// Name of the establishment.
    pub establishment: String,
    /// "22 novembre 2026"
    pub date: String,
    /// "2026-2027"
    pub school_year: String,
    /// First and last name of who sends.
    pub author: String,
    /// What she does.
    pub author_function: String,
}

/// The values of one letter: to `person`, about one of her children if any. What is missing is `none`: false in a condition,
/// equal to nothing, and refused where it would be written out.
pub(super) fn values(setting: &Setting, person: &Person, about: Option<&Child>) -> Value {
    let mut values = BTreeMap::new();
    let mut put = |name: &'static str, value: &str| {
        values.insert(name, Value::from(tidy(value)));
    };
    put("civilité", &person.civility);
    put("prénom", &person.first_name);
    put("nom", &person.last_name);
    put("profil", &person.profile);
    put("fonction", &person.function);
    put("classe", &person.class);
    put("identifiant", &person.login);
    put("adresse", &person.address);
    put("établissement", &setting.establishment);
    put("date", &setting.date);
    put("année_scolaire", &setting.school_year);
    put("expéditeur", &setting.author);
    put("fonction_expéditeur", &setting.author_function);
    values.insert(CHILD, about.map_or_else(|| Value::from_object(NoChild), child));
    values.insert(CHILDREN, person.children.iter().take(MAX_CHILDREN).map(child).collect());
    Value::from(values)
}

/// What `enfant` is for somebody without: false in a condition, and every field of it missing.
#[derive(Debug)]
struct NoChild;

impl Object for NoChild {
    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Value::from(()))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }
}

fn child(child: &Child) -> Value {
    let named = [("prénom", &child.first_name), ("nom", &child.last_name), ("classe", &child.class)];
    Value::from(BTreeMap::from(named.map(|(name, value)| (name, Value::from(tidy(value))))))
}

/// A value on one line, without what turns the direction of the text after it; nothing when nothing is left.
fn tidy(value: &str) -> Option<String> {
    let turns =
        |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}');
    let line: String = value.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.trim();
    if line.chars().count() <= MAX_VALUE {
        return (!line.is_empty()).then(|| line.to_owned());
    }
    Some(line.chars().take(MAX_VALUE - 1).chain(['…']).collect())
}

/// A field by its parts: `enfant`, `classe`.
pub(super) fn known(name: &str) -> bool {
    FIELDS.iter().any(|field| field.name == name)
}

/// The field whose name is nearest to `typed`, if one is near: what was typed without accents, or in other words.
pub(super) fn nearest(typed: &str) -> Option<&'static str> {
    const SYNONYMS: [(&str, &str); 12] = [
        ("login", "identifiant"),
        ("firstname", "prénom"),
        ("lastname", "nom"),
        ("titre", "civilité"),
        ("eleve", "enfant.prénom"),
        ("ecole", "établissement"),
        ("college", "établissement"),
        ("lycee", "établissement"),
        ("mail", "adresse"),
        ("email", "adresse"),
        ("courriel", "adresse"),
        ("auteur", "expéditeur"),
    ];
    let plain = folded(typed);
    if let Some((_, field)) = SYNONYMS.iter().find(|(synonym, _)| *synonym == plain) {
        return Some(field);
    }
    // `élève.classe`, `fille.prénom`: with a dot, it is about a child.
    let tail = plain.rsplit_once('.').map(|(_, tail)| tail);
    let distance = |name: &str| match (tail, folded(name).rsplit_once('.')) {
        (Some(tail), Some((_, name))) => strsim::osa_distance(tail, name),
        _ => strsim::osa_distance(&plain, &folded(name)),
    };
    let (field, distance) =
        FIELDS.iter().map(|field| (field.name, distance(field.name))).min_by_key(|(_, distance)| *distance)?;
    (distance <= 1 + tail.unwrap_or(&plain).chars().count() / 4).then_some(field)
}

/// Whether somebody asks for what no letter says.
pub(super) fn secret(typed: &str) -> bool {
    let plain = folded(typed);
    ["code", "passe", "password", "activation", "redirection"].iter().any(|word| plain.contains(word))
}

fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c) && *c != '_' && *c != ' ')
        .flat_map(char::to_lowercase)
        .collect()
}
