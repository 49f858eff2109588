//! What is done to an event from its page: publish, call off, throw away, answer, comment, decide about a comment.

use web::{Exchange, Problem, Response};

use super::{BASE, failed, told};

fn here(exchange: &Exchange<'_>) -> String {
    format!("{BASE}/events/{}", exchange.param("id"))
}

/// `POST /broadcast/agenda/events/{id}/publish`
pub(crate) fn publish(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = exchange.param("id");
    ::agenda::publish(exchange.db(), exchange.now(), &exchange.viewer()?.id, id)
        .map_err(|error| failed(exchange, error))?;
    Ok(told(exchange, id, &here(exchange), "L’événement est publié."))
}

/// `POST /broadcast/agenda/events/{id}/cancel`
pub(crate) fn cancel(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let id = exchange.param("id");
    ::agenda::cancel(exchange.db(), exchange.now(), &exchange.viewer()?.id, id)
        .map_err(|error| failed(exchange, error))?;
    Ok(told(exchange, id, &here(exchange), "L’événement est annulé."))
}

/// `POST /broadcast/agenda/events/{id}/discard`
pub(crate) fn discard(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    ::agenda::discard(exchange.db(), &exchange.viewer()?.id, exchange.param("id"))
        .map_err(|error| failed(exchange, error))?;
    Ok(Response::see_other(BASE).success("Le brouillon est supprimé."))
}

/// `POST /broadcast/agenda/events/{id}/answer`
pub(crate) fn answer(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let comment = form.get("comment").replace("\r\n", "\n");
    answer_with(exchange, form.get("answer"), &comment)?;
    Ok(Response::see_other(&here(exchange)).success("Votre réponse est enregistrée."))
}

/// `accepted` or `declined`: perhaps is for mail clients.
pub(super) fn answer_with(exchange: &Exchange<'_>, word: &str, comment: &str) -> Result<(), Problem> {
    use calendar::Participation::{Accepted, Declined, NeedsAction};
    let participation = match word {
        "accepted" => Accepted,
        "declined" => Declined,
        _ => NeedsAction,
    };
    let by = &exchange.viewer()?.id;
    ::agenda::answer(exchange.db(), exchange.now(), by, exchange.param("id"), participation, comment)
        .map_err(|error| failed(exchange, error))
}

/// `POST /broadcast/agenda/events/{id}/comments`
pub(crate) fn comment(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let by = &exchange.viewer()?.id;
    // The same form sent twice is one comment.
    let id = match form.get("key") {
        "" => web::random::ulid(exchange.now())?.to_string(),
        key => ::agenda::id_of(by, key),
    };
    let text = form.get("text").replace("\r\n", "\n");
    let state = ::agenda::comment(exchange.db(), exchange.now(), by, exchange.param("id"), &id, &text)
        .map_err(|error| failed(exchange, error))?;
    let said = match state {
        ::agenda::CommentState::Shown => "Votre commentaire est publié.",
        ::agenda::CommentState::Pending => "Votre commentaire est enregistré ; il paraîtra une fois validé.",
    };
    Ok(Response::see_other(&here(exchange)).success(said))
}

/// `POST /broadcast/agenda/events/{id}/comments/decide`
pub(crate) fn decide(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let form = exchange.form()?;
    let shown = match form.get("decision") {
        "show" => true,
        "remove" => false,
        _ => return Err(Problem::invalid("decision", "Choisissez de publier ou de retirer le commentaire.")),
    };
    let by = &exchange.viewer()?.id;
    ::agenda::decide(exchange.db(), exchange.now(), by, exchange.param("id"), form.get("comment"), shown)
        .map_err(|error| failed(exchange, error))?;
    Ok(Response::see_other(&here(exchange)).success(if shown {
        "Le commentaire est publié."
    } else {
        "Le commentaire est retiré."
    }))
}
