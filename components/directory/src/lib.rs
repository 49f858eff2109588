//! The directory: people and groups, found by crossing name, profile and class (D-1, D-2), and a message to those selected.
//!
//! Its administration ([`admin`]) is where local administrators decide who may write to whom.
//!
//! It shows exactly those to whom the viewer may write: all questions go to `people`, which asks the views that judge
//! every message. It needs no other component; the ways to the composer are shown when `send-message` is enabled (U-3).
//!
//! This file is long because the table of routes is one constant: it serves, is tested, and becomes the OpenAPI document.

mod admin;
mod api;
mod ask;
mod bookmarks;
mod contacts;
mod everyone;
mod export;
mod groups;
mod import;
mod links;
mod mine;
mod people_page;
mod scope;

use web::{Capability, Route};

/// The capability.
pub const CAPABILITY: Capability = Capability::new("directory", "Annuaire", "/directory", 30);

const LISTS: &[&str] = &["invalid", "forbidden"];
const BOOK: &[&str] = &["invalid", "forbidden", "not-found", "name-taken", "too-many-contacts", "too-many-groups"];
const MARKS: &[&str] = &["invalid", "forbidden", "not-found", "name-taken", "too-many-bookmarks", "too-many-entries"];
const ADMIN: &[&str] = &["invalid", "forbidden", "not-found"];

const IMPORT: &[&str] = &["not-found", "wrong-state"];

/// Its routes.
pub const ROUTES: &[Route] = &[
    Route::get("/directory", people_page::page),
    Route::get("/directory/groups", groups::page),
    Route::get("/directory/everyone", everyone::page),
    Route::get("/directory/my-groups", mine::pages::list),
    Route::post("/directory/my-groups", mine::pages::make),
    Route::get("/directory/my-groups/new", mine::pages::blank),
    Route::get("/directory/my-groups/{id}", mine::pages::one),
    Route::post("/directory/my-groups/{id}", mine::pages::change),
    Route::post("/directory/my-groups/{id}/delete", mine::pages::delete),
    Route::post("/directory/my-groups/{id}/members", mine::members::add),
    Route::post("/directory/my-groups/{id}/members/remove", mine::members::remove),
    Route::get("/api/v1/directory/my-groups", mine::api::list)
        .summary("Les groupes ad hoc que l’on gère ou administre")
        .gives::<mine::api::Groups>()
        .problems(&["forbidden"]),
    Route::post("/api/v1/directory/my-groups", mine::api::make)
        .summary("Crée un groupe ad hoc ; 204 sans corps quand on le confie à d’autres")
        .takes::<mine::api::Wanted>()
        .gives_with::<mine::api::Group>(201)
        .problems(mine::CODES),
    Route::get("/api/v1/directory/my-groups/{id}", mine::api::one)
        .summary("Un groupe ad hoc que l’on gère ou administre")
        .gives::<mine::api::Group>()
        .problems(&["forbidden", "not-found"]),
    Route::put("/api/v1/directory/my-groups/{id}", mine::api::change)
        .summary("Change un groupe ad hoc")
        .takes::<mine::api::Wanted>()
        .gives_nothing()
        .problems(mine::CODES),
    Route::delete("/api/v1/directory/my-groups/{id}", mine::api::delete)
        .summary("Supprime un groupe ad hoc ; les messages reçus restent")
        .gives_nothing()
        .problems(&["forbidden", "not-found"]),
    Route::get("/api/v1/directory/my-groups/{id}/members", mine::api::members)
        .summary("Les membres d’un groupe ad hoc que l’on gère")
        .gives::<mine::api::Members>()
        .problems(&["forbidden", "not-found"]),
    Route::post("/api/v1/directory/my-groups/{id}/members", mine::api::add)
        .summary("Ajoute des personnes à qui l’on peut écrire, toutes ou aucune")
        .takes::<mine::api::People>()
        .gives::<mine::api::Changed>()
        .problems(mine::CODES),
    Route::post("/api/v1/directory/my-groups/{id}/members/remove", mine::api::remove)
        .summary("Retire des membres, sauf les gestionnaires")
        .takes::<mine::api::People>()
        .gives::<mine::api::Changed>()
        .problems(mine::CODES),
    Route::get("/api/v1/directory/people", api::people)
        .summary("Les personnes à qui l’on peut écrire, par nom, profil, discipline, classe, groupe, établissement")
        .query::<ask::PeopleParameters>()
        .gives::<api::People>()
        .problems(LISTS),
    Route::get("/api/v1/directory/groups", api::groups)
        .summary("Les groupes à qui l’on peut écrire, par nom, type, gestionnaire, classe, établissement")
        .query::<ask::GroupParameters>()
        .gives::<api::Groups>()
        .problems(LISTS),
    Route::get("/api/v1/directory/people.csv", export::people)
        .summary("Les mêmes personnes en CSV, 10 000 au plus (UTF-8, points-virgules) ; « cursor » et « limit » n’y jouent pas")
        .query::<ask::PeopleParameters>()
        .problems(&["invalid", "forbidden", "too-many-results"]),
    Route::get("/api/v1/directory/groups.csv", export::groups)
        .summary("Les mêmes groupes en CSV, 10 000 au plus (UTF-8, points-virgules) ; « cursor » et « limit » n’y jouent pas")
        .query::<ask::GroupParameters>()
        .problems(&["invalid", "forbidden", "too-many-results"]),
    Route::get("/api/v1/directory/disciplines", api::disciplines)
        .summary("Les disciplines par lesquelles on peut chercher des enseignants")
        .gives::<api::Disciplines>()
        .problems(&["forbidden"]),
    Route::get("/api/v1/directory/classes", api::classes)
        .summary("Les classes et groupes d’enseignement où l’on peut chercher")
        .gives::<api::Classes>()
        .problems(&["forbidden"]),
    Route::get("/api/v1/directory/suggest", api::suggest)
        .summary("Jusqu’à 8 personnes et groupes dont le nom commence par ce qui est tapé ou lui ressemble ; sans rien, ceux à qui on écrit d’habitude")
        .query::<ask::SuggestParameters>()
        .gives::<api::Suggestions>(),
    Route::get("/directory/contacts", contacts::list::page),
    Route::post("/directory/contacts/selection", contacts::list::selection),
    Route::post("/directory/contacts/inaccessible", contacts::list::forget_inaccessible),
    Route::get("/directory/contacts/new", contacts::card::blank),
    Route::post("/directory/contacts/new", contacts::card::make),
    Route::get("/directory/contacts/add", contacts::add::page),
    Route::post("/directory/contacts/add", contacts::add::add),
    Route::get("/directory/contacts/import", contacts::transfer::page),
    Route::post("/directory/contacts/import", contacts::transfer::upload).upload(),
    Route::post("/directory/contacts/import/apply", contacts::transfer::apply),
    Route::post("/directory/contacts/import/cancel", contacts::transfer::cancel),
    Route::get("/directory/contacts/export", contacts::transfer::export),
    Route::get("/directory/contacts/groups", contacts::groups::page),
    Route::post("/directory/contacts/groups", contacts::groups::make),
    Route::post("/directory/contacts/groups/{id}", contacts::groups::rename),
    Route::post("/directory/contacts/groups/{id}/delete", contacts::groups::delete),
    Route::get("/directory/contacts/groups/{id}/write", contacts::groups::write),
    Route::get("/directory/contacts/{id}", contacts::card::page),
    Route::post("/directory/contacts/{id}", contacts::card::save),
    Route::post("/directory/contacts/{id}/delete", contacts::card::delete),
    Route::get("/directory/bookmarks", bookmarks::list::page),
    Route::get("/directory/bookmarks/new", bookmarks::edit::blank),
    Route::post("/directory/bookmarks/new", bookmarks::edit::make),
    Route::get("/directory/bookmarks/{id}", bookmarks::edit::page),
    Route::post("/directory/bookmarks/{id}", bookmarks::edit::save),
    Route::post("/directory/bookmarks/{id}/delete", bookmarks::list::delete),
    Route::get("/directory/bookmarks/{id}/write", bookmarks::list::write),
    Route::get("/api/v1/directory/contacts", contacts::api::list)
        .summary("Mes contacts, par nom et par groupe")
        .query::<contacts::api::Asked>()
        .gives::<contacts::api::Contacts>()
        .problems(BOOK),
    Route::post("/api/v1/directory/contacts", contacts::api::make)
        .summary("Ajoute un contact extérieur, gardé pour mémoire")
        .takes::<contacts::api::NewCard>()
        .gives_with::<contacts::api::Made>(201)
        .problems(BOOK),
    Route::post("/api/v1/directory/contacts/people", contacts::api::add_people)
        .summary("Ajoute des personnes de l’annuaire, celles à qui l’on peut écrire")
        .takes::<contacts::api::NewPeople>()
        .gives::<contacts::api::Added>()
        .problems(BOOK),
    Route::delete("/api/v1/directory/contacts/inaccessible", contacts::api::delete_inaccessible)
        .summary("Retire du carnet les personnes qui ne sont plus accessibles")
        .gives::<contacts::api::Deleted>()
        .problems(&["forbidden"]),
    Route::post("/api/v1/directory/contacts/import", contacts::transfer_api::import)
        .upload()
        .summary("Importe un fichier vCard 2.1, 3.0 ou 4.0 (le corps de la requête) ; le même fichier deux fois ne change rien")
        .query::<contacts::transfer_api::How>()
        .gives::<contacts::transfer_api::Report>()
        .problems(&["invalid", "forbidden", "too-large", "too-many-cards", "too-many-contacts", "too-many-groups"]),
    Route::get("/api/v1/directory/contacts/export", contacts::transfer::export)
        .summary("Le carnet, ou un de ses groupes, en vCard 3.0 ou 4.0")
        .query::<contacts::transfer_api::What>()
        .problems(BOOK),
    Route::get("/api/v1/directory/contacts/groups", contacts::api::groups)
        .summary("Mes groupes de contacts")
        .gives::<contacts::api::Groups>()
        .problems(&["forbidden"]),
    Route::post("/api/v1/directory/contacts/groups", contacts::api::make_group)
        .summary("Crée un groupe de contacts")
        .takes::<contacts::api::Naming>()
        .gives_with::<contacts::api::Made>(201)
        .problems(BOOK),
    Route::put("/api/v1/directory/contacts/groups/{id}", contacts::api::rename_group)
        .summary("Renomme un groupe de contacts")
        .takes::<contacts::api::Naming>()
        .gives_nothing()
        .problems(BOOK),
    Route::delete("/api/v1/directory/contacts/groups/{id}", contacts::api::delete_group)
        .summary("Supprime un groupe de contacts ; ses contacts restent")
        .gives_nothing()
        .problems(BOOK),
    Route::patch("/api/v1/directory/contacts/groups/{id}/contacts", contacts::api::change_group)
        .summary("Met des contacts dans un groupe, en retire d’autres")
        .takes::<contacts::api::Moves>()
        .gives::<contacts::api::Moved>()
        .problems(BOOK),
    Route::get("/api/v1/directory/contacts/groups/{id}/recipients", contacts::api::recipients)
        .summary("Les personnes d’un groupe de contacts à qui l’on peut écrire")
        .gives::<contacts::api::Recipients>()
        .problems(BOOK),
    Route::get("/api/v1/directory/contacts/{id}", contacts::api::one)
        .summary("Un de mes contacts")
        .gives::<contacts::api::OneContact>()
        .problems(BOOK),
    Route::put("/api/v1/directory/contacts/{id}", contacts::api::save)
        .summary("Remplace la fiche d’un contact extérieur")
        .takes::<contacts::api::Card>()
        .gives::<contacts::api::OneContact>()
        .problems(BOOK),
    Route::delete("/api/v1/directory/contacts/{id}", contacts::api::delete)
        .summary("Retire un contact du carnet et de ses groupes")
        .gives_nothing()
        .problems(BOOK),
    Route::get("/api/v1/directory/bookmarks", bookmarks::api::list)
        .summary("Mes favoris : ce qui en est visible, ce qui ne l’est plus")
        .gives::<bookmarks::api::Bookmarks>()
        .problems(&["forbidden"]),
    Route::post("/api/v1/directory/bookmarks", bookmarks::api::make)
        .summary("Garde des personnes et des groupes sous un nom")
        .takes::<bookmarks::api::Content>()
        .gives_with::<bookmarks::api::Opened>(201)
        .problems(MARKS),
    Route::get("/api/v1/directory/bookmarks/{id}", bookmarks::api::one)
        .summary("Un de mes favoris")
        .gives::<bookmarks::api::Opened>()
        .problems(MARKS),
    Route::put("/api/v1/directory/bookmarks/{id}", bookmarks::api::save)
        .summary("Change le nom et le contenu d’un favori")
        .takes::<bookmarks::api::Content>()
        .gives::<bookmarks::api::Opened>()
        .problems(MARKS),
    Route::delete("/api/v1/directory/bookmarks/{id}", bookmarks::api::delete)
        .summary("Supprime un favori")
        .gives_nothing()
        .problems(MARKS),
    Route::get("/directory/admin/rules", admin::rules::list).local_admin(),
    Route::post("/directory/admin/rules", admin::rules::make).local_admin(),
    Route::post("/directory/admin/rules/preview", admin::rules::preview).local_admin(),
    Route::get("/directory/admin/rules/{id}", admin::rules::one).local_admin(),
    Route::get("/directory/admin/simulator", admin::simulator::show).local_admin(),
    Route::get("/directory/admin/prohibitions", admin::prohibitions::list).local_admin(),
    Route::post("/directory/admin/prohibitions", admin::prohibitions::add).local_admin(),
    Route::post("/directory/admin/prohibitions/lift", admin::prohibitions::lift).local_admin(),
    Route::get("/directory/admin/people", admin::people::list).local_admin(),
    Route::post("/directory/admin/people/block", admin::people::block).local_admin(),
    Route::post("/directory/admin/people/unblock", admin::people::unblock).local_admin(),
    Route::get("/directory/admin/people/{id}", admin::people::one).local_admin(),
    Route::post("/directory/admin/people/{id}/roles", admin::people::decide).local_admin(),
    Route::get("/directory/admin/lists", admin::lists::list).local_admin(),
    Route::post("/directory/admin/lists", admin::lists::save).local_admin(),
    Route::post("/directory/admin/lists/delete", admin::lists::delete).local_admin(),
    Route::get("/directory/admin/settings", admin::settings::show).local_admin(),
    Route::post("/directory/admin/settings", admin::settings::save).local_admin(),
    Route::post("/directory/admin/settings/roles", admin::settings::save_roles).local_admin(),
    Route::get("/api/v1/directory/admin/groups", admin::api::groups)
        .local_admin()
        .summary("Les groupes de l’établissement et leur part dans les règles")
        .query::<admin::api::GroupsQuery>()
        .gives::<admin::api::Groups>()
        .problems(ADMIN),
    Route::get("/api/v1/directory/admin/groups/{id}", admin::api::group_rules)
        .local_admin()
        .summary("Un groupe, ceux à qui ses membres peuvent écrire, ceux dont ils peuvent recevoir")
        .query::<admin::api::Which>()
        .gives::<admin::api::GroupRules>()
        .problems(ADMIN),
    Route::post("/api/v1/directory/admin/rules", admin::api::change)
        .local_admin()
        .summary("Change les règles, ou dit seulement ce qu’un changement apporterait")
        .takes::<admin::api::Change>()
        .gives::<admin::api::Effects>()
        .problems(&["invalid", "forbidden", "not-found", "no-such-rule"]),
    Route::get("/api/v1/directory/admin/simulation", admin::api::simulation)
        .local_admin()
        .summary("Si une personne peut écrire à une autre, par où, ou pourquoi pas")
        .query::<admin::api::Pair>()
        .gives::<admin::api::Simulation>()
        .problems(ADMIN),
    Route::get("/api/v1/directory/admin/prohibitions", admin::api::prohibitions)
        .local_admin()
        .summary("Les interdictions précises qui touchent l’établissement")
        .query::<admin::api::ProhibitionsQuery>()
        .gives::<admin::api::Prohibitions>()
        .problems(ADMIN),
    Route::post("/api/v1/directory/admin/prohibitions", admin::api::forbid)
        .local_admin()
        .summary("Interdit à une personne d’écrire à une autre")
        .takes::<admin::api::Forbidding>()
        .gives_nothing()
        .problems(ADMIN),
    Route::delete("/api/v1/directory/admin/prohibitions/{from}/{to}", admin::api::lift)
        .local_admin()
        .summary("Lève une interdiction")
        .gives_nothing()
        .problems(ADMIN),
    Route::get("/api/v1/directory/admin/people", admin::api::register)
        .local_admin()
        .summary("Les personnes de l’établissement, bloquées et parties comprises")
        .query::<admin::api::PeopleQuery>()
        .gives::<admin::api::People>()
        .problems(ADMIN),
    Route::post("/api/v1/directory/admin/blockings", admin::api::block)
        .local_admin()
        .summary("Bloque une personne ou un profil, ou lève le blocage")
        .takes::<admin::api::Blocking>()
        .gives_nothing()
        .problems(&["invalid", "forbidden", "not-found", "already-blocked", "not-blocked"]),
    Route::put("/api/v1/directory/admin/people/{id}/roles", admin::api::decide)
        .local_admin()
        .summary("Accorde ou refuse un rôle à une personne, ou le laisse à son profil")
        .takes::<admin::api::Decision>()
        .gives_nothing()
        .problems(ADMIN),
    Route::get("/api/v1/directory/admin/lists", admin::api::all_lists)
        .local_admin()
        .summary("Les listes de diffusion de l’établissement")
        .query::<admin::api::Which>()
        .gives::<admin::api::Lists>()
        .problems(ADMIN),
    Route::put("/api/v1/directory/admin/lists", admin::api::keep_list)
        .local_admin()
        .summary("Crée ou modifie une liste de diffusion ; ses membres sont à jour aussitôt")
        .takes::<admin::api::ListAsked>()
        .gives::<admin::api::Made>()
        .problems(ADMIN),
    Route::delete("/api/v1/directory/admin/lists/{id}", admin::api::drop_list)
        .local_admin()
        .summary("Supprime une liste de diffusion")
        .query::<admin::api::Which>()
        .gives_nothing()
        .problems(ADMIN),
    Route::get("/api/v1/directory/admin/settings", admin::api::settings)
        .local_admin()
        .summary("Les réglages de l’établissement et les rôles des profils")
        .query::<admin::api::Which>()
        .gives::<admin::api::Settings>()
        .problems(ADMIN),
    Route::put("/api/v1/directory/admin/settings", admin::api::save_settings)
        .local_admin()
        .summary("Remplace les réglages de l’établissement et les rôles des profils")
        .query::<admin::api::Which>()
        .takes::<admin::api::Settings>()
        .gives::<admin::api::Settings>()
        .problems(ADMIN),
    Route::get("/directory/import", import::list::page).local_admin(),
    Route::post("/directory/import", import::acts::begin).local_admin().upload(),
    Route::get("/directory/import/modele.csv", import::one::model).local_admin(),
    Route::get("/directory/import/{id}", import::one::page).local_admin(),
    Route::post("/directory/import/{id}/files", import::acts::add).local_admin().upload(),
    Route::post("/directory/import/{id}/prepare", import::acts::prepare).local_admin(),
    Route::post("/directory/import/{id}/apply", import::acts::apply).local_admin(),
    Route::post("/directory/import/{id}/step", import::acts::step).local_admin(),
    Route::post("/directory/import/{id}/cancel", import::acts::cancel).local_admin(),
    Route::get("/directory/import/{id}/rejects.csv", import::one::csv).local_admin(),
    Route::get("/api/v1/directory/imports", import::api::list)
        .local_admin()
        .summary("Ses propres imports, les plus récents d’abord")
        .query::<import::api::ListQuery>()
        .gives::<import::api::Imports>(),
    Route::post("/api/v1/directory/imports", import::api::begin)
        .local_admin()
        .summary("Commence un import ; les fichiers s’y ajoutent ensuite")
        .takes::<import::api::Begin>()
        .gives_with::<import::api::One>(201)
        .problems(&["invalid", "not-found"]),
    Route::get("/api/v1/directory/imports/{id}", import::api::one)
        .local_admin()
        .summary("Un import : ses fichiers, ce qu’il ferait ou a fait")
        .gives::<import::api::One>()
        .problems(IMPORT),
    Route::post("/api/v1/directory/imports/{id}/files", import::api::add)
        .local_admin()
        .upload()
        .summary("Ajoute un fichier (le corps de la requête, 12 Mo au plus)")
        .query::<import::api::FileQuery>()
        .gives::<import::api::One>()
        .problems(&["not-found", "wrong-state", "mixed-files", "unknown-header", "malformed-xml", "truncated-file", "wrong-encoding"]),
    Route::post("/api/v1/directory/imports/{id}/prepare", import::api::prepare)
        .local_admin()
        .summary("Compare les fichiers à l’annuaire, sans rien y changer")
        .gives::<import::api::One>()
        .problems(&["not-found", "wrong-state", "nothing-usable", "unread-file"]),
    Route::get("/api/v1/directory/imports/{id}/departures", import::api::departures)
        .local_admin()
        .summary("Qui partirait, les 1000 premiers")
        .gives::<import::api::Departures>()
        .problems(IMPORT),
    Route::post("/api/v1/directory/imports/{id}/apply", import::api::apply)
        .local_admin()
        .summary("Décide d’appliquer un import préparé")
        .takes::<import::api::Decision>()
        .gives::<import::api::One>()
        .problems(&["not-found", "wrong-state", "departures", "stale-preview"]),
    Route::post("/api/v1/directory/imports/{id}/advance", import::api::advance)
        .local_admin()
        .summary("Applique l’étape suivante ; à répéter jusqu’à « done »")
        .gives::<import::api::ProgressOf>()
        .problems(IMPORT),
    Route::delete("/api/v1/directory/imports/{id}", import::api::cancel)
        .local_admin()
        .summary("Annule un import qui n’est pas encore appliqué")
        .gives_nothing()
        .problems(IMPORT),
    Route::get("/api/v1/directory/imports/{id}/rejects", import::api::rejects)
        .local_admin()
        .summary("Ce qui a été laissé de côté, avec fichier, ligne et motif")
        .query::<import::api::RejectsQuery>()
        .gives::<import::api::Rejects>()
        .problems(IMPORT),
    Route::get("/api/v1/directory/imports/{id}/rejects.csv", import::one::csv)
        .local_admin()
        .summary("Le même en CSV, 20 000 lignes au plus")
        .problems(IMPORT),
];

web::component!(CAPABILITY, ROUTES);
