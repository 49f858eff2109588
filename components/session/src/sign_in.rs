//! The sign-in page.

use account::Proven;
use web::{Exchange, Markup, Page, Problem, Response, Session, html, ui};

use crate::problems;

/// `GET /session/sign-in?next=`
pub(crate) fn page(exchange: &Exchange) -> Result<Response, Problem> {
    let next = exchange.query_value("next");
    if exchange.visitor().is_some() {
        return Ok(Response::see_other(web::own_page(&next)));
    }
    Ok(show(exchange, "", web::own_page(&next), None))
}

/// `POST /session/sign-in`
pub(crate) fn submit(exchange: &Exchange) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let (login, next) = (form.get("login"), web::own_page(form.get("next")));
    match account::sign_in(exchange.db(), login, form.raw("password"), exchange.now()).map_err(problems::of) {
        Ok(proven) => open(exchange, &proven, Response::see_other(next)),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(show(exchange, login, next, Some(&problem)).status(problem.status)),
    }
}

/// `POST /session/sign-out`
pub(crate) fn sign_out(_: &Exchange) -> Result<Response, Problem> {
    Ok(Response::see_other("/session/sign-in").end_session().success("Vous êtes déconnecté."))
}

/// The same answer, with a session that begins.
pub(crate) fn open(exchange: &Exchange, proven: &Proven, answer: Response) -> Result<Response, Problem> {
    let (token, session) = Session::begin(&proven.person_id, proven.epoch, exchange.now())?;
    Ok(answer.start_session(&token, session))
}

fn show(exchange: &Exchange, login: &str, next: &str, problem: Option<&Problem>) -> Response {
    let form = html! {
        form.stack method="post" action="/session/sign-in" {
            (ui::error_summary(problem))
            (ui::hidden("next", next))
            (ui::Field::new("login", "Identifiant").value(login).hint("Par exemple camille.durand").autocomplete("username"))
            (ui::Field::new("password", "Mot de passe").kind("password").autocomplete("current-password"))
            (ui::submit("Se connecter"))
        }
        (ways_in())
    };
    Page::new("Connexion", form).card().render(exchange)
}

fn ways_in() -> Markup {
    html! {
        ul.ways {
            li { a href="/session/activate" { "Première connexion : activer mon compte" } }
            li { a href="/session/renewal" { "Mot de passe oublié" } }
        }
    }
}
