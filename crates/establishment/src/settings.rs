//! The settings of an establishment.

use people::{PersonId, Uai};
use store::{Database, Error, Row, params};

/// The settings that administrators change; the preset of rights is changed by `rights::edit`, with a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// 1 to 200 characters.
    pub name: String,
    /// Domain of the universal addresses given from now on; those that were given stay.
    pub domain: String,
    /// One of `clock::ZONES`, that dates are shown in.
    pub timezone: String,
    /// M-2: recipients of one message, 1 to 1,000.
    pub max_recipients: i64,
    /// M-5: bytes a mailbox may hold, 1 MiB to 10 GiB.
    pub mailbox_quota: i64,
    /// M-10: bytes of one attachment, 100 KiB to 11 MiB (what a request may carry).
    pub attachment_max_bytes: i64,
    /// M-10: file name extensions that are let through, lower case, without the dot.
    pub attachment_extensions: Vec<String>,
    /// days that a person who left is kept before the purge, 1 to 3,650.
    pub left_retention_days: i64,
}

/// A setting that cannot be so: its name, and why, in French.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field of [`Settings`].
    pub field: &'static str,
    /// What is wrong and what would do.
    pub words: &'static str,
}

const MIB: i64 = 1024 * 1024;
/// An extension that browsers or systems run when opened: a mailbox of minors must not carry it.
const NEVER: [&str; 16] =
    ["exe", "com", "bat", "cmd", "scr", "msi", "vbs", "js", "jar", "ps1", "lnk", "html", "htm", "svg", "hta", "reg"];

impl Settings {
    /// What of these settings cannot be.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |good: bool, field, words| {
            if !good {
                faults.push(Fault { field, words });
            }
        };
        let length = self.name.chars().count();
        check(
            (1..=200).contains(&length) && !self.name.chars().any(char::is_control),
            "name",
            "Donnez un nom de 1 à 200 caractères.",
        );
        check(
            is_domain(&self.domain),
            "domain",
            "Donnez un nom de domaine comme ent.exemple.fr, en minuscules et sans accent.",
        );
        check(clock::ZONES.contains(&self.timezone.as_str()), "timezone", "Choisissez un fuseau horaire de la liste.");
        check((1..=1000).contains(&self.max_recipients), "max_recipients", "Donnez un nombre de 1 à 1 000.");
        check(
            (MIB..=10_240 * MIB).contains(&self.mailbox_quota),
            "mailbox_quota",
            "Donnez une taille de 1 Mo à 10 240 Mo.",
        );
        check(
            (100 * 1024..=11 * MIB).contains(&self.attachment_max_bytes),
            "attachment_max_bytes",
            "Donnez une taille de 0,1 Mo à 11 Mo.",
        );
        let extensions = &self.attachment_extensions;
        let plain =
            |e: &String| (1..=10).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        check(
            extensions.len() <= 100 && extensions.iter().all(plain),
            "attachment_extensions",
            "Donnez des extensions de 1 à 10 lettres ou chiffres, sans point, séparées par des espaces.",
        );
        check(
            !extensions.iter().any(|e| NEVER.contains(&e.as_str())),
            "attachment_extensions",
            "Certaines de ces extensions sont celles de programmes ou de pages qui s’exécutent : elles ne peuvent pas être permises.",
        );
        check(
            (1..=3650).contains(&self.left_retention_days),
            "left_retention_days",
            "Donnez un nombre de jours de 1 à 3 650.",
        );
        faults
    }

    fn columns(&self) -> Result<[(&'static str, String); 8], Error> {
        let extensions = serde_json::to_string(&self.attachment_extensions);
        Ok([
            ("name", self.name.clone()),
            ("domain", self.domain.clone()),
            ("timezone", self.timezone.clone()),
            ("max_recipients", self.max_recipients.to_string()),
            ("mailbox_quota", self.mailbox_quota.to_string()),
            ("attachment_max_bytes", self.attachment_max_bytes.to_string()),
            ("attachment_extensions", extensions.map_err(|error| Error::Unavailable(error.to_string()))?),
            ("left_retention_days", self.left_retention_days.to_string()),
        ])
    }
}

/// RFC 1035 §2.3.1, at least two labels.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 190 && text.contains('.') && text.split('.').all(label)
}

/// The settings of the establishment; `None` when there is none of this code.
///
/// # Errors
/// When the database cannot be used.
pub fn load(database: &impl Database, uai: &Uai) -> Result<Option<Settings>, Error> {
    let row = database.first(
        "SELECT name, domain, timezone, max_recipients, mailbox_quota, attachment_max_bytes, attachment_extensions, left_retention_days
         FROM establishment WHERE uai = ?1",
        params![uai.as_str()],
    )?;
    row.map(|row| {
        let text = |column| row.text(column).map(str::to_owned);
        Ok(Settings {
            name: text(0)?,
            domain: text(1)?,
            timezone: text(2)?,
            max_recipients: row.integer(3)?,
            mailbox_quota: row.integer(4)?,
            attachment_max_bytes: row.integer(5)?,
            attachment_extensions: serde_json::from_str(row.text(6)?).map_err(|_| Error::Column(6))?,
            left_retention_days: row.integer(7)?,
        })
    })
    .transpose()
}

/// Changes what differs, in one statement, and gives the names of what changed; nothing when `by` does not administer the
/// establishment. [`Settings::faults`] must be empty.
///
/// # Errors
/// When the database cannot be used; nothing changed then.
pub fn save(
    database: &impl Database,
    uai: &Uai,
    by: &PersonId,
    settings: &Settings,
    now: i64,
) -> Result<Vec<String>, Error> {
    let columns = serde_json::to_string(&settings.columns()?).map_err(|error| Error::Unavailable(error.to_string()))?;
    let rows = database.execute(
        "INSERT INTO setting_change (uai, at, by_id, setting, before, after)
         SELECT x.uai, ?4, ?2, x.setting, x.before, x.after
         FROM (SELECT e.uai, j.value ->> 0 AS setting, j.value ->> 1 AS after, CAST(CASE j.value ->> 0
                WHEN 'name' THEN e.name WHEN 'domain' THEN e.domain WHEN 'timezone' THEN e.timezone
                WHEN 'max_recipients' THEN e.max_recipients WHEN 'mailbox_quota' THEN e.mailbox_quota
                WHEN 'attachment_max_bytes' THEN e.attachment_max_bytes WHEN 'left_retention_days' THEN e.left_retention_days
                ELSE e.attachment_extensions END AS TEXT) AS before
            FROM establishment e, json_each(?3) j WHERE e.uai = ?1) x
         WHERE x.before <> x.after AND EXISTS (SELECT 1 FROM local_admin a WHERE a.person_id = ?2 AND a.uai = ?1)
         RETURNING setting",
        params![uai.as_str(), by.as_str(), columns, now],
    )?;
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// UTC milliseconds.
    pub at: i64,
    /// First and last name.
    pub by: String,
    /// A field of [`Settings`], `role:<profile>:<role>`, or `role:<name of a person>:<role>`.
    pub setting: String,
    /// What it was.
    pub before: String,
    /// What it became.
    pub after: String,
}

/// The last 50 changes, newest first.
///
/// # Errors
/// When the database cannot be used.
pub fn history(database: &impl Database, uai: &Uai) -> Result<Vec<Change>, Error> {
    let rows = database.execute(
        "SELECT c.at, coalesce(p.first_name || ' ' || p.last_name, ''), coalesce((SELECT 'role:' || q.first_name || ' '
                || q.last_name || substr(c.setting, 32) FROM person q WHERE q.id = substr(c.setting, 6, 26)), c.setting), c.before, c.after
         FROM setting_change c LEFT JOIN person p ON p.id = c.by_id
         WHERE c.uai = ?1 ORDER BY c.n DESC LIMIT 50",
        params![uai.as_str()],
    )?;
    let change = |row: &Row| {
        let text = |column| row.text(column).map(str::to_owned);
        Ok(Change { at: row.integer(0)?, by: text(1)?, setting: text(2)?, before: text(3)?, after: text(4)? })
    };
    rows.iter().map(change).collect()
}
