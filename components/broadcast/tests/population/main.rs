//! Rubriques and messages to a population as a browser and as a program use them: who may, what is sent, what is told (B-1).

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod rights;
mod rubriques;
mod sending;

use broadcast::{CAPABILITY, ROUTES};
use store::{Database as _, Value, params};
use web::testing::{Site, Visitor};

const ELSEWHERE: &str = "9990009Z";
const STRANGER: &str = "0000000000000000000000000Z";

fn site() -> Site {
    let site = Site::new(&CAPABILITY, ROUTES);
    demo::run(site.database(), &demo::Options::of(300, site.now())).unwrap();
    site
}

fn sign_in<'a>(site: &'a Site, login: &str) -> Visitor<'a> {
    site.sign_in(&text(site, "SELECT id FROM person WHERE login = ?1", params![login]))
}

fn text(site: &Site, sql: &str, parameters: &[Value]) -> String {
    site.database().first(sql, parameters).unwrap().unwrap().text(0).unwrap().to_owned()
}

fn count(site: &Site, what: &str) -> i64 {
    site.database().first(&format!("SELECT count(*) FROM {what}"), &[]).unwrap().unwrap().integer(0).unwrap()
}

fn group(site: &Site, name: &str) -> String {
    text(site, "SELECT id FROM person_group WHERE name = ?1", params![name])
}

fn rubrique(site: &Site, name: &str) -> String {
    text(site, "SELECT id FROM rubrique WHERE name = ?1", params![name])
}

fn population(site: &Site, rubrique: &str, label: &str) -> String {
    text(
        site,
        "SELECT l.population_id FROM population_label l JOIN rubrique r ON r.id = l.rubrique_id WHERE r.name = ?1 AND l.label = ?2",
        params![rubrique, label],
    )
}

/// An administrator of another establishment of the same network.
fn stranger(site: &Site) -> Visitor<'_> {
    site.add_establishment(ELSEWHERE, "Collège d’ailleurs");
    site.add_person(STRANGER, ELSEWHERE, "staff", "Ève", "Lointaine");
    site.database().execute("INSERT INTO local_admin VALUES (?1, ?2)", params![STRANGER, ELSEWHERE]).unwrap();
    site.sign_in(STRANGER)
}
