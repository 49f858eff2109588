//! Préférences: a person gives an address of her own outside, proves that she reads it, changes it, takes it back (F-1).
//!
//! The address is shown to its owner and to nobody else (F-2); it is never logged. This file is the table of routes;
//! [`verification`] decides.

mod api;
mod pages;
mod problems;
mod state;
mod verification;

use web::{Capability, Route};

/// The capability.
pub const CAPABILITY: Capability = Capability::new("redirect", "Préférences", "/redirect", 90);

const SENDING: &[&str] = &["invalid", "own-domain", "same-address", "too-many-requests"];
const CONFIRMING: &[&str] = &["nothing-pending", "wrong-code", "code-expired", "too-many-attempts"];

/// Its routes.
pub const ROUTES: &[Route] = &[
    Route::get("/redirect", pages::page),
    Route::post("/redirect/address", pages::give),
    Route::post("/redirect/code", pages::confirm),
    Route::post("/redirect/resend", pages::resend),
    Route::post("/redirect/cancel", pages::cancel),
    Route::post("/redirect/remove", pages::remove),
    Route::get("/api/v1/redirect", api::show)
        .summary("L’adresse de redirection de la personne connectée")
        .gives::<api::State>(),
    Route::put("/api/v1/redirect", api::give)
        .summary("Donne une adresse ; un code de vérification y est envoyé, l’adresse en vigueur le reste jusque-là")
        .takes::<api::Address>()
        .gives_with::<api::State>(202)
        .problems(SENDING),
    Route::post("/api/v1/redirect/code", api::confirm)
        .summary("Vérifie l’adresse avec le code reçu")
        .takes::<api::Code>()
        .gives::<api::State>()
        .problems(CONFIRMING),
    Route::delete("/api/v1/redirect/pending", api::cancel).summary("Renonce à l’adresse à vérifier").gives_nothing(),
    Route::delete("/api/v1/redirect", api::remove).summary("Retire l’adresse de redirection").gives_nothing(),
];

web::component!(CAPABILITY, ROUTES);
