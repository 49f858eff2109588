//! Broadcast: what a rubrique says to its population, and what the school says to everybody.
//!
//! This file is long because the table of routes is one constant: it serves, is tested, and becomes the OpenAPI document.

mod editor;
mod flash;
mod liaison;
mod links;
mod news;
mod refusal;
mod when;

use refusal::{CODES, LIAISON_CODES};
use web::{Capability, Exchange, Page, Problem, Response, Route, html};

/// The capability.
pub const CAPABILITY: Capability = Capability::new("broadcast", "Rubriques", "/broadcast", 20);

/// Its routes.
pub const ROUTES: &[Route] = &[
    // --- Rubriques and messages to a population (B-1).
    Route::get("/broadcast", home),
    // --- Agenda (B-2).
    // --- News (B-3).
    Route::get("/broadcast/news", news::lists::everything),
    Route::get("/broadcast/rubriques/{id}/news", news::lists::of_rubrique),
    Route::post("/broadcast/rubriques/{id}/news", news::edit::make),
    Route::get("/broadcast/rubriques/{id}/news/new", news::edit::blank),
    Route::get("/broadcast/news/{id}", news::one::page),
    Route::get("/broadcast/news/{id}/edit", news::edit::page),
    Route::post("/broadcast/news/{id}/edit", news::edit::change),
    Route::post("/broadcast/news/{id}/withdraw", news::edit::withdraw),
    Route::post("/broadcast/news/{id}/delete", news::edit::delete),
    Route::get("/broadcast/news/{id}/follow", news::follow::page),
    Route::post("/broadcast/news/{id}/acknowledge", news::one::acknowledge),
    Route::post("/broadcast/news/{id}/vote", news::one::vote),
    Route::post("/broadcast/news/{id}/comments", news::one::comment),
    Route::post("/broadcast/news/{id}/comments/{comment}/delete", news::one::delete_comment),
    Route::get("/api/v1/broadcast/news", news::api::everything)
        .summary("Les actualités en ligne que l’on peut lire, de la plus récente à la plus ancienne")
        .query::<news::api::Which>()
        .gives::<news::api::Items>()
        .problems(&["invalid"]),
    Route::get("/api/v1/broadcast/rubriques/{id}/news", news::api::of_rubrique)
        .summary("Les actualités d’une rubrique ; pour ses éditeurs, aussi les brouillons, programmées et expirées")
        .query::<news::api::Which>()
        .gives::<news::api::Items>()
        .problems(&["invalid", "not-found"]),
    Route::post("/api/v1/broadcast/rubriques/{id}/news", news::api::make)
        .summary("Écrit une actualité, en brouillon, programmée ou en ligne ; Idempotency-Key : une fois")
        .takes::<news::api::Wanted>()
        .gives_with::<news::api::Made>(201)
        .problems(CODES),
    Route::get("/api/v1/broadcast/news/{id}", news::api::one)
        .summary("Une actualité")
        .gives::<news::api::Shown>()
        .problems(&["not-found"]),
    Route::put("/api/v1/broadcast/news/{id}", news::api::change)
        .summary("Change une actualité ; son message ne part qu’une fois")
        .takes::<news::api::Wanted>()
        .gives::<news::api::Made>()
        .problems(CODES),
    Route::post("/api/v1/broadcast/news/{id}/withdraw", news::api::withdraw)
        .summary("Retire une actualité, qui redevient un brouillon")
        .gives_nothing()
        .problems(&["forbidden", "not-found"]),
    Route::delete("/api/v1/broadcast/news/{id}", news::api::delete)
        .summary("Supprime un brouillon")
        .gives_nothing()
        .problems(&["forbidden", "not-found", "still-published"]),
    Route::put("/api/v1/broadcast/news/{id}/seen", news::api::see)
        .summary("Marque une actualité comme ouverte")
        .gives_nothing()
        .problems(&["not-found"]),
    Route::put("/api/v1/broadcast/news/{id}/acknowledgement", news::api::acknowledge)
        .summary("Indique que l’on a lu une actualité qui le demande")
        .gives_nothing()
        .problems(&["not-found"]),
    Route::put("/api/v1/broadcast/news/{id}/vote", news::api::vote)
        .summary("Répond au sondage d’une actualité, ou change de réponse")
        .takes::<news::api::Vote>()
        .gives_nothing()
        .problems(&["invalid", "not-found"]),
    Route::get("/api/v1/broadcast/news/{id}/comments", news::api::comments)
        .summary("Les commentaires d’une actualité")
        .gives::<news::api::Comments>()
        .problems(&["not-found"]),
    Route::post("/api/v1/broadcast/news/{id}/comments", news::api::comment)
        .summary("Commente une actualité")
        .takes::<news::api::Say>()
        .gives_with::<news::api::Made>(201)
        .problems(&["invalid", "not-found", "comments-closed"]),
    Route::delete("/api/v1/broadcast/news/{id}/comments/{comment}", news::api::delete_comment)
        .summary("Supprime un commentaire : son auteur, ou un éditeur de la rubrique")
        .gives_nothing()
        .problems(&["not-found"]),
    Route::get("/api/v1/broadcast/news/{id}/follow", news::api::follow)
        .summary("Le suivi d’une actualité pour ses éditeurs : lectures, réponses au sondage")
        .gives::<news::api::Follow>()
        .problems(&["forbidden", "not-found"]),
    // --- Flash messages (B-4).
    Route::get("/broadcast/flash", flash::pages::page),
    Route::post("/broadcast/flash", flash::pages::write),
    Route::post("/broadcast/flash/{id}/withdraw", flash::pages::withdraw),
    Route::post("/broadcast/flash/{id}/dismiss", flash::dismiss::page),
    Route::get("/api/v1/broadcast/flash", flash::api::current)
        .summary("Les messages flash que ses propres pages montrent")
        .gives::<flash::api::Currents>(),
    Route::post("/api/v1/broadcast/flash", flash::api::make)
        .summary("Publie un message flash (chef d’établissement, administrateurs locaux) ; Idempotency-Key : une fois")
        .takes::<flash::api::Wanted>()
        .gives_with::<news::api::Made>(201)
        .problems(&["invalid", "forbidden", "not-found"]),
    Route::get("/api/v1/broadcast/flash/history", flash::api::all)
        .summary("Les messages flash d’un établissement, pour ceux qui en écrivent")
        .query::<flash::api::Which>()
        .gives::<flash::api::All>()
        .problems(&["forbidden", "not-found"]),
    Route::post("/api/v1/broadcast/flash/{id}/withdraw", flash::api::withdraw)
        .summary("Retire aussitôt un message flash de toutes les pages")
        .gives_nothing()
        .problems(&["not-found"]),
    Route::post("/api/v1/broadcast/flash/{id}/dismiss", flash::dismiss::api)
        .summary("Ôte un message flash de ses propres pages")
        .gives_nothing()
        .problems(&["not-found"]),
    // --- Liaison notices (B-5).
    Route::get("/broadcast/liaison", liaison::lists::page),
    Route::post("/broadcast/liaison", liaison::write::act),
    Route::get("/broadcast/liaison/new", liaison::write::blank),
    Route::get("/broadcast/liaison/{id}", liaison::family::page),
    Route::post("/broadcast/liaison/{id}/confirm", liaison::family::confirm),
    Route::get("/broadcast/liaison/{id}/follow", liaison::follow::page),
    Route::get("/broadcast/liaison/{id}/print", liaison::follow::print),
    Route::post("/broadcast/liaison/{id}/remind", liaison::follow::remind),
    Route::get("/api/v1/broadcast/liaison", liaison::api::mine)
        .summary("Les avis au sujet de ses enfants, à confirmer d’abord")
        .gives::<liaison::api::Children>(),
    Route::post("/api/v1/broadcast/liaison", liaison::api::make)
        .summary("Envoie un avis aux responsables légaux des élèves choisis ; Idempotency-Key : une fois")
        .takes::<liaison::api::Wanted>()
        .gives_with::<news::api::Made>(201)
        .problems(LIAISON_CODES),
    Route::get("/api/v1/broadcast/liaison/written", liaison::api::written)
        .summary("Les avis que l’on a écrits")
        .gives::<liaison::api::WrittenList>()
        .problems(&["forbidden"]),
    Route::get("/api/v1/broadcast/liaison/groups", liaison::api::groups)
        .summary("Les groupes par lesquels on peut choisir des élèves")
        .gives::<liaison::api::Groups>()
        .problems(&["forbidden"]),
    Route::get("/api/v1/broadcast/liaison/groups/{id}/pupils", liaison::api::pupils)
        .summary("Les élèves d’un de ces groupes")
        .gives::<liaison::api::Choices>()
        .problems(&["forbidden", "not-found"]),
    Route::get("/api/v1/broadcast/liaison/{id}", liaison::api::one)
        .summary("Un avis au sujet de ses enfants")
        .gives::<liaison::api::ForParent>()
        .problems(&["not-found"]),
    Route::post("/api/v1/broadcast/liaison/{id}/confirm", liaison::api::confirm)
        .summary("Confirme la lecture d’un avis pour un de ses enfants")
        .takes::<liaison::api::Confirm>()
        .gives_nothing()
        .problems(&["invalid", "not-found"]),
    Route::get("/api/v1/broadcast/liaison/{id}/follow", liaison::api::follow)
        .summary("Le suivi d’un avis, élève par élève, pour son auteur et les administrateurs locaux")
        .gives::<liaison::api::Followed>()
        .problems(&["not-found"]),
    Route::get("/api/v1/broadcast/liaison/{id}/follow.csv", liaison::csv::file)
        .summary("Le même suivi en CSV (UTF-8, points-virgules)")
        .problems(&["not-found"]),
    Route::post("/api/v1/broadcast/liaison/{id}/remind", liaison::api::remind)
        .summary("Rappelle un avis aux familles qui ne l’ont pas confirmé, et à elles seules")
        .gives_with::<news::api::Made>(201)
        .problems(LIAISON_CODES),
];

fn home(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Page::new("Rubriques", html! {}).respond(exchange)
}

web::component!(CAPABILITY, ROUTES);
