//! What a school has in its agenda (B-2): resources that are lent, and events of its rubriques, on both sides of the clock.
//! Nothing of it was told by message: the letters of the demo are those of `letters`.

use people::fold;
use store::{Database, params};
use ulid::Ulid;

use crate::Error;
use crate::person::CREATED;
use crate::rng::Rng;
use crate::school::School;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

const LENT: [(&str, &str, &str); 5] = [
    ("room", "Salle polyvalente", "120 places, sonorisation ; clés à la loge"),
    ("room", "Salle de réunion B12", "20 places, vidéoprojecteur"),
    ("vehicle", "Minibus", "9 places ; permis B, carnet de bord à l’intendance"),
    ("equipment", "Chariot de portables n° 1", "16 postes, à recharger après usage"),
    ("equipment", "Chariot de portables n° 2", "16 postes, à recharger après usage"),
];

struct Planned {
    rubrique: &'static str,
    title: &'static str,
    place: &'static str,
    summary: &'static str,
    /// Days from the clock, and on to this day of the week (0 for Monday).
    day: i64,
    weekday: i64,
    /// Hours and minutes of the school's clock; none for whole days.
    hours: Option<[(i64, i64); 2]>,
    /// Days it lasts, when whole.
    days: i64,
    resources: &'static [&'static str],
    state: &'static str,
    confirmation: bool,
    follow_up: &'static str,
}

/// Writes them; `now` in UTC milliseconds.
pub(crate) fn write(database: &dyn Database, school: &School, now: i64, mut rng: Rng) -> Result<(), Error> {
    let mut id = || Ulid::from_parts(CREATED, rng.bits()).to_string();
    for (kind, name, description) in LENT {
        database.execute(
            "INSERT INTO resource (id, uai, kind, name, folded_name, description, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![id(), &school.uai, kind, name, fold(name), description, CREATED.cast_signed()],
        )?;
    }
    let class = school.classes.first().map_or("", |class| class.name.as_str());
    for event in events() {
        let (name, title) = (event.rubrique.replace("{}", class), event.title.replace("{}", class));
        add(database, school, now, &id(), &event, &name, &title)?;
    }
    // Two families have answered, one pupil asks.
    database.execute(
        "INSERT INTO answer (event_id, person_id, participation, comment, sequence, stamp, answered_at)
            SELECT e.id, p.id, CASE p.last_name WHEN 'Haddad' THEN 'declined' ELSE 'accepted' END,
                CASE p.last_name WHEN 'Haddad' THEN 'Je travaille ce soir-là ; M. Benali viendra.' ELSE '' END, 0, ?2, ?2
            FROM event e JOIN person p ON p.uai = e.uai AND p.login IN ('karim.benali', 'nadia.haddad')
            WHERE e.uai = ?1 AND e.confirmation AND e.state = 'published'",
        params![&school.uai, now - DAY],
    )?;
    database.execute(
        "INSERT INTO event_comment (id, event_id, author_id, text, state, created_at)
            SELECT ?3, e.id, p.id, 'Faut-il apporter le pique-nique ?', 'pending', ?2
            FROM event e JOIN person p ON p.uai = e.uai AND p.login = 'lina.benali' WHERE e.uai = ?1 AND e.follow_up = 'moderated'",
        params![&school.uai, now - DAY, id()],
    )?;
    Ok(())
}

fn add(
    database: &dyn Database,
    school: &School,
    now: i64,
    id: &str,
    event: &Planned,
    rubrique: &str,
    title: &str,
) -> Result<(), Error> {
    // Noon: the same day in Paris and in UTC, whatever the clocks do.
    let at = now - now.rem_euclid(DAY) + event.day * DAY + 12 * HOUR;
    let zone = clock::Zone::named("Europe/Paris");
    let weekday = i64::from(zone.civil(at).date().weekday().to_monday_zero_offset());
    let at = at + (event.weekday - weekday).rem_euclid(7) * DAY;
    let day = |offset: i64| zone.civil(at + offset * DAY).date().to_string();
    let [(from, from_minutes), (to, to_minutes)] = event.hours.unwrap_or([(0, 0), (0, 0)]);
    let length = if event.hours.is_some() { 0 } else { event.days - 1 };
    let wanted: Vec<&str> = event.resources.to_vec();
    let wanted = serde_json::Value::from(wanted).to_string();
    let (first, last) = (day(0), day(length));
    let (starts, ends) = if event.hours.is_some() {
        (format!("{first}T{from:02}:{from_minutes:02}"), format!("{last}T{to:02}:{to_minutes:02}"))
    } else {
        (first.clone(), last.clone())
    };
    let instant = |text: &str| {
        let minute = if text.len() == 10 { format!("{text}T00:00") } else { text.to_owned() };
        minute.parse().ok().and_then(|at| zone.instant(at)).ok_or(Error::Contradiction("an event without a date"))
    };
    let starts_at = instant(&starts)?;
    let ends_at = if event.hours.is_some() { instant(&ends)? } else { instant(&day(length + 1))? };
    database.execute(
        "INSERT INTO event (id, rubrique_id, uai, author_id, changed_by, uid, title, place, summary, all_day, starts, ends, zone,
            starts_at, ends_at, resources, state, confirmation, follow_up, revised_at, created_at, published_at, cancelled_at)
        SELECT ?1, r.id, r.uai, w.id, w.id, lower(?1) || '@' || ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'Europe/Paris', ?10, ?11,
            (SELECT json_group_array(x.id) FROM resource x WHERE x.uai = r.uai AND x.name IN (SELECT j.value FROM json_each(?12) j)),
            ?13, ?14, ?15, ?16, ?16, CASE WHEN ?13 <> 'draft' THEN ?16 END, CASE WHEN ?13 = 'cancelled' THEN ?16 END
        FROM rubrique r JOIN editable_rubrique v ON v.rubrique_id = r.id JOIN person w ON w.id = v.person_id
        WHERE r.uai = ?2 AND r.name = ?17
        ORDER BY w.login <> 'claire.lefevre', w.login <> 'sophie.legoff', w.id LIMIT 1",
        params![
            id,
            &school.uai,
            &school.domain,
            title,
            event.place,
            event.summary,
            event.hours.is_none(),
            starts,
            ends,
            starts_at,
            ends_at,
            wanted,
            event.state,
            event.confirmation,
            event.follow_up,
            now - 3 * DAY - HOUR,
            rubrique,
        ],
    )?;
    Ok(())
}

fn events() -> [Planned; 8] {
    let quiet = Planned {
        rubrique: "Direction",
        title: "",
        place: "",
        summary: "",
        day: 0,
        weekday: 3,
        hours: None,
        days: 1,
        resources: &[],
        state: "published",
        confirmation: false,
        follow_up: "off",
    };
    [
        Planned {
            title: "Conseil d’administration",
            place: "Salle de réunion B12",
            summary: "Vote du budget, voyages, règlement intérieur.",
            day: -12,
            hours: Some([(18, 0), (20, 30)]),
            resources: &["Salle de réunion B12"],
            ..quiet
        },
        Planned {
            rubrique: "Classe de {}",
            title: "Réunion parents-professeurs de {}",
            place: "Salle polyvalente",
            summary: "Chaque famille rencontre les professeurs, dix minutes chacun.\nMerci de confirmer votre présence.",
            day: 9,
            hours: Some([(17, 30), (20, 0)]),
            resources: &["Salle polyvalente"],
            confirmation: true,
            ..quiet
        },
        Planned {
            rubrique: "Classe de {}",
            title: "Sortie au musée d’archéologie",
            place: "Départ devant le collège",
            summary: "Toute la journée, en car. Retour à 17 h.",
            day: 16,
            weekday: 1,
            hours: Some([(8, 15), (17, 0)]),
            resources: &["Minibus"],
            follow_up: "moderated",
            ..quiet
        },
        Planned {
            rubrique: "Classe de {}",
            title: "Conseil de classe de {}",
            place: "Salle de réunion B12",
            summary: "Avec les délégués des élèves et des parents.",
            day: 23,
            weekday: 0,
            hours: Some([(17, 0), (18, 30)]),
            resources: &["Salle de réunion B12"],
            ..quiet
        },
        Planned {
            rubrique: "Classe de {}",
            title: "Brouillon : spectacle de fin d’année",
            summary: "À préparer avec le club théâtre.",
            day: 60,
            state: "draft",
            ..quiet
        },
        Planned {
            title: "Portes ouvertes",
            place: "Tout l’établissement",
            summary: "Visites, ateliers, rencontre avec les professeurs.",
            day: 30,
            weekday: 4,
            days: 2,
            resources: &["Salle polyvalente", "Chariot de portables n° 1"],
            follow_up: "open",
            ..quiet
        },
        Planned { title: "Journée pédagogique : pas de cours", day: 37, ..quiet },
        Planned {
            rubrique: "Vie scolaire",
            title: "Course d’orientation",
            place: "Parc de la ville",
            summary: "Annulée à cause de la météo.",
            day: 4,
            weekday: 2,
            hours: Some([(13, 30), (16, 30)]),
            state: "cancelled",
            ..quiet
        },
    ]
}
