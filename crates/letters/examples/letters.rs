//! Prints made-up letters to look at, and says how long it took: `cargo run --release -p letters --example letters -- one 100 out.pdf`

use std::time::Instant;

use letters::{Account, Layout, Picture, Press, Profile, Sender};

const PEOPLE: [(&str, &str); 8] = [
    ("Lina", "Benali"),
    ("Éloïse", "Lefèvre-d'Arçon"),
    ("Jean-Baptiste", "de La Rochefoucauld"),
    ("Zoé", "Nguyễn"),
    ("Þórður", "Ó Ceallaigh"),
    ("Maximilien-Alexandre", "Wolfeschlegelsteinhausenbergerdorff de la Tour-Maubourg"),
    ("Inès", "Martin"),
    ("Noël", "Œuvrard"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let layout = if arguments.next().as_deref() == Some("eight") { Layout::EightPerPage } else { Layout::OnePerPage };
    let number: usize = arguments.next().unwrap_or_default().parse()?;
    let path = arguments.next().ok_or("where to?")?;
    let logo = arguments.next().map(std::fs::read).transpose()?.map(Picture::new).transpose()?;
    let sender = Sender {
        name: "Collège Jean-Jaurès".to_owned(),
        uai: "0310001A".to_owned(),
        address_lines: vec!["12 avenue des Minimes".to_owned(), "31200 Toulouse".to_owned()],
        logo,
        activation_url: Some("https://ent.exemple.fr/session/activate?login=".to_owned()),
        site: "ent.exemple.fr".to_owned(),
        date: "Toulouse, le 22 novembre 2026".to_owned(),
    };
    let address = ["3 rue de l'Église".to_owned(), "Appartement 12".to_owned(), "31200 TOULOUSE".to_owned()];
    let children = ["Lina BENALI (6e B)".to_owned(), "Adam BENALI (3e A)".to_owned()];
    let logins: Vec<String> = (0..number).map(|n| format!("jean-baptiste.martin{n}")).collect();
    let codes: Vec<String> = (0..number).map(|n| format!("ab{:06}", n * 37 % 1_000_000)).collect();
    let accounts: Vec<Account<'_>> = (0..number)
        .filter_map(|n| {
            let (given, family) = PEOPLE.get(n % PEOPLE.len())?;
            let profile = [Profile::Student, Profile::Relative, Profile::Teacher, Profile::Staff, Profile::Guest];
            let relative = n % 5 == 1;
            Some(Account {
                given,
                family,
                profile: *profile.get(n % 5)?,
                login: logins.get(n)?,
                code: (n % 7 != 5).then(|| codes.get(n).map(String::as_str)).flatten(),
                class: (n % 5 == 0).then_some("6e B"),
                children: if relative { &children } else { &[] },
                address: if n % 3 == 0 { &[] } else { &address },
                federated: n % 11 == 6,
            })
        })
        .collect();
    let begun = Instant::now();
    let mut press = Press::new(&sender, layout, "Comptes de messagerie");
    let mut file = Vec::new();
    for slice in accounts.chunks(500) {
        file.extend(press.accounts(&sender, slice)?);
    }
    let pages = press.pages();
    file.extend(press.finish());
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "for people to read")]
    let rate = number as f64 / seconds;
    eprintln!("{number} letters on {pages} pages, {} bytes, {:.3} s, {rate:.0} letters/s", file.len(), seconds);
    std::fs::write(path, file)?;
    Ok(())
}
