//! The settings of the establishment: name, domain, limits, and which profile may do what (A-5, M-2, M-5, M-6, M-10).

use std::collections::BTreeSet;

use establishment::Settings;
use maud::{Markup, html};
use people::{Profile, Role, Uai};
use web::ui::{self, Column, Field};
use web::{Exchange, Form, Problem, Response};

use super::{administered, hidden, page, words};

const PATH: &str = "/directory/admin/settings";
const MIB: i64 = 1024 * 1024;

/// `GET /directory/admin/settings`
pub(crate) fn show(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let settings = load(exchange, &uai)?;
    form_page(exchange, &uai, &settings, None)
}

pub(super) fn load(exchange: &Exchange<'_>, uai: &Uai) -> Result<Settings, Problem> {
    establishment::load(&exchange.db(), uai)?.ok_or_else(Problem::not_found)
}

fn form_page(
    exchange: &Exchange<'_>,
    uai: &Uai,
    settings: &Settings,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let mebibytes = |bytes: i64| {
        let tenths = (bytes * 10 + MIB / 2) / MIB;
        if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{},{}", tenths / 10, tenths % 10) }
    };
    let recipients = settings.max_recipients.to_string();
    let (quota, file) = (mebibytes(settings.mailbox_quota), mebibytes(settings.attachment_max_bytes));
    let (extensions, retention) = (settings.attachment_extensions.join(" "), settings.left_retention_days.to_string());
    let body = html! {
        form.stack.box method="post" action=(PATH) {
            (hidden(exchange, uai))
            (ui::error_summary(problem))
            (Field::new("name", "Nom de l’établissement").value(&settings.name).problem(problem))
            (Field::new("domain", "Domaine des adresses universelles").value(&settings.domain).problem(problem)
                .hint("Vaut pour les adresses données à partir de maintenant ; celles qui existent ne changent pas."))
            (ui::select("timezone", "Fuseau horaire", &clock::ZONES.map(|zone| (zone, zone)), &settings.timezone))
            (Field::new("max_recipients", "Destinataires d’un message, au plus").value(&recipients).kind("number").problem(problem)
                .hint("Après développement des groupes. Au-delà, on passe par la diffusion d’une rubrique."))
            (Field::new("mailbox_quota", "Taille d’une boîte aux lettres, en Mo").value(&quota).problem(problem))
            (Field::new("attachment_max_bytes", "Taille d’une pièce jointe, en Mo").value(&file).problem(problem))
            (Field::new("attachment_extensions", "Types de pièces jointes permis").value(&extensions).problem(problem)
                .hint("Extensions séparées par des espaces."))
            (Field::new("left_retention_days", "Jours de conservation d’un compte parti").value(&retention).kind("number").problem(problem)
                .hint("Passé ce délai, les données personnelles sont effacées ; l’adresse universelle n’est jamais redonnée."))
            (ui::submit("Enregistrer les réglages"))
        }
        (roles(exchange, uai)?)
        p { "Le modèle de droits de communication se change dans " a href={ "/directory/admin/rules?uai=" (uai) } { "Droits" } ", avec l’aperçu de ses effets." }
        (history(exchange, uai)?)
    };
    let page = page(exchange, uai, PATH, "Réglages de l’établissement", body)?.render(exchange);
    Ok(match problem {
        Some(problem) => page.status(problem.status),
        None => page,
    })
}

fn roles(exchange: &Exchange<'_>, uai: &Uai) -> Result<Markup, Problem> {
    let roles = establishment::profile_roles(&exchange.db(), uai)?;
    let mut columns = vec![Column { label: "Rôle", class: "" }];
    columns.extend(Profile::ALL.iter().map(|profile| Column { label: profile.plural(), class: "min" }));
    let rows: Vec<Vec<Markup>> = Role::ALL
        .iter()
        .map(|role| {
            let boxes = Profile::ALL.iter().map(|profile| {
                let label = format!("{} : {}", words::role(*role), profile.plural());
                html! { input type="checkbox" name="role" value={ (profile) ":" (role) } checked[roles.contains(&(*profile, *role))] aria-label=(label); }
            });
            std::iter::once(html! { (words::role(*role)) }).chain(boxes).collect()
        })
        .collect();
    Ok(html! {
        form.stack.box method="post" action={ (PATH) "/roles" } {
            (hidden(exchange, uai))
            h2 { "Rôles des profils" }
            p { "Un profil sans messagerie interne reçoit par redirection seulement. Un rôle se change aussi pour une seule personne, dans " a href={ "/directory/admin/people?uai=" (uai) } { "Comptes" } "." }
            (ui::table("Rôles des profils", &columns, &rows))
            (ui::submit("Enregistrer les rôles"))
        }
    })
}

fn history(exchange: &Exchange<'_>, uai: &Uai) -> Result<Markup, Problem> {
    let changes = establishment::history(&exchange.db(), uai)?;
    let zone = exchange.zone_of(uai.as_str())?;
    Ok(html! {
        @if !changes.is_empty() {
            details.box {
                summary { strong { "Historique (" (changes.len()) ")" } }
                div.prose { ul {
                    @for change in &changes {
                        li { (zone.long(change.at)) " – " (change.by) " : " (change.setting) ", de « " (change.before) " » à « " (change.after) " »" }
                    }
                } }
            }
        }
    })
}

/// "1,5" Mo in bytes; what is no number gives -1, which no setting can be.
fn bytes(mebibytes: &str) -> i64 {
    let number: Option<f64> = mebibytes.trim().replace(',', ".").parse().ok();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be small before")]
    number.filter(|n| (0.0..1e6).contains(n)).map_or(-1, |n| (n * 1_048_576.0).round() as i64)
}

fn of_form(form: &Form) -> Settings {
    Settings {
        name: form.get("name").to_owned(),
        domain: form.get("domain").to_owned(),
        timezone: form.get("timezone").to_owned(),
        max_recipients: form.get("max_recipients").parse().unwrap_or(-1),
        mailbox_quota: bytes(form.get("mailbox_quota")),
        attachment_max_bytes: bytes(form.get("attachment_max_bytes")),
        attachment_extensions: form.get("attachment_extensions").split_whitespace().map(str::to_owned).collect(),
        left_retention_days: form.get("left_retention_days").parse().unwrap_or(-1),
    }
}

/// Saves, or says which settings cannot be.
pub(super) fn save_all(exchange: &Exchange<'_>, uai: &Uai, settings: &Settings) -> Result<(), Problem> {
    let mut faults = settings.faults().into_iter();
    if let Some(first) = faults.next() {
        let problem = Problem::invalid(first.field, first.words);
        return Err(faults.fold(problem, |problem, fault| problem.and(fault.field, fault.words)));
    }
    let by = &exchange.viewer()?.person;
    establishment::save(&exchange.db(), uai, by, settings, exchange.now())?;
    Ok(())
}

/// `POST /directory/admin/settings`
pub(crate) fn save(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let settings = of_form(exchange.form()?);
    match save_all(exchange, &uai, &settings) {
        Ok(()) => Ok(Response::see_other(&format!("{PATH}?uai={uai}")).success("Les réglages sont enregistrés.")),
        Err(problem) if problem.status.is_server_error() => Err(problem),
        Err(problem) => form_page(exchange, &uai, &settings, Some(&problem)),
    }
}

/// The pairs `profile:role` that a form or the API gives.
pub(super) fn pairs<'a>(all: impl Iterator<Item = &'a str>) -> Result<BTreeSet<(Profile, Role)>, Problem> {
    all.map(|pair| {
        let (profile, role) = pair.split_once(':').unwrap_or_default();
        match (profile.parse(), role.parse()) {
            (Ok(profile), Ok(role)) => Ok((profile, role)),
            _ => Err(Problem::invalid("role", "Chaque rôle s’écrit profil:rôle, comme teacher:mailbox.")),
        }
    })
    .collect()
}

/// `POST /directory/admin/settings/roles`
pub(crate) fn save_roles(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = administered(exchange)?;
    let roles = pairs(exchange.form()?.all("role"))?;
    let by = &exchange.viewer()?.person;
    establishment::save_profile_roles(&exchange.db(), &uai, by, &roles, exchange.now())?;
    Ok(Response::see_other(&format!("{PATH}?uai={uai}")).success("Les rôles des profils sont enregistrés."))
}
