//! The form of an event: what it shows, and what is read from it. Days and times are apart, since a whole day has no time.

use ::agenda::{Content, Event, FollowUp, Notify, Publication, Resource, Rubrique, State};
use calendar::When;
use maud::{Markup, html};
use store::params;
use web::ui::{self, Field};
use web::{Exchange, Form, Problem};

use super::failed;

/// What the form shows, as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// Of a new event: the same form sent twice makes one.
    pub(super) key: String,
    title: String,
    place: String,
    summary: String,
    all_day: bool,
    starts: [String; 2],
    ends: [String; 2],
    resources: Vec<String>,
    notify: String,
    confirmation: bool,
    follow_up: String,
    publish_at: String,
    /// The button that was pressed: publish, or keep as it is.
    publish: bool,
}

impl Typed {
    /// A blank form: a day from now, from five to six.
    pub(super) fn blank(exchange: &Exchange<'_>) -> Result<Self, Problem> {
        let tomorrow = exchange.viewer()?.zone().civil(exchange.now()).date().tomorrow();
        let day = tomorrow.map(|day| day.to_string()).unwrap_or_default();
        Ok(Self {
            key: web::random::token()?,
            starts: [day.clone(), "17:00".to_owned()],
            ends: [day, "18:00".to_owned()],
            ..Self::default()
        })
    }

    /// The form of an event that is there.
    pub(super) fn of(event: &Event) -> Self {
        let parts = |text: &str| match text.split_once('T') {
            Some((day, time)) => [day.to_owned(), time.to_owned()],
            None => [text.to_owned(), String::new()],
        };
        let publish_at = event.publish_at.map(|at| {
            let at = event.zone.civil(at);
            format!("{:04}-{:02}-{:02}T{:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
        });
        Self {
            key: String::new(),
            title: event.title.clone(),
            place: event.place.clone(),
            summary: event.summary.clone(),
            all_day: matches!(event.when, When::Days(..)),
            starts: parts(&event.stored.starts),
            ends: parts(&event.stored.ends),
            resources: event.resources.iter().map(|resource| resource.id.clone()).collect(),
            notify: event.notify.as_str().to_owned(),
            confirmation: event.confirmation,
            follow_up: event.follow_up.as_str().to_owned(),
            publish_at: publish_at.unwrap_or_default(),
            publish: false,
        }
    }

    /// What was sent.
    pub(super) fn read(form: &Form) -> Self {
        let get = |field: &str| form.get(field).to_owned();
        Self {
            key: get("key"),
            title: get("title"),
            place: get("place"),
            // Browsers send CRLF (HTML); one kind of line end is kept.
            summary: form.get("summary").replace("\r\n", "\n"),
            all_day: form.has("all_day"),
            starts: [get("starts"), get("starts_time")],
            ends: [get("ends"), get("ends_time")],
            resources: form.all("resource").map(str::to_owned).collect(),
            notify: get("notify"),
            confirmation: form.has("confirmation"),
            follow_up: get("follow_up"),
            publish_at: get("publish_at"),
            publish: form.get("act") == "publish",
        }
    }

    /// The same as an editor means it. A last day left empty is the first.
    pub(super) fn content(&self) -> Content {
        let joined = |[day, time]: &[String; 2], first: &str| {
            let day = if day.is_empty() { first } else { day };
            if self.all_day { day.to_owned() } else { format!("{day}T{time}") }
        };
        let [first, _] = &self.starts;
        Content {
            title: self.title.clone(),
            place: self.place.clone(),
            summary: self.summary.clone(),
            all_day: self.all_day,
            starts: joined(&self.starts, ""),
            ends: joined(&self.ends, first),
            resources: self.resources.clone(),
            notify: Notify::parse(&self.notify),
            confirmation: self.confirmation,
            follow_up: FollowUp::parse(&self.follow_up).unwrap_or_default(),
        }
    }

    /// When it is to be seen.
    pub(super) fn publication(&self) -> Publication {
        match (self.publish, self.publish_at.as_str()) {
            (false, _) => Publication::Draft,
            (true, "") => Publication::Now,
            (true, at) => Publication::At(at.to_owned()),
        }
    }
}

/// The form of a new event, or of one that is there; `action` is where it goes.
pub(super) fn form(
    exchange: &Exchange<'_>,
    action: &str,
    rubrique: &Rubrique,
    event: Option<&Event>,
    typed: &Typed,
    problem: Option<&Problem>,
) -> Result<Markup, Problem> {
    let lent = ::agenda::resources(exchange.db(), &rubrique.uai).map_err(|error| failed(exchange, error))?;
    // What it holds stays among the choices, though it is lent no more.
    let held = event.map(|event| event.resources.as_slice()).unwrap_or_default();
    let retired = held.iter().filter(|held| lent.iter().all(|lent| lent.id != held.id));
    let resources: Vec<&Resource> = lent.iter().chain(retired).collect();
    let populations = populations(exchange, rubrique)?;
    let draft = event.is_none_or(|event| event.state == State::Draft);
    let [starts, starts_time] = &typed.starts;
    let [ends, ends_time] = &typed.ends;
    let told = event.is_some_and(|event| event.told);
    Ok(html! {
        form.stack.box method="post" action=(action) {
            (ui::csrf(exchange)) (ui::hidden("key", &typed.key))
            (ui::error_summary(problem))
            (Field::new("title", "Titre").value(&typed.title).problem(problem))
            fieldset {
                legend { "Date" }
                div.inline {
                    (Field::new("starts", "Du").kind("date").value(starts).problem(problem))
                    (Field::new("starts_time", "à").kind("time").optional().value(starts_time))
                }
                div.inline {
                    (Field::new("ends", "Au").kind("date").optional().value(ends).problem(problem))
                    (Field::new("ends_time", "jusqu’à").kind("time").optional().value(ends_time))
                }
                (ui::checkbox("all_day", "1", "Événement sur la journée (les heures ne comptent pas)", typed.all_day))
            }
            (Field::new("place", "Lieu").optional().value(&typed.place).problem(problem))
            (ui::textarea("summary", "Résumé (facultatif)", &typed.summary, 5, problem))
            @if !resources.is_empty() {
                fieldset #resources {
                    legend { "Ressources réservées" }
                    p.hint { "Elles sont réservées quand l’événement est publié ou sa publication programmée ; un brouillon ne réserve rien." }
                    @for resource in resources {
                        (ui::checkbox("resource", &resource.id, html! { (resource.name) " " small { (resource.kind.label()) @if !resource.description.is_empty() { ", " (resource.description) } } }, typed.resources.contains(&resource.id)))
                    }
                }
            }
            fieldset {
                legend { "Notification" }
                @if told {
                    p.hint { "Les personnes prévenues le seront aussi de ce changement." }
                    (ui::hidden("notify", &typed.notify))
                } @else {
                    (ui::select("notify", "Avertir les personnes de l’espace par message", &choices(&populations, &typed.notify), &typed.notify))
                }
                (ui::checkbox("confirmation", "1", "Demander une confirmation (accepter ou décliner, avec un commentaire)", typed.confirmation))
                (ui::select("follow_up", "Suivi par des commentaires", &[("off", "Désactiver le suivi"), ("moderated", "Activer le suivi avec modération"), ("open", "Activer le suivi sans modération")], &typed.follow_up))
            }
            @if draft {
                (Field::new("publish_at", "Publier plus tard").kind("datetime-local").optional().value(&typed.publish_at)
                    .hint("Vide : dès que vous publiez. Sinon l’événement se publie tout seul à cette heure.").problem(problem))
            }
            div.toolbar {
                @if draft {
                    button.primary type="submit" name="act" value="publish" { "Publier" }
                    button type="submit" name="act" value="keep" { "Enregistrer en brouillon" }
                } @else {
                    button.primary type="submit" name="act" value="keep" { "Enregistrer" }
                }
            }
        }
    })
}

/// The populations of the rubrique that she may write to: id and name.
fn populations(exchange: &Exchange<'_>, rubrique: &Rubrique) -> Result<Vec<(String, String)>, Problem> {
    let rows = exchange.db().execute(
        "SELECT o.id, g.name, o.profile FROM writable_population w JOIN population o ON o.id = w.population_id
            JOIN person_group g ON g.id = o.group_id
            WHERE w.person_id = ?1 AND o.rubrique_id = ?2 GROUP BY o.id ORDER BY g.folded_name, o.id",
        params![&exchange.viewer()?.id, &rubrique.id],
    )?;
    let mut populations = Vec::with_capacity(rows.len());
    for row in &rows {
        let profile = row.text(2)?.parse::<people::Profile>().ok();
        let name = row.text(1)?;
        let name = profile.map_or_else(|| name.to_owned(), |profile| format!("{name} ({})", profile.label()));
        populations.push((row.text(0)?.to_owned(), name));
    }
    Ok(populations)
}

fn choices<'a>(populations: &'a [(String, String)], chosen: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut choices = vec![("", "Personne")];
    if !populations.is_empty() {
        choices.push(("all", "Toutes les personnes qui ont accès à l’agenda"));
    }
    choices.extend(populations.iter().map(|(id, name)| (id.as_str(), name.as_str())));
    if choices.iter().all(|(id, _)| *id != chosen) {
        choices.push((chosen, "La population choisie auparavant"));
    }
    choices
}
