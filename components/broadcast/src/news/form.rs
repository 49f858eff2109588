//! The form of a news.

use announce::news::{Content, News, Poll, Population, State};
use maud::{Markup, html};
use web::ui::{self, Field};
use web::{Exchange, Form, Problem, Profile};

use crate::when;

/// What the form shows.
pub(super) struct Sheet {
    pub(super) content: Content,
    /// Choices of the poll, one a line.
    pub(super) choices: String,
    /// It is out: the instant of its publication does not change.
    pub(super) out: bool,
    /// Its message has left.
    pub(super) told: bool,
    /// So that a form sent twice makes one news.
    pub(super) key: String,
}

impl Sheet {
    pub(super) fn of(news: &News) -> Self {
        Self {
            content: Content {
                title: news.title.clone(),
                body: news.html.clone(),
                audience: news.audience.clone(),
                publish_at: news.publish_at,
                expires_at: news.expires_at,
                comments: news.comments,
                acknowledge: news.acknowledge,
                notify: news.notify,
                poll: news.poll.clone(),
            },
            choices: news.poll.as_ref().map_or_else(String::new, |poll| poll.choices.join("\n")),
            out: matches!(news.state, State::Published | State::Expired),
            told: news.notified_at.is_some(),
            key: String::new(),
        }
    }

    /// What was sent. The button pressed says whether it is to be published; `out` whether it was.
    pub(super) fn read(exchange: &Exchange<'_>, form: &Form, out: bool, told: bool) -> Result<Self, Problem> {
        let choices = form.raw("choices").replace('\r', "");
        let question = form.get("question").to_owned();
        let listed: Vec<String> =
            choices.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        let poll = (!question.is_empty() || !listed.is_empty()).then(|| Poll {
            question,
            choices: listed,
            named: form.get("named") == "1",
            results_shown: form.has("results_shown"),
        });
        let publish_at = match form.get("action") {
            "draft" => None,
            _ if out || form.get("when") != "later" => Some(exchange.now()),
            _ => Some(when::asked(exchange, form, "publish_at")?.ok_or_else(|| {
                Problem::invalid(
                    "publish_at",
                    "Donnez le jour et l’heure de la publication, ou choisissez « Maintenant ».",
                )
            })?),
        };
        Ok(Self {
            content: Content {
                title: form.get("title").to_owned(),
                body: ui::written(form),
                audience: (form.get("to") == "chosen").then(|| form.all("population").map(str::to_owned).collect()),
                publish_at,
                expires_at: when::asked(exchange, form, "expires_at")?,
                comments: form.has("comments"),
                acknowledge: form.has("acknowledge"),
                notify: form.has("notify"),
                poll,
            },
            choices,
            out,
            told,
            key: form.get("key").to_owned(),
        })
    }
}

pub(super) fn form(
    exchange: &Exchange<'_>,
    action: &str,
    sheet: &Sheet,
    populations: &[Population],
    problem: Option<&Problem>,
) -> Result<Markup, Problem> {
    let content = &sheet.content;
    let expires_at = when::shown(exchange, content.expires_at)?;
    Ok(html! {
        form.stack method="post" action=(action) {
            (ui::csrf(exchange))
            (ui::hidden("key", &sheet.key))
            (ui::error_summary(problem))
            (Field::new("title", "Titre").value(&content.title).problem(problem))
            (ui::editor("Texte", &content.body))
            (audience(content, populations))
            @if !sheet.out { (publication(exchange, content, problem)?) }
            (Field::new("expires_at", "Ne plus montrer à partir du").kind("datetime-local").value(&expires_at).optional().problem(problem))
            fieldset {
                legend { "Options" }
                (ui::checkbox("comments", "1", "Permettre les commentaires des lecteurs", content.comments))
                (ui::checkbox("acknowledge", "1", "Demander aux lecteurs d’indiquer qu’ils ont lu", content.acknowledge))
                @if sheet.told { p.hint { "Le message qui annonce cette actualité est déjà parti ; il ne partira pas une seconde fois." } }
                (ui::checkbox("notify", "1", "Prévenir par un message, avec un lien, à la publication", content.notify))
            }
            (poll(content, &sheet.choices, problem))
            div.toolbar {
                button.primary type="submit" name="action" value="publish" { @if sheet.out { "Enregistrer" } @else { "Publier" } }
                button type="submit" name="action" value="draft" { @if sheet.out { "Retirer et garder en brouillon" } @else { "Garder en brouillon" } }
            }
        }
    })
}

fn audience(content: &Content, populations: &[Population]) -> Markup {
    let all = content.audience.is_none();
    let chosen = |id: &str| content.audience.iter().flatten().any(|one| one == id);
    html! {
        fieldset #audience {
            legend { "Pour qui" }
            label.check { input type="radio" name="to" value="all" checked[all]; span { "Tous ceux qui lisent la rubrique" } }
            @if !populations.is_empty() {
                label.check { input type="radio" name="to" value="chosen" checked[!all]; span { "Seulement :" } }
                @for population in populations {
                    (ui::checkbox("population", &population.id, named(population), chosen(&population.id)))
                }
            }
        }
    }
}

/// A population in words: its group, and the profile when it is not all of it.
pub(super) fn named(population: &Population) -> String {
    match population.profile.parse::<Profile>() {
        Ok(profile) => format!("{} ({})", population.group, profile.plural()),
        Err(_) => population.group.clone(),
    }
}

fn publication(exchange: &Exchange<'_>, content: &Content, problem: Option<&Problem>) -> Result<Markup, Problem> {
    let later = content.publish_at.is_some_and(|at| at > exchange.now());
    let publish_at = when::shown(exchange, content.publish_at.filter(|_| later))?;
    Ok(html! {
        fieldset {
            legend { "Publication" }
            label.check { input type="radio" name="when" value="now" checked[!later]; span { "Maintenant" } }
            label.check { input type="radio" name="when" value="later" checked[later]; span { "Plus tard :" } }
            (Field::new("publish_at", "Jour et heure de publication").kind("datetime-local").value(&publish_at).optional().problem(problem))
        }
    })
}

fn poll(content: &Content, choices: &str, problem: Option<&Problem>) -> Markup {
    let poll = content.poll.as_ref();
    let question = poll.map_or("", |poll| poll.question.as_str());
    let (named, shown) = poll.map_or((false, true), |poll| (poll.named, poll.results_shown));
    html! {
        details.box open[poll.is_some()] {
            summary { "Sondage" }
            div.stack {
                (Field::new("question", "Question").value(question).optional().problem(problem))
                (ui::textarea("choices", "Réponses proposées, une par ligne (de 2 à 10)", choices, 4, problem))
                fieldset {
                    legend { "Réponses" }
                    label.check { input type="radio" name="named" value="0" checked[!named]; span { "Anonymes : vous voyez combien, jamais qui" } }
                    label.check { input type="radio" name="named" value="1" checked[named]; span { "Nominatives : vous voyez qui a répondu quoi, et les lecteurs en sont prévenus" } }
                    (ui::checkbox("results_shown", "1", "Montrer les résultats à ceux qui ont répondu", shown))
                }
            }
        }
    }
}
