//! Broadcast: what a rubrique says to its population, and what the school says to everybody.

use web::{Capability, Exchange, Page, Problem, Response, Route, html};

/// The capability.
pub const CAPABILITY: Capability = Capability::new("broadcast", "Rubriques", "/broadcast", 20);

/// Its routes.
pub const ROUTES: &[Route] = &[
    // --- Rubriques and messages to a population (B-1).
    Route::get("/broadcast", home),
    // --- Agenda (B-2).
    // --- News (B-3).
    // --- Flash messages (B-4).
    // --- Liaison notices (B-5).
];

fn home(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    Page::new("Rubriques", html! {}).respond(exchange)
}

web::component!(CAPABILITY, ROUTES);
