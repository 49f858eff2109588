//! What all letters of a job have in common.

use serde::{Deserialize, Serialize};

use crate::Picture;

/// The establishment that writes, and where its letters lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Its name: "Collège Jean-Jaurès".
    pub name: String,
    /// Its UAI.
    pub uai: String,
    /// Its postal address.
    pub address_lines: Vec<String>,
    /// Its logo.
    pub logo: Option<Picture>,
    /// The address of the activation page up to the login: `https://…/session/activate?login=`. `None`: no QR code is drawn.
    pub activation_url: Option<String>,
    /// What people type to come to the service: "ent.exemple.fr".
    pub site: String,
    /// The date of the letters, written out: "le 22 novembre 2026".
    pub date: String,
}
