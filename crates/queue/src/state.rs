//! The states of a delivery (DOMAIN §4).

use serde::{Deserialize, Serialize};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for its turn, or for its next try.
    Pending,
    /// A run is sending it.
    Leased,
    /// A server took it.
    Sent,
    /// A server will never take it.
    Failed,
    /// An administrator keeps it back.
    Held,
    /// An administrator called it off.
    Cancelled,
    /// Not taken within 48 hours.
    Dead,
}

impl State {
    /// All states, those that need somebody first.
    pub const ALL: [Self; 7] =
        [Self::Failed, Self::Dead, Self::Held, Self::Pending, Self::Leased, Self::Sent, Self::Cancelled];

    /// As in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Leased => "leased",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        }
    }

    /// The state of a value of the database or the API.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == value)
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pending => "En attente",
            Self::Leased => "En cours d’envoi",
            Self::Sent => "Remis",
            Self::Failed => "Refusé",
            Self::Held => "Retenu",
            Self::Cancelled => "Annulé",
            Self::Dead => "Abandonné",
        }
    }
}
