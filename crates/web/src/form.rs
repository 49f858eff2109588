//! Forms as browsers send them: `application/x-www-form-urlencoded`, and `multipart/form-data` when files come along
//! (RFC 7578).

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::future::FutureExt as _;
use futures_util::stream;

use crate::Problem;

/// The most fields and files one form may have.
const MAX_PARTS: usize = 2000;

/// A file that came with a form. Name and type are the client's words: not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The form field.
    pub field: String,
    /// The file's name, without folders.
    pub name: String,
    /// What is in it.
    pub content: Bytes,
}

/// The fields of a form, in order, and its files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    files: Vec<File>,
}

impl Form {
    /// The first value of `field`, without the spaces around it; empty when there is none.
    #[must_use]
    pub fn get(&self, field: &str) -> &str {
        self.raw(field).trim()
    }

    /// The first value of `field` as it came (passwords); empty when there is none.
    #[must_use]
    pub fn raw(&self, field: &str) -> &str {
        self.fields.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    /// All values of `field`, in order: boxes ticked, recipients.
    pub fn all<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Whether `field` was sent at all: a box is ticked, a button was the one pressed.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|(name, _)| name == field)
    }

    /// All fields, in order.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The files of `field`; an input left empty gives none.
    pub fn files<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.field == field)
    }

    /// A form of these fields, for tests and for pages that show a form again.
    #[must_use]
    pub fn of(fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { fields, files: Vec::new() }
    }

    /// Reads a body by its content type; no body is an empty form.
    pub(crate) fn parse(content_type: &str, body: &Bytes) -> Result<Self, Problem> {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Self::parse_urlencoded(body),
            "multipart/form-data" => Self::parse_multipart(content_type, body),
            _ if body.is_empty() => Ok(Self::default()),
            _ => Err(Problem::unsupported_media_type("application/x-www-form-urlencoded ou multipart/form-data")),
        }
    }

    fn parse_urlencoded(body: &[u8]) -> Result<Self, Problem> {
        // The decoder replaces what is not UTF-8: look first, at what the escapes say too.
        let text = std::str::from_utf8(body).map_err(|_| not_utf8())?;
        let plain = percent_encoding::percent_decode_str(text).decode_utf8();
        plain.map_err(|_| not_utf8())?;
        let fields: Vec<(String, String)> =
            serde_urlencoded::from_str(text).map_err(|_| Problem::malformed("Le formulaire ne peut pas être lu."))?;
        if fields.len() > MAX_PARTS {
            return Err(too_many_parts());
        }
        Ok(Self { fields, files: Vec::new() })
    }

    fn parse_multipart(content_type: &str, body: &Bytes) -> Result<Self, Problem> {
        let boundary = multer::parse_boundary(content_type).map_err(unreadable)?;
        let whole = stream::iter([Ok::<_, Infallible>(body.clone())]);
        let mut parts = multer::Multipart::new(whole, boundary);
        let mut form = Self::default();
        while let Some(part) = now(parts.next_field())? {
            if form.fields.len() + form.files.len() >= MAX_PARTS {
                return Err(too_many_parts());
            }
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(base_name);
            let content = now(part.bytes())?;
            match name {
                Some(name) if !name.is_empty() => form.files.push(File { field, name, content }),
                // A file input left empty.
                Some(_) => {}
                None => form.fields.push((field, String::from_utf8(content.into()).map_err(|_| not_utf8())?)),
            }
        }
        Ok(form)
    }
}

/// The whole body is here, so that nothing really waits.
fn now<T>(future: impl Future<Output = multer::Result<T>>) -> Result<T, Problem> {
    future.now_or_never().ok_or_else(|| Problem::malformed("Le formulaire est incomplet."))?.map_err(unreadable)
}

fn unreadable(error: multer::Error) -> Problem {
    Problem::malformed("Le formulaire ne peut pas être lu : il est incomplet ou mal découpé.")
        .because(error.to_string())
}

fn not_utf8() -> Problem {
    Problem::malformed("Le formulaire contient des octets qui ne sont pas de l’UTF-8.")
}

fn too_many_parts() -> Problem {
    Problem::malformed(format!("Le formulaire a plus de {MAX_PARTS} champs."))
}

/// Some clients send the whole path.
fn base_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_urlencoded_form_keeps_order_and_repeats() {
        let body = Bytes::from_static(b"to=a&subject=%20%C3%89t%C3%A9+%21&to=b&empty=");
        let form = Form::parse("application/x-www-form-urlencoded; charset=UTF-8", &body).unwrap();
        assert_eq!(form.all("to").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(form.get("subject"), "Été !");
        assert_eq!(form.raw("subject"), " Été !");
        assert!(form.has("empty") && !form.has("absent"));
    }

    #[test]
    fn a_multipart_form_gives_fields_and_files() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n\
            --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\dossier\\été.txt\"\r\nContent-Type: text/plain\r\n\r\nbonjour\r\n\
            --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n";
        let form = Form::parse("multipart/form-data; boundary=x", &Bytes::from(body)).unwrap();
        assert_eq!(form.get("csrf"), "abc");
        let files: Vec<_> = form.files("file").collect();
        assert_eq!(files.len(), 1);
        assert_eq!((files[0].name.as_str(), &files[0].content[..]), ("été.txt", &b"bonjour"[..]));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let status = |content_type: &str, body: &'static [u8]| {
            Form::parse(content_type, &Bytes::from_static(body)).unwrap_err().status.as_u16()
        };
        assert_eq!(status("text/plain", b"a=b"), 415);
        assert_eq!(status("application/x-www-form-urlencoded", b"a=\xff"), 400);
        assert_eq!(status("application/x-www-form-urlencoded", b"a=%ff"), 400);
        assert_eq!(status("multipart/form-data", b"a=b"), 400);
        assert_eq!(
            status("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb"),
            400
        );
        assert_eq!(Form::parse("", &Bytes::new()).unwrap(), Form::default());
    }
}
