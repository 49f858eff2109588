//! A school, and the accounts of its people.

use letters::{Account, Layout, Picture, Press, Profile, Sender};

pub(crate) fn sender() -> Sender {
    Sender {
        name: "Collège Jean-Jaurès".to_owned(),
        uai: "0310001A".to_owned(),
        address_lines: vec!["12 avenue des Minimes".to_owned(), "31200 Toulouse".to_owned()],
        logo: None,
        activation_url: Some("https://ent.exemple.fr/session/activate?login=".to_owned()),
        site: "ent.exemple.fr".to_owned(),
        date: "Toulouse, le 22 novembre 2026".to_owned(),
    }
}

/// A disc on nothing.
pub(crate) fn logo() -> Picture {
    let mut pixels = Vec::new();
    for y in 0..60_i32 {
        for x in 0..80_i32 {
            let inside = (x - 40).pow(2) + (y - 30).pow(2) < 800;
            pixels.extend_from_slice(if inside { &[200, 60, 40, 255] } else { &[0, 0, 0, 0] });
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 80, 60);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    Picture::new(bytes).unwrap()
}

pub(crate) fn account<'a>(given: &'a str, family: &'a str, login: &'a str, code: Option<&'a str>) -> Account<'a> {
    Account {
        given,
        family,
        profile: Profile::Student,
        login,
        code,
        class: Some("6e B"),
        children: &[],
        address: &[],
        federated: false,
    }
}

/// The whole file, in one piece.
pub(crate) fn print(sender: &Sender, layout: Layout, accounts: &[Account<'_>]) -> Vec<u8> {
    let mut press = Press::new(sender, layout, "Comptes");
    let mut file = press.accounts(sender, accounts).expect("accounts that can be printed");
    file.extend(press.finish());
    file
}
