//! From attributes to a record: second degree and first degree names (DOMAIN §2).
//!
//! - A full entry has only the fields that hold something; a modification has each field it names, empty when it empties it.
//! - Values joined by `$`: what is there counts, by its place. A value without a part that it cannot do without (the
//!   establishment or the name of a class, the establishment or the code of a function, the id of a relative) is left out and
//!   counted under its attribute's name: the rest of the entry is good. Dates, booleans, and an UAI that are wrong make the
//!   entry a reject: people are known again by them.
//! - A teacher's classes are told twice, with subjects and without: a class without subject counts where the same is not
//!   there with one. Places are sorted, so that their order in the source means nothing.

use super::file_name::kind_of;
use super::request::Values;
use crate::tally::{Names, Refusal, count};
use crate::value::{date, lines, mail, tidy, title, yes};
use crate::{Function, Kind, Place, Record, RejectCode, Tie};

/// A name that is longer is none.
const LONGEST_NAME: usize = 200;

/// A record in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// A modification: an empty value empties.
    patch: bool,
    id: String,
    kind: Option<Kind>,
    record: Record,
    taught_classes: Option<Vec<Place>>,
    taught_groups: Option<Vec<Place>>,
    /// ENTEleveAutoriteParentale: who the relatives are where nothing more is said.
    authority: Option<Vec<Tie>>,
}

impl Draft {
    pub(super) fn new(patch: bool) -> Self {
        Self { patch, ..Self::default() }
    }

    /// The id, for entries that only have it as an attribute.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) const fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// Takes an attribute; says whether it is a known one.
    pub(super) fn set(&mut self, name: &str, values: &Values, incomplete: &mut Names) -> Result<bool, Refusal> {
        let mut put = Put { name, values, patch: self.patch, incomplete };
        let record = &mut self.record;
        match name {
            "ENTPersonJointure" | "ENTStructureJointure" | "ENTMatJointure" | "ENTMefJointure" => self.id = put.first(),
            "categoriePersonne" | "categorieStructure" => self.kind = kind_of(&put.first()),
            "ENTStructureUAI" => {
                record.uai = put.checked(|text| text.parse().ok().map(|uai: people::Uai| uai.to_string()))?
            }
            "ENTStructureNomCourant" | "ENTLibelleMatiere" | "ENTLibelleMef" => record.name = put.text(),
            "sn" | "ENTPersonNom" => record.last_name = put.text(),
            "givenName" | "ENTPersonPrenom" => record.first_name = put.text(),
            "ENTPersonNomPatro" => record.birth_name = put.text(),
            "personalTitle" | "ENTPersonCivilite" => record.title = put.made(title),
            "ENTPersonDateNaissance" => record.birth_date = put.checked(date)?,
            "ENTEleveINE" => record.ine = put.text(),
            "ENTEleveNivFormation" | "ENTEleveNiveau" => record.level = put.text(),
            "mail" | "ENTPersonMail" => record.mail = put.made(mail),
            "mobile" | "ENTPersRelEleveTelMobile" => record.mobile = put.text(),
            "homePhone" | "ENTPersonTelPerso" => record.home_phone = put.text(),
            "telephoneNumber" | "ENTPersRelEleveTelPro" => record.work_phone = put.text(),
            "ENTPersonAdresse" => record.street = put.address(),
            "ENTPersonCodePostal" => record.postcode = put.text(),
            "ENTPersonVille" => record.city = put.text(),
            "ENTPersonPays" => record.country = put.text(),
            "ENTPersonStructRattach" => record.structure = put.text(),
            "ENTEleveClasses" | "ENTPersonClasses" | "ENTAuxEnsClasses" => record.classes = put.list(place),
            "ENTEleveGroupes" | "ENTPersonGroupes" | "ENTAuxEnsGroupes" => record.groups = put.list(place),
            "ENTAuxEnsClassesMatieres" => self.taught_classes = put.list(taught),
            "ENTAuxEnsGroupesMatieres" => self.taught_groups = put.list(taught),
            "ENTAuxEnsClassesPrincipal" => record.head_of = put.list(place),
            "ENTElevePersRelEleve" => record.relatives = put.list(tie),
            "ENTEleveAutoriteParentale" => self.authority = put.list(legal),
            "ENTPersRelEleveEleve" => record.students = put.list(legal),
            "ENTPersonFonctions" => record.functions = put.list(function),
            "ENTAuxEnsDisciplinesPoste" => record.disciplines = put.list(|parts| one(parts, 0)),
            "PersEducNatPresenceDevantEleves" | "ENTPersonCategorieEnseignant" => record.teaching = put.boolean()?,
            _ => return Ok(KNOWN.contains(&name)),
        }
        Ok(true)
    }

    /// The record, if it has what an entry of its kind cannot do without.
    pub(super) fn record(self, kind: Kind) -> Result<Record, Refusal> {
        let Self { patch, mut record, taught_classes, taught_groups, authority, .. } = self;
        record.classes = united(record.classes, taught_classes);
        record.groups = united(record.groups, taught_groups);
        record.head_of = united(record.head_of, None);
        record.relatives = record.relatives.or(authority);
        let needed: &[(&str, &Option<String>)] = match kind {
            Kind::Establishment => &[("d’UAI", &record.uai), ("de nom", &record.name)],
            Kind::Subject | Kind::Level => &[("de libellé", &record.name)],
            // A relative may be an association or a service, which has no first name.
            Kind::Relative => &[("de nom", &record.last_name)],
            Kind::Student | Kind::Adult => &[("de nom", &record.last_name), ("de prénom", &record.first_name)],
        };
        for (what, field) in needed {
            let length = field.as_ref().map(|text| text.chars().count());
            if length == Some(0) || length.is_none() && !patch {
                let words = format!("L’entrée n’a pas {what}. Faites compléter la source.");
                return Err(Refusal::new(RejectCode::MissingField, words));
            }
        }
        for name in [&record.name, &record.last_name, &record.first_name, &record.birth_name].into_iter().flatten() {
            if name.chars().count() > LONGEST_NAME {
                let words = format!("Un nom dépasse {LONGEST_NAME} caractères. Faites corriger la source.");
                return Err(Refusal::new(RejectCode::BadField, words));
            }
        }
        Ok(record)
    }
}

/// Known to be of no use here: not counted as unknown.
const KNOWN: [&str; 40] = [
    "ENTEleveBoursier",
    "ENTEleveCodeEnseignements",
    "ENTEleveCycle",
    "ENTEleveEnseignements",
    "ENTEleveFiliere",
    "ENTEleveLibelleMEF",
    "ENTEleveMEF",
    "ENTEleveMere",
    "ENTEleveParents",
    "ENTElevePere",
    "ENTElevePersRelEleve1",
    "ENTElevePersRelEleve2",
    "ENTEleveQualitePersRelEleve1",
    "ENTEleveQualitePersRelEleve2",
    "ENTEleveRegime",
    "ENTEleveStatutEleve",
    "ENTEleveStructRattachId",
    "ENTEleveTransport",
    "ENTAuxEnsCategoDiscipline",
    "ENTAuxEnsMEF",
    "ENTAuxEnsMatiereEnseignEtab",
    "ENTEnsFonctionDir",
    "ENTEtablissementContrat",
    "ENTEtablissementMinistereTutelle",
    "ENTEtablissementStructRattachFctl",
    "ENTEtablissementUAI",
    "ENTPersonAdresseDiffusion",
    "ENTPersonAutresPrenoms",
    "ENTPersonSexe",
    "ENTServAcAcademie",
    "ENTStructureAdresse",
    "ENTStructureClasses",
    "ENTStructureCodePostal",
    "ENTStructureEmail",
    "ENTStructureGroupes",
    "ENTStructureSIREN",
    "ENTStructureTypeStruct",
    "ENTStructureTelephone",
    "ENTStructureVille",
    "ENTMEFRattach",
];

/// One attribute on its way into a record.
struct Put<'a> {
    name: &'a str,
    values: &'a Values,
    patch: bool,
    incomplete: &'a mut Names,
}

impl Put<'_> {
    /// The first value with something in it; empty if there is none.
    fn first(&self) -> String {
        self.values.iter().map(tidy).find(|text| !text.is_empty()).unwrap_or_default()
    }

    fn kept(&self, text: String) -> Option<String> {
        (self.patch || !text.is_empty()).then_some(text)
    }

    fn text(&self) -> Option<String> {
        self.kept(self.first())
    }

    fn made(&self, make: impl Fn(&str) -> String) -> Option<String> {
        self.kept(make(&self.first()))
    }

    fn checked(&self, read: impl Fn(&str) -> Option<String>) -> Result<Option<String>, Refusal> {
        let text = self.first();
        if text.is_empty() {
            return Ok(self.kept(text));
        }
        read(&text).map(Some).ok_or_else(|| self.bad())
    }

    fn boolean(&self) -> Result<Option<bool>, Refusal> {
        let text = self.first();
        let value = yes(&text).ok_or_else(|| self.bad())?;
        Ok((self.patch || !text.is_empty()).then_some(value))
    }

    fn address(&self) -> Option<Vec<String>> {
        let lines = lines(self.values.iter().flat_map(|value| value.split('$')));
        (self.patch || !lines.is_empty()).then_some(lines)
    }

    fn list<T>(&mut self, read: impl Fn(&[String]) -> Option<T>) -> Option<Vec<T>> {
        let mut list = Vec::new();
        for value in self.values.iter() {
            let parts: Vec<String> = value.split('$').map(tidy).collect();
            match read(&parts) {
                Some(item) => list.push(item),
                None if parts.iter().all(String::is_empty) => {}
                None => count(self.incomplete, self.name),
            }
        }
        (self.patch || !list.is_empty()).then_some(list)
    }

    fn bad(&self) -> Refusal {
        let words = format!("L’attribut {} n’a pas la forme attendue. Faites corriger la source.", self.name);
        Refusal::new(RejectCode::BadField, words)
    }
}

/// A part that must be there.
fn one(parts: &[String], index: usize) -> Option<String> {
    parts.get(index).filter(|part| !part.is_empty()).cloned()
}

/// `struct$name`; in the first degree `struct$…$…$code$name`.
fn place(parts: &[String]) -> Option<Place> {
    let (first, rest) = parts.split_first()?;
    let name = rest.last().filter(|name| !name.is_empty() && !first.is_empty())?;
    Some(Place { structure: first.clone(), name: name.clone(), subject: String::new() })
}

/// `struct$class$subject`
fn taught(parts: &[String]) -> Option<Place> {
    let subject = one(parts, 2).unwrap_or_default();
    Some(Place { structure: one(parts, 0)?, name: one(parts, 1)?, subject })
}

/// `id$link$financial$legal$contact$payment`
fn tie(parts: &[String]) -> Option<Tie> {
    let link = parts.get(1).and_then(|link| link.parse().ok()).unwrap_or(0);
    let legal = parts.get(3).is_some_and(|legal| legal == "1" || legal == "2");
    Some(Tie { id: one(parts, 0)?, link, legal })
}

/// `id`, perhaps with more behind it: of somebody with parental authority.
fn legal(parts: &[String]) -> Option<Tie> {
    Some(Tie { id: one(parts, 0)?, link: 0, legal: true })
}

/// `struct$code$label$disccode$disclabel`
fn function(parts: &[String]) -> Option<Function> {
    let part = |index| one(parts, index).unwrap_or_default();
    Some(Function { structure: one(parts, 0)?, code: one(parts, 1)?, label: part(2), discipline: part(4) })
}

/// Places told without subject and with one: sorted, each once.
fn united(plain: Option<Vec<Place>>, taught: Option<Vec<Place>>) -> Option<Vec<Place>> {
    let Some(mut all) = taught else { return plain.map(sorted) };
    all = sorted(all);
    let key = |place: &Place| (place.structure.clone(), place.name.clone());
    let there = |place: &Place| all.binary_search_by_key(&key(place), key).is_ok();
    let alone: Vec<Place> = plain.unwrap_or_default().into_iter().filter(|place| !there(place)).collect();
    all.extend(alone);
    Some(sorted(all))
}

fn sorted(mut places: Vec<Place>) -> Vec<Place> {
    places.sort();
    places.dedup();
    places
}
