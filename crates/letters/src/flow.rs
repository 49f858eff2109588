//! Model letters (P-5, P-6): from blocks to pages of things that have their place, which the press and the preview then draw. One file,
//! since every kind of block moves the same pen.

use crate::embed::Faces;
use crate::file::Out;
use crate::font::{Face, Glyph};
use crate::ink::{BLACK, Colour, GREY, HEIGHT, Ink, NAVY, RULE, mm};
use crate::letter::{Block, Letter, Run};
use crate::picture::Picture;
use crate::plate::{LEFT, ROOM, lenient};
use crate::press::{Press, mark};
use crate::tags::{Place, Role, Tree};
use crate::text::{self, Line, Span};
use crate::{Field, Sender, Unprintable, Why, clean};

const SIZE: f32 = 11.0;
const LEADING: f32 = 15.5;
const BOTTOM: f32 = mm(276.0);
const NEXT_TOP: f32 = mm(24.0);
/// More is no letter: it is refused.
const MAX_PAGES: usize = 200;

/// Something on a page.
pub(crate) enum Item {
    Text {
        face: Face,
        size: f32,
        colour: Colour,
        x: f32,
        y: f32,
        glyphs: Vec<Glyph>,
    },
    Rectangle {
        colour: Colour,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
    /// By its number in [`Set::pictures`]; `y` is its upper side.
    Picture {
        number: usize,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

/// A letter whose every line has its place.
#[derive(Default)]
pub(crate) struct Set<'a> {
    /// Things with the element they belong to; `None`: to none.
    pub(crate) pages: Vec<Vec<(Option<Place>, Item)>>,
    pub(crate) pictures: Vec<&'a Picture>,
    tree: Tree,
}

/// Sets a letter, which is `index` in its list.
///
/// # Errors
/// A letter of another alphabet, and where it is.
pub(crate) fn set<'a>(index: usize, sender: &'a Sender, letter: &'a Letter) -> Result<Set<'a>, Unprintable> {
    let mut setter = Setter { index, set: Set::default(), letter: 0, y: 0.0 };
    setter.letter = setter.set.tree.element(None, Role::Art, None);
    setter.set.pages.push(Vec::new());
    setter.head(sender);
    setter.opening(letter)?;
    for block in &letter.blocks {
        setter.block(block)?;
        if setter.set.pages.len() > MAX_PAGES {
            return Err(Unprintable { index, field: Field::Body, why: Why::TooLong });
        }
    }
    setter.signature(letter)?;
    setter.feet(sender);
    Ok(setter.set)
}

struct Setter<'a> {
    index: usize,
    set: Set<'a>,
    letter: Place,
    y: f32,
}

impl<'a> Setter<'a> {
    fn element(&mut self, parent: Option<Place>, role: Role) -> Place {
        self.set.tree.element(parent.or(Some(self.letter)), role, None)
    }

    fn put(&mut self, element: Option<Place>, item: Item) {
        if let Some(page) = self.set.pages.last_mut() {
            page.push((element, item));
        }
    }

    /// Draws a line on `y` of this page.
    fn line(&mut self, element: Option<Place>, line: Line, size: f32, colour: Colour, x: f32, y: f32) {
        for piece in line.pieces {
            let x = x + piece.x;
            if piece.underline {
                let (y, height) = (y + size * 0.12, size * 0.06);
                self.put(element, Item::Rectangle { colour, x, y, width: piece.width, height });
            }
            self.put(element, Item::Text { face: piece.face, size, colour, x, y, glyphs: piece.glyphs });
        }
    }

    /// A new page when so much does not fit on this one.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > NEXT_TOP && self.set.pages.len() <= MAX_PAGES {
            self.set.pages.push(Vec::new());
            self.y = NEXT_TOP;
        }
    }

    /// Lines one under the other, over as many pages as it takes.
    fn lines(&mut self, element: Place, lines: Vec<Line>, style: (f32, f32, Colour), x: f32) {
        let (size, leading, colour) = style;
        for line in lines {
            self.need(leading);
            self.y += leading;
            self.line(Some(element), line, size, colour, x, self.y - leading * 0.28);
        }
    }

    fn cleaned(&self, field: Field, text: &str) -> Result<String, Unprintable> {
        let refused = |letter| Unprintable { index: self.index, field, why: Why::Letter(letter) };
        clean::prose(text).map(|clean| text::french(&clean)).map_err(refused)
    }

    fn runs(&self, runs: &[Run], room: f32, bold: bool) -> Result<Vec<Line>, Unprintable> {
        let mut texts = Vec::with_capacity(runs.len());
        for run in runs {
            texts.push((self.cleaned(Field::Body, &run.text)?, run));
        }
        let spans: Vec<_> = texts
            .iter()
            .map(|(text, run)| Span {
                text,
                face: Face::styled(run.bold || bold, run.italic),
                underline: run.underline,
            })
            .collect();
        Ok(text::lines(&spans, SIZE, room))
    }

    fn picture(&mut self, picture: &'a Picture) -> usize {
        if let Some(at) = self.set.pictures.iter().position(|known| *known == picture) {
            return at;
        }
        self.set.pictures.push(picture);
        self.set.pictures.len() - 1
    }

    fn head(&mut self, sender: &'a Sender) {
        let name = lenient(&sender.name);
        let mut x = LEFT;
        if let Some(logo) = &sender.logo {
            let (width, height) = logo.fitted(mm(45.0), mm(21.0));
            let element = self.set.tree.element(Some(self.letter), Role::Figure, Some(format!("Logo : {name}")));
            let number = self.picture(logo);
            let y = mm(12.0) + (mm(21.0) - height) / 2.0;
            self.put(Some(element), Item::Picture { number, x, y, width, height });
            x += width + mm(6.0);
        }
        let room = LEFT + ROOM - x;
        let address: Vec<String> = sender.address_lines.iter().map(|line| lenient(line)).collect();
        let (size, name) = text::two_lines(&name, Face::Bold, 15.0, 10.0, room);
        let mut address = text::lines(&[Span::new(&address.join(" – "), Face::Regular)], 9.0, room);
        address.truncate(2);
        let element = self.element(None, Role::P);
        #[expect(clippy::cast_precision_loss, reason = "some lines")]
        let height = name.len() as f32 * 18.0 + address.len() as f32 * 12.0;
        self.y = mm(12.0) + (mm(21.0) - height) / 2.0;
        self.lines(element, name, (size, 18.0, NAVY), x);
        self.lines(element, address, (9.0, 12.0, GREY), x);
        self.put(None, Item::Rectangle { colour: NAVY, x: LEFT, y: mm(37.0), width: ROOM, height: 1.2 });
        for y in [99.0, 198.0] {
            self.put(None, Item::Rectangle { colour: RULE, x: mm(5.0), y: mm(y), width: mm(4.0), height: 0.5 });
        }
    }

    /// The address in the window, place and date, subject.
    fn opening(&mut self, letter: &Letter) -> Result<(), Unprintable> {
        let element = self.element(None, Role::P);
        let mut y = mm(58.5);
        for (at, line) in letter.addressee.iter().filter(|line| !line.trim().is_empty()).take(6).enumerate() {
            let mut line = self.cleaned(Field::Address, &line.replace('\n', " "))?;
            let face = if at == 0 { Face::Bold } else { Face::Regular };
            let size = text::fitted(&mut line, face, 11.0, 7.5, mm(80.0));
            for line in text::lines(&[Span::new(&line, face)], size, mm(81.0)).into_iter().take(1) {
                self.line(Some(element), line, size, BLACK, mm(110.0), y);
            }
            y += mm(4.2);
        }
        let mut date = self.cleaned(Field::Date, &letter.place_and_date.replace('\n', " "))?;
        let size = text::fitted(&mut date, Face::Regular, SIZE, 8.0, mm(120.0));
        let x = LEFT + ROOM - text::width(&date, Face::Regular, size);
        let element = self.element(None, Role::P);
        for line in text::lines(&[Span::new(&date, Face::Regular)], size, mm(121.0)).into_iter().take(1) {
            self.line(Some(element), line, size, BLACK, x, mm(96.0));
        }
        self.y = mm(102.0);
        let subject = self.cleaned(Field::Subject, letter.subject.trim())?;
        if !subject.is_empty() {
            let label = text::french("Objet : ");
            let spans = [Span::new(&label, Face::Bold), Span::new(&subject, Face::Bold)];
            let element = self.element(None, Role::H1);
            self.lines(element, text::lines(&spans, 12.0, ROOM), (12.0, 16.5, NAVY), LEFT);
            self.y += mm(3.0);
        }
        Ok(())
    }

    fn block(&mut self, block: &'a Block) -> Result<(), Unprintable> {
        let plain = (SIZE, LEADING, BLACK);
        match block {
            Block::Heading(runs) => {
                let lines = self.runs(runs, ROOM, true)?;
                // Not alone at the foot of a page.
                self.need(LEADING * 3.5);
                self.y += 5.0;
                let element = self.element(None, Role::H2);
                self.lines(element, lines, (SIZE, LEADING, NAVY), LEFT);
                self.y += 2.0;
            }
            Block::Paragraph(runs) => {
                let lines = self.runs(runs, ROOM, false)?;
                let element = self.element(None, Role::P);
                self.lines(element, lines, plain, LEFT);
                self.y += 6.0;
            }
            Block::Quote(runs) => {
                let lines = self.runs(runs, ROOM - mm(12.0), false)?;
                let quote = self.element(None, Role::Quote);
                let element = self.element(Some(quote), Role::P);
                self.lines(element, lines, (SIZE, LEADING, GREY), LEFT + mm(8.0));
                self.y += 6.0;
            }
            Block::List { ordered, items } => self.list(*ordered, items)?,
            Block::Table { header, rows } => self.table(*header, rows)?,
            Block::Picture { picture, alt } => {
                let (w, h) = picture.size();
                #[expect(clippy::cast_precision_loss, reason = "at most 2,000 pixels")]
                let room = (ROOM.min(w as f32 * 0.75), mm(120.0).min(h as f32 * 0.75));
                self.figure(picture, alt, room, LEFT);
            }
            Block::Space(millimetres) => self.y += mm(f32::from(*millimetres).min(200.0)),
        }
        Ok(())
    }

    fn figure(&mut self, picture: &'a Picture, alt: &str, room: (f32, f32), x: f32) {
        let (width, height) = picture.fitted(room.0, room.1);
        self.need(height + 6.0);
        let element = self.set.tree.element(Some(self.letter), Role::Figure, Some(alt.to_owned()));
        let number = self.picture(picture);
        self.put(Some(element), Item::Picture { number, x, y: self.y + 3.0, width, height });
        self.y += height + 6.0;
    }

    fn list(&mut self, ordered: bool, items: &[Vec<Run>]) -> Result<(), Unprintable> {
        let list = self.element(None, Role::List);
        for (number, runs) in (1_u32..).zip(items) {
            let lines = self.runs(runs, ROOM - mm(9.0), false)?;
            let label = if ordered { format!("{number}.") } else { "•".to_owned() };
            let item = self.element(Some(list), Role::Item);
            let body = self.element(Some(item), Role::Body);
            self.need(LEADING);
            let x = LEFT + mm(7.0) - text::width(&label, Face::Regular, SIZE);
            for line in text::lines(&[Span::new(&label, Face::Regular)], SIZE, mm(30.0)) {
                self.line(Some(body), line, SIZE, BLACK, x, self.y + LEADING * 0.72);
            }
            self.lines(body, lines, (SIZE, LEADING, BLACK), LEFT + mm(9.0));
            self.y += 3.0;
        }
        self.y += 3.0;
        Ok(())
    }

    /// Columns are equally wide; a row that is higher than a page goes on on the next.
    fn table(&mut self, header: bool, rows: &[Vec<Vec<Run>>]) -> Result<(), Unprintable> {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0).clamp(1, 12);
        #[expect(clippy::cast_precision_loss, reason = "at most twelve")]
        let width = ROOM / columns as f32;
        let table = self.element(None, Role::Table);
        for (number, row) in rows.iter().enumerate() {
            let title = header && number == 0;
            let element = self.element(Some(table), Role::Row);
            let mut cells = Vec::new();
            for runs in row.iter().take(columns) {
                let lines = self.runs(runs, width - 8.0, title)?.into_iter();
                cells.push((self.element(Some(element), if title { Role::HeaderCell } else { Role::Cell }), lines));
            }
            let height = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
            #[expect(clippy::cast_precision_loss, reason = "some lines")]
            self.need((height as f32 * LEADING + 6.0).min(mm(200.0)));
            self.y += 3.0;
            for _ in 0..height {
                self.need(LEADING);
                let y = self.y + LEADING * 0.72;
                let mut x = LEFT + 4.0;
                for (element, lines) in &mut cells {
                    if let Some(line) = lines.next() {
                        self.line(Some(*element), line, SIZE, BLACK, x, y);
                    }
                    x += width;
                }
                self.y += LEADING;
            }
            self.y += 3.0;
            let (colour, height) = if title { (NAVY, 1.0) } else { (RULE, 0.5) };
            self.put(None, Item::Rectangle { colour, x: LEFT, y: self.y, width: ROOM, height });
        }
        self.y += 8.0;
        Ok(())
    }

    fn signature(&mut self, letter: &'a Letter) -> Result<(), Unprintable> {
        let x = LEFT + mm(90.0);
        let mut lines = Vec::new();
        for line in letter.signature.iter().take(6) {
            let clean = self.cleaned(Field::Signature, line)?;
            lines.extend(text::lines(&[Span::new(&clean, Face::Regular)], SIZE, mm(80.0)));
        }
        if lines.is_empty() && letter.signature_picture.is_none() {
            return Ok(());
        }
        let room = (mm(60.0), mm(24.0));
        let drawn = letter.signature_picture.as_ref().map_or(0.0, |picture| picture.fitted(room.0, room.1).1 + 6.0);
        // Name and picture stay together.
        #[expect(clippy::cast_precision_loss, reason = "some lines")]
        self.need(mm(4.0) + drawn + lines.len() as f32 * LEADING);
        self.y += mm(4.0);
        if let Some(picture) = &letter.signature_picture {
            self.figure(picture, "Signature", room, x);
        }
        let element = self.element(None, Role::P);
        self.lines(element, lines, (SIZE, LEADING, BLACK), x);
        Ok(())
    }

    /// Under each page: who writes, and which page of how many.
    fn feet(&mut self, sender: &Sender) {
        let mut parts = vec![lenient(&sender.name)];
        parts.extend(sender.address_lines.iter().map(|line| lenient(line)));
        let foot = parts.join("  ·  ");
        let count = self.set.pages.len();
        for (number, page) in (1..).zip(&mut self.set.pages) {
            page.push((None, Item::Rectangle { colour: RULE, x: LEFT, y: mm(281.5), width: ROOM, height: 0.5 }));
            let mut foot = if count > 1 { format!("{foot}  ·  page {number} sur {count}") } else { foot.clone() };
            let size = text::fitted(&mut foot, Face::Regular, 8.0, 6.5, ROOM);
            let x = LEFT + (ROOM - text::width(&foot, Face::Regular, size)) / 2.0;
            let glyphs = foot.chars().filter_map(|c| Face::Regular.glyph(c)).collect();
            page.push((None, Item::Text { face: Face::Regular, size, colour: GREY, x, y: mm(285.5), glyphs }));
        }
    }
}

/// The content of the pages, and what their parts are.
pub(crate) fn draw(press: &mut Press, out: &mut Out, set: Set<'_>) -> (Vec<Vec<u8>>, Tree) {
    let mut tree = set.tree;
    let pictures: Vec<_> = set.pictures.iter().map(|picture| press.picture(out, picture.key(), picture)).collect();
    let mut contents = Vec::with_capacity(set.pages.len());
    for (page, items) in (0..).zip(&set.pages) {
        let mut ink = Ink::default();
        let mut open = None;
        for (element, item) in items {
            if open != Some(*element) {
                if open.is_some() {
                    ink.raw("EMC\n");
                }
                match element {
                    Some(element) => {
                        let (number, role) = tree.mark(*element, page);
                        mark(&mut ink, number, role);
                    }
                    None => ink.raw("/Artifact BMC\n"),
                }
                open = Some(*element);
            }
            draw_item(&mut ink, &mut press.faces, item, &pictures);
        }
        if open.is_some() {
            ink.raw("EMC\n");
        }
        contents.push(ink.take());
    }
    (contents, tree)
}

fn draw_item(ink: &mut Ink, faces: &mut Faces, item: &Item, pictures: &[Option<u32>]) {
    match item {
        Item::Text { face, size, colour, x, y, glyphs } => {
            let numbers = glyphs.iter().map(|glyph| faces.number(*face, *glyph));
            ink.text(*face, *size, *colour, *x, *y, 0.0, numbers);
        }
        Item::Rectangle { colour, x, y, width, height } => ink.rectangle(*colour, *x, *y, *width, *height),
        Item::Picture { number, x, y, width, height } => {
            if let Some(Some(id)) = pictures.get(*number) {
                ink.piece('X', *id, Some([*width, 0.0, 0.0, *height, *x, HEIGHT - y - height]));
            }
        }
    }
}
