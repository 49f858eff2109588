//! The history of flash messages, and the form of a new one.

use announce::flash::{self, Content, Flash, Level, State};
use maud::{Markup, html};
use web::ui::{self, Field, Tone};
use web::{Exchange, Form, Page, Problem, Profile, Response};

use super::{establishment, history, level};
use crate::links;
use crate::refusal::{key, problem, told, unsent};
use crate::when;

const HERE: &str = "/broadcast/flash";
/// How long a message is shown unless its author says otherwise: a day.
const USUAL: i64 = 86_400_000;

/// What the form shows.
struct Sheet {
    text: String,
    level: String,
    profiles: Vec<String>,
    later: bool,
    starts_at: String,
    ends_at: String,
    key: String,
}

/// `GET /broadcast/flash`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let (uai, own) = establishment(exchange, &exchange.query_value("uai"))?;
    let sheet = Sheet {
        text: String::new(),
        level: Level::Information.as_str().to_owned(),
        profiles: Profile::ALL.iter().map(|profile| profile.as_str().to_owned()).collect(),
        later: false,
        starts_at: String::new(),
        ends_at: when::shown(exchange, Some(exchange.now() + USUAL))?,
        key: web::random::ulid(exchange.now())?.to_string(),
    };
    show(exchange, &uai, &own, &sheet, None)
}

/// `POST /broadcast/flash`
pub(crate) fn write(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let (uai, own) = establishment(exchange, form.get("uai"))?;
    let made = read(exchange, form).and_then(|content| super::api::write(exchange, &uai, &content, key(exchange)));
    match made {
        Ok(id) => {
            let outcome = flash::tell(counter::desk(exchange), exchange.public_url(), &id);
            Ok(told(&format!("{HERE}?uai={uai}"), "Le message flash est enregistré.", &outcome))
        }
        Err(problem) if problem.status == web::StatusCode::UNPROCESSABLE_ENTITY => {
            let sheet = Sheet {
                text: form.get("text").to_owned(),
                level: form.get("level").to_owned(),
                profiles: form.all("profiles").map(str::to_owned).collect(),
                later: form.get("when") == "later",
                starts_at: form.get("starts_at").to_owned(),
                ends_at: form.get("ends_at").to_owned(),
                key: form.get("key").to_owned(),
            };
            Ok(show(exchange, &uai, &own, &sheet, Some(&problem))?.status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

fn read(exchange: &Exchange<'_>, form: &Form) -> Result<Content, Problem> {
    let starts_at = match form.get("when") {
        "later" => Some(when::asked(exchange, form, "starts_at")?.ok_or_else(|| {
            Problem::invalid("starts_at", "Donnez le jour et l’heure du début, ou choisissez « Maintenant ».")
        })?),
        _ => None,
    };
    let ends_at = when::asked(exchange, form, "ends_at")?
        .ok_or_else(|| Problem::invalid("ends_at", "Donnez le jour et l’heure de la fin."))?;
    Ok(Content {
        text: form.get("text").to_owned(),
        level: level(form.get("level"))?,
        profiles: form.all("profiles").map(str::to_owned).collect(),
        starts_at,
        ends_at,
    })
}

/// `POST /broadcast/flash/{id}/withdraw`
pub(crate) fn withdraw(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    flash::withdraw(exchange.db(), &exchange.viewer()?.id, exchange.param("id"), exchange.now()).map_err(problem)?;
    Ok(Response::see_other(HERE).success("Le message flash est retiré : plus aucune page ne le montre."))
}

fn show(
    exchange: &Exchange<'_>,
    uai: &str,
    own: &[(String, String)],
    sheet: &Sheet,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let flashes = history(exchange, uai)?;
    let names: Vec<(&str, &str)> = own.iter().map(|(uai, name)| (uai.as_str(), name.as_str())).collect();
    let body = html! {
        (links::tabs(exchange, HERE))
        @if own.len() > 1 {
            form.inline method="get" action=(HERE) {
                (ui::select("uai", "Établissement", &names, uai))
                button type="submit" { "Changer" }
            }
        }
        section.box aria-labelledby="nouveau" {
            h2 #nouveau { "Nouveau message flash" }
            (form(exchange, uai, sheet, problem))
        }
        h2 { "Historique" }
        @if flashes.is_empty() { (ui::empty("Aucun message flash", "Ceux que l’établissement a publiés paraîtront ici.")) }
        @for flash in &flashes { (one(exchange, flash)?) }
    };
    Page::new("Messages flash", body)
        .crumb("Rubriques", "/broadcast")
        .lead("Quelques mots en haut de toutes les pages des profils choisis, et par message avant tous les autres envois.")
        .respond(exchange)
}

fn form(exchange: &Exchange<'_>, uai: &str, sheet: &Sheet, problem: Option<&Problem>) -> Markup {
    let levels = [Level::Information, Level::Warning, Level::Urgent].map(|level| (level.as_str(), level.label()));
    html! {
        form.stack method="post" action=(HERE) {
            (ui::csrf(exchange))
            (ui::hidden("uai", uai))
            (ui::hidden("key", &sheet.key))
            (ui::error_summary(problem))
            (ui::textarea("text", "Texte (500 caractères au plus)", &sheet.text, 4, problem))
            (ui::select("level", "Importance", &levels, &sheet.level))
            fieldset #profiles {
                legend { "Pour qui" }
                @for profile in Profile::ALL {
                    (ui::checkbox("profiles", profile.as_str(), profile.plural(), sheet.profiles.iter().any(|one| one == profile.as_str())))
                }
            }
            fieldset {
                legend { "Début" }
                label.check { input type="radio" name="when" value="now" checked[!sheet.later]; span { "Maintenant" } }
                label.check { input type="radio" name="when" value="later" checked[sheet.later]; span { "Plus tard :" } }
                (Field::new("starts_at", "Jour et heure du début").kind("datetime-local").value(&sheet.starts_at).optional().problem(problem))
            }
            (Field::new("ends_at", "Fin").kind("datetime-local").value(&sheet.ends_at).problem(problem))
            (ui::submit("Publier le message flash"))
        }
    }
}

fn one(exchange: &Exchange<'_>, flash: &Flash) -> Result<Markup, Problem> {
    let (tone, state) = match flash.state {
        State::Shown => (Tone::Good, "Affiché"),
        State::Scheduled => (Tone::Attention, "Programmé"),
        State::Over => (Tone::Neutral, "Terminé"),
        State::Withdrawn => (Tone::Neutral, "Retiré"),
    };
    let profiles: Vec<&str> =
        flash.profiles.iter().filter_map(|profile| profile.parse::<Profile>().ok()).map(Profile::plural).collect();
    Ok(html! {
        article.box {
            p { (ui::badge(tone, state)) " " strong { (flash.level.label()) } }
            @for line in flash.text.lines() { p { (line) } }
            p.soft {
                (flash.author) ", pour : " (profiles.join(", ")) ". Du " (when::long(exchange, flash.starts_at)?)
                " au " (when::long(exchange, flash.ends_at)?) "."
                @if let Some((by, at)) = &flash.withdrawn { " Retiré par " (by) " le " (when::long(exchange, *at)?) "." }
                @if let Some(at) = flash.notified_at { " Message envoyé le " (when::long(exchange, at)?) "." }
                " Lu et fermé par " (flash.dismissed) @if flash.dismissed > 1 { " personnes." } @else { " personne." }
            }
            @if let Some(code) = &flash.notify_problem { (ui::notice(Tone::Attention, unsent(code))) }
            @if matches!(flash.state, State::Shown | State::Scheduled) {
                form method="post" action={ (HERE) "/" (flash.id) "/withdraw" } {
                    (ui::csrf(exchange))
                    (ui::confirm("Retirer", "Plus aucune page ne le montrera. Les messages déjà partis restent.", "Retirer le message flash"))
                }
            }
        }
    })
}
