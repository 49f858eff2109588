//! What went wrong, in a form that programs and people can act upon: `application/problem+json` (RFC 9457) for the API,
//! a page in French for a browser.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::typography::french;

/// Why a request was not done. `code` is stable and meant for programs; `detail` is French, says what is wrong and what
/// to do, and never carries what only the log may know.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{status} {code}: {detail}")]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable name: `not-found`, `too-many-recipients`…
    pub code: &'static str,
    /// A few French words, the same for every problem of this code.
    pub title: &'static str,
    /// French sentences for the person at the screen.
    pub detail: String,
    /// Further members of the JSON document.
    pub extra: Map<String, Value>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u32>,
    /// For the log only: never leaves the service.
    pub cause: Option<String>,
}

impl Problem {
    /// Any problem.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, title, detail: detail.into(), extra: Map::new(), retry_after: None, cause: None }
    }

    /// Adds a member to the JSON document: `.with("allowed", 50)`.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(member.to_owned(), value.into());
        self
    }

    /// Says for the log what was behind it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// 404: nothing there, or nothing that this person may know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "Page introuvable",
            "Cette adresse ne mène à rien, ou ce qu’elle désignait n’existe plus. Revenez à la page précédente ou passez par le menu.",
        )
    }

    /// 401: nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "Connexion nécessaire",
            "Vous n’êtes pas connecté, ou votre session est terminée. Connectez-vous puis recommencez.",
        )
    }

    /// 403: this person may not; `detail` says why and whom to ask.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Accès refusé", detail)
    }

    /// 422: the value of one field will not do; `detail` says what would. [`Self::and`] adds further fields.
    #[must_use]
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let errors = json!([{ "field": field, "detail": detail }]);
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Saisie à corriger", detail).with("errors", errors)
    }

    /// One more field that will not do.
    #[must_use]
    pub fn and(mut self, field: &str, detail: impl Into<String>) -> Self {
        if let Some(Value::Array(errors)) = self.extra.get_mut("errors") {
            errors.push(json!({ "field": field, "detail": detail.into() }));
        }
        self
    }

    /// What was said about `field` by [`Self::invalid`] or [`Self::and`]: to show a form again.
    #[must_use]
    pub fn about(&self, field: &str) -> Option<&str> {
        self.errors().find(|(found, _)| *found == field).map(|(_, detail)| detail)
    }

    /// All that was said about fields, in order.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &str)> {
        let errors = self.extra.get("errors").and_then(Value::as_array).into_iter().flatten();
        errors.filter_map(|error| Some((error.get("field")?.as_str()?, error.get("detail")?.as_str()?)))
    }

    /// 400: the request cannot be read.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "Requête illisible", detail)
    }

    /// 413: over `limit` bytes.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        let readable =
            if limit >= 1024 * 1024 { format!("{} Mo", limit / 1024 / 1024) } else { format!("{} Ko", limit / 1024) };
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "Envoi trop volumineux",
            format!("L’envoi dépasse {readable}. Réduisez-le ou faites-en plusieurs."),
        )
        .with("limit", limit)
    }

    /// 415: the body is not of a type that is read here.
    #[must_use]
    pub fn unsupported_media_type(expected: &str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Type de contenu inconnu",
            format!("Le corps de la requête doit être de type {expected}."),
        )
    }

    /// 409: the state of things does not let it; `detail` says what is in the way.
    #[must_use]
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "Action impossible en l’état", detail)
    }

    /// 422: a rule of the house refuses; `detail` says which, and what to do.
    #[must_use]
    pub fn refused(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, "Action refusée", detail)
    }

    /// 429: too often; to be tried again after `seconds`.
    #[must_use]
    pub fn too_many_requests(seconds: u32, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Trop d’essais", detail);
        problem.retry_after = Some(seconds);
        problem.with("retry_after", seconds)
    }

    /// 503: something needed cannot be used now. `cause` is for the log.
    #[must_use]
    pub fn unavailable(cause: impl Into<String>) -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Service momentanément indisponible",
            "Le service ne répond pas pour l’instant : réessayez dans une minute.",
        );
        problem.retry_after = Some(60);
        problem.because(cause)
    }

    /// The same, when the request may have changed something before it failed: the answer to a write that broke off says nothing of
    /// what became of it.
    #[must_use]
    pub(crate) fn doubtful(mut self) -> Self {
        if self.status.is_server_error() {
            self.detail.push_str(" Votre demande a peut-être été prise en compte : vérifiez-le avant de la refaire.");
        }
        self
    }

    /// 500: a mistake of ours. `cause` is for the log.
    #[must_use]
    pub fn internal(cause: impl Into<String>) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Erreur du service",
            "Une erreur s’est produite de notre côté. Si elle se répète, prévenez l’administrateur de l’établissement.",
        )
        .because(cause)
    }

    /// 405: there is something there, but not by this method; `allow` names those there are.
    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "Méthode non permise",
            format!("Cette adresse répond seulement à : {allow}."),
        )
        .with("allow", allow)
    }

    /// The JSON document of RFC 9457.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut document = self.extra.clone();
        document.insert("type".to_owned(), format!("urn:vaguemestre:problem:{}", self.code).into());
        document.insert("title".to_owned(), self.title.into());
        document.insert("status".to_owned(), self.status.as_u16().into());
        document.insert("detail".to_owned(), french(&self.detail).into());
        document.insert("code".to_owned(), self.code.into());
        Value::Object(document)
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            // Whoever runs the service must act: waiting does not help.
            store::Error::Unavailable(reason)
                if reason.contains("no such table") || reason.contains("no such column") =>
            {
                Self::internal(format!("the schema is missing or old, run `vaguemestre migrate` ({reason})"))
            }
            store::Error::Unavailable(_) => Self::unavailable(error.to_string()),
            _ => Self::internal(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_an_rfc_9457_document_without_its_cause() {
        let problem = Problem::invalid("name", "Donnez un nom.").and("type", "Choisissez un type.").because("secret");
        assert_eq!(
            problem.to_json(),
            json!({
                "type": "urn:vaguemestre:problem:invalid", "title": "Saisie à corriger", "status": 422,
                "detail": "Donnez un nom.", "code": "invalid",
                "errors": [{"field": "name", "detail": "Donnez un nom."}, {"field": "type", "detail": "Choisissez un type."}],
            })
        );
        assert_eq!(problem.about("type"), Some("Choisissez un type."));
        assert_eq!(problem.about("else"), None);
    }
}
