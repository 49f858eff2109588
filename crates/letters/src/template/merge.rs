//! A checked template, and the letters that come of it.

use std::io::{self, Write};

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::check::{self, Written};
use super::fields::{Child, Person, Setting, values};
use super::mistake::{Mistake, Part, Place};
use super::sheet;

/// Steps of one merge; a page of text with fields takes some hundred.
const FUEL: u64 = 20_000;
/// Bytes of a merged body.
const MAX_MERGED: usize = 150_000;
/// Characters of a merged subject: those of a message.
const MAX_SUBJECT: usize = 200;

const SUBJECT: &str = "objet";
const BODY: &str = "corps";

/// A template without mistakes.
#[derive(Debug)]
pub struct Template {
    environment: Environment<'static>,
    written: Vec<(Part, Written)>,
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Merged {
    /// One line of at most 200 characters, plain text.
    pub subject: String,
    /// HTML: the template's own, and values as text.
    pub html: String,
}

/// Why there is no letter for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmerged {
    /// A field is written out of which this person has no value.
    Missing {
        /// In the subject or in the body.
        part: Part,
        /// The line, from 1.
        line: u32,
        /// The field, as typed.
        field: String,
    },
    /// What comes out is too long (150 kB).
    TooLong,
    /// It took too many steps.
    TooMuch,
}

impl std::fmt::Display for Unmerged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing { part, line, field } => write!(
                f,
                "{} : « {field} » n’a pas de valeur. Ajoutez une condition ({{% if {field} %}}…{{% endif %}}) ou complétez l’annuaire.",
                Place(*part, *line)
            ),
            Self::TooLong => f.write_str("la lettre obtenue est trop longue (150 Ko). Raccourcissez le modèle."),
            Self::TooMuch => f.write_str("le modèle est trop compliqué. Retirez des conditions ou des boucles."),
        }
    }
}

impl Template {
    /// Reads a subject (plain text) and a body (HTML that was sanitised).
    ///
    /// # Errors
    /// Every mistake that is found, in order.
    pub fn parse(subject: &str, body: &str) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut written = Vec::new();
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_formatter(|out, state, value| match value.is_none() {
            true => Err(Error::from(ErrorKind::UndefinedError)),
            false => minijinja::escape_formatter(out, state, value),
        });
        environment.set_fuel(Some(FUEL));
        environment.set_auto_escape_callback(|name| if name == BODY { AutoEscape::Html } else { AutoEscape::None });
        for (name, part, sheet) in
            [(SUBJECT, Part::Subject, sheet::subject(subject)), (BODY, Part::Body, sheet::body(body))]
        {
            let sheet = match sheet {
                Ok(sheet) => sheet,
                Err(mistake) => {
                    mistakes.push(mistake);
                    continue;
                }
            };
            match check::check(&sheet, part) {
                Ok(fields) => written.extend(fields.into_iter().map(|field| (part, field))),
                Err(wrong) => mistakes.extend(wrong),
            }
            if mistakes.is_empty() && environment.add_template_owned(name, sheet.source).is_err() {
                let what = super::What::Unreadable(String::new());
                mistakes.push(Mistake::new(part, 1, what));
            }
        }
        if mistakes.is_empty() { Ok(Self { environment, written }) } else { Err(mistakes) }
    }

    /// The letter to `person`, about one of her children if it is about one.
    ///
    /// # Errors
    /// [`Unmerged`]
    pub fn merge(&self, setting: &Setting, person: &Person, about: Option<&Child>) -> Result<Merged, Unmerged> {
        let values = values(setting, person, about);
        let subject = self.render(SUBJECT, Part::Subject, &values)?;
        let html = self.render(BODY, Part::Body, &values)?;
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Merged { subject: subject.chars().take(MAX_SUBJECT).collect(), html })
    }

    fn render(&self, name: &str, part: Part, values: &Value) -> Result<String, Unmerged> {
        let mut out = Bounded(Vec::new());
        let rendered =
            self.environment.get_template(name).and_then(|t| t.render_captured_to(values, &mut out).map(drop));
        match rendered {
            Ok(()) => String::from_utf8(out.0).map_err(|_| Unmerged::TooMuch),
            Err(error) => Err(self.why(&error, part, values)),
        }
    }

    fn why(&self, error: &Error, part: Part, values: &Value) -> Unmerged {
        match error.kind() {
            ErrorKind::WriteFailure => Unmerged::TooLong,
            ErrorKind::UndefinedError => {
                let line = error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
                let here = self.written.iter().filter(|(p, written)| *p == part && written.line == line);
                let field = here.map(|(_, written)| &written.field).find(|field| missing(values, field));
                Unmerged::Missing { part, line, field: field.cloned().unwrap_or_default() }
            }
            _ => Unmerged::TooMuch,
        }
    }
}

/// Whether a field has no value; those of a loop's child are not known here, and count as missing.
fn missing(values: &Value, field: &str) -> bool {
    let mut value = values.clone();
    for part in field.split('.') {
        match value.get_attr(part) {
            Ok(found) if !found.is_undefined() && !found.is_none() => value = found,
            _ => return true,
        }
    }
    false
}

/// Takes at most [`MAX_MERGED`] bytes.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_MERGED {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text of one line as a paragraph of HTML.
#[must_use]
pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", minijinja::HtmlEscape(text))
}
