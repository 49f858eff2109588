//! The choice of one person of the establishment in a form, without script: a name is typed, and where several people answer
//! to it one of them is ticked.

use maud::{Markup, html};
use people::{PageSize, PersonId, RegisterQuery, Registered, Uai};
use web::{Exchange, Problem};

use crate::ask::failed;

/// What a form says of a person so far.
pub(super) struct Pick {
    name: &'static str,
    label: &'static str,
    typed: String,
    choices: Vec<Registered>,
    /// Who was chosen, once it is clear.
    pub(super) chosen: Option<Registered>,
}

/// How many homonyms are shown to choose among.
const MOST: u32 = 12;

impl Pick {
    /// Reads `name` (an id) and `name_q` (what is typed).
    pub(super) fn read(
        exchange: &Exchange<'_>,
        uai: &Uai,
        name: &'static str,
        label: &'static str,
    ) -> Result<Self, Problem> {
        let typed = exchange.query_value(&format!("{name}_q"));
        let id: Option<PersonId> = exchange.query_value(name).parse().ok();
        let mut pick = Self { name, label, typed, choices: Vec::new(), chosen: None };
        if let Some(id) = id {
            pick.chosen = people::registered_person(&exchange.db(), uai, &id).map_err(failed)?;
        }
        // A name typed anew counts more than who was chosen before.
        if !pick.typed.is_empty() && pick.chosen.as_ref().is_none_or(|person| person.name() != pick.typed) {
            let size = PageSize::near(MOST);
            let query = RegisterQuery { uai, text: &pick.typed, profile: None, state: None, after: None, size };
            let found = people::register(&exchange.db(), &query).map_err(failed)?.items;
            if let [_] = found.as_slice() {
                pick.chosen = found.into_iter().next();
            } else {
                pick.chosen = None;
                pick.choices = found;
            }
        }
        Ok(pick)
    }

    /// The field, and the people to choose among.
    pub(super) fn field(&self) -> Markup {
        let input = format!("{}_q", self.name);
        let value = self.chosen.as_ref().map_or_else(|| self.typed.clone(), Registered::name);
        html! {
            div.field {
                label for=(input) { (self.label) }
                input id=(input) name=(input) type="search" value=(value) autocomplete="off" required;
                @if let Some(person) = &self.chosen {
                    input type="hidden" name=(self.name) value=(person.id);
                    p.hint { (person.detail()) }
                }
                @if !self.choices.is_empty() {
                    fieldset {
                        legend { "Plusieurs personnes répondent à ce nom : laquelle ?" }
                        @for person in &self.choices {
                            label.check {
                                input type="radio" name=(self.name) value=(person.id);
                                span { (person.name()) " – " (person.detail()) }
                            }
                        }
                    }
                } @else if self.chosen.is_none() && !self.typed.is_empty() {
                    p.error { "Personne de l’établissement n’a ce nom. Vérifiez-le." }
                }
            }
        }
    }
}
