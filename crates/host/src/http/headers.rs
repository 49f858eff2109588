//! What the request must carry before a component sees it, as in Spin.
//!
//! A request in origin form gets its scheme and authority, which `wasi:http` needs; `Connection` and the like are
//! transport matters and are taken out; the `spin-…` headers say how the request was routed. Whatever a client sends
//! under those names is overwritten or removed.

use std::net::SocketAddr;

use http::header::{self, HeaderName, HeaderValue};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, Request, Uri};

use crate::routes::Match;

const FULL_URL: HeaderName = HeaderName::from_static("spin-full-url");
const PATH_INFO: HeaderName = HeaderName::from_static("spin-path-info");
const MATCHED_ROUTE: HeaderName = HeaderName::from_static("spin-matched-route");
const BASE_PATH: HeaderName = HeaderName::from_static("spin-base-path");
const RAW_COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-raw-component-route");
const COMPONENT_ROUTE: HeaderName = HeaderName::from_static("spin-component-route");
const CLIENT_ADDR: HeaderName = HeaderName::from_static("spin-client-addr");

/// The request has no host, or two that differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoHost;

/// Sets scheme and authority, from the `Host` header or the URL; they must agree when both are there.
pub(super) fn complete_uri<B>(request: &mut Request<B>) -> Result<(), NoHost> {
    let header = match request.headers().get(header::HOST) {
        Some(value) => Some(value.to_str().ok().and_then(|h| h.parse::<Authority>().ok()).ok_or(NoHost)?),
        None => None,
    };
    let mut parts = request.uri().clone().into_parts();
    let authority = match (header, parts.authority.take()) {
        (Some(header), Some(uri)) if header != uri => return Err(NoHost),
        (Some(authority), _) | (None, Some(authority)) => authority,
        (None, None) => return Err(NoHost),
    };
    parts.authority = Some(authority);
    parts.scheme.get_or_insert(Scheme::HTTP);
    if parts.path_and_query.is_none() {
        parts.path_and_query = Some(http::uri::PathAndQuery::from_static("/"));
    }
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| NoHost)?;
    Ok(())
}

/// Puts the headers about routing in place of whatever was there.
pub(super) fn describe<B>(request: &mut Request<B>, matched: &Match<'_, '_>, client: SocketAddr) {
    let full_url = request.uri().to_string();
    let headers = request.headers_mut();
    headers.remove(header::CONNECTION);
    remove_path_matches(headers);
    let raw = matched.pattern.raw.as_str();
    set(headers, PATH_INFO, &matched.path_info);
    set(headers, FULL_URL, &full_url);
    set(headers, MATCHED_ROUTE, raw);
    headers.insert(BASE_PATH, HeaderValue::from_static("/"));
    set(headers, RAW_COMPONENT_ROUTE, raw);
    set(headers, COMPONENT_ROUTE, matched.pattern.prefix());
    set(headers, CLIENT_ADDR, &client.to_string());
    for (name, value) in &matched.params {
        let name = format!("spin-path-match-{}", name.replace('_', "-").to_ascii_lowercase());
        if let Ok(name) = HeaderName::try_from(name) {
            set(headers, name, value);
        }
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    match HeaderValue::try_from(value) {
        Ok(value) => drop(headers.insert(name, value)),
        Err(_) => drop(headers.remove(name)),
    }
}

fn remove_path_matches(headers: &mut HeaderMap) {
    let forged: Vec<HeaderName> =
        headers.keys().filter(|name| name.as_str().starts_with("spin-path-match-")).cloned().collect();
    for name in forged {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::{Pattern, Router};

    fn get<'a>(request: &'a Request<()>, name: &str) -> &'a str {
        request.headers().get(name).map_or("(none)", |v| v.to_str().unwrap())
    }

    #[test]
    fn the_route_is_described_as_in_spin() {
        let mut router = Router::default();
        router.add(Pattern::parse("/users/:user_id/...").unwrap(), 0);
        let mut request = Request::get("/users/42/x?q=1")
            .header("host", "school.example:8080")
            .header("connection", "keep-alive")
            .header("spin-path-match-forged", "1")
            .header("spin-client-addr", "forged")
            .body(())
            .unwrap();
        complete_uri(&mut request).unwrap();
        let path = request.uri().path().to_owned();
        describe(&mut request, &router.route(&path).unwrap(), "192.0.2.1:5".parse().unwrap());
        assert_eq!(request.uri().to_string(), "http://school.example:8080/users/42/x?q=1");
        for (name, value) in [
            ("spin-full-url", "http://school.example:8080/users/42/x?q=1"),
            ("spin-path-info", "/x"),
            ("spin-matched-route", "/users/:user_id/..."),
            ("spin-raw-component-route", "/users/:user_id/..."),
            ("spin-component-route", "/users/:user_id"),
            ("spin-base-path", "/"),
            ("spin-client-addr", "192.0.2.1:5"),
            ("spin-path-match-user-id", "42"),
            ("spin-path-match-forged", "(none)"),
            ("connection", "(none)"),
            ("host", "school.example:8080"),
        ] {
            assert_eq!(get(&request, name), value, "{name}");
        }
    }

    #[test]
    fn the_host_must_be_clear() {
        let mut none = Request::get("/").body(()).unwrap();
        assert_eq!(complete_uri(&mut none), Err(NoHost));
        let mut two = Request::get("http://a/").header("host", "b").body(()).unwrap();
        assert_eq!(complete_uri(&mut two), Err(NoHost));
        let mut bad = Request::get("/").header("host", "a b").body(()).unwrap();
        assert_eq!(complete_uri(&mut bad), Err(NoHost));
        let mut absolute = Request::get("http://a/x").body(()).unwrap();
        assert_eq!(complete_uri(&mut absolute), Ok(()));
    }
}
