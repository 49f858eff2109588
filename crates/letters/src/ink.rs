//! The language of pages: a content stream (ISO 32000-1 §8, §9). Points, from the top left corner of an A4 page.

use crate::file::Id;
use crate::font::Face;

/// A4, in points.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;

/// Millimetres in points.
pub(crate) const fn mm(millimetres: f32) -> f32 {
    millimetres * 72.0 / 25.4
}

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

pub(crate) const BLACK: Colour = Colour(0, 0, 0);
/// Titles: a blue that has a contrast of more than 9 on white.
pub(crate) const NAVY: Colour = Colour(0x1b, 0x3a, 0x6b);
/// What is less important: still 7 to 1.
pub(crate) const GREY: Colour = Colour(0x4d, 0x54, 0x5e);
/// Behind what is typed.
pub(crate) const PALE: Colour = Colour(0xee, 0xf3, 0xfa);
pub(crate) const RULE: Colour = Colour(0xa9, 0xb4, 0xc4);
pub(crate) const WHITE: Colour = Colour(255, 255, 255);

/// A content stream that is being written.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Ink {
    pub(crate) bytes: Vec<u8>,
    /// `None`: not known, as at the beginning of a piece that others call.
    fill: Option<Colour>,
    font: Option<(u8, u16)>,
}

impl Ink {
    /// A number with at most two decimals.
    pub(crate) fn number(&mut self, value: f32) {
        #[expect(clippy::cast_possible_truncation, reason = "places on a page, and saturating")]
        let mut hundredths = (value * 100.0).round() as i32;
        if hundredths < 0 {
            self.bytes.push(b'-');
            hundredths = -hundredths;
        }
        let hundredths = hundredths.unsigned_abs();
        self.integer(hundredths / 100);
        let rest = hundredths % 100;
        if rest > 0 {
            self.bytes.push(b'.');
            self.digit(rest / 10);
            if !rest.is_multiple_of(10) {
                self.digit(rest % 10);
            }
        }
    }

    fn digit(&mut self, digit: u32) {
        self.bytes.push(b'0' + u8::try_from(digit % 10).unwrap_or(0));
    }

    pub(crate) fn integer(&mut self, value: u32) {
        let mut divisor = 1;
        while value / divisor >= 10 {
            divisor *= 10;
        }
        while divisor > 0 {
            self.digit(value / divisor);
            divisor /= 10;
        }
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn numbers(&mut self, values: &[f32]) {
        for value in values {
            self.number(*value);
            self.bytes.push(b' ');
        }
    }

    /// Numbers with four decimals: what is multiplied by many.
    pub(crate) fn precise(&mut self, values: &[f32]) {
        for value in values {
            self.raw(&format!("{value:.4} "));
        }
    }

    pub(crate) fn colour(&mut self, colour: Colour) {
        if self.fill != Some(colour) {
            self.fill = Some(colour);
            self.numbers(&[f32::from(colour.0) / 255.0, f32::from(colour.1) / 255.0, f32::from(colour.2) / 255.0]);
            self.raw("rg\n");
        }
    }

    pub(crate) fn stroke_colour(&mut self, colour: Colour) {
        self.numbers(&[f32::from(colour.0) / 255.0, f32::from(colour.1) / 255.0, f32::from(colour.2) / 255.0]);
        self.raw("RG\n");
    }

    /// A filled rectangle; `y` is its upper side.
    pub(crate) fn rectangle(&mut self, colour: Colour, x: f32, y: f32, width: f32, height: f32) {
        self.colour(colour);
        self.numbers(&[x, HEIGHT - y - height, width, height]);
        self.raw("re f\n");
    }

    /// A filled rectangle with round corners.
    pub(crate) fn panel(&mut self, colour: Colour, x: f32, y: f32, width: f32, height: f32, radius: f32) {
        self.colour(colour);
        let (left, right, top, bottom) = (x, x + width, HEIGHT - y, HEIGHT - y - height);
        let k = radius * 0.448;
        self.numbers(&[left + radius, bottom]);
        self.raw("m ");
        self.numbers(&[right - radius, bottom]);
        self.raw("l ");
        self.numbers(&[right - k, bottom, right, bottom + k, right, bottom + radius]);
        self.raw("c ");
        self.numbers(&[right, top - radius]);
        self.raw("l ");
        self.numbers(&[right, top - k, right - k, top, right - radius, top]);
        self.raw("c ");
        self.numbers(&[left + radius, top]);
        self.raw("l ");
        self.numbers(&[left + k, top, left, top - k, left, top - radius]);
        self.raw("c ");
        self.numbers(&[left, bottom + radius]);
        self.raw("l ");
        self.numbers(&[left, bottom + k, left + k, bottom, left + radius, bottom]);
        self.raw("c f\n");
    }

    pub(crate) fn line(&mut self, x1: f32, y1: f32, x2: f32, y2: f32) {
        self.numbers(&[x1, HEIGHT - y1]);
        self.raw("m ");
        self.numbers(&[x2, HEIGHT - y2]);
        self.raw("l S\n");
    }

    /// Text from `x` on the line `y`: numbers of glyphs in the subset of the face. `spacing`: more room after each glyph.
    #[expect(clippy::too_many_arguments, reason = "what text needs")]
    pub(crate) fn text(
        &mut self,
        face: Face,
        size: f32,
        colour: Colour,
        x: f32,
        y: f32,
        spacing: f32,
        glyphs: impl Iterator<Item = u16>,
    ) {
        self.colour(colour);
        self.raw("BT ");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes are small and positive")]
        let key = (face as u8, (size * 100.0).round() as u16);
        if self.font != Some(key) {
            self.font = Some(key);
            self.raw("/F");
            self.digit(u32::from(key.0));
            self.bytes.push(b' ');
            self.number(size);
            self.raw(" Tf ");
        }
        self.numbers(&[x, HEIGHT - y]);
        self.raw("Td ");
        if spacing > 0.0 {
            self.number(spacing);
            self.raw(" Tc ");
        }
        self.bytes.push(b'(');
        for glyph in glyphs {
            for byte in glyph.to_be_bytes() {
                match byte {
                    b'(' | b')' | b'\\' => self.bytes.extend_from_slice(&[b'\\', byte]),
                    b'\r' => self.raw("\\r"),
                    _ => self.bytes.push(byte),
                }
            }
        }
        self.raw(")Tj ");
        if spacing > 0.0 {
            self.raw("0 Tc ");
        }
        self.raw("ET\n");
    }

    /// A picture or a drawn piece by its name in the resources, with its lower left corner moved.
    pub(crate) fn piece(&mut self, kind: char, number: Id, matrix: Option<[f32; 6]>) {
        if let Some(matrix) = matrix {
            self.raw("q ");
            self.numbers(&matrix);
            self.raw("cm ");
        }
        self.bytes.push(b'/');
        self.bytes.push(u8::try_from(kind).unwrap_or(b'X'));
        self.integer(number);
        self.raw(" Do");
        self.raw(if matrix.is_some() { " Q\n" } else { "\n" });
    }

    /// Room for the next page: nothing is set any more.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.fill = None;
        self.font = None;
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, written) in
            [(0.0, "0"), (-0.001, "0"), (12.5, "12.5"), (-3.049, "-3.05"), (100.0, "100"), (0.07, "0.07")]
        {
            let mut ink = Ink::default();
            ink.number(value);
            assert_eq!(String::from_utf8(ink.take()).unwrap(), written);
        }
    }

    #[test]
    fn a_glyph_cannot_end_its_string() {
        let mut ink = Ink::default();
        ink.text(Face::Mono, 10.0, BLACK, 0.0, HEIGHT, 0.0, [0x2829, 0x5c0d].into_iter());
        assert_eq!(ink.take(), b"0 0 0 rg\nBT /F4 10 Tf 0 0 Td (\\(\\)\\\\\\r)Tj ET\n");
    }
}
