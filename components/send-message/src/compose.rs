//! The composer: one form, whose every button keeps the draft first. It works without script; `compose.js` makes it
//! quicker.

use mailbox::{Attachment, Named};
use web::{Exchange, Form, Page, Problem, Response, html, ui};

use crate::api::{Addressed, FieldName, KindName};
use crate::{icon, own, recipients, script};
use counter::Addressee;

/// What the composer shows.
#[derive(Default)]
struct Sheet {
    id: String,
    subject: String,
    html: String,
    addressees: Vec<Named>,
    copy_to_author: bool,
    answer: bool,
    attachments: Vec<Attachment>,
}

/// `GET /send-message/compose?to=person:ID&to=group:ID`: nothing is kept until something is written.
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let pairs = exchange.query_pairs()?;
    let asked: Vec<String> = pairs
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "to" | "cc" | "bcc"))
        .map(|(name, value)| format!("{name}:{value}"))
        .collect();
    let addressees = recipients::named(exchange, &addressed(asked.iter().map(String::as_str)))?;
    let subject = exchange.query_value("subject");
    sheet(exchange, &Sheet { addressees, subject, ..Sheet::default() }, None)
}

/// `GET /send-message/drafts/{id}`
pub(crate) fn draft(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = exchange.param("id");
    let draft = mailbox::draft(exchange.db(), &exchange.viewer()?.id, id)?.ok_or_else(Problem::not_found)?;
    // A message to a population is written where its rubrique is.
    if draft.addressees.iter().any(|addressee| addressee.kind == "population") {
        return Ok(Response::see_other(&format!("/broadcast/drafts/{id}")));
    }
    let kept = Sheet {
        id: draft.id,
        subject: draft.subject,
        html: draft.html,
        addressees: draft.addressees,
        copy_to_author: draft.copy_to_author,
        answer: draft.in_reply_to.is_some(),
        attachments: draft.attachments,
    };
    sheet(exchange, &kept, None)
}

/// `POST /send-message/compose`: the button pressed is in `action`.
pub(crate) fn act(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    match done(exchange, form) {
        Ok(response) => Ok(response),
        // What was typed is shown again, with what is wrong above it.
        Err(problem) if problem.status.is_client_error() && problem.code != "not-found" => {
            let again = Sheet {
                id: form.get("id").to_owned(),
                subject: form.get("subject").to_owned(),
                html: ui::written(form),
                addressees: recipients::named(exchange, &addressed(form.all("addressee")))?,
                copy_to_author: form.has("copy"),
                answer: form.has("answer"),
                attachments: mailbox::draft(exchange.db(), &exchange.viewer()?.id, form.get("id"))?
                    .map(|draft| draft.attachments)
                    .unwrap_or_default(),
            };
            Ok(sheet(exchange, &again, Some(&problem))?.status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

fn done(exchange: &Exchange<'_>, form: &Form) -> Result<Response, Problem> {
    let author = &exchange.viewer()?.id;
    let (action, argument) = form.get("action").split_once('=').unwrap_or((form.get("action"), ""));
    let mut addressees = addressed(form.all("addressee"));
    match action {
        "remove" => addressees.retain(|a| format!("{}:{}", kind_name(a), a.id) != argument),
        "add" | "" => addressees.extend(addressed(form.all("found"))),
        _ => {}
    }
    for one in own::pressed(exchange, form)? {
        if !addressees.iter().any(|known| kind_name(known) == kind_name(&one) && known.id == one.id) {
            addressees.push(one);
        }
    }
    if action == "discard" {
        if !form.get("id").is_empty() {
            counter::discard(counter::desk(exchange), author, form.get("id")).map_err(counter::problem)?;
        }
        return Ok(Response::see_other("/send-message/inbox").success("Le brouillon a été supprimé."));
    }
    let in_reply_to = in_reply_to(exchange, form)?;
    let content = counter::Draft {
        subject: form.get("subject").to_owned(),
        body: ui::written(form),
        addressees: addressees.into_iter().map(Addressee::from).collect(),
        in_reply_to,
        copy_to_author: form.has("copy"),
    };
    let known = Some(form.get("id")).filter(|id| !id.is_empty());
    let id = counter::save(counter::desk(exchange), author, known, &content, None).map_err(counter::problem)?;
    for file in form.files("file") {
        counter::attach(counter::desk(exchange), author, &id, &file.name, &file.content).map_err(counter::problem)?;
    }
    let here = format!("/send-message/drafts/{id}");
    match action {
        "send" => sent(exchange, author, &id),
        "detach" => {
            counter::detach(counter::desk(exchange), author, &id, argument).map_err(counter::problem)?;
            Ok(Response::see_other(&here))
        }
        "find" => Ok(Response::see_other(&format!("{here}?{}#trouver", recipients::query(form)))),
        "save" => Ok(Response::see_other(&here).success("Le brouillon est gardé.")),
        _ => Ok(Response::see_other(&here)),
    }
}

fn sent(exchange: &Exchange, author: &str, id: &str) -> Result<Response, Problem> {
    let receipt = counter::submit(counter::desk(exchange), author, id).map_err(counter::problem)?;
    let done = Response::see_other("/send-message/sent");
    let people = if receipt.recipients > 1 { "personnes" } else { "personne" };
    if receipt.unreachable.is_empty() {
        return Ok(done.success(&format!("Votre message est parti vers {} {people}.", receipt.recipients)));
    }
    Ok(done.warning(&format!(
        "Votre message est parti, mais ces personnes n’ont ni messagerie ni adresse de redirection : {}.",
        receipt.unreachable.join(", ")
    )))
}

/// A kept draft knows what it answers; the form only says that it does.
fn in_reply_to(exchange: &Exchange<'_>, form: &Form) -> Result<Option<String>, Problem> {
    let kept = mailbox::draft(exchange.db(), &exchange.viewer()?.id, form.get("id"))?;
    Ok(kept.and_then(|draft| draft.in_reply_to))
}

/// `to:person:ULID`, as forms and addresses carry it; what is not of this form is left out.
fn addressed<'a>(values: impl Iterator<Item = &'a str>) -> Vec<Addressed> {
    values
        .filter_map(|value| {
            let mut parts = value.splitn(3, ':');
            let field = match parts.next()? {
                "to" => FieldName::To,
                "cc" => FieldName::Cc,
                "bcc" => FieldName::Bcc,
                _ => return None,
            };
            let kind = match parts.next()? {
                "person" => KindName::Person,
                "group" => KindName::Group,
                _ => return None,
            };
            Some(Addressed { field, kind, id: parts.next()?.to_owned() })
        })
        .collect()
}

fn kind_name(addressed: &Addressed) -> &'static str {
    match addressed.kind {
        KindName::Person => "person",
        KindName::Group => "group",
    }
}

fn sheet(exchange: &Exchange<'_>, sheet: &Sheet, problem: Option<&Problem>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let body = html! {
        form.compose.stack method="post" action="/send-message/compose" enctype="multipart/form-data" data-compose {
            // The first button is the one that Enter presses.
            button.visually-hidden type="submit" name="action" value="save" tabindex="-1" aria-hidden="true" {}
            (ui::csrf(exchange))
            (ui::hidden("id", &sheet.id))
            @if sheet.answer { (ui::hidden("answer", "1")) }
            (ui::error_summary(problem))
            (recipients::fields(&sheet.addressees))
            (recipients::picker(exchange)?)
            div.field {
                label for="subject" { "Objet" }
                input #subject name="subject" type="text" maxlength="200" value=(sheet.subject) autocomplete="off";
            }
            (ui::editor("Message", &sheet.html))
            div.field {
                label for="file" { "Fichiers joints" }
                @if !sheet.attachments.is_empty() {
                    ul.files {
                        @for file in &sheet.attachments {
                            li.file {
                                (icon::paper_clip("Fichier joint")) (file.name) " " small { (web::text::size(u64::try_from(file.size).unwrap_or(0))) }
                                button.link type="submit" name="action" value={ "detach=" (file.id) } formnovalidate aria-label={ "Retirer " (file.name) } { "Retirer" }
                            }
                        }
                    }
                }
                input #file name="file" type="file" multiple;
                button type="submit" name="action" value="attach" data-attach { "Joindre" }
            }
            @if !viewer.has(web::Role::Mailbox) {
                (ui::checkbox("copy", "1", "M’envoyer une copie à mon adresse de redirection", sheet.copy_to_author))
            }
            div.toolbar.send {
                button.primary type="submit" name="action" value="send" data-send { "Envoyer" }
                button type="submit" name="action" value="save" { "Garder comme brouillon" }
                button type="submit" name="action" value="discard" formnovalidate { "Annuler" }
                span.saved role="status" data-saved {}
            }
        }
        script src=(script::COMPOSE.path) defer {}
    };
    let title = if sheet.answer { "Répondre" } else { "Nouveau message" };
    Page::new(title, body).crumb("Boîte de réception", "/send-message/inbox").respond(exchange)
}
