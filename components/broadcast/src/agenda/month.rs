//! A month as a grid of days, which a phone shows as the list of those where something happens.

use ::agenda::{Event, List, Rubrique, events};
use calendar::When;
use clock::{Date, DateTime, Time, Zone, long_day, month_and_year};
use maud::{Markup, html};
use web::{Exchange, Problem};

use super::list::state_badge;
use super::{BASE, failed};

/// Events shown in one month.
const MOST: u32 = 500;
const DAYS: [&str; 7] = ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"];

/// The month `?month=YYYY-MM`, or this one.
pub(super) fn shown(exchange: &Exchange<'_>, rubrique: Option<&Rubrique>, here: &str) -> Result<Markup, Problem> {
    let viewer = exchange.viewer()?;
    let zone = viewer.zone();
    let today = zone.civil(exchange.now()).date();
    let asked = exchange.query_value("month");
    let first = if asked.is_empty() { Some(today.first_of_month()) } else { month(&asked) };
    let first = first.ok_or_else(|| Problem::invalid("month", "Donnez un mois sous la forme AAAA-MM."))?;
    let week = i64::from(first.weekday().to_monday_zero_offset());
    let days: Vec<Date> = (0..42).filter_map(|n| shifted(first, n - week)).collect();
    let used = days.chunks(7).take_while(|w| w.first().is_some_and(|d| *d <= first.last_of_month()));
    let weeks: Vec<&[Date]> = used.collect();
    let edge = |day: Option<Date>| day.and_then(|day| zone.instant(midnight(day)));
    let end = shifted(first.last_of_month(), 1);
    let (Some(from), Some(until)) = (edge(Some(first)), edge(end)) else { return Err(Problem::not_found()) };
    let list = List { rubrique: rubrique.map(|r| r.id.as_str()), from, until, after: None, limit: MOST };
    let found = events(exchange.db(), &viewer.id, &list).map_err(|error| failed(exchange, error))?;
    let other =
        |day: Option<Date>| day.map(|day| format!("{here}?view=month&month={:04}-{:02}", day.year(), day.month()));
    let (before, after) = (other(shifted(first, -1)), other(end));
    Ok(html! {
        nav.toolbar aria-label="Mois" {
            @if let Some(href) = before { a.button rel="prev" href=(href) { "← Mois précédent" } }
            h2 #mois { (month_and_year(first)) }
            @if let Some(href) = after { a.button rel="next" href=(href) { "Mois suivant →" } }
        }
        div.month {
            table aria-labelledby="mois" {
                thead { tr { @for day in DAYS { th scope="col" { (day) } } } }
                tbody {
                    @for week in weeks {
                        tr { @for day in week { (cell(*day, first, today, &zone, &found)) } }
                    }
                }
            }
            @if found.is_empty() { p.nothing { "Rien ce mois-ci." } }
        }
    })
}

fn cell(day: Date, month: Date, today: Date, zone: &Zone, events: &[Event]) -> Markup {
    if day.month() != month.month() {
        return html! { td.outside {} };
    }
    let here: Vec<&Event> = events.iter().filter(|event| takes_place(event, day, zone)).collect();
    html! {
        td.nothing-on[here.is_empty()] aria-current=[(day == today).then_some("date")] {
            time datetime=(day.to_string()) {
                span.visually-hidden { (long_day(day)) } span.number aria-hidden="true" { (day.day()) }
                span.day aria-hidden="true" { (long_day(day)) }
            }
            @if !here.is_empty() {
                ul {
                    @for event in here {
                        li {
                            @if let When::Times(start, _) = event.when { @if start.date() == day { span.hour { (hour(start)) } " " } }
                            a href={ (BASE) "/events/" (event.id) } { (event.title) } " " (state_badge(event))
                        }
                    }
                }
            }
        }
    }
}

/// By the days of its own school, which are those of the one who looks, but for networks across zones.
fn takes_place(event: &Event, day: Date, zone: &Zone) -> bool {
    match event.when {
        When::Days(first, last) => (first..=last).contains(&day),
        When::Times(..) => {
            let (Some(begins), Some(ends)) =
                (zone.instant(midnight(day)), shifted(day, 1).and_then(|d| zone.instant(midnight(d))))
            else {
                return false;
            };
            event.stored.starts_at < ends && event.stored.ends_at > begins
        }
    }
}

fn hour(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn midnight(day: Date) -> DateTime {
    day.to_datetime(Time::midnight())
}

fn shifted(day: Date, days: i64) -> Option<Date> {
    let mut shifted = day;
    for _ in 0..days.unsigned_abs() {
        shifted = if days < 0 { shifted.yesterday() } else { shifted.tomorrow() }.ok()?;
    }
    Some(shifted)
}

fn month(text: &str) -> Option<Date> {
    if text.len() != 7 {
        return None;
    }
    format!("{text}-01").parse().ok().filter(|day: &Date| (1970..=2200).contains(&day.year()))
}
