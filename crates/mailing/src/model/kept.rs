//! Models as they are kept: shared by the administrators of an establishment, edited by one of them at a time.

use letters::Picture;
use store::{Database, Row, params};
use submission::Body;

use super::{Error, Refusal};

/// Characters of a name.
const MAX_NAME: usize = 100;
/// Characters of a subject as typed, fields included.
const MAX_SUBJECT: usize = 400;
/// Bytes of a scanned signature.
pub const MAX_SIGNATURE: usize = 300 * 1024;

/// A model letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// ULID.
    pub id: String,
    /// The establishment that shares it.
    pub uai: String,
    /// What it is called.
    pub name: String,
    /// Subject as typed: plain text with fields.
    pub subject: String,
    /// Body as typed: sanitised HTML with fields.
    pub body: String,
    /// Who made it.
    pub author: String,
    /// Who changed it last.
    pub editor: String,
    /// UTC milliseconds.
    pub created_at: i64,
    /// UTC milliseconds.
    pub updated_at: i64,
    /// Counted up by each edit.
    pub version: i64,
    /// Whether it has a scanned signature of its own.
    pub signed: bool,
}

/// What an editor gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// Name, 1 to 100 characters.
    pub name: String,
    /// Subject with fields.
    pub subject: String,
    /// HTML as written; sanitised before it is kept.
    pub body: String,
}

struct Checked {
    name: String,
    folded: String,
    subject: String,
    body: String,
}

impl Content {
    fn checked(&self) -> Result<Checked, Refusal> {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (name, subject) = (one_line(&self.name), one_line(&self.subject));
        let folded = people::fold(&name);
        if folded.is_empty() || name.chars().count() > MAX_NAME {
            return Err(Refusal::BadName);
        }
        let body = Body::parse(&self.body).map_err(|_| Refusal::BadText)?.html;
        if subject.chars().count() > MAX_SUBJECT || body.len() > letters::template::MAX_BODY {
            return Err(Refusal::BadText);
        }
        Ok(Checked { name, folded, subject, body })
    }
}

const COLUMNS: &str = "m.id, m.uai, m.name, m.subject, m.body, a.first_name || ' ' || a.last_name,
    e.first_name || ' ' || e.last_name, m.created_at, m.updated_at, m.version,
    EXISTS (SELECT 1 FROM model_signature s WHERE s.model_id = m.id)
    FROM model m JOIN person a ON a.id = m.author_id JOIN person e ON e.id = m.editor_id
    JOIN local_admin l ON l.uai = m.uai AND l.person_id = ?1";

/// The models of an establishment that the viewer administers, by name.
///
/// # Errors
/// When the database cannot be used.
pub fn list(db: &dyn Database, viewer: &str, uai: &str) -> Result<Vec<Model>, Error> {
    let rows =
        db.execute(&format!("SELECT {COLUMNS} WHERE m.uai = ?2 ORDER BY m.folded_name"), params![viewer, uai])?;
    rows.iter().map(read).collect()
}

/// A model of an establishment that the viewer administers.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn find(db: &dyn Database, viewer: &str, id: &str) -> Result<Model, Error> {
    let row = db.first(&format!("SELECT {COLUMNS} WHERE m.id = ?2"), params![viewer, id])?;
    row.as_ref().map_or(Err(Refusal::Unknown.into()), read)
}

/// A new model; its id.
///
/// # Errors
/// [`Refusal::BadName`], [`Refusal::NameTaken`], [`Refusal::BadText`], [`Refusal::Unknown`] for an establishment not hers.
pub fn create(db: &dyn Database, now: i64, viewer: &str, uai: &str, content: &Content) -> Result<String, Error> {
    let content = content.checked()?;
    let made = db.first(
        "INSERT INTO model (id, uai, name, folded_name, subject, body, author_id, editor_id, created_at, updated_at)
         SELECT ?1, l.uai, ?4, ?5, ?6, ?7, ?2, ?2, ?8, ?8 FROM local_admin l WHERE l.person_id = ?2 AND l.uai = ?3
         RETURNING id",
        params![super::run::new_id(now), viewer, uai, content.name, content.folded, content.subject, content.body, now],
    );
    made.map_err(taken)?.map_or(Err(Refusal::Unknown.into()), |row| Ok(row.text(0)?.to_owned()))
}

/// Saves an edit of `version`; the new version.
///
/// # Errors
/// As [`create`]; [`Refusal::Changed`] when it is not that version any more.
pub fn save(
    db: &dyn Database,
    now: i64,
    viewer: &str,
    id: &str,
    version: i64,
    content: &Content,
) -> Result<i64, Error> {
    let content = content.checked()?;
    let saved = db.first(
        "UPDATE model SET name = ?4, folded_name = ?5, subject = ?6, body = ?7, editor_id = ?2, updated_at = ?8, version = version + 1
         WHERE id = ?1 AND version = ?3 AND uai IN (SELECT l.uai FROM local_admin l WHERE l.person_id = ?2)
         RETURNING version",
        params![id, viewer, version, content.name, content.folded, content.subject, content.body, now],
    );
    match saved.map_err(taken)? {
        Some(row) => Ok(row.integer(0)?),
        None => Err(Refusal::Changed(find(db, viewer, id)?.editor).into()),
    }
}

/// A copy, with its signature, under a name that is free; its id.
///
/// # Errors
/// [`Refusal::Unknown`]; [`Refusal::NameTaken`] when every likely name is taken.
pub fn duplicate(db: &dyn Database, now: i64, viewer: &str, id: &str) -> Result<String, Error> {
    let model = find(db, viewer, id)?;
    for copy in 1..=20_u8 {
        let base: String = model.name.chars().take(MAX_NAME - 12).collect();
        let name = if copy == 1 { format!("Copie de {base}") } else { format!("Copie {copy} de {base}") };
        let content = Content { name, subject: model.subject.clone(), body: model.body.clone() };
        match create(db, now, viewer, &model.uai, &content) {
            Err(Error::Refused(Refusal::NameTaken)) => {}
            Err(error) => return Err(error),
            Ok(made) => {
                db.execute(
                    "INSERT INTO model_signature (model_id, picture) SELECT ?2, s.picture FROM model_signature s WHERE s.model_id = ?1",
                    params![id, made.as_str()],
                )?;
                return Ok(made);
            }
        }
    }
    Err(Refusal::NameTaken.into())
}

/// Takes a model away; its runs stay.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn delete(db: &dyn Database, viewer: &str, id: &str) -> Result<(), Error> {
    let deleted = db.first(
        "DELETE FROM model WHERE id = ?1 AND uai IN (SELECT l.uai FROM local_admin l WHERE l.person_id = ?2) RETURNING id",
        params![id, viewer],
    )?;
    deleted.map_or(Err(Refusal::Unknown.into()), |_| Ok(()))
}

/// The scanned signature of a model, if it has one.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn signature(db: &dyn Database, viewer: &str, id: &str) -> Result<Option<Vec<u8>>, Error> {
    find(db, viewer, id)?;
    let row = db.first("SELECT picture FROM model_signature WHERE model_id = ?1", params![id])?;
    Ok(row.map(|row| row.blob(0).map(<[u8]>::to_vec)).transpose()?)
}

/// Gives a model a scanned signature: PNG or JPEG, at most 300 kB.
///
/// # Errors
/// [`Refusal::BadPicture`], [`Refusal::Unknown`].
pub fn set_signature(db: &dyn Database, viewer: &str, id: &str, picture: &[u8]) -> Result<(), Error> {
    find(db, viewer, id)?;
    if picture.len() > MAX_SIGNATURE {
        return Err(Refusal::BadPicture("Cette image dépasse 300 Ko. Réduisez-la, puis recommencez.").into());
    }
    Picture::new(picture.to_vec()).map_err(|bad| Refusal::BadPicture(why(bad)))?;
    let kept = db.first(
        "INSERT INTO model_signature (model_id, picture)
         SELECT m.id, ?3 FROM model m JOIN local_admin l ON l.uai = m.uai AND l.person_id = ?2 WHERE m.id = ?1
         ON CONFLICT (model_id) DO UPDATE SET picture = excluded.picture RETURNING model_id",
        params![id, viewer, picture],
    )?;
    kept.map_or(Err(Refusal::Unknown.into()), |_| Ok(()))
}

/// Takes the signature off a model; without one that is done already.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn remove_signature(db: &dyn Database, viewer: &str, id: &str) -> Result<(), Error> {
    find(db, viewer, id)?;
    db.execute("DELETE FROM model_signature WHERE model_id = ?1", params![id])?;
    Ok(())
}

const fn why(bad: letters::BadPicture) -> &'static str {
    match bad {
        letters::BadPicture::TooLarge => {
            "Cette image est trop grande : 2 000 pixels de côté au plus. Réduisez-la, puis recommencez."
        }
        _ => "Ce fichier n’est pas une image PNG ou JPEG lisible. Choisissez-en une autre.",
    }
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Constraint(words) if words.contains("model.folded_name") => Refusal::NameTaken.into(),
        other => other.into(),
    }
}

fn read(row: &Row) -> Result<Model, Error> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Model {
        id: text(0)?,
        uai: text(1)?,
        name: text(2)?,
        subject: text(3)?,
        body: text(4)?,
        author: text(5)?,
        editor: text(6)?,
        created_at: row.integer(7)?,
        updated_at: row.integer(8)?,
        version: row.integer(9)?,
        signed: row.boolean(10)?,
    })
}
