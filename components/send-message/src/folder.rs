//! A folder as a page: the list, what is done to the ticked lines, and the folders beside it.

use mailbox::{Cursor, Folder, Item, Summary};
use web::{Exchange, Markup, Page, Problem, Response, html, ui};

use crate::{api, text};

const PAGE: u32 = 25;

/// `GET /send-message/{folder}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let folder = Folder::parse(exchange.param("folder")).ok_or_else(Problem::not_found)?;
    let after = Cursor::parse(&exchange.query_value("cursor"));
    let page = mailbox::list(exchange.db(), &viewer.id, folder, after.as_ref(), PAGE)?;
    let summary = mailbox::summary(exchange.db(), &viewer.id)?;
    let zone = crate::conversation::zone(exchange)?;
    let next = page.next.map(|next| format!("/send-message/{}?cursor={next}", folder.as_str()));
    let body = html! {
        div.mailbox {
            (side(Some(folder), &summary))
            section aria-label=(label(folder)) {
                @if page.items.is_empty() { (nothing(folder)) }
                @else {
                    form method="post" action="/send-message/marks" {
                        (ui::csrf(exchange))
                        (ui::hidden("folder", folder.as_str()))
                        (list(&page.items, folder, &zone, exchange.now()))
                        @if folder != Folder::Drafts { (toolbar(folder)) }
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
    let size = |bytes: i64| text::size(u64::try_from(bytes).unwrap_or(0));
    html! {
        nav.folders aria-label="Dossiers" {
            a.button.primary href="/send-message/compose" { "Nouveau message" }
            ul {
                (entry(Folder::Inbox, summary.unread))
                (entry(Folder::Sent, 0))
                (entry(Folder::Drafts, summary.drafts))
                (entry(Folder::Trash, 0))
            }
            div.usage {
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

fn list(items: &[Item], folder: Folder, zone: &clock::Zone, now: i64) -> Markup {
    let who = if matches!(folder, Folder::Sent | Folder::Drafts) { "À" } else { "De" };
    html! {
        div.table {
            table.messages {
                caption { (label(folder)) }
                thead {
                    tr {
                        @if folder != Folder::Drafts { th.min scope="col" { input type="checkbox" data-check-all aria-label="Tout sélectionner"; } }
                        th scope="col" { (who) }
                        th.wide scope="col" { "Objet" }
                        th.min scope="col" { "Éléments" }
                        th.num scope="col" { "Date" }
                        th.num scope="col" { "Taille" }
                    }
                }
                tbody { @for item in items { (line(item, folder, zone, now)) } }
            }
        }
    }
}

fn line(item: &Item, folder: Folder, zone: &clock::Zone, now: i64) -> Markup {
    let href = match folder {
        Folder::Drafts => format!("/send-message/drafts/{}", item.id),
        _ => format!("/send-message/messages/{}", item.id),
    };
    let subject = if item.subject.is_empty() { "(sans objet)" } else { item.subject.as_str() };
    let who = if item.correspondent.is_empty() { "(sans destinataire)" } else { item.correspondent.as_str() };
    html! {
        tr.unread[!item.seen] {
            @if folder != Folder::Drafts {
                td.min { input type="checkbox" name="message" value=(item.id) aria-label={ "Sélectionner « " (subject) " »" }; }
            }
            td.who data-label="De" {
                @if let Some(profile) = item.profile.as_deref().and_then(|profile| profile.parse::<web::Profile>().ok()) {
                    span class={ "dot " (profile.as_str()) } title=(profile.label()) { span.hidden { (profile.label()) } }
                }
                (who)
            }
            td.wide data-label="Objet" {
                a href=(href) { (subject) }
                @if !item.seen { span.hidden { " (non lu)" } }
            }
            td.min.marks {
                @if item.attachments > 0 { span title="Fichier joint" aria-label="Fichier joint" { "📎" } }
                @if item.conversation > 1 { span title={ "Échange de " (item.conversation) " messages" } aria-label="Échange" { "💬" } }
                @if item.answered { span title="Vous avez répondu" aria-label="Répondu" { "↩" } }
            }
            td.num data-label="Date" { (zone.short(item.at, now)) }
            td.num data-label="Taille" { (text::size(u64::try_from(item.size).unwrap_or(0))) }
        }
    }
}

fn toolbar(folder: Folder) -> Markup {
    let button = |mark: &str, label: &str| html! { button type="submit" name="mark" value=(mark) { (label) } };
    html! {
        div.toolbar {
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
