//! Writes AAF, second degree, as academies do: for tests, the demo, and measurements.

use std::io::{self, Write};

use super::file_name::word_of;
use crate::{Change, Entry, Kind, Place, Record};

/// Writes the entries of a file, in UTF-8. What AAF has no attribute for ([`Record::children`], [`Record::profile`]) is not
/// written; parts of values must not hold `$`.
#[derive(Debug)]
pub struct Writer<W>(W);

impl<W: Write> Writer<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">\n<ficAlimMENESR>\n")?;
        Ok(Self(out))
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        let category = match entry.kind {
            Kind::Establishment => "categorieStructure",
            Kind::Subject => "categorieMatiere",
            Kind::Level => "categorieMef",
            Kind::Student | Kind::Relative | Kind::Adult => "categoriePersonne",
        };
        let (request, parts, part, operation, record) = match &entry.change {
            Change::Put(record) => ("addRequest", "attributes", "attr", "", Some(record)),
            Change::Patch(record) => {
                ("modifyRequest", "modifications", "modification", " operation=\"replace\"", Some(record))
            }
            Change::Delete => ("deleteRequest", "", "", "", None),
        };
        let word = word_of(entry.kind);
        writeln!(self.0, "<{request}>")?;
        writeln!(
            self.0,
            "<operationalAttributes><attr name=\"{category}\"><value>{word}</value></attr></operationalAttributes>"
        )?;
        self.0.write_all(b"<identifier><id>")?;
        escape(&mut self.0, &entry.id)?;
        self.0.write_all(b"</id></identifier>\n")?;
        if let Some(record) = record {
            writeln!(self.0, "<{parts}>")?;
            for (name, values) in attributes(entry, record) {
                write!(self.0, "<{part} name=\"{name}\"{operation}>")?;
                for value in values.iter().map(String::as_str).chain(values.is_empty().then_some("")) {
                    self.0.write_all(b"<value>")?;
                    escape(&mut self.0, value)?;
                    self.0.write_all(b"</value>")?;
                }
                writeln!(self.0, "</{part}>")?;
            }
            writeln!(self.0, "</{parts}>")?;
        }
        writeln!(self.0, "</{request}>")
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.0.write_all(b"</ficAlimMENESR>\n")?;
        self.0.flush()?;
        Ok(self.0)
    }
}

fn escape(out: &mut impl Write, text: &str) -> io::Result<()> {
    for piece in text.split_inclusive(['&', '<', '>']) {
        let (plain, entity) = match piece.as_bytes().last() {
            Some(b'&') => (piece.strip_suffix('&'), "&amp;"),
            Some(b'<') => (piece.strip_suffix('<'), "&lt;"),
            Some(b'>') => (piece.strip_suffix('>'), "&gt;"),
            _ => (None, ""),
        };
        out.write_all(plain.unwrap_or(piece).as_bytes())?;
        out.write_all(entity.as_bytes())?;
    }
    Ok(())
}

/// The attributes of a record, each with its values.
fn attributes(entry: &Entry, record: &Record) -> Vec<(&'static str, Vec<String>)> {
    let mut all = Vec::new();
    let mut add = |name, values: Option<Vec<String>>| all.extend(values.map(|values| (name, values)));
    let one = |field: &Option<String>| field.as_ref().map(|text| vec![text.clone()]);
    let (jointure, name) = match entry.kind {
        Kind::Establishment => ("ENTStructureJointure", "ENTStructureNomCourant"),
        Kind::Subject => ("ENTMatJointure", "ENTLibelleMatiere"),
        Kind::Level => ("ENTMefJointure", "ENTLibelleMef"),
        Kind::Student | Kind::Relative | Kind::Adult => ("ENTPersonJointure", ""),
    };
    add(jointure, Some(vec![entry.id.clone()]).filter(|_| matches!(entry.change, Change::Put(_))));
    add("ENTStructureUAI", one(&record.uai));
    add(name, one(&record.name).filter(|_| !name.is_empty()));
    add("ENTPersonDateNaissance", one(&record.birth_date.as_deref().map(day)));
    add("ENTPersonNomPatro", one(&record.birth_name));
    add("sn", one(&record.last_name));
    add("givenName", one(&record.first_name));
    add("personalTitle", one(&record.title));
    add("ENTEleveINE", one(&record.ine));
    add("ENTEleveNivFormation", one(&record.level));
    add("mail", one(&record.mail));
    add("mobile", one(&record.mobile));
    add("homePhone", one(&record.home_phone));
    add("telephoneNumber", one(&record.work_phone));
    add("ENTPersonAdresse", record.street.as_ref().map(|lines| vec![lines.join("$")]));
    add("ENTPersonCodePostal", one(&record.postcode));
    add("ENTPersonVille", one(&record.city));
    add("ENTPersonPays", one(&record.country));
    add("ENTPersonStructRattach", one(&record.structure));
    let plain = |places: &Option<Vec<Place>>| places.as_deref().map(|places| each_once(places.iter().map(place)));
    let taught = |places: &Option<Vec<Place>>| {
        let taught = |place: &Place| format!("{}${}${}", place.structure, place.name, place.subject);
        places.as_deref().map(|places| places.iter().filter(|place| !place.subject.is_empty()).map(taught).collect())
    };
    if entry.kind == Kind::Student {
        add("ENTEleveClasses", plain(&record.classes));
        add("ENTEleveGroupes", plain(&record.groups));
    } else {
        add("ENTAuxEnsClasses", plain(&record.classes));
        add("ENTAuxEnsGroupes", plain(&record.groups));
        add("ENTAuxEnsClassesMatieres", taught(&record.classes));
        add("ENTAuxEnsGroupesMatieres", taught(&record.groups));
    }
    add("ENTAuxEnsClassesPrincipal", plain(&record.head_of));
    let tie = |tie: &crate::Tie| format!("{}${}$0${}$0$0", tie.id, tie.link, u8::from(tie.legal));
    add("ENTElevePersRelEleve", record.relatives.as_deref().map(|ties| ties.iter().map(tie).collect()));
    let id = |tie: &crate::Tie| tie.id.clone();
    add("ENTPersRelEleveEleve", record.students.as_deref().map(|ties| ties.iter().map(id).collect()));
    let function = |f: &crate::Function| format!("{}${}${}$${}", f.structure, f.code, f.label, f.discipline);
    add("ENTPersonFonctions", record.functions.as_deref().map(|all| all.iter().map(function).collect()));
    let post = |label: &String| format!("{label}$");
    add("ENTAuxEnsDisciplinesPoste", record.disciplines.as_deref().map(|all| all.iter().map(post).collect()));
    let teaching = |teaching| vec![if teaching { "O" } else { "N" }.to_owned()];
    add("PersEducNatPresenceDevantEleves", record.teaching.map(teaching));
    all
}

fn place(place: &Place) -> String {
    format!("{}${}", place.structure, place.name)
}

fn each_once(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut values: Vec<String> = values.collect();
    values.dedup();
    values
}

/// `YYYY-MM-DD` as `dd/MM/yyyy`.
fn day(date: &str) -> String {
    match *date.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => format!("{day}/{month}/{year}"),
        _ => date.to_owned(),
    }
}
