//! The editor: name, subject, body, the palette of fields, what is wrong with the template, the scanned signature.

use letters::template::{FIELDS, Template};
use mailing::model::{self, Content, Model};
use maud::{Markup, PreEscaped};
use web::assets::EDITOR;
use web::ui::{self, Field, Tone};
use web::{Exchange, Form, Page, Problem, Response, html};

use super::{PATH, failed};
use crate::script;

/// What the form says.
pub(crate) fn content(form: &Form) -> Content {
    let body = form.raw("body");
    // Typed without script and without tags, it is text: its lines are kept.
    let tagged = body.match_indices('<').any(|(at, _)| {
        body.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
    });
    let body = if tagged { body.to_owned() } else { web::text::to_html(body) };
    Content { name: form.get("name").to_owned(), subject: form.get("subject").to_owned(), body }
}

/// `GET /publipostage/models/{id}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let model = model::find(exchange.db(), &exchange.viewer()?.id, exchange.param("id")).map_err(failed)?;
    let content = Content { name: model.name.clone(), subject: model.subject.clone(), body: model.body.clone() };
    sheet(exchange, &model.uai, Some(&model), &content, None)
}

/// `POST /publipostage/models/{id}`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let viewer = &exchange.viewer()?.id;
    let mut model = model::find(exchange.db(), viewer, exchange.param("id")).map_err(failed)?;
    let content = content(form);
    let version = form
        .get("version")
        .parse()
        .map_err(|_| Problem::invalid("version", "La version manque. Rechargez la page."))?;
    match model::save(exchange.db(), exchange.now(), viewer, &model.id, version, &content).map_err(failed) {
        Ok(_) if form.get("action") == "recipients" => {
            Ok(Response::see_other(&format!("{PATH}/{}/recipients", model.id)))
        }
        Ok(_) => Ok(Response::see_other(&format!("{PATH}/{}", model.id)).success("Le modèle est enregistré.")),
        Err(problem) => {
            // The version edited stays: pressing again must not replace what another wrote.
            model.version = version;
            again(exchange, &model.uai.clone(), Some(&model), &content, problem)
        }
    }
}

/// The form as it was typed, with what is wrong above it.
pub(crate) fn again(
    exchange: &Exchange<'_>,
    uai: &str,
    model: Option<&Model>,
    content: &Content,
    problem: Problem,
) -> Result<Response, Problem> {
    if !problem.status.is_client_error() || problem.code == "not-found" {
        return Err(problem);
    }
    Ok(sheet(exchange, uai, model, content, Some(&problem))?.status(problem.status))
}

/// The editor's page.
pub(crate) fn sheet(
    exchange: &Exchange<'_>,
    uai: &str,
    model: Option<&Model>,
    content: &Content,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let action = model.map_or_else(|| PATH.to_owned(), |model| format!("{PATH}/{}", model.id));
    let mistakes = match (model, problem) {
        (Some(_), None) => Template::parse(&content.subject, &content.body).err().unwrap_or_default(),
        _ => Vec::new(),
    };
    // What was refused is shown as typed, never as markup: it was not sanitised.
    let shown = if problem.is_none() { content.body.as_str() } else { "" };
    let body = html! {
        @if !mistakes.is_empty() {
            div.notice.attention role="alert" {
                strong { "À corriger avant d’envoyer" }
                ul { @for mistake in &mistakes { li { (mistake) } } }
            }
        }
        form.compose.stack method="post" action=(action) data-model[problem.is_none()] {
            (ui::csrf(exchange))
            (ui::hidden("uai", uai))
            @if let Some(model) = model { (ui::hidden("version", &model.version.to_string())) }
            (ui::error_summary(problem))
            (Field::new("name", "Nom du modèle").value(&content.name).hint("Pour le retrouver ; il n’est pas dans la lettre.").problem(problem))
            (Field::new("subject", "Objet de la lettre").value(&content.subject).optional().problem(problem))
            div.field {
                label for="body" #body-label { "Texte de la lettre" }
                div.editor data-editor[problem.is_none()] hidden role="textbox" aria-multiline="true" aria-labelledby="body-label" {
                    (ui::verbatim(&PreEscaped(shown.to_owned())))
                }
                p.hint data-by-hand { "Texte simple, ou HTML (<p>, <b>, <ul>…)." }
                textarea #body name="body" rows="16" data-html { (by_lines(&content.body)) }
            }
            (palette())
            div.toolbar.send {
                (ui::submit("Enregistrer"))
                @if model.is_some() {
                    button type="submit" name="action" value="recipients" { "Enregistrer et choisir les destinataires" }
                }
            }
        }
        @if let Some(model) = model { (signature(exchange, model)) }
        script src=(EDITOR.path) defer {}
        script src=(script::MODEL.path) defer {}
    };
    let title = model.map_or("Nouvelle lettre type", |model| model.name.as_str());
    Page::new(title, body)
        .crumb("Publipostage", "/publipostage")
        .crumb("Lettres types", &format!("{PATH}?uai={uai}"))
        .respond(exchange)
}

/// HTML as somebody types it: a paragraph a line.
fn by_lines(html: &str) -> String {
    html.replace("</p>\n", "</p>").replace("</p>", "</p>\n")
}

/// The fields, and how a condition is written.
fn palette() -> Markup {
    let examples = [
        ("{% if enfant.classe == \"6A\" %}…{% else %}…{% endif %}", "un texte selon la classe"),
        ("{% if civilité %}{{ civilité }} {% endif %}", "un champ qui peut manquer"),
        (
            "{% for e in enfants %}{{ e.prénom }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "les prénoms de tous les enfants",
        ),
    ];
    html! {
        details.box open {
            summary { h2 { "Champs de fusion" } }
            p { "Un champ s’écrit entre accolades et prend la valeur de chaque destinataire. Pour un parent, il y a une lettre par enfant ; celles qui disent la même chose n’en font qu’une." }
            ul {
                @for field in FIELDS {
                    li { code data-field={ "{{ " (field.name) " }}" } { "{{ " (field.name) " }}" } " " small { (field.meaning) " : " (field.example) } }
                }
                @for (example, meaning) in examples {
                    li { code data-field=(example) { (example) } " " small { (meaning) } }
                }
            }
        }
    }
}

fn signature(exchange: &Exchange<'_>, model: &Model) -> Markup {
    let here = format!("{PATH}/{}/signature", model.id);
    html! {
        section.box aria-labelledby="signature" {
            h2 #signature { "Signature scannée" }
            @if model.signed {
                img src=(here) alt="Signature scannée de ce modèle" height="80";
            } @else {
                p { "Sans image ici, la lettre porte la signature de l’établissement, s’il en a une." }
            }
            form.stack method="post" action=(here) enctype="multipart/form-data" {
                (ui::csrf(exchange))
                div.field {
                    label for="picture" { "Image" }
                    p.hint { "PNG ou JPEG, 300 Ko et 2 000 pixels de côté au plus." }
                    input #picture name="picture" type="file" accept="image/png,image/jpeg";
                }
                div.toolbar {
                    button type="submit" name="action" value="set" { "Joindre l’image" }
                    @if model.signed { button type="submit" name="action" value="remove" { "Retirer" } }
                }
            }
        }
    }
}

/// `POST /publipostage/models/{id}/signature`
pub(crate) fn set_signature(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (form, viewer, id) = (exchange.form()?, &exchange.viewer()?.id, exchange.param("id"));
    model::find(exchange.db(), viewer, id).map_err(failed)?;
    let back = Response::see_other(&format!("{PATH}/{id}"));
    if form.get("action") == "remove" {
        model::remove_signature(exchange.db(), viewer, id).map_err(failed)?;
        return Ok(back.success("La signature est retirée."));
    }
    let Some(file) = form.files("picture").next() else {
        return Err(Problem::invalid("picture", "Choisissez une image PNG ou JPEG."));
    };
    model::set_signature(exchange.db(), viewer, id, &file.content).map_err(failed)?;
    Ok(back.success("La signature est enregistrée."))
}

/// `GET /publipostage/models/{id}/signature`, and the same in the API.
pub(crate) fn signature_picture(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let bytes = model::signature(exchange.db(), &exchange.viewer()?.id, exchange.param("id")).map_err(failed)?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    let media_type = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    Ok(Response::inline("signature", media_type, bytes))
}

/// Says the mistakes in a notice; nothing without any.
pub(crate) fn notice(problem: &Problem) -> Markup {
    let told = problem.extra.get("mistakes").or_else(|| problem.extra.get("missing"));
    let told: Vec<&str> =
        told.and_then(|list| list.as_array()).into_iter().flatten().filter_map(|one| one.as_str()).collect();
    html! {
        @if told.is_empty() { (ui::notice(Tone::Bad, &problem.detail)) } @else {
            div.notice.bad role="alert" {
                strong { (problem.title) }
                ul { @for one in told.iter().take(20) { li { (one) } } }
                @if told.len() > 20 { p { "… et " (told.len() - 20) " autres." } }
            }
        }
    }
}
