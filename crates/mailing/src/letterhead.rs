//! What the letters of an establishment have on them: logo, postal address, who signs (P-3, P-5).

use letters::{Picture, Sender};
use store::{Database, params};

use crate::Error;

/// What an establishment gave, beside its pictures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letterhead {
    /// Lines of the postal address.
    pub address: Vec<String>,
    /// Name and function of who signs, one a line.
    pub signatory: Vec<String>,
    /// Whether there is a logo.
    pub logo: bool,
    /// Whether there is a scanned signature.
    pub signature: bool,
}

/// A picture of a letterhead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// At the top of every letter.
    Logo,
    /// Under model letters.
    Signature,
}

impl Which {
    /// The column, and the word in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::Signature => "signature",
        }
    }

    /// The picture of this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Logo, Self::Signature].into_iter().find(|which| which.as_str() == word)
    }
}

/// The most lines of an address or a signatory.
pub const MOST_LINES: usize = 6;

/// The letterhead of an establishment; empty before anything was given.
///
/// # Errors
/// When the database cannot be used.
pub fn letterhead(db: &dyn Database, uai: &str) -> Result<Letterhead, Error> {
    let row = db.first(
        "SELECT address, signatory, logo IS NOT NULL, signature IS NOT NULL FROM establishment_letterhead WHERE uai = ?1",
        params![uai],
    )?;
    let Some(row) = row else { return Ok(Letterhead::default()) };
    let lines = |column| row.text(column).map(|text| text.lines().map(str::to_owned).collect());
    Ok(Letterhead { address: lines(0)?, signatory: lines(1)?, logo: row.boolean(2)?, signature: row.boolean(3)? })
}

/// Sets the texts: at most [`MOST_LINES`] lines of at most 90 characters each, checked by the caller.
///
/// # Errors
/// When the database cannot be used.
pub fn set_texts(db: &dyn Database, uai: &str, address: &[String], signatory: &[String]) -> Result<(), Error> {
    db.execute(
        "INSERT INTO establishment_letterhead (uai, address, signatory) VALUES (?1, ?2, ?3)
         ON CONFLICT (uai) DO UPDATE SET address = excluded.address, signatory = excluded.signatory",
        params![uai, address.join("\n"), signatory.join("\n")],
    )?;
    Ok(())
}

/// The bytes of a picture: PNG or JPEG.
///
/// # Errors
/// When the database cannot be used.
pub fn picture(db: &dyn Database, uai: &str, which: Which) -> Result<Option<Vec<u8>>, Error> {
    let statement =
        format!("SELECT {0} FROM establishment_letterhead WHERE uai = ?1 AND {0} IS NOT NULL", which.as_str());
    let row = db.first(&statement, params![uai])?;
    Ok(row.map(|row| row.blob(0).map(<[u8]>::to_vec)).transpose()?)
}

/// Sets or removes a picture; the caller checked it ([`Picture::new`]).
///
/// # Errors
/// When the database cannot be used.
pub fn set_picture(db: &dyn Database, uai: &str, which: Which, bytes: Option<&[u8]>) -> Result<(), Error> {
    let statement = format!(
        "INSERT INTO establishment_letterhead (uai, {0}) VALUES (?1, ?2) ON CONFLICT (uai) DO UPDATE SET {0} = excluded.{0}",
        which.as_str()
    );
    db.execute(&statement, params![uai, bytes])?;
    Ok(())
}

/// The sender of letters written at `now` (UTC milliseconds). `public_url`: where people reach the service, when the
/// deployment says so; without it letters have neither QR code nor address.
///
/// # Errors
/// When the database cannot be used.
pub fn sender(db: &dyn Database, uai: &str, public_url: Option<&str>, now: i64) -> Result<Sender, Error> {
    let row = db.first(
        "SELECT e.name, e.timezone, coalesce(h.address, ''), h.logo FROM establishment e
         LEFT JOIN establishment_letterhead h ON h.uai = e.uai WHERE e.uai = ?1",
        params![uai],
    )?;
    let row = row.ok_or(crate::Refusal::Unknown)?;
    // A picture was checked when it came; one that does not pass any more is left out.
    let logo = row.blob(3).ok().and_then(|bytes| Picture::new(bytes.to_vec()).ok());
    Ok(Sender {
        name: row.text(0)?.to_owned(),
        uai: uai.to_owned(),
        address_lines: row.text(2)?.lines().map(str::to_owned).collect(),
        logo,
        activation_url: public_url.map(|url| format!("{url}/session/activate?login=")),
        site: public_url.map_or("", |url| url.split_once("://").map_or(url, |(_, site)| site)).to_owned(),
        date: format!("le {}", clock::Zone::named(row.text(1)?).written(now)),
    })
}
