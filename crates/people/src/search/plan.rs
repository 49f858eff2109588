//! How a search of people goes about it. The conditions are always the same; only where the candidates come from changes,
//! because a parent reaches forty people out of 100,000, a head of the network all of them, and "ma" matches a sixth.
//!
//! To look at one candidate costs about 3 µs, to step to the next name of a roster a tenth of that.

use store::{Database, Value, params};

use super::pages;
use super::people::{PeopleQuery, matching};
use crate::Error;

/// After the parameter of a LIMIT: SQLite looks at a bare one while it plans, and plans again each time a value is bound,
/// which takes longer than these statements run.
pub(super) const NOT_PEEKED: &str = " + 0";

/// Up to this many matches, looking at each is cheaper than stepping through the names.
pub(super) const FEW_MATCHES: i64 = 150;

/// Where candidates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// The people of the class asked for.
    Class,
    /// The people of the group asked for.
    Group,
    /// The teachers of the discipline asked for.
    Discipline,
    /// Those whose name matches.
    Match,
    /// The people of each establishment asked for in order of name, until there are enough.
    Schools,
    /// The same in each great group through which the viewer reaches its members, and all of the small ones.
    Rosters,
}

impl Plan {
    /// Asks how many match only where that makes a difference.
    pub(crate) fn choose(database: &impl Database, query: &PeopleQuery<'_>) -> Result<Self, Error> {
        if let Some(plan) = Self::narrow(query) {
            return Ok(plan);
        }
        let Some(matching) = matching(query.text) else { return Ok(Self::wide(query)) };
        let row = database.first(&count_matches("?1"), params![matching])?.ok_or(store::Error::Column(0))?;
        Ok(Self::by_matches(query, row.integer(0)?))
    }

    /// For a query whose text so many names match.
    pub(super) fn by_matches(query: &PeopleQuery<'_>, matches: i64) -> Self {
        Self::narrow(query).unwrap_or_else(|| if matches <= FEW_MATCHES { Self::Match } else { Self::wide(query) })
    }

    /// What is asked for beside the text gives few people by itself.
    fn narrow(query: &PeopleQuery<'_>) -> Option<Self> {
        let given = [
            (query.group.is_some(), Self::Group),
            (query.class.is_some(), Self::Class),
            (query.discipline.is_some(), Self::Discipline),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, plan)| plan)
    }

    /// Where names that match are no few, candidates are taken in order.
    pub(super) const fn wide(query: &PeopleQuery<'_>) -> Self {
        if query.establishments.is_empty() { Self::Rosters } else { Self::Schools }
    }

    /// The statement and its parameters: `page` is the rowids of at most `limit` people, and `what` reads them.
    pub(crate) fn statement(
        self,
        query: &PeopleQuery<'_>,
        limit: u32,
        what: &str,
    ) -> Result<(String, Vec<Value>), Error> {
        pages::of_query(query, self, limit, what)
    }
}

/// Counts the names of the whole network that match, no further than [`Plan::by_matches`] needs.
pub(super) fn count_matches(matching: &str) -> String {
    format!(
        "SELECT count(*) FROM (SELECT 1 FROM person_search f WHERE f.person_search MATCH {matching} LIMIT {})",
        FEW_MATCHES + 1
    )
}
