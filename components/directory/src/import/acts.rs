//! What the forms do.

use provisioning::{Mode, Progress, System};
use web::{Exchange, Problem, Response};

use super::given::{self, Asked};
use super::{PATH, STEP, list, mine, one, refused};
use crate::admin;

/// `POST /directory/import`
pub(crate) fn begin(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let uai = admin::administered(exchange)?;
    let form = exchange.form()?;
    let mode = match form.get("mode") {
        "full" => Some(Mode::Full),
        "delta" => Some(Mode::Delta),
        _ => None,
    };
    let mut files = form.files("files").peekable();
    let Some(first) = files.peek() else {
        return list::respond(exchange, Some(&Problem::invalid("files", "Choisissez au moins un fichier.")));
    };
    let import = given::begin(exchange, &Asked { uai: &uai, mode }, &first.name, &first.content)?;
    for file in files {
        if let Err(problem) = given::stage(exchange, &import, &file.name, &file.content) {
            // Nothing of it is kept: the form is given again with all files.
            provisioning::cancel(exchange.db(), &import, exchange.now()).map_err(refused)?;
            return list::respond(exchange, Some(&problem));
        }
    }
    let here = format!("{PATH}/{}", import.id);
    Ok(Response::see_other(&here).success("Les fichiers sont lus. Ajoutez-en d’autres, ou passez à l’aperçu."))
}

/// `POST /directory/import/{id}/files`
pub(crate) fn add(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let import = mine(exchange)?;
    for file in exchange.form()?.files("files") {
        if let Err(problem) = given::stage(exchange, &import, &file.name, &file.content) {
            return one::respond(exchange, &mine(exchange)?, Some(&problem));
        }
    }
    Ok(Response::see_other(&format!("{PATH}/{}", import.id)).success("Les fichiers sont lus."))
}

/// `POST /directory/import/{id}/prepare`
pub(crate) fn prepare(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let import = mine(exchange)?;
    match provisioning::prepare(exchange.db(), &import) {
        Ok(_) => Ok(Response::see_other(&format!("{PATH}/{}", import.id))),
        Err(error) => one::respond(exchange, &mine(exchange)?, Some(&refused(error))),
    }
}

/// `POST /directory/import/{id}/apply`
pub(crate) fn apply(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let import = mine(exchange)?;
    let meant = exchange.form()?.get("departures") == "1";
    match provisioning::confirm(exchange.db(), &import, meant) {
        Ok(()) => Ok(Response::see_other(&format!("{PATH}/{}", import.id))),
        Err(error) => one::respond(exchange, &mine(exchange)?, Some(&refused(error))),
    }
}

/// `POST /directory/import/{id}/step`
pub(crate) fn step(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let import = mine(exchange)?;
    let Progress { total, remaining, done } = advance(exchange)?;
    let here = format!("{PATH}/{}", import.id);
    if done {
        return Ok(Response::see_other(&here).success("L’import est appliqué."));
    }
    Ok(Response::see_other(&format!("{here}?done={}", total.saturating_sub(remaining))))
}

/// The next step of the import of the path.
pub(crate) fn advance(exchange: &Exchange<'_>) -> Result<Progress, Problem> {
    let import = mine(exchange)?;
    provisioning::advance(exchange.db(), &import, &mut System::default(), exchange.now(), STEP).map_err(refused)
}

/// `POST /directory/import/{id}/cancel`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let import = mine(exchange)?;
    provisioning::cancel(exchange.db(), &import, exchange.now()).map_err(refused)?;
    Ok(Response::see_other(PATH).success("L’import est annulé : rien n’a changé."))
}
