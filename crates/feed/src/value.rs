//! The forms that values take, whatever the format.

/// A text without line breaks, control characters, or spaces at its ends or doubled: nothing that a form would not take.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

/// A date as `YYYY-MM-DD`, from `dd/MM/yyyy` or `yyyy-MM-dd`; a spreadsheet may have taken leading zeros away. `None` when it
/// is not a day of the calendar between 1900 and 2099.
pub(crate) fn date(text: &str) -> Option<String> {
    let number = |part: &str, most: usize| {
        let digits = (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if digits { part.parse::<u16>().ok() } else { None }
    };
    let (year, month, day) = match *text.split(['/', '-']).collect::<Vec<_>>().as_slice() {
        [day, month, year] if text.contains('/') && !text.contains('-') => (year, month, day),
        [year, month, day] if !text.contains('/') => (year, month, day),
        _ => return None,
    };
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u16::from(leap),
        _ => return None,
    };
    ((1900..2100).contains(&year) && (1..=days).contains(&day)).then(|| format!("{year}-{month:02}-{day:02}"))
}

/// `O`, `N` and their like; nothing at all is no.
pub(crate) fn yes(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "o" | "oui" | "1" | "x" | "true" => Some(true),
        "" | "n" | "non" | "0" | "false" => Some(false),
        _ => None,
    }
}

/// "M." or "Mme"; empty for anything else.
pub(crate) fn title(text: &str) -> String {
    match people::fold(text).as_str() {
        "m" | "mr" | "monsieur" => "M.",
        "mme" | "mlle" | "mle" | "madame" | "mademoiselle" => "Mme",
        _ => "",
    }
    .to_owned()
}

/// A mail address if it looks like one at all; else empty: a wrong address is no reason to lose a person.
pub(crate) fn mail(text: &str) -> String {
    let sound = text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.contains('@') && !domain.starts_with('.')
        });
    if sound { text.to_owned() } else { String::new() }
}

/// The lines of an address: those with something in them.
pub(crate) fn lines<'a>(parts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    parts.into_iter().map(tidy).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{date, mail, tidy, title, yes};

    #[test]
    fn dates_are_days_of_the_calendar() {
        for (text, expected) in [
            ("03/05/2014", Some("2014-05-03")),
            ("2014-05-03", Some("2014-05-03")),
            ("3/5/2014", Some("2014-05-03")),
            ("29/02/2012", Some("2012-02-29")),
            ("29/02/2013", None),
            ("29/02/1900", None),
            ("31/04/2014", None),
            ("00/04/2014", None),
            ("01/13/2014", None),
            ("03/05/14", None),
            ("03-05-2014", None),
            ("03/05-2014", None),
            ("2014/05/03", None),
            ("+3/05/2014", None),
            ("03/05/2014/1", None),
            ("0003/05/2014", None),
            ("01/01/1899", None),
            ("", None),
        ] {
            assert_eq!(date(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn small_forms() {
        assert_eq!(tidy("  a\u{a0}\u{1}b\r\n c\u{200a}"), "a b c");
        assert_eq!(
            [yes("O"), yes("oui"), yes("N"), yes(" "), yes("?")],
            [Some(true), Some(true), Some(false), Some(false), None]
        );
        assert_eq!([title("Mlle"), title("MME."), title("M"), title("Dr")], ["Mme", "Mme", "M.", ""]);
        assert_eq!(mail("a.b@example.org"), "a.b@example.org");
        for bad in [
            "",
            "a",
            "a@b",
            "@example.org",
            "a@.org",
            "a b@example.org",
            "a@b@example.org",
            "a@example.org,b@example.org",
        ] {
            assert_eq!(mail(bad), "", "{bad}");
        }
    }
}
