//! The script of the editor: formatting, and fields put in where the caret is. Without it the text is typed as it is kept.

use web::{Exchange, Problem, Response};

const EDITOR: &[u8] = include_bytes!("editor.js");

/// Where it is, with a mark of its content so that it can be cached for a year.
pub(crate) fn path() -> String {
    // FNV-1a: a name, not a guard.
    let mark = EDITOR
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("/publipostage/models/script/editor-{mark:016x}.js")
}

/// `GET /publipostage/models/script/{file}`
pub(crate) fn serve(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    if exchange.path() == path() {
        Ok(Response::asset("text/javascript; charset=utf-8", EDITOR))
    } else {
        Err(Problem::not_found())
    }
}
