//! Broadcast: what a rubrique says to its population, and what the school says to everybody.
//!
//! This file is long because the table of routes is one constant: it serves, is tested, and becomes the OpenAPI document.

mod agenda;
mod flash;
mod liaison;
mod links;
mod news;
mod population;
mod refusal;
mod rubriques;
mod when;

use refusal::{CODES, LIAISON_CODES};
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
        .gives::<population::api::Recipients>()
        .problems(&["forbidden", "not-found"]),
    Route::get("/api/v1/broadcast/messages/{id}/recipients.csv", population::export::recipients)
        .summary("Le même, dans un fichier pour tableur")
        .query::<population::api::RecipientSearch>()
        .problems(&["forbidden", "not-found"]),
    // --- Agenda (B-2).
    Route::get("/broadcast/agenda", agenda::mine),
    Route::get("/broadcast/rubriques/{id}/agenda", agenda::of_rubrique),
    Route::get("/broadcast/rubriques/{id}/agenda/new", agenda::blank),
    Route::post("/broadcast/rubriques/{id}/agenda/new", agenda::make),
    Route::get("/broadcast/agenda/events/{id}", agenda::event_page),
    Route::get("/broadcast/agenda/events/{id}/event.ics", agenda::ics),
    Route::get("/broadcast/agenda/events/{id}/edit", agenda::edit),
    Route::post("/broadcast/agenda/events/{id}/edit", agenda::change),
    Route::post("/broadcast/agenda/events/{id}/publish", agenda::publish),
    Route::post("/broadcast/agenda/events/{id}/cancel", agenda::cancel),
    Route::post("/broadcast/agenda/events/{id}/discard", agenda::discard),
    Route::post("/broadcast/agenda/events/{id}/answer", agenda::answer),
    Route::get("/broadcast/agenda/events/{id}/answers", agenda::answers_page),
    Route::get("/broadcast/agenda/events/{id}/answers.csv", agenda::answers_csv),
    Route::post("/broadcast/agenda/events/{id}/comments", agenda::comment),
    Route::post("/broadcast/agenda/events/{id}/comments/decide", agenda::decide),
    Route::get("/broadcast/agenda/feeds", agenda::feeds_page),
    Route::post("/broadcast/agenda/feeds", agenda::open_feed),
    Route::post("/broadcast/agenda/feeds/revoke", agenda::revoke_feed),
    Route::get("/broadcast/agenda/feed/{file}", agenda::follow).open(),
    Route::get("/broadcast/agenda/resources", agenda::resources_page).local_admin(),
    Route::post("/broadcast/agenda/resources", agenda::make_resource).local_admin(),
    Route::post("/broadcast/agenda/resources/{id}", agenda::change_resource).local_admin(),
    Route::post("/broadcast/agenda/resources/{id}/retire", agenda::retire_resource).local_admin(),
    Route::get("/api/v1/broadcast/events", agenda::api::list)
        .summary("Les événements des rubriques que l’on peut lire, par date ; les brouillons pour leurs éditeurs")
        .query::<agenda::api::Which>()
        .gives::<agenda::api::Events>()
        .problems(&["invalid"]),
    Route::post("/api/v1/broadcast/events", agenda::api::make)
        .summary("Crée un événement dans une rubrique dont on est éditeur ; Idempotency-Key évite les doubles")
        .takes::<agenda::api::Wanted>()
        .gives_with::<agenda::api::Shown>(201)
        .problems(agenda::CODES),
    Route::get("/api/v1/broadcast/events/{id}", agenda::api::get)
        .summary("Un événement")
        .gives::<agenda::api::Shown>()
        .problems(&["not-found"]),
    Route::put("/api/v1/broadcast/events/{id}", agenda::api::change)
        .summary("Change un événement ; ceux qui en étaient prévenus le sont du changement")
        .takes::<agenda::api::Wanted>()
        .gives::<agenda::api::Shown>()
        .problems(agenda::CODES),
    Route::delete("/api/v1/broadcast/events/{id}", agenda::api::discard)
        .summary("Supprime un brouillon d’événement")
        .gives_nothing()
        .problems(&["not-found", "wrong-state"]),
    Route::post("/api/v1/broadcast/events/{id}/publish", agenda::api::publish)
        .summary("Publie un brouillon d’événement")
        .gives::<agenda::api::Shown>()
        .problems(agenda::CODES),
    Route::post("/api/v1/broadcast/events/{id}/cancel", agenda::api::cancel)
        .summary("Annule un événement ; ceux qui en étaient prévenus le sont de l’annulation")
        .gives::<agenda::api::Shown>()
        .problems(&["not-found", "wrong-state"]),
    Route::put("/api/v1/broadcast/events/{id}/answer", agenda::api::answer)
        .summary("Accepte ou décline un événement, jusqu’à son début")
        .takes::<agenda::api::OwnAnswer>()
        .gives_nothing()
        .problems(agenda::SAID),
    Route::get("/api/v1/broadcast/events/{id}/answers", agenda::api::answers)
        .summary("Les réponses à un événement, par nom, et leur compte ; pour les éditeurs de la rubrique")
        .gives::<agenda::api::Answers>()
        .problems(&["not-found"]),
    Route::get("/api/v1/broadcast/events/{id}/answers.csv", agenda::answers_csv)
        .summary("Les mêmes réponses en CSV (UTF-8, points-virgules)")
        .problems(&["not-found", "too-many-results"]),
    Route::get("/api/v1/broadcast/events/{id}/comments", agenda::api::comments)
        .summary("Les commentaires d’un événement, du plus ancien au plus récent")
        .gives::<agenda::api::Comments>()
        .problems(&["not-found"]),
    Route::post("/api/v1/broadcast/events/{id}/comments", agenda::api::comment)
        .summary("Commente un événement ; Idempotency-Key évite les doubles")
        .takes::<agenda::api::Words>()
        .gives_with::<agenda::api::Comment>(201)
        .problems(agenda::SAID),
    Route::put("/api/v1/broadcast/events/{id}/comments/{comment}", agenda::api::decide)
        .summary("Publie ou retire un commentaire ; pour les éditeurs de la rubrique")
        .takes::<agenda::api::Decision>()
        .gives_nothing()
        .problems(&["not-found"]),
    Route::get("/api/v1/broadcast/agenda/feeds", agenda::api::feeds)
        .summary("Ses liens privés vers des agendas, sans leur secret")
        .gives::<agenda::api::Feeds>(),
    Route::post("/api/v1/broadcast/agenda/feeds", agenda::api::open_feed)
        .summary(
            "Crée un lien privé vers un agenda (iCalendar), à la place de celui d’avant ; montré cette fois seulement",
        )
        .takes::<agenda::api::Feed>()
        .gives_with::<agenda::api::Link>(201)
        .problems(&["not-found"]),
    Route::post("/api/v1/broadcast/agenda/feeds/revoke", agenda::api::revoke_feed)
        .summary("Supprime un lien privé")
        .takes::<agenda::api::Feed>()
        .gives_nothing()
        .problems(&["not-found"]),
    Route::get("/api/v1/broadcast/resources", agenda::api::resources)
        .summary("Les ressources d’un établissement (`uai`) que les événements peuvent réserver")
        .gives::<agenda::api::Resources>()
        .problems(&["not-found"]),
    Route::post("/api/v1/broadcast/resources", agenda::api::add_resource)
        .local_admin()
        .summary("Ajoute une ressource à un établissement que l’on administre")
        .takes::<agenda::api::ResourceContent>()
        .gives_with::<agenda::api::Resource>(201)
        .problems(agenda::LENT),
    Route::put("/api/v1/broadcast/resources/{id}", agenda::api::change_resource)
        .local_admin()
        .summary("Change une ressource")
        .takes::<agenda::api::ResourceContent>()
        .gives_nothing()
        .problems(agenda::LENT),
    Route::delete("/api/v1/broadcast/resources/{id}", agenda::api::retire_resource)
        .local_admin()
        .summary("Ne prête plus une ressource ; les événements qui la réservent la gardent")
        .gives_nothing()
        .problems(&["not-found"]),
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

web::component!(CAPABILITY, ROUTES);
