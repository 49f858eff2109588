//! The composer's script. The composer works without it; with it come suggestions while typing, formatting, and drafts
//! that save themselves.

use std::sync::LazyLock;

use web::assets::{Asset, serve_among};
use web::{Exchange, Problem, Response};

pub(crate) static COMPOSE: LazyLock<Asset> =
    LazyLock::new(|| Asset::script("/send-message/script", "compose", include_bytes!("compose.js")));

/// `GET /send-message/script/{file}`
pub(crate) fn serve(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    serve_among(exchange, &[&COMPOSE])
}
