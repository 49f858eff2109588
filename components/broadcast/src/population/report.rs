//! The report of one message: how many by which way, where the mails stand, and each recipient. For who sent it, the editors
//! of its rubrique and the local administrators.

use ::rubriques::{Filter, Outcome, Report};
use maud::{Markup, html};
use web::ui::{self, Column, Tone};
use web::{Exchange, Page, Problem, Response, Viewer};

/// The report of the message of the path, for those who may read it; for others there is none.
pub(super) fn of(exchange: &Exchange<'_>) -> Result<Report, Problem> {
    ::rubriques::report(exchange.db(), &exchange.viewer()?.id, exchange.param("id"))?.ok_or_else(Problem::not_found)
}

/// The same, for those who may read who the recipients are, too.
pub(super) fn named(exchange: &Exchange<'_>) -> Result<Report, Problem> {
    let report = of(exchange)?;
    if report.named { Ok(report) } else { Err(Problem::forbidden(HIDDEN)) }
}

const HIDDEN: &str = "Ce message est allé à une liste de diffusion, dont les membres ne sont pas montrés. Seul l’administrateur de l’établissement voit leurs noms.";

/// The filter asked for by `state`.
pub(super) fn filter(text: &str) -> Result<Filter, Problem> {
    Filter::parse(text).ok_or_else(|| {
        Problem::invalid("state", "« state » vaut all, mailbox, pending, sent, failed, neither ou paper.")
    })
}

/// `GET /broadcast/messages/{id}?state=&q=&cursor=`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let report = of(exchange)?;
    let filter = filter(&exchange.query_value("state"))?;
    let (typed, cursor) = (exchange.query_value("q"), exchange.query_value("cursor"));
    let after = Some(cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let id = &report.send.message;
    let found = ::rubriques::outcomes(exchange.db(), &viewer.id, id, (filter, &typed), after, 50)?;
    let base = format!("/broadcast/messages/{id}?state={}&q={}", filter.as_str(), web::url_escape(&typed));
    let next = found.next.map(|next| format!("{base}&cursor={next}"));
    let subject = if report.send.subject.is_empty() { "(sans objet)" } else { &report.send.subject };
    let body = html! {
        (summary(&report, viewer))
        (paper(exchange, viewer, &report))
        section #destinataires {
            h2 { "Destinataires" }
            @if report.named { (search(filter, &typed)) }
            @if !report.named { p { (HIDDEN) } }
            @else if found.items.is_empty() { (ui::empty("Personne", "Aucun destinataire ne répond à ces critères.")) }
            @else { (table(&found.items)) }
            (ui::pager(after.is_some().then_some(base.as_str()), next.as_deref()))
            @if report.named {
                p { a href={ "/api/v1/broadcast/messages/" (id) "/recipients.csv?state=" (filter.as_str()) } { "Exporter cette liste (CSV)" } }
            }
        }
    };
    let mut page = Page::new(subject, body).crumb("Rubriques", "/broadcast").wide();
    if let Some((rubrique, name)) = &report.rubrique {
        page = page
            .crumb(name, &format!("/broadcast/rubriques/{rubrique}"))
            .crumb("Envois", &format!("/broadcast/rubriques/{rubrique}/sends"));
    }
    page.respond(exchange)
}

fn summary(report: &Report, viewer: &Viewer) -> Markup {
    let send = &report.send;
    html! {
        section.box {
            dl.facts {
                dt { "À" } dd { (send.label) }
                dt { "Envoyé" } dd { (viewer.zone().long(send.at)) ", par " (send.author) }
                dt { "Destinataires" } dd { (send.recipients) }
                dt { "Par leur messagerie" } dd { (report.by_mailbox) " ; ouvert par " (report.opened) }
                dt { "Par leur adresse de redirection" } dd {
                    (report.by_redirect)
                    @if report.by_redirect > 0 {
                        " : " (report.sent) " remis, " (report.pending) " en attente, " (report.failed) " en échec"
                    }
                }
                dt { "Par aucune des deux" } dd { (report.by_neither) }
                @if !report.reasons.is_empty() {
                    dt { "Motifs" }
                    dd { ul { @for reason in &report.reasons { li { (reason.words) " (" (reason.mails) ")" } } } }
                }
            }
        }
    }
}

/// Those whom nothing has reached: by name for everybody, as letters where model letters are (P-5).
fn paper(exchange: &Exchange<'_>, viewer: &Viewer, report: &Report) -> Markup {
    let id = &report.send.message;
    let letters = viewer.administers(&report.uai) && exchange.menu().any(|item| item.id == "publipostage");
    html! {
        @if report.on_paper > 0 {
            section.box {
                h2 { "À joindre sur papier : " (report.on_paper) }
                p { "Ces personnes n’ont ni messagerie ni adresse de redirection, ou leur courriel n’a pas pu être remis." }
                div.toolbar {
                    @if letters { a.button.primary href={ "/publipostage/models?message=" (id) } { "Imprimer pour ceux-là" } }
                    @if report.named {
                        a.button href={ "/broadcast/messages/" (id) "?state=paper#destinataires" } { "Voir qui" }
                        a.button href={ "/api/v1/broadcast/messages/" (id) "/recipients.csv?state=paper" } { "Leurs noms (CSV)" }
                    }
                }
            }
        }
    }
}

fn search(filter: Filter, typed: &str) -> Markup {
    let options = Filter::ALL.map(|one| (one.as_str(), filter_label(one)));
    html! {
        form.inline method="get" action="#destinataires" role="search" {
            (ui::select("state", "État", &options, filter.as_str()))
            (ui::Field::new("q", "Nom").kind("search").optional().value(typed))
            button type="submit" { "Afficher" }
        }
    }
}

const fn filter_label(filter: Filter) -> &'static str {
    match filter {
        Filter::All => "Tous",
        Filter::Mailbox => "Dans leur messagerie",
        Filter::Pending => "Courriel en attente",
        Filter::Sent => "Courriel remis",
        Filter::Failed => "Courriel en échec",
        Filter::Neither => "Par aucune voie",
        Filter::Paper => "À joindre sur papier",
    }
}

fn table(outcomes: &[Outcome]) -> Markup {
    let columns = ["Nom", "Profil", "Classes", "Acheminement"].map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = outcomes
        .iter()
        .map(|outcome| {
            vec![
                html! { (outcome.last_name) " " (outcome.first_name) },
                html! { (outcome.profile.label()) },
                html! { (outcome.classes) },
                html! { (ui::badge(tone(outcome), &state_words(outcome))) @if let Some(reason) = &outcome.reason { " " small { (reason) } } },
            ]
        })
        .collect();
    ui::table("Sort de l’envoi pour chaque destinataire", &columns, &rows)
}

fn tone(outcome: &Outcome) -> Tone {
    match outcome.state.as_str() {
        "mailbox" | "sent" => Tone::Good,
        "pending" => Tone::Neutral,
        _ if outcome.on_paper => Tone::Bad,
        _ => Tone::Attention,
    }
}

/// « Messagerie ; courriel remis »
pub(super) fn state_words(outcome: &Outcome) -> String {
    let mail = match outcome.state.as_str() {
        "pending" => Some("courriel en attente"),
        "sent" => Some("courriel remis"),
        "failed" => Some("courriel en échec"),
        _ => None,
    };
    match (outcome.by_mailbox, mail) {
        (true, Some(mail)) => format!("Messagerie ; {mail}"),
        (true, None) => "Messagerie".to_owned(),
        (false, Some(mail)) => format!("C{}", mail.get(1..).unwrap_or_default()),
        (false, None) => "Aucune voie".to_owned(),
    }
}
