//! Fonts and pictures in the file. Glyphs get numbers in the order of their first use, so that pages can be written long before
//! the subset of the font is made, at the very end.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use subsetter::GlyphRemapper;

use crate::file::{File, Id, Out};
use crate::font::{ASCENT, CAP_HEIGHT, DESCENT, Face, Glyph};
use crate::picture::Picture;

/// The glyphs of one face that were used.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Used {
    glyphs: Vec<(u16, char)>,
    /// New numbers by old ones; made again when the state comes back.
    #[serde(skip)]
    numbers: Vec<u16>,
}

impl Used {
    fn number(&mut self, glyph: Glyph) -> u16 {
        if self.numbers.is_empty() {
            self.numbers = vec![0; 1024];
            for (place, (old, _)) in (1..).zip(&self.glyphs) {
                if let Some(number) = self.numbers.get_mut(usize::from(*old)) {
                    *number = place;
                }
            }
        }
        let Some(number) = self.numbers.get_mut(usize::from(glyph.id)) else { return 0 };
        if *number == 0 {
            // A no-break space and hyphen look like the others: they are told as those.
            let character = match glyph.character {
                '\u{a0}' => ' ',
                '\u{2011}' => '-',
                other => other,
            };
            self.glyphs.push((glyph.id, character));
            *number = u16::try_from(self.glyphs.len()).unwrap_or(0);
        }
        *number
    }
}

/// The faces of a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Faces([Used; 5]);

impl Faces {
    /// The number of a glyph in the file.
    pub(crate) fn number(&mut self, face: Face, glyph: Glyph) -> u16 {
        self.0.get_mut(face as usize).map_or(0, |used| used.number(glyph))
    }

    /// Writes the faces that were used; what the resources say of them.
    pub(crate) fn write(&self, file: &mut File, out: &mut Out) -> String {
        let mut resources = String::new();
        for (face, used) in Face::ALL.into_iter().zip(&self.0) {
            if !used.glyphs.is_empty()
                && let Some(id) = write(face, used, file, out)
            {
                let _ = write!(resources, "/F{} {id} 0 R", face as usize);
            }
        }
        resources
    }
}

fn write(face: Face, used: &Used, file: &mut File, out: &mut Out) -> Option<Id> {
    let old: Vec<u16> = used.glyphs.iter().map(|(id, _)| *id).collect();
    let subset = subsetter::subset(face.file(), 0, &GlyphRemapper::new_from_glyphs(&old)).ok()?;
    let data = file.stream(out, &format!("/Length1 {}", subset.len()), &subset);
    let name = format!("{}+{}", tag(&old), face.postscript());
    let font = face.outlines()?;
    let bounds = font.global_bounding_box();
    let (flags, angle) = match face {
        Face::Italic | Face::BoldItalic => (0x60, -10),
        Face::Mono => (0x21, 0),
        Face::Regular | Face::Bold => (0x20, 0),
    };
    let descriptor = file.object(
        format!(
            "<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{} {} {} {}]/ItalicAngle {angle}/Ascent {ASCENT}\
            /Descent {DESCENT}/CapHeight {CAP_HEIGHT}/StemV 90/FontFile2 {data} 0 R>>",
            bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max
        )
        .as_bytes(),
    );
    let mut widths = String::new();
    for (id, _) in &used.glyphs {
        let _ = write!(widths, "{} ", font.glyph_hor_advance(ttf_parser::GlyphId(*id)).unwrap_or(0));
    }
    let descendant = file.object(
        format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
            /FontDescriptor {descriptor} 0 R/CIDToGIDMap/Identity/DW 0/W[1[{widths}]]>>"
        )
        .as_bytes(),
    );
    let unicode = file.stream(out, "", to_unicode(used).as_bytes());
    Some(file.object(
        format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"
        )
        .as_bytes(),
    ))
}

/// Six capitals that say which subset it is.
fn tag(glyphs: &[u16]) -> String {
    let mut hash = glyphs.iter().fold(17_u32, |hash, glyph| hash.wrapping_mul(31).wrapping_add(u32::from(*glyph)));
    (0..6)
        .map(|_| {
            let letter = u8::try_from(hash % 26).unwrap_or(0);
            hash /= 13;
            char::from(b'A' + letter)
        })
        .collect()
}

fn to_unicode(used: &Used) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)\
        /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\n\
        endcodespacerange\n",
    );
    let numbered: Vec<(usize, char)> = (1..).zip(used.glyphs.iter().map(|(_, c)| *c)).collect();
    for part in numbered.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", part.len());
        for (number, character) in part {
            let _ = write!(map, "<{number:04X}> <");
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(map, "{unit:04X}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
    map
}

/// Writes a picture; nothing when its bytes are broken.
pub(crate) fn picture(picture: &Picture, file: &mut File, out: &mut Out) -> Option<Id> {
    let pixels = picture.pixels()?;
    let (width, height) = picture.size();
    let size = format!("/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8");
    let (mut colours, mut opacity) = (Vec::with_capacity(pixels.len()), Vec::with_capacity(pixels.len() / 4));
    for pixel in pixels.chunks_exact(4) {
        if let [red, green, blue, alpha] = pixel {
            colours.extend_from_slice(&[*red, *green, *blue]);
            opacity.push(*alpha);
        }
    }
    let mask = if opacity.iter().any(|alpha| *alpha < 255) {
        let id = file.stream(out, &format!("{size}/ColorSpace/DeviceGray"), &opacity);
        format!("/SMask {id} 0 R")
    } else {
        String::new()
    };
    let entries = format!("{size}/ColorSpace/DeviceRGB{mask}");
    if picture.media_type() == "image/jpeg" && colours_of_jpeg(picture.bytes()) == Some(3) {
        return Some(file.plain_stream(out, &format!("{entries}/Filter/DCTDecode"), picture.bytes()));
    }
    Some(file.stream(out, &entries, &colours))
}

/// How many colours the frame of a JPEG has (ITU T.81 §B.2.2).
fn colours_of_jpeg(bytes: &[u8]) -> Option<u8> {
    let mut at = 2;
    loop {
        let [0xff, marker, high, low] = *bytes.get(at..at + 4)? else { return None };
        if matches!(marker, 0xc0..=0xc2) {
            return bytes.get(at + 9).copied();
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}
