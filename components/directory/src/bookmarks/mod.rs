//! Bookmarks (favoris de partage, D-5): named sets of people and groups, shown and written to as far as the rules let now.

pub(crate) mod api;
pub(crate) mod edit;
pub(crate) mod list;

/// Where they are.
pub(crate) const BASE: &str = "/directory/bookmarks";

/// "person:ID" or "group:ID", as the boxes of the directory carry it.
pub(crate) fn chosen(value: &str) -> Option<contacts::Chosen> {
    let (kind, id) = value.split_once(':')?;
    matches!(kind, "person" | "group").then(|| contacts::Chosen { kind: kind.to_owned(), id: id.to_owned() })
}
