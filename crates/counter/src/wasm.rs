//! The same functions over `vaguemestre:post/submission`. The desk is not used: the component behind the import has its own.

use crate::{AccountText, Addressee, Desk, Draft, Field, Kind, Receipt, Refusal, Refused, Response};

mod bindings {
    wit_bindgen::generate!({
        path: ["../../wit/deps/spin-sqlite", "../../wit/post"],
        inline: "package vaguemestre:counter; world counter { import vaguemestre:post/submission@0.1.0; }",
        generate_all,
    });
}

use bindings::vaguemestre::post::{submission as post, types};

/// See [`submission::save`].
///
/// # Errors
/// As there.
pub fn save(_: Desk<'_>, author: &str, id: Option<&str>, draft: &Draft, key: Option<&str>) -> Result<String, Refusal> {
    let draft = post::Draft {
        subject: draft.subject.clone(),
        body: draft.body.clone(),
        addressees: draft.addressees.iter().map(addressee).collect(),
        in_reply_to: draft.in_reply_to.clone(),
        copy_to_author: draft.copy_to_author,
    };
    post::save(author, id, &draft, key).map_err(refusal)
}

/// See [`submission::discard`].
///
/// # Errors
/// As there.
pub fn discard(_: Desk<'_>, author: &str, id: &str) -> Result<(), Refusal> {
    post::discard(author, id).map_err(refusal)
}

/// See [`submission::attach`].
///
/// # Errors
/// As there.
pub fn attach(_: Desk<'_>, author: &str, id: &str, name: &str, content: &[u8]) -> Result<String, Refusal> {
    post::attach(author, id, name, content).map_err(refusal)
}

/// See [`submission::detach`].
///
/// # Errors
/// As there.
pub fn detach(_: Desk<'_>, author: &str, id: &str, attachment: &str) -> Result<(), Refusal> {
    post::detach(author, id, attachment).map_err(refusal)
}

/// See [`submission::respond`].
///
/// # Errors
/// As there.
pub fn respond(_: Desk<'_>, author: &str, original: &str, how: Response) -> Result<String, Refusal> {
    let how = match how {
        Response::Reply => post::Response::Reply,
        Response::ReplyAll => post::Response::ReplyAll,
        Response::Forward => post::Response::Forward,
    };
    post::respond(author, original, how).map_err(refusal)
}

/// See [`submission::submit`].
///
/// # Errors
/// As there.
pub fn submit(_: Desk<'_>, author: &str, id: &str) -> Result<Receipt, Refusal> {
    let receipt = post::submit(author, id).map_err(refusal)?;
    Ok(Receipt {
        message: receipt.message,
        submitted_at: i64::try_from(receipt.submitted_at).unwrap_or(i64::MAX),
        recipients: receipt.recipients,
        by_mailbox: receipt.by_mailbox,
        by_redirect: receipt.by_redirect,
        unreachable: receipt.unreachable,
    })
}

/// See [`submission::write_to_address`].
///
/// # Errors
/// As there.
pub fn write_to_address(
    _: Desk<'_>,
    person: &str,
    address: &str,
    subject: &str,
    text: &str,
) -> Result<String, Refusal> {
    post::write_to_address(person, address, subject, text).map_err(refusal)
}

/// See [`submission::mail_letters`].
///
/// # Errors
/// As there.
pub fn mail_letters(_: Desk<'_>, author: &str, run: &str) -> Result<u32, Refusal> {
    post::mail_letters(author, run).map_err(refusal)
}

/// See [`submission::mail_accounts`].
///
/// # Errors
/// As there.
pub fn mail_accounts(_: Desk<'_>, campaign: &str, texts: &[AccountText]) -> Result<u32, Refusal> {
    let texts: Vec<_> = texts
        .iter()
        .map(|text| post::AccountText {
            profile: text.profile.clone(),
            active: text.active,
            subject: text.subject.clone(),
            text: text.text.clone(),
        })
        .collect();
    post::mail_accounts(campaign, &texts).map_err(refusal)
}

fn addressee(addressee: &Addressee) -> types::Addressee {
    let field = match addressee.field {
        Field::To => types::Field::To,
        Field::Cc => types::Field::Cc,
        Field::Bcc => types::Field::Bcc,
    };
    let kind = match addressee.kind {
        Kind::Person => types::Kind::Person,
        Kind::Group => types::Kind::Group,
        Kind::Population => types::Kind::Population,
        Kind::News => types::Kind::News,
        Kind::Event => types::Kind::Event,
        Kind::Flash => types::Kind::Flash,
        Kind::Liaison => types::Kind::Liaison,
    };
    types::Addressee { field, kind, id: addressee.id.clone() }
}

fn refused(refused: types::Refused) -> Refused {
    let addressee = match refused.kind {
        types::Kind::Group => rights::Addressee::Group(refused.id),
        _ => rights::Addressee::Person(refused.id),
    };
    Refused { addressee, name: refused.name }
}

fn refusal(refusal: types::Refusal) -> Refusal {
    use types::Refusal as From;
    match refusal {
        From::NotFound => Refusal::NotFound,
        From::AlreadySubmitted => Refusal::AlreadySubmitted,
        From::AuthorMayNotSend => Refusal::AuthorMayNotSend,
        From::Refused(list) => Refusal::Refused(list.into_iter().map(refused).collect()),
        From::Audience => Refusal::Audience,
        From::TooMany(limit) => Refusal::TooMany { actual: limit.actual, allowed: limit.allowed },
        From::Nobody => Refusal::Nobody,
        From::MailboxFull(names) => Refusal::MailboxFull(names),
        From::BadSubject => Refusal::BadSubject,
        From::BadBody => Refusal::BadBody,
        From::BadFileName => Refusal::BadFileName,
        From::FileType(extensions) => Refusal::FileType(extensions),
        From::FileSize(limit) => Refusal::FileSize { actual: limit.actual, allowed: limit.allowed },
        From::FileEmpty => Refusal::FileEmpty,
        From::KeyReused => Refusal::KeyReused,
        From::BadAddress => Refusal::BadAddress,
        From::Unavailable(cause) => Refusal::Unavailable(store::Error::Unavailable(cause)),
        From::Other(words) => Refusal::Other(words),
    }
}
