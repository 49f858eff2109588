//! The same as JSON (U-2): populations, sending, history, report.

use counter::{Draft, desk, problem};
use serde::{Deserialize, Serialize};
use web::{Exchange, Problem, Response, StatusCode};

use super::report::{filter, of};
use super::{addressee, sends::readable};
use crate::rubriques::edited;

web::described! {
    /// What a client writes.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Content as "PopulationMessage" {
        /// ULID d’une population de la rubrique, à qui la personne connectée peut écrire.
        population: String,
        /// Au plus 200 caractères.
        #[serde(default)]
        subject: String,
        /// HTML, assaini avant d’être gardé ; au plus 200 Ko.
        #[serde(default)]
        html: Option<String>,
        /// À la place de `html` : du texte simple.
        #[serde(default)]
        text: Option<String>,
        /// « M’envoyer une copie » à mon adresse de redirection.
        #[serde(default)]
        copy_to_author: bool,
    }

    /// A population, and how many a message reaches.
    #[derive(Serialize)]
    pub(crate) struct Population as "Population" {
        id: String,
        /// « Parents de 6A »
        name: String,
        /// Personnes, l’auteur non compris.
        people: u64,
        by_mailbox: u64,
        by_redirect: u64,
        /// Ni messagerie ni adresse de redirection.
        by_neither: u64,
    }

    /// Populations.
    #[derive(Serialize)]
    pub(crate) struct Populations as "Populations" {
        items: Vec<Population>,
        /// Toujours null : la liste est entière.
        next: Option<String>,
    }

    /// What became of a submission.
    #[derive(Serialize)]
    pub(crate) struct Receipt as "PopulationReceipt" {
        message: String,
        /// UTC, en millisecondes.
        submitted_at: i64,
        recipients: u32,
        by_mailbox: u32,
        by_redirect: u32,
        by_neither: usize,
    }

    /// Where to go on.
    #[derive(Deserialize)]
    pub(crate) struct Paging as "SendPaging" {
        /// `next` de la page précédente.
        #[serde(default)]
        cursor: Option<String>,
        /// De 1 à 100 ; 25 si absent.
        #[serde(default)]
        limit: Option<u32>,
    }

    /// A message that was sent.
    #[derive(Serialize)]
    pub(crate) struct Send as "PopulationSend" {
        message: String,
        /// « Vie scolaire : Parents de 6A », tel qu’à l’envoi.
        audience: String,
        subject: String,
        author: String,
        /// UTC, en millisecondes.
        at: i64,
        recipients: i64,
    }

    /// The history of a rubrique.
    #[derive(Serialize)]
    pub(crate) struct Sends as "PopulationSends" {
        items: Vec<Send>,
        next: Option<String>,
    }

    /// The report of one message.
    #[derive(Serialize)]
    pub(crate) struct Report as "PopulationReport" {
        send: Send,
        /// ULID de la rubrique.
        rubrique: Option<String>,
        by_mailbox: i64,
        by_redirect: i64,
        by_neither: i64,
        /// Courriels en attente.
        pending: i64,
        /// Courriels remis.
        sent: i64,
        /// Courriels en échec.
        failed: i64,
        /// Personnes à joindre sur papier.
        on_paper: i64,
        /// Personnes qui l’ont ouvert dans leur messagerie : combien, jamais qui.
        opened: i64,
        reasons: Vec<Reason>,
    }

    /// Why mails were not taken.
    #[derive(Serialize)]
    pub(crate) struct Reason as "PopulationReason" {
        words: String,
        mails: i64,
    }

    /// Which recipients.
    #[derive(Deserialize)]
    pub(crate) struct RecipientSearch as "PopulationRecipientSearch" {
        /// `all`, `mailbox`, `pending`, `sent`, `failed`, `neither` ou `paper`.
        #[serde(default)]
        state: String,
        /// Mots du nom.
        #[serde(default)]
        q: String,
        /// `next` de la page précédente.
        #[serde(default)]
        cursor: Option<String>,
        /// De 1 à 200 ; 50 si absent.
        #[serde(default)]
        limit: Option<u32>,
    }

    /// One recipient.
    #[derive(Serialize)]
    pub(crate) struct Recipient as "PopulationRecipient" {
        person: String,
        last_name: String,
        first_name: String,
        profile: &'static str,
        /// Ses classes, ou celles de ses enfants.
        classes: String,
        by_mailbox: bool,
        by_redirect: bool,
        /// Du courriel : `pending`, `sent` ou `failed` ; sans courriel : `mailbox` ou `neither`.
        state: String,
        reason: Option<String>,
        on_paper: bool,
    }

    /// Recipients, by name.
    #[derive(Serialize)]
    pub(crate) struct Recipients as "PopulationRecipients" {
        items: Vec<Recipient>,
        next: Option<String>,
    }
}

/// `GET /api/v1/broadcast/rubriques/{id}/populations`
pub(crate) fn populations(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = edited(exchange)?;
    let found = ::rubriques::writable(exchange.db(), &exchange.viewer()?.id, &rubrique.id)?;
    let items = found.into_iter().map(|population| Population {
        id: population.id,
        name: population.name,
        people: population.reach.people,
        by_mailbox: population.reach.by_mailbox,
        by_redirect: population.reach.by_redirect,
        by_neither: population.reach.by_neither,
    });
    Response::json(&Populations { items: items.collect(), next: None })
}

/// `POST /api/v1/broadcast/rubriques/{id}/messages`: a draft and its submission in one request. Repeated with the same
/// `Idempotency-Key`, it sends once.
pub(crate) fn send(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = edited(exchange)?;
    let author = &exchange.viewer()?.id;
    let content = draft(exchange, &rubrique.id, exchange.json()?)?;
    let id =
        counter::save(desk(exchange), author, None, &content, exchange.header("idempotency-key")).map_err(problem)?;
    match counter::submit(desk(exchange), author, &id) {
        Ok(receipt) => Ok(Response::json(&receipt_of(receipt))?.status(StatusCode::CREATED)),
        Err(refusal) => {
            // Refused: no draft is left that the client does not know of.
            let _ = counter::discard(desk(exchange), author, &id);
            Err(problem(refusal))
        }
    }
}

/// The draft that `content` is, to a population of `rubrique`.
pub(super) fn draft(exchange: &Exchange<'_>, rubrique: &str, content: Content) -> Result<Draft, Problem> {
    let body = content.html.unwrap_or_else(|| web::text::to_html(&content.text.unwrap_or_default()));
    Ok(Draft {
        subject: content.subject,
        body,
        addressees: vec![addressee(exchange, rubrique, &content.population)?],
        in_reply_to: None,
        copy_to_author: content.copy_to_author,
    })
}

pub(super) fn receipt_of(receipt: counter::Receipt) -> Receipt {
    Receipt {
        message: receipt.message,
        submitted_at: receipt.submitted_at,
        recipients: receipt.recipients,
        by_mailbox: receipt.by_mailbox,
        by_redirect: receipt.by_redirect,
        by_neither: receipt.unreachable.len(),
    }
}

/// `GET /api/v1/broadcast/rubriques/{id}/messages`
pub(crate) fn sends(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let rubrique = readable(exchange)?;
    let paging: Paging = exchange.query()?;
    let cursor = paging.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let limit = paging.limit.unwrap_or(25);
    let page = ::rubriques::sends(exchange.db(), &exchange.viewer()?.id, &rubrique.id, cursor, limit)?;
    Response::json(&Sends { items: page.items.into_iter().map(sent).collect(), next: page.next })
}

fn sent(send: ::rubriques::Send) -> Send {
    Send {
        message: send.message,
        audience: send.label,
        subject: send.subject,
        author: send.author,
        at: send.at,
        recipients: send.recipients,
    }
}

/// `GET /api/v1/broadcast/messages/{id}`
pub(crate) fn report(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let report = of(exchange)?;
    let reason = |reason: ::rubriques::Reason| Reason { words: reason.words, mails: reason.mails };
    Response::json(&Report {
        send: sent(report.send),
        rubrique: report.rubrique.map(|(id, _)| id),
        by_mailbox: report.by_mailbox,
        by_redirect: report.by_redirect,
        by_neither: report.by_neither,
        pending: report.pending,
        sent: report.sent,
        failed: report.failed,
        on_paper: report.on_paper,
        opened: report.opened,
        reasons: report.reasons.into_iter().map(reason).collect(),
    })
}

/// `GET /api/v1/broadcast/messages/{id}/recipients`
pub(crate) fn recipients(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let report = super::report::named(exchange)?;
    let asked: RecipientSearch = exchange.query()?;
    let filter = filter(&asked.state)?;
    let cursor = asked.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let (viewer, limit) = (&exchange.viewer()?.id, asked.limit.unwrap_or(50));
    let page = ::rubriques::outcomes(exchange.db(), viewer, &report.send.message, (filter, &asked.q), cursor, limit)?;
    let items = page.items.into_iter().map(|outcome| Recipient {
        person: outcome.person,
        last_name: outcome.last_name,
        first_name: outcome.first_name,
        profile: outcome.profile.as_str(),
        classes: outcome.classes,
        by_mailbox: outcome.by_mailbox,
        by_redirect: outcome.by_redirect,
        state: outcome.state,
        reason: outcome.reason,
        on_paper: outcome.on_paper,
    });
    Response::json(&Recipients { items: items.collect(), next: page.next })
}
