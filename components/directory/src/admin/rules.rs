//! The editor of rules: groups, what each may write to, and every change rehearsed before it is made.

use maud::{Markup, html};
use people::GroupId;
use rights::{Edit, Editor, Participation, Preset, RuleGroup, Rules};
use store::params;
use web::ui::{self, Column, Tone};
use web::{Exchange, Form, Problem, Response};

use super::{administered, hidden, hidden_query, page, words};
use crate::ask::given;

const PATH: &str = "/directory/admin/rules";

/// `GET /directory/admin/rules`
pub(crate) fn list(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let (text, kind) = (exchange.query_value("q"), exchange.query_value("kind"));
    let groups = rights::groups(&exchange.db(), &uai, &text, given("kind", &kind)?)?;
    let mut kinds = vec![("", "Tous les types")];
    kinds.extend(
        people::GroupKind::ALL.iter().filter(|k| **k != people::GroupKind::Network).map(|k| (k.as_str(), k.label())),
    );
    let columns = ["Groupe", "Type", "Ses membres", "Peut écrire à", "Reçoit de", "Membres"].map(|label| Column {
        label,
        class: if matches!(label, "Groupe" | "Type" | "Ses membres") { "" } else { "num" },
    });
    let rows: Vec<Vec<Markup>> = groups.iter().map(|group| row(group, uai.as_str())).collect();
    let body = html! {
        (presets(exchange, &uai)?)
        form.filters method="get" action=(PATH) role="search" {
            (hidden_query(&uai))
            div.inline { (crate::links::name(&text)) (ui::select("kind", "Type", &kinds, &kind)) (ui::submit("Rechercher")) }
        }
        @if rows.is_empty() { (ui::empty("Aucun groupe ne correspond", "Vérifiez le nom, ou choisissez tous les types.")) }
        @else { (ui::table("Groupes de l’établissement", &columns, &rows)) }
        (history(exchange, &uai)?)
    };
    page(exchange, &uai, PATH, "Droits de communication", body)?
        .lead("Choisissez un groupe pour voir et changer à qui ses membres peuvent écrire. Chaque changement est d’abord montré avec ses effets.")
        .respond(exchange)
}

fn row(group: &RuleGroup, uai: &str) -> Vec<Markup> {
    vec![
        html! { a href={ (PATH) "/" (group.id) "?uai=" (uai) } { (group.name) } },
        html! { (group.kind.label()) },
        html! { (words::participation_short(group.participation)) },
        html! { (group.targets) },
        html! { (group.sources) },
        html! { (group.members) },
    ]
}

fn presets(exchange: &Exchange<'_>, uai: &people::Uai) -> Result<Markup, Problem> {
    let row = exchange.db().first("SELECT preset FROM establishment WHERE uai = ?1", params![uai.as_str()])?;
    let current = row.map(|row| row.text(0).map(str::to_owned)).transpose()?.unwrap_or_default();
    let choices = Preset::ALL.map(|preset| (preset.as_str(), words::preset(preset)));
    Ok(html! {
        details.box {
            summary { strong { "Modèle de droits" } }
            form.stack method="post" action={ (PATH) "/preview" } {
                (hidden(exchange, uai)) (ui::hidden("kind", "preset"))
                p { "Un modèle remet les règles entre groupes automatiques à son état ; celles des groupes manuels, des groupes ad hoc et des listes restent." }
                (ui::select("preset", "Modèle", &choices, &current))
                (ui::submit("Voir les effets"))
            }
        }
    })
}

fn history(exchange: &Exchange<'_>, uai: &people::Uai) -> Result<Markup, Problem> {
    let made = rights::history(&exchange.db(), uai)?;
    let zone = exchange.zone_of(uai.as_str())?;
    Ok(html! {
        @if !made.is_empty() {
            details.box {
                summary { strong { "Historique (" (made.len()) ")" } }
                div.prose { ul {
                    @for change in &made {
                        li {
                            (zone.long(change.at)) " – " @if change.by.is_empty() { "Service" } @else { (change.by) } " : "
                            @match change.kind.as_str() {
                                "add-rule" => { "« " (change.from) " » peut écrire à « " (change.to) " ». " }
                                "remove-rule" => { "« " (change.from) " » ne peut plus écrire à « " (change.to) " ». " }
                                "preset" => { "modèle « " (change.to) " ». " }
                                _ => { "les membres de « " (change.from) " » " (change.to.parse().map_or("", words::participation)) ". " }
                            }
                            (words::effect(&change.effect))
                        }
                    }
                } }
            }
        }
    })
}

/// `GET /directory/admin/rules/{id}`
pub(crate) fn one(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let id: GroupId = exchange.param("id").parse().map_err(|_| Problem::not_found())?;
    let Some(rules) = rights::rules_of(&exchange.db(), &uai, &id)? else { return Err(Problem::not_found()) };
    let Rules { group, targets, sources } = &rules;
    let list = group.kind == people::GroupKind::List;
    let body = html! {
        section.box aria-labelledby="membres" {
            h2 #membres { "Ses membres" }
            @if list {
                p { "Une liste de diffusion reçoit et cache ses membres : ils n’écrivent à personne par elle et ne sont joints qu’ensemble." }
            } @else {
                p { "Ils " (words::participation(group.participation)) "." }
                form.inline method="post" action={ (PATH) "/preview" } {
                    (hidden(exchange, &uai)) (ui::hidden("kind", "participation")) (ui::hidden("from", group.id.as_str()))
                    (ui::select("participation", "Ses membres", &Participation::ALL.map(|p| (p.as_str(), words::participation(p))), group.participation.as_str()))
                    button type="submit" { "Voir les effets" }
                }
            }
        }
        @if !list {
            section.box aria-labelledby="cibles" {
                h2 #cibles { "Peuvent écrire à" }
                (neighbours(exchange, &uai, targets, |other| (group.id.as_str(), other.id.as_str())))
                (adding(exchange, &uai, group)?)
            }
        }
        section.box aria-labelledby="sources" {
            h2 #sources { "Reçoivent de" }
            (neighbours(exchange, &uai, sources, |other| (other.id.as_str(), group.id.as_str())))
        }
    };
    page(exchange, &uai, PATH, &group.name, body)?
        .crumb("Droits de communication", PATH)
        .lead(format!("{}, {} membres", group.kind.label(), group.members))
        .respond(exchange)
}

fn neighbours<'a>(
    exchange: &Exchange<'_>,
    uai: &people::Uai,
    groups: &'a [RuleGroup],
    rule: impl Fn(&'a RuleGroup) -> (&'a str, &'a str),
) -> Markup {
    html! {
        @if groups.is_empty() { p.soft { "Aucun groupe." } }
        @else {
            ul.chips {
                @for other in groups {
                    @let (from, to) = rule(other);
                    li {
                        form method="post" action={ (PATH) "/preview" } {
                            (hidden(exchange, uai)) (ui::hidden("kind", "remove-rule")) (ui::hidden("from", from)) (ui::hidden("to", to))
                            (ui::chip(&words::group(other), Some(("remove", "1"))))
                        }
                    }
                }
            }
        }
    }
}

/// The form of a new rule: the groups of the establishment, of the others that the viewer administers, and the staff of the
/// network.
fn adding(exchange: &Exchange<'_>, uai: &people::Uai, group: &RuleGroup) -> Result<Markup, Problem> {
    let choices = rights::addable(&exchange.db(), uai, &group.id, &exchange.viewer()?.person)?;
    let choices: Vec<_> = choices.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    Ok(html! {
        form.inline method="post" action={ (PATH) "/preview" } {
            (hidden(exchange, uai)) (ui::hidden("kind", "add-rule")) (ui::hidden("from", group.id.as_str()))
            (ui::select("to", "Ajouter un groupe", &choices, ""))
            button type="submit" { "Voir les effets" }
        }
    })
}

/// The edit that a form or the API describes.
pub(super) fn edit(kind: &str, from: &str, to: &str, participation: &str, preset: &str) -> Result<Edit, Problem> {
    let group = |name, id: &str| -> Result<GroupId, Problem> {
        id.parse().map_err(|_| Problem::invalid(name, "Choisissez un groupe de la liste."))
    };
    match kind {
        "add-rule" => Ok(Edit::AddRule(group("from", from)?, group("to", to)?)),
        "remove-rule" => Ok(Edit::RemoveRule(group("from", from)?, group("to", to)?)),
        "participation" => Ok(Edit::Participation(
            group("from", from)?,
            participation
                .parse()
                .map_err(|_| Problem::invalid("participation", "Choisissez une participation de la liste."))?,
        )),
        "preset" => Ok(Edit::Preset(
            preset.parse().map_err(|_| Problem::invalid("preset", "Choisissez un modèle de la liste."))?,
        )),
        _ => Err(Problem::invalid("kind", "Le changement doit être add-rule, remove-rule, participation ou preset.")),
    }
}

fn of_form(form: &Form) -> Result<Edit, Problem> {
    edit(form.get("kind"), form.get("from"), form.get("to"), form.get("participation"), form.get("preset"))
}

/// A change that the database did not take: somebody else's groups, or a rule that is not there any more.
pub(super) fn refused() -> Problem {
    Problem::refused(
        "no-such-rule",
        "Ce changement ne peut pas être fait : la règle n’existe plus, ou l’un des groupes n’est pas de ceux que vous administrez. Revenez à la liste des groupes et recommencez.",
    )
}

/// `POST /directory/admin/rules/preview`: what the change would bring, before it is made.
pub(crate) fn preview(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let form = exchange.form()?;
    let edit = of_form(form)?;
    let editor = Editor { person: Some(&exchange.viewer()?.person), uai: &uai, now: exchange.now() };
    let effect = rights::rehearse(&exchange.db(), &editor, &edit)?.ok_or_else(refused)?;
    let sentence = describe(exchange, &edit)?;
    let body = html! {
        section.box aria-labelledby="effets" {
            h2 #effets { "Ce qui changerait" }
            p { strong { (sentence) } }
            p { (words::effect(&effect)) }
            @if !effect.closed.is_empty() { p { "Ne pourraient plus s’écrire entre eux : " (effect.closed.join(", ")) "." } }
        }
        @if !effect.opened.is_empty() {
            (ui::notice(Tone::Attention, html! {
                strong { "Attention : les membres de ces groupes pourraient s’écrire entre eux" }
                p { (effect.opened.join(", ")) "." }
            }))
        }
        form.toolbar method="post" action=(PATH) {
            (hidden(exchange, &uai))
            @for name in ["kind", "from", "to", "participation", "preset"] {
                @if !form.get(name).is_empty() { (ui::hidden(name, form.get(name))) }
            }
            (ui::submit("Confirmer le changement"))
            a.button href={ (PATH) "?uai=" (uai) } { "Renoncer" }
        }
    };
    page(exchange, &uai, PATH, "Effets du changement", body)?.crumb("Droits de communication", PATH).respond(exchange)
}

fn describe(exchange: &Exchange<'_>, edit: &Edit) -> Result<String, Problem> {
    let name = |id: &GroupId| -> Result<String, Problem> {
        let row = exchange.db().first("SELECT name FROM person_group WHERE id = ?1", params![id.as_str()])?;
        Ok(row.map(|row| row.text(0).map(str::to_owned)).transpose()?.unwrap_or_default())
    };
    Ok(match edit {
        Edit::AddRule(from, to) => format!("« {} » pourrait écrire à « {} ».", name(from)?, name(to)?),
        Edit::RemoveRule(from, to) => {
            format!("« {} » ne pourrait plus écrire à « {} » par cette règle.", name(from)?, name(to)?)
        }
        Edit::Participation(group, participation) => {
            format!("Les membres de « {} » : {}.", name(group)?, words::participation(*participation))
        }
        Edit::Preset(preset) => words::preset(*preset).to_owned(),
    })
}

/// `POST /directory/admin/rules`
pub(crate) fn make(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let edit = of_form(exchange.form()?)?;
    let editor = Editor { person: Some(&exchange.viewer()?.person), uai: &uai, now: exchange.now() };
    let effect = rights::edit(&exchange.db(), &editor, &web::random::ulid(exchange.now())?.to_string(), &edit)?
        .ok_or_else(refused)?;
    let back = match &edit {
        Edit::AddRule(group, _) | Edit::Participation(group, _) => format!("{PATH}/{group}?uai={uai}"),
        Edit::RemoveRule(..) | Edit::Preset(_) => format!("{PATH}?uai={uai}"),
    };
    Ok(Response::see_other(&back).success(&format!("Les droits sont changés. {}", words::effect(&effect))))
}
