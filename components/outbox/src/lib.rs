//! What became of the mail (M-12), and the queue for those who manage an establishment (O-1). Where no relay is configured,
//! also the mails themselves, as they would have left (O-5).
//!
//! This file is the table of routes; the decisions are in `crates/queue`, each statement of which asks for the right.

mod api;
mod kept;
mod labels;
mod mine;
mod outside;
mod queued;
mod run;
#[cfg(test)]
mod tests;

use web::{Capability, Route};

/// What the menu shows.
pub const CAPABILITY: Capability = Capability::new("outbox", "Suivi des envois", "/outbox", 50);

/// Everything this component answers.
pub const ROUTES: &[Route] = &[
    Route::get("/outbox", mine::page),
    Route::get("/outbox/messages/{id}", mine::message),
    Route::get("/outbox/queue", queued::page).local_admin(),
    Route::post("/outbox/queue/act", queued::act).local_admin(),
    Route::post("/outbox/queue/act-all", queued::act_all).local_admin(),
    Route::post("/outbox/queue/resume", queued::resume).local_admin(),
    Route::post("/outbox/queue/drain", queued::drain).local_admin(),
    Route::get("/outbox/pickup", kept::page),
    Route::get("/outbox/pickup/{id}", kept::show),
    Route::get("/outbox/pickup/{id}/source", kept::source),
    Route::get("/api/v1/outbox/messages", api::messages)
        .summary("Les messages que la personne connectée a envoyés, et où en sont leurs courriers")
        .query::<api::Paging>()
        .gives::<api::Messages>(),
    Route::get("/api/v1/outbox/messages/{id}/recipients", api::recipients)
        .summary("Comment chaque destinataire d’un message est joint ; pour son auteur seulement")
        .query::<api::Window>()
        .gives::<api::Recipients>()
        .problems(&["not-found"]),
    Route::get("/api/v1/outbox/queue", api::queue)
        .local_admin()
        .summary("Les courriers en attente, comptés par état, et les serveurs laissés au repos")
        .gives::<api::Queue>(),
    Route::get("/api/v1/outbox/deliveries", api::deliveries)
        .local_admin()
        .summary("Les courriers d’un établissement, les plus récents d’abord")
        .query::<api::Filter>()
        .gives::<api::Deliveries>()
        .problems(&["invalid"]),
    Route::post("/api/v1/outbox/deliveries/{id}/{action}", api::act)
        .local_admin()
        .summary("Retient (hold), libère (release), relance (requeue) ou annule (cancel) un courrier")
        .gives::<api::Done>()
        .problems(&["not-found", "wrong-state"]),
    Route::post("/api/v1/outbox/establishments/{uai}/{action}", api::act_all)
        .local_admin()
        .summary("Fait de même pour tous les courriers d’un établissement qui s’y prêtent")
        .gives::<api::Done>()
        .problems(&["not-found"]),
    Route::delete("/api/v1/outbox/pauses/{relay}", api::resume)
        .local_admin()
        .summary("Met fin au repos d’un serveur : il est essayé au prochain passage")
        .gives_nothing()
        .problems(&["not-found"]),
    Route::post("/api/v1/outbox/drain", api::drain)
        .anyone()
        .summary("Envoie ce qui doit l’être ; pour un administrateur local, ou avec le jeton « drain_token »")
        .gives::<api::Drained>()
        .problems(&["unauthenticated", "forbidden"]),
    Route::get("/api/v1/outbox/pickup", api::pickup)
        .summary("Les courriers gardés faute de serveur : ceux que la personne connectée a envoyés ou reçus")
        .query::<api::Paging>()
        .gives::<api::Pickup>(),
    Route::get("/api/v1/outbox/pickup/{id}", kept::source)
        .summary("Un courrier gardé, tel qu’il serait parti (message/rfc822)")
        .problems(&["not-found"]),
];

web::component!(CAPABILITY, ROUTES);
