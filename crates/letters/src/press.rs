//! A PDF that is written piece by piece (P-3, P-6), tagged for those who cannot see it (PDF/UA-1).
//!
//! What pages have in common (letterhead, steps, labels) is drawn once, as pieces that pages call; all pages share one dictionary
//! of resources, written last. A page is complete before the next begins, but for the sheet of eight, which waits in the state. A little
//! long: what is put away between two pieces is declared, used and finished in one place.

use std::io::Write as _;

use serde::{Deserialize, Serialize};

use crate::account::{Account, Ready};
use crate::embed::{self, Faces};
use crate::file::{File, Id, Out};
use crate::ink::{Colour, HEIGHT, Ink, WIDTH};
use crate::picture::Picture;
use crate::plate::Plates;
use crate::tags::{Place, Tree, string};
use crate::text::Line;
use crate::{Letter, Sender, Unprintable, eight, flow, one};

/// How many accounts a page has (P-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// One A4 page each, folded in three for a window envelope.
    OnePerPage,
    /// Eight on an A4 page, to cut.
    EightPerPage,
}

/// Pages under one node of the page tree, and under one leaf of the tree of marks.
const BRANCH: usize = 64;

/// A PDF that is written piece by piece, so that memory stays flat however many letters there are. Between two pieces it can be
/// put away (serde; the codes of a sheet that is not full yet are in it) and taken up again; the file is the same byte for byte
/// however the letters are divided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Press {
    layout: Layout,
    title: String,
    file: File,
    pub(crate) faces: Faces,
    /// The number of the dictionary of resources, of the page tree, and of the top of the structure.
    resources: Id,
    root: Id,
    document: Id,
    /// Drawn pieces by what they are, pictures by what they show.
    forms: Vec<(u16, Id)>,
    pictures: Vec<(u64, Option<Id>)>,
    pages: u32,
    branch: Branch,
    branches: Vec<(Id, u32)>,
    leaves: Vec<(Id, u32, u32)>,
    letters: Vec<Id>,
    sheet: Option<Sheet>,
}

/// The pages of the node that is not full yet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Branch {
    node: Id,
    first: u32,
    kids: Vec<Id>,
    /// The entries of the tree of marks.
    marks: Vec<u8>,
}

/// What is being drawn on a page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Sheet {
    pub(crate) ink: Ink,
    pub(crate) tree: Tree,
    /// Accounts on it.
    pub(crate) cells: u8,
}

impl Sheet {
    /// Draws something that is part of `element`.
    pub(crate) fn tagged(&mut self, element: Place, draw: impl FnOnce(&mut Ink)) {
        let (number, role) = self.tree.mark(element, 0);
        mark(&mut self.ink, number, role);
        draw(&mut self.ink);
        self.ink.raw("EMC\n");
    }

    /// Draws something that says nothing: a rule, a ground.
    pub(crate) fn artifact(&mut self, draw: impl FnOnce(&mut Ink)) {
        self.ink.raw("/Artifact BMC\n");
        draw(&mut self.ink);
        self.ink.raw("EMC\n");
    }
}

pub(crate) fn mark(ink: &mut Ink, number: u32, role: &str) {
    ink.raw("/");
    ink.raw(role);
    ink.raw("<</MCID ");
    ink.integer(number);
    ink.raw(">>BDC\n");
}

impl Press {
    /// An empty document; `title` is shown by readers in the title bar.
    #[must_use]
    pub fn new(sender: &Sender, layout: Layout, title: &str) -> Self {
        let mut file = File::open();
        let (resources, root, document) = (file.reserve(), file.reserve(), file.reserve());
        let title = if title.is_empty() { sender.name.clone() } else { title.to_owned() };
        Self {
            layout,
            title,
            file,
            faces: Faces::default(),
            resources,
            root,
            document,
            forms: Vec::new(),
            pictures: Vec::new(),
            pages: 0,
            branch: Branch::default(),
            branches: Vec::new(),
            leaves: Vec::new(),
            letters: Vec::new(),
            sheet: None,
        }
    }

    /// The next bytes of the file: letters to these accounts, in this order.
    ///
    /// # Errors
    /// The first account that cannot be printed; nothing was drawn then.
    pub fn accounts(&mut self, sender: &Sender, accounts: &[Account<'_>]) -> Result<Vec<u8>, Unprintable> {
        let ready = accounts.iter().enumerate().map(|(index, account)| Ready::new(index, account));
        let ready = ready.collect::<Result<Vec<_>, _>>()?;
        let mut out = self.out();
        let mut plates = Plates::new(sender);
        for account in &ready {
            match self.layout {
                Layout::OnePerPage => {
                    let sheet = one::page(self, &mut out, &mut plates, account);
                    self.end(&mut out, sheet);
                }
                Layout::EightPerPage => {
                    let mut sheet = self.sheet.take().unwrap_or_default();
                    eight::cell(self, &mut out, &mut sheet, &mut plates, account);
                    if sheet.cells < eight::CELLS { self.sheet = Some(sheet) } else { self.end(&mut out, sheet) }
                }
            }
        }
        Ok(self.file.hand_over(out))
    }

    /// The next bytes of the file: model letters, each beginning on a page of its own.
    ///
    /// # Errors
    /// The first letter that cannot be printed; nothing was drawn then.
    pub fn letters(&mut self, sender: &Sender, letters: &[Letter]) -> Result<Vec<u8>, Unprintable> {
        let set = letters.iter().enumerate().map(|(index, letter)| flow::set(index, sender, letter));
        let set = set.collect::<Result<Vec<_>, _>>()?;
        let mut out = self.out();
        if let Some(sheet) = self.sheet.take() {
            self.end(&mut out, sheet);
        }
        for letter in set {
            let (pages, tree) = flow::draw(self, &mut out, letter);
            self.end_pages(&mut out, pages, tree);
        }
        Ok(self.file.hand_over(out))
    }

    /// The pages begun so far.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.pages + u32::from(self.sheet.is_some())
    }

    fn out(&self) -> Out {
        let mut out = Out::new();
        self.file.begin(&mut out);
        out
    }

    /// A piece that many pages call: drawn the first time it is asked for.
    pub(crate) fn form(&mut self, out: &mut Out, key: u16, draw: impl FnOnce(&mut Ink, &mut Faces)) -> Id {
        if let Some((_, id)) = self.forms.iter().find(|(known, _)| *known == key) {
            return *id;
        }
        let mut ink = Ink::default();
        draw(&mut ink, &mut self.faces);
        let entries = format!(
            "/Type/XObject/Subtype/Form/BBox[0 -{HEIGHT} {WIDTH} {}]/Resources {} 0 R",
            2.0 * HEIGHT,
            self.resources
        );
        let id = self.file.stream(out, &entries, &ink.take());
        self.forms.push((key, id));
        id
    }

    /// A picture by its [`Picture::key`], written the first time it is asked for; nothing when its bytes are broken.
    pub(crate) fn picture(&mut self, out: &mut Out, key: u64, picture: &Picture) -> Option<Id> {
        if let Some((_, id)) = self.pictures.iter().find(|(known, _)| *known == key) {
            return *id;
        }
        let id = embed::picture(picture, &mut self.file, out);
        self.pictures.push((key, id));
        id
    }

    fn end(&mut self, out: &mut Out, mut sheet: Sheet) {
        self.end_pages(out, vec![sheet.ink.take()], sheet.tree);
    }

    fn end_pages(&mut self, out: &mut Out, pages: Vec<Vec<u8>>, tree: Tree) {
        let mut ids = Vec::with_capacity(pages.len());
        let contents: Vec<Id> = pages.iter().map(|content| self.file.stream(out, "", content)).collect();
        // A page is named by the mark of its elements: pages come before elements, and no other number between.
        let nodes = contents.iter().enumerate().filter(|(at, _)| (self.branch.kids.len() + at).is_multiple_of(BRANCH));
        let mut nodes: Vec<Id> = nodes.map(|_| 0).collect();
        for node in &mut nodes {
            *node = self.file.reserve();
        }
        let mut nodes = nodes.into_iter();
        let elements = self.file.upcoming() + Id::try_from(pages.len()).unwrap_or(0);
        for (at, content) in contents.into_iter().enumerate() {
            if self.branch.kids.len() == BRANCH {
                self.end_branch();
            }
            if self.branch.kids.is_empty() {
                self.branch.node = nodes.next().unwrap_or(0);
                self.branch.first = self.pages;
            }
            let body = format!(
                "<</Type/Page/Parent {} 0 R/Contents {content} 0 R/StructParents {}>>",
                self.branch.node, self.pages
            );
            let id = self.file.object(body.as_bytes());
            let _ = write!(self.branch.marks, "{}[", self.pages);
            for owner in tree.owners(at, elements) {
                let _ = write!(self.branch.marks, "{owner} 0 R ");
            }
            self.branch.marks.push(b']');
            self.branch.kids.push(id);
            ids.push(id);
            self.pages += 1;
        }
        tree.write(&mut self.file, self.document, &ids, &mut self.letters);
        if self.branch.kids.len() == BRANCH {
            self.end_branch();
        }
        self.file.turn(out);
    }

    fn end_branch(&mut self) {
        let branch = std::mem::take(&mut self.branch);
        let Some(count) = u32::try_from(branch.kids.len()).ok().filter(|count| *count > 0) else { return };
        let mut body = Vec::new();
        let _ = write!(body, "<</Type/Pages/Parent {} 0 R/Count {count}/Kids", self.root);
        references(&mut body, branch.kids.iter());
        body.extend_from_slice(b">>");
        self.file.reserved_object(branch.node, &body);
        self.branches.push((branch.node, count));
        let last = branch.first + count - 1;
        body.clear();
        let _ = write!(body, "<</Limits[{} {last}]/Nums[", branch.first);
        body.extend_from_slice(&branch.marks);
        body.extend_from_slice(b"]>>");
        // Its number is given here: elements have theirs already.
        let leaf = self.file.object(&body);
        self.leaves.push((leaf, branch.first, last));
    }

    /// The last bytes of the file: fonts, the trees of pages and of structure, the table of objects.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        let mut out = self.out();
        if let Some(sheet) = self.sheet.take() {
            self.end(&mut out, sheet);
        }
        self.end_branch();
        let fonts = self.faces.write(&mut self.file, &mut out);
        let mut body = Vec::new();
        let _ = write!(body, "<</Font<<{fonts}>>/XObject<<");
        for id in self.forms.iter().map(|(_, id)| *id).chain(self.pictures.iter().filter_map(|(_, id)| *id)) {
            let _ = write!(body, "/X{id} {id} 0 R");
        }
        body.extend_from_slice(b">>>>");
        self.file.reserved_object(self.resources, &body);

        body.clear();
        let _ = write!(
            body,
            "<</Type/Pages/Count {}/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources {} 0 R/Kids",
            self.pages, self.resources
        );
        references(&mut body, self.branches.iter().map(|(id, _)| id));
        body.extend_from_slice(b">>");
        self.file.reserved_object(self.root, &body);

        let top = self.structure();
        let metadata = self.file.plain_stream(&mut out, "/Type/Metadata/Subtype/XML", xmp(&self.title).as_bytes());
        body.clear();
        let _ = write!(
            body,
            "<</Type/Catalog/Pages {} 0 R/Lang(fr-FR)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>\
            /StructTreeRoot {top} 0 R/Metadata {metadata} 0 R>>",
            self.root
        );
        let catalog = self.file.object(&body);
        body.clear();
        body.extend_from_slice(b"<</Title");
        string(&mut body, &self.title);
        body.extend_from_slice(b"/Creator(Vaguemestre)>>");
        let info = self.file.object(&body);
        self.file.close(out, catalog, info)
    }

    fn structure(&mut self) -> Id {
        let mut body = Vec::new();
        body.extend_from_slice(b"<</Kids");
        references(&mut body, self.leaves.iter().map(|(id, ..)| id));
        body.extend_from_slice(b">>");
        let parents = self.file.object(&body);
        body.clear();
        let _ = write!(
            body,
            "<</Type/StructTreeRoot/K {} 0 R/ParentTree {parents} 0 R/ParentTreeNextKey {}>>",
            self.document, self.pages
        );
        let top = self.file.object(&body);
        body.clear();
        let _ = write!(body, "<</S/Document/P {top} 0 R/K");
        references(&mut body, self.letters.iter());
        body.extend_from_slice(b">>");
        self.file.reserved_object(self.document, &body);
        top
    }
}

fn references<'a>(body: &mut Vec<u8>, ids: impl Iterator<Item = &'a Id>) {
    body.push(b'[');
    for id in ids {
        let _ = write!(body, "{id} 0 R ");
    }
    body.push(b']');
}

/// Draws a clean text from `x` on the line `y`.
#[expect(clippy::too_many_arguments, reason = "what text needs")]
pub(crate) fn text(
    ink: &mut Ink,
    faces: &mut Faces,
    face: crate::font::Face,
    size: f32,
    colour: Colour,
    x: f32,
    y: f32,
    text: &str,
) {
    let glyphs = text.chars().filter_map(|c| face.glyph(c)).map(|glyph| faces.number(face, glyph));
    ink.text(face, size, colour, x, y, 0.0, glyphs);
}

/// Draws lines, the first one on the line `y`.
#[expect(clippy::too_many_arguments, reason = "what text needs")]
pub(crate) fn lines(
    ink: &mut Ink,
    faces: &mut Faces,
    set: &[Line],
    size: f32,
    leading: f32,
    colour: Colour,
    x: f32,
    mut y: f32,
) {
    for line in set {
        for piece in &line.pieces {
            let glyphs = piece.glyphs.iter().map(|glyph| faces.number(piece.face, *glyph));
            ink.text(piece.face, size, colour, x + piece.x, y, 0.0, glyphs);
            if piece.underline {
                ink.rectangle(colour, x + piece.x, y + size * 0.12, piece.width, size * 0.06);
            }
        }
        y += leading;
    }
}

/// What the file says of itself (XMP): its title, and that it is made for everybody (PDF/UA-1).
fn xmp(title: &str) -> String {
    let title: String = title
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            other => other.to_string(),
        })
        .collect();
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
        <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
        xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
        xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\"><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li>\
        </rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>\
        <xmp:CreatorTool>Vaguemestre</xmp:CreatorTool><pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>\n\
        <?xpacket end=\"w\"?>"
    )
}
