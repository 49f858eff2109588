//! A forgotten password: a link by mail to the verified redirect address. The answer never tells whether there is
//! such an account, or such an address.

use account::Renewal;
use web::{Exchange, Page, Problem, Response, html, ui};

use crate::activation::password_fields;
use crate::{problems, sign_in};

/// What is answered in every case.
pub(crate) const TOLD: &str = "Si ce compte existe et que son titulaire a donné une adresse de redirection, un lien valable une heure vient d’y être envoyé. Sinon, demandez un nouveau code à l’établissement.";

/// `GET /session/renewal`
pub(crate) fn page(exchange: &Exchange) -> Result<Response, Problem> {
    if exchange.public_url().is_none() {
        return Ok(nothing_to_mail(exchange));
    }
    Ok(show(exchange, "", None))
}

/// `POST /session/renewal`
pub(crate) fn ask(exchange: &Exchange) -> Result<Response, Problem> {
    let login = exchange.form()?.get("login");
    match send_link(exchange, login) {
        Ok(()) => Page::new(
            "Regardez votre courriel",
            html! {
                p { (TOLD) }
                ul.ways { li { a href="/session/sign-in" { "Revenir à la connexion" } } }
            },
        )
        .card()
        .respond(exchange),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(show(exchange, login, Some(&problem)).status(problem.status)),
    }
}

/// Mails a link, if there is an account and somewhere to mail it.
///
/// # Errors
/// 503 when links cannot be made at all (no `public_url`), 429 when asked for too often.
pub(crate) fn send_link(exchange: &Exchange, login: &str) -> Result<(), Problem> {
    // The address of the service must not come from the request: its sender would choose where the link leads.
    let base = exchange.public_url().ok_or_else(no_address)?;
    let Some(renewal) = account::begin_renewal(exchange.db(), login, exchange.now()).map_err(problems::of)? else {
        return Ok(());
    };
    let text = mail(base, &renewal);
    let subject = "Choisir un nouveau mot de passe";
    counter::write_to_address(counter::desk(exchange), &renewal.person_id, &renewal.address, subject, &text)
        .map(drop)
        .map_err(|refusal| Problem::unavailable(refusal.to_string()))
}

fn mail(base: &str, renewal: &Renewal) -> String {
    format!(
        "Bonjour,\n\nquelqu’un, sans doute vous, a demandé un nouveau mot de passe pour le compte {}.\n\
        Pour le choisir, ouvrez ce lien dans l’heure :\n\n{base}/session/renewal/{}\n\n\
        Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même.\n",
        renewal.login, renewal.token
    )
}

fn no_address() -> Problem {
    let mut problem = Problem::unavailable("the variable public_url is not set: no link can be mailed");
    problem.detail =
        "L’envoi de liens n’est pas configuré. Demandez un nouveau code d’activation à l’établissement.".to_owned();
    problem
}

/// `GET /session/renewal/{token}`
pub(crate) fn choose(exchange: &Exchange) -> Result<Response, Problem> {
    Ok(ask_password(exchange, None))
}

/// `POST /session/renewal/{token}`
pub(crate) fn submit(exchange: &Exchange) -> Result<Response, Problem> {
    let form = exchange.form()?;
    if form.raw("password") != form.raw("again") {
        let problem = Problem::invalid("again", "Les deux mots de passe ne sont pas les mêmes.");
        return Ok(ask_password(exchange, Some(&problem)).status(problem.status));
    }
    match account::finish_renewal(exchange.db(), exchange.param("token"), form.raw("password"), exchange.now()) {
        Ok(proven) => {
            let done = "Votre nouveau mot de passe est enregistré.";
            sign_in::open(exchange, &proven, Response::see_other("/").success(done))
        }
        Err(error) => match problems::of(error) {
            problem if problem.code == "invalid" => Ok(ask_password(exchange, Some(&problem)).status(problem.status)),
            problem => Err(problem),
        },
    }
}

/// What is shown where the deployment has not said where links should lead.
fn nothing_to_mail(exchange: &Exchange) -> Response {
    let body = html! {
        p { "Adressez-vous à l’établissement : un administrateur peut vous donner un nouveau code d’activation." }
        ul.ways { li { a href="/session/sign-in" { "Revenir à la connexion" } } }
    };
    Page::new("Mot de passe oublié", body).card().render(exchange)
}

fn show(exchange: &Exchange, login: &str, problem: Option<&Problem>) -> Response {
    let body = html! {
        form.stack method="post" action="/session/renewal" {
            (ui::error_summary(problem))
            (ui::Field::new("login", "Identifiant").value(login).autocomplete("username"))
            (ui::submit("Recevoir un lien"))
        }
        ul.ways { li { a href="/session/sign-in" { "Revenir à la connexion" } } }
    };
    Page::new("Mot de passe oublié", body)
        .lead("Nous vous envoyons un lien à votre adresse de redirection pour choisir un nouveau mot de passe.")
        .card()
        .render(exchange)
}

fn ask_password(exchange: &Exchange, problem: Option<&Problem>) -> Response {
    let body = html! {
        form.stack method="post" {
            (ui::error_summary(problem))
            (password_fields(problem))
            (ui::submit("Enregistrer"))
        }
    };
    Page::new("Choisir un mot de passe", body).card().render(exchange)
}
