//! A conversation as a page: its messages, and the ways to carry it on.

use mailbox::{Message, Named};
use web::{Exchange, Markup, Page, Problem, Profile, Response, html, ui};

use crate::{api, folder, icon};

/// `GET /send-message/messages/{id}`: opening it is reading it.
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let asked = exchange.param("id");
    let messages = mailbox::conversation(exchange.db(), &viewer.id, asked)?;
    let Some(current) = messages.iter().find(|message| message.id == asked) else { return Err(Problem::not_found()) };
    let unseen: Vec<String> =
        messages.iter().filter(|message| !message.seen).map(|message| message.id.clone()).collect();
    if !unseen.is_empty() {
        mailbox::mark(exchange.db(), &viewer.id, &unseen, mailbox::Mark::Seen)?;
    }
    let summary = mailbox::summary(exchange.db(), &viewer.id)?;
    let zone = exchange.viewer()?.zone();
    let opened = mailbox::Folder::parse(&current.folder);
    let title = if current.subject.is_empty() { "(sans objet)" } else { current.subject.as_str() };
    let body = html! {
        div.panes {
            (folder::side(opened, &summary))
            section.conversation aria-label="Conversation" {
                @for message in &messages { (article(exchange, message, &zone, message.id == asked)) }
            }
        }
    };
    let label = opened.map_or("Messagerie", folder::label);
    Page::new(title, body).crumb(label, &format!("/send-message/{}", current.folder)).wide().respond(exchange)
}

fn article(exchange: &Exchange<'_>, message: &Message, zone: &clock::Zone, asked: bool) -> Markup {
    let profile = message.author.profile.as_deref().and_then(|profile| profile.parse::<Profile>().ok());
    let (first, last) = message.author.name.split_once(' ').unwrap_or((&message.author.name, ""));
    html! {
        article.letter id=(message.id) {
            header {
                span.person {
                    (ui::avatar(first, last, profile.unwrap_or(Profile::Guest)))
                    span {
                        strong { (message.author.name) }
                        @if !message.author.function.is_empty() { small { (message.author.function) } }
                        @else if let Some(profile) = profile { small { (profile.label()) } }
                    }
                }
                time { (zone.long(message.at)) }
                (addressees(&message.addressees, message.blind))
            }
            div.body {
                // Sanitised before it was kept (crates/submission).
                @if !message.html.is_empty() { (ui::verbatim(&maud::PreEscaped(message.html.clone()))) }
                @else { @for paragraph in message.text.split("\n\n") {
                    p { @for (place, line) in paragraph.lines().enumerate() { @if place > 0 { br; } (line) } }
                } }
                (files(&message.attachments))
            }
            footer { (actions(exchange, message, asked)) }
        }
    }
}

fn addressees(named: &[Named], blind: bool) -> Markup {
    let line = |field: &str, label: &str| {
        let names: Vec<&str> = named.iter().filter(|a| a.field == field).map(|a| a.name.as_str()).collect();
        html! { @if !names.is_empty() { dt { (label) } dd { (names.join(", ")) } } }
    };
    html! {
        dl {
            (line("to", "À"))
            (line("cc", "Copie"))
            (line("bcc", "Copie cachée"))
            @if blind { dt { "Copie cachée" } dd { "vous ; vous ne pouvez répondre qu’à l’auteur du message." } }
        }
    }
}

pub(crate) fn files(attachments: &[mailbox::Attachment]) -> Markup {
    html! {
        @if !attachments.is_empty() {
            ul.files aria-label="Fichiers joints" {
                @for file in attachments {
                    li {
                        a.file href={ "/send-message/attachments/" (file.id) } download=(file.name) {
                            (icon::paper_clip("Fichier joint")) (file.name) " "
                            small { (web::text::size(u64::try_from(file.size).unwrap_or(0))) }
                        }
                    }
                }
            }
        }
    }
}

fn actions(exchange: &Exchange<'_>, message: &Message, asked: bool) -> Markup {
    let answerable = message.author.id.is_some();
    let several = message.addressees.iter().filter(|a| a.field != "bcc").count() > 1
        || message.addressees.iter().any(|a| a.kind == "group" && a.field != "bcc");
    html! {
        div.toolbar {
            form method="post" action={ "/send-message/messages/" (message.id) "/respond" } {
                (ui::csrf(exchange))
                @if answerable { button.primary[asked] type="submit" name="how" value="reply" { "Répondre" } }
                @if answerable && several && !message.blind {
                    " " button type="submit" name="how" value="reply-all" { "Répondre à tous" }
                }
                " " button type="submit" name="how" value="forward" { "Transférer" }
            }
            form method="post" action="/send-message/marks" {
                (ui::csrf(exchange))
                (ui::hidden("message", &message.id))
                (ui::hidden("folder", &message.folder))
                @if message.folder == "trash" { button type="submit" name="mark" value="restore" { "Restaurer" } }
                @else {
                    @if !message.mine { button type="submit" name="mark" value="unseen" { "Marquer comme non lu" } " " }
                    button type="submit" name="mark" value="trash" { "Mettre à la corbeille" }
                }
            }
        }
    }
}

/// `POST /send-message/messages/{id}/respond`
pub(crate) fn respond(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let how = api::response_named(form.get("how")).ok_or_else(|| Problem::malformed("Cette action n’existe pas."))?;
    let draft = counter::respond(counter::desk(exchange), &exchange.viewer()?.id, exchange.param("id"), how)
        .map_err(counter::problem)?;
    Ok(Response::see_other(&format!("/send-message/drafts/{draft}")))
}
