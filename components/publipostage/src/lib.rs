//! Publipostage: letters for the people of a school, printed or mailed. For local administrators only.

mod models;

use web::{Capability, Exchange, Page, Problem, Response, Route, html};

/// The capability.
pub const CAPABILITY: Capability = Capability::new("publipostage", "Publipostage", "/publipostage", 40);

/// Its routes.
pub const ROUTES: &[Route] = &[
    // --- Account letters (P-1 to P-4, P-7).
    Route::get("/publipostage", home).local_admin(),
    // --- Model letters (P-5, P-6).
    Route::get("/publipostage/models", models::list::page).local_admin(),
    Route::post("/publipostage/models", models::list::create).local_admin(),
    Route::get("/publipostage/models/new", models::list::blank).local_admin(),
    Route::get("/publipostage/models/script/{file}", models::script::serve).open(),
    Route::get("/publipostage/models/{id}", models::edit::page).local_admin(),
    Route::post("/publipostage/models/{id}", models::edit::save).local_admin(),
    Route::post("/publipostage/models/{id}/duplicate", models::list::duplicate).local_admin(),
    Route::post("/publipostage/models/{id}/delete", models::list::delete).local_admin(),
    Route::get("/publipostage/models/{id}/signature", models::edit::signature_picture).local_admin(),
    Route::post("/publipostage/models/{id}/signature", models::edit::set_signature).local_admin().upload(),
    Route::get("/publipostage/models/{id}/recipients", models::recipients::page).local_admin(),
    Route::get("/publipostage/models/{id}/preview", models::preview::page).local_admin(),
    Route::get("/publipostage/models/{id}/preview.pdf", models::preview::pdf).local_admin(),
    Route::get("/publipostage/models/{id}/preview.png", models::preview::png).local_admin(),
    Route::post("/publipostage/models/{id}/send", models::send::send).local_admin(),
    Route::get("/publipostage/models/runs/{run}", models::runs::page).local_admin(),
    Route::post("/publipostage/models/runs/{run}/advance", models::runs::advance).local_admin(),
    Route::post("/publipostage/models/runs/{run}/cancel", models::runs::cancel).local_admin(),
    Route::post("/publipostage/models/runs/{run}/print-rest", models::runs::print_rest).local_admin(),
    Route::get("/publipostage/models/runs/{run}/file", models::runs::file).local_admin(),
    Route::get("/publipostage/models/runs/{run}/letters/{position}", models::runs::letter).local_admin(),
    Route::get("/api/v1/publipostage/models", models::api::list)
        .local_admin()
        .summary("Les lettres types de l’établissement, par nom")
        .query::<models::api::Of>()
        .gives::<models::api::Models>()
        .problems(&["forbidden", "not-found"]),
    Route::post("/api/v1/publipostage/models", models::api::create)
        .local_admin()
        .summary("Crée une lettre type")
        .takes::<models::api::New>()
        .gives_with::<models::api::Model>(201)
        .problems(models::CODES),
    Route::get("/api/v1/publipostage/models/fields", models::api::fields)
        .local_admin()
        .summary("Les champs de fusion")
        .gives::<models::api::Fields>()
        .problems(&["forbidden"]),
    Route::post("/api/v1/publipostage/models/check", models::api::check)
        .local_admin()
        .summary("Ce qui est à corriger dans un texte avec des champs, sans rien enregistrer")
        .takes::<models::api::Text>()
        .gives::<models::api::Checked>()
        .problems(&["forbidden"]),
    Route::get("/api/v1/publipostage/models/runs", models::api::all_runs)
        .local_admin()
        .summary("Les derniers envois de lettres types, 50 au plus, le plus récent d’abord")
        .query::<models::api::Of>()
        .gives::<models::api::Runs>()
        .problems(&["forbidden", "not-found"]),
    Route::get("/api/v1/publipostage/models/runs/{run}", models::api::one_run)
        .local_admin()
        .summary("Un envoi de lettres types : où il en est")
        .gives::<models::api::Run>()
        .problems(&["forbidden", "not-found"]),
    Route::get("/api/v1/publipostage/models/runs/{run}/letters", models::api::run_letters)
        .local_admin()
        .summary("Ce qu’est devenue chaque lettre d’un envoi, 100 à la fois")
        .query::<models::api::After>()
        .gives::<models::api::Letters>()
        .problems(&["forbidden", "not-found"]),
    Route::post("/api/v1/publipostage/models/runs/{run}/advance", models::api::advance)
        .local_admin()
        .summary("Prépare quelques lettres de plus ; quand toutes sont prêtes, elles partent")
        .gives::<models::api::Run>()
        .problems(&["forbidden", "not-found"]),
    Route::post("/api/v1/publipostage/models/runs/{run}/cancel", models::api::cancel)
        .local_admin()
        .summary("Annule un envoi dont les lettres ne sont pas toutes prêtes")
        .gives::<models::api::Run>()
        .problems(&["forbidden", "not-found"]),
    Route::post("/api/v1/publipostage/models/runs/{run}/print-rest", models::api::print_rest)
        .local_admin()
        .summary("Prépare le PDF des lettres qui n’ont pas pu partir en message")
        .gives_with::<models::api::Run>(202)
        .problems(&["forbidden", "not-found", "nobody"]),
    Route::get("/api/v1/publipostage/models/runs/{run}/file", models::runs::file)
        .local_admin()
        .summary("Le PDF d’un envoi à imprimer, gardé un jour")
        .problems(&["forbidden", "not-found"]),
    Route::get("/api/v1/publipostage/models/{id}", models::api::one)
        .local_admin()
        .summary("Une lettre type, et ce qui y est à corriger")
        .gives::<models::api::Model>()
        .problems(&["forbidden", "not-found"]),
    Route::put("/api/v1/publipostage/models/{id}", models::api::save)
        .local_admin()
        .summary("Enregistre une lettre type, si personne ne l’a changée depuis la version donnée")
        .takes::<models::api::Edit>()
        .gives::<models::api::Model>()
        .problems(models::CODES),
    Route::delete("/api/v1/publipostage/models/{id}", models::api::delete)
        .local_admin()
        .summary("Supprime une lettre type ; ses envois restent")
        .gives_nothing()
        .problems(&["forbidden", "not-found"]),
    Route::post("/api/v1/publipostage/models/{id}/duplicate", models::api::duplicate)
        .local_admin()
        .summary("Duplique une lettre type")
        .gives_with::<models::api::Model>(201)
        .problems(models::CODES),
    Route::get("/api/v1/publipostage/models/{id}/signature", models::edit::signature_picture)
        .local_admin()
        .summary("La signature scannée d’une lettre type")
        .problems(&["forbidden", "not-found"]),
    Route::put("/api/v1/publipostage/models/{id}/signature", models::api::set_signature)
        .local_admin()
        .upload()
        .summary("Donne à une lettre type une signature scannée : le corps est l’image, PNG ou JPEG, 300 Ko au plus")
        .gives_nothing()
        .problems(&["invalid", "forbidden", "not-found"]),
    Route::delete("/api/v1/publipostage/models/{id}/signature", models::api::remove_signature)
        .local_admin()
        .summary("Retire la signature d’une lettre type")
        .gives_nothing()
        .problems(&["forbidden", "not-found"]),
    Route::get("/api/v1/publipostage/models/{id}/reach", models::api::reach)
        .local_admin()
        .summary("Combien de personnes une sélection joint, et comment ; ce qui manque")
        .query::<models::ask::Asked>()
        .gives::<models::api::Reach>()
        .problems(models::MERGE_CODES),
    Route::get("/api/v1/publipostage/models/{id}/preview", models::api::preview)
        .local_admin()
        .summary("Une lettre telle qu’elle partirait, à une personne de la sélection")
        .query::<models::ask::Asked>()
        .gives::<models::api::Preview>()
        .problems(models::MERGE_CODES),
    Route::get("/api/v1/publipostage/models/{id}/preview.pdf", models::preview::pdf)
        .local_admin()
        .summary("La même en PDF")
        .query::<models::ask::Asked>()
        .problems(models::MERGE_CODES),
    Route::get("/api/v1/publipostage/models/{id}/preview.png", models::preview::png)
        .local_admin()
        .summary("La première page de la même, en PNG")
        .query::<models::ask::Asked>()
        .problems(models::MERGE_CODES),
    Route::post("/api/v1/publipostage/models/{id}/send", models::api::send_letters)
        .local_admin()
        .summary("Envoie ou imprime les lettres d’une sélection : prépare les premières ; « advance » fait le reste, comme le service lui-même. Idempotency-Key accepté")
        .takes::<models::api::Sending>()
        .gives_with::<models::api::Run>(202)
        .problems(models::SEND_CODES),
];

fn home(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Page::new("Publipostage", html! {}).respond(exchange)
}

web::component!(CAPABILITY, ROUTES);
