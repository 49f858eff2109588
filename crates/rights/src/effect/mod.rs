//! What an edit of the rules brings, told before it is made: who gains, who loses, which groups open and close. It only reads: no
//! writer waits for a preview.
//!
//! Who may write to whom depends on the groups of both alone, but for kinship and prohibitions. So people are taken by classes of equal
//! groups, and of each class whom it reaches before and after is one set of classes; people are looked at one by one only where a class
//! gains or loses something. It restates the views `reachable` and `named_group`; a property holds it to them.

mod people;
mod reach;
mod state;

use store::{Database, Error};

use crate::edit::{Edit, Editor, Effect};
use people::People;
use reach::Reach;
use state::Rules;

/// The groups of an [`Effect`], by id.
pub(crate) struct Ids {
    pub(crate) opened: Vec<String>,
    pub(crate) closed: Vec<String>,
}

/// What `edit` brings; the caller has made sure that the editor may make it.
pub(crate) fn effect(database: &impl Database, editor: &Editor<'_>, edit: &Edit) -> Result<(Effect, Ids), Error> {
    let before = Rules::read(database, editor, edit)?;
    let after = before.edited(database, editor, edit)?;
    let people = People::read(database, editor, edit, &before)?;
    let (gaining, losing) = changed(&people, &before, &after);
    let (opened_ids, opened) = before.named(|group| !before.is_both(group) && after.is_both(group));
    let (closed_ids, closed) = before.named(|group| before.is_both(group) && !after.is_both(group));
    Ok((Effect { gaining, losing, opened, closed }, Ids { opened: opened_ids, closed: closed_ids }))
}

/// How many people of the establishment can write to somebody they could not write to before, and how many cannot any more to somebody
/// they could.
fn changed(people: &People, before: &Rules, after: &Rules) -> (u64, u64) {
    let (mut gaining, mut losing) = (0, 0);
    for class in people.senders() {
        let (old, new) = (Reach::of(class, before, people), Reach::of(class, after, people));
        let (more, less) = (new.without(&old), old.without(&new));
        for sender in class.members() {
            gaining += u64::from(people.reaches_more(sender, &more, &old, |tie| (tie.before, tie.after)));
            losing += u64::from(people.reaches_more(sender, &less, &new, |tie| (tie.after, tie.before)));
        }
    }
    (gaining, losing)
}
