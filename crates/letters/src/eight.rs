//! Eight accounts on an A4 page, to cut (P-3): two columns of four.

use crate::account::Ready;
use crate::embed::Faces;
use crate::file::Out;
use crate::font::Face;
use crate::ink::{BLACK, GREY, HEIGHT, Ink, NAVY, RULE, WIDTH, mm};
use crate::plate::{BRIEF_WIDE, Plates};
use crate::press::{self, Press, Sheet};
use crate::qr;
use crate::tags::Role;
use crate::text;
use crate::wording::Case;

pub(crate) const CELLS: u8 = 8;
const CELL_WIDTH: f32 = WIDTH / 2.0;
const CELL_HEIGHT: f32 = HEIGHT / 4.0;
const PAD: f32 = mm(8.0);
const ROOM: f32 = BRIEF_WIDE;

const CUTS: u16 = 20;
const HEAD: u16 = 21;
const LOGIN: u16 = 22;
const CODE: u16 = 23;

/// Adds an account to the sheet.
pub(crate) fn cell(press: &mut Press, out: &mut Out, sheet: &mut Sheet, plates: &mut Plates<'_>, account: &Ready<'_>) {
    plates.prepare(account.case, account.profile);
    if sheet.cells == 0 {
        let cuts = press.form(out, CUTS, |ink, _| cuts(ink));
        sheet.artifact(|ink| ink.piece('X', cuts, None));
    }
    let left = CELL_WIDTH * f32::from(sheet.cells % 2);
    let top = CELL_HEIGHT * f32::from(sheet.cells / 2);
    sheet.cells += 1;
    let x = left + PAD;
    let moved = Some([1.0, 0.0, 0.0, 1.0, left, -top]);
    let letter = sheet.tree.element(None, Role::Art, None);

    let mut school = plates.name.clone();
    let head = press.form(out, HEAD, |ink, faces| {
        let size = text::fitted(&mut school, Face::Bold, 8.5, 6.0, ROOM);
        press::text(ink, faces, Face::Bold, size, NAVY, PAD, mm(8.5), &school);
        ink.rectangle(NAVY, PAD, mm(10.2), ROOM, 0.8);
    });
    let element = sheet.tree.element(Some(letter), Role::P, None);
    sheet.tagged(element, |ink| ink.piece('X', head, moved));

    let title = sheet.tree.element(Some(letter), Role::H1, None);
    let faces = &mut press.faces;
    sheet.tagged(title, |ink| fitted(ink, faces, Face::Bold, (13.0, 7.5), x, top + mm(16.6), &account.name));
    let element = sheet.tree.element(Some(letter), Role::P, None);
    sheet.tagged(element, |ink| fitted(ink, faces, Face::Regular, (8.5, 6.5), x, top + mm(20.8), &account.whom));

    let mut y = mm(29.0);
    if account.case != Case::EduConnect {
        let label = press.form(out, LOGIN, |ink, faces| label(ink, faces, mm(26.0), "Identifiant"));
        let element = sheet.tree.element(Some(letter), Role::P, None);
        let faces = &mut press.faces;
        sheet.tagged(element, |ink| {
            ink.piece('X', label, moved);
            let natural = text::width(account.login, Face::Mono, 12.0);
            let size = if natural > ROOM { 12.0 * ROOM / natural } else { 12.0 };
            press::text(ink, faces, Face::Mono, size, BLACK, x, top + mm(31.0), account.login);
        });
        y = mm(40.0);
    }
    if let Some(typed) = account.code {
        let label = press.form(out, CODE, |ink, faces| label(ink, faces, mm(37.0), "Code d’activation"));
        let element = sheet.tree.element(Some(letter), Role::P, None);
        let faces = &mut press.faces;
        sheet.tagged(element, |ink| {
            ink.piece('X', label, moved);
            let natural = text::width(typed, Face::Mono, 18.0);
            let size = if natural > mm(58.0) { 18.0 * mm(58.0) / natural } else { 18.0 };
            press::text(ink, faces, Face::Mono, size, NAVY, x, top + mm(44.0), typed);
        });
        y = mm(51.0);
        if let Some(code) = qr::of(plates.sender, account.login) {
            let alt = "Code QR : ouvre la page d’activation, l’identifiant déjà rempli".to_owned();
            let figure = sheet.tree.element(Some(letter), Role::Figure, Some(alt));
            let side = mm(31.0);
            sheet.tagged(figure, |ink| qr::draw(ink, &code, x + ROOM - side + mm(2.0), top + mm(35.5), side));
        }
    }
    if let Some(plate) = plates.get(account.case, account.profile) {
        // What is said and where it stands depend on the case and the profile alone.
        let brief = press.form(out, plate.key + 19, |ink, faces| {
            press::lines(ink, faces, &plate.brief, 7.5, 9.6, BLACK, PAD, y);
        });
        let element = sheet.tree.element(Some(letter), Role::P, None);
        sheet.tagged(element, |ink| ink.piece('X', brief, moved));
    }
}

fn label(ink: &mut Ink, faces: &mut Faces, y: f32, words: &str) {
    press::text(ink, faces, Face::Regular, 7.5, GREY, PAD, y, words);
}

fn fitted(ink: &mut Ink, faces: &mut Faces, face: Face, sizes: (f32, f32), x: f32, y: f32, words: &str) {
    let mut words = words.to_owned();
    let size = text::fitted(&mut words, face, sizes.0, sizes.1, ROOM);
    press::text(ink, faces, face, size, if face == Face::Bold { BLACK } else { GREY }, x, y, &words);
}

/// Dotted lines between the cells, and short marks at the edges for the guillotine.
fn cuts(ink: &mut Ink) {
    ink.stroke_colour(RULE);
    ink.raw("0.6 w [1.5 3] 0 d\n");
    ink.line(CELL_WIDTH, mm(7.0), CELL_WIDTH, HEIGHT - mm(7.0));
    for row in 1..4_u8 {
        let y = CELL_HEIGHT * f32::from(row);
        ink.line(mm(7.0), y, WIDTH - mm(7.0), y);
    }
    ink.raw("[] 0 d 0 G\n");
    ink.line(CELL_WIDTH, 0.0, CELL_WIDTH, mm(6.0));
    ink.line(CELL_WIDTH, HEIGHT - mm(6.0), CELL_WIDTH, HEIGHT);
    for row in 1..4_u8 {
        let y = CELL_HEIGHT * f32::from(row);
        ink.line(0.0, y, mm(6.0), y);
        ink.line(WIDTH - mm(6.0), y, WIDTH, y);
    }
}
