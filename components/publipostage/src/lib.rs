//! Publipostage: letters for the people of a school, printed or mailed. For local administrators, and for those to whom they
//! gave classes.
//!
//! No route of account letters is [`Route::local_admin`]: [`access`] says who may come in, and each handler asks it first. Those of
//! model letters are, and [`models`] asks of which establishment.
//!
//! This file is long because the table of routes is one constant: it serves, is tested, and becomes the OpenAPI document.

mod access;
mod accounts;
mod api;
mod ask;
mod campaigns;
mod class_admins;
mod export;
mod frame;
mod jobs;
mod letterhead;
mod models;
mod script;

use web::{Audience, Capability, Route};

/// The capability.
pub const CAPABILITY: Capability =
    Capability::new("publipostage", "Publipostage", "/publipostage", 40).shown_to(Audience::Administrators);

const LISTS: &[&str] = &["invalid", "forbidden", "not-found"];
const ONE: &[&str] = &["forbidden", "not-found"];
const START: &[&str] =
    &["invalid", "forbidden", "not-found", "nobody", "key-reused", "author-may-not-send", "bad-body", "bad-subject"];

/// Its routes.
pub const ROUTES: &[Route] = &[
    // --- Account letters (P-1 to P-4, P-7).
    Route::get("/publipostage", accounts::page),
    Route::get("/publipostage/campaigns", campaigns::list),
    Route::post("/publipostage/campaigns", campaigns::start),
    Route::get("/publipostage/campaigns/{id}", campaigns::page),
    Route::post("/publipostage/campaigns/{id}/mail", campaigns::mail),
    Route::post("/publipostage/campaigns/{id}/print", campaigns::print),
    Route::post("/publipostage/jobs/{id}/advance", jobs::advance),
    Route::post("/publipostage/jobs/{id}/cancel", jobs::cancel),
    Route::get("/publipostage/jobs/{id}/result", jobs::result),
    Route::get("/publipostage/letterhead", letterhead::page),
    Route::post("/publipostage/letterhead", letterhead::save),
    Route::post("/publipostage/letterhead/{picture}", letterhead::upload).upload(),
    Route::post("/publipostage/letterhead/{picture}/remove", letterhead::remove),
    Route::get("/publipostage/class-admins", class_admins::page),
    Route::post("/publipostage/class-admins", class_admins::add),
    Route::post("/publipostage/class-admins/remove", class_admins::remove),
    Route::get("/publipostage/script/{file}", script::serve).open(),
    Route::get("/api/v1/publipostage/accounts", api::list)
        .summary("Les comptes sélectionnés, avec leurs codes d’activation, et combien ils sont")
        .query::<ask::Asked>()
        .gives::<api::Accounts>()
        .problems(LISTS),
    Route::get("/api/v1/publipostage/accounts.csv", accounts::csv)
        .summary("Les mêmes comptes en CSV, 20 000 au plus (UTF-8, points-virgules) ; « cursor » n’y joue pas")
        .query::<ask::Asked>()
        .problems(&["invalid", "forbidden", "not-found", "too-many-results"]),
    Route::get("/api/v1/publipostage/classes", api::classes)
        .summary("Les classes que l’on peut choisir, avec leur niveau")
        .query::<api::Where>()
        .gives::<api::Classes>()
        .problems(ONE),
    Route::get("/api/v1/publipostage/campaigns", api::list_campaigns)
        .summary("Les campagnes de l’établissement, ou les siennes quand on administre des classes ; sans leurs résultats")
        .query::<api::Where>()
        .gives::<api::Campaigns>()
        .problems(ONE),
    Route::post("/api/v1/publipostage/campaigns", api::start)
        .summary("Fige une sélection et lance sa campagne : PDF (une tâche) ou e-mails (en file d’envoi aussitôt). Idempotency-Key accepté")
        .takes::<api::Wanted>()
        .gives_with::<api::OneCampaign>(201)
        .problems(START),
    Route::get("/api/v1/publipostage/campaigns/{id}", api::campaign)
        .summary("Une campagne, sa tâche et ses résultats comptés")
        .gives::<api::OneCampaign>()
        .problems(ONE),
    Route::get("/api/v1/publipostage/campaigns/{id}/accounts", api::outcomes)
        .summary("Ce qu’il est advenu de chaque compte d’une campagne ; jamais de code")
        .query::<api::Where>()
        .gives::<api::Outcomes>()
        .problems(LISTS),
    Route::get("/api/v1/publipostage/campaigns/{id}/accounts.csv", campaigns::csv)
        .summary("La même chose en CSV : qui, quelle adresse, quand, quel résultat ; jamais de code")
        .problems(ONE),
    Route::post("/api/v1/publipostage/campaigns/{id}/mail", api::mail)
        .summary("Met en file d’envoi les e-mails d’une campagne, une seule fois")
        .gives::<api::Mailed>()
        .problems(START),
    Route::post("/api/v1/publipostage/campaigns/{id}/print", api::print)
        .summary("Imprime uniquement pour ceux qui ne reçoivent pas l’e-mail d’une campagne. Idempotency-Key accepté")
        .takes::<api::Layout>()
        .gives_with::<api::OneCampaign>(201)
        .problems(START),
    Route::get("/api/v1/publipostage/jobs/{id}", api::job)
        .summary("Où en est la fabrication d’un fichier")
        .gives::<api::OneJob>()
        .problems(ONE),
    Route::post("/api/v1/publipostage/jobs/{id}/advance", api::advance)
        .summary("Fabrique la tranche suivante d’un fichier (500 courriers au plus) ; à répéter tant que « state » est « running »")
        .gives::<api::OneJob>()
        .problems(ONE),
    Route::post("/api/v1/publipostage/jobs/{id}/cancel", api::cancel)
        .summary("Annule la fabrication d’un fichier et jette ce qui est fait ; sans effet une fois le fichier prêt")
        .gives::<api::OneJob>()
        .problems(ONE),
    Route::get("/api/v1/publipostage/jobs/{id}/result", jobs::result)
        .summary("Le fichier (PDF), pendant 24 heures")
        .problems(&["forbidden", "not-found", "no-file"]),
    Route::get("/api/v1/publipostage/letterhead", api::head)
        .summary("L’en-tête des courriers de l’établissement")
        .query::<api::Where>()
        .gives::<api::Head>()
        .problems(ONE),
    Route::put("/api/v1/publipostage/letterhead", api::set_head)
        .summary("Change l’adresse postale et le signataire")
        .query::<api::Where>()
        .takes::<api::Heading>()
        .gives_nothing()
        .problems(LISTS),
    Route::get("/api/v1/publipostage/letterhead/{picture}", letterhead::show)
        .summary("Le logo (logo) ou la signature numérisée (signature)")
        .query::<api::Where>()
        .problems(ONE),
    Route::put("/api/v1/publipostage/letterhead/{picture}", api::set_picture)
        .upload()
        .summary("Remplace le logo ou la signature : le corps de la requête est l’image, PNG ou JPEG")
        .query::<api::Where>()
        .gives_nothing()
        .problems(&["forbidden", "not-found", "bad-picture", "picture-too-large"]),
    Route::delete("/api/v1/publipostage/letterhead/{picture}", api::remove_picture)
        .summary("Retire le logo ou la signature")
        .query::<api::Where>()
        .gives_nothing()
        .problems(ONE),
    Route::get("/api/v1/publipostage/class-admins", api::class_admins)
        .summary("Qui administre quelle classe de l’établissement")
        .query::<api::Where>()
        .gives::<api::ClassAdmins>()
        .problems(ONE),
    Route::post("/api/v1/publipostage/class-admins", api::add_class_admin)
        .summary("Confie une classe à un enseignant ou à un personnel")
        .query::<api::Where>()
        .takes::<api::Delegation>()
        .gives_nothing()
        .problems(&["forbidden", "not-found", "not-eligible"]),
    Route::delete("/api/v1/publipostage/class-admins", api::remove_class_admin)
        .summary("Reprend une classe confiée")
        .query::<api::Where>()
        .takes::<api::Taken>()
        .gives_nothing()
        .problems(ONE),
    // --- Model letters (P-5, P-6).
    Route::get("/publipostage/models", models::list::page).local_admin(),
    Route::post("/publipostage/models", models::list::create).local_admin(),
    Route::get("/publipostage/models/new", models::list::blank).local_admin(),
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

web::component!(CAPABILITY, ROUTES);
