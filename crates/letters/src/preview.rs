//! The first page of a letter as a picture (P-6), drawn from the same places as the PDF.

use thiserror::Error;
use tiny_skia::{
    Color, FillRule, FilterQuality, Paint, PathBuilder, Pixmap, PixmapPaint, PremultipliedColorU8, Rect, Transform,
};

use crate::flow::{self, Item};
use crate::font::Face;
use crate::ink::{Colour, HEIGHT, WIDTH};
use crate::picture::Picture;
use crate::{Letter, Sender, Unprintable};

/// The preview could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoPreview {
    /// As when it is printed.
    #[error(transparent)]
    Unprintable(#[from] Unprintable),
    /// The picture could not be drawn.
    #[error("the preview could not be drawn")]
    Drawing,
}

/// The first page of a letter as a PNG, `width` pixels wide (100 to 1,600; 800 reads well).
///
/// # Errors
/// A letter that cannot be printed; no memory.
pub fn page_png(sender: &Sender, letter: &Letter, width: u32) -> Result<Vec<u8>, NoPreview> {
    let set = flow::set(0, sender, letter)?;
    #[expect(clippy::cast_precision_loss, reason = "at most 1,600")]
    let scale = width.clamp(100, 1600) as f32 / WIDTH;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 2,263")]
    let (width, height) = (width.clamp(100, 1600), (HEIGHT * scale).round() as u32);
    let mut map = Pixmap::new(width, height).ok_or(NoPreview::Drawing)?;
    map.fill(Color::WHITE);
    let scale = Transform::from_scale(scale, scale);
    for (_, item) in set.pages.first().into_iter().flatten() {
        match item {
            Item::Text { face, size, colour, x, y, glyphs } => {
                let ids = glyphs.iter().map(|glyph| (glyph.id, glyph.advance));
                text(&mut map, scale, *face, *size, *colour, (*x, *y), ids);
            }
            Item::Rectangle { colour, x, y, width, height } => {
                if let Some(area) = Rect::from_xywh(*x, *y, *width, *height) {
                    map.fill_rect(area, &paint(*colour), scale, None);
                }
            }
            Item::Picture { number, x, y, width, height } => {
                if let Some(picture) = set.pictures.get(*number) {
                    place(&mut map, scale, picture, (*x, *y, *width, *height));
                }
            }
        }
    }
    encode(&map).ok_or(NoPreview::Drawing)
}

fn paint(colour: Colour) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(colour.0, colour.1, colour.2, 255);
    paint
}

struct Outline(PathBuilder);

impl ttf_parser::OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }
    fn close(&mut self) {
        self.0.close();
    }
}

fn text(
    map: &mut Pixmap,
    scale: Transform,
    face: Face,
    size: f32,
    colour: Colour,
    (mut x, y): (f32, f32),
    glyphs: impl Iterator<Item = (u16, u16)>,
) {
    let Some(font) = face.outlines() else { return };
    let em = size / 1000.0;
    for (id, advance) in glyphs {
        let mut outline = Outline(PathBuilder::new());
        font.outline_glyph(ttf_parser::GlyphId(id), &mut outline);
        if let Some(path) = outline.0.finish() {
            let placed = scale.pre_concat(Transform::from_row(em, 0.0, 0.0, -em, x, y));
            map.fill_path(&path, &paint(colour), FillRule::Winding, placed, None);
        }
        x += f32::from(advance) * em;
    }
}

fn place(map: &mut Pixmap, scale: Transform, picture: &Picture, (x, y, width, height): (f32, f32, f32, f32)) {
    let (w, h) = picture.size();
    let (Some(pixels), Some(mut source)) = (picture.pixels(), Pixmap::new(w, h)) else { return };
    for (to, from) in source.pixels_mut().iter_mut().zip(pixels.chunks_exact(4)) {
        if let [red, green, blue, alpha] = *from {
            let premultiplied = |c: u8| u8::try_from(u16::from(c) * u16::from(alpha) / 255).unwrap_or(alpha);
            let pixel =
                PremultipliedColorU8::from_rgba(premultiplied(red), premultiplied(green), premultiplied(blue), alpha);
            *to = pixel.unwrap_or(*to);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 2,000 pixels")]
    let fit = Transform::from_row(width / w as f32, 0.0, 0.0, height / h as f32, x, y);
    let paint = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
    map.draw_pixmap(0, 0, source.as_ref(), &paint, scale.pre_concat(fit), None);
}

/// The page is opaque: three colours a pixel.
fn encode(map: &Pixmap) -> Option<Vec<u8>> {
    let colours: Vec<u8> = map.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, map.width(), map.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&colours).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
