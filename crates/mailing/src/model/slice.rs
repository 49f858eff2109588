//! The making of the letters of a run, slice by slice (see [`crate::job`]): one PDF of all to print, or body, text and PDF of
//! each message. What a slice writes beside the file is the same when it is made again.

use letters::{Layout, Letter, Picture, Press, Sender, Unprintable, blocks_from_html};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{Database, params};
use submission::Body;

use super::{Error, Letterhead, Refusal, letterhead};
use crate::job::{self, Halt, Slice, Turn};

/// Letters of one slice.
const LETTERS: u32 = 25;
/// Version of the progress: a [`Press`].
const VERSION: u8 = 101;

/// A letter as it is printed.
#[must_use]
pub fn letter(head: &Letterhead, postal: &[String], subject: &str, html: &str) -> Letter {
    Letter {
        addressee: postal.to_vec(),
        place_and_date: head.place_and_date.clone(),
        subject: subject.to_owned(),
        blocks: blocks_from_html(html),
        signature: head.signatory.clone(),
        signature_picture: head.signature.clone().and_then(|bytes| Picture::new(bytes).ok()),
    }
}

/// One letter as a PDF of its own.
///
/// # Errors
/// When it cannot be printed.
pub fn pdf(head: &Letterhead, letter: &Letter) -> Result<Vec<u8>, Unprintable> {
    let mut press = Press::new(&head.sender, Layout::OnePerPage, &letter.subject);
    let mut bytes = press.letters(&head.sender, std::slice::from_ref(letter))?;
    bytes.extend(press.finish());
    Ok(bytes)
}

/// Why a letter cannot be printed, in French: "le texte contient « ع », que la police des courriers ne sait pas écrire".
#[must_use]
pub fn unprintable(error: &Unprintable) -> String {
    format!("{} {}", error.field.french(), error.why.french())
}

struct Made {
    position: u32,
    postal: Vec<String>,
    subject: String,
    html: String,
    left_out: bool,
}

/// The next slice of a run.
///
/// # Errors
/// As [`job::Work`].
pub fn slice(db: &dyn Database, turn: &Turn) -> Result<Slice, Halt> {
    let run =
        db.first("SELECT way, dated, signature, name FROM model_run WHERE id = ?1", params![turn.job.about.as_str()])?;
    let Some(run) = run else { return Err(Halt::Failed("L’envoi n’existe plus.".to_owned())) };
    let mut head = letterhead(db, turn.job.created_at, &turn.job.by, &turn.job.uai, None).map_err(halt)?;
    head.place_and_date = run.text(1)?.to_owned();
    // Decoded once for all letters of the slice.
    head.signature = None;
    let signature = run.blob(2).ok().and_then(|bytes| Picture::new(bytes.to_vec()).ok());
    let printed = |made: &Made| Letter {
        signature_picture: signature.clone(),
        ..letter(&head, &made.postal, &made.subject, &made.html)
    };
    let most = if turn.tries > 1 { 1 } else { LETTERS };
    let made = next(db, turn, most)?;
    let mut remarks = Vec::new();
    let over = |count: usize| {
        let done = turn.job.done + u32::try_from(count).unwrap_or(0);
        (done, done >= turn.job.total || made.is_empty())
    };
    let (done, over, bytes, progress) = match run.text(0)? {
        "print" => {
            let (done, over) = over(made.len());
            let letters = made.iter().map(|made| (made.position, printed(made))).collect();
            let (bytes, progress) = print(&head, turn, letters, over, run.text(3)?, &mut remarks)?;
            (done, over, bytes, progress)
        }
        way => {
            let attach: Option<&dyn Fn(&Made) -> Letter> = if way == "attached" { Some(&printed) } else { None };
            let (done, over) = over(keep(db, &head, turn, &made, attach, &mut remarks)?);
            (done, over, Vec::new(), vec![VERSION])
        }
    };
    Ok(Slice { bytes, done, left_out: remarks, progress: (!over).then_some(progress) })
}

fn next(db: &dyn Database, turn: &Turn, most: u32) -> Result<Vec<Made>, store::Error> {
    let rows = db.execute(
        "SELECT position, addressee, subject, body, left_out <> '' FROM model_letter
         WHERE run_id = ?1 AND position >= ?2 ORDER BY position LIMIT ?3 + 0",
        params![turn.job.about.as_str(), turn.job.done, most],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Made {
                position: u32::try_from(row.integer(0)?).unwrap_or(0),
                postal: row.text(1)?.lines().map(str::to_owned).collect(),
                subject: row.text(2)?.to_owned(),
                html: row.text(3)?.to_owned(),
                left_out: row.boolean(4)?,
            })
        })
        .collect()
}

/// What was left out, and why.
type Remarks = Vec<(u32, String)>;

/// One file has one head, whoever makes it: that of the first slice is kept.
fn print(
    head: &Letterhead,
    turn: &Turn,
    mut letters: Vec<(u32, Letter)>,
    over: bool,
    name: &str,
    remarks: &mut Remarks,
) -> Result<(Vec<u8>, Vec<u8>), Halt> {
    let (sender, mut press): (Sender, Press) = if turn.progress.is_empty() {
        (head.sender.clone(), Press::new(&head.sender, Layout::OnePerPage, name))
    } else {
        job::unpack(VERSION, &turn.progress).ok_or_else(|| {
            Halt::Failed("Le service a été mis à jour pendant la fabrication. Recommencez.".to_owned())
        })?
    };
    let mut bytes = loop {
        let whole: Vec<Letter> = letters.iter().map(|(_, letter)| letter.clone()).collect();
        match press.letters(&sender, &whole) {
            Ok(bytes) => break bytes,
            Err(error) if error.index < letters.len() => {
                let (position, _) = letters.remove(error.index);
                remarks.push((position, unprintable(&error)));
            }
            Err(error) => return Err(Halt::Failed(unprintable(&error))),
        }
    };
    if over {
        bytes.extend(press.finish());
        return Ok((bytes, Vec::new()));
    }
    let progress = job::pack(VERSION, &(sender, press)).map_err(|error| Halt::Failed(error.to_string()))?;
    Ok((bytes, progress))
}

/// Body, text and PDF of the messages, in one statement, up to the letter with which the PDFs are as large as a slice may be;
/// how many of them. A letter that the fonts cannot write leaves without PDF.
fn keep(
    db: &dyn Database,
    head: &Letterhead,
    turn: &Turn,
    made: &[Made],
    attach: Option<&dyn Fn(&Made) -> Letter>,
    remarks: &mut Remarks,
) -> Result<usize, Halt> {
    let (mut kept, mut count, mut together) = (Vec::new(), 0, 0);
    for made in made {
        if together >= Slice::MOST {
            break;
        }
        count += 1;
        if made.left_out {
            continue;
        }
        let mut html = made.html.clone();
        for line in &head.signatory {
            html.push_str(&letters::template::paragraph(line));
        }
        let body = Body::parse(&html)
            .map_err(|_| Halt::Failed("Une lettre est trop longue, ou sa mise en forme trop imbriquée.".to_owned()))?;
        let mut row = json!({ "position": made.position, "body": body.html, "text": body.text, "size": 0 });
        if let (Some(letter), Some(row)) = (attach, row.as_object_mut()) {
            match pdf(head, &letter(made)) {
                // `model_slice` keeps no more of one.
                Ok(pdf) if pdf.len() > Slice::MOST => {
                    return Err(Halt::Failed(
                        "Le PDF d’une lettre dépasse 4 Mio : raccourcissez la lettre, ou réduisez le logo et la signature."
                            .to_owned(),
                    ));
                }
                Ok(pdf) => {
                    together += pdf.len();
                    row.insert("sha256".to_owned(), hex(&Sha256::digest(&pdf)).into());
                    row.insert("size".to_owned(), pdf.len().into());
                    row.insert("pdf".to_owned(), hex(&pdf).into());
                }
                Err(error) => remarks.push((made.position, format!("Sans PDF : {}", unprintable(&error)))),
            }
        }
        kept.push(row);
    }
    let kept = serde_json::to_string(&kept).map_err(|error| Halt::Failed(error.to_string()))?;
    db.execute("INSERT INTO model_slice (run_id, letters) VALUES (?1, ?2)", params![turn.job.about.as_str(), kept])?;
    Ok(count)
}

fn halt(error: Error) -> Halt {
    match error {
        Error::Store(error) => Halt::Store(error),
        Error::Refused(Refusal::Unknown) => {
            Halt::Failed("Qui a lancé l’envoi n’administre plus l’établissement.".to_owned())
        }
        other => Halt::Failed(other.to_string()),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
