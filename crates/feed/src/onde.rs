//! ONDE, the first degree's tables (DOMAIN §2): students, relatives, teachers; told apart by their columns.
//!
//! They have no ids but the INE: the others are made ([`identity`]): students without INE from folded names and birth date,
//! relatives from folded names and mail or else postal address, teachers from folded names. A student's class is its label,
//! by which relatives and teachers name it too. Who has no class teaches nobody: a head without class is staff.

use std::io::BufRead;

use crate::row::{Header, Row, bad, day, filled, missing, place, put};
use crate::table::Table;
use crate::tally::{Refusal, Tally};
use crate::value::{lines, mail, title, yes};
use crate::{Error, Format, Function, Kind, NamedChild, Record, Sink, identity};

const STUDENT: [&str; 14] = [
    "nomeleve",
    "nomdusageeleve",
    "prenomeleve",
    "datenaissance",
    "sexe",
    "ine",
    "adresse1",
    "cp1",
    "commune1",
    "pays1",
    "cycle",
    "niveau",
    "libelleclasse",
    "identifiantclasse",
];
/// Known, and of no use here.
const STUDENT_MORE: [&str; 8] = [
    "adresse2",
    "cp2",
    "commune2",
    "pays2",
    "attestationfournie",
    "autorisationassociations",
    "autorisationphoto",
    "decisiondepassage",
];
const RELATIVE: [&str; 12] = [
    "civiliteresponsable",
    "nomusageresponsable",
    "nomresponsable",
    "prenomresponsable",
    "adresseresponsable",
    "cpresponsable",
    "communeresponsable",
    "pays",
    "courriel",
    "telephonedomicile",
    "telephonetravail",
    "telephoneportable",
];
/// Again and again, child by child.
const CHILD: [&str; 4] = ["nomdusageenfant", "nomdefamilleenfant", "prenomenfant", "classesenfants"];
const TEACHER: [&str; 13] = [
    "civilite",
    "nomusage",
    "nom",
    "prenom",
    "adresse",
    "cp",
    "commune",
    "pays",
    "courriel",
    "telephonedomicile",
    "telephoneportable",
    "directeur",
    "classe",
];

/// Which of the three a table is, if any.
pub(crate) fn recognise(header: &Header) -> Option<Format> {
    if header.has(&["nomeleve", "prenomeleve"]) {
        Some(Format::OndeStudents)
    } else if header.has(&["nomresponsable", "prenomresponsable"]) {
        Some(Format::OndeRelatives)
    } else if header.has(&["nomusage", "nom", "prenom", "directeur"]) {
        Some(Format::OndeTeachers)
    } else {
        None
    }
}

fn among(known: &[&'static str]) -> impl Fn(&str) -> Option<&'static str> {
    move |key| known.iter().find(|name| **name == key).copied()
}

/// Reads students.
pub(crate) fn students<R: BufRead, S: Sink>(
    table: Table<R>,
    header: Header,
    uai: &str,
    tally: &mut Tally<'_, S>,
) -> Result<(), Error> {
    let needed = [("datenaissance", "Date naissance"), ("libelleclasse", "Libellé classe")];
    let layout = header.layout(among(&[&STUDENT[..], &STUDENT_MORE].concat()), &needed)?;
    table.each(&layout, tally, |row| {
        let (last_name, birth_name, first_name) = names(row, "nomdusageeleve", "nomeleve", "prenomeleve")?;
        let birth_date = day(row, "datenaissance")?;
        let ine = row.field("ine").map(|ine| ine.to_uppercase());
        let id = ine.clone().unwrap_or_else(|| {
            let family = birth_name.as_deref().unwrap_or(&last_name);
            identity::made("eleve", family, &first_name, birth_date.as_deref().unwrap_or_default())
        });
        let record = Record {
            last_name: Some(last_name),
            birth_name,
            first_name: Some(first_name),
            birth_date,
            ine,
            level: row.field("niveau"),
            street: row.field("adresse1").map(|line| lines([line.as_str()])),
            postcode: row.field("cp1"),
            city: row.field("commune1"),
            country: row.field("pays1"),
            structure: Some(uai.to_owned()),
            classes: row.field("libelleclasse").map(|class| vec![place(uai, class)]),
            ..Record::default()
        };
        Ok(Some(put(row, Kind::Student, id, record)))
    })
}

/// Reads relatives.
pub(crate) fn relatives<R: BufRead, S: Sink>(
    table: Table<R>,
    header: Header,
    uai: &str,
    tally: &mut Tally<'_, S>,
) -> Result<(), Error> {
    let (child, header): (Vec<_>, Vec<_>) =
        header.0.into_iter().partition(|column| CHILD.contains(&column.key.as_str()));
    let first = child.first().ok_or(Error::MissingColumn("Nom de famille enfant"))?.index;
    let last = child.last().map_or(first, |column| column.index);
    // A child begins with the first column again.
    let mut children: Vec<Vec<(String, usize)>> = Vec::new();
    for column in child {
        let begins = children.last().is_none_or(|child| child.iter().any(|(key, _)| *key == column.key));
        if begins {
            children.push(Vec::new());
        }
        if let Some(child) = children.last_mut() {
            child.push((column.key, column.index));
        }
    }
    let mut layout = Header(header).layout(among(&RELATIVE), &[])?;
    // Rows end with their last child.
    layout.least = layout.least.min(first);
    layout.width = layout.width.max(last + 1);
    table.each(&layout, tally, |row| {
        let (last_name, birth_name, first_name) =
            names(row, "nomusageresponsable", "nomresponsable", "prenomresponsable")?;
        let street = lines([row.text("adresseresponsable").as_str()]);
        let mail = mail(&row.text("courriel"));
        let home = identity::mail_or_home(&mail, &street, &row.text("cpresponsable"), &row.text("communeresponsable"));
        let id = identity::made("responsable", birth_name.as_deref().unwrap_or(&last_name), &first_name, &home);
        let children: Vec<NamedChild> = children.iter().filter_map(|columns| named_child(row, columns)).collect();
        let record = Record {
            title: filled(title(&row.text("civiliteresponsable"))),
            last_name: Some(last_name),
            birth_name,
            first_name: Some(first_name),
            mail: filled(mail),
            mobile: row.field("telephoneportable"),
            home_phone: row.field("telephonedomicile"),
            work_phone: row.field("telephonetravail"),
            street: Some(street).filter(|street| !street.is_empty()),
            postcode: row.field("cpresponsable"),
            city: row.field("communeresponsable"),
            country: row.field("pays"),
            structure: Some(uai.to_owned()),
            children: Some(children).filter(|children| !children.is_empty()),
            ..Record::default()
        };
        Ok(Some(put(row, Kind::Relative, id, record)))
    })
}

fn named_child(row: &Row<'_>, columns: &[(String, usize)]) -> Option<NamedChild> {
    let cell = |key: &str| columns.iter().find(|(name, _)| name == key).map(|(_, index)| row.at(*index));
    let [usual_name, last_name, first_name, class] = CHILD.map(|key| cell(key).unwrap_or_default());
    let nobody = first_name.is_empty() || usual_name.is_empty() && last_name.is_empty();
    (!nobody).then_some(NamedChild { usual_name, last_name, first_name, class })
}

/// Reads teachers.
pub(crate) fn teachers<R: BufRead, S: Sink>(
    table: Table<R>,
    header: Header,
    uai: &str,
    tally: &mut Tally<'_, S>,
) -> Result<(), Error> {
    let layout = header.layout(among(&TEACHER), &[("classe", "Classe")])?;
    table.each(&layout, tally, |row| {
        let (last_name, birth_name, first_name) = names(row, "nomusage", "nom", "prenom")?;
        let head = yes(&row.text("directeur")).ok_or_else(|| bad("Directeur", "Oui ou Non"))?;
        let class = row.field("classe");
        let function = |code: &str, label: &str| Function {
            structure: uai.to_owned(),
            code: code.to_owned(),
            label: label.to_owned(),
            discipline: String::new(),
        };
        let teaching = class.is_some() || !head;
        let mut functions = Vec::new();
        if head {
            functions.push(function("DIR", "DIRECTION"));
        }
        if teaching {
            functions.push(function("ENS", "ENSEIGNEMENT"));
        }
        let id = identity::made("enseignant", birth_name.as_deref().unwrap_or(&last_name), &first_name, "");
        let record = Record {
            title: filled(title(&row.text("civilite"))),
            last_name: Some(last_name),
            birth_name,
            first_name: Some(first_name),
            mail: filled(mail(&row.text("courriel"))),
            mobile: row.field("telephoneportable"),
            home_phone: row.field("telephonedomicile"),
            street: Some(lines([row.text("adresse").as_str()])).filter(|street| !street.is_empty()),
            postcode: row.field("cp"),
            city: row.field("commune"),
            country: row.field("pays"),
            structure: Some(uai.to_owned()),
            classes: class.map(|class| vec![place(uai, class)]),
            functions: Some(functions),
            teaching: Some(teaching),
            ..Record::default()
        };
        Ok(Some(put(row, Kind::Adult, id, record)))
    })
}

/// The name in use, the name at birth where it differs, the first name.
fn names(row: &Row<'_>, usual: &str, family: &str, first: &str) -> Result<(String, Option<String>, String), Refusal> {
    let (usual, family, first) = (row.text(usual), row.text(family), row.text(first));
    let (last, birth) = match (usual.is_empty(), family.is_empty()) {
        (true, true) => return Err(missing("le nom")),
        (true, false) => (family, None),
        (false, true) => (usual, None),
        (false, false) => {
            let birth = (people::fold(&usual) != people::fold(&family)).then_some(family);
            (usual, birth)
        }
    };
    if first.is_empty() { Err(missing("le prénom")) } else { Ok((last, birth, first)) }
}
