//! Who may come in, and where: local administrators in their establishments, administrators of classes for their classes.
//! Everybody else is refused (403), at every route; what belongs to another establishment is not there (404).

use clock::Zone;
use mailing::Viewpoint;
use store::params;
use web::{Exchange, Problem};

/// An establishment where the viewer may make letters.
pub(crate) struct Place {
    pub(crate) viewer: String,
    pub(crate) uai: String,
    pub(crate) name: String,
    pub(crate) zone: Zone,
    /// She is a local administrator of it; else she administers classes there.
    pub(crate) whole: bool,
    /// All her establishments: UAI and name.
    pub(crate) all: Vec<(String, String)>,
}

impl Place {
    pub(crate) fn viewpoint(&self) -> Viewpoint<'_> {
        Viewpoint { viewer: &self.viewer, uai: &self.uai }
    }

    /// Refuses those who administer classes only.
    pub(crate) fn whole(self) -> Result<Self, Problem> {
        if self.whole {
            return Ok(self);
        }
        Err(Problem::forbidden(
            "Cette page est réservée aux administrateurs locaux de l’établissement : adressez-vous à l’un d’eux.",
        ))
    }
}

/// The establishment asked for by `uai` (query or form), else the viewer's own, else her first.
pub(crate) fn place(exchange: &Exchange<'_>) -> Result<Place, Problem> {
    let asked = exchange.query_value("uai");
    if asked.is_empty() && !exchange.is_api() {
        return place_as(exchange, exchange.form().map_or("", |form| form.get("uai")));
    }
    place_as(exchange, &asked)
}

/// The same, where the caller read `uai` elsewhere; empty for the default.
pub(crate) fn place_as(exchange: &Exchange<'_>, asked: &str) -> Result<Place, Problem> {
    let viewer = exchange.viewer()?;
    let rows = exchange.db().execute(
        "SELECT e.uai, e.name, e.timezone, EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?1 AND a.uai = e.uai)
         FROM establishment e
         WHERE e.uai IN (SELECT a.uai FROM local_admin a WHERE a.person_id = ?1 UNION ALL
            SELECT c.uai FROM class_admin a JOIN class c ON c.id = a.class_id WHERE a.person_id = ?1)
         ORDER BY e.name, e.uai",
        params![viewer.id.as_str()],
    )?;
    let mut all = Vec::new();
    for row in &rows {
        all.push((row.text(0)?.to_owned(), row.text(1)?.to_owned()));
    }
    if all.is_empty() {
        return Err(Problem::forbidden(
            "Le publipostage est réservé aux administrateurs locaux, et aux personnes à qui ils ont confié des classes.",
        ));
    }
    let wanted = if asked.is_empty() { viewer.uai.as_str() } else { asked };
    let index = all.iter().position(|(uai, _)| uai == wanted).or(asked.is_empty().then_some(0));
    let row = index.and_then(|index| rows.get(index)).ok_or_else(Problem::not_found)?;
    Ok(Place {
        viewer: viewer.id.clone(),
        uai: row.text(0)?.to_owned(),
        name: row.text(1)?.to_owned(),
        zone: Zone::named(row.text(2)?),
        whole: row.boolean(3)?,
        all,
    })
}

/// What the logic refuses, in the words of the person at the screen.
pub(crate) fn failed(error: mailing::Error) -> Problem {
    use mailing::{Error, Refusal};
    match error {
        Error::Refused(Refusal::Unknown) => Problem::not_found(),
        Error::Refused(Refusal::Nobody) => Problem::refused(
            "nobody",
            "Aucun compte ne correspond : il n’y a rien à imprimer ni à envoyer. Changez les critères, puis recommencez.",
        ),
        Error::Refused(Refusal::KeyReused) => Problem::conflict(
            "key-reused",
            "Cette clé d’idempotence a déjà servi à une autre campagne. Choisissez-en une autre.",
        ),
        Error::Refused(Refusal::NoFile) => no_file(),
        Error::Refused(Refusal::NotEligible) => Problem::refused(
            "not-eligible",
            "Aucun enseignant ou personnel de l’établissement n’a cet identifiant de connexion, ou la classe n’existe plus.",
        ),
        Error::Store(error) => error.into(),
        other => Problem::internal(other.to_string()),
    }
}

/// There is no file to download.
pub(crate) fn no_file() -> Problem {
    Problem::conflict(
        "no-file",
        "Ce fichier n’est pas encore prêt, a été annulé, ou a été effacé après 24 heures. Relancez une impression depuis le publipostage.",
    )
}
