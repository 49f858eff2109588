//! Sign-in, activation and the account of the person who is signed in; also the way in (`/`) and the files
//! that every page needs.
//!
//! This file is the table of routes. Decisions are in crate `account`; pages and API call the same functions.

mod activation;
mod api;
mod charter;
mod home;
mod mine;
mod openapi;
mod problems;
mod renewal;
mod sign_in;

use web::{Audience, Capability, Route, assets};

/// The capability: no place in the menu, since the account is under the name of the viewer.
pub const CAPABILITY: Capability =
    Capability::new("session", "Mon compte", "/session/account", 0).shown_to(Audience::Nobody);

/// Its routes.
pub const ROUTES: &[Route] = &[
    Route::get("/", home::home).anyone(),
    Route::get("/session/assets/{file}", assets::serve).open(),
    Route::get("/session/charter", charter::page).anyone(),
    Route::get("/session/sign-in", sign_in::page).anyone(),
    // Open: a form left in another tab still signs in after somebody did so here.
    Route::post("/session/sign-in", sign_in::submit).open(),
    Route::post("/session/sign-out", sign_in::sign_out),
    Route::get("/session/activate", activation::page).anyone(),
    Route::post("/session/activate", activation::submit).open(),
    Route::get("/session/renewal", renewal::page).anyone(),
    Route::post("/session/renewal", renewal::ask).open(),
    Route::get("/session/renewal/{token}", renewal::choose).open(),
    Route::post("/session/renewal/{token}", renewal::submit).open(),
    Route::get("/session/account", mine::page),
    Route::post("/session/password", mine::change_password),
    Route::post("/session/sign-out-everywhere", mine::sign_out_everywhere),
    Route::get("/api/openapi.json", openapi::document).open().summary("Ce document"),
    Route::post("/api/v1/session", api::sign_in)
        .open()
        .summary("Ouvre une session et en donne le jeton")
        .takes::<api::Credentials>()
        .gives_with::<api::Opened>(201)
        .problems(&["wrong-credentials", "too-many-requests", "blocked", "left"]),
    Route::get("/api/v1/session", api::who_am_i).summary("La personne connectée").gives::<api::Person>(),
    Route::delete("/api/v1/session", api::sign_out).summary("Ferme cette session").gives_nothing(),
    Route::delete("/api/v1/session/all", api::sign_out_everywhere)
        .summary("Ferme toutes les sessions de la personne connectée")
        .gives_nothing(),
    Route::put("/api/v1/session/password", api::change_password)
        .summary("Change de mot de passe et ferme les autres sessions")
        .takes::<api::PasswordChange>()
        .gives::<api::Opened>()
        .problems(&["wrong-credentials", "invalid", "too-many-requests"]),
    Route::post("/api/v1/session/activation", api::activate)
        .open()
        .summary("Active un compte avec le code reçu, et ouvre une session")
        .takes::<api::Activation>()
        .gives_with::<api::Opened>(201)
        .problems(&["wrong-code", "invalid", "too-many-requests"]),
    Route::post("/api/v1/session/renewal", api::ask_renewal)
        .open()
        .summary("Demande l’envoi d’un lien pour choisir un nouveau mot de passe")
        .takes::<api::RenewalRequest>()
        .gives_with::<api::Told>(202)
        .problems(&["too-many-requests"]),
    Route::put("/api/v1/session/renewal/{token}", api::renew)
        .open()
        .summary("Choisit un nouveau mot de passe par le lien reçu, et ouvre une session")
        .takes::<api::NewPassword>()
        .gives::<api::Opened>()
        .problems(&["dead-link", "invalid"]),
];

web::component!(CAPABILITY, ROUTES);
