//! The page of the address book: groups beside, contacts found by name, and what can be done with those ticked.

use contacts::{Contact, ContactQuery, Entry, Group, Listed, contacts as find};
use maud::{Markup, html};
use people::PageSize;
use web::ui::{self, Tone};
use web::{Exchange, Problem, Response};

use super::{BASE, back, count, problem, write_to};
use crate::ask::{given, reader};
use crate::links;

/// `GET /directory/contacts`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let (typed, group) = (exchange.query_value("q"), exchange.query_value("group"));
    let cursor = exchange.query_value("cursor");
    let size = exchange.query_value("limit").parse().map_or_else(|_| PageSize::default(), PageSize::near);
    let query = ContactQuery {
        owner: &viewer.person,
        text: &typed,
        group: Some(group.as_str()).filter(|id| !id.is_empty()),
        after: given("cursor", &cursor)?,
        size,
    };
    let found = find(&exchange.db(), &query).map_err(problem)?;
    let groups = contacts::groups(&exchange.db(), &viewer.id).map_err(problem)?;
    let body = html! {
        (tools(exchange, &groups, &group))
        @if found.inaccessible > 0 { (gone(exchange, found.inaccessible)) }
        div.panes {
            (beside(&groups, &group))
            div {
                (search(&typed, &group, size))
                (results(exchange, &found, &groups, &query))
            }
        }
    };
    web::Page::new("Carnet d’adresses", body)
        .actions(links::tabs(exchange, BASE))
        .lead("Vos contacts, rangés dans vos groupes. Vous seul les voyez.")
        .wide()
        .respond(exchange)
}

fn tools(exchange: &Exchange<'_>, groups: &[Group], group: &str) -> Markup {
    let name = groups.iter().find(|one| one.id == group).map(|one| one.name.as_str());
    html! {
        div.bulk {
            @if let Some(name) = name {
                strong { (name) }
                @if links::can_write(exchange) {
                    a.button.primary href={ (BASE) "/groups/" (group) "/write" } { "Écrire au groupe" }
                }
            }
            a.button href={ (BASE) "/new?group=" (group) } { "Nouveau contact extérieur" }
            a.button href={ (BASE) "/add?group=" (group) } { "Ajouter depuis l’annuaire" }
            a.button href={ (BASE) "/import" } { "Importer" }
            a.button href={ (BASE) "/export?version=4.0&group=" (group) } download { "Exporter (vCard 4.0)" }
            a.button href={ (BASE) "/export?version=3.0&group=" (group) } download { "Exporter (vCard 3.0)" }
        }
    }
}

fn gone(exchange: &Exchange<'_>, inaccessible: usize) -> Markup {
    let text = if inaccessible > 1 {
        format!("{inaccessible} contacts ne sont plus accessibles : vous ne pouvez plus leur écrire pour l’instant.")
    } else {
        "1 contact n’est plus accessible : vous ne pouvez plus lui écrire pour l’instant.".to_owned()
    };
    ui::notice(
        Tone::Attention,
        html! {
            p { (text) }
            form.toolbar method="post" action={ (BASE) "/inaccessible" } {
                (ui::csrf(exchange))
                button.link type="submit" { "Retirer du carnet ceux qui ne sont plus accessibles" }
            }
        },
    )
}

fn beside(groups: &[Group], chosen: &str) -> Markup {
    html! {
        nav.folders aria-label="Groupes de contacts" {
            ul {
                li { a href=(BASE) aria-current=[chosen.is_empty().then_some("page")] { "Tous les contacts" } }
                @for group in groups {
                    li {
                        a href={ (BASE) "?group=" (group.id) } aria-current=[(group.id == chosen).then_some("page")] {
                            (group.name) span.count aria-label=(count(group.contacts, "contact")) { (group.contacts) }
                        }
                    }
                }
                li { a href={ (BASE) "/groups" } { "Gérer les groupes" } }
            }
        }
    }
}

fn search(typed: &str, group: &str, size: PageSize) -> Markup {
    html! {
        form.filters method="get" action=(BASE) role="search" {
            div.inline {
                (links::name(typed))
                (ui::select("limit", "Par page", &links::SIZES, &size.get().to_string()))
                @if !group.is_empty() { (ui::hidden("group", group)) }
                (ui::submit("Rechercher"))
            }
        }
    }
}

fn results(exchange: &Exchange<'_>, found: &Listed, groups: &[Group], query: &ContactQuery<'_>) -> Markup {
    if found.page.items.is_empty() {
        let what = if query.text.is_empty() && query.after.is_none() {
            "Ajoutez des personnes de l’annuaire, notez des contacts extérieurs, ou importez un fichier vCard (.vcf)."
        } else {
            "Vérifiez le nom, ou regardez dans tous les contacts."
        };
        return ui::empty("Aucun contact", what);
    }
    let group = query.group.unwrap_or_default();
    let columns = [("", "min"), ("Nom", ""), ("Qui", ""), ("Coordonnées", ""), ("Groupes", "")];
    let columns = columns.map(|(label, class)| ui::Column { label, class });
    let rows: Vec<Vec<Markup>> = found.page.items.iter().map(|contact| row(contact, groups)).collect();
    html! {
        form method="post" action={ (BASE) "/selection" } {
            (ui::csrf(exchange))
            (ui::hidden("here", group))
            (actions(exchange, groups, group))
            (ui::table("Contacts", &columns, &rows))
        }
        @if query.after.is_some() || found.page.next.is_some() {
            @let here = format!("{BASE}?q={}&group={group}&limit={}", web::url_escape(query.text), query.size.get());
            nav.pager aria-label="Pages" {
                @if query.after.is_some() { a.button href=(here) { "← Début de la liste" } }
                @if let Some(next) = &found.page.next {
                    a.button rel="next" href={ (here) "&cursor=" (next) } { "Page suivante →" }
                }
            }
        }
    }
}

fn actions(exchange: &Exchange<'_>, groups: &[Group], group: &str) -> Markup {
    let mut choices = vec![("", "Choisir un groupe")];
    choices.extend(groups.iter().map(|one| (one.id.as_str(), one.name.as_str())));
    html! {
        div.bulk {
            label.check { input type="checkbox" data-check-all="contact"; span { "Tout sélectionner sur cette page" } }
            @if links::can_write(exchange) {
                button type="submit" name="action" value="write" { "Écrire aux sélectionnés" }
            }
            @if !groups.is_empty() {
                (ui::select("group", "Groupe", &choices, ""))
                button type="submit" name="action" value="join" { "Ajouter au groupe" }
            }
            @if !group.is_empty() { button type="submit" name="action" value="leave" { "Retirer de ce groupe" } }
            details.confirm {
                summary.button { "Supprimer du carnet" }
                div.sheet {
                    p { "Les contacts sélectionnés quittent votre carnet et tous ses groupes." }
                    button.danger type="submit" name="action" value="delete" { "Supprimer les sélectionnés" }
                }
            }
        }
    }
}

fn row(contact: &Contact, groups: &[Group]) -> Vec<Markup> {
    let (name, who, reach) = match &contact.entry {
        Entry::Person(person) => (
            person.name.clone(),
            html! { (ui::profile_badge(person.profile)) " " (person.detail()) },
            html! { "Messagerie de l’ENT" },
        ),
        Entry::Card(card) => {
            let who: Vec<&str> = [&card.function, &card.organisation]
                .into_iter()
                .map(String::as_str)
                .filter(|s| !s.is_empty())
                .collect();
            let reach = card.mails.iter().take(1).chain(card.phones.iter().take(1));
            let reach: Vec<&str> = reach.map(|one| one.value.as_str()).collect();
            (
                card.name.clone(),
                html! { (ui::badge(Tone::Neutral, "Extérieur")) " " (who.join(", ")) },
                html! { (reach.join(" · ")) },
            )
        }
        Entry::Inaccessible => ("Contact qui n’est plus accessible".to_owned(), html! {}, html! {}),
    };
    let own: Vec<&str> =
        groups.iter().filter(|group| contact.groups.contains(&group.id)).map(|group| group.name.as_str()).collect();
    vec![
        html! { input type="checkbox" name="contact" value=(contact.id) aria-label={ "Sélectionner " (name) }; },
        html! { a href={ (BASE) "/" (contact.id) } { (name) } },
        who,
        reach,
        html! { (own.join(", ")) },
    ]
}

/// `POST /directory/contacts/selection`: the button pressed is in `action`.
pub(crate) fn selection(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let form = exchange.form()?;
    let ids: Vec<&str> = form.all("contact").collect();
    let here = match form.get("here") {
        "" => BASE.to_owned(),
        group => format!("{BASE}?group={}", web::url_escape(group)),
    };
    if ids.is_empty() {
        return Ok(Response::see_other(&here).warning("Cochez d’abord des contacts dans la liste."));
    }
    let (db, owner) = (exchange.db(), viewer.id.as_str());
    let done = match form.get("action") {
        "write" => {
            let people = contacts::recipients_among(&db, owner, &ids).map_err(problem)?;
            let to: Vec<String> = people.iter().map(|id| format!("person:{id}")).collect();
            return write_to(exchange, &to, &here);
        }
        "join" if form.get("group").is_empty() => Err(Problem::invalid("group", "Choisissez un groupe dans la liste.")),
        "join" => contacts::join(&db, owner, form.get("group"), &ids)
            .map(|joined| format!("{} de plus dans le groupe.", count(joined, "contact")))
            .map_err(problem),
        "leave" => contacts::leave(&db, owner, form.get("here"), &ids)
            .map(|left| format!("{} de moins dans le groupe, toujours dans le carnet.", count(left, "contact")))
            .map_err(problem),
        "delete" => contacts::delete_contacts(&db, owner, &ids)
            .map(|deleted| format!("{} de moins dans votre carnet.", count(deleted, "contact")))
            .map_err(problem),
        _ => Err(Problem::malformed("Le bouton pressé n’est pas connu. Rechargez la page et recommencez.")),
    };
    back(&here, done)
}

/// `POST /directory/contacts/inaccessible`
pub(crate) fn forget_inaccessible(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = reader(exchange)?;
    let gone = contacts::delete_inaccessible(&exchange.db(), &viewer.id).map_err(problem)?;
    Ok(Response::see_other(BASE).success(&format!("{} de moins dans votre carnet.", count(gone, "contact"))))
}
