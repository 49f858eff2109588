//! One request of a file, as it is being read: `addRequest`, `modifyRequest`, `deleteRequest`.

use quick_xml::events::{BytesRef, BytesStart};

use super::attribute::Draft;
use super::file_name::kind_of;
use crate::tally::{Refusal, Tally, count};
use crate::value::tidy;
use crate::{Change, Entry, Error, Kind, RejectCode, Sink};

/// The values of one attribute.
#[derive(Debug, Default)]
pub(super) struct Values {
    text: String,
    ends: Vec<usize>,
    /// Text that comes now is part of a value.
    open: bool,
}

impl Values {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.open = false;
    }

    pub(super) const fn begin(&mut self) {
        self.open = true;
    }

    pub(super) fn push(&mut self, text: &str) {
        if self.open {
            self.text.push_str(text);
        }
    }

    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            self.ends.push(self.text.len());
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).filter_map(|(start, end)| self.text.get(*start..*end))
    }
}

/// The part of a request that is being read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Section {
    Operational,
    Identifier,
    Attributes,
    #[default]
    Other,
}

/// What is known of the request so far. One is used for all of a file.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// Its element.
    pub(super) tag: String,
    line: u64,
    id: String,
    kind: Option<Kind>,
    section: Section,
    /// The attribute whose values these are.
    name: String,
    pub(super) values: Values,
    draft: Draft,
    /// The first thing that is wrong with it.
    refusal: Option<Refusal>,
}

impl Request {
    pub(super) fn begin(&mut self, tag: &str, line: u64) {
        tag.clone_into(&mut self.tag);
        self.line = line;
        self.id.clear();
        self.kind = None;
        self.section = Section::Other;
        self.values.clear();
        self.draft = Draft::new(tag == "modifyRequest");
        self.refusal = match tag {
            "addRequest" | "modifyRequest" | "deleteRequest" => None,
            _ => Some(Refusal::new(
                RejectCode::UnknownRequest,
                "La demande n’est ni un ajout, ni une modification, ni une suppression\u{a0}: elle n’est pas comprise.",
            )),
        };
    }

    pub(super) fn section(&mut self, name: &str) {
        self.section = match name {
            "operationalAttributes" => Section::Operational,
            "identifier" => Section::Identifier,
            "attributes" | "modifications" => Section::Attributes,
            _ => Section::Other,
        };
    }

    /// `attr`, `modification`, or `id`, whose text is its value.
    pub(super) fn attribute(&mut self, tag: &BytesStart<'_>) {
        self.values.clear();
        self.name.clear();
        match (self.section, tag.name().as_ref()) {
            (Section::Identifier, "id") => self.values.begin(),
            (_, "attr" | "modification") => {
                for attribute in tag.attributes().with_checks(false).flatten() {
                    match attribute.key.as_ref() {
                        "name" => self.name.push_str(&attribute.value),
                        "operation" if &*attribute.value != "replace" => self.refuse(
                            RejectCode::UnknownRequest,
                            "Une modification n’est pas un remplacement (replace)\u{a0}: elle n’est pas comprise.",
                        ),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn attribute_end<S: Sink>(&mut self, tally: &mut Tally<'_, S>) {
        match self.section {
            Section::Identifier => {
                self.values.end();
                if let Some(id) = self.values.iter().next() {
                    self.id = tidy(id);
                }
            }
            Section::Operational => {
                self.kind = self.values.iter().find_map(|value| kind_of(value.trim())).or(self.kind);
            }
            Section::Attributes => match self.draft.set(&self.name, &self.values, &mut tally.incomplete) {
                Ok(true) => {}
                Ok(false) => count(&mut tally.unknown, &self.name),
                Err(refusal) => self.refusal = self.refusal.take().or(Some(refusal)),
            },
            Section::Other => {}
        }
    }

    /// An entity: one of XML's five, or a character by its number.
    pub(super) fn reference(&mut self, reference: &BytesRef<'_>) {
        let text = match reference.as_ref() {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            _ => {
                match reference.resolve_char_ref() {
                    Ok(Some(character)) => self.values.push(character.encode_utf8(&mut [0; 4])),
                    _ => self.refuse(
                        RejectCode::BadField,
                        "Un champ contient une entité XML inconnue. Faites-la remplacer par le caractère lui-même.",
                    ),
                }
                return;
            }
        };
        self.values.push(text);
    }

    pub(super) fn too_large<S: Sink>(&mut self, tally: &mut Tally<'_, S>) -> Result<(), Error> {
        self.values.clear();
        let refusal = Refusal::new(
            RejectCode::TooLarge,
            "L’entrée dépasse un mébioctet\u{a0}: elle a été laissée de côté. Signalez-la au fournisseur du fichier.",
        );
        tally.reject(self.line, &self.id, refusal)
    }

    /// The request is whole: an entry or a reject.
    pub(super) fn finish<S: Sink>(&mut self, default: Option<Kind>, tally: &mut Tally<'_, S>) -> Result<(), Error> {
        let draft = std::mem::take(&mut self.draft);
        if self.id.is_empty() {
            self.id = draft.id().to_owned();
        }
        let entry = match self.refusal.take() {
            Some(refusal) => Err(refusal),
            None => self.entry(draft, default),
        };
        match entry {
            Ok(entry) => tally.entry(entry),
            Err(refusal) => tally.reject(self.line, &self.id, refusal),
        }
    }

    fn entry(&mut self, draft: Draft, default: Option<Kind>) -> Result<Entry, Refusal> {
        if self.id.is_empty() {
            return Err(Refusal::new(
                RejectCode::MissingId,
                "L’entrée n’a pas d’identifiant. Signalez-la au fournisseur du fichier.",
            ));
        }
        let kind = self.kind.or(draft.kind()).or(default).ok_or_else(|| {
            Refusal::new(
                RejectCode::MissingField,
                "L’entrée ne dit pas ce qu’elle décrit (élève, personnel…), et le nom du fichier non plus. Gardez au fichier son nom d’origine.",
            )
        })?;
        let change = match self.tag.as_str() {
            "deleteRequest" => Change::Delete,
            "modifyRequest" => Change::Patch(Box::new(draft.record(kind)?)),
            _ => Change::Put(Box::new(draft.record(kind)?)),
        };
        Ok(Entry { line: self.line, kind, id: std::mem::take(&mut self.id), change })
    }

    fn refuse(&mut self, code: RejectCode, words: &str) {
        self.refusal.get_or_insert_with(|| Refusal::new(code, words));
    }
}
