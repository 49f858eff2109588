//! The composer of a message to a population: one form, whose every button keeps the draft first. Each population is shown
//! with how many it reaches, so that nothing has to be asked when another is chosen, with or without script.

use ::rubriques::{Population, Rubrique};
use counter::{Draft, Refusal, desk, problem};
use mailbox::Attachment;
use maud::{Markup, html};
use serde_json::json;
use store::params;
use web::{Exchange, Form, Problem, Response, ui};

use super::{addressee, reach_words};
use crate::refusal::shown_again;
use crate::rubriques::{editable, edited, page};

/// What the composer shows.
#[derive(Default)]
struct Sheet {
    /// Of the draft; empty before there is one.
    id: String,
    /// Makes the draft once, however often the form is sent.
    key: String,
    population: String,
    subject: String,
    html: String,
    copy_to_author: bool,
    attachments: Vec<Attachment>,
}

/// `GET /broadcast/rubriques/{id}/message`, with `?population=` chosen and `?news=` told of.
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = edited(exchange)?;
    let (subject, html) = about_news(exchange, &rubrique)?;
    let key = web::random::token()?;
    let population = exchange.query_value("population");
    shown(exchange, &rubrique, &Sheet { key, population, subject, html, ..Sheet::default() }, None)
}

/// `GET /broadcast/drafts/{id}`
pub(crate) fn draft(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (viewer, id) = (exchange.viewer()?, exchange.param("id"));
    let rubrique = ::rubriques::of_draft(exchange.db(), &viewer.id, id)?.ok_or_else(Problem::not_found)?;
    let rubrique = ::rubriques::one(exchange.db(), &viewer.id, &rubrique)?.ok_or_else(Problem::not_found)?;
    let rubrique = editable(rubrique)?;
    let kept = mailbox::draft(exchange.db(), &viewer.id, id)?.ok_or_else(Problem::not_found)?;
    let sheet = Sheet {
        id: kept.id,
        key: String::new(),
        population: kept.addressees.into_iter().next().map(|addressee| addressee.id).unwrap_or_default(),
        subject: kept.subject,
        html: kept.html,
        copy_to_author: kept.copy_to_author,
        attachments: kept.attachments,
    };
    shown(exchange, &rubrique, &sheet, None)
}

/// `POST /broadcast/rubriques/{id}/message`: the button pressed is in `action`.
pub(crate) fn act(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = edited(exchange)?;
    let form = exchange.form()?;
    let mut id = form.get("id").to_owned();
    match done(exchange, &rubrique, form, &mut id) {
        Ok(response) => Ok(response),
        // What was typed is shown again, with what is wrong above it; the draft, if it was kept, goes on.
        Err(mut problem) if problem.status.is_client_error() && problem.code != "not-found" => {
            let author = &exchange.viewer()?.id;
            let mut key = form.get("key").to_owned();
            // Something else has left, or is kept, under this form: what is shown is another message from now on.
            if matches!(problem.code, "already-submitted" | "key-reused") {
                problem.detail = "Une première version de ce message a déjà été envoyée ou gardée ; rien n’a été envoyé de nouveau. Pour envoyer aussi le texte ci-dessous, envoyez-le : ce sera un autre message, auquel joindre ses fichiers.".to_owned();
                key = web::random::token()?;
                id.clear();
            }
            let again = Sheet {
                attachments: mailbox::draft(exchange.db(), author, &id)?
                    .map(|kept| kept.attachments)
                    .unwrap_or_default(),
                id,
                key,
                population: form.get("population").to_owned(),
                subject: form.get("subject").to_owned(),
                html: shown_again(&ui::written(form)),
                copy_to_author: form.has("copy"),
            };
            Ok(shown(exchange, &rubrique, &again, Some(&problem))?.status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

fn done(exchange: &Exchange<'_>, rubrique: &Rubrique, form: &Form, id: &mut String) -> Result<Response, Problem> {
    let (author, desk) = (&exchange.viewer()?.id, desk(exchange));
    let (action, argument) = form.get("action").split_once('=').unwrap_or((form.get("action"), ""));
    if action == "discard" {
        if !id.is_empty() {
            counter::discard(desk, author, id).map_err(problem)?;
        }
        let back = Response::see_other(&format!("/broadcast/rubriques/{}", rubrique.id));
        return Ok(back.success("Le brouillon a été supprimé."));
    }
    let content = Draft {
        subject: form.get("subject").to_owned(),
        body: ui::written(form),
        addressees: vec![addressee(exchange, &rubrique.id, form.get("population"))?],
        in_reply_to: None,
        copy_to_author: form.has("copy"),
    };
    let key = Some(form.get("key")).filter(|key| !key.is_empty() && id.is_empty());
    match counter::save(desk, author, Some(id.as_str()).filter(|id| !id.is_empty()), &content, key) {
        Ok(kept) => *id = kept,
        // The form was sent twice: it has left already.
        Err(Refusal::AlreadySubmitted) if action == "send" && left(exchange, id, &content)? => {
            return sent(exchange, id);
        }
        Err(refusal) => return Err(problem(refusal)),
    }
    for file in form.files("file") {
        match counter::attach(desk, author, id, &file.name, &file.content) {
            Err(Refusal::AlreadySubmitted) if action == "send" && left(exchange, id, &content)? => {
                return sent(exchange, id);
            }
            joined => joined.map_err(problem)?,
        };
    }
    let here = Response::see_other(&format!("/broadcast/drafts/{id}"));
    match action {
        "send" => sent(exchange, id),
        "detach" => {
            counter::detach(desk, author, id, argument).map_err(problem)?;
            Ok(here)
        }
        "save" => Ok(here.success("Le brouillon est gardé.")),
        _ => Ok(here),
    }
}

/// Whether what has left as message `id` is what the form says: its text, its population and its files.
fn left(exchange: &Exchange<'_>, id: &str, content: &Draft) -> Result<bool, Problem> {
    let files =
        exchange.form()?.files("file").map(|file| json!({ "name": file.name.trim(), "size": file.content.len() }));
    let row = exchange.db().first(
        "SELECT m.subject = ?3 AND m.body_html = ?4 AND m.addressees ->> '$[0].id' = ?5 AND NOT EXISTS (
                SELECT 1 FROM json_each(?6) j WHERE NOT EXISTS (SELECT 1 FROM attachment f
                    WHERE f.message_id = m.id AND f.name = j.value ->> 'name' AND f.size = j.value ->> 'size'))
            FROM message m WHERE m.id = ?1 AND m.author_id = ?2",
        params![
            id,
            exchange.viewer()?.id.as_str(),
            content.subject.trim(),
            shown_again(&content.body),
            content.addressees.first().map(|to| to.id.as_str()),
            serde_json::Value::from_iter(files).to_string(),
        ],
    )?;
    Ok(row.is_some_and(|row| row.boolean(0).unwrap_or(false)))
}

fn sent(exchange: &Exchange<'_>, id: &str) -> Result<Response, Problem> {
    let receipt = counter::submit(desk(exchange), &exchange.viewer()?.id, id).map_err(problem)?;
    let people = if receipt.recipients > 1 { "personnes" } else { "personne" };
    Ok(Response::see_other(&format!("/broadcast/messages/{id}"))
        .success(&format!("Votre message est parti vers {} {people}.", receipt.recipients)))
}

/// Subject and text to begin with, when a news item of the rubrique is to be told of (B-3).
fn about_news(exchange: &Exchange<'_>, rubrique: &Rubrique) -> Result<(String, String), Problem> {
    let news = exchange.query_value("news");
    if news.is_empty() {
        return Ok(Default::default());
    }
    let row = exchange
        .db()
        .first(
            "SELECT title FROM news WHERE id = ?1 AND rubrique_id = ?2",
            params![news.as_str(), rubrique.id.as_str()],
        )?
        .ok_or_else(Problem::not_found)?;
    let title = row.text(0)?;
    // Mails are read elsewhere: without the service's own address there is no link to give.
    let link = exchange.public_url().map(|base| format!("{base}/broadcast/news/{news}"));
    let body = html! {
        p { "Une actualité de la rubrique « " (rubrique.name) " » : " (title) }
        @if let Some(link) = &link { p { a href=(link) { (link) } } }
    };
    Ok((title.to_owned(), body.into_string()))
}

fn shown(
    exchange: &Exchange<'_>,
    rubrique: &Rubrique,
    sheet: &Sheet,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let populations = ::rubriques::writable(exchange.db(), &viewer.id, &rubrique.id)?;
    let body = html! {
        h2 { "Envoyer un message à une population" }
        @if populations.is_empty() {
            (ui::empty("Aucune population à qui vous puissiez écrire", "La rubrique n’en a pas, ou vos droits ne vous permettent pas d’écrire à celles qu’elle a. L’administrateur de l’établissement choisit les unes et les autres."))
        } @else {
            form.compose.stack method="post" action={ "/broadcast/rubriques/" (rubrique.id) "/message" } enctype="multipart/form-data" {
                // The first button is the one that Enter presses.
                button.visually-hidden type="submit" name="action" value="save" tabindex="-1" aria-hidden="true" {}
                (ui::csrf(exchange))
                (ui::hidden("id", &sheet.id))
                (ui::hidden("key", &sheet.key))
                (ui::error_summary(problem))
                (choice(&populations, &sheet.population, problem))
                (ui::Field::new("subject", "Objet").value(&sheet.subject).autocomplete("off").problem(problem))
                (ui::editor("Message", &sheet.html))
                (files(&sheet.attachments))
                @if !viewer.has(web::Role::Mailbox) {
                    (ui::checkbox("copy", "1", "M’envoyer une copie à mon adresse de redirection", sheet.copy_to_author))
                }
                p.hint { "Chaque destinataire se voit seul, et répond à vous seul." }
                div.toolbar.send {
                    button.primary type="submit" name="action" value="send" data-send { "Envoyer" }
                    button type="submit" name="action" value="save" formnovalidate { "Garder comme brouillon" }
                    button type="submit" name="action" value="discard" formnovalidate { "Annuler" }
                }
            }
        }
    };
    page(rubrique, "/message", body).respond(exchange)
}

fn choice(populations: &[Population], chosen: &str, problem: Option<&Problem>) -> Markup {
    html! {
        fieldset #population {
            legend { "À quelle population" }
            @if let Some(error) = problem.and_then(|problem| problem.about("population")) { p.error { (error) } }
            @for population in populations {
                label.check {
                    input type="radio" name="population" value=(population.id) checked[population.id == chosen] required;
                    span { (population.name) br; small { (reach_words(&population.reach)) } }
                }
            }
        }
    }
}

fn files(attachments: &[Attachment]) -> Markup {
    html! {
        div.field {
            label for="file" { "Fichiers joints" span.optional { " (facultatif)" } }
            @if !attachments.is_empty() {
                ul.files {
                    @for file in attachments {
                        li.file {
                            (file.name) " " small { (web::text::size(u64::try_from(file.size).unwrap_or(0))) }
                            " " button.link type="submit" name="action" value={ "detach=" (file.id) } formnovalidate aria-label={ "Retirer " (file.name) } { "Retirer" }
                        }
                    }
                }
            }
            input #file name="file" type="file" multiple;
            button type="submit" name="action" value="attach" formnovalidate data-attach { "Joindre" }
        }
    }
}
