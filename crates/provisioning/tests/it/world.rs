//! A small academy, what its files say, and the directory as somebody who knows no id sees it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use feed::{Change, Entry, Function, Kind, Place, Record, Sink as _, Tie};
use provisioning::{Chance, Error, Import, Mode, Request, Source, Staging, advance, begin, confirm, prepare};
use store::{Database, File, Row, Value, params};

pub(crate) const NOW: i64 = 1_790_834_400_000;
pub(crate) const DAY: i64 = 86_400_000;

pub(crate) fn database() -> File {
    let database = File::in_memory().unwrap();
    store::apply_migrations(&database, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations")).unwrap();
    database
}

/// Ids and codes by counting.
#[derive(Default)]
pub(crate) struct Counting(pub(crate) u64);

impl Chance for Counting {
    fn id(&mut self, now: i64) -> String {
        self.0 += 1;
        ulid::Ulid::from_parts(u64::try_from(now).unwrap(), u128::from(self.0)).to_string()
    }

    fn code(&mut self) -> Result<String, Error> {
        self.0 += 1;
        Ok(format!("c{:07}", self.0))
    }
}

/// A database whose statements fail from the nth on: what a killed process leaves.
pub(crate) struct Failing<'a> {
    pub(crate) file: &'a File,
    pub(crate) left: Cell<u32>,
}

impl Database for Failing<'_> {
    fn execute(&self, statement: &str, parameters: &[Value]) -> Result<Vec<Row>, store::Error> {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Err(store::Error::Unavailable("killed".to_owned()));
        };
        self.left.set(left);
        self.file.execute(statement, parameters)
    }
}

pub(crate) fn put(kind: Kind, id: &str, record: Record) -> Entry {
    Entry { line: 1, kind, id: id.to_owned(), change: Change::Put(Box::new(record)) }
}

pub(crate) fn patch(kind: Kind, id: &str, record: Record) -> Entry {
    Entry { line: 1, kind, id: id.to_owned(), change: Change::Patch(Box::new(record)) }
}

pub(crate) fn delete(kind: Kind, id: &str) -> Entry {
    Entry { line: 1, kind, id: id.to_owned(), change: Change::Delete }
}

pub(crate) fn school(id: &str, uai: &str) -> Entry {
    let record = Record { uai: Some(uai.to_owned()), name: Some(format!("Collège {id}")), ..Record::default() };
    put(Kind::Establishment, id, record)
}

pub(crate) fn place(structure: &str, name: &str) -> Place {
    Place { structure: structure.to_owned(), name: name.to_owned(), subject: String::new() }
}

pub(crate) fn named(last: &str, first: &str) -> Record {
    Record { last_name: Some(last.to_owned()), first_name: Some(first.to_owned()), ..Record::default() }
}

pub(crate) fn student(structure: &str, class: &str, last: &str, first: &str, relatives: &[&str]) -> Record {
    let tie = |id: &&str| Tie { id: (*id).to_owned(), link: 1, legal: true };
    Record {
        structure: Some(structure.to_owned()),
        classes: Some(vec![place(structure, class)]),
        relatives: Some(relatives.iter().map(tie).collect()),
        level: Some("6EME".to_owned()),
        ..named(last, first)
    }
}

pub(crate) fn teacher(structure: &str, classes: &[&str], last: &str, first: &str, discipline: &str) -> Record {
    let function = Function {
        structure: structure.to_owned(),
        code: "ENS".to_owned(),
        label: "ENSEIGNEMENT".to_owned(),
        discipline: discipline.to_owned(),
    };
    Record {
        structure: Some(structure.to_owned()),
        classes: Some(classes.iter().map(|class| place(structure, class)).collect()),
        functions: Some(vec![function]),
        ..named(last, first)
    }
}

pub(crate) fn request(source: &Source, mode: Mode) -> Request<'_> {
    Request { source, mode, limits: None, domain: Some("ent.test"), person: None, now: NOW }
}

/// Stages files: a name for each by its place.
pub(crate) fn stage(
    database: &dyn Database,
    chance: &mut Counting,
    request: &Request<'_>,
    files: &[Vec<Entry>],
) -> Result<Import, Error> {
    let import = begin(database, chance, request)?;
    for (number, entries) in files.iter().enumerate() {
        let mut staging = Staging::open(database, &import, &format!("f{number}.xml"))?;
        for (line, entry) in entries.iter().enumerate() {
            let entry = Entry { line: line as u64 + 1, ..entry.clone() };
            if staging.entry(entry).is_err() {
                return Err(staging.failure().unwrap());
            }
        }
        staging.finish()?;
    }
    reload(database, &import)
}

pub(crate) fn reload(database: &dyn Database, import: &Import) -> Result<Import, Error> {
    Ok(provisioning::load(database, &import.id)?.unwrap())
}

/// The whole way, departures accepted, some people at a time.
pub(crate) fn run(
    database: &dyn Database,
    chance: &mut Counting,
    request: &Request<'_>,
    files: &[Vec<Entry>],
) -> Result<Import, Error> {
    let import = stage(database, chance, request, files)?;
    prepare(database, &import)?;
    let import = reload(database, &import)?;
    confirm(database, &import, true)?;
    let import = reload(database, &import)?;
    while !advance(database, &import, chance, request.now, 3)?.done {}
    reload(database, &import)
}

pub(crate) fn import(database: &dyn Database, mode: Mode, files: &[Vec<Entry>]) -> Import {
    let row = database.first("SELECT count(*) * 1000000 FROM directory_import", params![]).unwrap().unwrap();
    let mut chance = Counting(u64::try_from(row.integer(0).unwrap()).unwrap());
    run(database, &mut chance, &request(&Source::aaf(None), mode), files).unwrap()
}

/// Every table of the directory without ids and instants: people by login, groups by what feeds them.
pub(crate) fn directory(database: &dyn Database) -> BTreeMap<&'static str, Vec<Vec<Value>>> {
    let group = "coalesce(g.uai, '') || '/' || g.kind || '/' || coalesce(g.profile, '') || '/' || coalesce(g.discipline, '') || '/' ||
        coalesce((SELECT c.name FROM class c WHERE c.id = g.class_id), '')";
    let tables = [
        ("establishment", "SELECT uai, name, domain FROM establishment".to_owned()),
        ("role", "SELECT uai, profile, role FROM profile_role".to_owned()),
        (
            "person",
            "SELECT login, uai, profile, last_name, first_name, folded_name, function, universal_address, left_at IS NULL,
                activation_code IS NULL FROM person".to_owned(),
        ),
        (
            "detail",
            "SELECT p.login, d.title, d.birth_name, d.birth_date, d.ine, d.level, d.mail, d.mobile, d.street, d.city
             FROM person_detail d JOIN person p ON p.id = d.person_id".to_owned(),
        ),
        ("address", "SELECT t.address, p.login FROM taken_address t JOIN person p ON p.id = t.person_id".to_owned()),
        ("class", "SELECT uai, kind, name, level FROM class".to_owned()),
        ("group", format!("SELECT {group}, g.name, g.participation, g.settled FROM person_group g")),
        (
            "rule",
            format!("SELECT (SELECT {group} FROM person_group g WHERE g.id = r.from_group), (SELECT {group} FROM person_group g WHERE g.id = r.to_group) FROM rule r"),
        ),
        (
            "member",
            format!("SELECT {group}, p.login FROM membership m JOIN person_group g ON g.id = m.group_id JOIN person p ON p.id = m.person_id"),
        ),
        (
            "kin",
            "SELECT r.login, s.login, k.legal FROM kinship k JOIN person r ON r.id = k.relative_id JOIN person s ON s.id = k.student_id".to_owned(),
        ),
        ("mirror", "SELECT r.source, r.kind, r.id, r.record, r.dirty, p.login FROM source_record r LEFT JOIN person p ON p.id = r.person_id WHERE r.gone = 0".to_owned()),
    ];
    let rows = |select: &String| {
        let width = select.matches(',').count() + 8;
        let mut rows: Vec<Vec<Value>> =
            database.execute(select, params![]).unwrap().iter().map(|row| values(row, width)).collect();
        rows.sort_by_key(|row| format!("{row:?}"));
        rows
    };
    tables.iter().map(|(name, select)| (*name, rows(select))).collect()
}

fn values(row: &Row, width: usize) -> Vec<Value> {
    let value = |column| match (row.optional_text(column), row.optional_integer(column)) {
        (Ok(Some(text)), _) => Some(Value::Text(text.to_owned())),
        (_, Ok(Some(integer))) => Some(Value::Integer(integer)),
        (Ok(None), _) => Some(Value::Null),
        _ => None,
    };
    (0..width).map_while(value).collect()
}

/// The texts of a query of one column, in order.
pub(crate) fn texts(database: &dyn Database, select: &str) -> Vec<String> {
    database.execute(select, params![]).unwrap().iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

/// The logins in a group, by its name.
pub(crate) fn members(database: &dyn Database, uai: &str, name: &str) -> Vec<String> {
    let rows = database.execute(
        "SELECT p.login FROM person_group g JOIN membership m ON m.group_id = g.id JOIN person p ON p.id = m.person_id
         WHERE g.uai = ?1 AND g.name = ?2 ORDER BY p.login",
        params![uai, name],
    );
    rows.unwrap().iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

/// The rows that one directory has and the other has not.
pub(crate) fn difference(one: &dyn Database, other: &dyn Database) -> Vec<String> {
    let (one, other) = (directory(one), directory(other));
    let only = |side: &str,
                here: &BTreeMap<&'static str, Vec<Vec<Value>>>,
                there: &BTreeMap<&'static str, Vec<Vec<Value>>>| {
        let rows = here.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row)));
        rows.filter(|(table, row)| !there[*table].contains(row))
            .map(|(table, row)| format!("{side} {table} {row:?}"))
            .collect::<Vec<_>>()
    };
    [only("first:", &one, &other), only("second:", &other, &one)].concat()
}
