//! Our own table, for whoever has neither AAF nor ONDE: one row per person, made to be filled in a spreadsheet.
//!
//! [`MODEL`] is the table with examples. Columns may come in any order, and all but the first three may be left out:
//!
//! | column | what it holds |
//! |---|---|
//! | profil* | élève, parent, enseignant, personnel or invité; a row that begins with `#` counts for nothing |
//! | nom*, prénom* | the names in use |
//! | nom de naissance, civilité | "M." or "Mme" |
//! | date de naissance | jj/mm/aaaa |
//! | identifiant | one word, the same in each import; without it INE, or else one is made ([`identity`]) of names and birth date, of a parent's names and mail or else address |
//! | INE | of a student |
//! | courriel, téléphone, téléphone domicile | téléphone is a mobile one |
//! | adresse, code postal, ville | |
//! | niveau | of a student: "6EME" |
//! | classes, groupes | of a student, or taught |
//! | professeur principal | the classes of which a teacher is one |
//! | enfants | of a parent: the identifiant of each, or "NOM Prénom (classe)"; the class may be left out |
//! | disciplines | of a teacher |
//! | fonction | in words: "CPE", "Infirmière" |
//!
//! Several values in a cell are separated by `,` or `|`. The separator of columns is `;`, `,` or tab.

use std::io::BufRead;

use people::Profile;

use crate::row::{Header, Row, day, filled, missing, place, put};
use crate::table::Table;
use crate::tally::{Refusal, Tally};
use crate::value::{lines, mail, title};
use crate::{Error, Format, Function, Kind, NamedChild, Place, Record, RejectCode, Sink, Tie, identity};

/// The table as it is offered for download, with a byte order mark by which spreadsheets know that it is UTF-8. Its examples
/// begin with `#`: left there, they count for nothing.
pub const MODEL: &str = "\u{feff}profil;nom;prénom;nom de naissance;civilité;date de naissance;identifiant;INE;courriel;téléphone;\
téléphone domicile;adresse;code postal;ville;niveau;classes;groupes;professeur principal;enfants;disciplines;fonction\r
#élève;MARTIN;Léa;;Mme;03/05/2014;E0001;;;;;;;;6EME;6A;6A ESP1, LATIN6;;;;\r
#parent;MARTIN;Claire;DUBOIS;Mme;;P0001;;claire.martin@example.org;06 00 00 00 01;05 00 00 00 01;12 rue des Lilas;31000;Toulouse;;;;;E0001, MARTIN Tom (4B);;\r
#enseignant;PETIT;Marc;;M.;;T0001;;marc.petit@example.org;;;;;;;6A, 6B;6A ESP1;6A;;espagnol;\r
#personnel;LE GOFF;Sophie;;Mme;;S0001;;sophie.legoff@example.org;;;;;;;;;;;;Principale adjointe\r
#invité;HADDAD;Karim;;M.;;;;karim.haddad@example.org;;;;;;;;;;;;Intervenant théâtre\r
";

/// The columns, by their folded names; others by which they go.
const COLUMNS: [(&str, &[&str]); 21] = [
    ("profil", &[]),
    ("nom", &["nomdusage", "nomdefamille"]),
    ("prenom", &[]),
    ("nomdenaissance", &[]),
    ("civilite", &[]),
    ("datedenaissance", &["neele"]),
    ("identifiant", &["id"]),
    ("ine", &[]),
    ("courriel", &["email", "mail", "adressemail", "adresseelectronique"]),
    ("telephone", &["telephoneportable", "telephonemobile", "portable", "mobile"]),
    ("telephonedomicile", &["telephonefixe"]),
    ("adresse", &["adressepostale"]),
    ("codepostal", &["cp"]),
    ("ville", &["commune"]),
    ("niveau", &[]),
    ("classes", &["classe"]),
    ("groupes", &["groupe"]),
    ("professeurprincipal", &["professeurprincipalde"]),
    ("enfants", &["enfant"]),
    ("disciplines", &["discipline", "matieres", "matiere"]),
    ("fonction", &["fonctions"]),
];

/// Whether a table is one of ours.
pub(crate) fn recognise(header: &Header) -> Option<Format> {
    header.has(&["profil"]).then_some(Format::Csv)
}

/// Reads a table.
pub(crate) fn read<R: BufRead, S: Sink>(
    table: Table<R>,
    header: Header,
    uai: &str,
    tally: &mut Tally<'_, S>,
) -> Result<(), Error> {
    let column =
        |key: &str| COLUMNS.iter().find(|(name, others)| *name == key || others.contains(&key)).map(|(name, _)| *name);
    let layout = header.layout(column, &[("profil", "profil"), ("nom", "nom"), ("prenom", "prénom")])?;
    table.each(&layout, tally, |row| {
        let profile = row.text("profil");
        if profile.starts_with('#') {
            return Ok(None);
        }
        let profile = profile_of(&profile)?;
        let record = record(row, uai, profile)?;
        let kind = match profile {
            Profile::Student => Kind::Student,
            Profile::Relative => Kind::Relative,
            Profile::Teacher | Profile::Staff | Profile::Guest => Kind::Adult,
        };
        let id = row.field("identifiant").or_else(|| record.ine.clone()).unwrap_or_else(|| made(profile, &record));
        Ok(Some(put(row, kind, id, record)))
    })
}

fn profile_of(text: &str) -> Result<Profile, Refusal> {
    match people::fold(text).as_str() {
        "eleve" | "eleves" => Ok(Profile::Student),
        "parent" | "parents" | "responsable" | "responsables" => Ok(Profile::Relative),
        "enseignant" | "enseignante" | "enseignants" | "professeur" | "professeure" | "prof" => Ok(Profile::Teacher),
        "personnel" | "personnels" => Ok(Profile::Staff),
        "invite" | "invitee" | "invites" | "autre" | "autres" => Ok(Profile::Guest),
        "" => Err(missing("le profil")),
        _ => Err(Refusal::new(
            RejectCode::BadField,
            "Le profil n’est pas l’un des cinq\u{a0}: élève, parent, enseignant, personnel, invité. Corrigez la ligne.",
        )),
    }
}

fn record(row: &Row<'_>, uai: &str, profile: Profile) -> Result<Record, Refusal> {
    let places = |key| some(values(&row.text(key)).map(|name| place(uai, name)).collect::<Vec<Place>>());
    let (students, children): (Vec<_>, Vec<_>) = values(&row.text("enfants")).partition(|child| !child.contains(' '));
    let ties = students.into_iter().map(|id| Tie { id, link: 0, legal: true }).collect();
    let function = row.field("fonction").map(|label| Function {
        structure: uai.to_owned(),
        code: String::new(),
        label,
        discipline: String::new(),
    });
    Ok(Record {
        last_name: Some(row.field("nom").ok_or_else(|| missing("le nom"))?),
        first_name: Some(row.field("prenom").ok_or_else(|| missing("le prénom"))?),
        birth_name: row.field("nomdenaissance"),
        title: filled(title(&row.text("civilite"))),
        birth_date: day(row, "datedenaissance")?,
        ine: row.field("ine").map(|ine| ine.to_uppercase()),
        level: row.field("niveau"),
        mail: filled(mail(&row.text("courriel"))),
        mobile: row.field("telephone"),
        home_phone: row.field("telephonedomicile"),
        street: some(lines([row.text("adresse").as_str()])),
        postcode: row.field("codepostal"),
        city: row.field("ville"),
        structure: Some(uai.to_owned()),
        classes: places("classes"),
        groups: places("groupes"),
        head_of: places("professeurprincipal"),
        children: some(children.iter().map(|child| named(child)).collect()),
        students: some(ties),
        functions: some(function.into_iter().collect()),
        disciplines: some(values(&row.text("disciplines")).collect()),
        teaching: matches!(profile, Profile::Teacher | Profile::Staff | Profile::Guest)
            .then_some(profile == Profile::Teacher),
        profile: Some(profile.as_str().to_owned()),
        ..Record::default()
    })
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

fn made(profile: Profile, record: &Record) -> String {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let street = record.street.as_deref().unwrap_or_default();
    let (word, more) = match profile {
        Profile::Student => ("eleve", text(&record.birth_date)),
        Profile::Teacher => ("enseignant", text(&record.birth_date)),
        Profile::Staff => ("personnel", text(&record.birth_date)),
        Profile::Guest => ("invite", text(&record.birth_date)),
        Profile::Relative => {
            let home =
                identity::mail_or_home(&text(&record.mail), street, &text(&record.postcode), &text(&record.city));
            ("responsable", home)
        }
    };
    identity::made(word, &text(&record.last_name), &text(&record.first_name), &more)
}

/// The values of a cell.
fn values(cell: &str) -> impl Iterator<Item = String> {
    cell.split([',', '|']).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// "NOM Prénom (classe)": the last name is what is in capitals; where nothing tells, the whole is there.
fn named(child: &str) -> NamedChild {
    let (name, class) = match child.strip_suffix(')').and_then(|child| child.split_once('(')) {
        Some((name, class)) => (name.trim(), class.trim()),
        None => (child, ""),
    };
    let capitals = |word: &&str| word.to_uppercase() == *word;
    let words: Vec<&str> = name.split(' ').collect();
    let (last, first) = words.split_at(words.iter().take_while(|word| capitals(word)).count());
    let (last, first) = if last.is_empty() || first.is_empty() {
        (name.to_owned(), String::new())
    } else {
        (last.join(" "), first.join(" "))
    };
    NamedChild { usual_name: String::new(), last_name: last, first_name: first, class: class.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn children_are_named_in_one_piece() {
        for (text, last, first, class) in [
            ("MARTIN Léa (6A)", "MARTIN", "Léa", "6A"),
            ("LE GOFF Anne-Marie", "LE GOFF", "Anne-Marie", ""),
            ("Le Goff Anne (CM1 (Mme Roux))", "Le Goff Anne", "", "CM1 (Mme Roux)"),
            ("martin léa", "martin léa", "", ""),
            ("MARTIN LÉA (6A)", "MARTIN LÉA", "", "6A"),
        ] {
            let child = named(text);
            assert_eq!(
                (child.last_name.as_str(), child.first_name.as_str(), child.class.as_str()),
                (last, first, class)
            );
        }
    }
}
