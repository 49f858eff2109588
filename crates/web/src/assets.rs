//! The style sheet, the scripts and the icon: files of their own, named by their content so that they can be cached for a
//! year. The `session` component serves those of all pages under `/session/assets/`; a capability serves its own scripts.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use crate::{Exchange, Problem, Response, random};

/// A file of the front end.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its path, with part of its SHA-256.
    pub path: String,
    content_type: &'static str,
    content: &'static [u8],
}

const SHARED: &str = "/session/assets";

/// The style sheet.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(SHARED, "style", "css", "text/css; charset=utf-8", include_bytes!("../assets/style.css"))
});
/// The script: pages work without it.
pub static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::script(SHARED, "script", include_bytes!("../assets/script.js")));
/// The script of [`crate::ui::editor`]: formatting, and files that join at once.
pub static EDITOR: LazyLock<Asset> =
    LazyLock::new(|| Asset::script(SHARED, "editor", include_bytes!("../assets/editor.js")));
/// The icon of the tab and of the header.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new(SHARED, "icon", "svg", "image/svg+xml", include_bytes!("../assets/icon.svg")));

impl Asset {
    /// A script `name`, served under `folder`.
    #[must_use]
    pub fn script(folder: &str, name: &str, content: &'static [u8]) -> Self {
        Self::new(folder, name, "js", "text/javascript; charset=utf-8", content)
    }

    fn new(folder: &str, name: &str, extension: &str, content_type: &'static str, content: &'static [u8]) -> Self {
        let mut digest = random::hex(&Sha256::digest(content));
        digest.truncate(12);
        Self { path: format!("{folder}/{name}-{digest}.{extension}"), content_type, content }
    }
}

/// Handler of `/session/assets/{file}`.
///
/// # Errors
/// 404 for any other name; after an upgrade, for the names of before.
pub fn serve(exchange: &Exchange<'_>) -> Result<Response, Problem> {
    serve_among(exchange, &[&STYLE, &SCRIPT, &EDITOR, &ICON])
}

/// The one of `assets` that is asked for.
///
/// # Errors
/// 404 for any other name; after an upgrade, for the names of before.
pub fn serve_among(exchange: &Exchange<'_>, assets: &[&Asset]) -> Result<Response, Problem> {
    let asset = assets.iter().find(|asset| asset.path == exchange.path());
    asset.map(|asset| Response::asset(asset.content_type, asset.content)).ok_or_else(Problem::not_found)
}
