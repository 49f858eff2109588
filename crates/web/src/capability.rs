//! What a capability says of itself, and the menu made of it.

use serde::{Deserialize, Serialize};

use crate::Viewer;

/// A capability as the menu shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// The component's id: folder, crate and Spin id; first segment of its paths.
    pub id: &'static str,
    /// What the menu calls it.
    pub label: &'static str,
    /// Where the menu leads.
    pub href: &'static str,
    /// Place in the menu, smallest first: send-message 10, broadcast 20, directory 30, publipostage 40, outbox 50,
    /// redirect 90.
    pub order: u8,
    /// Whom the menu shows it to. Only a convenience: the routes themselves decide who may ask.
    pub audience: Audience,
}

impl Capability {
    /// A capability that the menu shows to everybody who is signed in.
    #[must_use]
    pub const fn new(id: &'static str, label: &'static str, href: &'static str, order: u8) -> Self {
        Self { id, label, href, order, audience: Audience::Everyone }
    }

    /// Sets [`Self::audience`].
    #[must_use]
    pub const fn shown_to(mut self, audience: Audience) -> Self {
        self.audience = audience;
        self
    }

    pub(crate) fn item(&self) -> MenuItem {
        MenuItem {
            id: self.id.to_owned(),
            label: self.label.to_owned(),
            href: self.href.to_owned(),
            order: self.order,
            audience: self.audience,
        }
    }
}

/// Whom the menu shows a capability to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Everybody who is signed in.
    Everyone,
    /// Teachers, staff and local administrators.
    Staff,
    /// Local administrators (ADML).
    LocalAdmins,
    /// Local administrators, and administrators of classes (P-1).
    Administrators,
    /// Nobody: the capability has pages of its own but no place in the menu.
    Nobody,
}

impl Audience {
    /// Whether `viewer` belongs to it.
    #[must_use]
    pub fn includes(self, viewer: &Viewer) -> bool {
        match self {
            Self::Everyone => true,
            Self::Staff => viewer.is_staff() || viewer.is_local_admin(),
            Self::LocalAdmins => viewer.is_local_admin(),
            Self::Administrators => viewer.is_local_admin() || viewer.administers_classes,
            Self::Nobody => false,
        }
    }
}

/// One entry of the menu, as `GET /<capability>/menu` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuItem {
    /// [`Capability::id`]
    pub id: String,
    /// [`Capability::label`]
    pub label: String,
    /// [`Capability::href`]
    pub href: String,
    /// [`Capability::order`]
    pub order: u8,
    /// [`Capability::audience`]
    pub audience: Audience,
}
