//! One import: its files, what it would do or did, who would leave, what was left out.

use maud::{Markup, html};
use provisioning::{Counts, Import, Rejected, departures, rejects, rejects_csv};
use web::ui::{self, Column, Tone};
use web::{Exchange, Page, Problem, Response};

use super::list::{mode, state};
use super::{PATH, mine, refused};

/// Rows shown on the page; the CSV has all.
const SHOWN: u32 = 50;
/// Rows of a CSV; what is left out beyond says the same again.
const MOST: u32 = 20_000;

/// `GET /directory/import/{id}`
pub(crate) fn page(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let import = mine(exchange)?;
    respond(exchange, &import, None)
}

/// The page of an import, with what was wrong.
pub(crate) fn respond(
    exchange: &Exchange<'_>,
    import: &Import,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let here = format!("{PATH}/{}", import.id);
    let rejected = rejects(exchange.db(), import, 0, SHOWN).map_err(refused)?;
    let exodus = problem.is_some_and(|problem| problem.code == "departures");
    let body = html! {
        (ui::error_summary(problem))
        p { (state(import)) " " (mode(import)) }
        (files(import))
        @match import.state.as_str() {
            "reading" => (reading(exchange, import, &here)),
            "ready" => {
                (counts(&import.counts))
                (leaving(exchange, import)?)
                (decide(exchange, &here, exodus))
            },
            "applying" => (applying(exchange, import, &here)),
            "applied" => (counts(&import.counts)),
            _ => (ui::notice(Tone::Neutral, "Cet import a été annulé : rien n’a changé.")),
        }
        (left_out(&rejected, import, &here))
    };
    let page = Page::new("Import", body).crumb("Annuaire", "/directory").crumb("Imports", PATH).wide();
    let response = page.render(exchange);
    Ok(match problem {
        Some(problem) => response.status(problem.status),
        None => response,
    })
}

fn files(import: &Import) -> Markup {
    let rows: Vec<Vec<Markup>> = import
        .files
        .iter()
        .enumerate()
        // One that was taken back for another of its name is not shown.
        .filter(|(at, file)| {
            file.read != Some(0) || !import.files.iter().skip(at + 1).any(|later| later.name == file.name)
        })
        .map(|(_, file)| {
            vec![
                html! { (file.name) },
                html! { @match file.read { Some(read) => (read), None => (ui::badge(Tone::Bad, "non lu")) } },
            ]
        })
        .collect();
    let columns = [Column { label: "Fichier", class: "" }, Column { label: "Fiches lues", class: "num" }];
    if rows.is_empty() {
        html! {}
    } else {
        ui::table("Fichiers de l’import", &columns, &rows)
    }
}

fn post(exchange: &Exchange<'_>, action: &str, label: &str) -> Markup {
    html! { form method="post" action=(action) { (ui::csrf(exchange)) button type="submit" { (label) } } }
}

fn reading(exchange: &Exchange<'_>, import: &Import, here: &str) -> Markup {
    let unread = import.files.iter().any(|file| file.read.is_none());
    html! {
        @if unread { (ui::notice(Tone::Attention, "Un fichier n’a pas été lu jusqu’au bout. Envoyez-le à nouveau sous le même nom, ou annulez l’import.")) }
        form.stack method="post" action={ (here) "/files" } enctype="multipart/form-data" {
            (ui::csrf(exchange))
            div.field {
                label for="files" { "Ajouter des fichiers" }
                input #files type="file" name="files" multiple required accept=".xml,.csv,.txt";
            }
            button type="submit" { "Ajouter" }
        }
        div.toolbar {
            @if !unread {
                form method="post" action={ (here) "/prepare" } { (ui::csrf(exchange)) (ui::submit("Voir l’aperçu")) }
            }
            (post(exchange, &format!("{here}/cancel"), "Annuler l’import"))
        }
    }
}

fn counts(counts: &Counts) -> Markup {
    let columns = ["", "Établissement", "Créés", "Modifiés", "Inchangés", "Partis"]
        .map(|label| Column { label, class: if ["", "Établissement"].contains(&label) { "" } else { "num" } });
    let rows: Vec<Vec<Markup>> = counts
        .by_kind
        .iter()
        .map(|count| {
            vec![
                html! { (kind(&count.kind)) },
                html! { @if count.uai.is_empty() { "–" } @else { (count.uai) } },
                html! { (count.created) },
                html! { (count.changed) },
                html! { (count.unchanged) },
                html! { (count.deleted + count.left) },
            ]
        })
        .collect();
    html! {
        h2 { "Ce que font les fichiers" }
        (ui::table("Fiches par nature et établissement", &columns, &rows))
        p.soft { "Fiches lues : " (counts.read) ". Laissées de côté : " (counts.rejected) ". Remarques : " (counts.remarks) "." }
    }
}

/// A kind of entry, in words.
fn kind(kind: &str) -> &str {
    match kind {
        "establishment" => "Établissements",
        "subject" => "Matières",
        "level" => "Niveaux",
        "adult" => "Enseignants et personnels",
        "student" => "Élèves",
        "relative" => "Parents",
        other => other,
    }
}

fn leaving(exchange: &Exchange<'_>, import: &Import) -> Result<Markup, Problem> {
    let total = import.counts.total();
    if total.left + total.deleted == 0 {
        return Ok(html! {});
    }
    let people = departures(exchange.db(), import, SHOWN + 1).map_err(refused)?;
    Ok(html! {
        details {
            summary.link { "Qui partirait" }
            ul {
                @for one in people.iter().take(SHOWN as usize) {
                    li { (one.name) " (" (one.profile.parse().map_or("", |profile: people::Profile| profile.label())) ")" }
                }
                @if people.len() > SHOWN as usize { li { "…" } }
            }
            p.soft { "Les comptes de qui part sont gardés le délai prévu par l’établissement : qui revient les retrouve." }
        }
    })
}

fn decide(exchange: &Exchange<'_>, here: &str, exodus: bool) -> Markup {
    html! {
        form.stack method="post" action={ (here) "/apply" } {
            (ui::csrf(exchange))
            @if exodus { (ui::checkbox("departures", "1", "Oui, ces personnes partent toutes.", false)) }
            (ui::submit("Appliquer"))
        }
        div.toolbar {
            (post(exchange, &format!("{here}/prepare"), "Refaire l’aperçu"))
            (post(exchange, &format!("{here}/cancel"), "Annuler l’import"))
        }
    }
}

/// The form sends itself where there is a script (`data-onward`), and has a button where there is none.
fn applying(exchange: &Exchange<'_>, import: &Import, here: &str) -> Markup {
    let total = import.dirtied.unwrap_or(0);
    let done = exchange.query_value("done").parse::<u64>().unwrap_or(0).min(total);
    html! {
        (ui::notice(Tone::Attention, "L’import s’applique. Vous pouvez quitter cette page : il reprendra où il en est quand vous y reviendrez."))
        @if total > 0 {
            p { label for="fait" { "Fiches suivies : " (done) " sur " (total) } }
            progress #fait max=(total) value=(done) { (done) " sur " (total) }
        }
        form method="post" action={ (here) "/step" } data-onward { (ui::csrf(exchange)) (ui::submit("Continuer")) }
    }
}

fn left_out(rejected: &[Rejected], import: &Import, here: &str) -> Markup {
    let columns =
        ["Fichier", "Ligne", "Motif"].map(|label| Column { label, class: if label == "Ligne" { "num" } else { "" } });
    let rows: Vec<Vec<Markup>> = rejected
        .iter()
        .map(|row| {
            vec![
                html! { (row.file) },
                html! { (row.line) },
                html! { @if row.remark { (ui::badge(Tone::Neutral, "Remarque")) " " } (row.words) },
            ]
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h2 { "Laissé de côté" }
            (ui::table("Fiches laissées de côté, avec leur motif", &columns, &rows))
            @if import.counts.rejected + import.counts.remarks > u64::from(SHOWN) { p.soft { "Les " (SHOWN) " premières sont montrées." } }
            p { a.button href={ (here) "/rejects.csv" } { "Tout en CSV" } }
        }
    }
}

/// `GET /directory/import/{id}/rejects.csv`, and the same of the API
pub(crate) fn csv(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let import = mine(exchange)?;
    let rows = rejects(exchange.db(), &import, 0, MOST).map_err(refused)?;
    Ok(Response::download("import-laisse-de-cote.csv", "text/csv; charset=utf-8", rejects_csv(&rows)))
}

/// `GET /directory/import/modele.csv`
pub(crate) fn model(_: &Exchange<'_>) -> Result<Response, Problem> {
    Ok(Response::download("modele.csv", "text/csv; charset=utf-8", feed::csv::MODEL))
}
