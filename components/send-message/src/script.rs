//! The composer's script. The composer works without it; with it come suggestions while typing, formatting, and drafts
//! that save themselves.

use web::{Exchange, Problem, Response};

const COMPOSE: &[u8] = include_bytes!("compose.js");

/// Where it is, with a mark of its content so that it can be cached for a year.
pub(crate) fn path() -> String {
    // FNV-1a: a name, not a guard.
    let mark = COMPOSE
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("/send-message/script/compose-{mark:016x}.js")
}

/// `GET /send-message/script/{file}`
pub(crate) fn serve(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    if exchange.path() == path() {
        Ok(Response::asset("text/javascript; charset=utf-8", COMPOSE))
    } else {
        Err(Problem::not_found())
    }
}
