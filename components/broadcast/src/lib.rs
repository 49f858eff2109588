//! Broadcast: what a rubrique says to its population, and what the school says to everybody.

mod population;
mod rubriques;

use web::{Capability, Route};

/// The capability.
pub const CAPABILITY: Capability = Capability::new("broadcast", "Rubriques", "/broadcast", 20);

/// Its routes.
pub const ROUTES: &[Route] = &[
    // --- Rubriques and messages to a population (B-1).
    Route::get("/broadcast", rubriques::home::page),
    Route::get("/broadcast/new", rubriques::settings::new).local_admin(),
    Route::post("/broadcast/new", rubriques::settings::make).local_admin(),
    Route::get("/broadcast/rubriques/{id}", rubriques::one::page),
    Route::get("/broadcast/rubriques/{id}/settings", rubriques::settings::edit).local_admin(),
    Route::post("/broadcast/rubriques/{id}/settings", rubriques::settings::change).local_admin(),
    Route::post("/broadcast/rubriques/{id}/close", rubriques::settings::close).local_admin(),
    Route::post("/broadcast/rubriques/{id}/open", rubriques::settings::open).local_admin(),
    Route::get("/broadcast/rubriques/{id}/message", population::write::blank),
    Route::post("/broadcast/rubriques/{id}/message", population::write::act).upload(),
    Route::get("/broadcast/rubriques/{id}/sends", population::sends::page),
    Route::get("/broadcast/drafts/{id}", population::write::draft),
    Route::get("/broadcast/messages/{id}", population::report::page),
    Route::get("/api/v1/broadcast/rubriques", rubriques::api::list)
        .summary("Les rubriques que je peux lire ; celles qui sont fermées, pour l’administrateur local")
        .gives::<rubriques::api::Rubriques>(),
    Route::post("/api/v1/broadcast/rubriques", rubriques::api::make)
        .summary("Crée une rubrique")
        .local_admin()
        .takes::<rubriques::api::Wanted>()
        .gives_with::<rubriques::api::Rubrique>(201)
        .problems(rubriques::CODES),
    Route::get("/api/v1/broadcast/rubriques/{id}", rubriques::api::one)
        .summary("Une rubrique ; ses rédacteurs et ses populations, pour l’administrateur local")
        .gives::<rubriques::api::Rubrique>(),
    Route::put("/api/v1/broadcast/rubriques/{id}", rubriques::api::change)
        .summary("Renomme ou décrit une rubrique, choisit ses rédacteurs et ses populations")
        .local_admin()
        .takes::<rubriques::api::Wanted>()
        .gives::<rubriques::api::Rubrique>()
        .problems(rubriques::CODES),
    Route::post("/api/v1/broadcast/rubriques/{id}/close", rubriques::api::close)
        .summary("Ferme une rubrique : plus personne ne la lit, ce qui a été envoyé reste")
        .local_admin()
        .gives_nothing(),
    Route::post("/api/v1/broadcast/rubriques/{id}/open", rubriques::api::open)
        .summary("Ouvre de nouveau une rubrique fermée")
        .local_admin()
        .gives_nothing()
        .problems(rubriques::CODES),
    Route::get("/api/v1/broadcast/groups", rubriques::api::groups)
        .summary("Les groupes de l’établissement qui peuvent lire ou rédiger une rubrique")
        .local_admin()
        .query::<rubriques::api::GroupSearch>()
        .gives::<rubriques::api::Seats>(),
    Route::get("/api/v1/broadcast/rubriques/{id}/populations", population::api::populations)
        .summary(
            "Les populations à qui je peux écrire depuis la rubrique, et combien de personnes un message y joindrait",
        )
        .gives::<population::api::Populations>()
        .problems(population::CLOSED),
    Route::post("/api/v1/broadcast/rubriques/{id}/messages", population::api::send)
        .summary("Écrit et envoie un message à une population ; Idempotency-Key évite un double envoi")
        .takes::<population::api::Content>()
        .gives_with::<population::api::Receipt>(201)
        .problems(counter::CODES),
    Route::get("/api/v1/broadcast/rubriques/{id}/messages", population::api::sends)
        .summary("Les messages envoyés depuis la rubrique, les plus récents d’abord")
        .query::<population::api::Paging>()
        .gives::<population::api::Sends>(),
    Route::post("/api/v1/broadcast/rubriques/{id}/drafts", population::drafts::make)
        .summary("Garde un brouillon de message à une population ; Idempotency-Key évite les doubles")
        .takes::<population::api::Content>()
        .gives_with::<population::drafts::Kept>(201)
        .problems(counter::CODES),
    Route::put("/api/v1/broadcast/drafts/{id}", population::drafts::change)
        .summary("Remplace le contenu d’un brouillon de message à une population")
        .takes::<population::api::Content>()
        .gives::<population::drafts::Kept>()
        .problems(counter::CODES),
    Route::delete("/api/v1/broadcast/drafts/{id}", population::drafts::discard)
        .summary("Jette un brouillon de message à une population")
        .gives_nothing()
        .problems(counter::CODES),
    Route::post("/api/v1/broadcast/drafts/{id}/attachments", population::drafts::attach)
        .summary("Joint un fichier : le corps de la requête, sous le nom « name »")
        .query::<population::drafts::FileName>()
        .upload()
        .gives_with::<population::drafts::Kept>(201)
        .problems(counter::CODES),
    Route::delete("/api/v1/broadcast/drafts/{id}/attachments/{attachment}", population::drafts::detach)
        .summary("Retire un fichier d’un brouillon")
        .gives_nothing()
        .problems(counter::CODES),
    Route::post("/api/v1/broadcast/drafts/{id}/submit", population::drafts::submit)
        .summary("Envoie un brouillon à sa population ; répété, redonne le même reçu")
        .gives::<population::api::Receipt>()
        .problems(counter::CODES),
    Route::get("/api/v1/broadcast/messages/{id}", population::api::report)
        .summary("Le compte rendu d’un envoi : combien, par quelle voie, où en sont les courriels")
        .gives::<population::api::Report>(),
    Route::get("/api/v1/broadcast/messages/{id}/recipients", population::api::recipients)
        .summary("Le sort de l’envoi pour chaque destinataire")
        .query::<population::api::RecipientSearch>()
        .gives::<population::api::Recipients>(),
    Route::get("/api/v1/broadcast/messages/{id}/recipients.csv", population::export::recipients)
        .summary("Le même, dans un fichier pour tableur")
        .query::<population::api::RecipientSearch>(),
    // --- Agenda (B-2).
    // --- News (B-3).
    // --- Flash messages (B-4).
    // --- Liaison notices (B-5).
];

web::component!(CAPABILITY, ROUTES);
