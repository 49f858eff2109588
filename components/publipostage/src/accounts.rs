//! The choice of accounts (P-1) and the list that shows them before anything is made (P-2), with advice on how to hand the
//! letters out (P-7).

use mailing::{Account, Code, Criteria, Selected};
use maud::{Markup, html};
use people::Profile;
use web::ui::{self, Column, Field, Tone};
use web::{Exchange, Problem, Response};

use crate::access::{Place, failed, place};
use crate::ask::{self, ACTIVE, MAIL, SORTS};
use crate::{export, frame};

pub(crate) const PATH: &str = "/publipostage";
/// Accounts a page.
pub(crate) const PAGE: u32 = 100;
/// Rows of a CSV.
const MOST: u32 = 20_000;

/// `GET /publipostage`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?;
    let mut criteria = ask::criteria(&exchange.query_pairs()?, &place)?;
    let classes = mailing::classes(exchange.db(), place.viewpoint()).map_err(failed)?;
    let mut levels: Vec<&str> = classes.iter().map(|class| class.level.as_str()).filter(|l| !l.is_empty()).collect();
    levels.dedup();
    let offered = ask::offered(&mut criteria, &classes);
    let skip = ask::cursor(&exchange.query_value("cursor"))?;
    let found = mailing::select(exchange.db(), place.viewpoint(), &criteria, skip, PAGE).map_err(failed)?;
    let chosen = ask::pairs(&criteria, &place);
    let body = html! {
        form.filters method="get" action=(PATH) {
            (ui::hidden("uai", &place.uai))
            fieldset { legend { "Profils" }
                div.inline { @for profile in Profile::ALL {
                    (ui::checkbox("profile", profile.as_str(), profile.plural(), criteria.profiles.contains(profile)))
                } }
            }
            @if !levels.is_empty() {
                fieldset { legend { "Niveaux" }
                    div.inline { @for level in levels {
                        (ui::checkbox("level", level, level, criteria.levels.iter().any(|chosen| chosen == level)))
                    } }
                }
            }
            @if !offered.is_empty() {
                fieldset { legend { "Classes" }
                    @if !criteria.levels.is_empty() { p.hint { "Celles des niveaux choisis." } }
                    div.inline { @for class in offered {
                        (ui::checkbox("class", &class.id, &class.name, criteria.classes.contains(&class.id)))
                    } }
                }
            }
            div.inline {
                (ui::select("active", "Activation", &ACTIVE, given(criteria.active, "yes", "no")))
                (ui::select("mail", "Courriel", &MAIL, given(criteria.mail, "with", "without")))
                (ui::select("sort", "Trier par", &SORTS, criteria.sort.as_str()))
                (Field::new("from", "Créés à partir du").kind("date").value(&criteria.from.map_or_else(String::new, |at| place.zone.day(at))).optional())
                (Field::new("until", "Créés jusqu’au").kind("date").value(&criteria.until.map_or_else(String::new, |at| place.zone.day(at - 1))).optional())
            }
            (ui::checkbox("admins", "1", "Administrateurs locaux seulement", criteria.admins))
            p.hint { "Un filtre laissé vide prend tout le monde." }
            div.toolbar {
                (ui::submit("Lancer le prétraitement"))
                a.button href={ (PATH) "?uai=" (place.uai) } { "Tout effacer" }
            }
        }
        @if !place.whole {
            (ui::notice(Tone::Neutral, "Vous administrez des classes : vous voyez leurs élèves et les parents de ceux-ci. Les codes des administrateurs et de la direction ne vous sont pas montrés."))
        }
        @if found.items.is_empty() {
            (ui::empty("Aucun compte ne correspond", "Élargissez les critères : un filtre vide retient tout le monde."))
        } @else {
            (start(exchange, &found, &chosen)?)
            (list(&found, &place))
            (pages(&chosen, skip, &found))
        }
        (guidance())
    };
    frame::page(&place, PATH, "Publipostage des comptes", body)
        .lead("Distribuez les identifiants et les codes d’activation, sur papier ou par e-mail.")
        .respond(exchange)
}

const fn given(choice: Option<bool>, yes: &'static str, no: &'static str) -> &'static str {
    match choice {
        Some(true) => yes,
        Some(false) => no,
        None => "",
    }
}

/// Counts, and what can be made of the list.
fn start(exchange: &Exchange<'_>, found: &Selected, chosen: &[(&'static str, String)]) -> Result<Markup, Problem> {
    let without = found.without_mail;
    let with = found.total - without;
    // Sent twice (a double click, a page that is reloaded), it starts one campaign.
    let key = web::random::ulid(exchange.now())?.to_string();
    let fields = html! {
        (ui::csrf(exchange)) (ui::hidden("key", &key))
        @for (name, value) in chosen { (ui::hidden(name, value)) }
    };
    Ok(html! {
        section.box aria-labelledby="faire" {
            h2 #faire { "Lancer le publipostage" }
            p role="status" {
                strong { (frame::counted(found.total, "compte sélectionné", "comptes sélectionnés")) }
                " dont " (found.inactive) " à activer. " (frame::counted(without, "compte sans adresse e-mail.", "comptes sans adresse e-mail."))
            }
            @if exchange.public_url().is_none() { (no_link()) }
            div.toolbar {
                form method="post" action="/publipostage/campaigns" {
                    (fields)
                    button.primary type="submit" name="kind" value="eight" { "PDF, 8 par page à découper" }
                    " " button type="submit" name="kind" value="one" { "PDF, 1 par page" }
                }
                @if with > 0 {
                    form method="post" action="/publipostage/campaigns" {
                        (fields) (ui::hidden("kind", "mail"))
                        details.confirm {
                            summary.button { "Envoyer par e-mail" }
                            div.sheet {
                                p { (frame::counted(with, "e-mail partira", "e-mails partiront")) " aussitôt vers les adresses personnelles." }
                                @if without > 0 {
                                    (ui::checkbox("rest", "eight", format!("Imprimer aussi les courriers de ceux qui n’en reçoivent pas ({without})"), true))
                                }
                                button.danger type="submit" { "Envoyer" }
                            }
                        }
                    }
                }
                a.button href=(ask::address("/api/v1/publipostage/accounts.csv", chosen)) download { "Exporter en CSV" }
            }
        }
    })
}

/// What an administrator should know where the deployment does not say how people reach it.
pub(crate) fn no_link() -> Markup {
    ui::notice(
        Tone::Attention,
        "L’adresse publique du service n’est pas réglée (variable « public_url ») : les courriers n’ont ni QR code ni lien vers la page d’activation. Demandez à l’administrateur du service de la régler.",
    )
}

fn list(found: &Selected, place: &Place) -> Markup {
    let columns = ["Nom", "Prénom", "Profil", "Identifiant", "Code d’activation", "Courriel", "Classe", "Créé le"]
        .map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = found.items.iter().map(|account| row(account, place)).collect();
    ui::table("Comptes sélectionnés", &columns, &rows)
}

fn row(account: &Account, place: &Place) -> Vec<Markup> {
    vec![
        html! { strong { (account.last_name) } },
        html! { (account.first_name) },
        ui::profile_badge(account.profile),
        html! { (account.login) },
        match &account.code {
            Code::Given(code) => html! { code { (code) } },
            Code::Active => ui::badge(Tone::Good, "activé"),
            Code::Withheld => html! { "•••••••• " small { "réservé" } },
            Code::Missing => ui::badge(Tone::Attention, "aucun code"),
        },
        html! { @if account.mail.is_empty() { small { "aucun" } } @else { (frame::mail(&account.mail)) } },
        html! { (account.classes.join(", ")) },
        html! { (place.zone.figures(account.created_at)) },
    ]
}

fn pages(chosen: &[(&'static str, String)], skip: u32, found: &Selected) -> Markup {
    let at = |skip: u32| {
        let mut pairs = chosen.to_vec();
        pairs.push(("cursor", skip.to_string()));
        ask::address(PATH, &pairs)
    };
    let shown = u32::try_from(found.items.len()).unwrap_or(0);
    html! {
        @if skip > 0 || skip + shown < found.total {
            nav.pager aria-label="Pages" {
                @if skip > 0 { a.button rel="prev" href=(at(skip.saturating_sub(PAGE))) { "← Page précédente" } }
                span { "Comptes " (skip + 1) " à " (skip + shown) " sur " (found.total) }
                @if skip + shown < found.total { a.button rel="next" href=(at(skip + shown)) { "Page suivante →" } }
            }
        }
    }
}

/// Who hands what to whom (P-7, seed 003 §7).
const GUIDANCE: [[&str; 4]; 6] = [
    [
        "Enseignants",
        "Référents ENT",
        "Imprimé, e-mail",
        "Dans le casier ou par e-mail en début d’année. Les années suivantes, aux nouveaux enseignants seulement : les autres gardent leurs identifiants.",
    ],
    [
        "Élèves",
        "Enseignants",
        "Imprimé",
        "En classe, par un enseignant, à tous les élèves la première année ; ensuite aux nouveaux seulement.",
    ],
    [
        "Parents",
        "L’élève, par l’enseignant",
        "Imprimé, carnet de liaison",
        "Simple, mais le code passe par plusieurs mains : il peut se perdre ou être lu.",
    ],
    ["Parents", "L’enseignant", "Imprimé", "Aux réunions de début d’année. Prévoyez comment joindre les absents."],
    [
        "Parents",
        "La direction",
        "Imprimé, courrier postal, e-mail",
        "Les parents viennent chercher leurs identifiants, ou les reçoivent par e-mail (adresses recueillies en début d’année) ou par la Poste.",
    ],
    ["Invités", "Référents ENT", "Imprimé, e-mail", "Au cas par cas."],
];

fn guidance() -> Markup {
    let columns = ["Pour", "Transmis par", "Supports", "Comment"].map(|label| Column { label, class: "" });
    let rows: Vec<Vec<Markup>> = GUIDANCE.iter().map(|row| row.iter().map(|cell| html! { (cell) }).collect()).collect();
    html! {
        details.box {
            summary { strong { "Comment distribuer les identifiants ?" } }
            (ui::table("Qui transmet quoi à qui", &columns, &rows))
        }
    }
}

/// `GET /api/v1/publipostage/accounts.csv`
pub(crate) fn csv(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let place = place(exchange)?;
    let criteria = ask::criteria(&exchange.query_pairs()?, &place)?;
    export::accounts(all(exchange, &place, &criteria)?, &place.zone)
}

fn all(exchange: &Exchange<'_>, place: &Place, criteria: &Criteria) -> Result<Selected, Problem> {
    let found = mailing::select(exchange.db(), place.viewpoint(), criteria, 0, MOST).map_err(failed)?;
    if found.total > MOST {
        return Err(Problem::refused(
            "too-many-results",
            format!("La sélection compte plus de {MOST} comptes. Exportez-la profil par profil."),
        )
        .with("allowed", MOST));
    }
    Ok(found)
}
