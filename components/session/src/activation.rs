//! First connection: login and code from the letter, then a password of one's own and the charter.

use account::check_password;
use web::{Exchange, Form, Page, Problem, Response, html, ui};

use crate::{problems, sign_in};

/// `GET /session/activate?login=`: the QR code of a letter fills the login in. The code is typed: it must be in no address.
pub(crate) fn page(exchange: &Exchange) -> Result<Response, Problem> {
    Ok(ask_code(exchange, &exchange.query_value("login"), "", None))
}

/// `POST /session/activate`: either page; the second has a password.
pub(crate) fn submit(exchange: &Exchange) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let (login, code) = (form.get("login"), form.get("code"));
    if !form.has("password") {
        return match check(exchange, login, code) {
            Ok(()) => Ok(ask_password(exchange, login, code, None)),
            Err(problem) if problem.status.is_server_error() => Err(problem),
            Err(problem) => Ok(ask_code(exchange, login, code, Some(&problem)).status(problem.status)),
        };
    }
    if let Err(problem) = acceptable(form) {
        return Ok(ask_password(exchange, login, code, Some(&problem)).status(problem.status));
    }
    match account::activate(exchange.db(), login, code, form.raw("password"), exchange.now()) {
        Ok(proven) => {
            let answer = Response::see_other("/").success("Votre compte est activé. Bienvenue !");
            sign_in::open(exchange, &proven, answer)
        }
        Err(error) => {
            let problem = code_problem(error);
            if problem.status.is_server_error() {
                return Err(problem);
            }
            Ok(ask_code(exchange, login, code, Some(&problem)).status(problem.status))
        }
    }
}

fn check(exchange: &Exchange, login: &str, code: &str) -> Result<(), Problem> {
    account::check_code(exchange.db(), login, code, exchange.now()).map_err(code_problem)
}

/// A wrong code is not a wrong password.
pub(crate) fn code_problem(error: account::Error) -> Problem {
    match error {
        account::Error::Refused(account::Refusal::Wrong) => problems::wrong_code(),
        other => problems::of(other),
    }
}

/// What the second page must say before anything is asked of the database.
fn acceptable(form: &Form) -> Result<(), Problem> {
    check_password(form.raw("password"), form.get("login")).map_err(problems::weak)?;
    if form.raw("password") != form.raw("again") {
        return Err(Problem::invalid("again", "Les deux mots de passe ne sont pas les mêmes."));
    }
    if !form.has("charter") {
        return Err(Problem::invalid("charter", "Lisez la charte et acceptez-la pour activer votre compte."));
    }
    Ok(())
}

fn ask_code(exchange: &Exchange, login: &str, code: &str, problem: Option<&Problem>) -> Response {
    let body = html! {
        (steps(1))
        form.stack method="post" action="/session/activate" {
            (ui::error_summary(problem))
            (ui::Field::new("login", "Identifiant").value(login).autocomplete("username"))
            (ui::Field::new("code", "Code d’activation").value(code).autocomplete("one-time-code")
                .hint("Les 8 caractères imprimés sur le courrier de l’établissement."))
            (ui::submit("Continuer"))
        }
        ul.ways { li { a href="/session/sign-in" { "Mon compte est déjà activé" } } }
    };
    Page::new("Première connexion", body)
        .lead("Votre identifiant et votre code sont sur le courrier de l’établissement.")
        .card()
        .render(exchange)
}

fn ask_password(exchange: &Exchange, login: &str, code: &str, problem: Option<&Problem>) -> Response {
    let charter = html! { "J’ai lu la " a href="/session/charter" target="_blank" { "charte d’usage (nouvel onglet)" } " et je l’accepte." };
    let body = html! {
        (steps(2))
        form.stack method="post" action="/session/activate" {
            (ui::error_summary(problem))
            (ui::hidden("code", code))
            (ui::Field::new("login", "Identifiant").value(login).autocomplete("username").read_only())
            (password_fields(problem))
            (ui::checkbox("charter", "1", charter, false))
            (ui::submit("Activer mon compte"))
        }
    };
    Page::new("Choisir un mot de passe", body).card().render(exchange)
}

/// A new password, twice.
pub(crate) fn password_fields(problem: Option<&Problem>) -> web::Markup {
    html! {
        (ui::Field::new("password", "Nouveau mot de passe").kind("password").autocomplete("new-password").problem(problem)
            .hint("Au moins 12 caractères. Le plus simple : une courte phrase dont vous vous souviendrez."))
        (ui::Field::new("again", "Le même, une deuxième fois").kind("password").autocomplete("new-password").problem(problem))
    }
}

fn steps(now: u8) -> web::Markup {
    html! {
        ol.steps aria-label={ "Étape " (now) " sur 2" } {
            @for step in 1..=2_u8 { li.done[step < now] aria-current=[(step == now).then_some("step")] {} }
        }
    }
}
