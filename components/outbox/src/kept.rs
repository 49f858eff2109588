//! The mails that are kept where no relay is configured (O-5): each person sees those she sent or was sent.

use mail_parser::{MessageParser, MimeHeaders as _};
use queue::Kept;
use web::ui::{Column, empty, pager, table};
use web::{Exchange, Markup, Page, Problem, Response, html};

use crate::outside;

const PAGE: usize = 25;
/// Names asked for at once, and how often: whoever has no mail among the newest thousand sees none.
const NAMES: u32 = 200;
const ROUNDS: usize = 5;

/// The newest kept mails before `before` that the viewer may know of, and where to go on.
pub(crate) fn list(exchange: &Exchange<'_>, before: Option<&str>) -> Result<(Vec<Kept>, Option<String>), Problem> {
    let viewer = exchange.viewer()?;
    let mut found = Vec::new();
    let mut before = before.map(str::to_owned);
    for _ in 0..ROUNDS {
        let names = outside::names(before.as_deref(), NAMES).map_err(Problem::unavailable)?;
        found.extend(queue::visible(exchange.db(), &viewer.id, &names)?);
        if found.len() > PAGE {
            found.truncate(PAGE);
            let next = found.last().map(|kept| kept.id.clone());
            return Ok((found, next));
        }
        match names.last() {
            Some(last) => before = Some(last.clone()),
            None => return Ok((found, None)),
        }
    }
    Ok((found, before))
}

/// The mail `name`, if the viewer sent it or was sent it.
fn mail(exchange: &Exchange<'_>, name: &str) -> Result<Vec<u8>, Problem> {
    let kept = queue::visible(exchange.db(), &exchange.viewer()?.id, &[name.to_owned()])?;
    if kept.first().is_none_or(|kept| kept.subject.is_none()) {
        return Err(Problem::not_found());
    }
    outside::read(name).map_err(Problem::unavailable)?.ok_or_else(Problem::not_found)
}

/// `GET /outbox/pickup`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let cursor = exchange.query_value("cursor");
    // A cursor that is no ULID is none.
    let before = Some(cursor.as_str()).filter(|cursor| cursor.len() == 26);
    let (mails, next) = list(exchange, before)?;
    let zone = exchange.viewer()?.zone();
    let columns = [
        Column { label: "Remis", class: "min" },
        Column { label: "De", class: "" },
        Column { label: "Pour", class: "" },
        Column { label: "Objet", class: "" },
        Column { label: "", class: "min" },
    ];
    let line = |kept: &Kept| -> Vec<Markup> {
        vec![
            html! { (zone.short(kept.at, exchange.now())) },
            html! { (kept.author) },
            html! { (kept.person) },
            html! {
                @match &kept.subject {
                    Some(subject) => a href={ "/outbox/pickup/" (kept.id) } { @if subject.is_empty() { "(sans objet)" } @else { (subject) } },
                    None => span.soft { "réservé à l’auteur et au destinataire" },
                }
            },
            html! { @if kept.subject.is_some() { a href={ "/outbox/pickup/" (kept.id) "/source" } { "Télécharger" } } },
        ]
    };
    let rows: Vec<_> = mails.iter().map(line).collect();
    let older = next.filter(|_| !rows.is_empty()).map(|next| format!("/outbox/pickup?cursor={next}"));
    let body = html! {
        @if rows.is_empty() {
            (empty("Aucun courrier gardé", "Les courriers envoyés à votre adresse de redirection, et ceux que vous envoyez, apparaîtront ici."))
        } @else { (table("Courriers gardés", &columns, &rows)) }
        (pager(before.map(|_| "/outbox/pickup"), older.as_deref()))
    };
    Page::new("Courriers gardés", body)
        .crumb("Suivi des envois", "/outbox")
        .lead("Aucun serveur d’envoi n’est configuré : les courriers sont gardés ici, tels qu’ils seraient partis.")
        .wide()
        .respond(exchange)
}

/// `GET /outbox/pickup/{id}`: as plain text; what HTML could do is not worth showing it.
pub(crate) fn show(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let name = exchange.param("id");
    let bytes = mail(exchange, name)?;
    let message =
        MessageParser::default().parse(&bytes).ok_or_else(|| Problem::internal("a kept mail cannot be read"))?;
    let header = |name: &str| message.header_raw(name).map(|_| ()).is_some();
    let addresses = |list: Option<&mail_parser::Address<'_>>| -> String {
        let one = |a: &mail_parser::Addr<'_>| match (a.name(), a.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (Some(text), None) | (None, Some(text)) => text.to_owned(),
            (None, None) => String::new(),
        };
        match list {
            Some(mail_parser::Address::List(list)) => list.iter().map(one).collect::<Vec<_>>().join(", "),
            Some(mail_parser::Address::Group(groups)) => {
                let named = |group: &mail_parser::Group<'_>| {
                    let members = group.addresses.iter().map(one).collect::<Vec<_>>().join(", ");
                    [group.name.as_deref().unwrap_or_default(), members.as_str()]
                        .into_iter()
                        .filter(|s| !s.is_empty())
                        .collect::<Vec<_>>()
                        .join(" : ")
                };
                groups.iter().map(named).collect::<Vec<_>>().join(", ")
            }
            None => String::new(),
        }
    };
    let text = message.body_text(0).unwrap_or_default();
    let body = html! {
        article.letter {
            header {
                dl {
                    dt { "De" } dd { (addresses(message.from())) }
                    dt { "À" } dd { (addresses(message.to())) }
                    @if header("Cc") { dt { "Copie" } dd { (addresses(message.cc())) } }
                    @if let Some(date) = message.date() { dt { "Date" } dd { (exchange.viewer()?.zone().long(date.to_timestamp().saturating_mul(1000))) } }
                }
            }
            div.body { @for paragraph in text.split("\r\n\r\n") { p { @for line in paragraph.lines() { (line) br; } } } }
            @if message.attachment_count() > 0 {
                footer { div.files { @for file in message.attachments() {
                    span.file { (file.attachment_name().unwrap_or("pièce jointe")) }
                } } }
            }
        }
    };
    Page::new(message.subject().filter(|subject| !subject.is_empty()).unwrap_or("(sans objet)"), body)
        .crumb("Suivi des envois", "/outbox")
        .crumb("Courriers gardés", "/outbox/pickup")
        .actions(html! { a.button href={ "/outbox/pickup/" (name) "/source" } { "Télécharger le courrier" } })
        .respond(exchange)
}

/// `GET /outbox/pickup/{id}/source`, `GET /api/v1/outbox/pickup/{id}`
pub(crate) fn source(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let name = exchange.param("id");
    let bytes = mail(exchange, name)?;
    Ok(Response::download(&format!("{name}.eml"), "message/rfc822", bytes))
}
