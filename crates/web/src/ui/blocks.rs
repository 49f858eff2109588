//! What is not a form field.

use maud::{Markup, html};

use crate::{Exchange, Profile};

/// What a badge or a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A plain fact.
    Neutral,
    /// It went well.
    Good,
    /// It wants a look.
    Attention,
    /// It failed.
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Bad => "bad",
        }
    }
}

/// The hidden field that every form with `method="post"` needs.
#[must_use]
pub fn csrf(exchange: &Exchange<'_>) -> Markup {
    html! { input type="hidden" name="csrf" value=(exchange.csrf_token()); }
}

/// The trail above the title; the page itself is not in it.
#[must_use]
pub fn breadcrumbs(crumbs: &[(String, String)]) -> Markup {
    html! {
        nav.crumbs aria-label="Fil d’Ariane" {
            ol { @for (label, href) in crumbs { li { a href=(href) { (label) } } } }
        }
    }
}

/// A word or two in a coloured box: a state, a count. The colour never says it alone.
#[must_use]
pub fn badge(tone: Tone, text: &str) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (text) } }
}

/// The profile of a person, as lists show it.
#[must_use]
pub fn profile_badge(profile: Profile) -> Markup {
    html! { span class={ "badge profile " (profile.as_str()) } { (profile.label()) } }
}

/// The initials of a person on the colour of her profile; the name must stand beside it.
#[must_use]
pub fn avatar(first_name: &str, last_name: &str, profile: Profile) -> Markup {
    let initials: String =
        first_name.chars().take(1).chain(last_name.chars().take(1)).flat_map(char::to_uppercase).collect();
    html! { span class={ "avatar " (profile.as_str()) } aria-hidden="true" { (initials) } }
}

/// A person or a group among recipients; `remove` is the name and value of the button that takes it out.
#[must_use]
pub fn chip(label: &str, remove: Option<(&str, &str)>) -> Markup {
    html! {
        span.chip {
            (label)
            @if let Some((name, value)) = remove {
                button type="submit" name=(name) value=(value) formnovalidate aria-label={ "Retirer " (label) } { "×" }
            }
        }
    }
}

/// A remark in the page.
#[must_use]
pub fn notice(tone: Tone, text: impl maud::Render) -> Markup {
    html! { div class={ "notice " (tone.class()) } role=[(tone == Tone::Bad).then_some("alert")] { (text) } }
}

/// What stands where a list has nothing: what it would hold, and what to do.
#[must_use]
pub fn empty(title: &str, what_to_do: impl maud::Render) -> Markup {
    html! { div.empty { p.title { (title) } p { (what_to_do) } } }
}

/// A column of a table: its heading, and a class for its cells (`num`, `min`, `wide`).
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The heading; also the label beside each value on a phone.
    pub label: &'static str,
    /// The class of its cells, or empty.
    pub class: &'static str,
}

/// A table that becomes a list of cards on a phone. `caption` is read out, not shown.
#[must_use]
pub fn table(caption: &str, columns: &[Column], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.table {
            table {
                caption { (caption) }
                thead { tr { @for column in columns { th scope="col" class=(column.class) { (column.label) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (column, cell) in columns.iter().zip(row) {
                                td class=(column.class) data-label=(column.label) { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Ways to the pages before and after; nothing when there is neither.
#[must_use]
pub fn pager(newer: Option<&str>, older: Option<&str>) -> Markup {
    html! {
        @if newer.is_some() || older.is_some() {
            nav.pager aria-label="Pages" {
                @if let Some(href) = newer { a.button rel="prev" href=(href) { "← Plus récent" } }
                @if let Some(href) = older { a.button rel="next" href=(href) { "Plus ancien →" } }
            }
        }
    }
}

/// A button that asks before it acts, without any script: `label` opens the question, `yes` does it. To be put inside a
/// form of its own with `method="post"` and [`csrf`].
#[must_use]
pub fn confirm(label: &str, question: &str, yes: &str) -> Markup {
    html! {
        details.confirm {
            summary.button { (label) }
            div.sheet { p { (question) } button.danger type="submit" { (yes) } }
        }
    }
}

/// An instant: `shown` for people (crate `clock`), and the exact one for programs.
#[must_use]
pub fn time(iso: &str, shown: &str) -> Markup {
    html! { time datetime=(iso) { (shown) } }
}
