//! The OpenAPI document (U-2) is what the tables of routes say. `BLESS=1 cargo test -p tests --test openapi` writes it
//! anew; without it, a document that lags behind a table fails here.

use std::path::Path;

use web::{Capability, Route};

/// Every component that answers under `/api/`.
const CAPABILITIES: &[(&Capability, &[Route])] = &[
    (&session::CAPABILITY, session::ROUTES),
    (&send_message::CAPABILITY, send_message::ROUTES),
    (&directory::CAPABILITY, directory::ROUTES),
    (&outbox::CAPABILITY, outbox::ROUTES),
    (&redirect::CAPABILITY, redirect::ROUTES),
    (&broadcast::CAPABILITY, broadcast::ROUTES),
    (&publipostage::CAPABILITY, publipostage::ROUTES),
];

#[test]
fn the_document_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../components/session/openapi.json");
    let document = web::openapi::document(env!("CARGO_PKG_VERSION"), CAPABILITIES);
    let text = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(
        kept == text,
        "routes have changed: run `BLESS=1 cargo test -p tests --test openapi` and commit the document"
    );
}

#[test]
fn every_route_is_documented() {
    for (capability, routes) in CAPABILITIES {
        for route in routes.iter().filter(|route| route.is_api()) {
            let name = format!("{} {}", route.method.as_str(), route.path);
            assert!(!route.summary.is_empty(), "{name} has no summary");
            let own = format!("/api/v1/{}", capability.id);
            assert!(route.path.starts_with(&own) || route.path == "/api/openapi.json", "{name} is not under {own}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = web::openapi::document(env!("CARGO_PKG_VERSION"), CAPABILITIES);
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}
