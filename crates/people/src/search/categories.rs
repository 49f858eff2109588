//! The recipients of a person sorted as she thinks of them (S4, M-1): "Administration", "Enseignants de mes enfants"…
//! Each category is a list of groups to tick; the people of one are found by [`super::search_people`] with its id.

use store::{Database, Row, params};

use super::groups::{COLUMNS, FoundGroup, SHOWN, found};
use crate::{Error, GroupKind, PersonId, Profile};

/// A heading of the picker, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CategoryKind {
    /// The staff, for those who do not belong to it.
    Administration,
    /// The teachers of one's class, or of one's children's classes.
    Teachers,
    /// The other groups of one's own classes.
    Classes,
    /// Everybody of a profile in one's establishment.
    Establishment,
    /// The classes and teaching groups that are not one's own.
    OtherClasses,
    /// Manual and ad hoc groups.
    Groups,
    /// Distribution lists.
    Lists,
    /// Other establishments.
    Network,
}

impl CategoryKind {
    /// The heading in French, for a viewer of that profile.
    #[must_use]
    pub const fn title(self, viewer: Profile) -> &'static str {
        match (self, viewer) {
            (Self::Administration, _) => "Administration",
            (Self::Teachers, Profile::Relative) => "Enseignants de mes enfants",
            (Self::Teachers, _) => "Mes enseignants",
            (Self::Classes, Profile::Relative) => "Classes de mes enfants",
            (Self::Classes, Profile::Student) => "Ma classe et mes groupes",
            (Self::Classes, _) => "Mes classes",
            (Self::Establishment, _) => "Tout l’établissement",
            (Self::OtherClasses, Profile::Staff) => "Classes",
            (Self::OtherClasses, _) => "Autres classes",
            (Self::Groups, _) => "Groupes",
            (Self::Lists, _) => "Listes de diffusion",
            (Self::Network, _) => "Autres établissements",
        }
    }
}

/// A heading and its groups.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Category {
    /// Which one.
    pub kind: CategoryKind,
    /// What to show, in French.
    pub title: &'static str,
    /// In order of name, each with its number of members.
    pub groups: Vec<FoundGroup>,
}

/// The categories of the viewer that have groups. Not every group she may write to: those of establishments to which she
/// does not belong, and for a student or a relative the parts of the staff that follow other classes, are left to the search.
///
/// # Errors
/// When the database cannot be used.
pub fn categories(database: &impl Database, viewer: &PersonId) -> Result<Vec<Category>, Error> {
    let statement = format!(
        "WITH named AS MATERIALIZED (SELECT DISTINCT v.group_id AS id FROM reachable_group v WHERE v.sender_id = ?1)
        SELECT {COLUMNS}, (SELECT w.profile FROM person w WHERE w.id = ?1), g.class_id IN (
                SELECT o.class_id FROM membership m JOIN person_group o ON o.id = m.group_id WHERE m.person_id = ?1)
        FROM named x CROSS JOIN person_group g ON g.id = x.id
        WHERE {SHOWN} AND (g.uai IS NULL OR g.uai IN (SELECT w.uai FROM person w WHERE w.id = ?1
            UNION SELECT o.uai FROM membership m JOIN person_group o ON o.id = m.group_id WHERE m.person_id = ?1))
        ORDER BY g.folded_name, g.id"
    );
    let mut categories: Vec<Category> = Vec::new();
    for row in &database.execute(&statement, params![viewer.as_str()])? {
        let group = found(row)?;
        let profile: Profile = row.text(8)?.parse()?;
        let Some(kind) = kind(&group, profile, own(row)?) else { continue };
        match categories.iter_mut().find(|category| category.kind == kind) {
            Some(category) => category.groups.push(group),
            None => categories.push(Category { kind, title: kind.title(profile), groups: vec![group] }),
        }
    }
    categories.sort_by_key(|category| category.kind);
    Ok(categories)
}

/// Whether the group belongs to a class of the viewer; not for a group without class.
fn own(row: &Row) -> Result<bool, Error> {
    Ok(row.optional_integer(9)? == Some(1))
}

fn kind(group: &FoundGroup, viewer: Profile, own: bool) -> Option<CategoryKind> {
    let learner = matches!(viewer, Profile::Student | Profile::Relative);
    Some(match group.kind {
        GroupKind::List => CategoryKind::Lists,
        GroupKind::Manual | GroupKind::AdHoc => CategoryKind::Groups,
        GroupKind::Network => CategoryKind::Network,
        GroupKind::Establishment
            if group.profile == Some(Profile::Staff) && !matches!(viewer, Profile::Teacher | Profile::Staff) =>
        {
            CategoryKind::Administration
        }
        GroupKind::Establishment => CategoryKind::Establishment,
        GroupKind::Class | GroupKind::TeachingGroup | GroupKind::HeadTeacher
            if own && learner && group.profile == Some(Profile::Teacher) =>
        {
            CategoryKind::Teachers
        }
        GroupKind::Class | GroupKind::TeachingGroup | GroupKind::HeadTeacher if own => CategoryKind::Classes,
        GroupKind::Discipline | GroupKind::HeadTeacher => CategoryKind::Establishment,
        GroupKind::Class | GroupKind::TeachingGroup if learner => return None,
        GroupKind::Class | GroupKind::TeachingGroup => CategoryKind::OtherClasses,
    })
}
