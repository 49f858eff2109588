//! The queue of an establishment, for its local admins (O-1). It says whom a mail is for and how it fares; never its
//! subject, nor the address it goes to (F-2, M-11).

use clock::Zone;
use queue::{Action, Item, Outcome, Pause, State, Summary, Target};
use web::ui::{self, Column, Tone, badge, empty, pager, table};
use web::{Exchange, Markup, Page, Problem, Response, html};

use crate::{labels, run};

const PAGE: usize = 50;

/// A list of the page: name in the address, label, states.
type List = (&'static str, &'static str, &'static [State]);
const WAITING: List = ("waiting", "En attente", &[State::Pending, State::Leased]);
const LISTS: [List; 5] = [
    WAITING,
    ("failed", "Non remis", &[State::Failed, State::Dead]),
    ("held", "Retenus", &[State::Held]),
    ("sent", "Remis", &[State::Sent]),
    ("cancelled", "Annulés", &[State::Cancelled]),
];

/// `GET /outbox/queue`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let summaries = queue::summaries(exchange.db(), &viewer.id, exchange.now())?;
    let asked = exchange.query_value("uai");
    let summary = summaries.iter().find(|summary| summary.uai == asked).or(summaries.first());
    let Some(summary) = summary else { return Err(Problem::not_found()) };
    let chosen = exchange.query_value("list");
    let (list, _, states) = LISTS.into_iter().find(|(name, ..)| *name == chosen).unwrap_or(WAITING);
    let cursor = exchange.query_value("cursor");
    let after = Some(cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let page = queue::list(exchange.db(), &viewer.id, &summary.uai, states, after, PAGE)?;
    let here = format!("/outbox/queue?uai={}&list={list}", summary.uai);
    let older = page.next.as_ref().map(|next| format!("{here}&cursor={next}"));
    let zone = exchange.viewer()?.zone();
    let body = html! {
        @for pause in &queue::pauses(exchange.db(), exchange.now())? { (paused(exchange, pause, &zone)) }
        @if summaries.len() > 1 { (establishments(&summaries, summary)) }
        (tabs(summary, list))
        @if let Some(oldest) = summary.oldest.filter(|_| list == "waiting") {
            p.soft { "Le plus ancien attend depuis le " (zone.long(oldest)) "." }
        }
        @if page.items.is_empty() { (empty("Rien ici", "Aucun courrier n’est dans cet état.")) }
        @else {
            (table("Courriers", &COLUMNS, &page.items.iter().map(|item| line(exchange, item, &here, &zone)).collect::<Vec<_>>()))
            (all(exchange, &summary.uai, list, &here))
        }
        (pager(after.is_some().then_some(here.as_str()), older.as_deref()))
    };
    Page::new("File d’attente", body)
        .crumb("Suivi des envois", "/outbox")
        .lead("Les courriers qui quittent l’établissement.")
        .actions(html! { form method="post" action="/outbox/queue/drain" { (ui::csrf(exchange)) (ui::submit("Envoyer maintenant")) } })
        .wide()
        .respond(exchange)
}

const COLUMNS: [Column; 5] = [
    Column { label: "Destinataire", class: "" },
    Column { label: "État", class: "min" },
    Column { label: "Déposé", class: "min" },
    Column { label: "Détail", class: "" },
    Column { label: "", class: "min" },
];

fn paused(exchange: &Exchange<'_>, pause: &Pause, zone: &Zone) -> Markup {
    let what = if pause.relay == "pickup" { "Le dossier des courriers" } else { "Le serveur d’envoi" };
    html! {
        div.notice.attention {
            p {
                strong { (what) " est au repos jusqu’à " (zone.short(pause.until, exchange.now())) "." }
                " " (pause.reason) ". Essais sans succès : " (pause.failures) ". Les courriers attendent, rien n’est perdu."
            }
            form method="post" action="/outbox/queue/resume" {
                (ui::csrf(exchange)) (ui::hidden("relay", &pause.relay))
                button type="submit" { "Réessayer sans attendre" }
            }
        }
    }
}

fn establishments(summaries: &[Summary], current: &Summary) -> Markup {
    html! {
        nav.bulk aria-label="Établissements" {
            @for summary in summaries {
                a.button.primary[summary.uai == current.uai] href={ "/outbox/queue?uai=" (summary.uai) } aria-current=[(summary.uai == current.uai).then_some("page")] { (summary.name) }
            }
        }
    }
}

fn tabs(summary: &Summary, current: &str) -> Markup {
    let count = |states: &[State]| -> i64 {
        summary.counts.iter().filter(|(state, _)| states.contains(state)).map(|(_, count)| count).sum()
    };
    html! {
        nav.bulk aria-label="États" {
            @for (name, label, states) in LISTS {
                a.button.primary[name == current] href={ "/outbox/queue?uai=" (summary.uai) "&list=" (name) } aria-current=[(name == current).then_some("page")] {
                    (label) " " (badge(Tone::Neutral, &count(states).to_string()))
                }
            }
        }
    }
}

fn line(exchange: &Exchange<'_>, item: &Item, here: &str, zone: &Zone) -> Vec<Markup> {
    let now = exchange.now();
    vec![
        html! { (item.person.as_deref().unwrap_or("–")) },
        labels::state(item.state),
        html! { (zone.short(item.created_at, now)) },
        html! {
            @if let Some(error) = &item.error { p { (error) } }
            @if item.state == State::Pending && item.attempts > 0 { p.soft { "Essais : " (item.attempts) " ; prochain : " (zone.short(item.due_at, now)) } }
            @if let Some(at) = item.finished_at { p.soft { (zone.short(at, now)) } }
            @if let Some(words) = item.words.as_ref().filter(|words| !words.is_empty()) {
                details { summary.link { "Réponse du serveur" } code { (words) } }
            }
        },
        actions(exchange, item, here),
    ]
}

fn possible(state: State) -> &'static [(&'static str, &'static str)] {
    match state {
        State::Pending => &[("hold", "Retenir"), ("cancel", "Annuler")],
        State::Held => &[("release", "Libérer"), ("cancel", "Annuler")],
        State::Failed | State::Dead => &[("requeue", "Relancer")],
        State::Leased | State::Sent | State::Cancelled => &[],
    }
}

fn actions(exchange: &Exchange<'_>, item: &Item, here: &str) -> Markup {
    let person = item.person.as_deref().unwrap_or("ce destinataire");
    html! {
        @if !possible(item.state).is_empty() {
            form.toolbar method="post" action="/outbox/queue/act" {
                (ui::csrf(exchange)) (ui::hidden("id", &item.id)) (ui::hidden("back", here))
                @for (action, label) in possible(item.state) {
                    button type="submit" name="action" value=(action) aria-label={ (label) " le courrier pour " (person) } { (label) }
                }
            }
        }
    }
}

/// One button for all of a list.
fn all(exchange: &Exchange<'_>, uai: &str, list: &str, here: &str) -> Markup {
    let (action, label, question, yes) = match list {
        "waiting" => {
            ("hold", "Tout retenir", "Plus aucun courrier en attente ne partira avant d’être libéré.", "Tout retenir")
        }
        "held" => ("release", "Tout libérer", "Tous les courriers retenus partiront.", "Tout libérer"),
        "failed" => (
            "requeue",
            "Tout relancer",
            "Tous les courriers non remis seront essayés de nouveau pendant 48 heures.",
            "Tout relancer",
        ),
        _ => return html! {},
    };
    html! {
        form.toolbar method="post" action="/outbox/queue/act-all" {
            (ui::csrf(exchange)) (ui::hidden("uai", uai)) (ui::hidden("action", action)) (ui::hidden("back", here))
            (ui::confirm(label, question, yes))
        }
    }
}

/// The action of a form or a path.
pub(crate) fn action(name: &str) -> Option<Action> {
    Some(match name {
        "hold" => Action::Hold,
        "release" => Action::Release,
        "requeue" => Action::Requeue,
        "cancel" => Action::Cancel,
        _ => return None,
    })
}

/// What was asked in a form, and where to go back to.
fn asked<'a>(exchange: &'a Exchange<'_>) -> Result<(Action, &'a str), Problem> {
    let form = exchange.form()?;
    let action = action(form.get("action")).ok_or_else(|| Problem::malformed("Cette action n’existe pas."))?;
    let back = form.get("back");
    Ok((action, if back.starts_with("/outbox/queue") { back } else { "/outbox/queue" }))
}

/// `POST /outbox/queue/act`
pub(crate) fn act(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (action, back) = asked(exchange)?;
    let target = Target::One(exchange.form()?.get("id"));
    let outcome = queue::act(exchange.db(), &exchange.viewer()?.id, action, target, exchange.now())?;
    let back = Response::see_other(back);
    Ok(match outcome {
        Outcome::Done(_) => back.success(match action {
            Action::Hold => "Le courrier est retenu.",
            Action::Release => "Le courrier est libéré : il part au prochain passage.",
            Action::Requeue => "Le courrier est relancé : il part au prochain passage.",
            Action::Cancel => "Le courrier est annulé.",
        }),
        Outcome::WrongState(state) => {
            back.warning(&format!("Rien n’a été fait : ce courrier est à présent dans l’état « {} ».", state.label()))
        }
        Outcome::NotFound => return Err(Problem::not_found()),
    })
}

/// `POST /outbox/queue/act-all`
pub(crate) fn act_all(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (action, back) = asked(exchange)?;
    let target = Target::All(exchange.form()?.get("uai"));
    let outcome = queue::act(exchange.db(), &exchange.viewer()?.id, action, target, exchange.now())?;
    let Outcome::Done(count) = outcome else { return Err(Problem::not_found()) };
    Ok(Response::see_other(back).success(&format!("Courriers concernés : {count}.")))
}

/// `POST /outbox/queue/resume`
pub(crate) fn resume(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    queue::resume(exchange.db(), &exchange.viewer()?.id, exchange.form()?.get("relay"))?;
    Ok(Response::see_other("/outbox/queue").success("Le serveur sera essayé au prochain passage."))
}

/// `POST /outbox/queue/drain`
pub(crate) fn drain(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let report = run::now(exchange)?;
    let back = Response::see_other("/outbox/queue");
    let words = run::sentence(&report);
    Ok(if report.paused_until.is_some() { back.warning(&words) } else { back.success(&words) })
}
