//! The letterhead of an establishment: logo, postal address, who signs.

use letters::{BadPicture, Picture};
use mailing::letterhead::{self, Letterhead, MOST_LINES, Which};
use maud::{Markup, html};
use web::ui;
use web::{Exchange, Problem, Response};

use crate::access::{Place, failed, place, place_as};
use crate::frame;

const PATH: &str = "/publipostage/letterhead";
/// Characters of a line.
const MOST_CHARS: usize = 90;

/// `GET /publipostage/letterhead`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    let kept = letterhead::letterhead(exchange.db(), &place.uai).map_err(failed)?;
    let body = html! {
        p { "Ce qui figure sur les courriers imprimés de " (place.name) "." }
        form.stack.box method="post" action=(PATH) {
            (frame::hidden(exchange, &place))
            (ui::textarea("address", "Adresse postale, sans le nom de l’établissement (6 lignes au plus)", &kept.address.join("\n"), 5, None))
            (ui::textarea("signatory", "Signataire des lettres types : nom, puis fonction", &kept.signatory.join("\n"), 2, None))
            (ui::submit("Enregistrer"))
        }
        (picture(exchange, &place, Which::Logo, "Logo", kept.logo))
        (picture(exchange, &place, Which::Signature, "Signature numérisée (lettres types)", kept.signature))
    };
    frame::page(&place, PATH, "En-tête des courriers", body).respond(exchange)
}

fn picture(exchange: &Exchange<'_>, place: &Place, which: Which, title: &str, there: bool) -> Markup {
    let here = format!("{PATH}/{}", which.as_str());
    html! {
        section.box aria-label=(title) {
            h2 { (title) }
            @if there {
                p { img src={ "/api/v1" (here) "?uai=" (place.uai) } alt=(title) height="96"; }
                form method="post" action={ (here) "/remove" } {
                    (frame::hidden(exchange, place)) (ui::confirm("Retirer", "L’image ne figurera plus sur les courriers.", "Retirer l’image"))
                }
            }
            form.stack method="post" action=(here) enctype="multipart/form-data" {
                (frame::hidden(exchange, place))
                (ui::Field::new(which.as_str(), "Image PNG ou JPEG").kind("file").hint("1 Mo et 2 000 pixels de côté au plus."))
                (ui::submit("Enregistrer l’image"))
            }
        }
    }
}

/// The lines of a text, checked.
pub(crate) fn lines<'a>(field: &str, lines: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Problem> {
    let lines: Vec<String> = lines.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let long = |line: &String| line.chars().count() > MOST_CHARS || line.chars().any(char::is_control);
    if lines.len() > MOST_LINES || lines.iter().any(long) {
        return Err(Problem::invalid(
            field,
            format!("Donnez {MOST_LINES} lignes au plus, de {MOST_CHARS} caractères au plus."),
        ));
    }
    Ok(lines)
}

/// `POST /publipostage/letterhead`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let place = place_as(exchange, form.get("uai"))?.whole()?;
    let address = lines("address", form.get("address").lines())?;
    let signatory = lines("signatory", form.get("signatory").lines())?;
    letterhead::set_texts(exchange.db(), &place.uai, &address, &signatory).map_err(failed)?;
    Ok(back(&place).success("L’en-tête est enregistré."))
}

fn back(place: &Place) -> Response {
    Response::see_other(&format!("{PATH}?uai={}", place.uai))
}

pub(crate) fn which(exchange: &Exchange<'_>) -> Result<Which, Problem> {
    Which::of(exchange.param("picture")).ok_or_else(Problem::not_found)
}

/// Checks and keeps a picture.
pub(crate) fn keep(exchange: &Exchange<'_>, place: &Place, which: Which, bytes: &[u8]) -> Result<(), Problem> {
    match Picture::new(bytes.to_vec()) {
        Ok(_) => letterhead::set_picture(exchange.db(), &place.uai, which, Some(bytes)).map_err(failed),
        Err(BadPicture::Format) => Err(Problem::refused(
            "bad-picture",
            "Ce fichier n’est pas une image PNG ou JPEG que l’on sache imprimer. Enregistrez-la dans l’un de ces formats.",
        )),
        Err(BadPicture::TooLarge) => Err(Problem::refused(
            "picture-too-large",
            "L’image dépasse 1 Mo ou 2 000 pixels de côté. Réduisez-la, puis recommencez.",
        )),
    }
}

/// `POST /publipostage/letterhead/{picture}`
pub(crate) fn upload(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let place = place_as(exchange, form.get("uai"))?.whole()?;
    let which = which(exchange)?;
    let file = form.files(which.as_str()).next();
    let file = file.ok_or_else(|| Problem::invalid(which.as_str(), "Choisissez un fichier."))?;
    keep(exchange, &place, which, &file.content)?;
    Ok(back(&place).success("L’image est enregistrée."))
}

/// `POST /publipostage/letterhead/{picture}/remove`
pub(crate) fn remove(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place_as(exchange, exchange.form()?.get("uai"))?.whole()?;
    letterhead::set_picture(exchange.db(), &place.uai, which(exchange)?, None).map_err(failed)?;
    Ok(back(&place).success("L’image est retirée."))
}

/// `GET /api/v1/publipostage/letterhead/{picture}`
pub(crate) fn show(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?.whole()?;
    let which = which(exchange)?;
    let bytes = letterhead::picture(exchange.db(), &place.uai, which).map_err(failed)?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    let (name, media_type) =
        if bytes.starts_with(b"\x89PNG") { ("image.png", "image/png") } else { ("image.jpg", "image/jpeg") };
    Ok(Response::inline(name, media_type, bytes))
}

/// The letterhead of the establishment asked for.
pub(crate) fn asked(exchange: &Exchange<'_>) -> Result<(Place, Letterhead), Problem> {
    let place = place(exchange)?.whole()?;
    let kept = letterhead::letterhead(exchange.db(), &place.uai).map_err(failed)?;
    Ok((place, kept))
}
