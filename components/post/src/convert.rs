//! Between the types of WIT and those of `crates/submission`.

use crate::bindings::vaguemestre::post::types::{Addressee, Field, Kind, Limit, Refusal, Refused};

pub(crate) fn addressee(addressee: Addressee) -> submission::Addressee {
    let field = match addressee.field {
        Field::To => submission::Field::To,
        Field::Cc => submission::Field::Cc,
        Field::Bcc => submission::Field::Bcc,
    };
    let kind = match addressee.kind {
        Kind::Person => submission::Kind::Person,
        Kind::Group => submission::Kind::Group,
        Kind::Population => submission::Kind::Population,
        Kind::News => submission::Kind::News,
        Kind::Event => submission::Kind::Event,
        Kind::Flash => submission::Kind::Flash,
        Kind::Liaison => submission::Kind::Liaison,
    };
    submission::Addressee { field, kind, id: addressee.id }
}

pub(crate) fn refused(refused: rights::Refused) -> Refused {
    let (kind, id) = match refused.addressee {
        rights::Addressee::Person(id) => (Kind::Person, id),
        rights::Addressee::Group(id) => (Kind::Group, id),
    };
    Refused { kind, id, name: refused.name }
}

pub(crate) fn refusal(refusal: submission::Refusal) -> Refusal {
    use submission::Refusal as From;
    match refusal {
        From::NotFound => Refusal::NotFound,
        From::AlreadySubmitted => Refusal::AlreadySubmitted,
        From::AuthorMayNotSend => Refusal::AuthorMayNotSend,
        From::Refused(list) => Refusal::Refused(list.into_iter().map(refused).collect()),
        From::Audience => Refusal::Audience,
        From::TooMany { actual, allowed } => Refusal::TooMany(Limit { actual, allowed }),
        From::Nobody => Refusal::Nobody,
        From::MailboxFull(names) => Refusal::MailboxFull(names),
        From::BadSubject => Refusal::BadSubject,
        From::BadBody => Refusal::BadBody,
        From::BadFileName => Refusal::BadFileName,
        From::FileType(extensions) => Refusal::FileType(extensions),
        From::FileSize { actual, allowed } => Refusal::FileSize(Limit { actual, allowed }),
        From::FileEmpty => Refusal::FileEmpty,
        From::KeyReused => Refusal::KeyReused,
        From::BadAddress => Refusal::BadAddress,
        From::Unavailable(error) => Refusal::Unavailable(error.to_string()),
        From::Other(words) => Refusal::Other(words),
    }
}
