//! A folder as a page: the list, what is done to the ticked lines, and the folders beside it.

use mailbox::{Cursor, Folder, Item, Summary};
use web::{Exchange, Markup, Page, Problem, Response, html, ui};

use crate::{api, icon};

const PAGE: u32 = 25;

/// `GET /send-message/{folder}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let folder = Folder::parse(exchange.param("folder")).ok_or_else(Problem::not_found)?;
    let after = Cursor::parse(&exchange.query_value("cursor"));
    let page = mailbox::list(exchange.db(), &viewer.id, folder, after.as_ref(), PAGE)?;
    let summary = mailbox::summary(exchange.db(), &viewer.id)?;
    let zone = exchange.viewer()?.zone();
    let next = page.next.map(|next| format!("/send-message/{}?cursor={next}", folder.as_str()));
    let body = html! {
        div.panes {
            (side(Some(folder), &summary))
            section aria-label=(label(folder)) {
                @if page.items.is_empty() { (nothing(folder)) }
                @else {
                    form method="post" action="/send-message/marks" {
                        (ui::csrf(exchange))
                        (ui::hidden("folder", folder.as_str()))
                        @if folder != Folder::Drafts { (bulk(folder)) }
                        ul.messages { @for item in &page.items { (line(item, folder, &zone, exchange.now())) } }
                    }
                }
                (ui::pager(after.is_some().then_some("?"), next.as_deref()))
            }
        }
    };
    Page::new(label(folder), body).wide().respond(exchange)
}

/// The folders, « Nouveau message », and the space used (S0).
pub(crate) fn side(current: Option<Folder>, summary: &Summary) -> Markup {
    let entry = |folder: Folder, count: i64| {
        html! {
            li {
                a href={ "/send-message/" (folder.as_str()) } aria-current=[(current == Some(folder)).then_some("page")] {
                    (label(folder))
                    @if count > 0 { " " span.count { (count) } }
                }
            }
        }
    };
    let percent = if summary.quota > 0 { summary.used.saturating_mul(100) / summary.quota } else { 0 };
    let size = |bytes: i64| web::text::size(u64::try_from(bytes).unwrap_or(0));
    html! {
        nav.folders aria-label="Dossiers" {
            a.button.primary href="/send-message/compose" { "Nouveau message" }
            ul {
                (entry(Folder::Inbox, summary.unread))
                (entry(Folder::Sent, 0))
                (entry(Folder::Drafts, summary.drafts))
                (entry(Folder::Trash, 0))
            }
            div.quota {
                meter min="0" max="100" low="80" high="95" optimum="10" value=(percent) { (percent) " %" }
                p { (size(summary.used)) " (" (percent) "\u{a0}%) de votre espace de " (size(summary.quota)) }
                @if percent >= 80 {
                    p.attention { "Votre espace est presque plein : videz la corbeille, ou supprimez des messages avec fichiers." }
                }
            }
        }
    }
}

pub(crate) fn label(folder: Folder) -> &'static str {
    match folder {
        Folder::Inbox => "Boîte de réception",
        Folder::Sent => "Messages envoyés",
        Folder::Drafts => "Brouillons",
        Folder::Trash => "Corbeille",
    }
}

fn nothing(folder: Folder) -> Markup {
    match folder {
        Folder::Inbox => ui::empty("Aucun message", "Les messages que vous recevez apparaîtront ici."),
        Folder::Sent => ui::empty("Aucun message envoyé", "Commencez par « Nouveau message »."),
        Folder::Drafts => ui::empty("Aucun brouillon", "Un message commencé et pas encore envoyé est gardé ici."),
        Folder::Trash => ui::empty("La corbeille est vide", "Les messages supprimés passent par ici."),
    }
}

fn line(item: &Item, folder: Folder, zone: &clock::Zone, now: i64) -> Markup {
    let page = if folder == Folder::Drafts { "drafts" } else { "messages" };
    let subject = if item.subject.is_empty() { "(sans objet)" } else { item.subject.as_str() };
    let who = if item.correspondent.is_empty() { "(sans destinataire)" } else { item.correspondent.as_str() };
    html! {
        li.unread[!item.seen] {
            @if folder == Folder::Drafts { span {} }
            @else { input type="checkbox" name="message" value=(item.id) aria-label={ "Sélectionner « " (subject) " »" }; }
            span.from {
                @if folder == Folder::Inbox || item.profile.is_some() { (sender(item)) }
                @else { span { span.visually-hidden { "À : " } (who) } }
            }
            span.subject {
                a href={ "/send-message/" (page) "/" (item.id) } { (subject) }
                @if !item.seen { span.visually-hidden { " (non lu)" } }
            }
            span.meta {
                @if item.attachments > 0 { (icon::paper_clip(&format!("Fichiers joints : {}", item.attachments))) }
                @if item.conversation > 1 { (icon::bubbles(&format!("Échange de {} messages", item.conversation))) }
                @if item.answered { (icon::answered("Vous avez répondu")) }
                span { (web::text::size(u64::try_from(item.size).unwrap_or(0))) }
                span { (zone.short(item.at, now)) }
            }
        }
    }
}

/// Name and type of user (S4); the service itself has neither profile nor colour.
fn sender(item: &Item) -> Markup {
    let profile = item.profile.as_deref().and_then(|profile| profile.parse::<web::Profile>().ok());
    let (first, last) = item.correspondent.split_once(' ').unwrap_or((&item.correspondent, ""));
    html! {
        @if let Some(profile) = profile { (ui::avatar(first, last, profile)) }
        span {
            (item.correspondent)
            @if let Some(profile) = profile { span.visually-hidden { " (" (profile.label()) ")" } }
        }
    }
}

fn bulk(folder: Folder) -> Markup {
    let button = |mark: &str, label: &str| html! { button type="submit" name="mark" value=(mark) { (label) } };
    html! {
        div.bulk {
            label.check { input type="checkbox" data-check-all="message"; span { "Tout" } }
            @if folder == Folder::Trash {
                (button("restore", "Restaurer"))
                (ui::confirm("Supprimer définitivement", "Ces messages ne pourront plus être retrouvés.", "Supprimer"))
            } @else {
                @if folder == Folder::Inbox { (button("seen", "Marquer comme lu")) (button("unseen", "Marquer comme non lu")) }
                (button("trash", "Mettre à la corbeille"))
            }
        }
    }
}

/// `POST /send-message/marks`
pub(crate) fn marks(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let form = exchange.form()?;
    let messages: Vec<String> = form.all("message").map(str::to_owned).collect();
    // The confirmation of « Supprimer définitivement » has a button without a name.
    let name = if form.has("mark") { form.get("mark") } else { "destroy" };
    let mark = api::mark_named(name).ok_or_else(|| Problem::malformed("Cette action n’existe pas."))?;
    let folder = Folder::parse(form.get("folder")).unwrap_or(Folder::Inbox);
    let back = Response::see_other(&format!("/send-message/{}", folder.as_str()));
    if messages.is_empty() {
        return Ok(back.warning("Cochez d’abord les messages concernés."));
    }
    let changed = mailbox::mark(exchange.db(), &viewer.id, &messages, mark)?;
    Ok(back.success(&match (mark, changed) {
        (_, 0) => "Rien à changer.".to_owned(),
        (mailbox::Mark::Seen, _) => format!("Marqués comme lus : {changed}."),
        (mailbox::Mark::Unseen, _) => format!("Marqués comme non lus : {changed}."),
        (mailbox::Mark::Trash, _) => format!("Mis à la corbeille : {changed}."),
        (mailbox::Mark::Restore, _) => format!("Restaurés : {changed}."),
        (mailbox::Mark::Destroy, _) => format!("Supprimés définitivement : {changed}."),
    }))
}
