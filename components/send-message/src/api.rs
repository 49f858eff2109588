//! The JSON API: `/api/v1/send-message/…`. The same functions as the pages, for programs.

use mailbox::{Cursor, Folder, Mark};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use web::{Exchange, Problem, Response, StatusCode};

use counter::{Addressee, Field, Kind};

/// What a client writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Content {
    /// Au plus 200 caractères.
    #[serde(default)]
    subject: String,
    /// HTML, assaini avant d’être gardé ; au plus 200 Ko.
    #[serde(default)]
    html: Option<String>,
    /// À la place de `html` : du texte simple.
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    addressees: Vec<Addressed>,
    /// Le message auquel celui-ci répond.
    #[serde(default)]
    in_reply_to: Option<String>,
    /// « M’envoyer une copie » à mon adresse de redirection.
    #[serde(default)]
    copy_to_author: bool,
}

/// A recipient as a client names it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Addressed {
    /// `to`, `cc` ou `bcc` (copie cachée).
    pub(crate) field: FieldName,
    /// `person` ou `group`.
    pub(crate) kind: KindName,
    /// ULID.
    pub(crate) id: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) enum FieldName {
    To,
    Cc,
    Bcc,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) enum KindName {
    Person,
    Group,
}

impl From<Addressed> for Addressee {
    fn from(addressed: Addressed) -> Self {
        let field = match addressed.field {
            FieldName::To => Field::To,
            FieldName::Cc => Field::Cc,
            FieldName::Bcc => Field::Bcc,
        };
        let kind = match addressed.kind {
            KindName::Person => Kind::Person,
            KindName::Group => Kind::Group,
        };
        Self { field, kind, id: addressed.id }
    }
}

impl From<Content> for counter::Draft {
    fn from(content: Content) -> Self {
        let body = content.html.unwrap_or_else(|| web::text::to_html(&content.text.unwrap_or_default()));
        Self {
            subject: content.subject,
            body,
            addressees: content.addressees.into_iter().map(Into::into).collect(),
            in_reply_to: content.in_reply_to,
            copy_to_author: content.copy_to_author,
        }
    }
}

#[derive(Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Paging {
    /// `next` de la page précédente.
    cursor: Option<String>,
    /// De 1 à 200 ; 50 si absent.
    limit: Option<u32>,
}

/// `GET …/folders/{folder}`
pub(crate) fn folder(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let viewer = exchange.viewer()?;
    let folder = Folder::parse(exchange.param("folder")).ok_or_else(Problem::not_found)?;
    let paging: Paging = exchange.query()?;
    let after = match paging.cursor.as_deref() {
        None | Some("") => None,
        Some(text) => Some(
            Cursor::parse(text)
                .ok_or_else(|| Problem::invalid("cursor", "Ce curseur n’est pas un « next » reçu d’ici."))?,
        ),
    };
    let page = mailbox::list(exchange.db(), &viewer.id, folder, after.as_ref(), paging.limit.unwrap_or(50))?;
    Response::json(&json!({"items": page.items, "next": page.next.map(|next| next.to_string())}))
}

/// `GET …/summary`
pub(crate) fn summary(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Response::json(&mailbox::summary(exchange.db(), &exchange.viewer()?.id)?)
}

/// `GET …/unread`
pub(crate) fn unread(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Response::json(&json!({"unread": mailbox::summary(exchange.db(), &exchange.viewer()?.id)?.unread}))
}

/// `GET …/messages/{id}`
pub(crate) fn conversation(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let messages = mailbox::conversation(exchange.db(), &exchange.viewer()?.id, exchange.param("id"))?;
    if messages.is_empty() {
        return Err(Problem::not_found());
    }
    Response::json(&json!({"items": messages, "next": null}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Marking {
    /// ULID, 1 000 au plus.
    messages: Vec<String>,
    /// `seen`, `unseen`, `trash`, `restore` ou `destroy`.
    mark: String,
}

/// `POST …/marks`
pub(crate) fn marks(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let marking: Marking = exchange.json()?;
    let what = mark_named(&marking.mark)
        .ok_or_else(|| Problem::invalid("mark", "« mark » vaut seen, unseen, trash, restore ou destroy."))?;
    if marking.messages.len() > 1000 {
        return Err(Problem::invalid("messages", "1 000 messages au plus à la fois."));
    }
    let changed = mailbox::mark(exchange.db(), &exchange.viewer()?.id, &marking.messages, what)?;
    Response::json(&json!({"changed": changed}))
}

pub(crate) fn mark_named(name: &str) -> Option<Mark> {
    Some(match name {
        "seen" => Mark::Seen,
        "unseen" => Mark::Unseen,
        "trash" => Mark::Trash,
        "restore" => Mark::Restore,
        "destroy" => Mark::Destroy,
        _ => return None,
    })
}

/// `POST …/drafts`
pub(crate) fn new_draft(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let content: Content = exchange.json()?;
    let id = counter::save(
        counter::desk(exchange),
        &exchange.viewer()?.id,
        None,
        &content.into(),
        exchange.header("idempotency-key"),
    )
    .map_err(counter::problem)?;
    Ok(draft_response(exchange, &id)?.status(StatusCode::CREATED))
}

/// `PUT …/drafts/{id}`
pub(crate) fn put_draft(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let content: Content = exchange.json()?;
    let id = exchange.param("id");
    counter::save(counter::desk(exchange), &exchange.viewer()?.id, Some(id), &content.into(), None)
        .map_err(counter::problem)?;
    draft_response(exchange, id)
}

/// `GET …/drafts/{id}`
pub(crate) fn draft(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    draft_response(exchange, exchange.param("id"))
}

fn draft_response(exchange: &Exchange<'_>, id: &str) -> Result<Response, Problem> {
    let draft = mailbox::draft(exchange.db(), &exchange.viewer()?.id, id)?.ok_or_else(Problem::not_found)?;
    Response::json(&draft)
}

/// `DELETE …/drafts/{id}`
pub(crate) fn discard(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    counter::discard(counter::desk(exchange), &exchange.viewer()?.id, exchange.param("id"))
        .map_err(counter::problem)?;
    Ok(Response::no_content())
}

/// `POST …/drafts/{id}/attachments?name=…`: the body is the file.
pub(crate) fn attach(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let name = exchange.query_value("name");
    let id =
        counter::attach(counter::desk(exchange), &exchange.viewer()?.id, exchange.param("id"), &name, exchange.body())
            .map_err(counter::problem)?;
    Ok(Response::json(&json!({"id": id}))?.status(StatusCode::CREATED))
}

/// `DELETE …/drafts/{id}/attachments/{attachment}`
pub(crate) fn detach(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    counter::detach(
        counter::desk(exchange),
        &exchange.viewer()?.id,
        exchange.param("id"),
        exchange.param("attachment"),
    )
    .map_err(counter::problem)?;
    Ok(Response::no_content())
}

/// `POST …/drafts/{id}/submit`
pub(crate) fn submit(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let receipt = counter::submit(counter::desk(exchange), &exchange.viewer()?.id, exchange.param("id"))
        .map_err(counter::problem)?;
    Response::json(&receipt_json(&receipt))
}

/// `POST …/messages`: a draft and its submission in one request. Repeated with the same `Idempotency-Key`, it sends once.
pub(crate) fn send(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let author = &exchange.viewer()?.id;
    let content: Content = exchange.json()?;
    let key = exchange.header("idempotency-key");
    let id = counter::save(counter::desk(exchange), author, None, &content.into(), key).map_err(counter::problem)?;
    match counter::submit(counter::desk(exchange), author, &id) {
        Ok(receipt) => Ok(Response::json(&receipt_json(&receipt))?.status(StatusCode::CREATED)),
        Err(refusal) => {
            // Refused: no draft is left that the client does not know of.
            let _ = counter::discard(counter::desk(exchange), author, &id);
            Err(counter::problem(refusal))
        }
    }
}

fn receipt_json(receipt: &counter::Receipt) -> Value {
    json!({
        "message": receipt.message,
        "submitted_at": receipt.submitted_at,
        "recipients": receipt.recipients,
        "by_mailbox": receipt.by_mailbox,
        "by_redirect": receipt.by_redirect,
        "unreachable": receipt.unreachable,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
pub(crate) struct Responding {
    /// `reply`, `reply-all` ou `forward`.
    how: String,
}

/// `POST …/messages/{id}/respond`
pub(crate) fn respond(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let responding: Responding = exchange.json()?;
    let how = response_named(&responding.how)
        .ok_or_else(|| Problem::invalid("how", "« how » vaut reply, reply-all ou forward."))?;
    let id = counter::respond(counter::desk(exchange), &exchange.viewer()?.id, exchange.param("id"), how)
        .map_err(counter::problem)?;
    Ok(draft_response(exchange, &id)?.status(StatusCode::CREATED))
}

pub(crate) fn response_named(name: &str) -> Option<counter::Response> {
    Some(match name {
        "reply" => counter::Response::Reply,
        "reply-all" => counter::Response::ReplyAll,
        "forward" => counter::Response::Forward,
        _ => return None,
    })
}

/// `GET …/attachments/{id}`, and the pages' own link to it.
pub(crate) fn attachment(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    let found = mailbox::content(exchange.db(), &exchange.viewer()?.id, exchange.param("id"))?;
    let (file, bytes) = found.ok_or_else(Problem::not_found)?;
    Ok(Response::download(&file.name, &file.media_type, bytes))
}
