//! The directory: people and groups, found by crossing name, profile and class (D-1, D-2), and a message to those selected.
//!
//! It shows exactly those to whom the viewer may write: all questions go to `people`, which asks the views that judge
//! every message. It needs no other component; the ways to the composer are shown when `send-message` is enabled (U-3).

mod api;
mod ask;
mod groups;
mod links;
mod people_page;

use web::{Capability, Route};

/// The capability.
pub const CAPABILITY: Capability = Capability::new("directory", "Annuaire", "/directory", 30);

const LISTS: &[&str] = &["invalid", "forbidden"];

/// Its routes.
pub const ROUTES: &[Route] = &[
    Route::get("/directory", people_page::page),
    Route::get("/directory/groups", groups::page),
    Route::get("/api/v1/directory/people", api::people)
        .summary("Les personnes à qui l’on peut écrire, par nom, profil, classe, groupe, établissement")
        .query::<ask::PeopleParameters>()
        .gives::<api::People>()
        .problems(LISTS),
    Route::get("/api/v1/directory/groups", api::groups)
        .summary("Les groupes à qui l’on peut écrire, par nom, type, classe, établissement")
        .query::<ask::GroupParameters>()
        .gives::<api::Groups>()
        .problems(LISTS),
    Route::get("/api/v1/directory/classes", api::classes)
        .summary("Les classes et groupes d’enseignement où l’on peut chercher")
        .gives::<api::Classes>()
        .problems(&["forbidden"]),
    Route::get("/api/v1/directory/suggest", api::suggest)
        .summary("Jusqu’à 8 personnes et groupes dont le nom commence par ce qui est tapé")
        .query::<ask::SuggestParameters>()
        .gives::<api::Suggestions>(),
];

web::component!(CAPABILITY, ROUTES);
