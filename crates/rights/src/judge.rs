//! The judgement of addressees before a message is sent (M-3), and the reach of a person. The same views judge again, in
//! the database, when the message leaves: nothing can be gained by skipping this.

use people::PersonId;
use store::{Database, Error, Row, params};

/// Whom a message is for, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addressee {
    /// One person, by id.
    Person(String),
    /// A group, by id.
    Group(String),
}

/// An addressee the sender may not write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which one: ids are not checked before, an unknown one is refused like any other.
    pub addressee: Addressee,
    /// The name to show; empty when the sender may not learn who this is.
    pub name: String,
}

/// A refused person is named to those who know her already: her kin, those who have a message where they could see her,
/// and those whom only a prohibition keeps from her. A refused group is named to its members.
const JUDGE: &str = "
    WITH asked AS (
        SELECT j.key AS position, j.value ->> 0 AS kind, j.value ->> 1 AS id FROM json_each(?3) j
    )
    SELECT a.kind, a.id, coalesce(CASE a.kind
        WHEN 'person' THEN (SELECT p.first_name || ' ' || p.last_name FROM person p WHERE p.id = a.id AND (
            EXISTS (SELECT 1 FROM answerable w WHERE w.sender_id = ?1 AND w.recipient_id = a.id)
            OR EXISTS (SELECT 1 FROM kinship k WHERE k.relative_id = ?1 AND k.student_id = a.id)
            OR EXISTS (SELECT 1 FROM kinship k WHERE k.relative_id = a.id AND k.student_id = ?1)
            OR EXISTS (SELECT 1 FROM prohibition x WHERE x.sender_id = ?1 AND x.recipient_id = a.id)))
        ELSE (SELECT g.name FROM person_group g JOIN membership m ON m.group_id = g.id AND m.person_id = ?1
            WHERE g.id = a.id AND g.members_hidden = 0)
        END, '')
    FROM asked a
    WHERE CASE a.kind
        WHEN 'person' THEN
            NOT EXISTS (SELECT 1 FROM reachable v WHERE v.sender_id = ?1 AND v.recipient_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM answerable w JOIN person p ON p.id = w.recipient_id
                WHERE w.message_id = ?2 AND w.sender_id = ?1 AND w.recipient_id = a.id
                AND p.blocked_at IS NULL AND p.left_at IS NULL)
        ELSE NOT EXISTS (SELECT 1 FROM reachable_group v WHERE v.sender_id = ?1 AND v.group_id = a.id)
        END
    ORDER BY a.position";

/// Those of the addressees that `sender` may not write to, in order; empty when all are allowed. In an answer to
/// `in_reply_to` the people of that message are allowed too, Cci never (M-7, M-8). At most 1,000 addressees make sense.
///
/// # Errors
/// When the database cannot be used.
pub fn judge(
    database: &impl Database,
    sender: &PersonId,
    in_reply_to: Option<&str>,
    addressees: &[Addressee],
) -> Result<Vec<Refused>, Error> {
    let asked: Vec<(&str, &str)> = addressees
        .iter()
        .map(|a| match a {
            Addressee::Person(id) => ("person", id.as_str()),
            Addressee::Group(id) => ("group", id.as_str()),
        })
        .collect();
    let asked = serde_json::to_string(&asked).map_err(|error| Error::Unavailable(error.to_string()))?;
    database.execute(JUDGE, params![sender.as_str(), in_reply_to, asked])?.iter().map(refused).collect()
}

fn refused(row: &Row) -> Result<Refused, Error> {
    let id = row.text(1)?.to_owned();
    let addressee = if row.text(0)? == "person" { Addressee::Person(id) } else { Addressee::Group(id) };
    Ok(Refused { addressee, name: row.text(2)?.to_owned() })
}

/// How many different people the sender can reach now. Grows with the answer: a tenth of a second for 50,000.
///
/// # Errors
/// When the database cannot be used.
pub fn reach(database: &impl Database, sender: &PersonId) -> Result<u64, Error> {
    let row = database.first(
        "SELECT count(DISTINCT v.recipient_id) FROM reachable v WHERE v.sender_id = ?1",
        params![sender.as_str()],
    )?;
    let count = row.ok_or(Error::Column(0))?.integer(0)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
