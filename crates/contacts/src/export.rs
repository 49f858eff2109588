//! The address book written to a file of vCards (D-4).

use store::{Database, params};

use crate::book::{IN_GROUP, SHOWN};
use crate::vcard::{self, Exported, Version, uuid_of};
use crate::{Card, Error, Labelled, find_group, groups};

/// The book, or one group of it, as a file of vCards. People of the directory go out with name, function, establishment and
/// universal address only, and those who are not accessible any more not at all.
///
/// # Errors
/// [`Error::NotFound`] when the group is not hers.
pub fn export(database: &impl Database, owner: &str, group: Option<&str>, version: Version) -> Result<String, Error> {
    let own = match group {
        Some(id) => vec![find_group(database, owner, id)?],
        None => groups(database, owner)?,
    };
    let statement = format!(
        "SELECT c.uid, c.card, c.person_id, p.first_name, p.last_name, p.function, p.universal_address, e.name,
            (SELECT json_group_array(m.group_id) FROM contact_membership m WHERE m.contact_id = c.id)
        FROM contact c LEFT JOIN person p ON p.id = c.person_id LEFT JOIN establishment e ON e.uai = p.uai
        WHERE c.owner_id = ?1 AND {IN_GROUP} AND {SHOWN}
        ORDER BY coalesce(p.folded_name, c.folded_name), c.id"
    );
    let rows = database.execute(&statement, params![owner, group])?;
    let contacts = rows.iter().map(|row| exported(row, &own)).collect::<Result<Vec<_>, Error>>()?;
    let uuids: Vec<(String, String)> =
        own.iter().filter_map(|group| Some((uuid_of(&group.id)?, group.name.clone()))).collect();
    Ok(vcard::write(version, &contacts, &uuids))
}

fn exported(row: &store::Row, own: &[crate::Group]) -> Result<Exported, Error> {
    let ids: Vec<String> = serde_json::from_str(row.text(8)?)?;
    let groups = own.iter().filter(|group| ids.contains(&group.id)).map(|group| group.name.clone()).collect();
    let text = |index| row.text(index).map(str::to_owned);
    let (uid, card) = match (row.optional_text(1)?, row.optional_text(2)?) {
        (Some(card), _) => (text(0)?, serde_json::from_str(card)?),
        (None, person) => {
            let card = Card {
                first_name: text(3)?,
                last_name: text(4)?,
                function: text(5)?,
                mails: vec![Labelled { value: text(6)?, label: String::new() }],
                organisation: text(7)?,
                ..Card::default()
            };
            (person.and_then(uuid_of).unwrap_or_default(), card.checked()?)
        }
    };
    Ok(Exported { uid, card, groups })
}
