//! The script of jobs: it carries a job on while somebody looks at its page. The page works without it.

use web::{Exchange, Problem, Response};

const JOB: &[u8] = include_bytes!("job.js");

/// Where it is, with a mark of its content so that it can be cached for a year.
pub(crate) fn path() -> String {
    // FNV-1a: a name, not a guard.
    let mark = JOB
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("/publipostage/script/job-{mark:016x}.js")
}

/// `GET /publipostage/script/{file}`
pub(crate) fn serve(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    if exchange.path() == path() {
        Ok(Response::asset("text/javascript; charset=utf-8", JOB))
    } else {
        Err(Problem::not_found())
    }
}
