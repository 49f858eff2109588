//! People as the entries that tell of them say they are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use feed::{Place, Record};
use people::{Namer, Profile, fold, network_group};
use serde::Serialize;
use store::{Database, params};

use crate::group_seats::{self, Seat};
use crate::identity::{folded_name, profile};
use crate::labels::{disciplines, function};
use crate::reconcile::Chunk;
use crate::structures::Structures;
use crate::{Chance, Error};

/// An entry of the mirror.
pub(crate) struct Entry {
    pub(crate) n: i64,
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) record: Record,
    pub(crate) person: Option<String>,
    pub(crate) gone: bool,
    pub(crate) limits: Option<String>,
}

/// A person as she should be.
#[derive(Serialize)]
pub(crate) struct Desired {
    pub(crate) id: String,
    pub(crate) uai: String,
    profile: &'static str,
    last: String,
    first: String,
    folded: String,
    function: String,
    #[serde(flatten)]
    detail: BTreeMap<&'static str, String>,
}

impl Desired {
    /// From the entries that tell of her, the first of which counts most; the others fill in what it does not say.
    pub(crate) fn of(id: &str, uai: &str, kind: &str, records: &[&Record]) -> Self {
        let main = records.first().copied().cloned().unwrap_or_default();
        let profile = profile(kind, &main);
        let text = |pick: fn(&Record) -> &Option<String>| {
            records.iter().find_map(|record| pick(record).clone()).unwrap_or_default().trim().to_owned()
        };
        let street = records.iter().find_map(|record| record.street.clone()).unwrap_or_default().join("\n");
        let detail = BTreeMap::from([
            ("title", text(|r| &r.title)),
            ("birth_name", text(|r| &r.birth_name)),
            ("birth_date", text(|r| &r.birth_date)),
            ("ine", text(|r| &r.ine)),
            ("level", text(|r| &r.level)),
            ("mail", text(|r| &r.mail)),
            ("mobile", text(|r| &r.mobile)),
            ("home_phone", text(|r| &r.home_phone)),
            ("work_phone", text(|r| &r.work_phone)),
            ("street", street),
            ("postcode", text(|r| &r.postcode)),
            ("city", text(|r| &r.city)),
            ("country", text(|r| &r.country)),
        ]);
        Self {
            id: id.to_owned(),
            uai: uai.to_owned(),
            profile: profile.as_str(),
            last: text(|r| &r.last_name),
            first: text(|r| &r.first_name),
            folded: folded_name(&main),
            function: function(&main, profile),
            detail,
        }
    }
}

/// Has adults or students follow their entries.
pub(crate) fn follow(database: &dyn Database, chance: &mut impl Chance, now: i64, chunk: &Chunk) -> Result<(), Error> {
    let kind = chunk.kind;
    let mut structures: HashMap<&str, Structures> = HashMap::new();
    let mut told: BTreeMap<&str, Vec<(&Entry, String)>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for entry in &chunk.entries {
        if !structures.contains_key(entry.source.as_str()) {
            structures.insert(&entry.source, Structures::load(database, &entry.source, 0)?);
        }
        let Some(known) = structures.get(entry.source.as_str()) else { continue };
        let (Some(person), Some(uai)) =
            (entry.person.as_deref(), known.home(&entry.record).and_then(|home| known.uai(home)))
        else {
            continue;
        };
        let list = told.entry(person).or_default();
        if list.is_empty() {
            order.push(person);
        }
        list.push((entry, uai.to_owned()));
    }
    let mut desired = Vec::new();
    let mut seats = BTreeSet::new();
    for person in order {
        let Some(told) = told.get(person) else { continue };
        let records: Vec<&Record> = told.iter().map(|(entry, _)| &entry.record).collect();
        let Some((_, uai)) = told.first() else { continue };
        let one = Desired::of(person, uai, kind, &records);
        for (entry, uai) in told {
            let Some(known) = structures.get(entry.source.as_str()) else { continue };
            take_seats(
                &mut seats,
                person,
                uai,
                profile(kind, records.first().copied().unwrap_or(&entry.record)),
                &entry.record,
                known,
            );
        }
        desired.push(one);
    }
    group_seats::provide(database, chance, now, &seats)?;
    write(database, chance, now, &desired, &chunk.written)?;
    leave(database, now, &desired, &chunk.written)?;
    group_seats::take(database, &chunk.written, &seats)?;
    if kind == "student" {
        tell_relatives(database, chunk, &desired)?;
    }
    Ok(())
}

fn take_seats(
    seats: &mut BTreeSet<Seat>,
    person: &str,
    uai: &str,
    profile: Profile,
    record: &Record,
    known: &Structures,
) {
    let mut seat = |uai: &str, kind, name: &str| {
        seats.insert(Seat {
            person: person.to_owned(),
            uai: uai.to_owned(),
            kind,
            profile: profile.as_str(),
            name: name.to_owned(),
        });
    };
    seat("", "network", network_group(profile));
    seat(uai, "establishment", "");
    let class = |place: &Place| -> Option<(String, String)> {
        let name: String = place.name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect();
        known.uai(&place.structure).filter(|_| !name.is_empty()).map(|uai| (uai.to_owned(), name))
    };
    for (kind, list) in [("class", &record.classes), ("teaching-group", &record.groups)] {
        for (uai, name) in list.iter().flatten().filter_map(class) {
            seat(&uai, kind, &name);
            // Whoever teaches there belongs there.
            seat(&uai, "establishment", "");
        }
    }
    for uai in record.functions.iter().flatten().filter_map(|function| known.uai(&function.structure)) {
        seat(uai, "establishment", "");
    }
    if profile == Profile::Teacher {
        for (uai, name) in record.head_of.iter().flatten().filter_map(class) {
            seat(&uai, "head-teacher", &name);
            seat(&uai, "head-teacher", "");
        }
        for discipline in disciplines(record) {
            seat(uai, "discipline", &discipline);
        }
    }
}

/// Writes people: those who are new with login, address and activation code, the others where they differ.
pub(crate) fn write(
    database: &dyn Database,
    chance: &mut impl Chance,
    now: i64,
    desired: &[Desired],
    written: &[String],
) -> Result<(), Error> {
    let json = serde_json::to_string(desired)?;
    let there: HashSet<&str> = written.iter().map(String::as_str).collect();
    let new: Vec<&Desired> = desired.iter().filter(|one| !there.contains(one.id.as_str())).collect();
    if !new.is_empty() {
        create(database, chance, now, &new)?;
    }
    if !there.is_empty() {
        database.execute(
            "UPDATE person SET uai = j.value ->> 'uai', profile = j.value ->> 'profile', last_name = j.value ->> 'last',
                first_name = j.value ->> 'first', folded_name = j.value ->> 'folded', function = j.value ->> 'function', left_at = NULL
             FROM json_each(?1) j
             WHERE person.id = j.value ->> 'id' AND (person.left_at IS NOT NULL OR
                (person.uai, person.profile, person.last_name, person.first_name, person.folded_name, person.function) IS NOT
                (j.value ->> 'uai', j.value ->> 'profile', j.value ->> 'last', j.value ->> 'first', j.value ->> 'folded', j.value ->> 'function'))",
            params![json.as_str()],
        )?;
    }
    database.execute(
        "INSERT INTO person_detail (person_id, title, birth_name, birth_date, ine, level, mail, mobile, home_phone, work_phone,
            street, postcode, city, country)
         SELECT j.value ->> 'id', j.value ->> 'title', j.value ->> 'birth_name', j.value ->> 'birth_date', j.value ->> 'ine',
            j.value ->> 'level', j.value ->> 'mail', j.value ->> 'mobile', j.value ->> 'home_phone', j.value ->> 'work_phone',
            j.value ->> 'street', j.value ->> 'postcode', j.value ->> 'city', j.value ->> 'country'
         FROM json_each(?1) j WHERE true
         ON CONFLICT (person_id) DO UPDATE SET title = excluded.title, birth_name = excluded.birth_name,
            birth_date = excluded.birth_date, ine = excluded.ine, level = excluded.level, mail = excluded.mail,
            mobile = excluded.mobile, home_phone = excluded.home_phone, work_phone = excluded.work_phone,
            street = excluded.street, postcode = excluded.postcode, city = excluded.city, country = excluded.country",
        params![json],
    )?;
    Ok(())
}

/// numbered among homonyms in the order in which they come.
fn create(database: &dyn Database, chance: &mut impl Chance, now: i64, new: &[&Desired]) -> Result<(), Error> {
    let uais: BTreeSet<&str> = new.iter().map(|one| one.uai.as_str()).collect();
    let rows = database.execute(
        "SELECT e.uai, e.domain FROM json_each(?1) j CROSS JOIN establishment e ON e.uai = j.value",
        params![serde_json::to_string(&uais)?],
    )?;
    let mut domains = HashMap::new();
    for row in &rows {
        domains.insert(row.text(0)?, row.text(1)?);
    }
    let names: Vec<(&str, &str)> = new.iter().map(|one| (one.first.as_str(), one.last.as_str())).collect();
    let mut namer = Namer::new(people::taken(&database, &names)?);
    let mut created = Vec::new();
    for one in new {
        let Some(domain) = domains.get(one.uai.as_str()) else { continue };
        let login = namer.login(&one.first, &one.last);
        let address = namer.address(&one.first, &one.last, domain);
        let (login, address) = (login.to_string(), address.to_string());
        created.push((
            &one.id,
            &one.uai,
            one.profile,
            &one.last,
            &one.first,
            &one.folded,
            &one.function,
            login,
            address,
            chance.code()?,
        ));
    }
    database.execute(
        "INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, function, login, universal_address,
            activation_code, created_at)
         SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5, j.value ->> 6,
            j.value ->> 7, j.value ->> 8, j.value ->> 9, ?2
         FROM json_each(?1) j WHERE true ORDER BY j.key
         ON CONFLICT (id) DO NOTHING",
        params![serde_json::to_string(&created)?, now],
    )?;
    Ok(())
}

/// Those whom no source has any more: they are kept for the legal delay, out of all automatic groups.
pub(crate) fn leave(database: &dyn Database, now: i64, desired: &[Desired], written: &[String]) -> Result<(), Error> {
    let staying: HashSet<&str> = desired.iter().map(|one| one.id.as_str()).collect();
    let leaving: Vec<&String> = written.iter().filter(|id| !staying.contains(id.as_str())).collect();
    if !leaving.is_empty() {
        database.execute(
            "UPDATE person SET left_at = ?2 WHERE left_at IS NULL AND id IN (SELECT j.value FROM json_each(?1) j)",
            params![serde_json::to_string(&leaving)?, now],
        )?;
    }
    Ok(())
}

/// What students say of their relatives is kept, and the relatives follow: those they have now, those they will have, and
/// those who name such a child.
fn tell_relatives(database: &dyn Database, chunk: &Chunk, desired: &[Desired]) -> Result<(), Error> {
    let Chunk { rows, entries, written, .. } = chunk;
    let mut ties = BTreeSet::new();
    for entry in entries {
        for tie in entry.record.relatives.iter().flatten() {
            ties.insert((entry.n, entry.source.as_str(), format!("id:{}", tie.id), tie.legal));
        }
    }
    // A tie told twice is legal if it is once: `true` comes last.
    let folded: HashMap<&str, &str> = desired.iter().map(|one| (one.id.as_str(), one.folded.as_str())).collect();
    let mut names: BTreeSet<(&str, String)> = BTreeSet::new();
    for entry in entries {
        names.insert((&entry.source, format!("student:{}", entry.id)));
        if let Some(folded) = entry.person.as_deref().and_then(|person| folded.get(person)) {
            names.insert((&entry.source, format!("name:{folded}")));
        }
    }
    let tellers: Vec<i64> = entries.iter().map(|entry| entry.n).collect();
    let follow = "UPDATE source_record SET dirty = 1 WHERE dirty = 0 AND kind = 'relative' AND n IN (
            SELECT r.n FROM json_each(?1) s CROSS JOIN kinship k ON k.student_id = s.value
                CROSS JOIN source_record r ON r.person_id = k.relative_id
            UNION SELECT r.n FROM json_each(?2) c CROSS JOIN source_tie t ON t.n = c.value AND t.target GLOB 'id:*'
                CROSS JOIN source_record r ON r.source = t.source AND r.kind = 'relative' AND r.id = substr(t.target, 4)
            UNION SELECT t.n FROM json_each(?3) x CROSS JOIN source_tie t
                ON t.source = x.value ->> 0 AND t.target = x.value ->> 1)";
    let (people, names) = (serde_json::to_string(written)?, serde_json::to_string(&names)?);
    // Before what is kept changes and after, so that both ends follow however often this is begun again.
    database.execute(follow, params![people.as_str(), rows.as_str(), names.as_str()])?;
    replace_ties(
        database,
        rows,
        &ties
            .into_iter()
            .map(|(n, source, target, legal)| (n, source, target, String::new(), legal))
            .collect::<Vec<_>>(),
    )?;
    database.execute(follow, params![people, serde_json::to_string(&tellers)?, names])?;
    Ok(())
}

/// The ties that the entries `rows` tell of: (entry, source, target, class, legal).
pub(crate) fn replace_ties(
    database: &dyn Database,
    rows: &str,
    ties: &[(i64, &str, String, String, bool)],
) -> Result<(), Error> {
    let json = serde_json::to_string(ties)?;
    database.execute(
        "DELETE FROM source_tie WHERE n IN (SELECT r.value FROM json_each(?1) r)
            AND (n, target) NOT IN (SELECT j.value ->> 0, j.value ->> 2 FROM json_each(?2) j)",
        params![rows, json.as_str()],
    )?;
    database.execute(
        "INSERT INTO source_tie (n, source, target, class, legal)
         SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4 FROM json_each(?1) j WHERE true
         ON CONFLICT (n, target) DO UPDATE SET class = excluded.class, legal = excluded.legal
            WHERE class <> excluded.class OR legal <> excluded.legal",
        params![json],
    )?;
    Ok(())
}

/// A child's name as ties have it: the one in use, else the family's.
pub(crate) fn child_target(child: &feed::NamedChild) -> String {
    let last = if child.usual_name.trim().is_empty() { &child.last_name } else { &child.usual_name };
    format!("name:{}", fold(&format!("{last} {}", child.first_name)))
}
