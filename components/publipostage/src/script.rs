//! Scripts of these pages, which work without them: one carries a job on while somebody looks at it, the other puts merge fields in
//! where the caret is.

use std::sync::LazyLock;

use web::assets::{Asset, serve_among};
use web::{Exchange, Problem, Response};

pub(crate) static JOB: LazyLock<Asset> =
    LazyLock::new(|| Asset::script("/publipostage/script", "job", include_bytes!("job.js")));
pub(crate) static MODEL: LazyLock<Asset> =
    LazyLock::new(|| Asset::script("/publipostage/script", "model", include_bytes!("model.js")));

/// `GET /publipostage/script/{file}`
pub(crate) fn serve(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    serve_among(exchange, &[&JOB, &MODEL])
}
