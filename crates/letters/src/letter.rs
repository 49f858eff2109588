//! A model letter that is merged already (P-5, P-6).

use serde::{Deserialize, Serialize};

use crate::Picture;

/// A letter of one to some pages, ready to be printed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Letter {
    /// Name and postal address of whom it is for, as in the window of an envelope; at most six lines are drawn.
    pub addressee: Vec<String>,
    /// "Toulouse, le 22 novembre 2026"
    pub place_and_date: String,
    /// The subject, without "Objet :"; nothing is drawn when it is empty.
    pub subject: String,
    /// The body.
    pub blocks: Vec<Block>,
    /// Under the body: the name and the function of who signs, one a line.
    pub signature: Vec<String>,
    /// The scanned signature, above the name.
    pub signature_picture: Option<Picture>,
}

/// A piece of a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Block {
    /// A title inside the letter.
    Heading(Vec<Run>),
    /// A paragraph; a run may hold line ends ('\n').
    Paragraph(Vec<Run>),
    /// A paragraph that is set in.
    Quote(Vec<Run>),
    /// A list; each item is the runs of one paragraph.
    List {
        /// Numbered from 1, or dotted.
        ordered: bool,
        /// The items.
        items: Vec<Vec<Run>>,
    },
    /// A table; columns are equally wide.
    Table {
        /// Whether the first row is of titles.
        header: bool,
        /// Rows of cells.
        rows: Vec<Vec<Vec<Run>>>,
    },
    /// A picture in the text, as wide as it is but never wider than the text.
    Picture {
        /// The picture.
        picture: Picture,
        /// What it shows, for those who cannot see it.
        alt: String,
    },
    /// Empty room, in millimetres (at most 200).
    Space(u8),
}

/// Text of one style.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
}

impl Run {
    /// Text without a style.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}
