//! Prints a model letter to look at: `cargo run -p letters --example model -- out.pdf out.png [logo] [signature]`

use letters::{Block, Layout, Letter, Picture, Press, Sender, blocks_from_html, page_png};

const BODY: &str = "<p>Madame, Monsieur,</p>
<p>La réunion de rentrée des classes de <strong>sixième</strong> aura lieu le <u>jeudi 3 décembre à 18 h</u>, \
en salle polyvalente. Nous y parlerons ensemble de l'année de <em>Lina</em> : travail à la maison, évaluations, orientation.</p>
<h2>Ordre du jour</h2>
<ol><li>Présentation de l'équipe pédagogique</li><li>Le travail personnel : comment aider ? Chacun viendra avec ses questions, auxquelles \
les professeurs répondront tour à tour</li><li>Élection des représentants</li></ol>
<blockquote><p>« Un enfant n'est pas un vase qu'on remplit, mais un feu qu'on allume. »</p></blockquote>
<table><tr><th>Classe</th><th>Salle</th><th>Professeur principal</th></tr><tr><td>6e A</td><td>104</td><td>Mme Lefèvre</td></tr>\
<tr><td>6e B</td><td>Salle polyvalente, bâtiment des sciences</td><td>M. Œuvrard</td></tr></table>
<p>Pouvez-vous venir ? Répondez-nous avant le 27 novembre ; merci !</p>
<ul><li>par la messagerie</li><li>au 05 61 00 00 00</li></ul>
<p>Veuillez agréer, Madame, Monsieur, l'expression de nos sentiments distingués.</p>";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (pdf, png) = (arguments.next().ok_or("where to?")?, arguments.next().ok_or("and the picture?")?);
    let mut picture = || arguments.next().map(std::fs::read).transpose().map(|bytes| bytes.map(Picture::new));
    let sender = Sender {
        name: "Collège Jean-Jaurès".to_owned(),
        uai: "0310001A".to_owned(),
        address_lines: vec!["12 avenue des Minimes".to_owned(), "31200 Toulouse".to_owned()],
        logo: picture()?.transpose()?,
        activation_url: None,
        site: "ent.exemple.fr".to_owned(),
        date: "le 22 novembre 2026".to_owned(),
    };
    let letter = Letter {
        addressee: vec!["Mme Samira BENALI".to_owned(), "3 rue de l'Église".to_owned(), "31200 TOULOUSE".to_owned()],
        place_and_date: "Toulouse, le 22 novembre 2026".to_owned(),
        subject: "Réunion de rentrée des classes de sixième".to_owned(),
        blocks: blocks_from_html(BODY),
        signature: vec!["Claire LEFÈVRE".to_owned(), "Principale".to_owned()],
        signature_picture: picture()?.transpose()?,
    };
    let mut long = letter.clone();
    long.blocks = [letter.blocks.clone(), vec![Block::Space(10)], letter.blocks.clone()].concat();
    let mut press = Press::new(&sender, Layout::OnePerPage, "Réunion de rentrée");
    let mut file = press.letters(&sender, &[letter.clone(), long])?;
    eprintln!("{} pages", press.pages());
    file.extend(press.finish());
    std::fs::write(pdf, file)?;
    std::fs::write(png, page_png(&sender, &letter, 800)?)?;
    Ok(())
}
