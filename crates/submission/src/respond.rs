//! Answers and forwards (M-7, M-8): a new draft that carries on a message one received or sent.

use store::params;

use crate::body::escape;
use crate::{Addressee, Desk, Draft, Field, Refusal, draft, new_id};

/// What to do with the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// « Répondre »: to the author.
    Reply,
    /// « Répondre à tous »: to the author, and the original To and Cc minus oneself; Cci never.
    ReplyAll,
    /// « Transférer »: to nobody yet, with the files.
    Forward,
}

struct Original {
    author: Option<String>,
    author_name: String,
    subject: String,
    html: String,
    text: String,
    sent: String,
}

/// Makes the draft and gives its id.
///
/// # Errors
/// [`Refusal::NotFound`] when `author` neither received nor sent `original`.
pub fn respond(desk: Desk<'_>, author: &str, original: &str, how: Response) -> Result<String, Refusal> {
    let Some(found) = read(desk, author, original)? else { return Err(Refusal::NotFound) };
    let addressees = match how {
        Response::Forward => Vec::new(),
        Response::Reply | Response::ReplyAll => answer_to(desk, author, original, &found, how)?,
    };
    let draft = Draft {
        subject: subject(if how == Response::Forward { "Tr" } else { "Re" }, &found.subject),
        body: quote(&found, how),
        addressees,
        in_reply_to: (how != Response::Forward).then(|| original.to_owned()),
        copy_to_author: false,
    };
    // A conversation that has grown too long or too deep to quote goes on without the quote.
    let id = match draft::save(desk, author, None, &draft, None) {
        Err(Refusal::BadBody) => draft::save(desk, author, None, &Draft { body: String::new(), ..draft }, None)?,
        saved => saved?,
    };
    if how == Response::Forward {
        carry_files(desk, original, &id)?;
    }
    Ok(id)
}

fn read(desk: Desk<'_>, viewer: &str, id: &str) -> Result<Option<Original>, Refusal> {
    let row = desk.database.first(
        "SELECT m.author_id, coalesce(p.first_name || ' ' || p.last_name, 'Messagerie'), m.subject, m.body_html, m.body_text,
            s.submitted_at, e.timezone
            FROM message m
            LEFT JOIN submission s ON s.message_id = m.id
            JOIN establishment e ON e.uai = m.uai
            LEFT JOIN person p ON p.id = m.author_id
            WHERE m.id = ?1 AND EXISTS (SELECT 1 FROM mailbox_entry x WHERE x.person_id = ?2 AND x.message_id = m.id)",
        params![id, viewer],
    )?;
    row.map(|row| {
        let zone = clock::Zone::named(row.text(6)?);
        Ok(Original {
            author: row.optional_text(0)?.map(str::to_owned),
            author_name: row.text(1)?.to_owned(),
            subject: row.text(2)?.to_owned(),
            html: row.text(3)?.to_owned(),
            text: row.text(4)?.to_owned(),
            sent: zone.long(row.optional_integer(5)?.unwrap_or_default()),
        })
    })
    .transpose()
}

/// Whom an answer goes to. To answer one's own message is to write to its To again.
fn answer_to(
    desk: Desk<'_>,
    me: &str,
    id: &str,
    original: &Original,
    how: Response,
) -> Result<Vec<Addressee>, Refusal> {
    let mine = original.author.as_deref() == Some(me);
    let mut addressees = Vec::new();
    if let (Some(author), false) = (&original.author, mine) {
        addressees.push(Addressee::person(Field::To, author));
    }
    if how == Response::ReplyAll || mine {
        let others = desk.database.execute(
            "SELECT r.field, 'person', r.person_id FROM recipient r
                WHERE r.message_id = ?1 AND r.field IN ('to', 'cc') AND r.person_id <> ?2
                AND EXISTS (SELECT 1 FROM answerable w WHERE w.message_id = ?1 AND w.sender_id = ?2 AND w.recipient_id = r.person_id)
                ORDER BY r.field DESC, r.person_id",
            params![id, me],
        )?;
        for row in &others {
            let addressee = Addressee::from_row(row, 0)?;
            if how == Response::ReplyAll || addressee.field == Field::To {
                addressees.push(addressee);
            }
        }
    }
    Ok(addressees)
}

/// `Re : ` or `Tr : ` before the bare subject: whatever prefixes it has gathered are dropped, so that none is doubled.
fn subject(prefix: &str, original: &str) -> String {
    let mut bare = original.trim();
    while let Some((head, tail)) = bare.split_once(':') {
        let head = head.trim();
        if !["re", "ré", "tr", "fw", "fwd", "rép"].iter().any(|known| head.to_lowercase() == *known) {
            break;
        }
        bare = tail.trim_start();
    }
    let room = 200 - prefix.len() - 3;
    format!("{prefix} : {}", bare.chars().take(room).collect::<String>())
}

fn quote(original: &Original, how: Response) -> String {
    let html = if original.html.is_empty() {
        format!("<p>{}</p>", escape(&original.text).replace('\n', "<br>"))
    } else {
        original.html.clone()
    };
    let introduction = match how {
        Response::Forward => format!("Message de {}, {} :", escape(&original.author_name), original.sent),
        _ => format!("Le {}, {} a écrit :", original.sent, escape(&original.author_name)),
    };
    format!("<p><br></p><p>{introduction}</p><blockquote>{html}</blockquote>")
}

fn carry_files(desk: Desk<'_>, original: &str, draft: &str) -> Result<(), Refusal> {
    let prefix: String = new_id(desk.now).chars().take(10).collect();
    desk.database.execute(
        "INSERT INTO attachment (id, message_id, name, media_type, size, sha256)
            SELECT ?3 || substr(hex(randomblob(8)), 1, 16), ?2, name, media_type, size, sha256
            FROM attachment WHERE message_id = ?1",
        params![original, draft, prefix],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn prefixes_are_never_doubled() {
        assert_eq!(subject("Re", "Sortie"), "Re : Sortie");
        assert_eq!(subject("Re", "Re : Sortie"), "Re : Sortie");
        assert_eq!(subject("Re", "RE: Tr : re :Sortie"), "Re : Sortie");
        assert_eq!(subject("Tr", "Re : Sortie : départ"), "Tr : Sortie : départ");
        assert_eq!(subject("Tr", "Départ : 8 h"), "Tr : Départ : 8 h");
    }
}
