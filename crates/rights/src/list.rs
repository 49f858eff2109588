//! Distribution lists: fed by a profile, and where they are given by a level, a discipline, a function. They can be
//! written to by those whom a rule lets, hide their members, and let nobody write to anybody else.

use people::{GroupId, Profile, Uai};
use store::{Database, Error, Row, params};

/// What a list is fed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// One profile of the establishment.
    pub profile: Profile,
    /// Only those of the classes of this level: "6EME".
    pub level: Option<String>,
    /// Only the teachers of this discipline.
    pub discipline: Option<String>,
    /// Only those with this function, word for word.
    pub function: Option<String>,
}

/// A list as its administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its id, a group's.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What feeds it.
    pub feed: Feed,
    /// How many it has now.
    pub members: u64,
}

/// What the lists of an establishment can be narrowed to, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feeds {
    /// "6EME"
    pub levels: Vec<String>,
    /// Those that have a group.
    pub disciplines: Vec<String>,
    /// Functions of teachers and staff, at most 200.
    pub functions: Vec<String>,
}

/// See [`Feeds`].
///
/// # Errors
/// When the database cannot be used.
pub fn feeds(database: &impl Database, uai: &Uai) -> Result<Feeds, Error> {
    let all = |statement: &str| -> Result<Vec<String>, Error> {
        let rows = database.execute(statement, params![uai.as_str()])?;
        rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
    };
    Ok(Feeds {
        levels: all("SELECT DISTINCT level FROM class WHERE uai = ?1 AND level <> '' ORDER BY 1")?,
        disciplines: all(
            "SELECT discipline FROM person_group WHERE uai = ?1 AND kind = 'discipline' ORDER BY folded_name",
        )?,
        functions: all(
            "SELECT DISTINCT function FROM person WHERE uai = ?1 AND function <> '' AND profile IN ('teacher', 'staff')
                AND left_at IS NULL ORDER BY 1 LIMIT 200",
        )?,
    })
}

/// The lists of the establishment, by name.
///
/// # Errors
/// When the database cannot be used.
pub fn lists(database: &impl Database, uai: &Uai) -> Result<Vec<List>, Error> {
    let rows = database.execute(
        "SELECT l.id, l.name, l.profile, l.level, l.discipline, l.function,
            (SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id
                WHERE m.group_id = l.id AND p.blocked_at IS NULL AND p.left_at IS NULL)
         FROM person_group l WHERE l.uai = ?1 AND l.kind = 'list' ORDER BY l.folded_name, l.id",
        params![uai.as_str()],
    )?;
    rows.iter().map(list).collect()
}

fn list(row: &Row) -> Result<List, Error> {
    let text = |column| row.optional_text(column).map(|text| text.map(str::to_owned));
    Ok(List {
        id: row.text(0)?.parse().map_err(|_| Error::Column(0))?,
        name: row.text(1)?.to_owned(),
        feed: Feed {
            profile: row.text(2)?.parse().map_err(|_| Error::Column(2))?,
            level: text(3)?,
            discipline: text(4)?,
            function: text(5)?,
        },
        members: row.integer(6).map(|count| u64::try_from(count).unwrap_or(0))?,
    })
}

/// Makes a list under `id` (a new ULID), or changes it; its members are there at once. Who may write to it is for rules to
/// say. False when the establishment has no such list to change.
///
/// # Errors
/// When the database cannot be used; nothing was written then.
pub fn keep(
    database: &impl Database,
    uai: &Uai,
    id: &GroupId,
    name: &str,
    feed: &Feed,
    now: i64,
) -> Result<bool, Error> {
    let row = database.first(
        "INSERT INTO person_group (id, uai, kind, profile, level, discipline, function, name, folded_name, members_hidden, settled, created_at)
         VALUES (?1, ?2, 'list', ?3, ?4, ?5, ?6, ?7, ?8, 1, 1, ?9)
         ON CONFLICT (id) DO UPDATE SET profile = excluded.profile, level = excluded.level, discipline = excluded.discipline,
            function = excluded.function, name = excluded.name, folded_name = excluded.folded_name
            WHERE person_group.uai = excluded.uai AND person_group.kind = 'list'
         RETURNING 1",
        params![
            id.as_str(),
            uai.as_str(),
            feed.profile.as_str(),
            feed.level.as_deref(),
            feed.discipline.as_deref(),
            feed.function.as_deref(),
            name,
            people::fold(name),
            now,
        ],
    )?;
    feed_lists(database, uai)?;
    Ok(row.is_some())
}

/// Takes a list away; messages that were sent to it stay with those who had them. False when there is none.
///
/// # Errors
/// When the database cannot be used.
pub fn drop(database: &impl Database, uai: &Uai, id: &GroupId) -> Result<bool, Error> {
    // Its rules and members go by the trigger `group_gone`.
    let row = database.first(
        "DELETE FROM person_group WHERE id = ?1 AND uai = ?2 AND kind = 'list' RETURNING 1",
        params![id.as_str(), uai.as_str()],
    )?;
    Ok(row.is_some())
}

/// Brings the members of all lists of the establishment up to date: to be called after provisioning.
///
/// # Errors
/// When the database cannot be used.
pub fn feed_lists(database: &impl Database, uai: &Uai) -> Result<(), Error> {
    database.execute("INSERT INTO feeding (uai) VALUES (?1)", params![uai.as_str()])?;
    Ok(())
}
