//! One person's address book over a database in memory.

use std::cell::Cell;
use std::path::Path;

use contacts::{ContactQuery, Entry, Imported};
use people::{PageSize, PersonId};
use store::{Database as _, File, params};
use ulid::Ulid;

pub(crate) struct Book {
    pub(crate) database: File,
    pub(crate) owner: PersonId,
    next: Cell<u128>,
}

/// A database of the newest schema.
pub(crate) fn empty() -> File {
    let database = File::in_memory().unwrap();
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sql/migrations");
    store::apply_migrations(&database, &migrations).unwrap();
    database
}

impl Book {
    /// The book of a person who can write to nobody.
    pub(crate) fn new() -> Self {
        let database = empty();
        database
            .batch(
                "INSERT INTO establishment (uai, name, domain, created_at) VALUES ('0990001A', 'Collège', 'ent.test', 0);
                INSERT INTO person (id, uai, profile, last_name, first_name, folded_name, login, universal_address, created_at)
                VALUES ('01K41XRSR00000000000000000', '0990001A', 'teacher', 'Vidal', 'Jeanne', 'vidal jeanne', 'j.v', 'j.v@ent.test', 0);",
            )
            .unwrap();
        Self::of(database, "01K41XRSR00000000000000000".parse().unwrap())
    }

    /// The book of a person of a database.
    pub(crate) fn of(database: File, owner: PersonId) -> Self {
        Self { database, owner, next: Cell::new(1 << 90) }
    }

    pub(crate) fn ulid(&self) -> Ulid {
        self.next.set(self.next.get() + 10_000);
        Ulid(self.next.get())
    }

    pub(crate) fn id(&self) -> String {
        self.ulid().to_string()
    }

    pub(crate) fn import(&self, file: &[u8]) -> Imported {
        let parsed = contacts::parse(file).unwrap();
        let preview = contacts::preview(&self.database, self.owner.as_str(), parsed.clone()).unwrap();
        let imported = contacts::apply(&self.database, self.owner.as_str(), parsed, self.ulid()).unwrap();
        assert_eq!(preview, imported, "the preview says what is done");
        imported
    }

    /// All that can be seen of the book, in order, each contact with the names of its groups.
    pub(crate) fn contacts(&self) -> Vec<(Entry, Vec<String>)> {
        let groups = contacts::groups(&self.database, self.owner.as_str()).unwrap();
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let query = ContactQuery { owner: &self.owner, text: "", group: None, after, size: PageSize::near(100) };
            let page = contacts::contacts(&self.database, &query).unwrap().page;
            all.extend(page.items.into_iter().map(|contact| {
                let own = groups.iter().filter(|group| contact.groups.contains(&group.id));
                (contact.entry, own.map(|group| group.name.clone()).collect())
            }));
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    }

    /// The rows of the book.
    pub(crate) fn dump(&self) -> Vec<String> {
        let statement = "SELECT uid || coalesce(card, '') || folded_name FROM contact WHERE owner_id = ?1
            UNION ALL SELECT name FROM contact_group WHERE owner_id = ?1
            UNION ALL SELECT g.name || c.uid FROM contact_membership m JOIN contact_group g ON g.id = m.group_id
                JOIN contact c ON c.id = m.contact_id WHERE m.owner_id = ?1 ORDER BY 1";
        let rows = self.database.execute(statement, params![self.owner.as_str()]).unwrap();
        rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
    }
}
