//! The form of a notice. Whole groups are ticked; pupils one by one are found through a group, and stay ticked from one to the
//! next, without script.

use announce::liaison::{self, Content, Group};
use maud::{Markup, html};
use web::ui::{self, Field};
use web::{Exchange, Form, Page, Problem, Response};

use super::{HERE, author};
use crate::refusal::{key, problem, shown_again, told};

/// What the form shows.
struct Sheet {
    content: Content,
    /// The group whose pupils are shown, or empty.
    shown: String,
    key: String,
}

/// `GET /broadcast/liaison/new`
pub(crate) fn blank(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    author(exchange)?;
    let key = web::random::ulid(exchange.now())?.to_string();
    show(exchange, &Sheet { content: Content::default(), shown: String::new(), key }, None)
}

/// `POST /broadcast/liaison`: the button pressed is in `action`.
pub(crate) fn act(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    author(exchange)?;
    let form = exchange.form()?;
    let mut sheet = read(form);
    if form.get("action") == "show" {
        sheet.content.body = shown_again(&sheet.content.body);
        return show(exchange, &sheet, None);
    }
    let made = days(form).and_then(|days| {
        sheet.content.remind_days = days;
        write(exchange, &sheet.content)
    });
    match made {
        Ok(id) => {
            let outcome = liaison::tell(counter::desk(exchange), exchange.public_url(), &id);
            let path = format!("{HERE}/{id}/follow");
            let followed = liaison::follow(exchange.db(), &exchange.viewer()?.id, &id).map_err(problem)?;
            let missing = followed.pupils.iter().filter(|pupil| pupil.unreachable()).count();
            if missing > 0 && !matches!(outcome, Ok(announce::Told::Refused(_))) {
                let text = format!(
                    "L’avis est envoyé. Pour {missing} élève(s), aucun responsable légal ne peut être joint par message : voyez la liste ci-dessous."
                );
                return Ok(Response::see_other(&path).warning(&text));
            }
            Ok(told(&path, "L’avis est enregistré.", &outcome))
        }
        Err(problem) if problem.status == web::StatusCode::UNPROCESSABLE_ENTITY => {
            sheet.content.body = shown_again(&sheet.content.body);
            Ok(show(exchange, &sheet, Some(&problem))?.status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

/// Writes a notice; gives its id.
pub(super) fn write(exchange: &Exchange<'_>, content: &Content) -> Result<String, Problem> {
    let id = web::random::ulid(exchange.now())?.to_string();
    liaison::write(counter::desk(exchange), &exchange.viewer()?.id, &id, content, key(exchange)).map_err(problem)
}

fn read(form: &Form) -> Sheet {
    let all = |name: &str| form.all(name).map(str::to_owned).collect();
    let content = Content {
        title: form.get("title").to_owned(),
        body: ui::written(form),
        groups: all("groups"),
        pupils: all("pupils"),
        remind_days: form.get("remind_days").parse().ok(),
    };
    Sheet { content, shown: form.get("show").to_owned(), key: form.get("key").to_owned() }
}

fn days(form: &Form) -> Result<Option<i64>, Problem> {
    let text = form.get("remind_days");
    if text.is_empty() {
        return Ok(None);
    }
    let days = text.parse();
    days.map(Some)
        .map_err(|_| Problem::invalid("remind_days", "Donnez un nombre de jours, de 1 à 60, ou laissez vide."))
}

fn show(exchange: &Exchange<'_>, sheet: &Sheet, problem: Option<&Problem>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let groups = liaison::groups(exchange.db(), &viewer.id).map_err(crate::refusal::problem)?;
    let days = sheet.content.remind_days.map_or_else(String::new, |days| days.to_string());
    let body = html! {
        form.stack method="post" action=(HERE) {
            // The first button is the one that Enter presses.
            button.visually-hidden type="submit" name="action" value="send" tabindex="-1" aria-hidden="true" {}
            (ui::csrf(exchange))
            (ui::hidden("key", &sheet.key))
            (ui::error_summary(problem))
            (Field::new("title", "Titre").value(&sheet.content.title).problem(problem))
            (ui::editor("Texte", &sheet.content.body))
            (whole_groups(&groups, sheet))
            (one_by_one(exchange, &groups, sheet)?)
            (Field::new("remind_days", "Rappeler une fois, après tant de jours, aux familles qui n’ont pas confirmé")
                .kind("number").value(&days).optional().problem(problem))
            p.hint { "L’avis part aux responsables légaux de chaque élève choisi. Il leur est demandé de confirmer la lecture, pour chaque enfant." }
            button.primary type="submit" name="action" value="send" { "Envoyer aux familles" }
        }
    };
    Page::new("Écrire un avis aux familles", body)
        .crumb("Rubriques", "/broadcast")
        .crumb("Carnet de liaison", HERE)
        .respond(exchange)
}

fn whole_groups(groups: &[Group], sheet: &Sheet) -> Markup {
    let count = |pupils: i64| if pupils > 1 { format!(" ({pupils} élèves)") } else { " (1 élève)".to_owned() };
    html! {
        fieldset #groups {
            legend { "Classes et groupes entiers" }
            @if groups.is_empty() { p.hint { "Vous ne pouvez joindre aucun groupe d’élèves." } }
            @for group in groups {
                (ui::checkbox("groups", &group.id, html! { (group.name) small { (count(group.pupils)) } },
                    sheet.content.groups.contains(&group.id)))
            }
        }
    }
}

fn one_by_one(exchange: &Exchange<'_>, groups: &[Group], sheet: &Sheet) -> Result<Markup, Problem> {
    let viewer = exchange.viewer()?;
    let shown = if sheet.shown.is_empty() {
        Vec::new()
    } else {
        liaison::pupils(exchange.db(), &viewer.id, &sheet.shown).map_err(problem)?
    };
    let chosen = liaison::named(exchange.db(), &viewer.id, &sheet.content.pupils).map_err(problem)?;
    let options: Vec<(&str, &str)> = groups.iter().map(|group| (group.id.as_str(), group.name.as_str())).collect();
    Ok(html! {
        fieldset #pupils {
            legend { "Élèves un par un" }
            @for (id, name) in chosen.iter().filter(|one| !shown.contains(one)) { (ui::checkbox("pupils", id, name, true)) }
            @for (id, name) in &shown { (ui::checkbox("pupils", id, name, sheet.content.pupils.contains(id))) }
            @if !options.is_empty() {
                div.inline {
                    (ui::select("show", "Choisir dans", &options, &sheet.shown))
                    button type="submit" name="action" value="show" formnovalidate { "Afficher les élèves" }
                }
            }
        }
    })
}
