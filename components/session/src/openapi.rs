//! The OpenAPI document of the whole house (U-2). It is generated from the tables of routes by a test, and committed, so
//! that the component serves a plain file.

use web::{Exchange, Problem, Response};

/// `GET /api/openapi.json`
pub(crate) fn document(_: &Exchange) -> Result<Response, Problem> {
    Ok(Response::asset("application/json", include_bytes!("../openapi.json"))
        .header(web::header::CACHE_CONTROL, "public, max-age=300"))
}
