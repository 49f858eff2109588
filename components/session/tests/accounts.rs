//! Sign-in, activation, the account and its renewal, as a browser and as a program use them.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use serde_json::json;
use session::{CAPABILITY, ROUTES};
use store::{Database as _, params};
use web::testing::Site;

const ALICE: &str = "01J00000000000000000000001";
const BOB: &str = "01J00000000000000000000002";
const PASSWORD: &str = "une courte phrase";
const NEW: &str = "un autre mot de passe";

fn site() -> Site {
    let mut site = Site::new(&CAPABILITY, ROUTES);
    site.public_url = Some("https://ent.test".to_owned());
    site.add_establishment("0120001A", "Collège Jean-Moulin");
    site.add_person(ALICE, "0120001A", "teacher", "Alice", "Martin");
    site.add_person(BOB, "0120001A", "student", "Bob", "Durand");
    let db = site.database();
    db.execute(
        "UPDATE person SET password_hash = ? WHERE id = ?",
        params![account::hash_password(PASSWORD).unwrap(), ALICE],
    )
    .unwrap();
    db.execute(
        "UPDATE person SET password_hash = NULL, activated_at = NULL, activation_code = 'abcd3456' WHERE id = ?",
        params![BOB],
    )
    .unwrap();
    site
}

#[test]
fn somebody_signs_in_where_she_was_going_and_out() {
    let site = site();
    let visitor = site.visitor();
    assert_eq!(visitor.get("/").header("location"), "/session/sign-in");
    let page = visitor.get("/session/sign-in?next=/directory%3Fq=a").text();
    assert!(page.contains("name=\"next\" value=\"/directory?q=a\""), "{page}");
    let form = [("login", "Alice.Martin"), ("password", PASSWORD), ("next", "/directory?q=a")];
    let answer = visitor.post_form("/session/sign-in", &form);
    assert_eq!((answer.status(), answer.header("location")), (303, "/directory?q=a"));
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-session=") && cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    assert!(visitor.get("/session/account").text().contains("alice.martin@ent.test"));
    assert_eq!(visitor.get("/session/sign-in?next=//ailleurs.fr").header("location"), "/");
    assert_eq!(visitor.post_form("/session/sign-out", &[]).status(), 303);
    assert_eq!((site.sessions(), visitor.get("/session/account").status()), (0, 303));
}

#[test]
fn a_wrong_password_shows_the_form_again_and_guessing_has_to_wait() {
    let site = site();
    let visitor = site.visitor();
    for _ in 0..5 {
        let answer = visitor.post_form("/session/sign-in", &[("login", "alice.martin"), ("password", "wrong")]);
        assert_eq!(answer.status(), 422);
        let page = answer.text();
        assert!(page.contains("Identifiant ou mot de passe incorrect") && page.contains("value=\"alice.martin\""));
        assert!(!page.contains("wrong"));
    }
    let answer = visitor.post_form("/session/sign-in", &[("login", "alice.martin"), ("password", PASSWORD)]);
    assert_eq!((answer.status(), site.sessions()), (429, 0));
    site.wait(30_000);
    assert_eq!(
        visitor.post_form("/session/sign-in", &[("login", "alice.martin"), ("password", PASSWORD)]).status(),
        303
    );
}

#[test]
fn an_account_is_activated_in_two_steps() {
    let site = site();
    let visitor = site.visitor();
    let page = visitor.get("/session/activate?login=bob.durand&code=abcd3456").text();
    // A code in an address would stay in histories and logs.
    assert!(page.contains("value=\"bob.durand\"") && !page.contains("abcd3456"));
    let code = [("login", "bob.durand"), ("code", "ABCD3456")];
    assert_eq!(visitor.post_form("/session/activate", &[("login", "bob.durand"), ("code", "zzzz9999")]).status(), 422);
    assert!(visitor.post_form("/session/activate", &code).text().contains("name=\"again\""));
    let full = |password, again, charter: &[(&'static str, &'static str)]| {
        visitor
            .post_form("/session/activate", &[&code[..], &[("password", password), ("again", again)], charter].concat())
    };
    assert!(full("court", "court", &[("charter", "1")]).text().contains("au moins 12 caractères"));
    assert!(full(PASSWORD, NEW, &[("charter", "1")]).text().contains("ne sont pas les mêmes"));
    assert!(full(PASSWORD, PASSWORD, &[]).text().contains("Lisez la charte"));
    assert_eq!(full(PASSWORD, PASSWORD, &[("charter", "1")]).header("location"), "/");
    let page = visitor.get("/session/account").text();
    assert!(page.contains("Votre compte est activé") && page.contains("Bob Durand"), "{page}");
}

#[test]
fn a_new_password_signs_the_others_out() {
    let site = site();
    let (here, elsewhere) = (site.sign_in(ALICE), site.sign_in(ALICE));
    let change = |old, password, again| {
        here.post_form("/session/password", &[("old", old), ("password", password), ("again", again)])
    };
    assert!(change("wrong", NEW, NEW).text().contains("pas votre mot de passe actuel"));
    assert!(change(PASSWORD, NEW, "else").text().contains("ne sont pas les mêmes"));
    assert_eq!(change(PASSWORD, NEW, NEW).status(), 303);
    assert_eq!(here.get("/session/account").status(), 200);
    assert_eq!(elsewhere.get("/session/account").status(), 303);
    assert_eq!(here.post_form("/session/sign-out-everywhere", &[]).status(), 303);
    assert_eq!(here.get("/session/account").status(), 303);
}

#[test]
fn a_forgotten_password_is_renewed_by_mail_and_nobody_learns_who_has_one() {
    let site = site();
    let visitor = site.visitor();
    let ask = |login| visitor.post_form("/session/renewal", &[("login", login)]).text();
    let told = ask("nobody");
    assert!(told.contains("Si ce compte existe"));
    assert_eq!(ask("alice.martin"), told);
    let db = site.database();
    db.execute(
        "INSERT INTO redirect (person_id, address, verified_at) VALUES (?, 'alice@exemple.fr', 1)",
        params![ALICE],
    )
    .unwrap();
    assert_eq!(ask("alice.martin"), told);
    let mail = db.execute("SELECT address, body_text FROM notice", &[]).unwrap();
    assert_eq!((mail.len(), mail[0].text(0).unwrap()), (1, "alice@exemple.fr"));
    let text = mail[0].text(1).unwrap();
    let path = text.split("https://ent.test").nth(1).unwrap().split_whitespace().next().unwrap();
    assert_eq!(visitor.get(path).status(), 200);
    assert_eq!(visitor.post_form(path, &[("password", "court"), ("again", "court")]).status(), 422);
    assert_eq!(visitor.post_form(path, &[("password", NEW), ("again", NEW)]).status(), 303);
    assert_eq!(visitor.get("/session/account").status(), 200);
    assert_eq!(visitor.post_form(path, &[("password", NEW), ("again", NEW)]).status(), 410, "used up");
}

#[test]
fn where_no_link_can_be_mailed_the_page_says_whom_to_ask() {
    let mut site = site();
    site.public_url = None;
    let page = site.visitor().get("/session/renewal");
    assert_eq!(page.status(), 200);
    assert!(page.text().contains("Adressez-vous à l’établissement") && !page.text().contains("<form"));
    assert_eq!(site.visitor().post_form("/session/renewal", &[("login", "alice.martin")]).status(), 503);
    assert_eq!(site.log().len(), 1);
}

#[test]
fn a_program_has_the_same_as_json() {
    let site = site();
    let program = site.visitor();
    let answer = program.json("POST", "/api/v1/session", &json!({"login": "alice.martin", "password": "wrong"}));
    assert_eq!((answer.status(), answer.json()["code"].clone()), (422, json!("wrong-credentials")));
    let answer = program.json("POST", "/api/v1/session", &json!({"login": "alice.martin", "password": PASSWORD}));
    assert_eq!((answer.status(), answer.header("set-cookie")), (201, ""));
    let opened = answer.json();
    assert_eq!(opened["person"]["universal_address"], "alice.martin@ent.test");
    assert_eq!(opened["expires_at"], site.now() + 12 * 3_600_000);
    let bearer = |method: &str| {
        let request = web::http::Request::builder().method(method).uri("/api/v1/session");
        let token = opened["token"].as_str().unwrap();
        site.request(request.header("authorization", format!("Bearer {token}")).body(Vec::new().into()).unwrap())
    };
    assert_eq!(bearer("GET").json()["profile"], "teacher");
    assert_eq!(bearer("DELETE").status(), 204);
    assert_eq!(bearer("GET").status(), 401);
    let activation = json!({"login": "bob.durand", "code": "abcd3456", "password": PASSWORD, "charter": true});
    assert_eq!(program.json("POST", "/api/v1/session/activation", &activation).status(), 201);
    assert_eq!(program.json("POST", "/api/v1/session/activation", &activation).json()["code"], "wrong-code");
    let renewal = program.json("POST", "/api/v1/session/renewal", &json!({"login": "nobody"}));
    assert_eq!(renewal.status(), 202);
}

#[test]
fn who_is_blocked_is_told_so() {
    let site = site();
    site.database().execute("UPDATE person SET blocked_at = 1 WHERE id = ?", params![ALICE]).unwrap();
    let answer = site.visitor().post_form("/session/sign-in", &[("login", "alice.martin"), ("password", PASSWORD)]);
    assert_eq!(answer.status(), 403);
    assert!(answer.text().contains("Compte bloqué"));
}

#[test]
fn pages_need_files_that_are_there_and_stay() {
    let site = site();
    let page = site.visitor().get("/session/sign-in").text();
    let paths: Vec<&str> = page.split('"').filter(|part| part.starts_with("/session/assets/")).collect();
    assert_eq!(paths.len(), 3);
    for path in paths {
        let answer = site.visitor().get(path);
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.header("cache-control").contains("immutable"));
    }
    assert_eq!(site.visitor().get("/session/assets/style-000000000000.css").status(), 404);
}
