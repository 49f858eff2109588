//! What an entry makes of what the mirror holds: a modification is put together with it, and where the import is limited to
//! some establishments, what it says of others is taken out. Limits are about people: no file can reach those of another
//! establishment, take them over, or tie anybody to them.

use feed::{Kind, Record};
use people::fold;
use store::{Database, Row, params};

use crate::mirror::{patched, tidy, word};
use crate::structures::Structures;
use crate::{Error, Import};

const CHUNK: i64 = 1000;
/// Students last: their ties ask which relatives were taken.
const ORDER: [Kind; 6] = [Kind::Establishment, Kind::Subject, Kind::Level, Kind::Relative, Kind::Adult, Kind::Student];

/// An entry, what the mirror holds of it, and whose person that is.
struct Case {
    id: String,
    delete: bool,
    patch: bool,
    said: Record,
    before: Option<Record>,
    /// The establishment of the person it tells of, if there is one.
    owner: Option<String>,
    /// A relative who has a child in an establishment that is out of limits.
    shared: bool,
}

enum Verdict {
    Keep(Box<Record>),
    Delete,
    Reject(&'static str, &'static str),
}

const OUTSIDE: Verdict = Verdict::Reject(
    "outside",
    "Cette fiche concerne un autre établissement que les vôtres : elle est laissée de côté, rien n’y change.",
);
const UNKNOWN: Verdict = Verdict::Reject(
    "unknown-id",
    "Cette modification concerne une fiche que la source n’a jamais donnée. Importez d’abord le fichier complet.",
);

/// Judges all entries of an import that cannot be taken as they are.
pub(crate) fn judge(database: &dyn Database, import: &Import) -> Result<(), Error> {
    for kind in ORDER {
        // Establishments of the import that are out of limits are gone by the time people are judged.
        let structures = Structures::load(database, &import.source, import.n)?;
        let mut after = String::new();
        loop {
            let cases = cases(database, import, kind, &after)?;
            let Some(last) = cases.last() else { break };
            after.clone_from(&last.id);
            decide(database, import, kind, &structures, cases)?;
        }
    }
    Ok(())
}

fn cases(database: &dyn Database, import: &Import, kind: Kind, after: &str) -> Result<Vec<Case>, Error> {
    let rows = database.execute(
        "SELECT e.id, e.change, coalesce(e.said, e.record), m.record, p.uai,
            e.kind = 'relative' AND ?5 IS NOT NULL AND EXISTS (SELECT 1 FROM kinship k JOIN person s ON s.id = k.student_id
                WHERE k.relative_id = p.id AND s.uai NOT IN (SELECT l.value FROM json_each(?5) l)), coalesce(m.gone, 1)
         FROM import_entry e
         LEFT JOIN source_record m ON m.source = ?2 AND m.kind = e.kind AND m.id = e.id
         LEFT JOIN person p ON p.id = m.person_id
         WHERE e.import_n = ?1 AND e.kind = ?3 AND e.id > ?4 AND (?5 IS NOT NULL OR e.change = 'patch')
         ORDER BY e.id LIMIT ?6 + 0",
        params![import.n, &import.source, word(kind), after, import.limits_json()?, CHUNK],
    )?;
    rows.iter().map(case).collect()
}

fn case(row: &Row) -> Result<Case, Error> {
    let (change, said) = (row.text(1)?, row.text(2)?);
    let before = row.optional_text(3)?.map(serde_json::from_str).transpose()?;
    let patch = change == "patch";
    Ok(Case {
        id: row.text(0)?.to_owned(),
        delete: change == "delete",
        patch,
        said: if said.is_empty() { Record::default() } else { serde_json::from_str(said)? },
        // Nobody can modify what is gone.
        before: if patch && row.boolean(6)? { None } else { before },
        owner: row.optional_text(4)?.map(str::to_owned),
        shared: row.boolean(5)?,
    })
}

fn decide(
    database: &dyn Database,
    import: &Import,
    kind: Kind,
    structures: &Structures,
    cases: Vec<Case>,
) -> Result<(), Error> {
    let ties = match (&import.limits, kind) {
        (Some(_), Kind::Student) => Some(allowed_ties(database, import, &cases)?),
        _ => None,
    };
    let (mut kept, mut rejected) = (Vec::new(), Vec::new());
    for case in cases {
        let id = case.id.clone();
        match verdict(import, kind, structures, ties.as_ref(), case) {
            Verdict::Keep(record) => {
                let structure = match kind {
                    Kind::Establishment => id.clone(),
                    _ => structures.home(&record).or(record.structure.as_deref()).unwrap_or_default().to_owned(),
                };
                kept.push((id, structure, serde_json::to_string(&record)?));
            }
            Verdict::Delete => {}
            Verdict::Reject(code, words) => rejected.push((id, code, words)),
        }
    }
    database.execute(
        "UPDATE import_entry SET said = coalesce(said, record), structure = j.value ->> 1, record = j.value ->> 2
         FROM json_each(?3) j WHERE import_entry.import_n = ?1 AND import_entry.kind = ?2 AND import_entry.id = j.value ->> 0",
        params![import.n, word(kind), serde_json::to_string(&kept)?],
    )?;
    reject(database, import, kind, &rejected)
}

/// Leaves entries out: (id, code, words). The line first, so that none is lost without a trace.
pub(crate) fn reject(
    database: &dyn Database,
    import: &Import,
    kind: Kind,
    rejected: &[(String, &str, &str)],
) -> Result<(), Error> {
    if rejected.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(rejected)?;
    database.execute(
        "INSERT INTO import_reject (import_n, file, line, code, kind, id, words)
         SELECT e.import_n, e.file, e.line, j.value ->> 1, e.kind, e.id, j.value ->> 2
         FROM json_each(?3) j JOIN import_entry e ON e.import_n = ?1 AND e.kind = ?2 AND e.id = j.value ->> 0
         WHERE true ON CONFLICT DO NOTHING",
        params![import.n, word(kind), json.as_str()],
    )?;
    database.execute(
        "DELETE FROM import_entry WHERE import_n = ?1 AND kind = ?2 AND id IN (SELECT j.value ->> 0 FROM json_each(?3) j)",
        params![import.n, word(kind), json],
    )?;
    Ok(())
}

fn verdict(
    import: &Import,
    kind: Kind,
    structures: &Structures,
    ties: Option<&std::collections::HashSet<String>>,
    case: Case,
) -> Verdict {
    let Case { id: _, delete, patch, said, before, owner, shared } = case;
    let (said_name, said_places) = (said.clone(), said.clone());
    let record = match (patch, &before) {
        (true, None) => return UNKNOWN,
        (true, Some(before)) => tidy(patched(before.clone(), said)),
        (false, _) => said,
    };
    let Some(limits) = &import.limits else {
        return if delete { Verdict::Delete } else { Verdict::Keep(Box::new(record)) };
    };
    let mine =
        |structure: &str| structures.uai(structure).is_some_and(|uai| limits.iter().any(|own| own.as_str() == uai));
    let inside = |uai: &str| limits.iter().any(|own| own.as_str() == uai);
    let old_home = before.as_ref().and_then(|before| structures.home(before));
    match kind {
        Kind::Establishment => {
            let uais = [record.uai.as_deref(), before.as_ref().and_then(|before| before.uai.as_deref())];
            let outside = uais.into_iter().flatten().any(|uai| !inside(uai));
            if delete || outside || record.uai.is_none() { OUTSIDE } else { Verdict::Keep(Box::new(record)) }
        }
        // Names that others use too stay as they are.
        Kind::Subject | Kind::Level if delete => OUTSIDE,
        Kind::Subject | Kind::Level => Verdict::Keep(Box::new(before.unwrap_or(record))),
        Kind::Relative => {
            let elsewhere = owner.as_deref().is_some_and(|uai| !inside(uai))
                || record.structure.as_deref().is_some_and(|s| !mine(s));
            match before {
                // Who names her rightly knows her already: her children here may be tied to her, her own entry stays.
                Some(before) if elsewhere && !delete && same_name(&before, &said_name) => {
                    Verdict::Keep(Box::new(before))
                }
                _ if elsewhere || (delete && shared) => OUTSIDE,
                _ if delete => Verdict::Delete,
                _ => Verdict::Keep(Box::new(record)),
            }
        }
        Kind::Adult | Kind::Student => {
            let owned_elsewhere = match owner.as_deref() {
                Some(uai) => !inside(uai),
                None => old_home.is_some_and(|home| !mine(home)),
            };
            if owned_elsewhere {
                return OUTSIDE;
            }
            if delete {
                return if before.is_some() { Verdict::Delete } else { OUTSIDE };
            }
            if record.structure.as_deref().is_some_and(|home| structures.uai(home).is_some() && !mine(home)) {
                return OUTSIDE;
            }
            let mut record = within(record, before.as_ref(), &said_places, patch, &mine);
            if !structures.home(&record).is_some_and(mine) {
                return OUTSIDE;
            }
            if let (Some(allowed), Some(relatives)) = (ties, &mut record.relatives) {
                let old = before.as_ref().and_then(|before| before.relatives.as_deref()).unwrap_or_default();
                relatives.retain(|tie| allowed.contains(&tie.id) || old.iter().any(|known| known.id == tie.id));
            }
            Verdict::Keep(Box::new(tidy(record)))
        }
    }
}

fn same_name(one: &Record, other: &Record) -> bool {
    let name = |record: &Record| {
        fold(&format!(
            "{} {}",
            record.last_name.as_deref().unwrap_or_default(),
            record.first_name.as_deref().unwrap_or_default()
        ))
    };
    !name(one).is_empty() && name(one) == name(other)
}

/// What an entry says of its own establishments, beside what was known of the others.
fn within(
    mut record: Record,
    before: Option<&Record>,
    said: &Record,
    patch: bool,
    mine: &impl Fn(&str) -> bool,
) -> Record {
    macro_rules! each {
        ($($list:ident),*) => { $({
            let new = if patch && said.$list.is_none() { record.$list.take() } else { said.$list.clone() };
            let old = before.and_then(|before| before.$list.clone()).unwrap_or_default();
            let own = new.unwrap_or_default().into_iter().filter(|item| mine(&item.structure));
            let list: Vec<_> = own.chain(old.into_iter().filter(|item| !mine(&item.structure))).collect();
            record.$list = Some(list);
        })* };
    }
    each!(classes, groups, head_of, functions);
    record
}

/// The relatives that students of a limited import may be tied to: those of the import, and those whose person is within
/// limits.
fn allowed_ties(
    database: &dyn Database,
    import: &Import,
    cases: &[Case],
) -> Result<std::collections::HashSet<String>, Error> {
    let asked: Vec<&str> =
        cases.iter().flat_map(|case| case.said.relatives.iter().flatten()).map(|tie| tie.id.as_str()).collect();
    let rows = database.execute(
        "SELECT j.value FROM json_each(?3) j
         WHERE EXISTS (SELECT 1 FROM import_entry e WHERE e.import_n = ?1 AND e.kind = 'relative' AND e.id = j.value AND e.change <> 'delete')
            OR EXISTS (SELECT 1 FROM source_record m JOIN person p ON p.id = m.person_id
                WHERE m.source = ?2 AND m.kind = 'relative' AND m.id = j.value
                AND p.uai IN (SELECT l.value FROM json_each(?4) l))",
        params![import.n, &import.source, serde_json::to_string(&asked)?, import.limits_json()?],
    )?;
    Ok(rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect::<Result<_, store::Error>>()?)
}
