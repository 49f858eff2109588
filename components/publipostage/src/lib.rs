//! Publipostage: letters for the people of a school, printed or mailed. For local administrators, and for those to whom they
//! gave classes.
//!
//! No route is [`Route::local_admin`]: [`access`] says who may come in, and each handler asks it first.

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
];

web::component!(CAPABILITY, ROUTES);
