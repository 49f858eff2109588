//! Compose and mailbox (M-1 to M-10): pages under `/send-message/`, JSON under `/api/v1/send-message/`. Reads through
//! `crates/mailbox`; everything that is written of a message goes through `vaguemestre:post`.

mod api;
mod compose;
mod conversation;
mod folder;
mod icon;
mod own;
mod recipients;
mod script;

use serde::Deserialize;
use web::{Capability, Exchange, Problem, Response, Route};

/// What the menu shows.
pub const CAPABILITY: Capability = Capability::new("send-message", "Messagerie", "/send-message/inbox", 10);

/// Everything this component answers.
pub const ROUTES: &[Route] = &[
    Route::get("/send-message/", home),
    Route::get("/send-message/compose", compose::blank),
    Route::post("/send-message/compose", compose::act).upload(),
    Route::get("/send-message/drafts/{id}", compose::draft),
    Route::get("/send-message/messages/{id}", conversation::page),
    Route::post("/send-message/messages/{id}/respond", conversation::respond),
    Route::post("/send-message/marks", folder::marks),
    Route::get("/send-message/attachments/{id}", api::attachment),
    Route::get("/send-message/script/{file}", script::serve).open(),
    Route::get("/send-message/{folder}", folder::page),
    Route::get("/api/v1/send-message/summary", api::summary).summary("Non lus, brouillons, espace occupé"),
    Route::get("/api/v1/send-message/unread", api::unread).summary("Nombre de messages non lus"),
    Route::get("/api/v1/send-message/recipients", recipients::api)
        .summary("Personnes et groupes à qui j’ai le droit d’écrire, par le début de leur nom")
        .query::<recipients::Search>(),
    Route::get("/api/v1/send-message/folders/{folder}", api::folder)
        .summary("Messages d’un dossier : inbox, sent, drafts ou trash ; les plus récents d’abord")
        .query::<api::Paging>(),
    Route::get("/api/v1/send-message/messages/{id}", api::conversation)
        .summary("La conversation d’un message, du plus ancien au plus récent"),
    Route::post("/api/v1/send-message/messages", api::send)
        .summary("Écrit et envoie un message ; Idempotency-Key évite un double envoi")
        .takes::<api::Content>()
        .problems(counter::CODES),
    Route::post("/api/v1/send-message/messages/{id}/respond", api::respond)
        .summary("Un brouillon de réponse ou de transfert")
        .takes::<api::Responding>()
        .problems(counter::CODES),
    Route::post("/api/v1/send-message/marks", api::marks)
        .summary("Marque mes messages : lu, non lu, corbeille, restauré, supprimé")
        .takes::<api::Marking>(),
    Route::post("/api/v1/send-message/drafts", api::new_draft)
        .summary("Garde un nouveau brouillon ; Idempotency-Key évite les doubles")
        .takes::<api::Content>()
        .problems(counter::CODES),
    Route::get("/api/v1/send-message/drafts/{id}", api::draft).summary("Un de mes brouillons"),
    Route::put("/api/v1/send-message/drafts/{id}", api::put_draft)
        .summary("Remplace le contenu d’un brouillon")
        .takes::<api::Content>()
        .problems(counter::CODES),
    Route::delete("/api/v1/send-message/drafts/{id}", api::discard)
        .summary("Jette un brouillon")
        .gives_nothing()
        .problems(counter::CODES),
    Route::post("/api/v1/send-message/drafts/{id}/submit", api::submit)
        .summary("Envoie un brouillon ; répété, redonne le même reçu")
        .problems(counter::CODES),
    Route::post("/api/v1/send-message/drafts/{id}/attachments", api::attach)
        .summary("Joint un fichier : le corps de la requête, sous le nom « name »")
        .query::<FileName>()
        .upload()
        .problems(counter::CODES),
    Route::delete("/api/v1/send-message/drafts/{id}/attachments/{attachment}", api::detach)
        .summary("Retire un fichier d’un brouillon")
        .gives_nothing()
        .problems(counter::CODES),
    Route::get("/api/v1/send-message/attachments/{id}", api::attachment).summary("Un fichier joint, tel quel"),
];

#[derive(Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(web::schemars::JsonSchema), schemars(crate = "web::schemars"))]
struct FileName {
    /// Avec son extension.
    #[expect(dead_code, reason = "read by name in the handler; here for the OpenAPI document")]
    name: String,
}

fn home(_: &Exchange<'_>) -> Result<Response, Problem> {
    Ok(Response::see_other("/send-message/inbox"))
}

#[cfg(target_family = "wasm")]
web::component!(CAPABILITY, ROUTES);
