//! What the parts of a page are, for those who cannot see it: the structure of a tagged PDF (ISO 32000-1 §14.7, PDF/UA-1).
//!
//! The elements of a page are collected, then written with consecutive numbers, so that each can name the others.

use std::io::Write as _;

use serde::{Deserialize, Serialize};

use crate::file::{File, Id};

/// What an element is: the standard structure types that letters need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Role {
    Art,
    H1,
    H2,
    P,
    Quote,
    List,
    Item,
    Body,
    Figure,
    Table,
    Row,
    HeaderCell,
    Cell,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Art => "Art",
            Self::H1 => "H1",
            Self::H2 => "H2",
            Self::P => "P",
            Self::Quote => "BlockQuote",
            Self::List => "L",
            Self::Item => "LI",
            Self::Body => "LBody",
            Self::Figure => "Figure",
            Self::Table => "Table",
            Self::Row => "TR",
            Self::HeaderCell => "TH",
            Self::Cell => "TD",
        }
    }
}

/// An element by its place in its letter.
pub(crate) type Place = u16;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Element {
    role: Role,
    alt: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Kid {
    Element(Place),
    Mark { page: u16, number: u32 },
}

/// The elements of what is drawn together: the letters of one sheet, or one letter of some pages.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tree {
    elements: Vec<Element>,
    /// Of each element, the one above it; a letter has none.
    parents: Vec<Option<Place>>,
    kids: Vec<(Place, Kid)>,
    /// Of each page, the element of each mark.
    marks: Vec<Vec<Place>>,
}

impl Tree {
    /// A part of `parent` after those it has; without one, a letter.
    pub(crate) fn element(&mut self, parent: Option<Place>, role: Role, alt: Option<String>) -> Place {
        let Ok(place) = Place::try_from(self.elements.len()) else { return parent.unwrap_or(0) };
        self.elements.push(Element { role, alt });
        self.parents.push(parent);
        if let Some(parent) = parent {
            self.kids.push((parent, Kid::Element(place)));
        }
        place
    }

    /// The next mark of a page belongs to `element`: its number and the name of its role.
    pub(crate) fn mark(&mut self, element: Place, page: u16) -> (u32, &'static str) {
        if self.marks.len() <= usize::from(page) {
            self.marks.resize_with(usize::from(page) + 1, Vec::new);
        }
        let marks = self.marks.get_mut(usize::from(page));
        let number = marks.map_or(0, |marks| {
            marks.push(element);
            marks.len() - 1
        });
        let number = u32::try_from(number).unwrap_or(0);
        self.kids.push((element, Kid::Mark { page, number }));
        (number, self.elements.get(usize::from(element)).map_or("P", |element| element.role.name()))
    }

    /// For each page, the objects that its marks belong to, when the first element gets the number `first`.
    pub(crate) fn owners(&self, page: usize, first: Id) -> impl Iterator<Item = Id> + '_ {
        self.marks.get(page).into_iter().flatten().map(move |place| first + Id::from(*place))
    }

    /// Writes the elements as the next objects of the file, `pages` being the objects of the pages; the numbers of the letters.
    pub(crate) fn write(mut self, file: &mut File, document: Id, pages: &[Id], letters: &mut Vec<Id>) {
        let first = file.upcoming();
        // Stable: the parts of an element stay in their order.
        self.kids.sort_by_key(|(parent, _)| *parent);
        let mut kids = self.kids.iter().peekable();
        let mut body = Vec::with_capacity(128);
        let mut tail = Vec::with_capacity(64);
        for (place, (element, parent)) in (0..).zip(self.elements.iter().zip(&self.parents)) {
            body.clear();
            tail.clear();
            let above = parent.map_or(document, |parent| first + Id::from(parent));
            if parent.is_none() {
                letters.push(first + Id::from(place));
            }
            let _ = write!(body, "<</S/{}/P {above} 0 R", element.role.name());
            if element.role == Role::HeaderCell {
                body.extend_from_slice(b"/A<</O/Table/Scope/Column>>");
            }
            if let Some(alt) = &element.alt {
                body.extend_from_slice(b"/Alt");
                string(&mut body, alt);
            }
            let mut said = None;
            while let Some((_, kid)) = kids.next_if(|(parent, _)| *parent == place) {
                let _ = match *kid {
                    Kid::Element(place) => write!(tail, "{} 0 R ", first + Id::from(place)),
                    Kid::Mark { page, number } => {
                        let page = pages.get(usize::from(page)).copied().unwrap_or(0);
                        if *said.get_or_insert(page) == page {
                            write!(tail, "{number} ")
                        } else {
                            write!(tail, "<</Type/MCR/Pg {page} 0 R/MCID {number}>>")
                        }
                    }
                };
            }
            if let Some(page) = said {
                let _ = write!(body, "/Pg {page} 0 R");
            }
            body.extend_from_slice(b"/K[");
            body.append(&mut tail);
            body.extend_from_slice(b"]>>");
            file.object(&body);
        }
    }
}

/// A text string: UTF-16, in hexadecimal when it is not plain.
pub(crate) fn string(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b) && !matches!(b, b'(' | b')' | b'\\')) {
        let _ = write!(out, "({text})");
        return;
    }
    out.extend_from_slice(b"<FEFF");
    for unit in text.encode_utf16() {
        let _ = write!(out, "{unit:04X}");
    }
    out.push(b'>');
}
