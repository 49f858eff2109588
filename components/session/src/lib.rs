//! Sign-in, activation and the account of the person who is signed in; also the files that every page needs.

use web::{Capability, Exchange, Problem, Response, Route, assets};

/// The capability: no place in the menu, the account is under the name of the viewer.
pub const CAPABILITY: Capability =
    Capability::new("session", "Mon compte", "/session/account", 0).shown_to(web::Audience::Nobody);

/// Its routes.
pub const ROUTES: &[Route] = &[
    Route::get("/session/assets/{file}", assets::serve).open(),
    Route::get("/", home).anyone(),
];

fn home(exchange: &Exchange) -> Result<Response, Problem> {
    Ok(Response::see_other(exchange.menu().next().map_or("/session/sign-in", |item| &item.href)))
}

web::component!(CAPABILITY, ROUTES);
