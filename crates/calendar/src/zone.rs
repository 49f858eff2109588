//! VTIMEZONE (RFC 5545 §3.6.5) from the time zone database: a yearly rule for each change of the clocks when the zone has
//! such rules, since that is what Outlook understands; else the changes one by one.

use clock::{DateTime, Regime, Zone};

use crate::line::Lines;

const YEAR: i64 = 366 * 86_400_000;
/// Long enough to tell « the last Sunday » from « the fourth ».
const YEARS: i64 = 12;

/// Writes the zone, right from `from` to `until` (UTC milliseconds).
pub(crate) fn write(lines: &mut Lines, zone: &Zone, from: i64, until: i64) {
    lines.raw("BEGIN", "VTIMEZONE");
    lines.raw("TZID", zone.name());
    let begin = from.saturating_sub(YEAR);
    let regimes = zone.regimes(begin, from.max(until).saturating_add(YEARS * YEAR));
    let changes = regimes.get(1..).unwrap_or_default();
    match (regimes.first(), yearly(changes)) {
        (Some(only), _) if changes.is_empty() => observance(lines, only, EPOCH, None),
        (_, Some(rules)) => {
            for (first, rule) in rules {
                observance(lines, first, onset(first), Some(&rule));
            }
        }
        (first, None) => {
            for regime in first.into_iter().chain(changes.iter().filter(|c| c.since <= until.saturating_add(YEAR))) {
                observance(lines, regime, onset(regime), None);
            }
        }
    }
    lines.raw("END", "VTIMEZONE");
}

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// What the clocks showed when they were changed.
fn onset(regime: &Regime) -> DateTime {
    Zone::utc_civil(regime.since.saturating_add(i64::from(regime.before) * 1000))
}

fn observance(lines: &mut Lines, regime: &Regime, onset: DateTime, rule: Option<&str>) {
    let kind = if regime.summer { "DAYLIGHT" } else { "STANDARD" };
    lines.raw("BEGIN", kind);
    lines.raw("DTSTART", &local(onset));
    lines.raw("TZOFFSETFROM", &offset(regime.before));
    lines.raw("TZOFFSETTO", &offset(regime.offset));
    lines.text("TZNAME", &regime.name);
    if let Some(rule) = rule {
        lines.raw("RRULE", rule);
    }
    lines.raw("END", kind);
}

/// The first change to summer and the first to winter, each with the rule that gives all the others.
fn yearly(changes: &[Regime]) -> Option<Vec<(&Regime, String)>> {
    let mut rules = Vec::new();
    for summer in [false, true] {
        let onsets: Vec<&Regime> = changes.iter().filter(|change| change.summer == summer).collect();
        let first = onsets.first()?;
        if onsets.iter().any(|o| (o.before, o.offset, &o.name) != (first.before, first.offset, &first.name)) {
            return None;
        }
        let times: Vec<DateTime> = onsets.iter().map(|regime| onset(regime)).collect();
        rules.push((*first, rule(&times)?));
    }
    Some(rules)
}

/// `FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU`, if these are one such day of each year in turn.
fn rule(onsets: &[DateTime]) -> Option<String> {
    let first = onsets.first()?;
    let alike = onsets.windows(2).all(|pair| match pair {
        [a, b] => b.year() == a.year() + 1 && (a.month(), a.weekday(), a.time()) == (b.month(), b.weekday(), b.time()),
        _ => false,
    });
    if !alike || onsets.len() < 8 {
        return None;
    }
    let week = |at: &DateTime| (at.day() - 1) / 7 + 1;
    let last = |at: &DateTime| at.day() + 7 > at.date().days_in_month();
    let place = if onsets.iter().all(last) {
        -1
    } else if onsets.iter().all(|at| week(at) == week(first)) {
        week(first)
    } else {
        return None;
    };
    let day = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        .get(usize::try_from(first.weekday().to_monday_zero_offset()).ok()?)
        .copied()?;
    Some(format!("FREQ=YEARLY;BYMONTH={};BYDAY={place}{day}", first.month()))
}

/// `20261025T030000`
pub(crate) fn local(at: DateTime) -> String {
    format!("{:04}{:02}{:02}T{:02}{:02}{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second())
}

/// `+0100`, `-0330`
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OCTOBER_2026: i64 = 1_792_000_000_000;

    fn written(name: &str) -> String {
        let mut lines = Lines::default();
        write(&mut lines, &Zone::named(name), OCTOBER_2026, OCTOBER_2026);
        lines.into_string()
    }

    #[test]
    fn a_zone_with_summer_time_has_two_rules() {
        let paris = written("Europe/Paris");
        assert!(paris.contains("BEGIN:STANDARD\r\nDTSTART:20251026T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"), "{paris}");
        assert!(paris.contains("BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"), "{paris}");
        let miquelon = written("America/Miquelon");
        assert!(miquelon.contains("BYMONTH=11;BYDAY=1SU") && miquelon.contains("BYMONTH=3;BYDAY=2SU"), "{miquelon}");
    }

    #[test]
    fn a_zone_without_has_one_offset() {
        for (name, offset) in
            [("Indian/Reunion", "+0400"), ("America/Martinique", "-0400"), ("Pacific/Noumea", "+1100")]
        {
            let text = written(name);
            assert_eq!(text.matches("BEGIN:STANDARD").count(), 1, "{text}");
            assert!(
                text.contains(&format!("DTSTART:19700101T000000\r\nTZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\n"))
            );
            assert!(!text.contains("DAYLIGHT") && !text.contains("RRULE"));
        }
    }

    #[test]
    fn changes_without_a_rule_are_told_one_by_one() {
        let mut lines = Lines::default();
        // 1976 to 1977: the years when summer time came to France, on changing days.
        let (from, until) = (190_000_000_000, 250_000_000_000);
        write(&mut lines, &Zone::named("Europe/Paris"), from, until);
        let text = lines.into_string();
        assert!(!text.contains("RRULE") && text.contains("DTSTART:19760328T010000"), "{text}");
    }
}
