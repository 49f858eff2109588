//! Reads a PDF back: the texts of its pages, its pages as pictures.

use std::collections::BTreeMap;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Encoding, Object};

pub(crate) fn open(pdf: &[u8]) -> Document {
    Document::load_mem(pdf).expect("a PDF that can be read")
}

/// Each text that was drawn, in its order, page by page.
pub(crate) fn texts(pdf: &[u8]) -> Vec<Vec<String>> {
    let document = open(pdf);
    let root = document.catalog().and_then(|c| c.get(b"Pages")?.as_reference()).unwrap();
    let resources = document.get_dictionary(root).and_then(|root| root.get(b"Resources")?.as_reference()).unwrap();
    let resources = document.get_dictionary(resources).unwrap();
    let fonts = resources.get(b"Font").and_then(Object::as_dict).unwrap();
    let encodings: BTreeMap<Vec<u8>, Encoding<'_>> = fonts
        .iter()
        .map(|(name, font)| {
            let font = document.get_dictionary(font.as_reference().unwrap()).unwrap();
            (name.clone(), font.get_font_encoding(&document).unwrap())
        })
        .collect();
    let pieces = resources.get(b"XObject").and_then(Object::as_dict).unwrap();
    let reader = Reader { document: &document, encodings, pieces };
    document
        .get_pages()
        .values()
        .map(|page| {
            let mut told = Vec::new();
            reader.read(&document.get_page_content(*page), &mut told);
            told
        })
        .collect()
}

struct Reader<'a> {
    document: &'a Document,
    encodings: BTreeMap<Vec<u8>, Encoding<'a>>,
    pieces: &'a Dictionary,
}

impl Reader<'_> {
    fn read(&self, content: &[u8], told: &mut Vec<String>) {
        let mut font = None;
        for operation in Content::decode(content).expect("a content stream").operations {
            match (operation.operator.as_str(), operation.operands.as_slice()) {
                ("Tf", [Object::Name(name), _]) => font = self.encodings.get(name),
                ("Tj", [Object::String(bytes, _)]) => {
                    told.push(Document::decode_text(font.expect("a font"), bytes).expect("text"));
                }
                ("Do", [Object::Name(name)]) => {
                    let id = self.pieces.get(name).and_then(Object::as_reference).expect("a piece that exists");
                    let stream = self.document.get_object(id).and_then(Object::as_stream).unwrap();
                    if stream.dict.get(b"Subtype").and_then(Object::as_name).unwrap() == b"Form" {
                        self.read(&stream.decompressed_content().unwrap(), told);
                    }
                }
                _ => {}
            }
        }
    }
}

/// A page in shades of grey: width, height, a byte a pixel.
pub(crate) fn picture(pdf: &[u8], page: usize) -> (u32, u32, Vec<u8>) {
    let pdf = hayro::hayro_syntax::Pdf::new(pdf.to_vec()).expect("a PDF that can be drawn");
    let settings = PixmapSettings { x_scale: 0.8, y_scale: 0.8, bg_color: WHITE };
    let drawn = hayro::render(
        &pdf.pages()[page],
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let grey = drawn
        .data()
        .iter()
        .map(|p| u8::try_from((u32::from(p.r) * 3 + u32::from(p.g) * 6 + u32::from(p.b)) / 10).unwrap());
    (drawn.width().into(), drawn.height().into(), grey.collect())
}
