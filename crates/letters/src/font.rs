//! The faces that letters are set in, and what is known of their glyphs.
//!
//! Atkinson Hyperlegible Next (OFL), and its Mono for logins and codes, where 1, l, I and 0, O are unlike one another. The files
//! are reduced to Latin: `fonts/README.md`.

use std::sync::OnceLock;

/// A face, by its place in [`Face::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
    Italic,
    BoldItalic,
    Mono,
}

impl Face {
    pub(crate) const ALL: [Self; 5] = [Self::Regular, Self::Bold, Self::Italic, Self::BoldItalic, Self::Mono];

    pub(crate) const fn styled(bold: bool, italic: bool) -> Self {
        match (bold, italic) {
            (false, false) => Self::Regular,
            (true, false) => Self::Bold,
            (false, true) => Self::Italic,
            (true, true) => Self::BoldItalic,
        }
    }

    /// The whole font, as it is in this crate.
    pub(crate) const fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../fonts/AtkinsonHyperlegibleNext-regular.ttf"),
            Self::Bold => include_bytes!("../fonts/AtkinsonHyperlegibleNext-bold.ttf"),
            Self::Italic => include_bytes!("../fonts/AtkinsonHyperlegibleNext-italic.ttf"),
            Self::BoldItalic => include_bytes!("../fonts/AtkinsonHyperlegibleNext-bold-italic.ttf"),
            Self::Mono => include_bytes!("../fonts/AtkinsonHyperlegibleMono-semibold.ttf"),
        }
    }

    pub(crate) const fn postscript(self) -> &'static str {
        match self {
            Self::Regular => "AtkinsonHyperlegibleNext-Regular",
            Self::Bold => "AtkinsonHyperlegibleNext-Bold",
            Self::Italic => "AtkinsonHyperlegibleNext-Italic",
            Self::BoldItalic => "AtkinsonHyperlegibleNext-BoldItalic",
            Self::Mono => "AtkinsonHyperlegibleMono-SemiBold",
        }
    }

    /// The glyph of a character; `None` when the face lacks it.
    pub(crate) fn glyph(self, character: char) -> Option<Glyph> {
        metrics(self).get(character)
    }

    pub(crate) fn has(self, character: char) -> bool {
        self.glyph(character).is_some()
    }

    /// The parsed font, for outlines.
    pub(crate) fn outlines(self) -> Option<ttf_parser::Face<'static>> {
        ttf_parser::Face::parse(self.file(), 0).ok()
    }
}

/// How high capitals are, and how far letters reach above and under the line, in thousandths of the size; alike in all faces.
pub(crate) const CAP_HEIGHT: i16 = 668;
pub(crate) const ASCENT: i16 = 984;
pub(crate) const DESCENT: i16 = -316;

/// A drawn character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph {
    /// What it stands for.
    pub(crate) character: char,
    /// Its number in the whole font.
    pub(crate) id: u16,
    /// Its advance, in thousandths of the size.
    pub(crate) advance: u16,
}

/// Characters below this are looked up at once: all but some punctuation.
const DIRECT: usize = 0x250;

struct Metrics {
    direct: Vec<Option<Glyph>>,
    others: Vec<Glyph>,
}

impl Metrics {
    fn get(&self, character: char) -> Option<Glyph> {
        match self.direct.get(character as usize) {
            Some(found) => *found,
            None => {
                let at = self.others.binary_search_by_key(&character, |glyph| glyph.character).ok()?;
                self.others.get(at).copied()
            }
        }
    }

    fn read(face: Face) -> Self {
        let mut glyphs = Vec::new();
        if let Some(font) = face.outlines() {
            let tables = font.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables);
            for table in tables.filter(ttf_parser::cmap::Subtable::is_unicode) {
                table.codepoints(|code| {
                    let Some(character) = char::from_u32(code) else { return };
                    let Some(id) = table.glyph_index(code).filter(|id| id.0 != 0) else { return };
                    let advance = font.glyph_hor_advance(id).unwrap_or(0);
                    glyphs.push(Glyph { character, id: id.0, advance });
                });
            }
        }
        glyphs.sort_by_key(|glyph| glyph.character);
        glyphs.dedup_by_key(|glyph| glyph.character);
        let mut direct = vec![None; DIRECT];
        for glyph in &glyphs {
            if let Some(place) = direct.get_mut(glyph.character as usize) {
                *place = Some(*glyph);
            }
        }
        glyphs.retain(|glyph| glyph.character as usize >= DIRECT);
        Self { direct, others: glyphs }
    }
}

fn metrics(face: Face) -> &'static Metrics {
    static ALL: [OnceLock<Metrics>; 5] = [const { OnceLock::new() }; 5];
    let [regular, bold, italic, bold_italic, mono] = &ALL;
    let slot = match face {
        Face::Regular => regular,
        Face::Bold => bold,
        Face::Italic => italic,
        Face::BoldItalic => bold_italic,
        Face::Mono => mono,
    };
    slot.get_or_init(|| Metrics::read(face))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What French administrations write, and the neighbours' names.
    const NEEDED: &str = "ABCXYZabcxyz0123456789ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæñÑáíóúãõåøßčćđšžłńśźżęąğışțșőűůě\
        «»‹›“”‘’„–—…•·°§€%&@#/\\|()[]{}<>=+−×÷±²³½¼¾№†‡\u{a0}\u{202f}\u{2011}";

    #[test]
    fn every_text_face_has_what_french_letters_need() {
        for face in [Face::Regular, Face::Bold, Face::Italic, Face::BoldItalic] {
            let lacking: String = NEEDED.chars().filter(|c| !face.has(*c)).collect();
            assert_eq!(lacking.replace('№', ""), "", "{face:?}");
        }
        assert!(('!'..='~').all(|c| Face::Mono.has(c)));
        let widths: Vec<_> = ('!'..='~').filter_map(|c| Face::Mono.glyph(c)).map(|g| g.advance).collect();
        assert!(widths.iter().all(|w| *w == widths[0]));
    }

    #[test]
    fn the_measures_are_those_of_the_files() {
        for face in Face::ALL {
            let font = face.outlines().unwrap();
            assert_eq!(font.units_per_em(), 1000);
            assert_eq!((font.ascender(), font.descender()), (ASCENT, DESCENT));
            assert_eq!(font.capital_height(), Some(CAP_HEIGHT));
        }
    }
}
