//! Each model as text and as a picture, beside what was looked at and found good. `BLESS=1` renews both: look at them again then.

use std::fs;
use std::path::PathBuf;

use letters::{Account, Layout, Letter, Press, Profile, Sender, blocks_from_html, mail_subject, mail_text, page_png};

use crate::reader;
use crate::school::{account, logo, print, sender};

const BODY: &str = "<p>Madame, Monsieur,</p><p>La réunion des classes de <strong>sixième</strong> aura lieu le <u>jeudi 3 décembre</u> \
    : nous parlerons de <em>Lina</em>. Viendrez-vous ?</p><h2>Ordre du jour</h2><ol><li>Présentation</li><li>Le travail à la maison</li></ol>\
    <blockquote><p>« Un feu qu'on allume. »</p></blockquote><table><tr><th>Classe</th><th>Salle</th></tr><tr><td>6e A</td><td>104</td></tr></table>\
    <ul><li>par la messagerie</li></ul>";

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/print/golden", name].iter().collect()
}

fn same_text(name: &str, told: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(path(name), told).unwrap();
    }
    assert_eq!(told, fs::read_to_string(path(name)).unwrap(), "{name}");
}

fn same_picture(name: &str, (width, height, grey): &(u32, u32, Vec<u8>)) {
    if std::env::var_os("BLESS").is_some() {
        let mut encoder = png::Encoder::new(fs::File::create(path(name)).unwrap(), *width, *height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().unwrap().write_image_data(grey).unwrap();
    }
    let mut reader =
        png::Decoder::new(std::io::BufReader::new(fs::File::open(path(name)).unwrap())).read_info().unwrap();
    let mut kept = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut kept).unwrap();
    assert_eq!((info.width, info.height), (*width, *height), "{name}");
    // Edges may be smoothed otherwise by another version of the renderer; letters that moved are far more than that.
    let unlike = kept.iter().zip(grey).filter(|(a, b)| a.abs_diff(**b) > 80).count();
    assert!(unlike * 1000 < kept.len(), "{name}: {unlike} pixels of {} are unlike", kept.len());
}

fn looks(name: &str, sender: &Sender, layout: Layout, accounts: &[Account<'_>]) {
    let pdf = print(sender, layout, accounts);
    let pages = reader::texts(&pdf);
    assert_eq!(pages.len(), 1);
    same_text(&format!("{name}.txt"), &(pages[0].join("\n") + "\n"));
    same_picture(&format!("{name}.png"), &reader::picture(&pdf, 0));
}

#[test]
fn an_account_to_activate() {
    looks(
        "activate",
        &sender(),
        Layout::OnePerPage,
        &[account("Éloïse", "D'Arçon", "eloise.darcon", Some("k3mn8xyz"))],
    );
}

#[test]
fn an_account_of_a_relative_with_an_address_and_a_logo() {
    let address = ["3 rue de l'Église".to_owned(), "31200 TOULOUSE".to_owned()];
    let children = ["Lina BENALI (6e B)".to_owned(), "Adam BENALI (3e A)".to_owned()];
    let relative = Account {
        profile: Profile::Relative,
        class: None,
        children: &children,
        address: &address,
        ..account("Samira", "Benali", "samira.benali", Some("k3mn8xyz"))
    };
    looks("relative", &Sender { logo: Some(logo()), ..sender() }, Layout::OnePerPage, &[relative]);
}

#[test]
fn a_reminder_to_a_long_name_of_a_school_with_a_long_name() {
    let name = "Lycée polyvalent des métiers de l'hôtellerie, du tourisme et de la restauration Marie-Louise et Pierre-Paul Riquet";
    let sender = Sender { name: name.to_owned(), ..sender() };
    let long = account(
        "Maximilien-Alexandre",
        "Wolfeschlegelsteinhausenbergerdorff de la Tour-Maubourg",
        "maximilien.wolf",
        None,
    );
    looks("reminder", &sender, Layout::OnePerPage, &[long]);
}

#[test]
fn a_family_that_comes_through_educonnect() {
    let family = Account {
        profile: Profile::Relative,
        federated: true,
        ..account("Inès", "Martin", "ines.martin", Some("k3mn8xyz"))
    };
    looks("educonnect", &sender(), Layout::OnePerPage, &[family]);
}

#[test]
fn eight_accounts_to_cut() {
    let teacher = |given, family, login, code| Account {
        profile: Profile::Teacher,
        class: None,
        ..account(given, family, login, code)
    };
    let accounts = [
        account("Lina", "Benali", "lina.benali", Some("aaaa3333")),
        teacher("Jean-Baptiste", "de La Rochefoucauld", "jean-baptiste.delarochefoucauld", Some("bbbb4444")),
        account("Zoé", "Nguyễn", "zoe.nguyen", Some("cccc5555")),
        account("Þórður", "Ó Ceallaigh", "thordur.oceallaigh", None),
        Account { federated: true, ..account("Inès", "Martin", "ines.martin", None) },
        account(
            "Maximilien-Alexandre",
            "Wolfeschlegelsteinhausenbergerdorff-Maubourg",
            "maximilien.wolf",
            Some("dddd6666"),
        ),
        teacher(
            "Claire",
            "Lefèvre",
            "abcdefghijklmnopqrstuvwxyzabcd.abcdefghijklmnopqrstuvwxyzabcd22",
            Some("eeee7777"),
        ),
    ];
    looks("eight", &sender(), Layout::EightPerPage, &accounts);
}

#[test]
fn a_model_letter_and_its_preview() {
    let sender = Sender { logo: Some(logo()), ..sender() };
    let letter = Letter {
        addressee: vec!["Mme Samira BENALI".to_owned(), "3 rue de l'Église".to_owned(), "31200 TOULOUSE".to_owned()],
        place_and_date: "Toulouse, le 22 novembre 2026".to_owned(),
        subject: "Réunion de rentrée".to_owned(),
        blocks: blocks_from_html(BODY),
        signature: vec!["Claire LEFÈVRE".to_owned(), "Principale".to_owned()],
        signature_picture: Some(logo()),
    };
    let mut press = Press::new(&sender, Layout::OnePerPage, "Réunion");
    let mut pdf = press.letters(&sender, std::slice::from_ref(&letter)).unwrap();
    pdf.extend(press.finish());
    same_text("model.txt", &(reader::texts(&pdf)[0].join("\n") + "\n"));
    let printed = reader::picture(&pdf, 0);
    same_picture("model.png", &printed);

    // The preview is the same page: another renderer, the same places.
    let preview = page_png(&sender, &letter, printed.0).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(preview)).read_info().unwrap();
    let mut shown = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut shown).unwrap();
    assert_eq!((info.width, info.color_type), (printed.0, png::ColorType::Rgb));
    let blurred = |at: &dyn Fn(usize, usize) -> u32, x: usize, y: usize| -> u32 {
        (0..8).flat_map(|dy| (0..8).map(move |dx| (dx, dy))).map(|(dx, dy)| at(x + dx, y + dy)).sum::<u32>() / 64
    };
    let width = printed.0 as usize;
    let of_print = |x: usize, y: usize| u32::from(printed.2[y * width + x]);
    let of_shown = |x: usize, y: usize| {
        let at = (y * width + x) * 3;
        (u32::from(shown[at]) * 3 + u32::from(shown[at + 1]) * 6 + u32::from(shown[at + 2])) / 10
    };
    for y in (0..(info.height.min(printed.1) as usize) - 8).step_by(8) {
        for x in (0..width - 8).step_by(8) {
            let (a, b) = (blurred(&of_print, x, y), blurred(&of_shown, x, y));
            assert!(a.abs_diff(b) < 70, "at {x}, {y}: {a} in print, {b} in the preview");
        }
    }
}

#[test]
fn the_mails_say_what_the_letters_say() {
    let children = ["Lina BENALI (6e B)".to_owned()];
    let mut told = String::new();
    for account in [
        account("Éloïse", "D'Arçon", "eloise.darcon", Some("k3mn8xyz")),
        account("Éloïse", "D'Arçon", "eloise.darcon", None),
        Account {
            profile: Profile::Relative,
            children: &children,
            federated: true,
            ..account("Inès", "Martin", "i.m", Some("k3mn8xyz"))
        },
    ] {
        told.push_str(&format!("== {}\n{}\n\n", mail_subject(&sender(), &account), mail_text(&sender(), &account)));
    }
    same_text("mails.txt", &told);
    assert_eq!(told.matches("k3mn8xyz").count(), 1);
}
