//! A redirect address given, verified, changed and taken back, as a browser and as a program do it (F-1, F-2).

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use redirect::{CAPABILITY, ROUTES};
use serde_json::json;
use store::Database as _;
use web::testing::{Site, Visitor};

const ALICE: &str = "01J00000000000000000000001";

fn site() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    site.add_establishment("0120001A", "Collège Jean-Moulin");
    site.add_person(ALICE, "0120001A", "teacher", "Alice", "Martin");
    site
}

/// The code of the last mail, and whom it went to.
fn mailed(site: &Site) -> (String, String) {
    let rows = site.database().execute("SELECT address, body_text FROM notice ORDER BY created_at DESC LIMIT 1", &[]);
    let row = rows.unwrap().into_iter().next().unwrap();
    let text = row.text(1).unwrap();
    let code =
        text.split_whitespace().find(|word| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit())).unwrap();
    (row.text(0).unwrap().to_owned(), code.to_owned())
}

fn state(visitor: &Visitor<'_>) -> serde_json::Value {
    visitor.get("/api/v1/redirect").json()
}

#[test]
fn an_address_is_used_once_its_code_was_typed() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    assert_eq!(state(&visitor), json!({"address": null, "verified_at": null, "pending": null}));
    assert_eq!(visitor.post_form("/redirect/address", &[("address", " alice@exemple.fr ")]).status(), 303);
    let page = visitor.get("/redirect").text();
    assert!(page.contains("Un code vient d’être envoyé") && page.contains("Vérifier alice@exemple.fr"), "{page}");
    let (address, code) = mailed(&site);
    assert_eq!(address, "alice@exemple.fr");
    assert!(!page.contains(&code));
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(visitor.post_form("/redirect/code", &[("code", &spaced)]).status(), 303);
    let page = visitor.get("/redirect").text();
    assert!(page.contains("alice@exemple.fr") && page.contains("vérifiée"), "{page}");
    assert_eq!(state(&visitor), json!({"address": "alice@exemple.fr", "verified_at": site.now(), "pending": null}));
}

#[test]
fn the_one_in_force_stays_until_the_new_one_is_verified() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    for address in ["un@exemple.fr", "deux@exemple.fr"] {
        let before = state(&visitor)["address"].clone();
        assert_eq!(visitor.json("PUT", "/api/v1/redirect", &json!({"address": address})).status(), 202);
        site.wait(1);
        assert_eq!(state(&visitor)["address"], before);
        let code = mailed(&site).1;
        assert_eq!(visitor.json("POST", "/api/v1/redirect/code", &json!({"code": code})).json()["address"], address);
    }
    assert_eq!(visitor.post_form("/redirect/remove", &[]).status(), 303);
    assert_eq!(state(&visitor)["address"], json!(null));
}

#[test]
fn five_tries_and_thirty_minutes() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    let try_ =
        |code: &str| visitor.json("POST", "/api/v1/redirect/code", &json!({"code": code})).json()["code"].clone();
    assert_eq!(try_("123456"), "nothing-pending");
    assert_eq!(visitor.post_form("/redirect/address", &[("address", "alice@exemple.fr")]).status(), 303);
    let code = mailed(&site).1;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        assert_eq!(try_(wrong), "wrong-code");
    }
    assert!(visitor.get("/redirect").text().contains("Vérifier l’adresse"));
    assert_eq!(try_(wrong), "too-many-attempts");
    assert_eq!(try_(&code), "too-many-attempts");
    site.wait(1);
    assert_eq!(visitor.post_form("/redirect/resend", &[]).status(), 303);
    site.wait(30 * 60_000);
    assert_eq!(try_(&mailed(&site).1), "code-expired");
    assert!(visitor.get("/redirect").text().contains("Le code n’est plus valable"));
    assert_eq!(visitor.post_form("/redirect/cancel", &[]).status(), 303);
    assert_eq!(state(&visitor)["pending"], json!(null));
}

#[test]
fn nobody_is_flooded_with_codes() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    let give = |address: &str| visitor.post_form("/redirect/address", &[("address", address)]).status();
    for number in 0..5 {
        assert_eq!(give(&format!("a{number}@exemple.fr")), 303);
        assert_eq!(visitor.post_form("/redirect/cancel", &[]).status(), 303);
        assert_eq!(visitor.post_form("/redirect/remove", &[]).status(), 303);
    }
    assert_eq!(give("a6@exemple.fr"), 429);
    site.wait(60 * 60_000);
    assert_eq!(give("a6@exemple.fr"), 303);
}

#[test]
fn what_is_no_address_of_hers_is_refused_beside_the_field() {
    let site = site();
    let visitor = site.sign_in(ALICE);
    for (address, words) in
        [("", "Indiquez une adresse"), ("alice", "un seul «"), ("bruno@ent.test", "une adresse de l’ENT")]
    {
        let answer = visitor.post_form("/redirect/address", &[("address", address)]);
        assert_eq!(answer.status(), 422, "{address}");
        assert!(answer.text().contains(words), "{address}");
    }
    assert_eq!(state(&visitor)["pending"], json!(null));
    assert_eq!(site.visitor().get("/redirect").status(), 303);
    assert!(site.log().is_empty());
}
