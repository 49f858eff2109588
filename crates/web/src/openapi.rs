//! The OpenAPI document (U-2), made from the tables of routes at build time: native only.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::{Access, Capability, Route};

/// The OpenAPI 3.1 document of these capabilities' API routes.
#[must_use]
pub fn document(version: &str, capabilities: &[(&Capability, &[Route])]) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for (capability, routes) in capabilities {
        for route in routes.iter().filter(|route| route.is_api()) {
            let operation = operation(capability, route, &mut generator);
            let methods = paths.entry(route.path).or_insert_with(|| json!({}));
            if let Value::Object(methods) = methods {
                methods.insert(route.method.as_str().to_ascii_lowercase(), operation);
            }
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Vaguemestre",
            "version": version,
            "description": "La messagerie de l’établissement. Instants en millisecondes UTC, identifiants ULID.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "security": [{ "bearer": [] }, { "cookie": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "Jeton donné par POST /api/v1/session." },
                "cookie": { "type": "apiKey", "in": "cookie", "name": crate::session::COOKIE,
                    "description": "Avec l’en-tête X-CSRF-Token sur tout ce qui modifie." },
            },
            "schemas": generator.take_definitions(true),
            "responses": { "problem": { "description": "Refus ou erreur (RFC 9457), avec un code stable.",
                "content": { "application/problem+json": { "schema": problem_schema() } } } },
        },
    })
}

fn operation(capability: &Capability, route: &Route, generator: &mut schemars::SchemaGenerator) -> Value {
    let mut parameters: Vec<Value> = path_parameters(route.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if let Some(describe) = route.query {
        parameters.extend(query_parameters(describe(generator), generator));
    }
    let mut operation = Map::new();
    operation.insert("tags".to_owned(), json!([capability.id]));
    operation.insert("summary".to_owned(), route.summary.into());
    operation.insert("responses".to_owned(), responses(route, generator));
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(describe) = route.body {
        let schema = describe(generator).to_value();
        let body = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        operation.insert("requestBody".to_owned(), body);
    }
    if matches!(route.access, Access::Open | Access::Anyone) {
        operation.insert("security".to_owned(), json!([]));
    }
    operation.into()
}

fn responses(route: &Route, generator: &mut schemars::SchemaGenerator) -> Value {
    let (status, describe) = route.answer.unwrap_or((200, None));
    let success = match describe {
        Some(describe) => {
            json!({ "description": "Fait.", "content": { "application/json": { "schema": describe(generator).to_value() } } })
        }
        None => json!({ "description": "Fait." }),
    };
    let problem = if route.problems.is_empty() {
        json!({ "$ref": "#/components/responses/problem" })
    } else {
        let codes = format!("Codes : {}.", route.problems.join(", "));
        json!({ "$ref": "#/components/responses/problem", "description": codes })
    };
    json!({ status.to_string(): success, "default": problem })
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(|name| name.trim_start_matches('*'))
}

/// A query type is an object: each of its members is a parameter.
fn query_parameters(schema: schemars::Schema, generator: &schemars::SchemaGenerator) -> Vec<Value> {
    let schema = schema.to_value();
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
    let object = name.and_then(|name| generator.definitions().get(name)).unwrap_or(&schema);
    let required = |name: &str| {
        object
            .get("required")
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
    };
    let Some(members) = object.get("properties").and_then(Value::as_object) else { return Vec::new() };
    let describe = |(name, schema): (&String, &Value)| json!({ "name": name, "in": "query", "required": required(name), "schema": schema });
    members.iter().map(describe).collect()
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": { "type": "string", "format": "uri" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "En français : ce qui ne va pas, et que faire." },
            "code": { "type": "string", "description": "Stable, pour les programmes." },
            "errors": { "type": "array", "items": { "type": "object", "properties": {
                "field": { "type": "string" }, "detail": { "type": "string" } } } },
        },
    })
}
