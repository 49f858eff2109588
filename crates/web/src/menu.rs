//! The capabilities that run. A component cannot know which others were started with it (`--component`), so it asks each
//! known one for its menu entry; one that is not there answers 404, and is left out.

use crate::MenuItem;

/// Ids of the capabilities that may have a place in the menu.
pub(crate) const KNOWN: [&str; 6] = ["send-message", "broadcast", "directory", "publipostage", "outbox", "redirect"];

/// The entries in the order they are shown; one id once.
#[must_use]
pub(crate) fn arrange(mut items: Vec<MenuItem>) -> Vec<MenuItem> {
    items.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    items.dedup_by(|a, b| a.id == b.id);
    // An entry leads to a page of this service, nowhere else.
    items.retain(|item| item.href.starts_with('/') && !item.href.starts_with("//"));
    items
}
