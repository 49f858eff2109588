//! A message to a population (B-1): written from a rubrique by one of its editors, sent whole or not at all, and what became
//! of it. The post office judges and expands (`wit/post`); here is the choice of one population, and the words.

pub(crate) mod api;
pub(crate) mod drafts;
pub(crate) mod export;
pub(crate) mod report;
pub(crate) mod sends;
pub(crate) mod write;

use ::rubriques::Reach;
use counter::{Addressee, Field, Kind, Refusal};
use web::{Exchange, Problem};

/// Codes of the problems of what its editors alone do.
pub(crate) const CLOSED: &[&str] = &["forbidden", "rubrique-closed"];

/// The one addressee of a message to `population`, if it is one of `rubrique` that `author` may write to.
fn addressee(exchange: &Exchange<'_>, rubrique: &str, population: &str) -> Result<Addressee, Problem> {
    if population.is_empty() {
        return Err(Problem::invalid("population", "Choisissez à quelle population ce message s’adresse."));
    }
    let writable = ::rubriques::may_write(exchange.db(), &exchange.viewer()?.id, rubrique, population)?;
    if !writable {
        return Err(counter::problem(Refusal::Audience));
    }
    Ok(Addressee { field: Field::Bcc, kind: Kind::Population, id: population.to_owned() })
}

/// « 54 personnes : 50 par leur messagerie, 20 par leur adresse de redirection, 4 par aucune des deux »
fn reach_words(reach: &Reach) -> String {
    let people = if reach.people > 1 { "personnes" } else { "personne" };
    format!(
        "{} {people} : {} par leur messagerie, {} par leur adresse de redirection, {} par aucune des deux",
        reach.people, reach.by_mailbox, reach.by_redirect, reach.by_neither
    )
}
