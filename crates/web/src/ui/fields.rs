//! Form fields: a label that is always visible, a hint, and what is wrong with it, tied together for screen readers.

use maud::{Markup, html};

use crate::assets::EDITOR;
use crate::{Form, Problem};

/// A one-line field.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Name and id.
    pub name: &'a str,
    /// The label.
    pub label: &'a str,
    /// `text`, `email`, `password`, `search`, `date`, `file`…
    pub kind: &'a str,
    /// What is in it.
    pub value: &'a str,
    /// A sentence under the label, or empty.
    pub hint: &'a str,
    /// `autocomplete` (HTML), or empty.
    pub autocomplete: &'a str,
    /// Whether it has to be filled in.
    pub required: bool,
    /// Whether it is only shown.
    pub read_only: bool,
    /// Whether it takes digits only: phones show the pad.
    pub numeric: bool,
    /// What is wrong with it.
    pub error: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// A text field that has to be filled in.
    #[must_use]
    pub const fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            kind: "text",
            value: "",
            hint: "",
            autocomplete: "",
            required: true,
            read_only: false,
            numeric: false,
            error: None,
        }
    }

    /// Sets the kind.
    #[must_use]
    pub const fn kind(mut self, kind: &'a str) -> Self {
        self.kind = kind;
        self
    }

    /// Sets what is in it.
    #[must_use]
    pub const fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// Sets the hint.
    #[must_use]
    pub const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Sets `autocomplete`.
    #[must_use]
    pub const fn autocomplete(mut self, autocomplete: &'a str) -> Self {
        self.autocomplete = autocomplete;
        self
    }

    /// It may be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// It is shown, sent, and cannot be changed.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// A code of digits.
    #[must_use]
    pub const fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Says what `problem` says about it.
    #[must_use]
    pub fn problem(mut self, problem: Option<&'a Problem>) -> Self {
        self.error = problem.and_then(|problem| problem.about(self.name));
        self
    }
}

impl maud::Render for Field<'_> {
    fn render(&self) -> Markup {
        html! {
            (wrapped(self.name, self.label, self.hint, self.required, self.error, &html! {
                input id=(self.name) name=(self.name) type=(self.kind) value=(self.value) required[self.required] readonly[self.read_only] inputmode=[self.numeric.then_some("numeric")] class=[self.numeric.then_some("code-input")]
                    autocomplete=[(!self.autocomplete.is_empty()).then_some(self.autocomplete)]
                    aria-invalid=[self.error.map(|_| "true")] autofocus[self.error.is_some()]
                    aria-describedby=[described_by(self.name, self.hint, self.error)];
            }))
        }
    }
}

fn described_by(name: &str, hint: &str, error: Option<&str>) -> Option<String> {
    let mut ids = Vec::new();
    if error.is_some() {
        ids.push(format!("{name}-erreur"));
    }
    if !hint.is_empty() {
        ids.push(format!("{name}-aide"));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn wrapped(name: &str, label: &str, hint: &str, required: bool, error: Option<&str>, input: &Markup) -> Markup {
    html! {
        div.field.invalid[error.is_some()] {
            label for=(name) { (label) @if !required { span.optional { " (facultatif)" } } }
            @if !hint.is_empty() { p.hint id={ (name) "-aide" } { (hint) } }
            (input)
            @if let Some(error) = error { p.error id={ (name) "-erreur" } { (error) } }
        }
    }
}

/// A field of several lines.
#[must_use]
pub fn textarea(name: &str, label: &str, value: &str, rows: u8, problem: Option<&Problem>) -> Markup {
    let error = problem.and_then(|problem| problem.about(name));
    wrapped(
        name,
        label,
        "",
        true,
        error,
        &html! {
            textarea id=(name) name=(name) rows=(rows) aria-invalid=[error.map(|_| "true")]
                aria-describedby=[described_by(name, "", error)] { (value) }
        },
    )
}

/// The formatted text of a message, in the fields `text` (as typed) and, with the script, `html`: [`written`] reads them. `html`
/// is what was kept: sanitised.
#[must_use]
pub fn editor(label: &str, html: &str) -> Markup {
    html! {
        div.field {
            label for="text" #body-label { (label) }
            div.editor data-editor hidden role="textbox" aria-multiline="true" aria-labelledby="body-label" {
                (super::verbatim(&maud::PreEscaped(html.to_owned())))
            }
            textarea #text name="text" rows="14" { (crate::text::plain(html)) }
        }
        script src=(EDITOR.path) defer {}
    }
}

/// The HTML of [`editor`]: the editor's when the script was there, the text typed when it was not.
#[must_use]
pub fn written(form: &Form) -> String {
    if form.has("html") { form.raw("html").to_owned() } else { crate::text::to_html(form.raw("text")) }
}

/// One choice among several: (value, label).
#[must_use]
pub fn select(name: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    wrapped(
        name,
        label,
        "",
        true,
        None,
        &html! {
            select id=(name) name=(name) {
                @for (value, label) in options { option value=(value) selected[*value == chosen] { (label) } }
            }
        },
    )
}

/// A box to tick, its label beside it.
#[must_use]
pub fn checkbox(name: &str, value: &str, label: impl maud::Render, checked: bool) -> Markup {
    html! {
        label.check { input type="checkbox" name=(name) value=(value) checked[checked]; span { (label) } }
    }
}

/// A value that the person does not see.
#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The button that sends the form.
#[must_use]
pub fn submit(label: &str) -> Markup {
    html! { button.primary type="submit" { (label) } }
}

/// What is wrong with a form, above it: read out at once, with the way to each field.
#[must_use]
pub fn error_summary(problem: Option<&Problem>) -> Markup {
    html! {
        @if let Some(problem) = problem {
            div.notice.bad role="alert" {
                strong { (problem.title) }
                @let errors: Vec<_> = problem.errors().collect();
                @if errors.is_empty() { p { (problem.detail) } }
                @for (field, detail) in errors { p { a href={ "#" (field) } { (detail) } } }
            }
        }
    }
}
