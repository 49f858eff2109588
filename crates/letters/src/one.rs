//! One account on an A4 page (P-3): letterhead, the address in the window of an envelope, what is typed, the steps.
//!
//! Folded in three, a sheet slides in a DL or C5-6 envelope. Its window (35 or 45 × 100 mm, 20 mm from the right and from the
//! bottom) shows whatever the play what stands between 110 and 190 mm from the left and 55 and 79 mm from the top, and may show
//! 90 to 200 by 44 to 90: nothing but the address stands there, the code least of all.

use crate::account::Ready;
use crate::embed::Faces;
use crate::file::{Id, Out};
use crate::font::Face;
use crate::ink::{BLACK, GREY, HEIGHT, Ink, NAVY, PALE, RULE, WHITE, mm};
use crate::plate::{BODY, BODY_LEADING, INDENT, LEFT, Plate, Plates, ROOM};
use crate::press::{self, Press, Sheet};
use crate::qr;
use crate::tags::{Place, Role};
use crate::text::{self, Span};
use crate::wording::Case;
use crate::{Profile, Sender};

const WINDOW_LEFT: f32 = mm(110.0);
const WINDOW_TOP: f32 = mm(58.5);
const WINDOW_ROOM: f32 = mm(80.0);
const WINDOW_LEADING: f32 = mm(4.2);
/// As many lines as a postal address may have.
const WINDOW_LINES: usize = 6;
const RIGHT: f32 = mm(190.0);

const LETTERHEAD: u16 = 0;
const FURNITURE: u16 = 1;
const DATE: u16 = 2;
const GREETING: u16 = 3;
const LABELS: u16 = 4;

pub(crate) fn page(press: &mut Press, out: &mut Out, plates: &mut Plates<'_>, account: &Ready<'_>) -> Sheet {
    plates.prepare(account.case, account.profile);
    let mut sheet = Sheet::default();
    let letter = sheet.tree.element(None, Role::Art, None);
    let mut page = Page { press, out, sheet: &mut sheet, letter };
    page.letterhead(plates);
    page.address(account);
    let date = &plates.date;
    page.constant(Role::P, DATE, 0.0, |ink, faces| {
        let x = RIGHT - text::width(date, Face::Regular, BODY);
        press::text(ink, faces, Face::Regular, BODY, BLACK, x, mm(96.0), date);
    });
    if let Some(plate) = plates.get(account.case, account.profile) {
        page.body(plates.sender, plate, account);
    }
    sheet
}

struct Page<'a> {
    press: &'a mut Press,
    out: &'a mut Out,
    sheet: &'a mut Sheet,
    letter: Place,
}

impl Page<'_> {
    /// What is the same on many pages, `down` from where it was drawn.
    fn constant(&mut self, role: Role, key: u16, down: f32, draw: impl FnOnce(&mut Ink, &mut Faces)) {
        let element = self.sheet.tree.element(Some(self.letter), role, None);
        self.constant_of(element, key, down, draw);
    }

    fn constant_of(&mut self, element: Place, key: u16, down: f32, draw: impl FnOnce(&mut Ink, &mut Faces)) {
        let id = self.press.form(self.out, key, draw);
        self.sheet.tagged(element, |ink| call(ink, id, down));
    }

    fn letterhead(&mut self, plates: &Plates<'_>) {
        let sender = plates.sender;
        let mut x = LEFT;
        if let Some(logo) = &sender.logo
            && let Some(id) = self.press.picture(self.out, plates.logo, logo)
        {
            let (width, height) = logo.fitted(mm(45.0), mm(21.0));
            let alt = format!("Logo : {}", plates.name);
            let figure = self.sheet.tree.element(Some(self.letter), Role::Figure, Some(alt));
            let bottom = HEIGHT - mm(12.0) - (mm(21.0) + height) / 2.0;
            self.sheet.tagged(figure, |ink| ink.piece('X', id, Some([width, 0.0, 0.0, height, x, bottom])));
            x += width + mm(6.0);
        }
        self.constant(Role::P, LETTERHEAD, 0.0, |ink, faces| {
            letterhead(ink, faces, x, &plates.name, &plates.address);
        });
        let id = self.press.form(self.out, FURNITURE, |ink, faces| furniture(ink, faces, &plates.foot));
        self.sheet.artifact(|ink| call(ink, id, 0.0));
    }

    fn address(&mut self, account: &Ready<'_>) {
        let element = self.sheet.tree.element(Some(self.letter), Role::P, None);
        let whom = if account.address.is_empty() { std::slice::from_ref(&account.whom) } else { &account.address };
        let faces = &mut self.press.faces;
        self.sheet.tagged(element, |ink| {
            let mut y = WINDOW_TOP;
            let (size, set) = text::two_lines(&account.name, Face::Bold, 11.0, 8.0, WINDOW_ROOM);
            press::lines(ink, faces, &set, size, WINDOW_LEADING, BLACK, WINDOW_LEFT, y);
            for line in whom.iter().take(WINDOW_LINES - set.len()) {
                y += WINDOW_LEADING;
                let mut line = line.clone();
                let size = text::fitted(&mut line, Face::Regular, 11.0, 7.5, WINDOW_ROOM);
                let below = if set.len() > 1 { WINDOW_LEADING } else { 0.0 };
                press::text(ink, faces, Face::Regular, size, BLACK, WINDOW_LEFT, y + below, &line);
            }
        });
    }

    fn body(&mut self, sender: &Sender, plate: &Plate, account: &Ready<'_>) {
        let mut y = mm(110.0);
        self.constant(Role::H1, plate.key, y, |ink, faces| {
            press::text(ink, faces, Face::Bold, 20.0, NAVY, LEFT, 0.0, &plate.title);
        });
        y += mm(10.0);
        self.greeting(account, y);
        y += BODY_LEADING + 3.0;
        self.constant(Role::P, plate.key + 1, y, |ink, faces| {
            press::lines(ink, faces, &plate.intro, BODY, BODY_LEADING, BLACK, LEFT, 0.0);
        });
        y += advance(plate.intro.len());
        if account.profile == Profile::Relative && !account.children.is_empty() {
            y += self.children(account, y);
        }
        if account.case == Case::EduConnect {
            y += 12.0;
        } else {
            y += self.panel(sender, account, y - 4.0) + 26.0;
        }
        self.constant(Role::H2, plate.key + 2, y, |ink, faces| {
            press::text(ink, faces, Face::Bold, 13.5, NAVY, LEFT, 0.0, &plate.how);
        });
        y += 22.0;
        let list = self.sheet.tree.element(Some(self.letter), Role::List, None);
        for (number, step) in (1..).zip(&plate.steps) {
            let item = self.sheet.tree.element(Some(list), Role::Item, None);
            let item = self.sheet.tree.element(Some(item), Role::Body, None);
            self.constant_of(item, plate.key + 3 + number, y, |ink, faces| {
                disc(ink, faces, number);
                press::lines(ink, faces, step, BODY, BODY_LEADING, BLACK, LEFT + INDENT, 0.0);
            });
            y += advance(step.len());
        }
        y += 6.0;
        for (number, note) in (0..).zip(&plate.notes) {
            self.constant(Role::P, plate.key + 12 + number, y, |ink, faces| {
                press::lines(ink, faces, note, 9.5, 13.0, GREY, LEFT, 0.0);
            });
            y += advance(note.len()) - 3.0;
        }
    }

    fn greeting(&mut self, account: &Ready<'_>, y: f32) {
        if account.profile != Profile::Student || account.given.is_empty() {
            return self.constant(Role::P, GREETING, y, |ink, faces| {
                press::text(ink, faces, Face::Regular, BODY, BLACK, LEFT, 0.0, "Madame, Monsieur,");
            });
        }
        let mut greeting = format!("Bonjour {},", account.given);
        let size = text::fitted(&mut greeting, Face::Regular, BODY, BODY, ROOM);
        let element = self.sheet.tree.element(Some(self.letter), Role::P, None);
        let faces = &mut self.press.faces;
        self.sheet.tagged(element, |ink| press::text(ink, faces, Face::Regular, size, BLACK, LEFT, y, &greeting));
    }

    /// Whose parent it is; how much room that took.
    fn children(&mut self, account: &Ready<'_>, y: f32) -> f32 {
        let said = format!("Vous recevez ce courrier en tant que responsable de {}.", account.children);
        let mut set = text::lines(&[Span::new(&said, Face::Regular)], BODY, ROOM);
        set.truncate(4);
        let element = self.sheet.tree.element(Some(self.letter), Role::P, None);
        let faces = &mut self.press.faces;
        self.sheet.tagged(element, |ink| press::lines(ink, faces, &set, BODY, BODY_LEADING, BLACK, LEFT, y));
        advance(set.len())
    }

    /// What is typed, and the QR code; its height.
    fn panel(&mut self, sender: &Sender, account: &Ready<'_>, top: f32) -> f32 {
        let height = if account.code.is_some() { mm(46.0) } else { mm(28.0) };
        self.sheet.artifact(|ink| {
            ink.panel(PALE, LEFT, top, ROOM, height, 8.0);
            ink.panel(NAVY, LEFT, top, 5.0, height, 2.5);
        });
        let x = LEFT + mm(8.0);
        let code = account.code.and_then(|_| qr::of(sender, account.login));
        let room = if code.is_some() { mm(115.0) } else { mm(155.0) };
        let labels = self.press.form(self.out, LABELS, |ink, faces| {
            press::text(ink, faces, Face::Regular, 9.5, GREY, x, 0.0, "Votre identifiant");
        });
        let name = self.sheet.tree.element(Some(self.letter), Role::P, None);
        let login = self.sheet.tree.element(Some(self.letter), Role::P, None);
        let faces = &mut self.press.faces;
        self.sheet.tagged(name, |ink| {
            let mut name = account.name.clone();
            let size = text::fitted(&mut name, Face::Bold, 12.0, 8.0, room);
            press::text(ink, faces, Face::Bold, size, BLACK, x, top + mm(8.0), &name);
        });
        self.sheet.tagged(login, |ink| {
            call(ink, labels, top + mm(15.0));
            let natural = text::width(account.login, Face::Mono, 16.0);
            let size = if natural > room { 16.0 * room / natural } else { 16.0 };
            press::text(ink, faces, Face::Mono, size, BLACK, x, top + mm(21.5), account.login);
        });
        if let Some(typed) = account.code {
            let labels = self.press.form(self.out, LABELS + 1, |ink, faces| {
                press::text(ink, faces, Face::Regular, 9.5, GREY, x, 0.0, "Votre code d’activation");
            });
            let element = self.sheet.tree.element(Some(self.letter), Role::P, None);
            let faces = &mut self.press.faces;
            self.sheet.tagged(element, |ink| {
                call(ink, labels, top + mm(30.0));
                press::text(ink, faces, Face::Mono, 24.0, NAVY, x, top + mm(39.5), typed);
            });
        }
        if let Some(code) = code {
            let alt = "Code QR : ouvre la page d’activation, l’identifiant déjà rempli".to_owned();
            let figure = self.sheet.tree.element(Some(self.letter), Role::Figure, Some(alt));
            let side = mm(38.0);
            self.sheet.tagged(figure, |ink| qr::draw(ink, &code, RIGHT - mm(4.0) - side, top + mm(4.0), side));
        }
        height
    }
}

/// The room of a paragraph of so many lines, and a little more.
#[expect(clippy::cast_precision_loss, reason = "some lines")]
fn advance(lines: usize) -> f32 {
    lines as f32 * BODY_LEADING + 5.0
}

fn call(ink: &mut Ink, form: Id, down: f32) {
    let matrix = (down != 0.0).then_some([1.0, 0.0, 0.0, 1.0, 0.0, -down]);
    ink.piece('X', form, matrix);
}

fn disc(ink: &mut Ink, faces: &mut Faces, number: u16) {
    ink.panel(NAVY, LEFT, -10.5, 14.0, 14.0, 7.0);
    let digit = number.to_string();
    let x = LEFT + 7.0 - text::width(&digit, Face::Bold, 9.0) / 2.0;
    press::text(ink, faces, Face::Bold, 9.0, WHITE, x, -0.5, &digit);
}

fn letterhead(ink: &mut Ink, faces: &mut Faces, x: f32, name: &str, address: &[String]) {
    let room = RIGHT - x;
    let (size, set) = text::two_lines(name, Face::Bold, 15.0, 10.0, room);
    let below = text::lines(&[Span::new(&address.join(" – "), Face::Regular)], 9.0, room);
    #[expect(clippy::cast_precision_loss, reason = "some lines")]
    let height = set.len() as f32 * 18.0 + below.len().min(2) as f32 * 12.0;
    let mut y = mm(12.0) + (mm(21.0) - height) / 2.0 + 14.0;
    press::lines(ink, faces, &set, size, 18.0, NAVY, x, y);
    #[expect(clippy::cast_precision_loss, reason = "some lines")]
    {
        y += set.len() as f32 * 18.0 - 3.0;
    }
    press::lines(ink, faces, below.get(..below.len().min(2)).unwrap_or(&below), 9.0, 12.0, GREY, x, y);
}

/// The rule under the letterhead, the marks of the folds, the foot.
fn furniture(ink: &mut Ink, faces: &mut Faces, foot: &str) {
    ink.rectangle(NAVY, LEFT, mm(37.0), ROOM, 1.2);
    for y in [99.0, 198.0] {
        ink.rectangle(RULE, mm(5.0), mm(y), mm(4.0), 0.5);
    }
    ink.rectangle(RULE, LEFT, mm(281.5), ROOM, 0.5);
    let mut foot = foot.to_owned();
    let size = text::fitted(&mut foot, Face::Regular, 8.0, 6.5, ROOM);
    let x = LEFT + (ROOM - text::width(&foot, Face::Regular, size)) / 2.0;
    press::text(ink, faces, Face::Regular, size, GREY, x, mm(285.5), &foot);
}
