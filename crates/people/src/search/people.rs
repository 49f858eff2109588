//! The search of people (D-1, R-4).

use store::{Database, Row};

use super::page::{Cursor, Page, PageSize};
use super::plan::Plan;
use super::ties;
use super::viewer::SearchForm;
use crate::{ClassId, Error, GroupId, PersonId, Profile, Uai, words};

/// What is looked for: every condition given must hold.
#[derive(Debug, Clone)]
pub struct PeopleQuery<'a> {
    /// Who asks: only those she may write to are found.
    pub viewer: &'a PersonId,
    /// As typed; each word begins a word of the name, in any order, whatever the accents. Empty: everybody.
    pub text: &'a str,
    /// Only this profile.
    pub profile: Option<Profile>,
    /// Only the teachers of this discipline, as [`super::disciplines`] names it.
    pub discipline: Option<&'a str>,
    /// Only this class or teaching group: its students, their relatives, its teachers.
    pub class: Option<ClassId>,
    /// Only the members of this group, when the viewer may know them.
    pub group: Option<GroupId>,
    /// Only these establishments; empty: all.
    pub establishments: Vec<Uai>,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// How many people.
    pub size: PageSize,
}

impl<'a> PeopleQuery<'a> {
    /// Everybody the viewer may write to.
    #[must_use]
    pub fn of(viewer: &'a PersonId) -> Self {
        Self {
            viewer,
            text: "",
            profile: None,
            discipline: None,
            class: None,
            group: None,
            establishments: Vec::new(),
            after: None,
            size: PageSize::default(),
        }
    }
}

/// A student for whom somebody is responsible.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Child {
    /// First name, last name.
    pub name: String,
    /// "6A", if she is in a class.
    pub class: Option<String>,
}

/// A person as shown to the viewer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FoundPerson {
    /// Her id.
    pub id: PersonId,
    /// First name, last name.
    pub name: String,
    /// For lists in order of last name.
    pub last_name: String,
    /// The other part.
    pub first_name: String,
    /// What she is.
    pub profile: Profile,
    /// What she does: "Professeure d’anglais"; may be empty.
    pub function: String,
    /// The class of a student, in rare cases more than one.
    pub classes: Vec<String>,
    /// The children of a relative that the viewer may know.
    pub children: Vec<Child>,
    /// The establishment, when it is not the viewer's.
    pub establishment: Option<String>,
    /// Her universal address.
    pub universal_address: String,
}

impl FoundPerson {
    /// What to show beside the name, in French: "Élève de 6A", "Parent de Lina Benali (6A)", "Professeure d’anglais".
    #[must_use]
    pub fn detail(&self) -> String {
        let what = match self.profile {
            Profile::Student if !self.classes.is_empty() => format!("Élève de {}", self.classes.join(", ")),
            Profile::Relative if !self.children.is_empty() => {
                let who = if self.function.is_empty() { "Parent" } else { &self.function };
                let children = self.children.iter().map(|child| match &child.class {
                    Some(class) => format!("{} ({class})", child.name),
                    None => child.name.clone(),
                });
                let children: Vec<_> = children.collect();
                let vowel = crate::fold(&children.concat()).starts_with(['a', 'e', 'i', 'o', 'u', 'h']);
                format!("{who} {}{}", if vowel { "d’" } else { "de " }, children.join(", "))
            }
            _ if self.function.is_empty() => self.profile.label().to_owned(),
            _ => self.function.clone(),
        };
        match &self.establishment {
            Some(establishment) => format!("{what}, {establishment}"),
            None => what,
        }
    }
}

/// What FTS5 is asked for: each word quoted, as a prefix; `None` for an empty query.
pub(crate) fn matching(text: &str) -> Option<String> {
    let words = words(text);
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\" *")).collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

/// Finds people, in order of last name then first name, folded.
///
/// # Errors
/// When the database cannot be used.
pub fn search_people(database: &impl Database, query: &PeopleQuery<'_>) -> Result<Page<FoundPerson>, Error> {
    let plan = Plan::choose(database, query)?;
    Ok(Page::of(run(database, query, plan, query.size.get() + 1)?, query.size))
}

/// The same, where the form of the page has been asked for: it knows how many names match.
///
/// # Errors
/// When the database cannot be used.
pub fn search_from(
    database: &impl Database,
    query: &PeopleQuery<'_>,
    form: &SearchForm,
) -> Result<Page<FoundPerson>, Error> {
    let plan = match form.matches {
        Some(matches) => Plan::by_matches(query, matches),
        None => Plan::choose(database, query)?,
    };
    Ok(Page::of(run(database, query, plan, query.size.get() + 1)?, query.size))
}

/// All those that the query finds, whatever its page, for an export; `None` when they are more than `most`.
///
/// # Errors
/// When the database cannot be used.
pub fn all_people(
    database: &impl Database,
    query: &PeopleQuery<'_>,
    most: u32,
) -> Result<Option<Vec<FoundPerson>>, Error> {
    let query = PeopleQuery { after: None, ..query.clone() };
    let rows = run(database, &query, Plan::choose(database, &query)?, most.saturating_add(1))?;
    let people: Vec<FoundPerson> = rows.into_iter().map(|(_, person)| person).collect();
    Ok((people.len() <= most as usize).then_some(people))
}

/// How many the query finds, whatever its page; `None` when they are more than `most`.
///
/// # Errors
/// When the database cannot be used.
pub fn count_people(database: &impl Database, query: &PeopleQuery<'_>, most: u32) -> Result<Option<u32>, Error> {
    let count = ids(database, query, most.saturating_add(1), COUNTED)?.into_iter().next();
    let count = count.ok_or(store::Error::Column(0))?.integer(0)?;
    Ok(u32::try_from(count).ok().filter(|count| *count <= most))
}

/// The ids of all those that the query finds, in order, whatever its page; `None` when they are more than `most`.
///
/// # Errors
/// When the database cannot be used.
pub fn people_ids(
    database: &impl Database,
    query: &PeopleQuery<'_>,
    most: u32,
) -> Result<Option<Vec<PersonId>>, Error> {
    let rows = ids(database, query, most.saturating_add(1), IDS)?;
    let ids: Vec<PersonId> = rows.iter().map(|row| Ok(row.text(0)?.parse()?)).collect::<Result<_, Error>>()?;
    Ok((ids.len() <= most as usize).then_some(ids))
}

fn ids(database: &impl Database, query: &PeopleQuery<'_>, limit: u32, what: &str) -> Result<Vec<Row>, Error> {
    let query = PeopleQuery { after: None, ..query.clone() };
    let plan = Plan::choose(database, &query)?;
    let (statement, parameters) = plan.statement(&query, limit, what)?;
    Ok(database.execute(&statement, &parameters)?)
}

/// At most `limit` people after the query's cursor, and where each one stands.
pub(crate) fn run(
    database: &impl Database,
    query: &PeopleQuery<'_>,
    plan: Plan,
    limit: u32,
) -> Result<Vec<(Cursor, FoundPerson)>, Error> {
    let (statement, parameters) = plan.statement(query, limit, &shown())?;
    let rows = database.execute(&statement, &parameters)?;
    let mut rows = rows.iter().map(found).collect::<Result<Vec<_>, Error>>()?;
    ties::add(database, query.viewer, rows.iter_mut().map(|(_, person)| person).collect())?;
    Ok(rows)
}

/// The columns of a [`FoundPerson`] `p` shown to `?1`; the establishment when it is not the viewer's.
pub(super) const COLUMNS: &str = "p.id, p.folded_name, p.first_name, p.last_name, p.profile, p.function,
    (SELECT e.name FROM establishment e WHERE e.uai = p.uai AND p.uai <> (SELECT w.uai FROM person w WHERE w.id = ?1)),
    p.universal_address";
const IDS: &str = "SELECT p.id FROM page x CROSS JOIN person p ON p.n = x.n ORDER BY p.folded_name, p.id";
const COUNTED: &str = "SELECT count(*) FROM page";

/// What is shown of the people of the page.
pub(super) fn shown() -> String {
    format!("SELECT {COLUMNS} FROM page x CROSS JOIN person p ON p.n = x.n ORDER BY p.folded_name, p.id")
}

/// A person from a row that begins with [`COLUMNS`], and where she stands; her ties are not known yet.
pub(super) fn found(row: &Row) -> Result<(Cursor, FoundPerson), Error> {
    let cursor = Cursor { id: row.text(0)?.to_owned(), folded_name: row.text(1)?.to_owned() };
    let (first_name, last_name) = (row.text(2)?.to_owned(), row.text(3)?.to_owned());
    let person = FoundPerson {
        id: row.text(0)?.parse()?,
        name: format!("{first_name} {last_name}"),
        last_name,
        first_name,
        profile: row.text(4)?.parse()?,
        function: row.text(5)?.to_owned(),
        classes: Vec::new(),
        children: Vec::new(),
        establishment: row.optional_text(6)?.map(str::to_owned),
        universal_address: row.text(7)?.to_owned(),
    };
    Ok((cursor, person))
}

#[cfg(test)]
mod tests {
    use super::matching;

    #[test]
    fn nothing_typed_reaches_the_query_language() {
        assert_eq!(matching("  "), None);
        assert_eq!(matching("\"*(-^:"), None);
        assert_eq!(matching("De la V"), Some("\"de\" * \"la\" * \"v\" *".to_owned()));
        assert_eq!(matching("a\" OR b*"), Some("\"a\" * \"or\" * \"b\" *".to_owned()));
    }
}
