//! Ids for people of formats that have none: made of what stays the same from one import to the next.
//!
//! They are made of folded names, so that a change of case or accents changes nobody; another name, birth date, mail or address
//! makes another id, and whoever reconciles has to see that the person is the same (DOMAIN §2). Two people for whom all of it
//! is equal have the same id: whoever reconciles sees two entries for one id, and says so.

/// An id made of a kind of person and of what tells her from others: "eleve:martin lea:2014-05-03".
pub(crate) fn made(kind: &str, last: &str, first: &str, more: &str) -> String {
    let name = people::fold(&format!("{last} {first}"));
    if more.is_empty() { format!("{kind}:{name}") } else { format!("{kind}:{name}:{more}") }
}

/// What tells a relative from homonyms: her mail, or else where she lives.
pub(crate) fn mail_or_home(mail: &str, street: &[String], postcode: &str, city: &str) -> String {
    if mail.is_empty() { people::fold(&format!("{} {postcode} {city}", street.join(" "))) } else { mail.to_lowercase() }
}
