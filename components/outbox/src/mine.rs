//! For everybody: the messages one sent, and what became of them (M-12).

use clock::Zone;
use queue::{Recipient, Sent};
use web::ui::{Column, Tone, badge, empty, notice, pager, table};
use web::{Exchange, Markup, Page, Problem, Response, html};

use crate::{labels, outside};

const PAGE: usize = 25;
/// Recipients on one page.
const RECIPIENTS: u32 = 100;

/// `GET /outbox`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let after = exchange.query_value("cursor");
    let page = queue::sent(exchange.db(), &viewer.id, Some(after.as_str()).filter(|after| !after.is_empty()), PAGE)?;
    let zone = exchange.viewer()?.zone();
    let columns = [
        Column { label: "Envoyé", class: "min" },
        Column { label: "Objet", class: "" },
        Column { label: "Destinataires", class: "min" },
        Column { label: "Courriers", class: "min" },
    ];
    let rows: Vec<_> = page.items.iter().map(|message| line(message, &zone, exchange.now())).collect();
    let older = page.next.map(|next| format!("/outbox?cursor={next}"));
    let body = html! {
        @if rows.is_empty() { (empty("Aucun message envoyé", "Quand vous aurez envoyé un message, vous verrez ici qui l’a reçu, et comment.")) }
        @else { (table("Messages envoyés", &columns, &rows)) }
        (pager((!after.is_empty()).then_some("/outbox"), older.as_deref()))
    };
    Page::new("Suivi des envois", body)
        .lead("Où en sont les messages que vous avez envoyés.")
        .actions(actions(viewer.is_local_admin()))
        .wide()
        .respond(exchange)
}

/// The other pages, for those they are for.
fn actions(admin: bool) -> Markup {
    html! {
        @if outside::relay().is_none() { a.button href="/outbox/pickup" { "Courriers gardés" } }
        @if admin { a.button href="/outbox/queue" { "File d’attente" } }
    }
}

fn line(message: &Sent, zone: &Zone, now: i64) -> Vec<Markup> {
    let subject = if message.subject.is_empty() { "(sans objet)" } else { message.subject.as_str() };
    vec![
        html! { (zone.short(message.at, now)) },
        html! { a href={ "/outbox/messages/" (message.id) } { (subject) } },
        html! { (message.recipients) },
        mails(message),
    ]
}

fn mails(message: &Sent) -> Markup {
    html! {
        @if message.mails == 0 { span.soft { "aucun" } }
        @else if message.failed > 0 { (badge(Tone::Bad, &labels::count(message.failed, "non remis", "non remis"))) }
        @else if message.waiting > 0 { (badge(Tone::Neutral, &format!("{} en attente", message.waiting))) }
        @else { (badge(Tone::Good, &labels::count(message.sent, "remis", "remis"))) }
    }
}

/// `GET /outbox/messages/{id}`
pub(crate) fn message(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let offset: u32 = exchange.query_value("from").parse().unwrap_or(0);
    // One more than is shown tells whether there is another page.
    let mut list = queue::recipients(exchange.db(), &viewer.id, exchange.param("id"), offset, RECIPIENTS + 1)?;
    if list.is_empty() {
        return Err(Problem::not_found());
    }
    let shown = usize::try_from(RECIPIENTS).unwrap_or(100);
    let more = list.len() > shown;
    list.truncate(shown);
    let zone = exchange.viewer()?.zone();
    let columns = [
        Column { label: "Destinataire", class: "" },
        Column { label: "Champ", class: "min" },
        Column { label: "Messagerie", class: "min" },
        Column { label: "Adresse de redirection", class: "" },
    ];
    let rows: Vec<_> = list.iter().map(|recipient| recipient_line(recipient, &zone, exchange.now())).collect();
    let unreached = list.iter().any(|recipient| !recipient.by_mailbox && !recipient.by_redirect);
    let next = more.then(|| format!("?from={}", offset + RECIPIENTS));
    let body = html! {
        @if unreached { (notice(Tone::Attention, "Certains destinataires n’ont ni messagerie ni adresse de redirection : joignez-les autrement.")) }
        (table("Destinataires", &columns, &rows))
        (pager((offset > 0).then_some("?"), next.as_deref()))
    };
    Page::new("Destinataires", body).crumb("Suivi des envois", "/outbox").wide().respond(exchange)
}

fn recipient_line(recipient: &Recipient, zone: &Zone, now: i64) -> Vec<Markup> {
    let field = match recipient.field.as_str() {
        "cc" => "Copie",
        "bcc" => "Copie cachée",
        _ => "À",
    };
    vec![
        html! { (recipient.name) },
        html! { (field) },
        html! { @if recipient.by_mailbox { (badge(Tone::Good, "reçu")) } @else { span.soft { "–" } } },
        html! {
            @match recipient.state {
                None => span.soft { "–" },
                Some(state) => {
                    (labels::state(state))
                    @if let Some(error) = &recipient.error { " " (error) }
                    @if let Some(due) = recipient.due_at { " " span.soft { "prochain essai : " (zone.short(due, now)) } }
                    @if let Some(at) = recipient.finished_at { " " span.soft { (zone.short(at, now)) } }
                }
            }
        },
    ]
}
