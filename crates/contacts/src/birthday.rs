//! Birthdays: a date, or a day of the year when the year is not known.

use crate::Fault;
use crate::card::line;

/// The date as it is kept; nothing for nothing.
pub(crate) fn checked(text: &str) -> Result<String, Fault> {
    let text = line(text);
    if text.is_empty() {
        return Ok(text);
    }
    day(&text).ok_or_else(|| Fault {
        field: "birthday",
        reason: "L’anniversaire s’écrit jour/mois/année (31/01/1990) ou jour/mois (31/01).".to_owned(),
    })
}

/// A date as it is kept, from that form or the others of ISO 8601 that vCards have: `19900131`, `--0131`,
/// `1990-01-31T00:00:00Z`. A day that does not exist is none.
pub(crate) fn day(text: &str) -> Option<String> {
    let text = text.split(['T', 't', ' ']).next()?;
    let (year, rest) = match text.strip_prefix("--") {
        Some(rest) => (None, rest),
        None => {
            let (year, rest) = text.split_at_checked(4)?;
            (Some(number(year)?), rest)
        }
    };
    let digits: String = rest.chars().filter(|c| *c != '-').collect();
    let (month, day) = digits.split_at_checked(2).filter(|(_, day)| day.len() == 2)?;
    exists(year, number(month)?, number(day)?)
}

/// The date if it exists; without year, 29 February does.
fn exists(year: Option<u32>, month: u32, day: u32) -> Option<String> {
    let leap = year.is_none_or(|y| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    if day == 0 || day > days {
        return None;
    }
    // 1604 is how Apple writes that there is no year.
    let year = year.filter(|year| *year != 1604);
    Some(year.map_or_else(|| format!("--{month:02}-{day:02}"), |year| format!("{year:04}-{month:02}-{day:02}")))
}

fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// A kept birthday as the French write it: "31/01/1990", "31/01".
#[must_use]
pub fn shown_birthday(kept: &str) -> String {
    match kept.split('-').collect::<Vec<_>>().as_slice() {
        ["", "", month, day] => format!("{day}/{month}"),
        [year, month, day] => format!("{day}/{month}/{year}"),
        _ => String::new(),
    }
}

/// What was typed as a birthday in the form that [`Card::checked`] takes; anything else comes back as it is, to be refused.
#[must_use]
pub fn typed_birthday(typed: &str) -> String {
    let parts: Option<Vec<u32>> = typed.trim().split('/').map(|part| number(part.trim())).collect();
    let date = match parts.as_deref() {
        Some([day, month]) => exists(None, *month, *day),
        Some([day, month, year]) if (1000..=9999).contains(year) => exists(Some(*year), *month, *day),
        _ => None,
    };
    date.unwrap_or_else(|| typed.to_owned())
}
