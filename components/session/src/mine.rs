//! The account of the person who is signed in: who she is here, her password, her sessions.

use account::check_password;
use web::{Exchange, Page, Problem, Response, html, ui};

use crate::activation::password_fields;
use crate::{problems, sign_in};

/// `GET /session/account`
pub(crate) fn page(exchange: &Exchange) -> Result<Response, Problem> {
    show(exchange, None)
}

fn show(exchange: &Exchange, problem: Option<&Problem>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let redirect = exchange.menu().find(|item| item.id == "redirect");
    let body = html! {
        section.box aria-labelledby="moi" {
            h2 #moi { "Qui je suis ici" }
            dl.facts {
                dt { "Nom" } dd { (viewer.name()) }
                dt { "Profil" } dd { (ui::profile_badge(viewer.profile)) @if !viewer.function.is_empty() { " " (viewer.function) } }
                dt { "Établissement" } dd { (viewer.establishment) }
                dt { "Identifiant" } dd { (viewer.login) }
                dt { "Adresse universelle" } dd { (viewer.universal_address) }
            }
            @if let Some(item) = redirect {
                p { a href=(item.href) { "Recevoir mes messages à une adresse personnelle" } }
            }
        }
        section.box aria-labelledby="mot-de-passe" {
            h2 #mot-de-passe { "Changer de mot de passe" }
            form.stack method="post" action="/session/password" {
                (ui::csrf(exchange))
                (ui::error_summary(problem))
                input type="text" name="login" value=(viewer.login) autocomplete="username" hidden;
                (ui::Field::new("old", "Mot de passe actuel").kind("password").autocomplete("current-password").problem(problem))
                (password_fields(problem))
                (ui::submit("Changer de mot de passe"))
            }
        }
        section.box aria-labelledby="sessions" {
            h2 #sessions { "Appareils connectés" }
            p { "Si vous avez oublié de vous déconnecter quelque part, fermez toutes les sessions, celle-ci comprise." }
            form method="post" action="/session/sign-out-everywhere" {
                (ui::csrf(exchange))
                (ui::confirm("Me déconnecter partout", "Tous vos appareils seront déconnectés, y compris celui-ci.", "Me déconnecter partout"))
            }
        }
    };
    Page::new("Mon compte", body).respond(exchange)
}

/// `POST /session/password`
pub(crate) fn change_password(exchange: &Exchange) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let viewer = exchange.viewer()?;
    let changed = check_password(form.raw("password"), &viewer.login)
        .map_err(problems::weak)
        .and_then(|()| match form.raw("password") == form.raw("again") {
            true => Ok(()),
            false => Err(Problem::invalid("again", "Les deux mots de passe ne sont pas les mêmes.")),
        })
        .and_then(|()| change(exchange, form.raw("old"), form.raw("password")));
    match changed {
        Ok(proven) => {
            let done = "Votre mot de passe est changé. Vos autres appareils ont été déconnectés.";
            sign_in::open(exchange, &proven, Response::see_other("/session/account").success(done))
        }
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(show(exchange, Some(&problem))?.status(problem.status)),
    }
}

/// Changes the password of the viewer.
pub(crate) fn change(exchange: &Exchange, old: &str, new: &str) -> Result<account::Proven, Problem> {
    match account::change_password(exchange.db(), &exchange.viewer()?.id, old, new, exchange.now()) {
        Err(account::Error::Refused(account::Refusal::Wrong)) => {
            Err(Problem::invalid("old", "Ce n’est pas votre mot de passe actuel."))
        }
        other => other.map_err(problems::of),
    }
}

/// `POST /session/sign-out-everywhere`
pub(crate) fn sign_out_everywhere(exchange: &Exchange) -> Result<Response, Problem> {
    account::end_all_sessions(exchange.db(), &exchange.viewer()?.id).map_err(problems::of)?;
    let done = "Tous vos appareils sont déconnectés.";
    Ok(Response::see_other("/session/sign-in").end_session().success(done))
}
