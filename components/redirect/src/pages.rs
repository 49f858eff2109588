//! The page of preferences, and what its forms do.

use maud::{Markup, html};
use web::{Exchange, Page, Problem, Response, ui};

use crate::state::{Pending, State, Verified, load};
use crate::{problems, verification};

const SUBJECT: &str = "Votre code de vérification";

/// `GET /redirect`
pub(crate) fn page(exchange: &Exchange) -> Result<Response, Problem> {
    show(exchange, "", None)
}

/// `POST /redirect/address`
pub(crate) fn give(exchange: &Exchange) -> Result<Response, Problem> {
    let address = exchange.form()?.get("address");
    done(exchange, address, send_code(exchange, address), "Un code vient d’être envoyé. Recopiez-le ci-dessous.")
}

/// `POST /redirect/resend`
pub(crate) fn resend(exchange: &Exchange) -> Result<Response, Problem> {
    let pending = load(exchange.db(), &exchange.viewer()?.id)?.pending;
    let address = pending.map(|pending| pending.address).unwrap_or_default();
    done(exchange, "", send_code(exchange, &address), "Un nouveau code vient d’être envoyé. Le précédent ne sert plus.")
}

/// `POST /redirect/code`
pub(crate) fn confirm(exchange: &Exchange) -> Result<Response, Problem> {
    let code = exchange.form()?.get("code");
    let confirmed = verification::confirm(exchange.db(), &exchange.viewer()?.id, code, exchange.now());
    let words = "Votre adresse est vérifiée. Vos messages y sont envoyés à partir de maintenant.";
    done(exchange, "", confirmed.map_err(problems::of), words)
}

/// `POST /redirect/cancel`
pub(crate) fn cancel(exchange: &Exchange) -> Result<Response, Problem> {
    let cancelled = verification::cancel(exchange.db(), &exchange.viewer()?.id).map_err(Problem::from);
    done(exchange, "", cancelled, "L’adresse à vérifier est oubliée.")
}

/// `POST /redirect/remove`
pub(crate) fn remove(exchange: &Exchange) -> Result<Response, Problem> {
    let removed = verification::remove(exchange.db(), &exchange.viewer()?.id).map_err(Problem::from);
    done(exchange, "", removed, "Votre adresse est retirée. Vos messages ne sont plus envoyés à l’extérieur.")
}

/// Lets `address` wait for a code, and mails it one.
pub(crate) fn send_code(exchange: &Exchange, address: &str) -> Result<(), Problem> {
    let viewer = exchange.viewer()?;
    let code = format!("{:06}", web::random::below(1_000_000)?);
    let address =
        verification::begin(exchange.db(), &viewer.id, address, &code, exchange.now()).map_err(problems::of)?;
    let text = format!(
        "Bonjour {},\n\nvoici le code qui vérifie cette adresse pour la messagerie de {} :\n\n    {code}\n\n\
        Recopiez-le dans Préférences ; il est valable 30 minutes.\n\n\
        Si vous n’avez rien demandé, ne faites rien : sans ce code, aucun message ne sera envoyé ici.\n",
        viewer.first_name, viewer.establishment
    );
    let queued = counter::write_to_address(counter::desk(exchange), &viewer.id, address.as_str(), SUBJECT, &text);
    queued.map(drop).map_err(|refusal| {
        // A code that nobody receives must not wait; what was wrong with the mail is said either way.
        let forgotten = verification::cancel(exchange.db(), &viewer.id);
        forgotten.map_or_else(Problem::from, |()| problems::of_counter(refusal))
    })
}

fn done(exchange: &Exchange, typed: &str, result: Result<(), Problem>, words: &str) -> Result<Response, Problem> {
    match result {
        Ok(()) => Ok(Response::see_other("/redirect").success(words)),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => Ok(show(exchange, typed, Some(&problem))?.status(problem.status)),
    }
}

fn show(exchange: &Exchange, typed: &str, problem: Option<&Problem>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let State { verified, pending } = load(exchange.db(), &viewer.id)?;
    // A code that waits comes first: it is what the person is here for.
    let body = html! {
        @if let Some(pending) = &pending { (waiting(exchange, &viewer.zone(), pending, problem)) }
        @if let Some(verified) = &verified { (in_force(exchange, &viewer.zone(), verified)) }
        @if pending.is_none() { (giving(exchange, typed, verified.is_some(), problem)) }
        section.box aria-labelledby="regles" {
            h2 #regles { "Bon à savoir" }
            div.prose {
                ul {
                    li { "Personne d’autre que vous ne voit cette adresse : vous écrivez et recevez toujours sous " strong { (viewer.universal_address) } "." }
                    li { "Vos messages restent aussi dans votre messagerie, si vous en avez une." }
                    li { "Une nouvelle adresse ne remplace l’ancienne qu’une fois vérifiée." }
                }
            }
        }
    };
    Page::new("Préférences", body)
        .lead("Recevez vos messages à une adresse électronique personnelle ou professionnelle.")
        .respond(exchange)
}

fn waiting(exchange: &Exchange, zone: &clock::Zone, pending: &Pending, problem: Option<&Problem>) -> Markup {
    let live = pending.expires_at > exchange.now() && pending.attempts_left > 0;
    html! {
        section.box aria-labelledby="code-titre" {
            h2 #code-titre { "Vérifier " (pending.address) }
            @if live {
                p { "Un code à 6 chiffres y a été envoyé. Il est valable jusqu’à " (zone.short(pending.expires_at, exchange.now()))
                    ". S’il n’arrive pas, regardez dans les courriers indésirables." }
                form.stack method="post" action="/redirect/code" {
                    (ui::csrf(exchange))
                    (ui::Field::new("code", "Code reçu").numeric().autocomplete("one-time-code").problem(problem))
                    (ui::submit("Vérifier l’adresse"))
                }
            } @else {
                (ui::error_summary(problem))
                p { "Le code n’est plus valable. Demandez-en un nouveau." }
            }
            div.toolbar {
                form method="post" action="/redirect/resend" {
                    (ui::csrf(exchange)) button.primary[!live] type="submit" { "Renvoyer un code" }
                }
                form method="post" action="/redirect/cancel" {
                    (ui::csrf(exchange)) button type="submit" { "Renoncer à cette adresse" }
                }
            }
        }
    }
}

fn in_force(exchange: &Exchange, zone: &clock::Zone, verified: &Verified) -> Markup {
    html! {
        section.box aria-labelledby="adresse-titre" {
            h2 #adresse-titre { "Adresse de redirection" }
            p { strong { (verified.address) } " " (ui::badge(ui::Tone::Good, "vérifiée")) }
            p.soft { "En vigueur depuis le " (zone.long(verified.at)) "." }
            form.toolbar method="post" action="/redirect/remove" {
                (ui::csrf(exchange))
                (ui::confirm("Retirer cette adresse", "Vos messages ne seront plus envoyés à cette adresse.", "Retirer l’adresse"))
            }
        }
    }
}

fn giving(exchange: &Exchange, typed: &str, has_one: bool, problem: Option<&Problem>) -> Markup {
    let title = if has_one { "Changer d’adresse" } else { "Donner une adresse" };
    html! {
        section.box aria-labelledby="donner-titre" {
            h2 #donner-titre { (title) }
            form.stack method="post" action="/redirect/address" {
                (ui::csrf(exchange))
                @if problem.is_some_and(|problem| problem.about("address").is_none()) { (ui::error_summary(problem)) }
                (ui::Field::new("address", "Adresse électronique").kind("email").value(typed).autocomplete("email")
                    .hint("Un code de vérification vous y est envoyé.").problem(problem))
                (ui::submit("Recevoir un code"))
            }
        }
    }
}
