//! Publipostage: letters for the people of a school, printed or mailed. For local administrators only.

use web::{Capability, Exchange, Page, Problem, Response, Route, html};

/// The capability.
pub const CAPABILITY: Capability = Capability::new("publipostage", "Publipostage", "/publipostage", 40);

/// Its routes.
pub const ROUTES: &[Route] = &[
    // --- Account letters (P-1 to P-4, P-7).
    Route::get("/publipostage", home).local_admin(),
    // --- Model letters (P-5, P-6).
];

fn home(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Page::new("Publipostage", html! {}).respond(exchange)
}

web::component!(CAPABILITY, ROUTES);
