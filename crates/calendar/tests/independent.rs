//! What we write, as independent libraries read it: Python `icalendar` and npm `ical.js`, when `target/peers` holds them
//! (`pip install --target target/peers/python icalendar`, `npm install --prefix target/peers ical.js`). They get the very
//! same files, across the changes of the clocks, and must say the same instants as the time zone database.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use calendar::{Event, Method, Participation, Person, When, feed, message};
use clock::{DateTime, Zone};
use serde_json::{Value, json};

const ORGANIZER: Person<'_> = Person {
    name: "Claire Lefèvre; dite \"Clairette\", CPE",
    address: "reponse+0123456789abcdef0123456789abcdef@college-jaures.example",
};
const ATTENDEE: Person<'_> = Person { name: "Karim Benali : père", address: "karim.benali@example.org" };
const TITLE: &str = "Réunion parents-professeurs, 6e A ; salle « Émile-Zola » \\ 🏫 et un titre assez long pour être plié plusieurs fois sans couper un é";
const SUMMARY: &str = "Première ligne, avec ; et \\n\nDeuxième ligne : « à bientôt »\n\tTroisième";

struct Case {
    zone: &'static str,
    when: When,
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn cases() -> Vec<Case> {
    let times = |zone, start: &str, end: &str| Case { zone, when: When::Times(at(start), at(end)) };
    let days =
        |zone, first: &str, last: &str| Case { zone, when: When::Days(first.parse().unwrap(), last.parse().unwrap()) };
    let mut cases = vec![
        // Summer, winter, over both changes, in the hour that comes twice, years away.
        times("Europe/Paris", "2026-06-20T18:00", "2026-06-20T20:00"),
        times("Europe/Paris", "2026-11-03T18:00", "2026-11-03T20:00"),
        times("Europe/Paris", "2026-10-24T18:00", "2026-10-25T10:00"),
        times("Europe/Paris", "2026-10-25T01:30", "2026-10-25T03:30"),
        times("Europe/Paris", "2026-03-28T18:00", "2026-03-29T08:00"),
        times("Europe/Paris", "2027-03-28T01:59", "2027-03-28T03:01"),
        times("Europe/Paris", "2035-10-28T00:30", "2035-10-28T12:00"),
        times("Europe/Paris", "2026-01-05T08:00", "2026-12-18T17:00"),
        times("America/Miquelon", "2026-10-31T18:00", "2026-11-01T18:00"),
        days("Europe/Paris", "2026-10-25", "2026-10-25"),
        days("Europe/Paris", "2027-03-05", "2027-03-06"),
        days("Indian/Reunion", "2026-12-31", "2027-01-01"),
        days("Europe/Paris", "2028-02-28", "2028-02-29"),
    ];
    cases.extend(clock::ZONES.map(|zone| times(zone, "2026-07-14T09:15", "2026-07-14T10:45")));
    cases.extend(clock::ZONES.map(|zone| times(zone, "2027-01-11T09:15", "2027-01-13T10:45")));
    cases
}

/// What a reader has to say about a case, or about the same cancelled.
fn expected(case: &Case, sequence: u32, cancelled: bool) -> Value {
    let zone = Zone::named(case.zone);
    let (start, end) = match case.when {
        When::Times(start, end) => (json!(zone.instant(start).unwrap()), json!(zone.instant(end).unwrap())),
        When::Days(first, last) => (json!(first.to_string()), json!(last.tomorrow().unwrap().to_string())),
    };
    json!({
        "uid": "01k9@college-jaures.example", "sequence": sequence, "summary": TITLE, "location": "Salle 12, 1er étage",
        "description": SUMMARY, "status": if cancelled { "CANCELLED" } else { "CONFIRMED" }, "stamp": 1_792_480_530_000_i64,
        "dtstart": start, "dtend": end,
    })
}

/// The files, and what is to be understood of each.
fn written(folder: &Path) -> (Vec<PathBuf>, Vec<Value>) {
    let mut files = Vec::new();
    let mut answers = Vec::new();
    let mut put = |text: &str, answer: Value| {
        let path = folder.join(format!("{}.ics", files.len()));
        std::fs::write(&path, text).unwrap();
        files.push(path);
        answers.push(answer);
    };
    let cases = cases();
    let zones: Vec<Zone> = cases.iter().map(|case| Zone::named(case.zone)).collect();
    let event = |index: usize, sequence, cancelled| Event {
        uid: "01k9@college-jaures.example",
        sequence,
        revised_at: 1_792_480_530_000,
        title: TITLE,
        place: "Salle 12, 1er étage",
        summary: SUMMARY,
        url: "https://ent.example/broadcast/agenda/events/01K9",
        when: cases[index].when,
        zone: &zones[index],
        cancelled,
    };
    let named = |mut event: Value, organizer: &str, attendee: &str, partstat: &str, cn: &str| {
        event["organizer"] = json!(organizer);
        event["attendee"] = json!(attendee);
        event["partstat"] = json!(partstat);
        event["cn"] = json!(cn);
        event
    };
    let (organizer, attendee) = (format!("mailto:{}", ORGANIZER.address), format!("mailto:{}", ATTENDEE.address));
    for (index, case) in cases.iter().enumerate() {
        let request =
            Method::Request { organizer: ORGANIZER, attendee: ATTENDEE, participation: Participation::NeedsAction };
        for (sequence, cancelled) in [(0, false), (1, false), (2, true)] {
            let answer =
                named(expected(case, sequence, cancelled), &organizer, &attendee, "NEEDS-ACTION", ATTENDEE.name);
            let method = if cancelled { "CANCEL" } else { "REQUEST" };
            put(&message(&event(index, sequence, cancelled), &request), json!({"method": method, "events": [answer]}));
            let answer = named(expected(case, sequence, cancelled), &organizer, "", "", "");
            let publish = Method::Publish { organizer: ORGANIZER };
            put(
                &message(&event(index, sequence, cancelled), &publish),
                json!({"method": "PUBLISH", "events": [answer]}),
            );
        }
    }
    let events: Vec<_> = (0..cases.len()).map(|index| event(index, 0, false)).collect();
    let all: Vec<Value> = cases.iter().map(|case| named(expected(case, 0, false), "", "", "", "")).collect();
    put(&feed("Agenda : vie de l’école, 2026", &events), json!({"method": "", "events": all}));
    (files, answers)
}

fn agrees(reader: &str, command: &mut Command) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(reader);
    std::fs::create_dir_all(&folder).unwrap();
    let (files, answers) = written(&folder);
    let output = command.args(&files).output().unwrap();
    assert!(output.status.success(), "{reader}: {}", String::from_utf8_lossy(&output.stderr));
    let said: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(said.len(), files.len(), "{reader}");
    for ((said, expected), file) in said.iter().zip(&answers).zip(&files) {
        assert_eq!(said, expected, "{reader}, {}", file.display());
    }
}

/// A path under `target/peers`, if it is there.
fn peer(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers").join(path);
    if found.exists() {
        return Some(found);
    }
    println!("SKIPPED: {} is not there", found.display());
    None
}

#[test]
fn python_icalendar_reads_what_we_write() {
    let Some(library) = peer("python/icalendar") else { return };
    let mut command = Command::new("python3");
    command
        .env("PYTHONPATH", library.parent().unwrap())
        .arg(format!("{}/tests/peers/check.py", env!("CARGO_MANIFEST_DIR")));
    agrees("icalendar", &mut command);
}

#[test]
fn ical_js_reads_what_we_write() {
    let Some(library) = peer("node_modules/ical.js/dist/ical.js") else { return };
    let mut command = Command::new("node");
    command.arg(format!("{}/tests/peers/check.mjs", env!("CARGO_MANIFEST_DIR"))).arg(library);
    agrees("ical.js", &mut command);
}
