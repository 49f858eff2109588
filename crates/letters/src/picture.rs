//! Pictures that were checked: a logo, a scanned signature.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Cursor;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// A PNG or JPEG picture that was read once: it can be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
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

/// Red, green, blue, opacity, a byte each.
pub(crate) type Pixels = Vec<u8>;

impl Picture {
    /// The longest file.
    pub const MAX_BYTES: usize = 1024 * 1024;
    /// The widest and the highest, in pixels.
    pub const MAX_SIDE: u32 = 2000;

    /// Reads the whole picture once.
    ///
    /// # Errors
    /// When the bytes are no such picture, or too large.
    pub fn new(bytes: Vec<u8>) -> Result<Self, BadPicture> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(BadPicture::TooLarge);
        }
        let (width, height, _) = decode(&bytes)?;
        Ok(Self { bytes, width, height })
    }

    /// Width and height, in pixels.
    #[must_use]
    pub const fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// "image/png" or "image/jpeg".
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        if is_jpeg(&self.bytes) { "image/jpeg" } else { "image/png" }
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The pixels; nothing when bytes that were stored have changed since.
    pub(crate) fn pixels(&self) -> Option<Pixels> {
        let (width, height, pixels) = decode(&self.bytes).ok()?;
        ((width, height) == (self.width, self.height)).then_some(pixels)
    }

    /// The same for the same picture.
    pub(crate) fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.bytes.hash(&mut hasher);
        hasher.finish()
    }

    /// The largest size in this room, in points, without more than 96 dots per inch being made of what is less.
    #[expect(clippy::cast_precision_loss, reason = "at most 2,000 pixels")]
    pub(crate) fn fitted(&self, width: f32, height: f32) -> (f32, f32) {
        let (w, h) = (self.width.max(1) as f32, self.height.max(1) as f32);
        let scale = (width / w).min(height / h);
        (w * scale, h * scale)
    }
}

fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8])
}

fn decode(bytes: &[u8]) -> Result<(u32, u32, Pixels), BadPicture> {
    let (width, height, pixels) = if is_jpeg(bytes) { jpeg(bytes)? } else { png(bytes)? };
    let expected = u64::from(width) * u64::from(height) * 4;
    if width == 0 || height == 0 || pixels.len() as u64 != expected {
        return Err(BadPicture::Format);
    }
    Ok((width, height, pixels))
}

fn allowed(width: u32, height: u32) -> Result<(), BadPicture> {
    if width.max(height) > Picture::MAX_SIDE { Err(BadPicture::TooLarge) } else { Ok(()) }
}

fn jpeg(bytes: &[u8]) -> Result<(u32, u32, Pixels), BadPicture> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGBA);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| BadPicture::Format)?;
    let (width, height) = decoder.dimensions().ok_or(BadPicture::Format)?;
    let (width, height) = (u32::try_from(width).unwrap_or(u32::MAX), u32::try_from(height).unwrap_or(u32::MAX));
    allowed(width, height)?;
    Ok((width, height, decoder.decode().map_err(|_| BadPicture::Format)?))
}

fn png(bytes: &[u8]) -> Result<(u32, u32, Pixels), BadPicture> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(|_| BadPicture::Format)?;
    let (width, height) = (reader.info().width, reader.info().height);
    allowed(width, height)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(BadPicture::TooLarge)?];
    let info = reader.next_frame(&mut pixels).map_err(|_| BadPicture::Format)?;
    pixels.truncate(info.buffer_size());
    match info.color_type {
        png::ColorType::Rgba => Ok((width, height, pixels)),
        png::ColorType::GrayscaleAlpha => {
            let wide = pixels.chunks_exact(2).flat_map(|p| match p {
                [grey, alpha] => [*grey, *grey, *grey, *alpha],
                _ => [0; 4],
            });
            Ok((width, height, wide.collect()))
        }
        _ => Err(BadPicture::Format),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn made(colour: png::ColorType, side: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(colour);
        encoder.write_header().unwrap().write_image_data(&vec![90; colour.samples() * (side * side) as usize]).unwrap();
        bytes
    }

    #[test]
    fn pictures_are_read_and_large_or_broken_ones_are_not() {
        for colour in
            [png::ColorType::Rgb, png::ColorType::Rgba, png::ColorType::Grayscale, png::ColorType::GrayscaleAlpha]
        {
            let picture = Picture::new(made(colour, 5)).unwrap();
            assert_eq!((picture.size(), picture.pixels().unwrap().len()), ((5, 5), 100));
        }
        assert_eq!(Picture::new(made(png::ColorType::Grayscale, 2001)), Err(BadPicture::TooLarge));
        assert_eq!(Picture::new(vec![0; Picture::MAX_BYTES + 1]), Err(BadPicture::TooLarge));
        for broken in [&b""[..], b"GIF89a", b"\xff\xd8\xff", b"<svg/>"] {
            assert_eq!(Picture::new(broken.to_vec()), Err(BadPicture::Format));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn broken_bytes_do_no_harm(at in 0_usize..60, byte: u8) {
            let mut bytes = made(png::ColorType::Rgba, 5);
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = Picture::new(bytes);
        }
    }
}
