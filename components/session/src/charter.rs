//! The charter people accept at activation. A default in plain words; a school may print its own beside it.

use web::{Exchange, Page, Problem, Response, html};

/// `GET /session/charter`
pub(crate) fn page(exchange: &Exchange) -> Result<Response, Problem> {
    let body = html! {
        div.prose.box {
            h2 { "Votre compte est personnel" }
            ul {
                li { "Ne confiez votre mot de passe à personne, pas même à un membre de l’établissement." }
                li { "Déconnectez-vous d’un ordinateur partagé. Si vous pensez que quelqu’un d’autre a utilisé votre compte, changez de mot de passe et prévenez l’établissement." }
            }
            h2 { "Écrire aux autres" }
            ul {
                li { "Vous écrivez sous votre nom : restez courtois et respectez chacun. Les injures, menaces, le harcèlement et les propos discriminatoires sont interdits par la loi, et peuvent être sanctionnés." }
                li { "N’envoyez que ce qui concerne la vie de l’établissement, sans publicité ni chaîne de messages." }
                li { "N’envoyez pas de photo ou de document sur quelqu’un sans son accord, ou celui de ses parents s’il est mineur." }
                li { "Personne n’est tenu de répondre le soir, en fin de semaine ou pendant les vacances." }
            }
            h2 { "Ce que devient ce que vous écrivez" }
            ul {
                li { "Vos messages sont lus par vous et par leurs destinataires seulement. Les traces des envois sont conservées le temps que la loi demande ; un accès exceptionnel, par exemple pour protéger un élève, est motivé et consigné." }
                li { "Vous pouvez demander à l’établissement de consulter ou de corriger les informations qui vous concernent." }
            }
        }
    };
    Page::new("Charte d’usage de la messagerie", body).respond(exchange)
}
