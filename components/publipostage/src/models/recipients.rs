//! Whom a model is sent to: what is ticked, how many that reaches and how, what is missing, and the ways to send.

use mailing::model::{self, Addressed, Model, Plan, Reach, Selection};
use maud::Markup;
use people::{PageSize, Profile, RegisterQuery, Registered, State};
use web::ui::{self, Tone};
use web::{Exchange, Page, Problem, Response, html};

use super::{PATH, ask, counted, edit, failed, refused};

/// Homonyms shown to choose among.
const MOST: u32 = 12;

/// A model, whom it goes to, and its letters as far as it has no mistakes.
pub(crate) struct Planned {
    pub(crate) model: Model,
    pub(crate) head: model::Letterhead,
    pub(crate) people: Vec<Addressed>,
    pub(crate) plan: Result<Plan, Problem>,
}

/// What a selection gives.
pub(crate) fn planned(exchange: &Exchange<'_>, selection: &Selection) -> Result<Planned, Problem> {
    let (db, viewer) = (exchange.db(), exchange.viewer()?.id.as_str());
    let model = model::find(db, viewer, exchange.param("id")).map_err(failed)?;
    let head = model::letterhead(db, exchange.now(), viewer, &model.uai, Some(&model.id)).map_err(failed)?;
    let people = model::select(db, viewer, &model.uai, selection).map_err(failed)?;
    let plan = model::plan(&model, &head.setting, people.clone()).map_err(refused);
    Ok(Planned { model, head, people, plan })
}

/// `GET /publipostage/models/{id}/recipients`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let selection = ask::of_query(exchange)?;
    show(exchange, &selection, None)
}

/// The page, with what was wrong with sending.
pub(crate) fn show(
    exchange: &Exchange<'_>,
    selection: &Selection,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let planned = planned(exchange, selection)?;
    let model = &planned.model;
    let choices = model::choices(exchange.db(), &exchange.viewer()?.id, &model.uai).map_err(failed)?;
    let here = format!("{PATH}/{}", model.id);
    let found = found(exchange, &model.uai, &exchange.query_value("q"))?;
    let body = html! {
        @if let Some(problem) = problem { (edit::notice(problem)) }
        form.stack method="get" action={ (here) "/recipients" } {
            (profiles(selection))
            (boxes("Classes", "class", &choices.classes, &selection.classes))
            (boxes("Groupes d’enseignement", "class", &choices.teaching_groups, &selection.classes))
            (boxes("Groupes et listes", "group", &choices.groups, &selection.groups))
            (single(exchange, &planned, selection, &found))
            @if !selection.message.is_empty() {
                (ui::checkbox("message", &selection.message, "Ceux qu’un message n’a pas atteints, sur papier", true))
            }
            div.toolbar { button.primary type="submit" { "Compter" } }
        }
        @if !selection.is_empty() {
            section.box aria-labelledby="compte" {
                h2 #compte { "Destinataires" }
                p { strong { (ask::words(selection, &choices, &planned.people)) } " " (brackets(&planned)) }
                @match &planned.plan {
                    Err(problem) => (edit::notice(problem)),
                    Ok(plan) => (sending(exchange, &here, &planned, plan, selection)?),
                }
            }
        }
    };
    let page = Page::new("Destinataires", body)
        .crumb("Publipostage", "/publipostage")
        .crumb("Lettres types", &format!("{PATH}?uai={}", model.uai))
        .crumb(&model.name, &here);
    Ok(match problem {
        Some(problem) => page.render(exchange).status(problem.status),
        None => page.render(exchange),
    })
}

/// "(48, dont 41 par messagerie, 30 par courriel, 2 sur papier seulement)"
fn brackets(planned: &Planned) -> String {
    let Reach { people, by_mailbox, by_redirect, paper_only, .. } = planned
        .plan
        .as_ref()
        .map_or_else(|_| Reach { people: planned.people.len(), ..count(&planned.people) }, Plan::reach);
    format!(
        "({people}, dont {by_mailbox} par messagerie, {by_redirect} par courriel, {paper_only} sur papier seulement)"
    )
}

/// The reach while the template has mistakes.
fn count(people: &[Addressed]) -> Reach {
    Plan { people: people.to_vec(), letters: Vec::new(), incomplete: Vec::new() }.reach()
}

fn profiles(selection: &Selection) -> Markup {
    html! {
        fieldset {
            legend { "Profils" }
            p.hint { "De tout l’établissement, ou des classes cochées dessous. Les parents sont les responsables légaux." }
            div.checks {
                @for profile in Profile::ALL {
                    (ui::checkbox("profile", profile.as_str(), profile.plural(), selection.profiles.iter().any(|p| p == profile.as_str())))
                }
            }
        }
    }
}

fn boxes(title: &str, name: &str, choices: &[(String, String)], chosen: &[String]) -> Markup {
    let ticked = choices.iter().filter(|(id, _)| chosen.contains(id)).count();
    html! {
        @if !choices.is_empty() {
            div.field {
                details.box open[ticked > 0] {
                    summary { (title) @if ticked > 0 { " (" (ticked) ")" } }
                    div.checks { @for (id, label) in choices { (ui::checkbox(name, id, label, chosen.contains(id))) } }
                }
            }
        }
    }
}

/// Single people: those chosen, and those that a name gives.
fn single(exchange: &Exchange<'_>, planned: &Planned, selection: &Selection, found: &[Registered]) -> Markup {
    let named: Vec<_> = planned.people.iter().filter(|person| selection.people.contains(&person.id)).collect();
    let new = found.iter().filter(|person| !selection.people.iter().any(|id| id == person.id.as_str()));
    html! {
        fieldset {
            legend { "Personnes" }
            div.checks {
                @for person in named { (ui::checkbox("person", &person.id, person.name(), true)) }
                @for person in new { (ui::checkbox("person", person.id.as_str(), format!("{} – {}", person.name(), person.detail()), false)) }
            }
            div.field {
                label for="q" { "Chercher une personne par son nom" }
                input #q name="q" type="search" value=(exchange.query_value("q")) autocomplete="off";
            }
        }
    }
}

pub(crate) fn found(exchange: &Exchange<'_>, uai: &str, text: &str) -> Result<Vec<Registered>, Problem> {
    if people::words(text).is_empty() {
        return Ok(Vec::new());
    }
    let uai = uai.parse().map_err(|_| Problem::not_found())?;
    let query = RegisterQuery {
        uai: &uai,
        text,
        profile: None,
        state: Some(State::Present),
        after: None,
        size: PageSize::near(MOST),
    };
    let found = people::register(&exchange.db(), &query).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(found.items)
}

/// What would be sent, and the form that sends it.
fn sending(
    exchange: &Exchange<'_>,
    here: &str,
    planned: &Planned,
    plan: &Plan,
    selection: &Selection,
) -> Result<Markup, Problem> {
    let reach = plan.reach();
    let query = ask::query(selection);
    let left_out: Vec<_> = plan.people.iter().filter(|person| !person.reached()).collect();
    let forbidden: Vec<_> = left_out.iter().filter(|person| !person.may_write).map(|person| person.name()).collect();
    let nowhere: Vec<_> = left_out.iter().filter(|person| person.may_write).map(|person| person.name()).collect();
    let whom = exchange.query_value("copy_q");
    let copied = found(exchange, &planned.model.uai, &whom)?;
    Ok(html! {
        @if !plan.incomplete.is_empty() {
            div.notice.bad role="alert" {
                strong { "Il manque des valeurs : rien ne peut partir" }
                ul {
                    @for (to, why) in plan.incomplete.iter().take(20) {
                        li { @if let Some(person) = plan.people.get(*to) { (person.name()) " : " } (why) }
                    }
                }
                @if plan.incomplete.len() > 20 { p { "… et " (plan.incomplete.len() - 20) " autres." } }
            }
        }
        @if plan.people.is_empty() {
            (ui::notice(Tone::Attention, "Personne ne répond à ces critères."))
        } @else {
            p { (counted(plan.letters.len(), "lettre", "lettres")) " pour " (counted(reach.people, "personne", "personnes")) "." }
            (names("Sans messagerie ni adresse de redirection, sur papier seulement", &nowhere))
            (names("Vous ne pouvez pas leur écrire (droits ou interdiction), sur papier seulement", &forbidden))
            p { a.button href={ (here) "/preview?" (query) } { "Aperçu des lettres" } }
            @if plan.incomplete.is_empty() {
                form.stack method="get" action={ (here) "/recipients" } {
                    (hidden(selection))
                    div.field {
                        label for="copy_q" { "Mettre une personne en copie de chaque lettre" span.optional { " (facultatif)" } }
                        div.toolbar {
                            input #copy_q name="copy_q" type="search" value=(whom) autocomplete="off";
                            button type="submit" { "Chercher" }
                        }
                    }
                }
                form.stack method="post" action={ (here) "/send" } {
                    (ui::csrf(exchange))
                    (ui::hidden("key", &web::random::ulid(exchange.now())?.to_string()))
                    (hidden(selection))
                    @if !copied.is_empty() {
                        fieldset {
                            legend { "Copies" }
                            p.hint { "Elle recevra chaque lettre. En copie (Cc), les destinataires la voient ; en copie cachée (Cci), non." }
                            @for person in &copied {
                                p {
                                    (person.name()) " – " (person.detail()) " "
                                    (ui::checkbox("cc", person.id.as_str(), "Cc", false)) " "
                                    (ui::checkbox("bcc", person.id.as_str(), "Cci", false))
                                }
                            }
                        }
                    }
                    (ways(&reach, plan.people.iter().any(|person| person.reached()), !left_out.is_empty()))
                    div.toolbar.send { (ui::confirm("Envoyer ou imprimer", "Les lettres partent aussitôt qu’elles sont prêtes.", "Confirmer")) }
                }
            }
        }
    })
}

fn ways(reach: &Reach, anybody: bool, some_on_paper: bool) -> Markup {
    let reached = reach.people - reach.paper_only;
    let way = |value: &str, label: String, checked: bool| {
        html! { label.check { input type="radio" name="way" value=(value) checked[checked] required; span { (label) } } }
    };
    html! {
        fieldset {
            legend { "Comment" }
            @if anybody {
                (way("attached", format!("En message à chacun, la lettre jointe en PDF et son texte dans le message ({reached})"), true))
                (way("body", format!("En message à chacun, la lettre dans le message seulement ({reached})"), false))
            }
            (way("print", format!("Imprimer toutes les lettres : un seul PDF ({})", reach.letters), !anybody))
            @if some_on_paper {
                (way("print-unreached", format!("Imprimer uniquement pour ceux qui ne reçoivent pas d’e-mail ({})", reach.paper_only), false))
            }
        }
    }
}

fn names(title: &str, names: &[String]) -> Markup {
    html! {
        @if !names.is_empty() {
            details.box {
                summary { (title) " (" (names.len()) ")" }
                p { (names.iter().take(200).map(String::as_str).collect::<Vec<_>>().join(", ")) @if names.len() > 200 { "…" } }
            }
        }
    }
}

/// The selection as hidden fields.
fn hidden(selection: &Selection) -> Markup {
    let lists = [
        ("profile", &selection.profiles),
        ("class", &selection.classes),
        ("group", &selection.groups),
        ("person", &selection.people),
    ];
    html! {
        @for (name, list) in lists { @for value in list { (ui::hidden(name, value)) } }
        @if !selection.message.is_empty() { (ui::hidden("message", &selection.message)) }
    }
}
