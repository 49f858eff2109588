//! One's own address book (D-4) and bookmarks (D-5): groups of contacts, who are people of the directory or cards of people
//! outside, vCards in and out, and named sets of people and groups.
//!
//! Everything is asked with its owner's id. People of the directory are never copied: a contact or a bookmark holds their
//! id, and who may be shown is asked of the views `reachable` and `reachable_group` each time. A card of somebody
//! outside is kept for reference: no function here gives one as a recipient.

mod birthday;
mod book;
mod bookmark;
mod card;
mod error;
mod export;
mod group;
mod import;
mod merge;
mod pending;
mod vcard;

pub use birthday::{shown_birthday, typed_birthday};
pub use book::{
    Added, Contact, ContactQuery, Entry, Listed, add_people, contact, contacts, delete_contacts, delete_inaccessible,
    save_card,
};
pub use bookmark::{Bookmark, Chosen, Opened, bookmark, bookmarks, delete_bookmark, save_bookmark};
pub use card::{Address, Card, Fault, LABELS, Labelled, label_text};
pub use error::Error;
pub use export::export;
pub use group::{
    Group, Recipients, delete_group, find_group, groups, join, leave, new_group, recipients, recipients_among,
    rename_group,
};
pub use import::{Imported, apply, preview};
pub use pending::{forget, keep, pending};
pub use vcard::{MAX_CARDS, Parsed, Refused, Unreadable, Version, parse};

/// Contacts that one person may have.
pub const MAX_CONTACTS: usize = 2000;
/// Groups of contacts that one person may have.
pub const MAX_GROUPS: usize = 100;
/// Bookmarks that one person may have.
pub const MAX_BOOKMARKS: usize = 100;
/// People and groups that one bookmark may hold.
pub const MAX_ENTRIES: usize = 500;
/// Characters of the name of a group or bookmark.
pub const MAX_NAME: usize = 100;
/// People handed over to the composer at once: as many as an address of 8 KB carries.
pub const MAX_RECIPIENTS: usize = 200;

/// What a name of a group or bookmark is known by: folded, or as it is when folding leaves nothing ("★").
fn name_key(name: &str) -> String {
    let folded = people::fold(name);
    if folded.is_empty() { name.to_lowercase() } else { folded }
}

/// A name of a group or bookmark as it is kept, and what it is known by.
fn checked_name(name: &str) -> Result<(String, String), Error> {
    let name = card::line(name);
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(Error::Name);
    }
    let key = name_key(&name);
    Ok((name, key))
}
