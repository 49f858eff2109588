//! The letters of a printed campaign, slice by slice ([`crate::job`]). Names, logins and codes are read when a letter is made: an
//! account that was activated or renamed since has the letter of today, and one that may not be printed any more is left out,
//! with the reason.

use letters::{Layout, Press, Sender, Unprintable};
use people::Profile;
use serde::{Deserialize, Serialize};
use store::{Database, Row, params};

use crate::Error;
use crate::job::{Halt, Slice, Turn, pack, unpack};

/// Letters of one slice: less than half a second in a component. Fewer when a slice was begun in vain.
const SLICE: u32 = 496;
/// Of [`Progress`]: counted up with each change of it, or of [`Press`].
const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
struct Progress {
    /// As it was when the campaign was started: one file has one sender, whoever makes it.
    sender: Sender,
    press: Press,
}

/// What the first slice goes on from.
pub(crate) fn begin(sender: &Sender, layout: Layout) -> Result<Vec<u8>, Error> {
    let press = Press::new(sender, layout, &format!("Comptes de la messagerie : {}", sender.name));
    pack(VERSION, &Progress { sender: sender.clone(), press })
}

/// An account as its letter needs it.
struct Found {
    position: u32,
    obstacle: String,
    first_name: String,
    last_name: String,
    profile: Profile,
    login: String,
    code: Option<String>,
    class: Option<String>,
    children: Vec<String>,
    address: Vec<String>,
}

impl Found {
    fn account(&self) -> letters::Account<'_> {
        letters::Account {
            given: &self.first_name,
            family: &self.last_name,
            profile: profile(self.profile),
            login: &self.login,
            code: self.code.as_deref(),
            class: self.class.as_deref(),
            children: &self.children,
            address: &self.address,
            federated: false,
        }
    }

    /// Why it is not printed, in French.
    fn obstacle(&self) -> Option<String> {
        if !self.obstacle.is_empty() {
            return Some(obstacle(&self.obstacle).to_owned());
        }
        letters::check(0, &self.account()).err().as_ref().map(unprintable)
    }
}

/// The words of `campaign_account.left_out`, in French.
#[must_use]
pub fn obstacle(word: &str) -> &'static str {
    match word {
        "away" => "la personne est partie, ou son compte est bloqué",
        "withheld" => {
            "le code de ce compte n’est communiqué qu’à un administrateur local de tout ce dont la personne est responsable"
        }
        "no-address" => "aucune adresse e-mail connue",
        "no-code" => "le compte n’est pas activé et n’a pas de code d’activation",
        _ => "",
    }
}

fn unprintable(error: &Unprintable) -> String {
    format!("{} {}", error.field.french(), error.why.french())
}

/// The letters' word for a profile.
pub(crate) const fn profile(profile: Profile) -> letters::Profile {
    match profile {
        Profile::Student => letters::Profile::Student,
        Profile::Relative => letters::Profile::Relative,
        Profile::Teacher => letters::Profile::Teacher,
        Profile::Staff => letters::Profile::Staff,
        Profile::Guest => letters::Profile::Guest,
    }
}

/// The next letters of a campaign: the [`crate::job::Work`] of jobs of accounts.
///
/// # Errors
/// [`Halt::Failed`] when the job was begun by a version of the service that cannot be gone on from, or has no letter at all.
pub fn slice(db: &dyn Database, turn: &Turn) -> Result<Slice, Halt> {
    let Some(Progress { sender, mut press }) = unpack(VERSION, &turn.progress) else {
        return Err(Halt::Failed("Le service a été mis à jour pendant la fabrication : recommencez.".to_owned()));
    };
    // Eight at least, and always a multiple of eight.
    let size = (SLICE >> (turn.tries.saturating_sub(1).min(6))).next_multiple_of(8);
    let rows = db.execute(ACCOUNTS, params![turn.job.about.as_str(), turn.job.done, size])?;
    let found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut left_out = Vec::new();
    let mut printed = Vec::new();
    for account in &found {
        match account.obstacle() {
            Some(words) => left_out.push((account.position, words)),
            None => printed.push((account.position, account.account())),
        }
    }
    let accounts: Vec<_> = printed.iter().map(|(_, account)| *account).collect();
    let mut bytes = press.accounts(&sender, &accounts).map_err(|error| {
        // Every account was checked: this one would be a surprise.
        Halt::Failed(format!("Un courrier ne peut pas être fabriqué : {}.", unprintable(&error)))
    })?;
    let done = turn.job.done + u32::try_from(found.len()).unwrap_or(u32::MAX);
    let progress = if done < turn.job.total && !found.is_empty() {
        Some(pack(VERSION, &Progress { sender, press }).map_err(|error| Halt::Failed(error.to_string()))?)
    } else if press.pages() == 0 {
        return Err(Halt::Failed(match left_out.first() {
            Some((_, words)) => format!("Aucun courrier ne peut être fabriqué. Premier compte de la liste : {words}."),
            None => "Aucun courrier ne peut être fabriqué.".to_owned(),
        }));
    } else {
        bytes.extend(press.finish());
        None
    };
    Ok(Slice { bytes, done, left_out, progress })
}

/// Of campaign ?1, from position ?2 on, ?3 accounts; by primary keys.
const ACCOUNTS: &str = "
    SELECT a.position, o.obstacle, p.first_name, p.last_name, p.profile, p.login,
        CASE WHEN p.activated_at IS NULL THEN p.activation_code END,
        (SELECT json_group_array(DISTINCT k.name) FROM membership m JOIN person_group g ON g.id = m.group_id
            JOIN class k ON k.id = g.class_id AND k.kind = 'class' WHERE m.person_id = p.id),
        (SELECT json_group_array(json_array(s.first_name, s.last_name, (SELECT min(k.name) FROM membership m
                JOIN person_group g ON g.id = m.group_id JOIN class k ON k.id = g.class_id AND k.kind = 'class'
                WHERE m.person_id = s.id)))
            FROM kinship t JOIN person s ON s.id = t.student_id AND s.left_at IS NULL WHERE t.relative_id = p.id),
        coalesce(d.street, ''), coalesce(d.postcode, ''), coalesce(d.city, '')
    FROM campaign_account a
    JOIN campaign_obstacle o ON o.campaign_id = a.campaign_id AND o.position = a.position
    JOIN person p ON p.id = a.person_id
    LEFT JOIN person_detail d ON d.person_id = p.id
    WHERE a.campaign_id = ?1 AND a.position >= ?2
    ORDER BY a.position LIMIT ?3 + 0";

fn read(row: &Row) -> Result<Found, store::Error> {
    let text = |column| row.text(column).map(str::to_owned);
    let profile: Profile = row.text(4)?.parse().map_err(|_| store::Error::Column(4))?;
    let mut classes: Vec<String> = serde_json::from_str(row.text(7)?).map_err(|_| store::Error::Column(7))?;
    classes.sort();
    let mut children: Vec<(String, String, Option<String>)> =
        serde_json::from_str(row.text(8)?).map_err(|_| store::Error::Column(8))?;
    children.sort();
    let town = format!("{} {}", row.text(10)?, row.text(11)?);
    let lines = row.text(9)?.lines().chain([town.as_str()]).map(str::trim).filter(|line| !line.is_empty());
    Ok(Found {
        position: u32::try_from(row.integer(0)?).map_err(|_| store::Error::Column(0))?,
        obstacle: text(1)?,
        first_name: text(2)?,
        last_name: text(3)?,
        profile,
        login: text(5)?,
        code: row.optional_text(6)?.map(str::to_owned),
        class: match profile {
            Profile::Student | Profile::Teacher if !classes.is_empty() => Some(classes.join(", ")),
            _ => None,
        },
        children: children
            .into_iter()
            .map(|(first, last, class)| match class {
                Some(class) => format!("{first} {} ({class})", last.to_uppercase()),
                None => format!("{first} {}", last.to_uppercase()),
            })
            .collect(),
        address: lines.map(str::to_owned).collect(),
    })
}
