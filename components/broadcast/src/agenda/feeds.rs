//! Private links to follow an agenda in a calendar program. A link is shown once, when it is made: only its hash is kept.

use ::agenda::{calendar_of, feeds, open_feed, revoke_feed, rubriques};
use maud::{Markup, html};
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response};

use super::{BASE, failed};

/// `GET /broadcast/agenda/feeds`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    shown(exchange, None)
}

/// `POST /broadcast/agenda/feeds`: makes a link, and shows it in the answer itself, since it is kept nowhere.
pub(crate) fn open(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let link = make(exchange, exchange.form()?.get("rubrique"))?;
    shown(exchange, Some(&link))
}

/// `POST /broadcast/agenda/feeds/revoke`
pub(crate) fn revoke(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    take_back(exchange, exchange.form()?.get("rubrique"))?;
    Ok(Response::see_other(&format!("{BASE}/feeds")).success("Le lien est supprimé : il ne donne plus rien."))
}

/// `GET /broadcast/agenda/feed/{file}`: what the owner of the link may read now. Whoever has the link needs no session.
pub(crate) fn follow(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let token = exchange.param("file").strip_suffix(".ics").ok_or_else(Problem::not_found)?;
    let calendar = calendar_of(exchange.db(), exchange.now(), token).map_err(|error| failed(exchange, error))?;
    let calendar = calendar.ok_or_else(Problem::not_found)?;
    Ok(Response::download("agenda.ics", "text/calendar; charset=utf-8", calendar))
}

fn wanted(rubrique: &str) -> Option<&str> {
    Some(rubrique).filter(|id| !id.is_empty())
}

/// Makes the link of the viewer to a rubrique, or to all for an empty one.
pub(super) fn make(exchange: &Exchange<'_>, rubrique: &str) -> Result<String, Problem> {
    let token = web::random::token()?;
    open_feed(exchange.db(), exchange.now(), &exchange.viewer()?.id, wanted(rubrique), &token)
        .map_err(|error| failed(exchange, error))?;
    Ok(format!("{}{BASE}/feed/{token}.ics", exchange.public_url().unwrap_or_default()))
}

pub(super) fn take_back(exchange: &Exchange<'_>, rubrique: &str) -> Result<(), Problem> {
    revoke_feed(exchange.db(), &exchange.viewer()?.id, wanted(rubrique)).map_err(|error| failed(exchange, error))
}

fn shown(exchange: &Exchange<'_>, made: Option<&str>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let open = feeds(exchange.db(), &viewer.id).map_err(|error| failed(exchange, error))?;
    let known = rubriques(exchange.db(), &viewer.id).map_err(|error| failed(exchange, error))?;
    let choices: Vec<(&str, &str)> = std::iter::once(("", "Mon agenda (toutes les rubriques)"))
        .chain(known.iter().map(|r| (r.id.as_str(), r.name.as_str())))
        .collect();
    let body = html! {
        @if let Some(link) = made {
            (ui::notice(Tone::Good, html! {
                strong { "Voici votre lien" }
                p { code { (link) } }
                p { "Copiez-le maintenant dans votre logiciel d’agenda : il ne sera plus montré. Ne le donnez à personne ; quiconque l’a lit votre agenda." }
            }))
        }
        @if open.is_empty() {
            (ui::empty("Aucun lien", "Un lien privé montre un agenda dans votre téléphone ou votre logiciel, avec ce que vous pouvez lire, et se met à jour tout seul."))
        } @else {
            ul.agenda {
                @for feed in &open {
                    @let (id, name) = feed.rubrique.as_ref().map_or(("", "Mon agenda (toutes les rubriques)"), |(id, name)| (id, name));
                    li { (name) p.soft { "Créé " (viewer.zone().long(feed.created_at)) } (taking_back(exchange, id)) }
                }
            }
        }
        form.stack.box method="post" action={ (BASE) "/feeds" } {
            (ui::csrf(exchange))
            (ui::select("rubrique", "Agenda à suivre", &choices, ""))
            p.hint { "Un nouveau lien remplace celui que vous aviez pour le même agenda." }
            (ui::submit("Créer un lien"))
        }
    };
    Page::new("Suivre un agenda", body).crumb("Mon agenda", BASE).respond(exchange)
}

fn taking_back(exchange: &Exchange<'_>, rubrique: &str) -> Markup {
    html! {
        form method="post" action={ (BASE) "/feeds/revoke" } {
            (ui::csrf(exchange)) (ui::hidden("rubrique", rubrique))
            (ui::confirm("Supprimer le lien", "Les logiciels qui le suivent ne verront plus rien.", "Supprimer"))
        }
    }
}
