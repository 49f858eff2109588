//! The models of an establishment, and what is done with one without opening it.

use mailing::model::{self, Content};
use web::ui::{self, Column, Tone};
use web::{Exchange, Page, Problem, Response, html};

use super::{PATH, failed};

/// `GET /publipostage/models`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    // From the report of a message: the model chosen here goes to those whom it has not reached.
    let message = exchange.query_value("message");
    let mut asked = exchange.query_value("uai");
    if asked.is_empty() && !message.is_empty() {
        let of = "SELECT m.uai FROM message m JOIN report_reader v ON v.message_id = m.id WHERE m.id = ?1 AND v.person_id = ?2";
        let row = exchange.db().first(of, store::params![message.as_str(), viewer.id.as_str()])?;
        asked = row.map_or_else(|| Err(Problem::not_found()), |row| Ok(row.text(0)?.to_owned()))?;
    }
    let uai = exchange.administered(&asked)?.to_string();
    let models = model::list(exchange.db(), &viewer.id, &uai).map_err(failed)?;
    let runs = model::runs(exchange.db(), &viewer.id, &uai).map_err(failed)?;
    let zone = exchange.zone_of(&uai)?;
    let suffix = if message.is_empty() { String::new() } else { format!("?message={}", web::url_escape(&message)) };
    let columns = [
        Column { label: "Modèle", class: "wide" },
        Column { label: "Auteur", class: "" },
        Column { label: "Modifié", class: "" },
        Column { label: "Actions", class: "" },
    ];
    let rows: Vec<Vec<_>> = models
        .iter()
        .map(|model| {
            let here = format!("{PATH}/{}", model.id);
            vec![
                html! { a href=(here) { (model.name) } br; small { (model.subject) } },
                html! { (model.author) },
                html! { (zone.short(model.updated_at, exchange.now())) @if model.editor != model.author { " par " (model.editor) } },
                html! {
                    div.toolbar {
                        a.button href={ (here) "/recipients" (suffix) } { "Envoyer" }
                        form method="post" action={ (here) "/duplicate" } { (ui::csrf(exchange)) button type="submit" { "Dupliquer" } }
                        form method="post" action={ (here) "/delete" } {
                            (ui::csrf(exchange))
                            (ui::confirm("Supprimer", "Le modèle disparaîtra pour tous les administrateurs. Les lettres envoyées restent.", "Supprimer le modèle"))
                        }
                    }
                },
            ]
        })
        .collect();
    let body = html! {
        @if !message.is_empty() {
            (ui::notice(Tone::Neutral, "Choisissez la lettre à imprimer pour ceux que le message n’a pas atteints, puis « Envoyer »."))
        }
        @if models.is_empty() {
            (ui::empty("Aucune lettre type", "Créez un modèle : il sera partagé avec les administrateurs de l’établissement."))
        } @else {
            (ui::table("Lettres types", &columns, &rows))
        }
        @if !runs.is_empty() {
            h2 { "Derniers envois" }
            ul {
                @for run in runs.iter().take(10) {
                    li {
                        a href={ (PATH) "/runs/" (run.id) } { (run.name) " – " (run.audience) } " "
                        small { (zone.short(run.created_at, exchange.now())) ", " (run.by) ", " (super::runs::state(run)) }
                    }
                }
            }
        }
    };
    let names = exchange.all_administered()?;
    let several = names.len() > 1;
    let choices: Vec<_> = names.iter().map(|(uai, name)| (uai.as_str(), name.as_str())).collect();
    let actions = html! {
        @if several {
            form.inline method="get" action=(PATH) {
                (ui::select("uai", "Établissement", &choices, &uai))
                button type="submit" { "Changer" }
            }
        }
        a.button.primary href={ (PATH) "/new?uai=" (uai) } { "Nouveau modèle" }
    };
    Page::new("Lettres types", body)
        .crumb("Publipostage", "/publipostage")
        .lead("Des modèles de lettres avec des champs (nom, classe, enfant…), envoyés en messages ou imprimés.")
        .actions(actions)
        .wide()
        .respond(exchange)
}

/// `POST /publipostage/models`
pub(crate) fn create(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let uai = exchange.administered(form.get("uai"))?.to_string();
    let content = super::edit::content(form);
    match model::create(exchange.db(), exchange.now(), &exchange.viewer()?.id, &uai, &content).map_err(failed) {
        Ok(id) => Ok(Response::see_other(&format!("{PATH}/{id}")).success("Le modèle est enregistré.")),
        Err(problem) => super::edit::again(exchange, &uai, None, &content, problem),
    }
}

/// `GET /publipostage/models/new`
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = exchange.administered(&exchange.query_value("uai"))?.to_string();
    super::edit::sheet(exchange, &uai, None, &Content::default(), None)
}

/// `POST /publipostage/models/{id}/duplicate`
pub(crate) fn duplicate(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = model::duplicate(exchange.db(), exchange.now(), &exchange.viewer()?.id, exchange.param("id"))
        .map_err(failed)?;
    Ok(Response::see_other(&format!("{PATH}/{id}")).success("Le modèle est dupliqué. Donnez-lui un nom."))
}

/// `POST /publipostage/models/{id}/delete`
pub(crate) fn delete(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = &exchange.viewer()?.id;
    let model = model::find(exchange.db(), viewer, exchange.param("id")).map_err(failed)?;
    model::delete(exchange.db(), viewer, &model.id).map_err(failed)?;
    Ok(Response::see_other(&format!("{PATH}?uai={}", model.uai)).success("Le modèle est supprimé."))
}
