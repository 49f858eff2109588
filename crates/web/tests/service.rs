//! From a request to its answer: who may ask, what is refused and how, what becomes of sessions.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use bytes::Bytes;
use http::{Request, header};
use maud::html;
use serde::Deserialize;
use serde_json::json;
use store::{Database as _, params};
use web::testing::{Answer, Site};
use web::{Capability, Exchange, Page, Problem, Response, Route, Session, ui};

const CAPABILITY: Capability = Capability::new("hello", "Bonjour", "/hello", 30);
const ROUTES: &[Route] = &[
    Route::get("/hello", |exchange| {
        let name = exchange.visitor().map_or("inconnu".to_owned(), web::Viewer::name);
        Page::new("Bonjour", html! { p { "Bonjour " (name) " ! <vous> : « là »" (ui::verbatim(&html! { "a : b" })) } })
            .respond(exchange)
    })
    .anyone(),
    Route::get("/hello/mine", |exchange| {
        Page::new("À moi", html! { p { (exchange.viewer()?.login) } }).respond(exchange)
    }),
    Route::post("/hello/mine", |exchange| {
        let name = exchange.form()?.get("name").to_owned();
        if name.is_empty() {
            return Err(Problem::invalid("name", "Donnez un nom."));
        }
        Ok(Response::see_other("/hello/mine").success(&format!("Bonjour {name} ; bienvenue")))
    }),
    Route::post("/hello/big", |exchange| Response::json(&exchange.body().len())).upload(),
    Route::get("/hello/admin", |_| Ok(Response::no_content())).local_admin(),
    Route::post("/hello/out", |_| Ok(Response::see_other("/hello").end_session())),
    Route::get("/hello/file/{name}", |exchange| {
        Ok(Response::download(exchange.param("name"), "text/html", "<script>"))
    })
    .anyone(),
    Route::get("/api/v1/hello", |exchange| Response::json(&exchange.viewer()?.login)),
    Route::post("/api/v1/hello", greet),
    Route::post("/api/v1/hello/session", |exchange| {
        let (token, session) = Session::begin(ALICE, 0, exchange.now())?;
        Ok(Response::no_content().start_session(&token, session))
    })
    .anyone(),
    Route::post("/api/v1/hello/broken", |exchange| {
        exchange.db().execute("SELECT nothing", &[])?;
        Ok(Response::no_content())
    }),
    Route::get("/api/v1/hello/broken", |exchange| {
        exchange.db().execute("SELECT nothing", &[])?;
        Ok(Response::no_content())
    }),
];

#[derive(Deserialize)]
#[expect(dead_code, reason = "only its form matters")]
struct Greeting {
    names: Vec<String>,
}

fn greet(exchange: &Exchange) -> Result<Response, Problem> {
    exchange.json::<Greeting>().map(|_| Response::no_content())
}

const ALICE: &str = "01J00000000000000000000001";

fn site() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    site.add_establishment("0120001A", "Collège Jean-Moulin");
    site.add_person(ALICE, "0120001A", "teacher", "Alice", "Martin");
    site
}

fn get(site: &Site, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    site.request(request.body(Bytes::new()).unwrap())
}

#[test]
fn every_answer_is_whole_and_guarded() {
    let site = site();
    let answer = site.visitor().get("/hello");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-length"), answer.bytes().len().to_string());
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("frame-ancestors 'none'")
            && !policy.contains("unsafe")
    );
    let page = answer.text();
    assert!(page.contains("Bonjour inconnu\u{202f}! &lt;vous&gt;\u{a0}: «\u{a0}là\u{a0}»"), "{page}");
    assert!(page.contains("a : b"), "what people wrote stays as it is");
    assert!(!page.contains("<script>") && !page.contains("style=") && page.contains("<html lang=\"fr\">"));
    assert!(page.len() < 8_000, "{}", page.len());
}

#[test]
fn strangers_are_led_to_the_sign_in_and_programs_are_told() {
    let site = site();
    let answer = get(&site, "/hello/mine?a=b", &[]);
    assert_eq!((answer.status(), answer.header("location")), (303, "/session/sign-in?next=%2Fhello%2Fmine%3Fa%3Db"));
    let answer = get(&site, "/api/v1/hello", &[]);
    assert_eq!((answer.status(), answer.header("content-type")), (401, "application/problem+json"));
    assert_eq!(answer.json()["code"], "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let bearer = format!("Bearer {}", site.token(ALICE));
    assert_eq!(get(&site, "/api/v1/hello", &[("authorization", &bearer)]).json(), "alice.martin");
}

#[test]
fn blocking_and_a_new_epoch_work_at_once() {
    let site = site();
    for change in ["blocked_at = 1", "left_at = 1", "session_epoch = 1"] {
        let visitor = site.sign_in(ALICE);
        assert_eq!(visitor.get("/hello/mine").status(), 200);
        site.database().execute(&format!("UPDATE person SET {change}"), &[]).unwrap();
        let answer = visitor.get("/hello/mine");
        assert_eq!(answer.status(), 303, "{change}");
        assert!(answer.header("set-cookie").contains("Max-Age=0"), "{change}");
        assert_eq!(site.sessions(), 0);
        site.database().execute("UPDATE person SET blocked_at = NULL, left_at = NULL, session_epoch = 0", &[]).unwrap();
    }
}

#[test]
fn sessions_slide_and_end() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    for _ in 0..13 {
        site.wait(12 * 3_600_000 - 1);
        assert_eq!(visitor.get("/hello/mine").status(), 200);
    }
    site.wait(12 * 3_600_000);
    assert_eq!(visitor.get("/hello/mine").status(), 303, "after seven days");
    let other = site.sign_in(ALICE);
    let answer = other.post_form("/hello/out", &[]);
    assert_eq!((answer.status(), site.sessions()), (303, 0));
    assert_eq!(other.get("/hello/mine").status(), 303);
}

#[test]
fn what_a_page_asks_on_its_own_keeps_no_session_alive() {
    let site = site();
    let token = site.token(ALICE);
    let cookie = format!("__Host-session={token}");
    for _ in 0..2 {
        site.wait(5 * 3_600_000);
        assert_eq!(get(&site, "/api/v1/hello", &[("cookie", &cookie), ("x-background", "1")]).status(), 200);
    }
    site.wait(2 * 3_600_000);
    assert_eq!(get(&site, "/api/v1/hello", &[("cookie", &cookie)]).status(), 401);
}

#[test]
fn forms_of_others_change_nothing() {
    let site = site();
    let cookie = format!("__Host-session={}", site.token(ALICE));
    let post = |headers: &[(&str, &str)], body: &str| {
        let mut request = Request::post("http://ent.test/hello/mine").header(header::COOKIE, &cookie);
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        site.request(request.body(Bytes::from(body.to_owned())).unwrap())
    };
    assert_eq!(post(&[], "name=x").status(), 403);
    assert_eq!(post(&[], "name=x&csrf=0000").status(), 403);
    assert_eq!(post(&[("x-csrf-token", "0000")], "name=x").status(), 403);
    let visitor = site.sign_in(ALICE);
    assert_eq!(visitor.post_form("/hello/mine", &[("name", "x")]).status(), 303);
    let good = format!("name=x&csrf={}", csrf_of(&site, &cookie));
    assert_eq!(post(&[], &good).status(), 303);
    assert_eq!(post(&[("sec-fetch-site", "same-origin")], &good).status(), 303);
    assert_eq!(post(&[("sec-fetch-site", "cross-site")], &good).status(), 403);
    assert_eq!(post(&[("origin", "https://ent.test")], &good).status(), 303);
    assert_eq!(post(&[("origin", "https://ENT.test")], &good).status(), 303);
    for origin in ["https://ailleurs.test", "https://ent.test.ailleurs.test", "https://ent.test:8443", "null", ""] {
        assert_eq!(post(&[("origin", origin)], &good).status(), 403, "{origin}");
    }
}

fn csrf_of(site: &Site, cookie: &str) -> String {
    let page = get(site, "/hello/mine", &[("cookie", cookie)]).text();
    page.split("name=\"csrf\" content=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn sessions_are_swept_once_a_day_whoever_signs_in() {
    let site = site();
    let sign_in = || site.visitor().send("POST", "/api/v1/hello/session", None, Bytes::new());
    for (wait, sweeps) in [(0, 1), (60_000, 1), (23 * 3_600_000, 1), (3_600_000, 2), (0, 2)] {
        site.wait(wait);
        assert_eq!(sign_in().status(), 204);
        assert_eq!(site.sweeps(), sweeps);
    }
}

#[test]
fn what_was_done_is_told_once() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    let answer = visitor.post_form("/hello/mine", &[("name", "Zoé")]);
    assert_eq!(answer.status(), 303);
    let page = visitor.get("/hello/mine").text();
    assert!(page.contains("Succès") && page.contains("Bonjour Zoé\u{202f}; bienvenue"), "{page}");
    assert!(!visitor.get("/hello/mine").text().contains("bienvenue"));
}

#[test]
fn what_cannot_be_answered_says_why() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    let code = |answer: Answer| (answer.status(), answer.json()["code"].as_str().unwrap_or("page").to_owned());
    assert_eq!(code(visitor.get("/api/v1/nothing")), (404, "not-found".into()));
    assert_eq!(code(visitor.get("/hello/nothing/here")), (404, "page".into()));
    assert_eq!(visitor.json("DELETE", "/api/v1/hello", &json!({})).header("allow"), "GET, POST");
    assert_eq!(code(visitor.get("/hello/file/%ff")), (400, "page".into()));
    assert_eq!(code(visitor.get("/hello/admin")), (403, "page".into()));
    assert_eq!(code(visitor.post_form("/hello/mine", &[])), (422, "page".into()));
    assert_eq!(code(visitor.json("POST", "/api/v1/hello", &json!({"names": ["a", 3]}))), (422, "invalid".into()));
    let answer = visitor.json("POST", "/api/v1/hello", &json!({"names": ["a", 3]}));
    assert_eq!(answer.json()["errors"][0]["field"], "names[1]");
    assert_eq!(
        code(visitor.send("POST", "/api/v1/hello", Some("application/json"), "{".into())),
        (400, "malformed".into())
    );
    assert_eq!(
        code(visitor.send("POST", "/api/v1/hello", Some("text/plain"), "{}".into())),
        (415, "unsupported-media-type".into())
    );
}

#[test]
fn bodies_have_their_limits() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    let big = |length: usize| Bytes::from(vec![b' '; length]);
    let answer = visitor.send("POST", "/api/v1/hello", Some("application/json"), big(256 * 1024 + 1));
    assert_eq!((answer.status(), answer.json()["code"].clone()), (413, json!("too-large")));
    assert_eq!(visitor.send("POST", "/hello/big", Some("text/plain"), big(12 * 1024 * 1024)).status(), 200);
    assert_eq!(visitor.send("POST", "/hello/big", Some("text/plain"), big(12 * 1024 * 1024 + 1)).status(), 413);
}

#[test]
fn a_failure_of_ours_is_logged_without_telling_more() {
    let site = site();
    let answer = site.sign_in(ALICE).get("/api/v1/hello/broken?q=secret");
    assert_eq!(answer.status(), 503);
    assert!(!answer.text().contains("nothing"));
    assert_eq!(site.log().len(), 1);
    let line = &site.log()[0];
    assert!(
        line.starts_with("hello could not answer a request: ") && line.contains("route=/api/v1/hello/broken"),
        "{line}"
    );
    assert!(!line.contains("secret"));
}

#[test]
fn a_write_that_broke_off_claims_nothing() {
    let visitor = site();
    let visitor = visitor.sign_in(ALICE);
    let detail = |answer: &Answer| answer.json()["detail"].as_str().unwrap().to_owned();
    let written = detail(&visitor.send("POST", "/api/v1/hello/broken", None, Bytes::new()));
    assert!(
        written.contains("peut-être été prise en compte") && !written.contains("Rien n’a été enregistré"),
        "{written}"
    );
    assert!(!detail(&visitor.get("/api/v1/hello/broken")).contains("peut-être"));
}

#[test]
fn files_never_run_here() {
    let site = site();
    let answer = site.visitor().get("/hello/file/page%20d%27accueil.html");
    assert!(answer.header("content-disposition").starts_with("attachment; "));
    assert!(answer.header("content-security-policy").contains("sandbox"));
}

#[test]
fn the_menu_entry_is_for_everybody_and_the_menu_for_those_who_are_signed_in() {
    let site = site();
    let entry = get(&site, "/hello/menu", &[]).json();
    assert_eq!(
        entry,
        json!({"id": "hello", "label": "Bonjour", "href": "/hello", "order": 30, "audience": "everyone"})
    );
    assert!(!site.visitor().get("/hello").text().contains("Menu principal"));
    let page = site.sign_in(ALICE).get("/hello").text();
    assert!(page.contains("Menu principal") && page.contains("aria-current=\"page\""));
    assert!(page.contains("Collège Jean-Moulin") && page.contains("Alice Martin"));
}

#[test]
fn a_local_admin_comes_in() {
    let site = site();
    site.database().execute("INSERT INTO local_admin VALUES (?, '0120001A')", params![ALICE]).unwrap();
    assert_eq!(site.sign_in(ALICE).get("/hello/admin").status(), 204);
}
